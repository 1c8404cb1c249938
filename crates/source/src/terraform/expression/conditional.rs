//! `condition ? one : other`, and `%{ if }` in templates.

use super::convert::{Trouble, text, truth};
use super::layer::Layer;
use super::world::{in_every, not};
use super::{Kind, Scope, Value, evaluate as evaluate_expression, words};
use crate::terraform::value::Branch;
use hcl_edit::expr::{Conditional, Expression};
use maremma_model::{Place, Text};
use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

pub(super) fn evaluate(conditional: &Conditional, scope: &dyn Scope, at: Place) -> Value {
    let one = |scope: &dyn Scope| evaluate_expression(&conditional.true_expr, scope);
    let other = |scope: &dyn Scope| evaluate_expression(&conditional.false_expr, scope);
    // Terraform gives both sides one type: a number beside a string is a string.
    let side = |truth: bool, scope: &dyn Scope| {
        let (chosen, left_out) = if truth {
            (one(scope), &conditional.false_expr)
        } else {
            (other(scope), &conditional.true_expr)
        };
        unified(chosen, left_out, scope)
    };
    decide(&conditional.cond_expr, &side, scope, at)
}

/// The chosen side, as a string where the other side is one.
fn unified(chosen: Value, left_out: &Expression, scope: &dyn Scope) -> Value {
    let plain = |value: &Value| matches!(value.kind, Kind::Bool(_) | Kind::Number(_));
    let string = |value: &Value| matches!(value.kind, Kind::Text(_) | Kind::Json(_));
    let is_plain = match &chosen.kind {
        Kind::Choice(branches) => branches.iter().any(|branch| plain(&branch.value)),
        _ => plain(&chosen),
    };
    if !is_plain {
        return chosen;
    }
    let other = evaluate_expression(left_out, &Layer::trial(scope));
    let is_string = match &other.kind {
        Kind::Choice(branches) => branches.iter().any(|branch| string(&branch.value)),
        _ => string(&other),
    };
    if !is_string {
        return chosen;
    }
    in_every(
        vec![chosen],
        scope,
        other.at,
        &mut |chosen, _| match chosen.into_iter().next() {
            Some(value) if plain(&value) => match text(&value) {
                Ok(text) => Value {
                    kind: Kind::Text(text),
                    ..value
                },
                Err(_) => value,
            },
            Some(value) => value,
            None => Value::new(Kind::Null, other.at),
        },
    )
}

/// The side that a condition chooses, or both of them with their conditions.
pub(super) fn decide(
    condition: &Expression,
    side: &dyn Fn(bool, &dyn Scope) -> Value,
    scope: &dyn Scope,
    at: Place,
) -> Value {
    let decided = evaluate_expression(condition, scope);
    let told: Arc<str> = words(condition).into();
    let decided = opened(decided, &told, scope);
    let sides = [OnceCell::new(), OnceCell::new()];
    in_every(vec![decided], scope, at, &mut |decided, scope| {
        let [decided] = decided.as_slice() else {
            return Value::new(Kind::Null, at);
        };
        let truth = match truth(decided) {
            Ok(truth) => truth,
            Err(trouble) => return trouble.value(scope, decided.at),
        };
        let [one, other] = &sides;
        // A side is evaluated once, in however many worlds it is chosen.
        let (value, failures) = if truth { one } else { other }.get_or_init(|| {
            let trial = Layer::trial(scope);
            let value = side(truth, &trial);
            (value, trial.failures())
        });
        for (reason, at) in failures {
            scope.problem(reason.clone(), *at);
        }
        caused(value.clone(), decided, &told, truth)
    })
}

/// What a decision adds to how a value came about.
fn caused(mut value: Value, decided: &Value, told: &str, truth: bool) -> Value {
    value.sensitive |= decided.sensitive;
    if let Some(by) = &decided.by {
        let by = format!("by condition {told}, which is {truth} {by}");
        value.by = super::joined(value.by.take(), Some(by.into()));
    }
    value
}

/// A condition that is not known, as the two worlds that it leaves open.
pub(super) fn opened(condition: Value, told: &str, scope: &dyn Scope) -> Value {
    match &condition.kind {
        Kind::Choice(branches) => {
            let open = |branch: &Branch| Branch {
                when: branch.when.clone(),
                value: opened(branch.value.clone(), told, scope),
            };
            let branches = branches.iter().map(open).collect();
            // Worlds within worlds are looked into where they are distributed.
            super::world::flat(Value {
                kind: Kind::Choice(Rc::new(branches)),
                ..condition
            })
        }
        _ => match truth(&condition) {
            Err(Trouble::Unknown(_)) => {
                let when = scope.condition(told);
                let world = |when: Arc<str>, truth| Branch {
                    when,
                    value: Value::new(Kind::Bool(truth), condition.at),
                };
                let branches = vec![world(when.clone(), true), world(not(&when).into(), false)];
                Value {
                    kind: Kind::Choice(Rc::new(branches)),
                    ..condition
                }
            }
            _ => condition,
        },
    }
}

/// An empty text: the side of a directive that is not written.
pub(super) fn nothing(at: Place) -> Value {
    Value::new(Kind::Text(Text::literal("")), at)
}
