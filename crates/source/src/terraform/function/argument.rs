//! Arguments as the types that a function takes, converted as Terraform converts them.

use super::super::value::{Kind, Number, Value};
use super::number::Decimal;
use super::{Call, Stop, TEXT_WEIGHT, fail, render};
use maremma_model::{Hole, Piece, Text, Why};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

pub(super) type Items = Rc<Vec<Value>>;
pub(super) type Entries = Rc<BTreeMap<Arc<str>, Value>>;

/// What a value is, in Terraform's words.
pub(super) fn described(value: &Value) -> &'static str {
    match value.kind {
        Kind::Null => "null",
        Kind::Bool(_) => "a bool",
        Kind::Number(_) => "a number",
        Kind::Text(_) | Kind::Json(_) => "a string",
        Kind::List(_) => "a list",
        Kind::Map(_) => "a map",
        Kind::Object(_) => "an object",
        Kind::Choice(_) | Kind::Unknown(_) => "a value that is not known",
    }
}

/// Why nothing, or not all, of a value is known; of one that is known what it is.
pub(super) fn why(value: &Value) -> Why {
    match &value.kind {
        Kind::Unknown(why) => why.clone(),
        Kind::Choice(branches) => Why::Condition(branches.first().map_or("".into(), |branch| branch.when.clone())),
        Kind::Object(reference) => Why::Attribute(reference.address.clone()),
        Kind::Text(text) if text.why().is_some() => text.why().cloned().unwrap_or(Why::NotKept),
        _ => Why::Unresolved(format!("it depends on {} that is not known in every part", described(value)).into()),
    }
}

/// An attribute that is known only after deployment is a hole, of whatever type it is.
pub(super) fn may_be_anything(value: &Value) -> bool {
    match &value.kind {
        Kind::Unknown(_) | Kind::Choice(_) => true,
        Kind::Text(Text::Holed(pieces)) => pieces.len() == 1,
        _ => false,
    }
}

fn unexpected<T>(value: &Value, expected: &str) -> Result<T, Stop> {
    match value.kind {
        Kind::Object(_) => Err(Stop::Unknown(why(value))),
        _ if may_be_anything(value) => Err(Stop::Unknown(why(value))),
        _ => fail(format!("expected {expected}, found {}", described(value))),
    }
}

impl Call<'_> {
    /// A string; what is not known of it is a hole.
    pub(super) fn to_text(&self, value: &Value) -> Result<Text, Stop> {
        Ok(match &value.kind {
            Kind::Text(text) => text.clone(),
            Kind::Number(number) => Text::literal(number.0.clone()),
            Kind::Bool(known) => Text::literal(if *known { "true" } else { "false" }),
            Kind::Json(inner) => render::json(self, inner)?,
            Kind::Unknown(why) => Text::hole(why.clone()),
            Kind::Choice(_) => Text::hole(why(value)),
            Kind::Null | Kind::List(_) | Kind::Map(_) | Kind::Object(_) => {
                return fail(format!("expected a string, found {}", described(value)));
            }
        })
    }

    /// A string of which every part is known.
    pub(super) fn to_literal(&self, value: &Value) -> Result<Arc<str>, Stop> {
        match self.to_text(value)? {
            Text::Literal(text) => Ok(text),
            holed @ Text::Holed(_) => Err(Stop::Unknown(holed.why().cloned().unwrap_or(Why::NotKept))),
        }
    }

    /// A number, or a string that holds one.
    pub(super) fn to_number(&self, value: &Value) -> Result<Decimal, Stop> {
        match &value.kind {
            Kind::Number(Number(text)) => Decimal::parse(text).ok_or_else(too_large),
            Kind::Text(_) => {
                let text = self.to_literal(value)?;
                let number = Decimal::parse(&text);
                number.ok_or_else(|| Stop::Failed(format!("expected a number, found {:?}", &*text)))
            }
            _ => unexpected(value, "a number"),
        }
    }

    pub(super) fn to_integer(&self, value: &Value) -> Result<i64, Stop> {
        let number = self.to_number(value)?;
        let whole = number.integer().and_then(|whole| i64::try_from(whole).ok());
        whole.ok_or_else(|| Stop::Failed(format!("expected a whole number, found {number}")))
    }

    /// A whole number that is not negative.
    pub(super) fn to_count(&self, value: &Value) -> Result<usize, Stop> {
        let whole = self.to_integer(value)?;
        usize::try_from(whole).map_err(|_| Stop::Failed(format!("expected a number from 0, found {whole}")))
    }

    pub(super) fn to_bool(&self, value: &Value) -> Result<bool, Stop> {
        match &value.kind {
            Kind::Bool(known) => Ok(*known),
            Kind::Text(_) => match &*self.to_literal(value)? {
                "true" => Ok(true),
                "false" => Ok(false),
                other => fail(format!("expected true or false, found {other:?}")),
            },
            _ => unexpected(value, "a bool"),
        }
    }

    pub(super) fn to_items(&self, value: &Value) -> Result<Items, Stop> {
        match &value.kind {
            Kind::List(items) => Ok(items.clone()),
            _ => unexpected(value, "a list"),
        }
    }

    pub(super) fn to_entries(&self, value: &Value) -> Result<Entries, Stop> {
        match &value.kind {
            Kind::Map(entries) => Ok(entries.clone()),
            _ => unexpected(value, "a map"),
        }
    }

    pub(super) fn number(&self, number: Decimal) -> Value {
        self.value(Kind::Number(Number(number.to_string().into())))
    }

    /// A value picked from a list or map, as one that is referred to: it stands at the call.
    pub(super) fn picked(&self, value: &Value) -> Value {
        Value {
            at: self.at,
            ..value.clone()
        }
    }
}

pub(super) fn too_large() -> Stop {
    Stop::unresolved("a number with more digits than are counted here")
}

/// How much of a text a piece is.
pub(super) fn length_of(piece: &Piece) -> usize {
    match piece {
        Piece::Literal(text) => text.len(),
        Piece::Hole(_) => 1,
    }
}

/// What reading an argument costs, without what it holds.
pub(super) fn weight(value: &Value) -> usize {
    match &value.kind {
        Kind::Text(Text::Literal(text)) => text.len() / TEXT_WEIGHT + 1,
        Kind::Text(text) => text.pieces().iter().map(length_of).sum::<usize>() / TEXT_WEIGHT + 1,
        Kind::List(items) => items.len() + 1,
        Kind::Map(entries) => entries.len() + 1,
        _ => 1,
    }
}

/// Whether the string may be empty: `None` where only what is not known can tell. An attribute that is
/// known only after deployment, and what AWS fills in, is not empty.
pub(super) fn is_empty(text: &Text) -> Option<bool> {
    let holds = |piece: &Piece| match piece {
        Piece::Literal(_) => true,
        Piece::Hole(hole) => is_filled(hole),
    };
    match text {
        Text::Literal(text) => Some(text.is_empty()),
        Text::Holed(pieces) => pieces.iter().any(holds).then_some(false),
    }
}

/// Whether a hole certainly holds something.
pub(super) fn is_filled(hole: &Hole) -> bool {
    hole.stands_for.is_some() || matches!(hole.why, Why::Pseudo(_))
}
