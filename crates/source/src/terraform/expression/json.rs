//! The text that `jsonencode` makes of a value.

use super::{Kind, Value};
use maremma_model::{Piece, Text, Why};
use std::fmt::Write as _;

/// Deepest nesting that is written out; what is deeper is a hole.
const MAX_DEPTH: usize = 400;

/// A value as Terraform's `jsonencode` prints it, with holes for what is not known. Whoever makes values
/// has counted how large they are.
pub(crate) fn json_text(value: &Value) -> Text {
    let mut writer = Writer::default();
    writer.value(value, 0);
    writer.flush();
    Text::from_pieces(writer.pieces)
}

#[derive(Default)]
struct Writer {
    pieces: Vec<Piece>,
    run: String,
}

impl Writer {
    fn value(&mut self, value: &Value, depth: usize) {
        if depth > MAX_DEPTH {
            return self.hole(&Why::Unresolved("nested too deeply to be written as JSON".into()));
        }
        match &value.kind {
            Kind::Null => self.run.push_str("null"),
            Kind::Bool(truth) => self.run.push_str(if *truth { "true" } else { "false" }),
            Kind::Number(number) => self.run.push_str(&number.0),
            Kind::Text(text) => self.string(text),
            Kind::Json(inner) => self.string(&json_text(inner)),
            Kind::List(items) => self.list(items, depth),
            Kind::Map(fields) => {
                self.run.push('{');
                for (index, (key, value)) in fields.iter().enumerate() {
                    if index > 0 {
                        self.run.push(',');
                    }
                    self.string(&Text::literal(key.clone()));
                    self.run.push(':');
                    self.value(value, depth + 1);
                }
                self.run.push('}');
            }
            Kind::Object(reference) => self.hole(&Why::Attribute(reference.address.clone())),
            Kind::Choice(branches) => {
                let when = branches.first().map(|branch| branch.when.clone());
                self.hole(&Why::Condition(when.unwrap_or_default()));
            }
            Kind::Unknown(why) => self.hole(why),
        }
    }

    fn list(&mut self, items: &[Value], depth: usize) {
        self.run.push('[');
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.run.push(',');
            }
            self.value(item, depth + 1);
        }
        self.run.push(']');
    }

    fn string(&mut self, text: &Text) {
        self.run.push('"');
        for piece in text.pieces() {
            match piece {
                Piece::Literal(text) => self.escaped(&text),
                hole @ Piece::Hole(_) => {
                    self.flush();
                    self.pieces.push(hole);
                }
            }
        }
        self.run.push('"');
    }

    fn escaped(&mut self, text: &str) {
        for char in text.chars() {
            match char {
                '"' => self.run.push_str("\\\""),
                '\\' => self.run.push_str("\\\\"),
                '\n' => self.run.push_str("\\n"),
                '\r' => self.run.push_str("\\r"),
                '\t' => self.run.push_str("\\t"),
                '\u{8}' => self.run.push_str("\\b"),
                '\u{c}' => self.run.push_str("\\f"),
                '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                    // Writing to a string does not fail.
                    let _ = write!(self.run, "\\u{:04x}", u32::from(char));
                }
                other => self.run.push(other),
            }
        }
    }

    fn hole(&mut self, why: &Why) {
        self.flush();
        self.pieces.extend(Text::hole(why.clone()).pieces());
    }

    fn flush(&mut self) {
        let run = std::mem::take(&mut self.run);
        self.pieces.push(Piece::Literal(run.into()));
    }
}
