//! Where a template holds values that nobody is to see, whether or not they come to anything: of a branch
//! that is not taken and a resource that does not exist no noun keeps a value, and a report still shows
//! the lines.

use super::template::{Argument, call};
use super::world::World;
use maremma_model::secret::INTERPRETER_HOOKS;
use maremma_model::{Node, NodeValue, Place};

/// Properties whose values may be secrets: all of a map, or a scalar.
const MAPS: [(&str, &str); 4] = [
    ("Environment", "Variables"),
    ("Properties", "Variables"),
    ("Properties", "StageVariables"),
    ("StageDescription", "Variables"),
];
const SCALARS: [&str; 2] = ["SecretString", "EventSourceToken"];

/// The places of such values in all stacks of a run.
pub(super) fn places(world: &World<'_>) -> Vec<Place> {
    let mut found = super::parameter::hidden(world);
    for stack in &world.stacks {
        for section in ["Resources", "Globals"] {
            if let Some(node) = stack.root.get(section) {
                search(node, "", &mut found);
            }
        }
    }
    found.sort();
    found.dedup();
    found
}

fn search(node: &Node, under: &str, found: &mut Vec<Place>) {
    for entry in node.entries() {
        let key = &*entry.key;
        if MAPS.contains(&(under, key)) {
            variables(&entry.value, found);
        } else if SCALARS.contains(&key) {
            values(&entry.value, found);
        } else {
            // What stands in the branches of a choice stands there.
            let call = key.starts_with("Fn::");
            search(&entry.value, if call { under } else { key }, found);
        }
    }
    node.items().iter().for_each(|item| search(item, under, found));
}

fn variables(node: &Node, found: &mut Vec<Place>) {
    if call(node).is_some() || !node.is_map() {
        return match call(node).map(|call| call.argument.items()) {
            Some([_, branches @ ..]) => branches.iter().for_each(|branch| variables(branch, found)),
            _ => values(node, found),
        };
    }
    for entry in node.entries() {
        // What an interpreter acts on is configuration.
        if !INTERPRETER_HOOKS.contains(&&*entry.key) {
            values(&entry.value, found);
        }
    }
}

/// Every scalar of a value, but for names that are referred to.
fn values(node: &Node, found: &mut Vec<Place>) {
    if let Some(call) = call(node) {
        match (call.name, call.argument) {
            ("Ref" | "GetAtt" | "ImportValue" | "FindInMap" | "Condition", _) => {}
            ("If", argument) => argument.items().iter().skip(1).for_each(|branch| values(branch, found)),
            (_, Argument::Node(argument)) => values(argument, found),
            (_, Argument::Tagged(argument)) => inner(argument, found),
        }
    } else {
        inner(node, found);
    }
}

fn inner(node: &Node, found: &mut Vec<Place>) {
    match &node.value {
        NodeValue::Null => {}
        NodeValue::Scalar { .. } => found.push(node.place),
        NodeValue::Seq(items) => items.iter().for_each(|item| values(item, found)),
        NodeValue::Map(entries) => entries.iter().for_each(|entry| values(&entry.value, found)),
    }
}
