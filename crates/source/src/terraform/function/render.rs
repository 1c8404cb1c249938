//! The text that `jsonencode` makes of a value.

use super::super::value::{Kind, Value};
use super::{Call, Stop, argument};
use maremma_model::{Piece, Text};
use std::fmt::Write as _;

/// Values nested deeper than this are not written out.
const MAX_DEPTH: usize = 200;

/// The value as JSON. A string that is not known in every part keeps its holes, and any other value that is
/// not known is a hole.
pub(super) fn json(call: &Call<'_>, value: &Value) -> Result<Text, Stop> {
    let mut pieces = Vec::new();
    write(call, value, MAX_DEPTH, &mut pieces)?;
    Ok(Text::from_pieces(pieces))
}

fn write(call: &Call<'_>, value: &Value, depth: usize, pieces: &mut Vec<Piece>) -> Result<(), Stop> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(Stop::unresolved(
            "a value that is nested too deep to be written as JSON",
        ));
    };
    call.spend(argument::weight(value))?;
    let literal = |text: &str| Piece::Literal(text.into());
    match &value.kind {
        Kind::Null => pieces.push(literal("null")),
        Kind::Bool(known) => pieces.push(literal(if *known { "true" } else { "false" })),
        Kind::Number(number) => pieces.push(Piece::Literal(number.0.clone())),
        Kind::Text(text) => quote(text, pieces),
        Kind::Json(inner) => {
            let mut text = Vec::new();
            write(call, inner, depth, &mut text)?;
            quote(&Text::from_pieces(text), pieces);
        }
        Kind::List(items) => {
            pieces.push(literal("["));
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    pieces.push(literal(","));
                }
                write(call, item, depth, pieces)?;
            }
            pieces.push(literal("]"));
        }
        Kind::Map(entries) => {
            pieces.push(literal("{"));
            for (at, (key, entry)) in entries.iter().enumerate() {
                let comma = if at > 0 { "," } else { "" };
                pieces.push(Piece::Literal(format!("{comma}\"{}\":", escaped(key)).into()));
                write(call, entry, depth, pieces)?;
            }
            pieces.push(literal("}"));
        }
        Kind::Object(_) | Kind::Choice(_) | Kind::Unknown(_) => {
            pieces.extend(Text::hole(argument::why(value)).pieces())
        }
    }
    Ok(())
}

fn quote(text: &Text, pieces: &mut Vec<Piece>) {
    pieces.push(Piece::Literal("\"".into()));
    pieces.extend(text.pieces().into_iter().map(|piece| match piece {
        Piece::Literal(text) => Piece::Literal(escaped(&text).into()),
        hole @ Piece::Hole(_) => hole,
    }));
    pieces.push(Piece::Literal("\"".into()));
}

/// The inside of a JSON string. Terraform also escapes what HTML and JavaScript read otherwise.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                // Writing to a string does not fail.
                let _ = write!(escaped, "\\u{:04x}", u32::from(letter));
            }
            _ => escaped.push(letter),
        }
    }
    escaped
}
