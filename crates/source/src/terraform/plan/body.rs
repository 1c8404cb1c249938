//! The attributes of a planned resource: what is planned, what is known only after it is applied, and what nobody
//! is to see.

use super::configuration::{Configuration, Known};
use crate::terraform::words;
use maremma_model::{Document, Entry, Field, Node, NodeValue, Place, Text, Value, Why};
use std::sync::Arc;

/// Blocks that are optional and computed: what is not written, the provider reads from AWS.
/// Source: provider `hashicorp/aws` 6, the schemas of the types.
const COMPUTED: &[(&str, &str)] = &[
    ("aws_api_gateway_rest_api", "endpoint_configuration"),
    ("aws_alb_listener", "mutual_authentication"),
    ("aws_lambda_function", "ephemeral_storage"),
    ("aws_lambda_function", "logging_config"),
    ("aws_lambda_function", "tracing_config"),
    ("aws_lb_listener", "mutual_authentication"),
    ("aws_s3_bucket", "server_side_encryption_configuration"),
    ("aws_s3_bucket", "versioning"),
];

/// What the body of one resource is made of, beside its values.
pub(super) struct Body<'a> {
    pub(super) known: &'a Known,
    pub(super) configuration: &'a Configuration,
    pub(super) module: &'a str,
    pub(super) index: Option<&'a str>,
    pub(super) ty: &'a str,
    pub(super) address: &'a str,
    /// Whether the expressions at hand are those of the block at hand: of several blocks of a kind it is
    /// not said which is which.
    pub(super) only: bool,
    pub(super) hidden: &'a mut Vec<(Arc<str>, Text)>,
    pub(super) sensitive: &'a mut Vec<Place>,
}

impl Body<'_> {
    /// The value at a path. `unknown`, `sensitive` and `expressions` are the same path in what the plan says
    /// beside the values.
    pub(super) fn of(
        &mut self,
        values: &Node,
        unknown: Option<&Node>,
        sensitive: Option<&Node>,
        expressions: Option<&Node>,
        path: &str,
    ) -> Document {
        if is_true(unknown) {
            return self.unknown(expressions, path, values.place);
        }
        if is_true(sensitive) {
            return self.hidden(values, path);
        }
        let value = match &values.value {
            NodeValue::Null => Value::Absent,
            NodeValue::Scalar { text, quoted } => Value::Scalar {
                text: Text::literal(text.clone()),
                quoted: *quoted,
            },
            NodeValue::Seq(items) => {
                let outer = self.only;
                self.only &= items.len() == 1;
                let inner = items.iter().enumerate().map(|(at, item)| {
                    let expressions = expressions.map(|node| node.items().get(at).unwrap_or(node));
                    self.of(
                        item,
                        nth(unknown, at),
                        nth(sensitive, at),
                        expressions,
                        &format!("{path}[{at}]"),
                    )
                });
                let inner = inner.filter(|item| !item.is_absent()).collect();
                self.only = outer;
                Value::List(inner)
            }
            NodeValue::Map(entries) => {
                Value::Map(self.fields(entries, unknown, sensitive, expressions, path, values.place))
            }
        };
        Document::new(value, values.place)
    }

    fn fields(
        &mut self,
        entries: &[Entry],
        unknown: Option<&Node>,
        sensitive: Option<&Node>,
        expressions: Option<&Node>,
        path: &str,
        place: Place,
    ) -> Vec<Field> {
        let mut fields = Vec::with_capacity(entries.len());
        for entry in entries {
            let key = &*entry.key;
            let value = self.of(
                &entry.value,
                member(unknown, key),
                member(sensitive, key),
                of_key(expressions, key),
                &below(path, key),
            );
            if !value.is_absent() {
                fields.push(Field {
                    key: entry.key.clone(),
                    key_at: entry.key_place.into(),
                    value,
                });
            }
        }
        // What is not known at all is left out of the values.
        for entry in unknown.map_or(&[][..], Node::entries) {
            let absent = !entries.iter().any(|known| known.key == entry.key);
            let key = &*entry.key;
            if absent && holds_true(&entry.value) && !self.is_left_out(expressions, &below(path, key)) {
                fields.push(Field {
                    key: entry.key.clone(),
                    key_at: place.into(),
                    value: self.unknown(of_key(expressions, key), &below(path, key), place),
                });
            }
        }
        fields
    }

    /// Whether AWS decides what nobody wrote, as where only the configuration is read. A plan does not say what
    /// writes a block by `dynamic`, so a block counts only where the provider knows it without being told.
    /// Source: terraform, `internal/command/jsonconfig/expression.go`.
    fn is_left_out(&self, expressions: Option<&Node>, path: &str) -> bool {
        let own = |node: &&Node| matches!(node.value, NodeValue::Map(_)) && !is_whole(node);
        let key = path.rsplit('.').next().unwrap_or(path);
        let written = expressions.filter(own).is_none_or(|node| node.get(key).is_some());
        let block = words::is_block(self.ty, &without_indices(path)) && !COMPUTED.contains(&(self.ty, path));
        self.only && !written && !block
    }

    /// A value that is known after it is applied: where its expression names one resource, it stands for that.
    fn unknown(&self, expression: Option<&Node>, path: &str, place: Place) -> Document {
        let last = path.rsplit('.').next().unwrap_or(path);
        let name = last.split('[').next().unwrap_or(last);
        // Of a list the plan may know some elements; each of the others is one value.
        let list = is_list(name) && !last.ends_with(']');
        let named = expression.map(|expression| {
            self.configuration
                .named(expression, self.module, self.index, self.known)
        });
        let mut named = named.unwrap_or_default();
        let why = || Why::Attribute(format!("{}.{path}", self.address).into());
        if named.is_empty() || !is_reference(name) {
            return Document::new(Value::Unknown(why()), place);
        }
        if named.len() == 1 && !list {
            return match named.pop() {
                Some(text) => Document::text(text, place),
                None => Document::new(Value::Unknown(why()), place),
            };
        }
        if list {
            let items = named.into_iter().map(|text| Document::text(text, place));
            return Document::new(Value::List(items.collect()), place);
        }
        Document::new(Value::Unknown(why()), place)
    }

    /// A value that nobody is to see. Its hole is named after where it stands.
    fn hidden(&mut self, node: &Node, path: &str) -> Document {
        self.sensitive.push(node.place);
        let value = match &node.value {
            NodeValue::Null => Value::Absent,
            NodeValue::Scalar { text, .. } => {
                let name: Arc<str> = format!("{}.{path}", self.address).into();
                self.hidden.push((name.clone(), Text::literal(text.clone())));
                Value::Scalar {
                    text: Text::hole(Why::NoEcho(name)),
                    quoted: true,
                }
            }
            NodeValue::Seq(items) => {
                let items = items.iter().enumerate();
                Value::List(
                    items
                        .map(|(at, item)| self.hidden(item, &format!("{path}[{at}]")))
                        .collect(),
                )
            }
            NodeValue::Map(entries) => {
                let fields = entries.iter().map(|entry| Field {
                    key: entry.key.clone(),
                    key_at: entry.key_place.into(),
                    value: self.hidden(&entry.value, &below(path, &entry.key)),
                });
                Value::Map(fields.collect())
            }
        };
        Document::new(value, node.place)
    }
}

/// Attributes that name resources. Any other may be a text in which a reference is only a part: a plan does not
/// say which.
fn is_reference(name: &str) -> bool {
    const NAMES: [&str; 21] = [
        "role",
        "user",
        "group",
        "roles",
        "bucket",
        "function_name",
        "rule",
        "target_id",
        "topic",
        "topic_arn",
        "arn",
        "resource",
        "endpoint",
        "authorizer_uri",
        "uri",
        "integration_uri",
        "target",
        "source",
        "queue_url",
        "vpc_endpoint",
        "destination",
    ];
    is_list(name) || NAMES.contains(&name) || name.ends_with("_arn") || name.ends_with("_id") || name.ends_with("_name")
}

fn is_list(name: &str) -> bool {
    const NAMES: [&str; 6] = [
        "layers",
        "subnets",
        "security_groups",
        "roles",
        "allowed_triggers",
        "resources",
    ];
    NAMES.contains(&name) || name.ends_with("_arns") || name.ends_with("_ids")
}

fn below(path: &str, key: &str) -> String {
    if path.is_empty() {
        key.to_owned()
    } else {
        format!("{path}.{key}")
    }
}

fn is_true(node: Option<&Node>) -> bool {
    node.is_some_and(|node| node.as_bool() == Some(true))
}

fn holds_true(node: &Node) -> bool {
    node.as_bool() == Some(true)
        || node.items().iter().any(holds_true)
        || node.entries().iter().any(|entry| holds_true(&entry.value))
}

fn nth(node: Option<&Node>, at: usize) -> Option<&Node> {
    node?.items().get(at)
}

fn member<'n>(node: Option<&'n Node>, key: &str) -> Option<&'n Node> {
    node?.get(key)
}

/// The expression of an attribute, or of what is in it where it is written as a whole.
fn of_key<'n>(node: Option<&'n Node>, key: &str) -> Option<&'n Node> {
    let node = node?;
    node.get(key).or(is_whole(node).then_some(node))
}

/// Whether an expression is for the whole value and not of attributes in it.
fn is_whole(node: &Node) -> bool {
    node.get("references").is_some() || node.get("constant_value").is_some()
}

/// The attribute that a path of values leads to: `settings.logging_level` of `settings[0].logging_level`.
fn without_indices(path: &str) -> String {
    let parts = path.split('.').map(|part| part.split('[').next().unwrap_or(part));
    parts.collect::<Vec<_>>().join(".")
}
