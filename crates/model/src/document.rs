//! A resolved document: the tree after intrinsic functions, with holes where the input decides
//! nothing. Policy documents stay in this form in the estate; `iam` turns them into its own.

use crate::place::Location;
use crate::text::{Text, Why};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Document {
    pub value: Value,
    pub at: Location,
    /// How a value that is not written there came about: `by the default of parameter Stage`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Arc<str>>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Not there: `AWS::NoValue`, or the branch of a choice that leaves the value out.
    Absent,
    Null,
    /// `quoted` tells a string from a plain number or boolean.
    Scalar {
        text: Text,
        quoted: bool,
    },
    List(Vec<Document>),
    Map(Vec<Field>),
    /// Several worlds that the input does not decide between; never empty.
    Choice(Vec<Branch>),
    Unknown(Why),
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Field {
    pub key: Arc<str>,
    pub key_at: Location,
    pub value: Document,
}

/// One world of a choice.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Branch {
    /// The condition in words: `IsProd`, `not IsProd`.
    pub when: Arc<str>,
    pub value: Document,
}

impl Document {
    pub fn new(value: Value, at: impl Into<Location>) -> Self {
        Document {
            value,
            at: at.into(),
            by: None,
        }
    }

    pub fn text(text: Text, at: impl Into<Location>) -> Self {
        Document::new(Value::Scalar { text, quoted: true }, at)
    }

    pub fn string(text: &str, at: impl Into<Location>) -> Self {
        Document::text(Text::literal(text), at)
    }

    pub fn map(fields: Vec<(&str, Document)>, at: impl Into<Location>) -> Self {
        let fields = fields
            .into_iter()
            .map(|(key, value)| Field {
                key: key.into(),
                key_at: value.at.clone(),
                value,
            })
            .collect();
        Document::new(Value::Map(fields), at)
    }

    pub fn get(&self, key: &str) -> Option<&Document> {
        self.fields()
            .iter()
            .find(|field| &*field.key == key)
            .map(|field| &field.value)
    }

    pub fn fields(&self) -> &[Field] {
        match &self.value {
            Value::Map(fields) => fields,
            _ => &[],
        }
    }

    pub fn items(&self) -> &[Document] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The text of a scalar, where this is one.
    pub fn as_text(&self) -> Option<&Text> {
        match &self.value {
            Value::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The scalar, where all of it is known.
    pub fn as_str(&self) -> Option<&str> {
        self.as_text()?.as_literal()
    }

    pub fn is_absent(&self) -> bool {
        matches!(self.value, Value::Absent)
    }
}
