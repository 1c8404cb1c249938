//! Values out of an answer, by their paths.

use super::answer::Call;
use maremma_model::{Document, Field, Value};

/// The value at a path of keys with dots between them, where it is there; `*` is each item of a list. What stands in
/// the way of a path is the value, so that whoever reads it tells what was expected.
pub(super) fn select(document: &Document, path: &str) -> Option<Document> {
    if matches!(document.value, Value::Null | Value::Absent) {
        return None;
    }
    if path.is_empty() {
        return Some(document.clone());
    }
    let (key, rest) = path.split_once('.').unwrap_or((path, ""));
    match (&document.value, key) {
        (Value::List(items), "*") => {
            let items = items.iter().filter_map(|item| select(item, rest)).collect();
            Some(Document::new(Value::List(items), document.at.clone()))
        }
        (Value::Map(_), key) if key != "*" => select(document.get(key)?, rest),
        _ => Some(document.clone()),
    }
}

/// The value that a property is said to have, by the words of [`super::operation::Shape::properties`].
pub(super) fn source(call: &Call, member: &Document, source: &str) -> Option<Document> {
    if source.contains('{') {
        return Some(Document::string(&expand(call, member, source)?, member.at.clone()));
    }
    if let Some(path) = source.strip_prefix('^') {
        return select(member, path).map(capitalised);
    }
    if let Some(path) = source.strip_prefix('#') {
        let found = select(member, path)?;
        return Some(Document::string(last(found.as_str()?), found.at.clone()));
    }
    select(member, source)
}

/// A pattern with its parts filled in; `None` where one is not there.
pub(super) fn expand(call: &Call, member: &Document, pattern: &str) -> Option<String> {
    let mut made = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        made.push_str(before);
        let (name, after) = after.split_once('}')?;
        match name {
            "partition" => made.push_str(call.partition()),
            "account" => made.push_str(&call.account),
            "region" => made.push_str(call.region.as_deref().unwrap_or("")),
            "." => made.push_str(member.as_str()?),
            "#" => made.push_str(last(member.as_str()?)),
            digit if digit.bytes().all(|byte| byte.is_ascii_digit()) => {
                made.push_str(call.argument(digit.parse().ok()?)?);
            }
            path => {
                let found = select(member, path.trim_start_matches(['#', '/']))?;
                let text = found.as_str()?;
                made.push_str(match path.get(..1) {
                    Some("#") => last(text),
                    Some("/") => text.trim_start_matches('/'),
                    _ => text,
                });
            }
        }
        rest = after;
    }
    made.push_str(rest);
    (!made.is_empty()).then_some(made)
}

/// What stands behind the last slash or colon: a queue's name in its URL, a topic's in its ARN.
pub(super) fn last(text: &str) -> &str {
    text.rsplit(['/', ':']).next().unwrap_or(text)
}

/// A document whose keys begin with capital letters, as CloudFormation's do.
pub(super) fn capitalised(document: Document) -> Document {
    let value = match document.value {
        Value::List(items) => Value::List(items.into_iter().map(capitalised).collect()),
        Value::Map(fields) => Value::Map(fields.into_iter().map(capitalised_field).collect()),
        other => other,
    };
    Document { value, ..document }
}

fn capitalised_field(field: Field) -> Field {
    let mut letters = field.key.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    Field {
        key: first.into_iter().chain(letters).collect::<String>().into(),
        value: capitalised(field.value),
        ..field
    }
}
