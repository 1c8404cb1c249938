//! The value that a text in JSON or YAML holds.

use super::super::value::{Kind, Number, Value};
use super::number::Decimal;
use super::{Outcome, Stop, fail};
use crate::tree::{self, Syntax};
use maremma_model::{FileId, Hole, Node, NodeValue, Piece, Place, Text, Why};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// Stand around the number of a hole while a text is parsed: private use, in no text of ours.
const MARKS: [char; 2] = ['\u{e000}', '\u{e001}'];

/// What the text holds. What is not known of a string in it is a hole there.
pub(super) fn decoded(text: &Text, syntax: Syntax, at: Place) -> Outcome {
    let unknown = || Stop::Unknown(text.why().cloned().unwrap_or(Why::NotKept));
    let (mut whole, mut holes) = (String::new(), Vec::new());
    let [open, close] = MARKS;
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) if literal.contains(MARKS) => return Err(unknown()),
            Piece::Literal(literal) => whole.push_str(&literal),
            Piece::Hole(hole) => {
                whole.push_str(&format!("{open}{}{close}", holes.len()));
                holes.push(hole);
            }
        }
    }
    // What stands alone may be anything.
    if !holes.is_empty() && whole.trim().starts_with(open) {
        return Err(unknown());
    }
    match tree::parse(&whole, FileId::default(), syntax) {
        Ok(parsed) => Decoder { at, holes, syntax }.value(&parsed.root),
        Err(error) if error.bounds => Err(Stop::unresolved("a text with more values than are read here")),
        Err(_) if text.as_literal().is_none() => Err(unknown()),
        Err(error) => fail(format!("the text cannot be read: {error}")),
    }
}

struct Decoder {
    at: Place,
    holes: Vec<Hole>,
    syntax: Syntax,
}

impl Decoder {
    fn value(&self, node: &Node) -> Outcome {
        if let Some(tag) = &node.tag {
            return Err(Stop::Unknown(Why::Unresolved(
                format!("a value with the tag {tag}").into(),
            )));
        }
        let kind = match &node.value {
            NodeValue::Null => Kind::Null,
            NodeValue::Scalar { text, quoted } => self.scalar(text, *quoted)?,
            NodeValue::Seq(items) => {
                let items: Result<Vec<Value>, Stop> = items.iter().map(|item| self.value(item)).collect();
                Kind::List(Rc::new(items?))
            }
            NodeValue::Map(entries) => {
                let mut map: BTreeMap<Arc<str>, Value> = BTreeMap::new();
                for entry in entries {
                    match self.restored(&entry.key) {
                        Text::Literal(key) => map.insert(key, self.value(&entry.value)?),
                        holed @ Text::Holed(_) => {
                            return Err(Stop::Unknown(holed.why().cloned().unwrap_or(Why::NotKept)));
                        }
                    };
                }
                Kind::Map(Rc::new(map))
            }
        };
        Ok(Value::new(kind, self.at))
    }

    fn scalar(&self, text: &str, quoted: bool) -> Result<Kind, Stop> {
        let restored = self.restored(text);
        let Text::Literal(literal) = &restored else {
            // Unquoted it may be a number as well.
            return match (quoted, restored.why()) {
                (false, Some(why)) if text.starts_with(MARKS) => Err(Stop::Unknown(why.clone())),
                _ => Ok(Kind::Text(restored)),
            };
        };
        let string = |text: &str| Kind::Text(Text::literal(text));
        Ok(match (self.syntax, &**literal) {
            (_, text) if quoted => string(text),
            (_, "true") => Kind::Bool(true),
            (_, "false") => Kind::Bool(false),
            (Syntax::Either, plain) if TRUE.contains(&plain) => Kind::Bool(true),
            (Syntax::Either, plain) if FALSE.contains(&plain) => Kind::Bool(false),
            (Syntax::Either, plain) if is_date(plain) => string(&dated(plain)?),
            (syntax, plain) => match number(plain, syntax) {
                Some(number) => Kind::Number(Number(number)),
                None => string(plain),
            },
        })
    }

    fn restored(&self, text: &str) -> Text {
        let [open, close] = MARKS;
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(open) {
            pieces.push(Piece::Literal(before.into()));
            let Some((number, after)) = after.split_once(close) else {
                break;
            };
            let hole = number.parse::<usize>().ok().and_then(|number| self.holes.get(number));
            pieces.extend(hole.cloned().map(Piece::Hole));
            rest = after;
        }
        pieces.push(Piece::Literal(rest.into()));
        Text::from_pieces(pieces)
    }
}

/// What YAML 1.1, which `yamldecode` reads, takes for a bool beside `true` and `false`.
const TRUE: [&str; 10] = ["y", "Y", "yes", "Yes", "YES", "True", "TRUE", "on", "On", "ON"];
const FALSE: [&str; 10] = ["n", "N", "no", "No", "NO", "False", "FALSE", "off", "Off", "OFF"];

fn number(plain: &str, syntax: Syntax) -> Option<Arc<str>> {
    if !plain.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '-' | '+' | '.')) {
        return None;
    }
    let plain = match syntax {
        Syntax::Json => plain.to_owned(),
        Syntax::Either => plain.replace('_', ""),
    };
    match Decimal::parse(&plain) {
        Some(number) => Some(number.to_string().into()),
        // More digits than are counted here.
        None => (syntax == Syntax::Json).then(|| plain.into()),
    }
}

/// `2012-10-17`, which YAML takes for a date.
fn is_date(plain: &str) -> bool {
    let mut parts = plain.split('-');
    let year = parts
        .next()
        .is_some_and(|year| year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()));
    year && parts
        .next()
        .is_some_and(|month| month.starts_with(|first: char| first.is_ascii_digit()))
}

/// The date as `yamldecode` gives it, with the time and zone that it does not have.
fn dated(plain: &str) -> Result<String, Stop> {
    let parts: Vec<&str> = plain.split('-').collect();
    let number = |text: &str| text.parse::<i8>().ok().filter(|_| text.len() <= 2);
    if let [year, month, day] = parts.as_slice() {
        let date = (year.parse().ok(), number(month), number(day));
        if let (Some(year), Some(month), Some(day)) = date {
            return Ok(match jiff::civil::Date::new(year, month, day) {
                Ok(date) => format!("{date}T00:00:00Z"),
                Err(_) => plain.to_owned(),
            });
        }
    }
    if plain.contains(':') {
        return Err(Stop::unresolved("a time in YAML that is not quoted"));
    }
    Ok(plain.to_owned())
}
