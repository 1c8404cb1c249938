//! What must wait for a connection: resources that use it, and those that say that they depend on it.

use super::super::Sam;
use super::super::make::{Make, named, push, remove, set, slot};
use super::end::End;
use maremma_model::Node;
use std::collections::HashMap;

/// Lets resources wait for what a connection made, as its profile asks.
pub(super) fn add(sam: &mut Sam<'_>, depended_by: &str, source: &End, destination: &End, made: &[String]) {
    let (Some(source), dependents) = (&source.logical_id, Vec::new()) else {
        return;
    };
    let waiting: Vec<String> = match depended_by {
        "SOURCE" => vec![source.clone()],
        "DESTINATION_EVENT_SOURCE_MAPPING" => match &destination.logical_id {
            Some(function) => mappings(sam, source, function),
            None => dependents,
        },
        _ => dependents,
    };
    for id in waiting {
        let Some(resource) = sam.made_mut(&id) else { continue };
        if let Some(list) = slot(resource, "DependsOn", |make| make.list(Vec::new())) {
            for id in made {
                depend(list, id);
            }
        }
    }
}

fn depend(list: &mut Node, id: &str) {
    let known = list.as_str() == Some(id) || list.items().iter().any(|item| item.as_str() == Some(id));
    if !known {
        let item = Make(list.place).text(id);
        push(list, item);
    }
}

/// The event source mappings between a source and a function.
fn mappings(sam: &Sam<'_>, source: &str, function: &str) -> Vec<String> {
    let between = |resource: &Node| {
        let names = |property: &str, id: &str| {
            let value = resource
                .get("Properties")
                .and_then(|properties| properties.get(property));
            value.and_then(named).as_deref() == Some(id)
        };
        resource.get("Type").and_then(Node::as_str) == Some("AWS::Lambda::EventSourceMapping")
            && names("FunctionName", function)
            && names("EventSourceArn", source)
    };
    let found = sam.made.iter().filter(|entry| between(&entry.value));
    found.map(|entry| entry.key.to_string()).collect()
}

/// What depends on a connector depends on all that was made of it.
pub(super) fn replace(sam: &mut Sam<'_>, made: &HashMap<String, Vec<String>>) {
    for entry in &mut sam.made {
        let written = entry.value.get("DependsOn");
        let ids: Vec<String> = written
            .into_iter()
            .flat_map(|node| {
                node.as_str()
                    .into_iter()
                    .chain(node.items().iter().filter_map(Node::as_str))
            })
            .map(str::to_owned)
            .collect();
        if !ids.iter().any(|id| made.contains_key(id)) {
            continue;
        }
        let Some(written) = remove(&mut entry.value, "DependsOn") else {
            continue;
        };
        let make = Make(written.place);
        let mut list = make.list(Vec::new());
        for id in ids.iter().filter(|id| !made.contains_key(*id)) {
            depend(&mut list, id);
        }
        for id in ids.iter().filter_map(|id| made.get(id)).flatten() {
            depend(&mut list, id);
        }
        set(&mut entry.value, "DependsOn", list);
    }
}
