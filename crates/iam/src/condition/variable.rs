//! Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, and `${*}`, `${?}`,
//! `${$}` for the characters themselves.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>

use super::context::{Context, Presence};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Part<'a> {
    /// Text in which wildcards count.
    Text(&'a str),
    /// A character that is only itself.
    Char(char),
    Variable {
        key: &'a str,
        default: Option<&'a str>,
    },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    /// What is put in the variable's place; its `*` is only a character.
    Known(&'a str),
    Unknown,
    /// The key is not in the request and there is no default: the statement does not match.
    Missing,
}

/// Splits a text at its variables. A `${` that is not closed is text.
pub(crate) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, open)) = rest.split_once("${") {
        let Some((inside, after)) = open.split_once('}') else {
            break;
        };
        if !before.is_empty() {
            parts.push(Part::Text(before));
        }
        parts.push(variable(inside));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    parts
}

fn variable(inside: &str) -> Part<'_> {
    match inside {
        "*" => Part::Char('*'),
        "?" => Part::Char('?'),
        "$" => Part::Char('$'),
        _ => {
            let (key, default) = match inside.split_once(',') {
                Some((key, default)) => (key, Some(unquoted(default.trim()))),
                None => (inside, None),
            };
            Part::Variable {
                key: key.trim(),
                default,
            }
        }
    }
}

fn unquoted(default: &str) -> &str {
    default
        .strip_prefix('\'')
        .and_then(|rest| rest.strip_suffix('\''))
        .unwrap_or(default)
}

/// What stands in a variable's place in this request. A multivalued key has no value as a variable.
pub(crate) fn value<'a>(context: &'a Context, key: &str, default: Option<&'a str>) -> Value<'a> {
    let missing = default.map_or(Value::Missing, Value::Known);
    match context.get(key) {
        Presence::Values(values) => match values.as_slice() {
            [value] => value.as_literal().map_or(Value::Unknown, Value::Known),
            _ => missing,
        },
        Presence::Absent => missing,
        Presence::Unknown => Value::Unknown,
    }
}
