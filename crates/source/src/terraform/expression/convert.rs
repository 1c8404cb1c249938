//! What a value is where a truth, a number or a string is wanted: Terraform converts between them.

use super::json::json_text;
use super::number::Decimal;
use super::{Kind, Scope, Value, refuse};
use maremma_model::{Place, Text, Why};

/// Why a value is not what is wanted.
pub(super) enum Trouble {
    Unknown(Why),
    /// Terraform refuses it, in words.
    Wrong(String),
}

impl Trouble {
    pub(super) fn value(self, scope: &dyn Scope, at: Place) -> Value {
        match self {
            Trouble::Unknown(why) => {
                scope.doubt();
                Value::unknown(why, at)
            }
            Trouble::Wrong(words) => refuse(words, scope, at),
        }
    }
}

/// What something is, in words.
pub(super) fn kind(value: &Value) -> &'static str {
    match &value.kind {
        Kind::Null => "null",
        Kind::Bool(_) => "a bool",
        Kind::Number(_) => "a number",
        Kind::Text(_) | Kind::Json(_) => "a string",
        Kind::List(_) => "a list",
        Kind::Map(_) => "a map",
        Kind::Object(_) => "a resource",
        Kind::Choice(_) | Kind::Unknown(_) => "not known",
    }
}

fn wanted(what: &str, value: &Value) -> Trouble {
    Trouble::Wrong(format!("expected {what}, and this is {}", kind(value)))
}

/// What is not known of a value that is of no other kind.
fn unknown(value: &Value) -> Option<Why> {
    match &value.kind {
        Kind::Unknown(why) => Some(why.clone()),
        Kind::Choice(branches) => branches.first().map(|branch| Why::Condition(branch.when.clone())),
        _ => None,
    }
}

pub(super) fn truth(value: &Value) -> Result<bool, Trouble> {
    match &value.kind {
        Kind::Bool(truth) => Ok(*truth),
        Kind::Text(Text::Literal(text)) if &**text == "true" => Ok(true),
        Kind::Text(Text::Literal(text)) if &**text == "false" => Ok(false),
        Kind::Text(text) => Err(of_text("true or false", text, value)),
        _ => Err(unknown(value).map_or_else(|| wanted("true or false", value), Trouble::Unknown)),
    }
}

/// A number to compute with.
pub(super) fn decimal(value: &Value) -> Result<Decimal, Trouble> {
    let too_long = || Trouble::Unknown(Why::Unresolved("a number of this length is not computed with".into()));
    match &value.kind {
        Kind::Number(number) => Decimal::of(number).ok_or_else(too_long),
        Kind::Text(text) => match text.as_literal().and_then(super::Number::parse) {
            Some(number) => Decimal::of(&number).ok_or_else(too_long),
            None => Err(of_text("a number", text, value)),
        },
        _ => Err(unknown(value).map_or_else(|| wanted("a number", value), Trouble::Unknown)),
    }
}

fn of_text(what: &str, text: &Text, value: &Value) -> Trouble {
    match text.why() {
        Some(why) => Trouble::Unknown(why.clone()),
        None => wanted(what, value),
    }
}

/// A string, with a hole for what is not known.
pub(super) fn text(value: &Value) -> Result<Text, Trouble> {
    match &value.kind {
        Kind::Bool(truth) => Ok(Text::literal(if *truth { "true" } else { "false" })),
        Kind::Number(number) => Ok(Text::literal(number.0.clone())),
        Kind::Text(text) => Ok(text.clone()),
        Kind::Json(value) => Ok(json_text(value)),
        _ => match unknown(value) {
            Some(why) => Ok(Text::hole(why)),
            None => Err(wanted("a string", value)),
        },
    }
}

/// A key of a map.
pub(super) fn key(value: &Value) -> Result<std::sync::Arc<str>, Trouble> {
    match text(value)? {
        Text::Literal(key) => Ok(key),
        holed => Err(of_text("a string", &holed, value)),
    }
}
