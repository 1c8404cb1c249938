//! From the tree as written to a document: intrinsic functions worked out as far as the input
//! decides them.

mod lookup;
mod text;

use super::condition::{Truth, joined};
use super::template::{Argument, Call, call};
use super::world::{StackId, World};
use crate::site::Site;
use maremma_model::{Branch, Document, Entry, Field, GapKind, Node, NodeValue, Place, Text, Value, Why};
use std::cell::Cell;
use std::sync::Arc;
use text::dynamic;

/// How deep references may lead through parameters, outputs and conditions. The tree itself is
/// bounded by its parser; this bounds what the stacks make of it.
const MAX_DEPTH: usize = 400;
/// How many worlds a value that is looked up or allowed may have before it is only unknown.
pub(super) const MAX_BRANCHES: usize = 40;
/// How many bytes of text weigh as much as a node.
pub(super) const TEXT_WEIGHT: usize = 64;

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
            return self.pseudo(stack, name, place);
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

    fn pseudo(&self, stack: StackId, name: &str, place: Place) -> Document {
        let Site { account, region } = self.site(stack);
        let region = region.as_deref();
        let known = match name {
            "AWS::NoValue" => return Document::new(Value::Absent, place),
            "AWS::AccountId" => account.as_deref().map(str::to_owned),
            "AWS::Region" => region.map(str::to_owned),
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
            // AWS::LanguageExtensions lets a function name the resource, too.
            (None, [name, attribute @ ..]) => {
                let name = self.resolve(stack, name);
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
            let value = self.output(*child, output, place);
            return value.unwrap_or_else(|| unresolved(&format!("nested stack {name} has no output {output}"), place));
        }
        match self.stack(stack).resources.get(name) {
            Some(resident) => Document::text(
                Text::attribute(resident.id, attribute, format!("{name}.{attribute}")),
                place,
            ),
            None => self.missing(stack, name, place),
        }
    }

    /// The value of an output as seen at `place`; `None` where there is no such output.
    fn output(&self, stack: StackId, name: &str, place: Place) -> Option<Document> {
        let key = (stack, Arc::from(name));
        let known = self.outputs.borrow().get(&key).cloned();
        let value = match known {
            Some(Some(value)) => value,
            Some(None) => return Some(unresolved(&format!("output {name} depends on itself"), place)),
            None => {
                let written = self.declared(stack, "Outputs", name)?.get("Value")?;
                self.outputs.borrow_mut().insert(key.clone(), None);
                let value = self.resolve(stack, written);
                if self.deciding.get() {
                    // It may hold what is to be seen by conditions only.
                    self.outputs.borrow_mut().remove(&key);
                } else {
                    self.outputs.borrow_mut().insert(key, Some(value.clone()));
                }
                value
            }
        };
        if !self.repeat(weight(&value).saturating_sub(1), place) {
            return Some(unresolved(&format!("output {name} is repeated too often"), place));
        }
        Some(Document {
            at: place.into(),
            ..value
        })
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
                    chosen.by = joined(chosen.by.into_iter().chain([words.into()]).collect(), "; ");
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
}

fn unknown(why: Why, place: Place) -> Document {
    Document::new(Value::Unknown(why), place)
}

fn unresolved(words: &str, place: Place) -> Document {
    unknown(Why::Unresolved(words.into()), place)
}

/// How much memory a value takes, in nodes.
pub(super) fn weight(value: &Document) -> usize {
    let inner: usize = match &value.value {
        Value::Scalar {
            text: Text::Holed(pieces),
            ..
        } => pieces.len(),
        Value::List(items) => items.iter().map(weight).sum(),
        Value::Map(fields) => fields.iter().map(|field| weight(&field.value)).sum(),
        Value::Choice(branches) => branches.iter().map(|branch| weight(&branch.value)).sum(),
        Value::Absent | Value::Null | Value::Unknown(_) | Value::Scalar { .. } => 0,
    };
    1 + inner
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

/// The partition and URL suffix of a region.
/// Source: AWS CloudFormation user guide, "Pseudo parameters reference".
pub(super) fn partition(region: &str) -> (&'static str, &'static str) {
    if region.starts_with("cn-") {
        ("aws-cn", "amazonaws.com.cn")
    } else if region.starts_with("us-gov-") {
        ("aws-us-gov", "amazonaws.com")
    } else {
        ("aws", "amazonaws.com")
    }
}
