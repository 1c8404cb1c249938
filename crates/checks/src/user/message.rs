//! The message of a finding: a text with members of the subject in braces.

use super::code::Code;
use super::evaluate::Evaluation;
use super::expression;
use super::value::Value;
use super::view::View;
use super::worlds::Worlds;
use crate::context::name_of;

#[derive(Debug)]
pub(crate) struct Message(Vec<Part>);

#[derive(Debug)]
enum Part {
    Text(String),
    Member(Code),
}

/// Members shown at most so many characters.
const SHOWN: usize = 200;

/// Parses `the function is called {name}`; `{{` and `}}` stand for braces.
pub(crate) fn parse(text: &str, noun: &'static str) -> Result<Message, String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.trim_end_matches('.');
    let mut parts = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (before, after) = rest.split_at(at);
        plain.push_str(before);
        if let Some(after) = after.strip_prefix("{{") {
            plain.push('{');
            rest = after;
        } else if let Some(after) = after.strip_prefix("}}") {
            plain.push('}');
            rest = after;
        } else {
            let inner = after.strip_prefix('{').and_then(|inner| inner.split_once('}'));
            let (path, after) = inner.ok_or("a brace that is alone: write {{ or }} for one")?;
            let names: Vec<String> = path.trim().split('.').map(str::to_owned).collect();
            parts.push(Part::Text(std::mem::take(&mut plain)));
            parts.push(Part::Member(expression::member(&names, noun)?));
            rest = after;
        }
    }
    plain.push_str(rest);
    parts.push(Part::Text(plain));
    Ok(Message(parts))
}

impl Message {
    pub(crate) fn say(&self, evaluation: &mut Evaluation<'_, '_>) -> String {
        let parts = self.0.iter().map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Member(code) => show(&evaluation.evaluate(code), evaluation),
        });
        parts.collect()
    }
}

/// A value in the words of a message.
pub(crate) fn show(value: &Value, evaluation: &Evaluation<'_, '_>) -> String {
    let shown = match value {
        Value::Null => "not set".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Double(value) => value.to_string(),
        Value::Text(text) | Value::Outside(text) => text.to_string(),
        Value::Row(id) => evaluation
            .rows
            .context
            .resource(*id)
            .map_or_else(|| "?".to_owned(), |head| name_of(head).to_string()),
        Value::List(items) if items.is_empty() => "none".to_owned(),
        Value::List(items) => {
            let some: Vec<String> = items.iter().take(5).map(|item| show(item, evaluation)).collect();
            match items.len().checked_sub(some.len()) {
                Some(more) if more > 0 => format!("{} and {more} more", some.join(", ")),
                _ => some.join(", "),
            }
        }
        Value::Record(view) => record(view, evaluation),
        Value::Document(_) | Value::Estate => "...".to_owned(),
        Value::Unknown(_) => "not known".to_owned(),
    };
    match shown.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}...", shown.get(..at).unwrap_or_default()),
        None => shown,
    }
}

/// The values of a record one after the other: `Stage=prod` of a tag.
fn record(view: &View, evaluation: &Evaluation<'_, '_>) -> String {
    let View::Record(_, fields) = view else {
        return "...".to_owned();
    };
    let shown = fields.iter().map(|(_, field)| {
        let value = evaluation.rows.read(field, &mut Worlds::default());
        match value {
            Value::Record(_) | Value::List(_) => "...".to_owned(),
            value => show(&value, evaluation),
        }
    });
    shown.collect::<Vec<_>>().join("=")
}
