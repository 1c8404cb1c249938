//! Documents as JSON text, and JSON texts as the documents that they hold; holes are kept both ways.

use crate::tree::{self, Syntax};
use maremma_model::{Document, Field, FileId, Hole, Location, Node, NodeValue, Piece, Text, Value, Why};

/// The document as JSON text.
pub(crate) fn written(document: &Document) -> Text {
    let mut pieces = Vec::new();
    json(document, &mut pieces);
    Text::from_pieces(pieces)
}

fn json(document: &Document, pieces: &mut Vec<Piece>) {
    let mut literal = |text: &str| pieces.push(Piece::Literal(text.into()));
    match &document.value {
        Value::Absent | Value::Null => literal("null"),
        Value::Scalar { text, quoted } => {
            let bare = !quoted
                && text
                    .as_literal()
                    .is_some_and(|text| text.parse::<f64>().is_ok() || matches!(text, "true" | "false"));
            if bare {
                pieces.extend(text.pieces());
                return;
            }
            literal("\"");
            for piece in text.pieces() {
                match piece {
                    Piece::Literal(text) => pieces.push(Piece::Literal(escaped(&text).into())),
                    hole @ Piece::Hole(_) => pieces.push(hole),
                }
            }
            pieces.push(Piece::Literal("\"".into()));
        }
        Value::List(items) => {
            literal("[");
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    pieces.push(Piece::Literal(",".into()));
                }
                json(item, pieces);
            }
            pieces.push(Piece::Literal("]".into()));
        }
        Value::Map(fields) => {
            literal("{");
            for (at, field) in fields.iter().enumerate() {
                let comma = if at > 0 { "," } else { "" };
                pieces.push(Piece::Literal(format!("{comma}\"{}\":", escaped(&field.key)).into()));
                json(&field.value, pieces);
            }
            pieces.push(Piece::Literal("}".into()));
        }
        Value::Choice(_) | Value::Unknown(_) => pieces.extend(Text::hole(why_of(document)).pieces()),
    }
}

fn escaped(text: &str) -> String {
    let quoted = serde_json::to_string(text).unwrap_or_default();
    quoted
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or("")
        .to_owned()
}

fn why_of(document: &Document) -> Why {
    match &document.value {
        Value::Unknown(why) => why.clone(),
        Value::Choice(branches) => Why::Condition(branches.first().map_or("".into(), |branch| branch.when.clone())),
        _ => Why::NotKept,
    }
}

/// Stand around the number of a hole while a text is parsed: private use, in no text of ours.
const MARKS: [char; 2] = ['\u{e000}', '\u{e001}'];

/// The document in a scalar that holds a JSON map or list; everything in it is at the scalar. `None`
/// for any other document, and for a text that is not well-formed.
pub(crate) fn embedded(document: &Document) -> Option<Document> {
    let text = document.as_text()?;
    if !text.prefix().trim_start().starts_with(['{', '[']) {
        return None;
    }
    held(document, text)
}

/// As [`embedded`], of a text that may be YAML too and holds a map.
pub(crate) fn described(document: &Document) -> Option<Document> {
    held(document, document.as_text()?).filter(|held| matches!(held.value, Value::Map(_)))
}

fn held(document: &Document, text: &Text) -> Option<Document> {
    let (mut whole, mut holes) = (String::new(), Vec::new());
    let [open, close] = MARKS;
    for piece in text.pieces() {
        match piece {
            Piece::Literal(text) if text.contains(MARKS) => return None,
            Piece::Literal(text) => whole.push_str(&text),
            Piece::Hole(hole) => {
                whole.push_str(&format!("{open}{}{close}", holes.len()));
                holes.push(hole);
            }
        }
    }
    let parsed = tree::parse(&whole, FileId::default(), Syntax::Either).ok()?;
    let mut restored = restored(&parsed.root, &holes, &document.at);
    restored.by.clone_from(&document.by);
    Some(restored)
}

fn restored(node: &Node, holes: &[Hole], at: &Location) -> Document {
    let value = match &node.value {
        NodeValue::Null => Value::Null,
        NodeValue::Scalar { text, quoted } => Value::Scalar {
            text: with_holes(text, holes),
            quoted: *quoted,
        },
        NodeValue::Seq(items) => Value::List(items.iter().map(|item| restored(item, holes, at)).collect()),
        NodeValue::Map(entries) => {
            let field = |entry: &maremma_model::Entry| Field {
                key: with_holes(&entry.key, holes).to_string().into(),
                key_at: at.clone(),
                value: restored(&entry.value, holes, at),
            };
            Value::Map(entries.iter().map(field).collect())
        }
    };
    Document::new(value, at.clone())
}

fn with_holes(text: &str, holes: &[Hole]) -> Text {
    let [open, close] = MARKS;
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(open) {
        pieces.push(Piece::Literal(before.into()));
        let Some((number, after)) = after.split_once(close) else {
            break;
        };
        let hole = number.parse::<usize>().ok().and_then(|number| holes.get(number));
        pieces.extend(hole.cloned().map(Piece::Hole));
        rest = after;
    }
    pieces.push(Piece::Literal(rest.into()));
    Text::from_pieces(pieces)
}
