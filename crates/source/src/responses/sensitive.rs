//! Where answers hold values that nobody is to see, whether or not they come to anything.

use maremma_model::secret::INTERPRETER_HOOKS;
use maremma_model::{Node, NodeValue, Place};

/// Maps of variables; the values of those that an interpreter acts on are configuration.
const VARIABLES: &[&str] = &["Variables", "variables", "StageVariables", "stageVariables"];

/// Scalars. A link to code is signed, and lets whoever has it fetch the code.
/// Source: AWS Lambda API reference, "FunctionCodeLocation".
const SCALARS: &[&str] = &[
    "ClientSecret",
    "EventSourceToken",
    "Location",
    "MasterUserPassword",
    "SecretString",
];

/// The key of a policy's condition whose value is a secret.
const TOKEN: &str = "EventSourceToken";

pub(super) fn places(root: &Node) -> Vec<Place> {
    let mut found = Vec::new();
    search(root, &mut found);
    found
}

fn search(node: &Node, found: &mut Vec<Place>) {
    for entry in node.entries() {
        let key = &*entry.key;
        if VARIABLES.contains(&key) {
            let values = entry.value.entries().iter();
            let values = values.filter(|variable| !INTERPRETER_HOOKS.contains(&&*variable.key));
            values.for_each(|variable| all(&variable.value, found));
        } else if SCALARS.contains(&key) {
            all(&entry.value, found);
        } else {
            search(&entry.value, found);
        }
    }
    node.items().iter().for_each(|item| search(item, found));
    if let NodeValue::Scalar { text, .. } = &node.value
        && text.contains(TOKEN)
    {
        found.push(node.place);
    }
}

fn all(node: &Node, found: &mut Vec<Place>) {
    match &node.value {
        NodeValue::Null => {}
        NodeValue::Scalar { .. } => found.push(node.place),
        NodeValue::Seq(items) => items.iter().for_each(|item| all(item, found)),
        NodeValue::Map(entries) => entries.iter().for_each(|entry| all(&entry.value, found)),
    }
}
