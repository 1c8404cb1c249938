//! What must wait for a connection: resources that use it, and those that say that they depend on it.

use super::super::Sam;
use super::super::make::{Make, named, push, remove, set, slot};
use super::end::End;
use maremma_model::{Entry, Node};
use std::collections::HashMap;
use std::sync::Arc;

/// Lets resources wait for what a connection made, as its profile asks.
pub(super) fn add(sam: &mut Sam<'_>, depended_by: &str, source: &End, destination: &End, made: &[String]) {
    let (Some(source), function) = (&source.logical_id, destination.logical_id.as_deref()) else {
        return;
    };
    let waiting = match depended_by {
        "SOURCE" => Some(source.clone()),
        "DESTINATION_EVENT_SOURCE_MAPPING" => function.and_then(|function| sam.mappings.between(source, function)),
        _ => None,
    };
    let resource = waiting.and_then(|id| sam.made_mut(&id));
    if let Some(list) = resource.and_then(|resource| slot(resource, "DependsOn", |make| make.list(Vec::new()))) {
        for id in made {
            depend(list, id);
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

/// The event source mappings of the template, by what they read from and the function that they call.
#[derive(Default)]
pub(in super::super) struct Mappings(HashMap<Ends, Vec<Arc<str>>>);

/// A source and a function.
type Ends = (Arc<str>, Arc<str>);

impl Mappings {
    /// Those that have been made or kept.
    pub(super) fn of(made: &[Entry]) -> Self {
        let mut mappings = Mappings::default();
        for entry in made {
            let named = |property: &str| named(entry.value.get("Properties")?.get(property)?);
            if entry.value.get("Type").and_then(Node::as_str) == Some("AWS::Lambda::EventSourceMapping")
                && let (Some(source), Some(function)) = (named("EventSourceArn"), named("FunctionName"))
            {
                let between = mappings.0.entry((source, function)).or_default();
                between.push(entry.key.clone());
            }
        }
        mappings
    }

    /// The mapping between a source and a function. Where there are several, the transform leaves them
    /// all as they are.
    fn between(&self, source: &str, function: &str) -> Option<String> {
        match self.0.get(&(source.into(), function.into()))?.as_slice() {
            [only] => Some(only.to_string()),
            _ => None,
        }
    }
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
