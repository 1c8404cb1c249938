//! Calls of functions.

use super::build::weigh;
use super::convert::kind;
use super::world::in_every;
use super::{Kind, Scope, Value, attempt, enough, evaluate as evaluate_expression, refuse};
use crate::terraform::function;
use hcl_edit::expr::FuncCall;
use maremma_model::Place;

pub(super) fn evaluate(called: &FuncCall, scope: &dyn Scope, at: Place) -> Value {
    let name = called.name.name.as_str();
    let namespace: Vec<&str> = called.name.namespace.iter().map(|part| part.as_str()).collect();
    match namespace.as_slice() {
        // `core::max` is `max`.
        [] | ["core"] => {}
        namespace => {
            let name = format!(
                "{}::{name}() is a function of a provider, which is not run",
                namespace.join("::")
            );
            return Value::unresolved(name, at);
        }
    }
    match name {
        "try" => return attempt::first(&called.args, scope, at),
        "can" => return attempt::can(&called.args, scope, at),
        _ => {}
    }
    let arguments: Vec<Value> = called
        .args
        .iter()
        .map(|argument| evaluate_expression(argument, scope))
        .collect();
    let expand = called.args.expand_final();
    in_every(arguments, scope, at, &mut |mut arguments, scope| {
        if expand && let Some(last) = arguments.pop() {
            match &last.kind {
                Kind::List(items) if scope.spend(items.len()) => {
                    let items = items.iter().map(|item| item.clone().made_of(&last));
                    arguments.extend(items);
                }
                Kind::List(_) => return enough(at),
                Kind::Unknown(why) => return Value::unknown(why.clone(), at).made_of(&last),
                Kind::Text(text) if text.why().is_some() => {
                    let why = text.why().cloned().unwrap_or(maremma_model::Why::NotKept);
                    return Value::unknown(why, at).made_of(&last);
                }
                _ => {
                    return refuse(
                        format!("expected a list before ..., and this is {}", kind(&last)),
                        scope,
                        last.at,
                    );
                }
            }
        }
        let value = function::call(name, arguments, scope, at);
        if matches!(value.kind, Kind::Unknown(_)) {
            scope.doubt();
        }
        if weigh(&value, scope) { value } else { enough(at) }
    })
}
