//! Makes nodes: small words for what the expansion writes.

use crate::cloudformation::template::{Argument, call};
use crate::tree::long_form;
use maremma_model::{Entry, Node, NodeValue, Place};
use serde_json::Value;
use std::sync::Arc;

/// Nodes at one place: the SAM property that causes them.
#[derive(Clone, Copy)]
pub(crate) struct Make(pub(crate) Place);

impl Make {
    pub(crate) fn text(self, text: &str) -> Node {
        Node::string(text, self.0)
    }

    pub(crate) fn plain(self, text: &str) -> Node {
        Node::plain(text, self.0)
    }

    pub(crate) fn list(self, items: Vec<Node>) -> Node {
        Node::seq(items, self.0)
    }

    pub(crate) fn texts(self, items: &[&str]) -> Node {
        self.list(items.iter().map(|item| self.text(item)).collect())
    }

    pub(crate) fn map(self, entries: Vec<(&str, Node)>) -> Node {
        let entries = entries.into_iter().map(|(key, value)| Entry {
            key: key.into(),
            key_place: self.0,
            value,
        });
        Node::map(entries.collect(), self.0)
    }

    pub(crate) fn reference(self, logical_id: &str) -> Node {
        self.map(vec![("Ref", self.text(logical_id))])
    }

    pub(crate) fn get_att(self, logical_id: &str, attribute: &str) -> Node {
        self.map(vec![("Fn::GetAtt", self.texts(&[logical_id, attribute]))])
    }

    pub(crate) fn sub(self, text: &str) -> Node {
        self.map(vec![("Fn::Sub", self.text(text))])
    }

    /// `Fn::Sub` with variables of its own.
    pub(crate) fn sub_with(self, text: &str, variables: Vec<(&str, Node)>) -> Node {
        self.map(vec![("Fn::Sub", self.list(vec![self.text(text), self.map(variables)]))])
    }

    /// A resource of a type with its properties.
    pub(crate) fn resource(self, kind: &str, properties: Vec<(&str, Node)>) -> Node {
        self.map(vec![("Type", self.text(kind)), ("Properties", self.map(properties))])
    }

    /// A policy document of one statement that allows.
    pub(crate) fn allow(self, actions: Node, resource: Node) -> Node {
        self.map(vec![
            ("Version", self.text("2012-10-17")),
            ("Statement", self.list(vec![self.statement(actions, resource)])),
        ])
    }

    /// A statement that allows.
    pub(crate) fn statement(self, actions: Node, resource: Node) -> Node {
        self.map(vec![
            ("Action", actions),
            ("Effect", self.text("Allow")),
            ("Resource", resource),
        ])
    }

    /// The trust of a role in one service.
    pub(crate) fn trust(self, services: &[&str]) -> Node {
        let principal = self.map(vec![("Service", self.texts(services))]);
        let statement = self.map(vec![
            ("Action", self.texts(&["sts:AssumeRole"])),
            ("Effect", self.text("Allow")),
            ("Principal", principal),
        ]);
        self.map(vec![
            ("Version", self.text("2012-10-17")),
            ("Statement", self.list(vec![statement])),
        ])
    }

    /// The ARN of a policy of AWS, in the partition of the deployment.
    pub(crate) fn managed_policy(self, name: &str) -> Node {
        self.sub(&format!("arn:${{AWS::Partition}}:iam::aws:policy/{name}"))
    }
}

/// Sets an entry of a map, in place of one with the same key.
pub(crate) fn set(node: &mut Node, key: &str, value: Node) {
    if !node.is_map() {
        node.value = NodeValue::Map(Vec::new());
        node.tag = None;
    }
    let NodeValue::Map(entries) = &mut node.value else {
        return;
    };
    match entries.iter_mut().find(|entry| &*entry.key == key) {
        Some(entry) => entry.value = value,
        None => entries.push(Entry {
            key: key.into(),
            key_place: value.place,
            value,
        }),
    }
}

/// The value of a key, made where it is missing.
pub(crate) fn slot<'a>(node: &'a mut Node, key: &str, empty: impl FnOnce(Make) -> Node) -> Option<&'a mut Node> {
    if node.get(key).is_none_or(Node::is_null) {
        let made = empty(Make(node.place));
        set(node, key, made);
    }
    get_mut(node, key)
}

pub(crate) fn get_mut<'a>(node: &'a mut Node, key: &str) -> Option<&'a mut Node> {
    let NodeValue::Map(entries) = &mut node.value else {
        return None;
    };
    entries
        .iter_mut()
        .find(|entry| &*entry.key == key)
        .map(|entry| &mut entry.value)
}

pub(crate) fn remove(node: &mut Node, key: &str) -> Option<Node> {
    let NodeValue::Map(entries) = &mut node.value else {
        return None;
    };
    let at = entries.iter().position(|entry| &*entry.key == key)?;
    Some(entries.remove(at).value)
}

/// Appends to a list; a scalar in its place becomes the first item.
pub(crate) fn push(list: &mut Node, item: Node) {
    if let NodeValue::Seq(items) = &mut list.value {
        return items.push(item);
    }
    let first = (!list.is_null()).then(|| list.clone());
    list.tag = None;
    list.value = NodeValue::Seq(first.into_iter().chain([item]).collect());
}

/// A digest of ten hex digits, as the transform appends to logical ids. It need not be the one that
/// AWS computes: nothing refers to it by name.
pub(crate) fn digest(node: &Node) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut feed = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    walk(node, &mut feed);
    format!("{:010x}", hash & 0xff_ffff_ffff)
}

fn walk(node: &Node, feed: &mut impl FnMut(&[u8])) {
    if let Some(tag) = &node.tag {
        feed(tag.as_bytes());
    }
    match &node.value {
        NodeValue::Null => feed(b"~"),
        NodeValue::Scalar { text, .. } => feed(text.as_bytes()),
        NodeValue::Seq(items) => items.iter().for_each(|item| walk(item, feed)),
        NodeValue::Map(entries) => entries.iter().for_each(|entry| {
            feed(entry.key.as_bytes());
            walk(&entry.value, feed);
        }),
    }
    feed(b"\0");
}

/// What a node says, in one form of writing: two nodes that say the same have the same.
pub(crate) fn said(node: &Node) -> String {
    let mut value = long_form(node);
    dot(&mut value);
    value.to_string()
}

/// Writes the path of every `Fn::GetAtt` as text.
fn dot(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(dot),
        Value::Object(fields) => {
            let path = fields.get("Fn::GetAtt").and_then(Value::as_array);
            let parts: Option<Vec<_>> = path.and_then(|parts| parts.iter().map(Value::as_str).collect());
            match parts.map(|parts| parts.join(".")) {
                Some(path) => _ = fields.insert("Fn::GetAtt".to_owned(), Value::String(path)),
                None => fields.values_mut().for_each(dot),
            }
        }
        _ => {}
    }
}

/// The dotted path of `Fn::GetAtt`.
pub(crate) fn attribute(argument: Argument<'_>) -> Option<String> {
    if let Some(text) = argument.as_str() {
        return Some(text.to_owned());
    }
    let parts: Option<Vec<_>> = argument.items().iter().map(Node::as_str).collect();
    parts.map(|parts| parts.join("."))
}

/// The logical id that `Ref` names, in either form.
pub(crate) fn referenced(node: &Node) -> Option<Arc<str>> {
    let call = call(node)?;
    (call.name == "Ref").then(|| call.argument.as_str().map(Arc::from))?
}

/// The logical id that `Ref` or `Fn::GetAtt` names.
pub(crate) fn named(node: &Node) -> Option<Arc<str>> {
    let call = call(node)?;
    match call.name {
        "Ref" => call.argument.as_str().map(Arc::from),
        "GetAtt" => match call.argument.as_str() {
            Some(text) => text.split('.').next().map(Arc::from),
            None => call.argument.items().first()?.as_str().map(Arc::from),
        },
        _ => None,
    }
}

/// The arguments of `Fn::If`: condition, then, else.
pub(crate) fn branches(node: &Node) -> Option<(&str, &Node, &Node)> {
    let call = call(node)?;
    match (call.name, call.argument.items()) {
        ("If", [condition, then, otherwise]) => Some((condition.as_str()?, then, otherwise)),
        _ => None,
    }
}

pub(crate) fn is_call(node: &Node) -> bool {
    call(node).is_some()
}

/// Whether a node is `!Ref AWS::NoValue`.
pub(crate) fn is_no_value(node: &Node) -> bool {
    referenced(node).as_deref() == Some("AWS::NoValue")
}
