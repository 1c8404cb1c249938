//! What an expression comes to: known in whole, in part, or not.

use super::view::View;
use maremma_model::{AnyId, Document, Piece, Text, Why};
use std::rc::Rc;

#[derive(Clone, Debug)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Integer(i64),
    Double(f64),
    Text(Text),
    List(Rc<Vec<Value>>),
    Record(Rc<View>),
    /// A map of a policy document.
    Document(Rc<Document>),
    Row(AnyId),
    /// A resource outside of what was read.
    Outside(Text),
    Estate,
    Unknown(Rc<Doubt>),
}

/// Why something is not known.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Doubt {
    Why(Why),
    /// In words: a value without the member that is asked for, a null that is compared.
    Says(String),
}

impl Value {
    pub(crate) fn unknown(why: Why) -> Value {
        Value::Unknown(Rc::new(Doubt::Why(why)))
    }

    pub(crate) fn doubt(says: impl Into<String>) -> Value {
        Value::Unknown(Rc::new(Doubt::Says(says.into())))
    }

    /// A text of which one part is not known, as an answer to a question about it.
    pub(crate) fn holed(text: &Text) -> Value {
        text.why().map_or_else(
            || Value::doubt("the text is not known"),
            |why| Value::unknown(why.clone()),
        )
    }

    /// What it is, in the words of a message.
    pub(crate) fn describe(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Integer(_) | Value::Double(_) => "a number",
            Value::Text(_) => "a text",
            Value::List(_) => "a list",
            Value::Record(_) | Value::Document(_) => "a map",
            Value::Row(_) | Value::Outside(_) => "a resource",
            Value::Estate => "the estate",
            Value::Unknown(_) => "not known",
        }
    }

    /// As a number, which a document may have as a text.
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Value::Integer(value) => Some(*value as f64),
            Value::Double(value) => Some(*value),
            Value::Text(text) => text.as_literal()?.trim().parse().ok(),
            _ => None,
        }
    }
}

/// Whether two texts are the same, where that can be told.
pub(crate) fn same(a: &Text, b: &Text) -> Option<bool> {
    if let (Some(a), Some(b)) = (a.as_literal(), b.as_literal()) {
        return Some(a == b);
    }
    if a == b && a.holes().all(|hole| hole.stands_for.is_some()) {
        return Some(true);
    }
    let apart = |a: &str, b: &str| !a.starts_with(b) && !b.starts_with(a);
    let apart_at_end = |a: &str, b: &str| !a.ends_with(b) && !b.ends_with(a);
    (apart(a.prefix(), b.prefix()) || apart_at_end(a.suffix(), b.suffix())).then_some(false)
}

/// Whether a text begins with another, where that can be told.
pub(crate) fn starts_with(text: &Text, start: &str) -> Option<bool> {
    let known = text.prefix();
    if known.starts_with(start) {
        return Some(true);
    }
    (text.as_literal().is_some() || !start.starts_with(known)).then_some(false)
}

/// Whether a text ends with another, where that can be told.
pub(crate) fn ends_with(text: &Text, end: &str) -> Option<bool> {
    let known = text.suffix();
    if known.ends_with(end) {
        return Some(true);
    }
    (text.as_literal().is_some() || !end.ends_with(known)).then_some(false)
}

/// Whether a text contains another, where that can be told.
pub(crate) fn contains(text: &Text, part: &str) -> Option<bool> {
    let known = text.pieces().iter().any(|piece| match piece {
        Piece::Literal(literal) => literal.contains(part),
        Piece::Hole(_) => false,
    });
    match known {
        true => Some(true),
        false => text.as_literal().map(|_| false),
    }
}
