//! What the parser writes out, read back: loops of macros, names of operators.

use super::code::{Comparison, Kind, Operator};
use cel::common::ast::{ComprehensionExpr, Expr, IdedExpr, LiteralValue, operators};

pub(crate) struct Parts<'e> {
    pub(crate) kind: Kind,
    pub(crate) keep: Option<&'e IdedExpr>,
    pub(crate) body: &'e IdedExpr,
}

/// The parts of a loop, by how the parser writes out each macro.
pub(crate) fn parts(looped: &ComprehensionExpr) -> Option<Parts<'_>> {
    let Expr::Call(step) = &looped.loop_step.expr else {
        return None;
    };
    let (kind, keep, body) = match (&looped.accu_init.expr, step.args.as_slice()) {
        (Expr::Literal(LiteralValue::Boolean(init)), [_, body]) => {
            (if *init.inner() { Kind::All } else { Kind::Any }, None, body)
        }
        (Expr::Literal(LiteralValue::Int(_)), [body, _, _]) => (Kind::One, None, body),
        (Expr::List(_), [_, item]) => (Kind::Collect, None, only(item)?),
        (Expr::List(_), [keep, added, _]) => {
            let Expr::Call(added) = &added.expr else { return None };
            (Kind::Collect, Some(keep), only(added.args.get(1)?)?)
        }
        _ => return None,
    };
    Some(Parts { kind, keep, body })
}

/// The item of a list of one.
fn only(list: &IdedExpr) -> Option<&IdedExpr> {
    match &list.expr {
        Expr::List(list) => list.elements.first(),
        _ => None,
    }
}

pub(crate) fn comparison(name: &str) -> Option<Comparison> {
    Some(match name {
        operators::EQUALS => Comparison::Equal,
        operators::NOT_EQUALS => Comparison::NotEqual,
        operators::LESS => Comparison::Less,
        operators::LESS_EQUALS => Comparison::LessOrEqual,
        operators::GREATER => Comparison::Greater,
        operators::GREATER_EQUALS => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

pub(crate) fn operator(name: &str) -> Option<Operator> {
    Some(match name {
        operators::ADD => Operator::Add,
        operators::SUBSTRACT => Operator::Subtract,
        operators::MULTIPLY => Operator::Multiply,
        operators::DIVIDE => Operator::Divide,
        operators::MODULO => Operator::Remainder,
        _ => return None,
    })
}
