//! From the tree as written to a document: intrinsic functions worked out as far as the input
//! decides them.

use super::condition::Truth;
use super::template::{Argument, Call, call};
use super::world::{StackId, World};
use crate::json;
use maremma_model::{Branch, Document, Entry, Field, GapKind, Node, NodeValue, Piece, Place, Text, Value, Why};
use std::cell::Cell;
use std::sync::Arc;

/// How deep references may lead through parameters, outputs and conditions. The tree itself is
/// bounded by its parser; this bounds what the stacks make of it.
const MAX_DEPTH: usize = 400;
/// A text longer than this is not kept: the longest that AWS accepts anywhere here is a template of 1 MB.
const MAX_TEXT: usize = 1 << 20;
/// How many worlds a looked-up value may have before it is only unknown.
const MAX_BRANCHES: usize = 40;

/// Counts one step down, and back up when dropped.
pub(super) struct Deeper<'a>(&'a Cell<usize>);

impl Drop for Deeper<'_> {
    fn drop(&mut self) {
        self.0.set(self.0.get().saturating_sub(1));
    }
}

impl World<'_> {
    pub(super) fn deeper(&self) -> Option<Deeper<'_>> {
        (self.depth.get() < MAX_DEPTH).then(|| {
            self.depth.set(self.depth.get() + 1);
            Deeper(&self.depth)
        })
    }

    /// What a node comes to in a stack.
    pub(crate) fn resolve(&self, stack: StackId, node: &Node) -> Document {
        let Some(_deeper) = self.deeper() else {
            return unresolved("references are nested too deep", node.place);
        };
        if let Some(call) = call(node) {
            return self.apply(stack, &call, node.place);
        }
        match &node.value {
            NodeValue::Null => Document::new(Value::Null, node.place),
            NodeValue::Scalar { text, quoted } => Document::new(
                Value::Scalar {
                    text: dynamic(text.clone()),
                    quoted: *quoted,
                },
                node.place,
            ),
            NodeValue::Seq(items) => {
                let items = items
                    .iter()
                    .map(|item| self.resolve(stack, item))
                    .filter(|item| !item.is_absent());
                Document::new(Value::List(items.collect()), node.place)
            }
            NodeValue::Map(entries) => self.map(stack, entries, node.place),
        }
    }

    fn map(&self, stack: StackId, entries: &[Entry], place: Place) -> Document {
        let mut fields = Vec::with_capacity(entries.len());
        for entry in entries {
            if &*entry.key == "Fn::Transform" {
                // The macro may add or replace any of the siblings.
                self.gap(
                    GapKind::Unsupported,
                    "Fn::Transform runs only in CloudFormation: what it adds here is not known",
                    entry.key_place,
                );
            }
            let value = self.resolve(stack, &entry.value);
            if !value.is_absent() {
                fields.push(Field {
                    key: entry.key.clone(),
                    key_at: entry.key_place.into(),
                    value,
                });
            }
        }
        Document::new(Value::Map(fields), place)
    }

    fn apply(&self, stack: StackId, call: &Call<'_>, place: Place) -> Document {
        let argument = call.argument;
        match call.name {
            "Ref" => match argument.as_str() {
                Some(name) => self.reference(stack, name, place),
                None => self.malformed("Ref", "the name of a parameter or resource", argument, place),
            },
            "GetAtt" => self.get_att(stack, argument, place),
            "If" => self.choose(stack, argument, place),
            "Sub" => self.substitute(stack, argument, place),
            "Join" => self.join(stack, argument, place),
            "Select" => self.select(stack, argument, place),
            "Split" => self.split(stack, argument, place),
            "FindInMap" => self.find_in_map(stack, argument, place),
            "ImportValue" => self.import(stack, argument, place),
            "Base64" => self.base64(stack, argument, place),
            "GetAZs" => unknown(Why::Pseudo("Fn::GetAZs".into()), place),
            "Cidr" => unknown(Why::Unresolved("Fn::Cidr is computed at deployment".into()), place),
            "ToJsonString" => self.to_json(stack, argument, place),
            "Length" => match self.resolve_argument(stack, argument).value {
                Value::List(items) => Document::new(
                    Value::Scalar {
                        text: Text::literal(items.len().to_string()),
                        quoted: false,
                    },
                    place,
                ),
                _ => unresolved("Fn::Length of a list that is not known", place),
            },
            "Transform" => {
                let name = argument
                    .node()
                    .get("Name")
                    .and_then(Node::as_str)
                    .unwrap_or("Fn::Transform");
                self.gap(
                    GapKind::Unsupported,
                    format!("macro {name} runs only in CloudFormation: what it makes here is not known"),
                    place,
                );
                unknown(Why::Macro(name.into()), place)
            }
            name => {
                self.gap(
                    GapKind::Unsupported,
                    format!("{name} is no intrinsic function that is known here"),
                    place,
                );
                unresolved(&format!("{name} is no known function"), place)
            }
        }
    }

    fn resolve_argument(&self, stack: StackId, argument: Argument<'_>) -> Document {
        match argument {
            Argument::Node(node) => self.resolve(stack, node),
            Argument::Tagged(node) => self.resolve(
                stack,
                &Node {
                    tag: None,
                    ..node.clone()
                },
            ),
        }
    }

    fn malformed(&self, function: &str, expected: &str, found: Argument<'_>, place: Place) -> Document {
        let reason = format!("{function}: expected {expected}, found {}", found.node().describe());
        self.gap(GapKind::Unparsed, reason.as_str(), place);
        unresolved(&reason, place)
    }

    fn reference(&self, stack: StackId, name: &str, place: Place) -> Document {
        if name.starts_with("AWS::") {
            return self.pseudo(name, place);
        }
        if let Some(value) = self.parameter(stack, &Arc::from(name), place) {
            return value;
        }
        if let Some(resident) = self.stack(stack).resources.get(name) {
            return Document::text(Text::attribute(resident.id, "Ref", name), place);
        }
        self.missing(stack, name, place)
    }

    /// A name that no parameter and no existing resource has.
    fn missing(&self, stack: StackId, name: &str, place: Place) -> Document {
        if self.stack(stack).resource(name).is_some() {
            return unresolved(&format!("{name} does not exist in this deployment"), place);
        }
        let reason = format!("{name} is neither a parameter nor a resource of this template");
        self.gap(GapKind::Absent, reason.as_str(), place);
        unresolved(&reason, place)
    }

    fn pseudo(&self, name: &str, place: Place) -> Document {
        let region = self.deployment.region.as_deref();
        let known = match name {
            "AWS::NoValue" => return Document::new(Value::Absent, place),
            "AWS::AccountId" => self.deployment.account.clone(),
            "AWS::Region" => self.deployment.region.clone(),
            "AWS::Partition" => region.map(|region| partition(region).0.to_owned()),
            "AWS::URLSuffix" => region.map(|region| partition(region).1.to_owned()),
            _ => None,
        };
        match known {
            Some(text) => Document::string(&text, place),
            None => Document::text(Text::hole(Why::Pseudo(name.into())), place),
        }
    }

    fn get_att(&self, stack: StackId, argument: Argument<'_>, place: Place) -> Document {
        let (name, attribute) = match (argument.as_str(), argument.items()) {
            (Some(text), _) => match text.split_once('.') {
                Some((name, attribute)) => (name.to_owned(), attribute.to_owned()),
                None => return self.malformed("Fn::GetAtt", "LogicalId.Attribute", argument, place),
            },
            (None, [name, attribute @ ..]) => {
                let parts: Vec<_> = attribute.iter().map(|part| self.resolve(stack, part)).collect();
                let parts: Option<Vec<_>> = parts.iter().map(Document::as_str).collect();
                match (name.as_str(), parts) {
                    (Some(name), Some(parts)) if !parts.is_empty() => (name.to_owned(), parts.join(".")),
                    (Some(_), None) => return unresolved("the attribute that Fn::GetAtt names is not known", place),
                    _ => return self.malformed("Fn::GetAtt", "[LogicalId, Attribute]", argument, place),
                }
            }
            _ => return self.malformed("Fn::GetAtt", "LogicalId.Attribute", argument, place),
        };
        self.attribute(stack, &name, &attribute, place)
    }

    fn attribute(&self, stack: StackId, name: &str, attribute: &str, place: Place) -> Document {
        if let (Some(output), Some(child)) = (attribute.strip_prefix("Outputs."), self.stack(stack).children.get(name))
        {
            return match self
                .stack(*child)
                .root
                .get("Outputs")
                .and_then(|outputs| outputs.get(output)?.get("Value"))
            {
                Some(value) => Document {
                    at: place.into(),
                    ..self.resolve(*child, value)
                },
                None => unresolved(&format!("nested stack {name} has no output {output}"), place),
            };
        }
        match self.stack(stack).resources.get(name) {
            Some(resident) => Document::text(
                Text::attribute(resident.id, attribute, format!("{name}.{attribute}")),
                place,
            ),
            None => self.missing(stack, name, place),
        }
    }

    fn choose(&self, stack: StackId, argument: Argument<'_>, place: Place) -> Document {
        let [condition, then, otherwise] = argument.items() else {
            return self.malformed("Fn::If", "[Condition, then, else]", argument, place);
        };
        let Some(name) = condition.as_str() else {
            return self.malformed("Fn::If", "the name of a condition", Argument::Node(condition), place);
        };
        match self.truth(stack, name, condition.place) {
            Truth::Known { value, by } => {
                let mut chosen = self.resolve(stack, if value { then } else { otherwise });
                if let Some(by) = by {
                    let words = format!("condition {name} is {value} {by}");
                    chosen.by = Some(
                        chosen
                            .by
                            .map_or(words.clone(), |before| format!("{before}; {words}"))
                            .into(),
                    );
                }
                chosen
            }
            Truth::Unknown => {
                let branches = vec![
                    Branch {
                        when: name.into(),
                        value: self.resolve(stack, then),
                    },
                    Branch {
                        when: format!("not {name}").into(),
                        value: self.resolve(stack, otherwise),
                    },
                ];
                Document::new(Value::Choice(branches), place)
            }
        }
    }

    fn substitute(&self, stack: StackId, argument: Argument<'_>, place: Place) -> Document {
        let (text, own) = match (argument.as_str(), argument.items()) {
            (Some(text), _) => (text, &[][..]),
            (None, [text, own]) => match text.as_str() {
                Some(text) => (text, own.entries()),
                None => return self.malformed("Fn::Sub", "a string", Argument::Node(text), place),
            },
            _ => return self.malformed("Fn::Sub", "a string, or [string, map]", argument, place),
        };
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
            let value = match own.iter().find(|entry| &*entry.key == name) {
                Some(entry) => self.resolve(stack, &entry.value),
                None => match name.split_once('.') {
                    Some((name, attribute)) => self.attribute(stack, name, attribute, place),
                    None => self.reference(stack, name, place),
                },
            };
            by.extend(value.by.clone());
            pieces.extend(as_text(&value, name).pieces());
        }
        pieces.extend(dynamic(rest).pieces());
        composed(pieces, by, place)
    }

    fn join(&self, stack: StackId, argument: Argument<'_>, place: Place) -> Document {
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
        composed(pieces, by, place)
    }

    fn select(&self, stack: StackId, argument: Argument<'_>, place: Place) -> Document {
        let [index, list] = argument.items() else {
            return self.malformed("Fn::Select", "[index, list]", argument, place);
        };
        let index = self.resolve(stack, index);
        let list = self.resolve(stack, list);
        let index = index.as_str().and_then(|index| index.trim().parse::<usize>().ok());
        match (index, &list.value) {
            (Some(index), Value::List(items)) => items.get(index).cloned().map_or_else(
                || unresolved(&format!("Fn::Select: the list has no item {index}"), place),
                |item| Document {
                    at: place.into(),
                    by: item.by.or(list.by),
                    ..item
                },
            ),
            _ => Document::text(
                Text::hole(why_of(&list).unwrap_or(Why::Unresolved("Fn::Select of a list that is not known".into()))),
                place,
            ),
        }
    }

    fn split(&self, stack: StackId, argument: Argument<'_>, place: Place) -> Document {
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

    fn find_in_map(&self, stack: StackId, argument: Argument<'_>, place: Place) -> Document {
        let (keys, options) = match argument.items() {
            [map, top, second] => ([map, top, second], None),
            [map, top, second, options] => ([map, top, second], options.get("DefaultValue")),
            _ => return self.malformed("Fn::FindInMap", "[map, key, key]", argument, place),
        };
        let [map, top, second] = keys.map(|key| self.resolve(stack, key));
        let Some(name) = map.as_str() else {
            return unresolved("the map that Fn::FindInMap names is not known", place);
        };
        let Some(table) = self
            .stack(stack)
            .root
            .get("Mappings")
            .and_then(|mappings| mappings.get(name))
        else {
            self.gap(
                GapKind::Absent,
                format!("Fn::FindInMap: {name} is not declared in Mappings"),
                place,
            );
            return unresolved(&format!("mapping {name} is not declared"), place);
        };
        let by: Vec<_> = top.by.iter().chain(&second.by).cloned().collect();
        let mut branches: Vec<(String, Document)> = Vec::new();
        for row in table.entries().iter().filter(|row| may_be(&top, &row.key)) {
            for cell in row.value.entries().iter().filter(|cell| may_be(&second, &cell.key)) {
                branches.push((
                    format!("{name}.{}.{}", row.key, cell.key),
                    self.resolve(stack, &cell.value),
                ));
            }
        }
        let decided = top.as_str().is_some() && second.as_str().is_some();
        if branches.is_empty()
            && let Some(default) = options
        {
            return self.resolve(stack, default);
        }
        match branches.as_mut_slice() {
            [] => unresolved(&format!("mapping {name} has no such key"), place),
            [(_, only)] if decided => Document {
                at: place.into(),
                by: joined(by),
                ..only.clone()
            },
            many => {
                let first = many.first().map(|(_, value)| value.value.clone());
                if options.is_none()
                    && many.iter().all(|(_, value)| Some(&value.value) == first.as_ref())
                    && let Some(value) = first
                {
                    return Document {
                        value,
                        at: place.into(),
                        by: joined(by),
                    };
                }
                if many.len() > MAX_BRANCHES {
                    return Document::text(
                        Text::hole(Why::Unresolved(format!("a value of mapping {name}").into())),
                        place,
                    );
                }
                if let Some(default) = options {
                    branches.push((format!("no key of {name}"), self.resolve(stack, default)));
                }
                let branches = branches.into_iter().map(|(when, value)| Branch {
                    when: when.into(),
                    value,
                });
                Document::new(Value::Choice(branches.collect()), place)
            }
        }
    }

    fn import(&self, stack: StackId, argument: Argument<'_>, place: Place) -> Document {
        let name = self.resolve_argument(stack, argument);
        let Some(name) = name.as_text() else {
            return unresolved("the name that Fn::ImportValue imports is not known", place);
        };
        if let Some(Some((exporter, output))) = name.as_literal().and_then(|name| self.exports.get(name))
            && let Some(value) = self
                .stack(*exporter)
                .root
                .get("Outputs")
                .and_then(|outputs| outputs.get(output)?.get("Value"))
        {
            return Document {
                at: place.into(),
                ..self.resolve(*exporter, value)
            };
        }
        Document::text(Text::hole(Why::Import(name.to_string().into())), place)
    }

    /// Base64 hides nothing from a check: the text itself is kept.
    fn base64(&self, stack: StackId, argument: Argument<'_>, place: Place) -> Document {
        Document {
            at: place.into(),
            ..self.resolve_argument(stack, argument)
        }
    }

    fn to_json(&self, stack: StackId, argument: Argument<'_>, place: Place) -> Document {
        let text = json::written(&self.resolve_argument(stack, argument));
        composed(text.pieces(), Vec::new(), place)
    }
}

fn unknown(why: Why, place: Place) -> Document {
    Document::new(Value::Unknown(why), place)
}

fn unresolved(words: &str, place: Place) -> Document {
    unknown(Why::Unresolved(words.into()), place)
}

fn joined(mut by: Vec<Arc<str>>) -> Option<Arc<str>> {
    by.sort();
    by.dedup();
    (!by.is_empty()).then(|| by.join("; ").into())
}

fn composed(pieces: Vec<Piece>, by: Vec<Arc<str>>, place: Place) -> Document {
    let length: usize = pieces
        .iter()
        .map(|piece| {
            if let Piece::Literal(text) = piece {
                text.len()
            } else {
                1
            }
        })
        .sum();
    if length > MAX_TEXT {
        return Document::text(
            Text::hole(Why::Unresolved("a text longer than CloudFormation accepts".into())),
            place,
        );
    }
    Document {
        by: joined(by),
        ..Document::text(Text::from_pieces(pieces), place)
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

/// Why a value as a whole is not known.
fn why_of(value: &Document) -> Option<Why> {
    match &value.value {
        Value::Unknown(why) => Some(why.clone()),
        Value::Choice(branches) => {
            let words: Vec<_> = branches.iter().take(2).map(|branch| &*branch.when).collect();
            Some(Why::Condition(words.first().copied().unwrap_or("").into()))
        }
        Value::Scalar { text, .. } => text.why().cloned(),
        _ => None,
    }
}

/// Whether a key that may be known only in part may be this one.
fn may_be(key: &Document, candidate: &str) -> bool {
    match &key.value {
        Value::Scalar { text, .. } => match text.as_literal() {
            Some(text) => text == candidate,
            None => candidate.starts_with(text.prefix()) && candidate.ends_with(text.suffix()),
        },
        Value::Choice(branches) => branches.iter().any(|branch| may_be(&branch.value, candidate)),
        _ => true,
    }
}

/// Dynamic references in a text become holes: CloudFormation puts the value there at deployment.
fn dynamic(text: impl AsRef<str> + Into<Arc<str>>) -> Text {
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

/// The partition and URL suffix of a region.
/// Source: AWS CloudFormation user guide, "Pseudo parameters reference".
fn partition(region: &str) -> (&'static str, &'static str) {
    if region.starts_with("cn-") {
        ("aws-cn", "amazonaws.com.cn")
    } else if region.starts_with("us-gov-") {
        ("aws-us-gov", "amazonaws.com")
    } else {
        ("aws", "amazonaws.com")
    }
}
