//! Choices among the elements of lists.

use super::super::expression;
use super::super::scope::Scope;
use super::super::value::{Kind, Value};
use super::Opens;
use maremma_model::Place;
use std::rc::Rc;

/// Calls `make` with those choices decided in every way that `opens` asks for.
pub(super) fn in_every(
    opens: Opens,
    arguments: Vec<Value>,
    scope: &dyn Scope,
    at: Place,
    make: &mut dyn FnMut(Vec<Value>, &dyn Scope) -> Value,
) -> Value {
    let chosen = |item: &Value| match &item.kind {
        Kind::Choice(_) if opens == Opens::All => true,
        Kind::Choice(branches) if opens == Opens::Lists => branches
            .iter()
            .any(|branch| !matches!(branch.value.kind, Kind::Text(_) | Kind::Number(_) | Kind::Bool(_))),
        _ => false,
    };
    let held = arguments.iter().flat_map(|argument| match &argument.kind {
        Kind::List(items) => items.as_slice(),
        _ => &[],
    });
    let choices: Vec<Value> = held.filter(|item| chosen(item)).cloned().collect();
    if choices.is_empty() {
        return make(arguments, scope);
    }
    expression::in_every(choices, scope, at, &mut |decided, scope| {
        let mut decided = decided.into_iter();
        let mut arguments = arguments.clone();
        for argument in &mut arguments {
            let Kind::List(items) = &argument.kind else { continue };
            let decide = |item: &Value| {
                if chosen(item) {
                    decided.next()
                } else {
                    Some(item.clone())
                }
            };
            let items: Vec<Value> = items.iter().filter_map(decide).collect();
            argument.kind = Kind::List(Rc::new(items));
        }
        make(arguments, scope)
    })
}
