//! Operators: arithmetic, comparison and logic.

use super::compare::equal;
use super::convert::{Trouble, decimal, truth};
use super::layer::Layer;
use super::number::Decimal;
use super::world::in_every;
use super::{Kind, Number, Scope, Value, evaluate};
use hcl_edit::expr::{BinaryOp, BinaryOperator, Expression, UnaryOp, UnaryOperator};
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
        result(made, scope, at).made_of(operand)
    })
}

pub(super) fn binary(operation: &BinaryOp, scope: &dyn Scope, at: Place) -> Value {
    let operator = *operation.operator.value();
    let left = evaluate(&operation.lhs_expr, scope);
    match operator {
        BinaryOperator::And => return logic(left, false, &operation.rhs_expr, scope, at),
        BinaryOperator::Or => return logic(left, true, &operation.rhs_expr, scope, at),
        _ => {}
    }
    let right = evaluate(&operation.rhs_expr, scope);
    in_every(vec![left, right], scope, at, &mut |operands, scope| {
        let [left, right] = operands.as_slice() else {
            return Value::new(Kind::Null, at);
        };
        result(apply(operator, left, right, scope), scope, at)
            .made_of(left)
            .made_of(right)
    })
}

/// `&&` and `||`. What the left side decides, the right side does not undo, whatever is wrong with it; where
/// the left side is not known, it is not known whether the right side is looked at.
fn logic(left: Value, decisive: bool, right: &Expression, scope: &dyn Scope, at: Place) -> Value {
    in_every(vec![left], scope, at, &mut |left, scope| {
        let Some(left) = left.first() else {
            return Value::new(Kind::Null, at);
        };
        let why = match truth(left) {
            Ok(known) if known == decisive => return Value::new(Kind::Bool(decisive), at).made_of(left),
            Ok(_) => None,
            Err(Trouble::Unknown(why)) => Some(why),
            Err(wrong) => return wrong.value(scope, at),
        };
        let trial = Layer::trial(scope);
        let inner: &dyn Scope = if why.is_some() { &trial } else { scope };
        let value = in_every(vec![evaluate(right, inner)], inner, at, &mut |right, scope| {
            let Some(right) = right.first() else {
                return Value::new(Kind::Null, at);
            };
            let made = match (truth(right), &why) {
                (Ok(known), _) if known == decisive => Ok(Kind::Bool(decisive)),
                (Err(wrong @ Trouble::Wrong(_)), _) => Err(wrong),
                (_, Some(why)) => Err(Trouble::Unknown(why.clone())),
                (right, None) => right.map(Kind::Bool),
            };
            result(made, scope, at).made_of(right)
        });
        match (why, trial.failure()) {
            (Some(why), Some(_)) => Trouble::Unknown(why).value(scope, at),
            _ => value,
        }
        .made_of(left)
    })
}

fn result(made: Result<Kind, Trouble>, scope: &dyn Scope, at: Place) -> Value {
    match made {
        Ok(kind) => Value::new(kind, at),
        Err(trouble) => trouble.value(scope, at),
    }
}

fn apply(operator: BinaryOperator, left: &Value, right: &Value, scope: &dyn Scope) -> Result<Kind, Trouble> {
    match operator {
        BinaryOperator::Eq | BinaryOperator::NotEq => match equal(left, right, scope) {
            Some(equal) => Ok(Kind::Bool(equal == (operator == BinaryOperator::Eq))),
            None => Err(Trouble::Unknown(undecided(left, right))),
        },
        _ => {
            let (left, right) = both(decimal(left), decimal(right))?;
            compute(operator, left, right)
        }
    }
}

/// Two operands; what is wrong with either counts before what is not known.
fn both<T>(left: Result<T, Trouble>, right: Result<T, Trouble>) -> Result<(T, T), Trouble> {
    match (left, right) {
        (Err(Trouble::Unknown(_)), Err(wrong @ Trouble::Wrong(_))) => Err(wrong),
        (left, right) => Ok((left?, right?)),
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
