//! `AWS::Serverless::Connector`, and `Connectors` on any resource: what lets one resource use another.

pub(super) mod depend;
mod end;
mod fill;
mod grant;
#[cfg(test)]
mod tests;

use super::Sam;
use super::make::{self, Make, is_call, set};
pub(super) use end::End;
pub(super) use grant::connect;
use maremma_model::{Entry, GapKind, Node, NodeValue, Place};
use std::collections::HashMap;

pub(super) const KIND: &str = "AWS::Serverless::Connector";

/// What connects a source with its destinations.
pub(super) struct Connector<'n> {
    pub(super) id: String,
    /// The connector as written, whose attributes hold for all that is made of it.
    pub(super) node: Option<&'n Node>,
    /// What the source may do: `Read`, `Write`.
    pub(super) permissions: Vec<String>,
    pub(super) place: Place,
}

/// Makes what connectors grant, when all that they connect has been made.
pub(super) fn expand(sam: &mut Sam<'_>) {
    let mut made: HashMap<String, Vec<String>> = HashMap::new();
    sam.mappings = depend::Mappings::of(&sam.made);
    for entry in sam.resources {
        if entry.value.get("Type").and_then(Node::as_str) == Some(KIND) {
            let id = entry.key.to_string();
            let source = property(&entry.value, "Source").cloned();
            let ids = one(sam, entry, id.clone(), source);
            made.insert(id, ids);
            continue;
        }
        for connector in entry.value.get("Connectors").map_or(&[][..], Node::entries) {
            let id = format!("{}{}", entry.key, connector.key);
            let source = embedded_source(sam, &entry.key, connector);
            let ids = one(sam, connector, id.clone(), Some(source));
            made.insert(id, ids);
        }
        if let Some(resource) = sam.made_mut(&entry.key) {
            make::remove(resource, "Connectors");
        }
    }
    depend::replace(sam, &made);
}

fn property<'n>(connector: &'n Node, name: &str) -> Option<&'n Node> {
    connector.get("Properties")?.get(name).filter(|node| !node.is_null())
}

/// The source of a connector that is written on it.
fn embedded_source(sam: &Sam<'_>, host: &str, connector: &Entry) -> Node {
    let make = Make(connector.key_place);
    let mut source = make.map(vec![("Id", make.text(host))]);
    for entry in property(&connector.value, "SourceReference").map_or(&[][..], Node::entries) {
        if &*entry.key == "Id" {
            let reason = format!(
                "connector {}: the source of an embedded connector is its resource",
                connector.key
            );
            sam.gap(GapKind::Unparsed, reason, entry.key_place);
        } else {
            set(&mut source, &entry.key, entry.value.clone());
        }
    }
    source
}

/// Makes what one connector grants, and gives the logical ids of that.
fn one(sam: &mut Sam<'_>, written: &Entry, id: String, source: Option<Node>) -> Vec<String> {
    let place = written.key_place;
    let (Some(source), Some(destinations)) = (source, property(&written.value, "Destination")) else {
        let reason = format!("connector {id}: expected a Source and a Destination");
        sam.gap(GapKind::Unparsed, reason, place);
        return Vec::new();
    };
    let connector = Connector {
        permissions: permissions(sam, &id, written),
        id,
        node: Some(&written.value),
        place,
    };
    let (list, several) = match &destinations.value {
        NodeValue::Seq(items) if destinations.tag.is_none() => (items.as_slice(), true),
        _ => (std::slice::from_ref(destinations), false),
    };
    let mut made = Vec::new();
    for (at, destination) in list.iter().enumerate() {
        let suffix = if several {
            format!("Destination{at}")
        } else {
            String::new()
        };
        let ends =
            End::read(sam, &source, destination).and_then(|from| Ok((from, End::read(sam, destination, &source)?)));
        match ends {
            Ok((from, to)) => made.extend(connect(sam, &connector, &suffix, &from, &to)),
            Err(reason) => {
                let reason = format!("connector {}: {reason}", connector.id);
                sam.gap(GapKind::Unsupported, reason, destination.place);
            }
        }
    }
    made
}

fn permissions(sam: &Sam<'_>, id: &str, written: &Entry) -> Vec<String> {
    let list = property(&written.value, "Permissions").filter(|list| !is_call(list));
    let items = list.map_or(&[][..], Node::items);
    if items.is_empty() {
        let reason = format!("connector {id}: Permissions: expected a list of Read and Write");
        sam.gap(
            GapKind::Unparsed,
            reason,
            list.map_or(written.key_place, |list| list.place),
        );
    }
    let text = |item: &Node| {
        let text = sam.text(item);
        if text.is_none() {
            let reason = format!("connector {id}: Permissions: it is not known what is permitted");
            sam.gap(GapKind::Unsupported, reason, item.place);
        }
        text.map(|text| text.to_string())
    };
    items.iter().filter_map(text).collect()
}
