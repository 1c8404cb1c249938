//! The APIs of events that name none: made of `Globals`, and of what the hosts of their events share.

use super::super::Sam;
use super::super::make::{self, Make};
use super::super::shared::combined;
use super::routes::Route;
use maremma_model::{Entry, Node};
use std::collections::{BTreeSet, HashMap};

/// The serverless resource that an implicit API is; `None` where no event asks for one. It exists when one
/// of the hosts of its events does.
pub(in super::super) fn resource(
    sam: &mut Sam<'_>,
    id: &str,
    kind: &str,
    globals: &str,
    stage: Option<&str>,
) -> Option<Entry> {
    let routes = sam.routes.of(id);
    // It stands where the first of its events does.
    let place = routes.iter().min_by_key(|route| route.written)?.place;
    let make = Make(place);
    let root = &sam.world.stack(sam.stack).root;
    let written = root.get("Globals").and_then(|all| all.get(globals));
    let mut properties = written.filter(|node| node.is_map()).cloned();
    let properties = properties.get_or_insert_with(|| make.map(Vec::new()));
    make::remove(properties, "DefinitionBody");
    if let Some(stage) = stage {
        make::set(properties, "StageName", make.text(stage));
    }
    let mut resource = make.map(vec![("Type", make.text(kind))]);
    for (attribute, value) in attributes(&routes) {
        make::set(&mut resource, attribute, value);
    }
    propagate_tags(sam, &routes, properties);
    make::set(&mut resource, "Properties", properties.clone());
    let conditions: Option<BTreeSet<&str>> = by_route(&routes).collect();
    let name = format!("{id}Condition");
    if let Some(condition) = conditions.and_then(|all| combined(sam, place, &name, &all)) {
        make::set(&mut resource, "Condition", make.text(&condition));
    }
    Some(Entry {
        key: id.into(),
        key_place: place,
        value: resource,
    })
}

/// The conditions of the hosts of the routes; where two events ask for a route, the last counts.
fn by_route(routes: &[Route]) -> impl Iterator<Item = Option<&str>> {
    let last: HashMap<_, _> = routes
        .iter()
        .map(|route| ((&route.path, &route.method), route.condition.as_deref()))
        .collect();
    last.into_values()
}

/// The strongest of the policies on the hosts.
fn attributes(routes: &[Route]) -> Vec<(&'static str, Node)> {
    let strongest = |of: fn(&Route) -> Option<&Node>, ranks: &[&str]| {
        let policies: Vec<&Node> = routes.iter().filter_map(of).collect();
        let found = ranks
            .iter()
            .find_map(|rank| policies.iter().find(|policy| policy.as_str() == Some(*rank)));
        found.map(|&policy| policy.clone())
    };
    let deletion = strongest(|route| route.deletion_policy.as_ref(), &["Retain", "Delete"]);
    let replace = strongest(
        |route| route.update_replace_policy.as_ref(),
        &["Retain", "Snapshot", "Delete"],
    );
    let deletion = deletion.map(|policy| ("DeletionPolicy", policy));
    deletion
        .into_iter()
        .chain(replace.map(|policy| ("UpdateReplacePolicy", policy)))
        .collect()
}

/// Hosts that give their tags to what they are made of give them to the API too.
fn propagate_tags(sam: &Sam<'_>, routes: &[Route], properties: &mut Node) {
    let root = &sam.world.stack(sam.stack).root;
    let resources = root.get("Resources").map_or(&[][..], Node::entries).iter();
    let hosts: HashMap<&str, &Node> = resources.map(|entry| (&*entry.key, &entry.value)).collect();
    let mut ordered: Vec<&Route> = routes.iter().collect();
    ordered.sort_by_key(|route| route.written);
    for route in ordered {
        let Some(&host) = hosts.get(&*route.host) else {
            continue;
        };
        let kind = host
            .get("Type")
            .and_then(Node::as_str)
            .and_then(|kind| kind.rsplit("::").next());
        let globals = kind.and_then(|kind| root.get("Globals")?.get(kind));
        let property = |name: &str| {
            let own = host.get("Properties").and_then(|properties| properties.get(name));
            let own = own.filter(|node| !node.is_null() && node.as_bool() != Some(false));
            own.or_else(|| globals.and_then(|globals| globals.get(name)))
        };
        let propagates = property("PropagateTags").and_then(|node| sam.truth(node)) == Some(true);
        let (Some(tags), true) = (property("Tags"), propagates) else {
            continue;
        };
        if let Some(own) = super::body::map_at(properties, &["Tags"]) {
            for tag in tags.entries() {
                make::set(own, &tag.key, tag.value.clone());
            }
        }
        make::set(properties, "PropagateTags", Make(tags.place).plain("true"));
    }
}
