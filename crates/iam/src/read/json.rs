//! A policy written as JSON text inside a string, holes included.

use maremma_model::{Document, Field, Location, Piece, Text, Value, Why};
use std::collections::HashSet;
use std::sync::Arc;

/// Why a text gives no document.
pub(super) enum NotRead {
    /// A hole stands where JSON has structure, so that its value could be anything.
    Unknown(Why),
    Malformed(Arc<str>),
}

// Private-use characters: no policy contains them, and JSON lets them stand in a string as they are.
const OPEN: char = '\u{F8F0}';
const CLOSE: char = '\u{F8F1}';

/// A document, and a key that one of its maps has twice: then the last one counts.
pub(super) struct Parsed {
    pub(super) document: Document,
    pub(super) twice: Option<Arc<str>>,
}

/// Parses the text with every hole replaced by a mark, and puts the holes back into the strings.
pub(super) fn parse(text: &Text, at: &Location) -> Result<Parsed, NotRead> {
    let pieces = text.pieces();
    let mut marked = String::new();
    for (index, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Literal(text) => marked.push_str(text),
            Piece::Hole(_) => marked.push_str(&format!("{OPEN}{index}{CLOSE}")),
        }
    }
    let parsed = serde_json::from_str::<serde_json::Value>(&marked);
    match (parsed, text.why()) {
        (Ok(value @ serde_json::Value::Object(_)), _) => Ok(Parsed {
            document: document(value, &pieces, at),
            twice: key_twice(&marked).map(Into::into),
        }),
        (Ok(_), _) => Err(NotRead::Malformed("not a JSON object".into())),
        (Err(_), Some(why)) => Err(NotRead::Unknown(why.clone())),
        (Err(error), None) => Err(NotRead::Malformed(error.to_string().into())),
    }
}

/// The first key that stands twice in one map of a text that is JSON.
fn key_twice(text: &str) -> Option<&str> {
    // The keys of every map that is open; a list has none.
    let mut open: Vec<Option<HashSet<&str>>> = Vec::new();
    let mut key_next = false;
    let mut rest = text;
    while let Some(place) = rest.find(['{', '[', '}', ']', ',', '"']) {
        let (mark, after) = rest.get(place..)?.split_at(1);
        rest = after;
        match mark {
            "{" => open.push(Some(HashSet::new())),
            "[" => open.push(None),
            "}" | "]" => drop(open.pop()),
            "\"" => {
                let string = rest.get(..string_end(rest)?)?;
                rest = rest.get(string.len() + 1..)?;
                if let (true, Some(Some(keys))) = (key_next, open.last_mut())
                    && !keys.insert(string)
                {
                    return Some(string);
                }
            }
            _ => {}
        }
        key_next = matches!(mark, "{" | ",") && matches!(open.last(), Some(Some(_)));
    }
    None
}

/// Where the quote is that ends the string.
fn string_end(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })
}

// serde_json bounds the depth of what it parses (128).
fn document(value: serde_json::Value, pieces: &[Piece], at: &Location) -> Document {
    use serde_json::Value as Json;
    let scalar = |text: String, quoted| Value::Scalar {
        text: unmark(&text, pieces),
        quoted,
    };
    let value = match value {
        Json::Null => Value::Null,
        Json::Bool(value) => scalar(value.to_string(), false),
        Json::Number(value) => scalar(value.to_string(), false),
        Json::String(value) => scalar(value, true),
        Json::Array(items) => Value::List(items.into_iter().map(|item| document(item, pieces, at)).collect()),
        Json::Object(fields) => Value::Map(
            fields
                .into_iter()
                .map(|(key, value)| Field {
                    key: unmark(&key, pieces).to_string().into(),
                    key_at: at.clone(),
                    value: document(value, pieces, at),
                })
                .collect(),
        ),
    };
    Document::new(value, at.clone())
}

fn unmark(text: &str, pieces: &[Piece]) -> Text {
    if !text.contains(OPEN) {
        return Text::literal(text);
    }
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, marked)) = rest.split_once(OPEN) {
        found.push(Piece::Literal(before.into()));
        let Some((index, after)) = marked.split_once(CLOSE) else {
            rest = marked;
            break;
        };
        found.extend(index.parse().ok().and_then(|index: usize| pieces.get(index).cloned()));
        rest = after;
    }
    found.push(Piece::Literal(rest.into()));
    Text::from_pieces(found)
}
