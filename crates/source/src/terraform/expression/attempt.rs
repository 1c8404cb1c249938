//! `try` and `can`, which decide by what is wrong.

use super::layer::Layer;
use super::{Kind, Scope, Value, evaluate, refuse};
use hcl_edit::expr::FuncArgs;
use maremma_model::Place;

/// The first argument that nothing is wrong with. What is not known may yet be wrong, so it stays unknown.
pub(super) fn first(arguments: &FuncArgs, scope: &dyn Scope, at: Place) -> Value {
    for argument in arguments.iter() {
        let trial = Layer::trial(scope);
        let value = evaluate(argument, &trial);
        if trial.failure().is_none() {
            return value;
        }
    }
    refuse("every argument of try() is wrong", scope, at)
}

pub(super) fn can(arguments: &FuncArgs, scope: &dyn Scope, at: Place) -> Value {
    let Some(argument) = arguments.iter().next() else {
        return refuse("can() takes one argument", scope, at);
    };
    let trial = Layer::trial(scope);
    let value = evaluate(argument, &trial);
    let kind = match (&value.kind, trial.failure()) {
        (_, Some(_)) => Kind::Bool(false),
        (Kind::Unknown(why), None) => Kind::Unknown(why.clone()),
        _ => Kind::Bool(true),
    };
    Value::new(kind, at).from_value(&value)
}
