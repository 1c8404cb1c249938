//! A policy written as JSON text inside a string, holes included.

use maremma_model::{Document, Field, Location, Piece, Text, Value, Why};
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

/// Parses the text with every hole replaced by a mark, and puts the holes back into the strings.
pub(super) fn parse(text: &Text, at: &Location) -> Result<Document, NotRead> {
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
        (Ok(value @ serde_json::Value::Object(_)), _) => Ok(document(value, &pieces, at)),
        (Ok(_), _) => Err(NotRead::Malformed("not a JSON object".into())),
        (Err(_), Some(why)) => Err(NotRead::Unknown(why.clone())),
        (Err(error), None) => Err(NotRead::Malformed(error.to_string().into())),
    }
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
