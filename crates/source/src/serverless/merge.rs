//! `resources`: CloudFormation of the service's own, merged into what the framework makes.

use super::service::{Service, entries};
use crate::cloudformation::{call, make, make::Make};
use maremma_model::{Entry, GapKind, Node, NodeValue};
use std::collections::HashMap;
use std::sync::Arc;

/// What an extension of a resource that the framework makes may replace.
const REPLACED: [&str; 5] = [
    "Condition",
    "CreationPolicy",
    "DeletionPolicy",
    "UpdatePolicy",
    "UpdateReplacePolicy",
];

/// Merges one or several maps into one: `functions` and `resources` may be lists of maps.
pub(super) fn one_map(service: &mut Service<'_>, what: &str, written: Node) -> Node {
    if written.is_map() && call(&written).is_none() {
        return written;
    }
    if call(&written).is_some() || !matches!(written.value, NodeValue::Seq(_)) {
        if !written.is_null() {
            let reason = format!("{what}: expected a map, or a list of maps: what is in it is not known");
            service.gap(GapKind::Unparsed, reason, written.place);
        }
        return Node::map(Vec::new(), written.place);
    }
    let mut maps = vec![Node::map(Vec::new(), written.place)];
    for item in written.items() {
        if item.is_null() {
            continue;
        }
        if !item.is_map() || call(item).is_some() {
            let reason = format!("{what}: a part of the list is no map: what is in it is not known");
            service.gap(GapKind::Unparsed, reason, item.place);
            continue;
        }
        maps.push(item.clone());
    }
    merged(maps)
}

/// Values one over the other: maps by their keys, lists by the numbers of their items; anything else replaces what
/// was there. All at once, so that a long list of short maps takes no longer than it is.
pub(super) fn merged(mut nodes: Vec<Node>) -> Node {
    let kind = |node: &Node| match (&node.value, &node.tag) {
        (NodeValue::Map(_), None) => 1,
        (NodeValue::Seq(_), None) => 2,
        _ => 0,
    };
    let kinds: Vec<i32> = nodes.iter().map(kind).collect();
    // The last one that replaces what is before it.
    let first = kinds
        .windows(2)
        .rposition(|pair| matches!(pair, [a, b] if a != b || *b == 0));
    let nodes: Vec<Node> = nodes.drain(first.map_or(0, |at| at + 1)..).collect();
    let place = nodes.first().map(|node| node.place).unwrap_or_default();
    if nodes.len() < 2 {
        return nodes
            .into_iter()
            .next()
            .unwrap_or_else(|| Node::new(NodeValue::Null, place));
    }
    let mut groups: Vec<(Option<Entry>, Vec<Node>)> = Vec::new();
    let mut places: HashMap<Arc<str>, usize> = HashMap::new();
    let maps = kinds.last() == Some(&1);
    for node in nodes {
        match node.value {
            NodeValue::Map(entries) => {
                for entry in entries {
                    let head = Entry {
                        value: Node::new(NodeValue::Null, entry.key_place),
                        ..entry.clone()
                    };
                    let at = *places.entry(entry.key).or_insert(groups.len());
                    match groups.get_mut(at) {
                        Some((_, values)) => values.push(entry.value),
                        None => groups.push((Some(head), vec![entry.value])),
                    }
                }
            }
            NodeValue::Seq(items) => {
                for (at, item) in items.into_iter().enumerate() {
                    match groups.get_mut(at) {
                        Some((_, values)) => values.push(item),
                        None => groups.push((None, vec![item])),
                    }
                }
            }
            NodeValue::Null | NodeValue::Scalar { .. } => {}
        }
    }
    if maps {
        let entries = groups.into_iter().filter_map(|(head, values)| {
            Some(Entry {
                value: merged(values),
                ..head?
            })
        });
        return Node::map(entries.collect(), place);
    }
    Node::seq(groups.into_iter().map(|(_, values)| merged(values)).collect(), place)
}

/// The template: what has been made, with the service's own resources and extensions merged in.
pub(super) fn template(service: &mut Service<'_>, resources: Node) -> Node {
    let place = service.place;
    let made = std::mem::take(&mut service.made);
    let parameters = service.open.section(place);
    let sections = vec![
        Entry::new("Parameters", parameters),
        Entry::new("Resources", Node::map(made, place)),
    ];
    let made = Node::map(sections, place);
    let mut own = resources;
    let extensions = make::remove(&mut own, "extensions");
    flatten(service, &mut own);
    let mut template = merged(vec![made, own]);
    if let Some(extensions) = extensions {
        extend(service, &mut template, &extensions);
    }
    template
}

/// A resource whose type is a variable must have one: by the defaults of variables.
fn flatten(service: &mut Service<'_>, own: &mut Node) {
    if own.get("Parameters").is_some_and(|parameters| !parameters.is_map()) {
        make::remove(own, "Parameters");
    }
    let Some(resources) = make::get_mut(own, "Resources") else {
        return;
    };
    if !resources.is_map() || call(resources).is_some() {
        let reason = "resources.Resources: expected a map: what is in it is not known";
        service.gap(GapKind::Unparsed, reason, resources.place);
        *resources = Node::map(Vec::new(), resources.place);
        return;
    }
    let NodeValue::Map(entries) = &mut resources.value else {
        return;
    };
    for resource in entries {
        for key in ["Type", "Condition"] {
            let Some(written) = make::get_mut(&mut resource.value, key) else {
                continue;
            };
            if written.as_str().is_none()
                && let Some(text) = service.text(written)
            {
                *written = Node::string(&text, written.place);
            }
        }
    }
}

fn extend(service: &mut Service<'_>, template: &mut Node, extensions: &Node) {
    for extension in entries(extensions) {
        let resource = make::get_mut(template, "Resources").and_then(|all| make::get_mut(all, &extension.key));
        let Some(resource) = resource else {
            let reason = format!("extensions: {} is no resource that the framework makes", extension.key);
            service.gap(GapKind::Absent, reason, extension.key_place);
            continue;
        };
        for attribute in entries(&extension.value) {
            let key = &*attribute.key;
            if REPLACED.contains(&key) {
                make::set(resource, key, attribute.value.clone());
            } else if matches!(key, "Properties" | "Metadata") {
                let Some(slot) = make::slot(resource, key, |make: Make| make.map(Vec::new())) else {
                    continue;
                };
                // Properties replace those of the same name, whole.
                for entry in entries(&attribute.value) {
                    make::set(slot, &entry.key, entry.value.clone());
                }
            } else if key != "DependsOn" {
                let reason = format!("extensions: {key} is nothing that the framework extends");
                service.gap(GapKind::Unsupported, reason, attribute.key_place);
            }
        }
    }
}
