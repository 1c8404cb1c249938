//! Operators: arithmetic, comparison and logic.

use super::compare::equal;
use super::convert::{Trouble, decimal, truth};
use super::number::Decimal;
use super::world::in_every;
use super::{Kind, Number, Scope, Value, evaluate};
use hcl_edit::expr::{BinaryOp, BinaryOperator, UnaryOp, UnaryOperator};
use maremma_model::{Place, Text, Why};

pub(super) fn unary(operation: &UnaryOp, scope: &dyn Scope, at: Place) -> Value {
    let operand = evaluate(&operation.expr, scope);
    let operator = *operation.operator.value();
    in_every(vec![operand], scope, at, &mut |operands, scope| {
        let [operand] = operands.as_slice() else {
            return Value::new(Kind::Null, at);
        };
        let made = match operator {
            UnaryOperator::Not => truth(operand).map(|truth| Kind::Bool(!truth)),
            UnaryOperator::Neg => decimal(operand).and_then(|number| counted(number.negated())),
        };
        result(made, scope, at).from_value(operand)
    })
}

pub(super) fn binary(operation: &BinaryOp, scope: &dyn Scope, at: Place) -> Value {
    let operator = *operation.operator.value();
    let left = evaluate(&operation.lhs_expr, scope);
    // What the left side decides, the right side does not undo, whatever is wrong with it.
    if let Some(decided) = decides(operator, &left) {
        return Value::new(Kind::Bool(decided), at).from_value(&left);
    }
    let right = evaluate(&operation.rhs_expr, scope);
    in_every(vec![left, right], scope, at, &mut |operands, scope| {
        let [left, right] = operands.as_slice() else {
            return Value::new(Kind::Null, at);
        };
        for operand in [left, right] {
            if let Some(decided) = decides(operator, operand) {
                return Value::new(Kind::Bool(decided), at).from_value(operand);
            }
        }
        result(apply(operator, left, right, scope), scope, at)
            .from_value(left)
            .from_value(right)
    })
}

/// What one operand alone decides: `false && x`, `true || x`.
fn decides(operator: BinaryOperator, operand: &Value) -> Option<bool> {
    let decisive = match operator {
        BinaryOperator::And => false,
        BinaryOperator::Or => true,
        _ => return None,
    };
    (truth(operand).ok()? == decisive).then_some(decisive)
}

fn result(made: Result<Kind, Trouble>, scope: &dyn Scope, at: Place) -> Value {
    match made {
        Ok(kind) => Value::new(kind, at),
        Err(trouble) => trouble.value(scope, at),
    }
}

fn apply(operator: BinaryOperator, left: &Value, right: &Value, scope: &dyn Scope) -> Result<Kind, Trouble> {
    match operator {
        BinaryOperator::And | BinaryOperator::Or => {
            // Neither decides it: what is left is what both are.
            let (left, right) = (truth(left), truth(right)?);
            left.map(|left| {
                Kind::Bool(if operator == BinaryOperator::And {
                    left && right
                } else {
                    left || right
                })
            })
        }
        BinaryOperator::Eq | BinaryOperator::NotEq => match equal(left, right, scope) {
            Some(equal) => Ok(Kind::Bool(equal == (operator == BinaryOperator::Eq))),
            None => Err(Trouble::Unknown(undecided(left, right))),
        },
        _ => {
            let (left, right) = (decimal(left), decimal(right)?);
            compute(operator, left?, right)
        }
    }
}

fn compute(operator: BinaryOperator, left: Decimal, right: Decimal) -> Result<Kind, Trouble> {
    match operator {
        BinaryOperator::Plus => counted(left.plus(right)),
        BinaryOperator::Minus => counted(left.minus(right)),
        BinaryOperator::Mul => counted(left.times(right)),
        BinaryOperator::Mod => counted(left.modulo(right)),
        BinaryOperator::Div => left.over(right).map(Kind::Number).ok_or_else(uncounted),
        _ => {
            let order = left.order(right).ok_or_else(uncounted)?;
            Ok(Kind::Bool(match operator {
                BinaryOperator::Less => order.is_lt(),
                BinaryOperator::LessEq => order.is_le(),
                BinaryOperator::Greater => order.is_gt(),
                _ => order.is_ge(),
            }))
        }
    }
}

fn counted(number: Option<Decimal>) -> Result<Kind, Trouble> {
    let number: Option<Number> = number.and_then(Decimal::number);
    number.map(Kind::Number).ok_or_else(uncounted)
}

fn uncounted() -> Trouble {
    Trouble::Unknown(Why::Unresolved("a number of this size is not computed".into()))
}

/// Why it is not known whether two values are equal: the first reason in them.
fn undecided(left: &Value, right: &Value) -> Why {
    let reason = [left, right].into_iter().find_map(reason);
    reason.unwrap_or_else(|| Why::Unresolved("whether these are equal depends on their types".into()))
}

fn reason(value: &Value) -> Option<Why> {
    match &value.kind {
        Kind::Unknown(why) => Some(why.clone()),
        Kind::Text(text) => text.why().cloned(),
        Kind::Json(value) => super::json_text(value).why().cloned(),
        Kind::Choice(branches) => branches.first().map(|branch| Why::Condition(branch.when.clone())),
        Kind::Object(reference) => Some(Why::Attribute(reference.address.clone())),
        Kind::List(items) => items.iter().find_map(reason),
        Kind::Map(fields) => fields.values().find_map(reason),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) => None,
    }
}

/// Whether a text is one hole and nothing else: what stands there may be of any type.
pub(super) fn one_hole(text: &Text) -> Option<&maremma_model::Hole> {
    match text {
        Text::Holed(pieces) => match pieces.as_slice() {
            [maremma_model::Piece::Hole(hole)] => Some(hole),
            _ => None,
        },
        Text::Literal(_) => None,
    }
}
