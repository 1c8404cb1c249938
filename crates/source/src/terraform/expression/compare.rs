//! Equality, as far as it is decided.

use super::json::json_text;
use super::{Kind, Scope, Value};
use maremma_model::{Piece, Text};

/// Whether two values are equal; `None` where that is not known. Values of different types differ:
/// `1 == "1"` is false.
pub(super) fn equal(left: &Value, right: &Value, scope: &dyn Scope) -> Option<bool> {
    if !scope.spend(1) {
        return None;
    }
    match (&left.kind, &right.kind) {
        (Kind::Choice(branches), _) => agreed(branches.iter().map(|branch| equal(&branch.value, right, scope))),
        (_, Kind::Choice(branches)) => agreed(branches.iter().map(|branch| equal(left, &branch.value, scope))),
        (Kind::Unknown(_), _) | (_, Kind::Unknown(_)) => None,
        (Kind::Json(value), _) => texts(&json_text(value), right, scope),
        (_, Kind::Json(value)) => texts(&json_text(value), left, scope),
        (Kind::Text(text), _) => texts(text, right, scope),
        (_, Kind::Text(text)) => texts(text, left, scope),
        (Kind::Null, Kind::Null) => Some(true),
        (Kind::Bool(left), Kind::Bool(right)) => Some(left == right),
        (Kind::Number(left), Kind::Number(right)) => Some(left == right),
        (Kind::List(left), Kind::List(right)) if left.len() == right.len() => every(
            left.iter()
                .zip(right.iter())
                .map(|(left, right)| equal(left, right, scope)),
        ),
        (Kind::Map(left), Kind::Map(right)) if left.keys().eq(right.keys()) => every(
            left.values()
                .zip(right.values())
                .map(|(left, right)| equal(left, right, scope)),
        ),
        (Kind::Object(left), Kind::Object(right)) => (left == right).then_some(true),
        (Kind::Object(_), Kind::Map(_)) | (Kind::Map(_), Kind::Object(_)) => None,
        _ => Some(false),
    }
}

/// Collections that hold the same. A list and a tuple of the same elements differ, and so do a map and
/// an object; which of them a value is, nobody kept. So it is decided only that they differ.
fn every(mut parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    parts.any(|part| part == Some(false)).then_some(false)
}

fn agreed(mut worlds: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let first = worlds.next()??;
    worlds.all(|world| world == Some(first)).then_some(first)
}

fn texts(left: &Text, right: &Value, scope: &dyn Scope) -> Option<bool> {
    match &right.kind {
        Kind::Text(right) => same(left, right, scope),
        Kind::Json(right) => same(left, &json_text(right), scope),
        // A single hole may be of any type, and null.
        _ if is_one_hole(left) => None,
        _ => Some(false),
    }
}

fn is_one_hole(text: &Text) -> bool {
    matches!(text, Text::Holed(pieces) if pieces.len() == 1)
}

fn same(left: &Text, right: &Text, scope: &dyn Scope) -> Option<bool> {
    if let (Some(left), Some(right)) = (left.as_literal(), right.as_literal()) {
        return Some(left == right);
    }
    // The same attributes of the same resources, whatever they will be.
    if left == right && left.holes().all(|hole| hole.stands_for.is_some()) {
        return Some(true);
    }
    let begins = |left: &str, right: &str| left.starts_with(right) || right.starts_with(left);
    let ends = |left: &str, right: &str| left.ends_with(right) || right.ends_with(left);
    let differ = !begins(left.prefix(), right.prefix())
        || !ends(left.suffix(), right.suffix())
        || !fits(left, right, scope)
        || !fits(right, left, scope);
    if differ { Some(false) } else { None }
}

/// Whether a literal may be what a text with holes comes to.
fn fits(literal: &Text, holed: &Text, scope: &dyn Scope) -> bool {
    let (Some(mut rest), Text::Holed(pieces)) = (literal.as_literal(), holed) else {
        return true;
    };
    if !scope.spend(rest.len()) {
        return true;
    }
    // The ends do not overlap, and what stands between holes comes in its order.
    let ends = holed.prefix().len() + holed.suffix().len();
    if rest.len() < ends {
        return false;
    }
    for (index, piece) in pieces.iter().enumerate() {
        let Piece::Literal(part) = piece else { continue };
        let found = if index == 0 { Some(0) } else { rest.find(&**part) };
        match found.and_then(|found| rest.get(found + part.len()..)) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    true
}
