//! Lists and maps made of what an expression names, and how large they are.

use super::convert::key;
use super::world::in_every;
use super::{Kind, Scope, Value, enough, evaluate};
use hcl_edit::expr::{Array, Expression, Object, ObjectKey};
use maremma_model::{Place, Text};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// Deepest nesting of a value that references are made to.
const MAX_DEPTH: usize = 100;

pub(super) fn list(items: &Array, scope: &dyn Scope, at: Place) -> Value {
    let mut values = Vec::with_capacity(items.len());
    for item in items.iter() {
        match element(item, scope) {
            Some(value) => values.push(value),
            None => return enough(at),
        }
    }
    Value::new(Kind::List(Rc::new(values)), at)
}

pub(super) fn map(items: &Object, scope: &dyn Scope, at: Place) -> Value {
    let mut keys = Vec::with_capacity(items.len());
    let mut values = Vec::with_capacity(items.len());
    for (key, value) in items.iter() {
        keys.push(match key {
            ObjectKey::Ident(name) => Value::text(name.as_str(), at),
            ObjectKey::Expression(key) => evaluate(key, scope),
        });
        match element(value.expr(), scope) {
            Some(value) => values.push(value),
            None => return enough(at),
        }
    }
    in_every(keys, scope, at, &mut |keys, scope| {
        let mut fields: BTreeMap<Arc<str>, Value> = BTreeMap::new();
        let mut whole = Value::new(Kind::Null, at);
        for (name, value) in keys.iter().zip(&values) {
            match key(name) {
                Ok(key) => fields.insert(key, value.clone()),
                Err(trouble) => return trouble.value(scope, name.at).made_of(name),
            };
            whole = whole.made_of(name);
        }
        whole.kind = Kind::Map(Rc::new(fields));
        whole
    })
}

/// What stands in a list or map. What is written there has been counted; what is referred to is counted
/// as often as it is repeated, for a chain of references doubles at every step.
fn element(expression: &Expression, scope: &dyn Scope) -> Option<Value> {
    let value = evaluate(expression, scope);
    let written = matches!(
        expression,
        Expression::Array(_) | Expression::Object(_) | Expression::FuncCall(_) | Expression::ForExpr(_)
    );
    (written || weigh(&value, scope)).then_some(value)
}

/// Counts all that a value holds; false where that is too much.
pub(super) fn weigh(value: &Value, scope: &dyn Scope) -> bool {
    heavy(value, scope, 0)
}

fn heavy(value: &Value, scope: &dyn Scope, depth: usize) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    match &value.kind {
        Kind::Text(text) => scope.spend(1 + length(text)),
        Kind::List(items) => scope.spend(1) && items.iter().all(|item| heavy(item, scope, depth + 1)),
        Kind::Map(fields) => scope.spend(1) && fields.values().all(|field| heavy(field, scope, depth + 1)),
        Kind::Choice(branches) => {
            scope.spend(1) && branches.iter().all(|branch| heavy(&branch.value, scope, depth + 1))
        }
        Kind::Json(value) => heavy(value, scope, depth + 1),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Object(_) | Kind::Unknown(_) => scope.spend(1),
    }
}

/// Bytes of a text, a hole being one.
pub(super) fn length(text: &Text) -> usize {
    match text {
        Text::Literal(text) => text.len(),
        Text::Holed(pieces) => {
            let literal = |piece: &maremma_model::Piece| match piece {
                maremma_model::Piece::Literal(text) => text.len(),
                maremma_model::Piece::Hole(_) => 1,
            };
            pieces.iter().map(literal).sum()
        }
    }
}
