//! A call and what AWS answered, wherever the answer was kept.

use super::operation::Operation;
use maremma_model::{Document, Field, Location, Node, NodeValue, Place, Text, Value};
use std::sync::Arc;

/// A call of one operation.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) account: Arc<str>,
    /// `None` of services that have no region.
    pub(crate) region: Option<Arc<str>>,
    pub(crate) operation: &'static Operation,
    /// What the call was about: a function's name, a role's and a policy's. Empty where that is not known.
    pub(crate) arguments: Vec<Arc<str>>,
    /// From 1 on; 0 where an answer does not say which of several it is.
    pub(crate) page: u32,
}

/// What came of a call.
pub(crate) enum Said {
    Body(Document),
    Error { code: Arc<str> },
}

pub(crate) struct Answer {
    pub(crate) call: Call,
    /// The answer as a whole.
    pub(crate) at: Location,
    pub(crate) said: Said,
}

impl Call {
    pub(crate) fn argument(&self, at: usize) -> Option<&str> {
        self.arguments.get(at).map(|argument| &**argument)
    }

    /// The partition that the region is in.
    pub(super) fn partition(&self) -> &'static str {
        match self.region.as_deref() {
            Some(region) if region.starts_with("cn-") => "aws-cn",
            Some(region) if region.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        }
    }

    /// The call as one would type it.
    pub(super) fn words(&self) -> String {
        let mut words = format!("{} {}", self.operation.service, self.operation.name);
        for argument in &self.arguments {
            words.push(' ');
            words.push_str(argument);
        }
        words
    }
}

/// The longest name of a file or a resource of AWS is shorter.
const MAX_ENCODED: usize = 1 << 20;

/// An answer as a document. `at` says where a value stands: in a file at its place, in a live answer at its path.
pub(crate) fn document(node: &Node, at: &dyn Fn(Place) -> Location) -> Document {
    let value = match &node.value {
        NodeValue::Null => Value::Null,
        NodeValue::Scalar { text, quoted } => Value::Scalar {
            text: Text::literal(decoded(text).unwrap_or_else(|| text.clone())),
            quoted: *quoted,
        },
        NodeValue::Seq(items) => Value::List(items.iter().map(|item| document(item, at)).collect()),
        NodeValue::Map(entries) => {
            let field = |entry: &maremma_model::Entry| Field {
                key: entry.key.clone(),
                key_at: at(entry.key_place),
                value: document(&entry.value, at),
            };
            Value::Map(entries.iter().map(field).collect())
        }
    };
    Document::new(value, at(node.place))
}

/// The policy document that IAM's own answers hold percent-encoded; the CLI decodes them.
/// Source: IAM API reference, "GetRolePolicy".
fn decoded(text: &str) -> Option<Arc<str>> {
    let encoded = text.len() <= MAX_ENCODED && (text.starts_with("%7B") || text.starts_with("%7b"));
    encoded.then(|| super::layout::percent_decoded(text).into())
}
