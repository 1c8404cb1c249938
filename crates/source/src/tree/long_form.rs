//! A tree as JSON, tags in their long form.

use maremma_model::{Node, NodeValue, text::parse_bool};
use serde_json::{Map, Value};

/// The JSON that says the same as a YAML template: `!Sub x` is `{"Fn::Sub": "x"}`. Plain scalars are
/// numbers and booleans where they look like it; an account id with a leading zero stays a string.
pub fn long_form(node: &Node) -> Value {
    let value = match &node.value {
        NodeValue::Null => Value::Null,
        NodeValue::Scalar { text, quoted: true } => Value::String(text.to_string()),
        NodeValue::Scalar { text, quoted: false } => match text.parse::<u64>() {
            Ok(number) if text.len() == 1 || !text.starts_with('0') => number.into(),
            _ => parse_bool(text).map_or_else(|| Value::String(text.to_string()), Value::Bool),
        },
        NodeValue::Seq(items) => Value::Array(items.iter().map(long_form).collect()),
        NodeValue::Map(entries) => {
            let entries = entries
                .iter()
                .map(|entry| (entry.key.to_string(), long_form(&entry.value)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
    };
    let Some(tag) = &node.tag else { return value };
    let value = match value {
        // Only YAML knows the short way to name an attribute.
        Value::String(text) if &**tag == "GetAtt" => text.splitn(2, '.').collect(),
        value => value,
    };
    let name = if matches!(&**tag, "Ref" | "Condition") {
        tag.to_string()
    } else {
        format!("Fn::{tag}")
    };
    Value::Object([(name, value)].into_iter().collect())
}
