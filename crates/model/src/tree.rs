//! The spanned document tree: YAML or JSON as it was written, before anything is resolved.

use crate::place::Place;
use std::sync::Arc;

/// One node of a parsed file. Scalars keep the text that was written and whether it was quoted, so
/// that `012345678901` stays an account id and `2012-10-17` a version; a reader decides what a plain
/// scalar means where it is used. Tags (`!Sub`) stay on the node.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub value: NodeValue,
    /// The YAML tag without its `!`: `Ref`, `GetAtt`, `Sub`.
    pub tag: Option<Arc<str>>,
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq)]
pub enum NodeValue {
    Null,
    /// `quoted` is true for JSON strings and for quoted or block YAML scalars.
    Scalar {
        text: Arc<str>,
        quoted: bool,
    },
    Seq(Vec<Node>),
    /// Entries in the order written. A duplicate key has been reported by the parser, and the last
    /// one is kept.
    Map(Vec<Entry>),
}

/// A key with its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub key: Arc<str>,
    pub key_place: Place,
    pub value: Node,
}

impl Entry {
    pub fn new(key: &str, value: Node) -> Self {
        Entry {
            key: key.into(),
            key_place: value.place,
            value,
        }
    }
}

impl Node {
    pub fn new(value: NodeValue, place: Place) -> Self {
        Node {
            value,
            tag: None,
            place,
        }
    }

    /// A string scalar, as a generated node needs it.
    pub fn string(text: &str, place: Place) -> Self {
        Node::new(
            NodeValue::Scalar {
                text: text.into(),
                quoted: true,
            },
            place,
        )
    }

    /// A plain scalar: a number or a boolean.
    pub fn plain(text: &str, place: Place) -> Self {
        Node::new(
            NodeValue::Scalar {
                text: text.into(),
                quoted: false,
            },
            place,
        )
    }

    pub fn seq(items: Vec<Node>, place: Place) -> Self {
        Node::new(NodeValue::Seq(items), place)
    }

    pub fn map(entries: Vec<Entry>, place: Place) -> Self {
        Node::new(NodeValue::Map(entries), place)
    }

    /// The value of `key`, where this is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of `key`, where this is a map that has it.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| &*entry.key == key)
    }

    /// The entries of a map; of anything else none.
    pub fn entries(&self) -> &[Entry] {
        match &self.value {
            NodeValue::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a sequence; of anything else none.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            NodeValue::Seq(items) => items,
            _ => &[],
        }
    }

    /// The text of an untagged scalar, quoted or plain.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            NodeValue::Scalar { text, .. } if self.tag.is_none() => Some(text),
            _ => None,
        }
    }

    /// `true` or `false`, written plain or as a string, as CloudFormation accepts both.
    pub fn as_bool(&self) -> Option<bool> {
        crate::text::parse_bool(self.as_str()?)
    }

    /// How many nodes this is, itself and all keys' values included.
    pub fn size(&self) -> usize {
        let inner: usize = match &self.value {
            NodeValue::Seq(items) => items.iter().map(Node::size).sum(),
            NodeValue::Map(entries) => entries.iter().map(|entry| entry.value.size()).sum(),
            NodeValue::Null | NodeValue::Scalar { .. } => 0,
        };
        1 + inner
    }

    pub fn is_map(&self) -> bool {
        matches!(self.value, NodeValue::Map(_))
    }

    pub fn is_null(&self) -> bool {
        matches!(self.value, NodeValue::Null)
    }

    /// What kind of value this is, in the words of an error message.
    pub fn describe(&self) -> &'static str {
        match &self.value {
            NodeValue::Null => "null",
            NodeValue::Scalar { quoted: true, .. } => "a string",
            NodeValue::Scalar { .. } => "a scalar",
            NodeValue::Seq(_) => "a list",
            NodeValue::Map(_) => "a map",
        }
    }
}
