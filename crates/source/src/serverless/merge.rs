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
    let mut merged = Node::map(Vec::new(), written.place);
    for item in written.items() {
        if item.is_null() {
            continue;
        }
        if !item.is_map() || call(item).is_some() {
            let reason = format!("{what}: a part of the list is no map: what is in it is not known");
            service.gap(GapKind::Unparsed, reason, item.place);
            continue;
        }
        merge(&mut merged, item.clone());
    }
    merged
}

/// Merges maps and, by their numbers, items of lists; anything else replaces what was there.
pub(super) fn merge(target: &mut Node, source: Node) {
    let both_maps = target.is_map() && source.is_map() && target.tag.is_none() && source.tag.is_none();
    if !both_maps {
        if let (NodeValue::Seq(items), NodeValue::Seq(more), None, None) =
            (&mut target.value, &source.value, &target.tag, &source.tag)
        {
            for (number, item) in more.iter().enumerate() {
                match items.get_mut(number) {
                    Some(known) => merge(known, item.clone()),
                    None => items.push(item.clone()),
                }
            }
        } else {
            *target = source;
        }
        return;
    }
    let (NodeValue::Map(known), NodeValue::Map(more)) = (&mut target.value, source.value) else {
        return;
    };
    let mut places: HashMap<Arc<str>, usize> = HashMap::with_capacity(known.len());
    for (number, entry) in known.iter().enumerate() {
        places.entry(entry.key.clone()).or_insert(number);
    }
    for entry in more {
        match places.get(&entry.key).and_then(|number| known.get_mut(*number)) {
            Some(present) => merge(&mut present.value, entry.value),
            None => {
                places.insert(entry.key.clone(), known.len());
                known.push(entry);
            }
        }
    }
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
    let mut template = Node::map(sections, place);
    let mut own = resources;
    let extensions = make::remove(&mut own, "extensions");
    flatten(service, &mut own);
    merge(&mut template, own);
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
