//! `try` and `can`, which decide by what is wrong.

use super::layer::Layer;
use super::world::{World, choice, flat, not};
use super::{Kind, Scope, Value, evaluate, refuse, words};
use hcl_edit::expr::{Expression, FuncArgs};
use maremma_model::{Place, Why};
use std::sync::Arc;

/// The first argument that nothing is wrong with. One that may be wrong once all is known, and those behind
/// it, are candidates.
pub(super) fn first(arguments: &FuncArgs, scope: &dyn Scope, at: Place) -> Value {
    let mut open = World::default();
    let mut worlds = Vec::new();
    for argument in arguments.iter() {
        let trial = Layer::trial(scope);
        let value = evaluate(argument, &trial);
        if trial.failure().is_some() {
            continue;
        }
        let unknown = matches!(value.kind, Kind::Unknown(_));
        if !trial.in_doubt() || unknown && worlds.is_empty() {
            worlds.push((open, value));
            return flat(choice(worlds, at));
        }
        let when = succeeds(argument, &trial, scope);
        let (Some(world), Some(otherwise)) = (open.and(&when), open.and(&not(&when))) else {
            continue;
        };
        worlds.push((world, value));
        open = otherwise;
    }
    match worlds.is_empty() {
        true => refuse("every argument of try() is wrong", scope, at),
        false => flat(choice(worlds, at)),
    }
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
        _ if trial.in_doubt() => Kind::Unknown(Why::Condition(succeeds(argument, &trial, scope))),
        _ => Kind::Bool(true),
    };
    Value::new(kind, at).made_of(&value)
}

/// When nothing is wrong with an argument.
fn succeeds(argument: &Expression, trial: &Layer<'_>, scope: &dyn Scope) -> Arc<str> {
    match trial.refused() {
        Some(world) => not(&world).into(),
        None => scope.condition(&format!("{} succeeds", words(argument))),
    }
}
