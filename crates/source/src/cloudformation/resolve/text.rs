//! Functions that make texts: `Fn::Sub`, `Fn::Join`, `Fn::Split`, `Fn::Base64`, `Fn::ToJsonString`, and
//! dynamic references.

use super::super::condition::joined;
use super::super::template::Argument;
use super::super::world::{StackId, World};
use super::{TEXT_WEIGHT, unknown, unresolved, why_of};
use crate::json;
use maremma_model::{Document, Node, Piece, Place, Text, Value, Why};
use std::collections::HashMap;
use std::sync::Arc;

/// A text longer than this is not kept: the longest that AWS accepts anywhere here is a template of 1 MB.
const MAX_TEXT: usize = 1 << 20;

impl World<'_> {
    pub(super) fn substitute(&self, stack: StackId, argument: Argument<'_>, place: Place) -> Document {
        let (text, own) = match (argument.as_str(), argument.items()) {
            (Some(text), _) => (text, &[][..]),
            (None, [text, own]) => match text.as_str() {
                Some(text) => (text, own.entries()),
                None => return self.malformed("Fn::Sub", "a string", Argument::Node(text), place),
            },
            _ => return self.malformed("Fn::Sub", "a string, or [string, map]", argument, place),
        };
        let own: HashMap<&str, &Node> = own.iter().map(|entry| (&*entry.key, &entry.value)).collect();
        let mut known: HashMap<&str, (Text, Option<Arc<str>>)> = HashMap::new();
        let mut pieces = Vec::new();
        let mut by = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            pieces.extend(dynamic(before).pieces());
            let Some((name, after)) = after.split_once('}') else {
                pieces.push(Piece::Literal("${".into()));
                rest = after;
                continue;
            };
            rest = after;
            if let Some(literal) = name.strip_prefix('!') {
                pieces.push(Piece::Literal(format!("${{{literal}}}").into()));
                continue;
            }
            let name = name.trim();
            // A name may stand in the text as often as the text is long.
            let known = known.entry(name).or_insert_with(|| {
                let value = match own.get(name) {
                    Some(node) => self.resolve(stack, node),
                    None => match name.split_once('.') {
                        Some((name, attribute)) => self.attribute(stack, name, attribute, place),
                        None => self.reference(stack, name, place),
                    },
                };
                (as_text(&value, name), value.by)
            });
            by.extend(known.1.clone());
            pieces.extend(known.0.pieces());
        }
        pieces.extend(dynamic(rest).pieces());
        self.composed(pieces, by, place)
    }

    pub(super) fn join(&self, stack: StackId, argument: Argument<'_>, place: Place) -> Document {
        let [delimiter, list] = argument.items() else {
            return self.malformed("Fn::Join", "[delimiter, list]", argument, place);
        };
        let delimiter = self.resolve(stack, delimiter);
        let Some(delimiter) = delimiter.as_str() else {
            return unresolved("the delimiter of Fn::Join is not known", place);
        };
        let list = self.resolve(stack, list);
        let Value::List(items) = &list.value else {
            return match why_of(&list) {
                Some(why) => Document::text(Text::hole(why), place),
                None => self.malformed("Fn::Join", "a list", argument, place),
            };
        };
        let mut pieces = Vec::new();
        let mut by: Vec<Arc<str>> = list.by.iter().cloned().collect();
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                pieces.push(Piece::Literal(delimiter.into()));
            }
            by.extend(item.by.clone());
            pieces.extend(as_text(item, "Fn::Join").pieces());
        }
        self.composed(pieces, by, place)
    }

    pub(super) fn split(&self, stack: StackId, argument: Argument<'_>, place: Place) -> Document {
        let [delimiter, text] = argument.items() else {
            return self.malformed("Fn::Split", "[delimiter, string]", argument, place);
        };
        let delimiter = self.resolve(stack, delimiter);
        let text = self.resolve(stack, text);
        match (delimiter.as_str(), text.as_text()) {
            (Some(delimiter), Some(Text::Literal(whole))) if !delimiter.is_empty() => {
                let items = whole
                    .split(delimiter)
                    .map(|item| Document::string(item, place))
                    .collect();
                Document {
                    value: Value::List(items),
                    at: place.into(),
                    by: text.by.clone(),
                }
            }
            // A hole may hold any number of delimiters.
            _ => unknown(
                why_of(&text).unwrap_or(Why::Unresolved("Fn::Split of a string that is not known".into())),
                place,
            ),
        }
    }

    /// Base64 hides nothing from a check: the text itself is kept.
    pub(super) fn base64(&self, stack: StackId, argument: Argument<'_>, place: Place) -> Document {
        Document {
            at: place.into(),
            ..self.resolve_argument(stack, argument)
        }
    }

    pub(super) fn to_json(&self, stack: StackId, argument: Argument<'_>, place: Place) -> Document {
        let text = json::written(&self.resolve_argument(stack, argument));
        self.composed(text.pieces(), Vec::new(), place)
    }

    fn composed(&self, pieces: Vec<Piece>, by: Vec<Arc<str>>, place: Place) -> Document {
        let lengths = pieces.iter().map(|piece| match piece {
            Piece::Literal(text) => text.len(),
            Piece::Hole(_) => 1,
        });
        let length: usize = lengths.sum();
        if length > MAX_TEXT || !self.repeat(length / TEXT_WEIGHT, place) {
            let why = Why::Unresolved("a text longer than CloudFormation accepts".into());
            return Document::text(Text::hole(why), place);
        }
        Document {
            by: joined(by, "; "),
            ..Document::text(Text::from_pieces(pieces), place)
        }
    }
}

/// A value inside a text. What is no text there is a hole, with its reason.
fn as_text(value: &Document, name: &str) -> Text {
    match &value.value {
        Value::Scalar { text, .. } => text.clone(),
        Value::Absent | Value::Null => Text::literal(""),
        _ => Text::hole(why_of(value).unwrap_or_else(|| Why::Unresolved(format!("{name} is no text").into()))),
    }
}

/// Dynamic references in a text become holes: CloudFormation puts the value there at deployment.
pub(super) fn dynamic(text: impl AsRef<str> + Into<Arc<str>>) -> Text {
    if !text.as_ref().contains("{{resolve:") {
        return Text::Literal(text.into());
    }
    let mut pieces = Vec::new();
    let mut rest: &str = text.as_ref();
    while let Some(at) = rest.find("{{resolve:") {
        let (before, from) = rest.split_at(at);
        pieces.push(Piece::Literal(before.into()));
        let Some(end) = from.find("}}") else {
            rest = from;
            break;
        };
        let (reference, after) = from.split_at(end + 2);
        pieces.extend(Text::hole(Why::Dynamic(reference.into())).pieces());
        rest = after;
    }
    pieces.push(Piece::Literal(rest.into()));
    Text::from_pieces(pieces)
}
