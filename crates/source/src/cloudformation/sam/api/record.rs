//! Records of Route 53 for the custom domains of APIs.

use super::super::make::{self, Make};
use super::super::{Sam, source::Source};
use maremma_model::{GapKind, Node};

/// A custom domain, as its records need it.
pub(in super::super) struct Named<'n> {
    /// The property `Domain`.
    pub(in super::super) written: &'n Node,
    /// What the records lead to: `EvaluateTargetHealth` aside, the alias target.
    pub(in super::super) alias: Vec<(&'static str, Node)>,
    /// Whether another API may have records in the same group.
    pub(in super::super) shared: bool,
}

/// The target of the records of a regional domain.
pub(in super::super) fn regional(make: Make, id: &str) -> Vec<(&'static str, Node)> {
    vec![
        ("HostedZoneId", make.get_att(id, "RegionalHostedZoneId")),
        ("DNSName", make.get_att(id, "RegionalDomainName")),
    ]
}

/// Adds the records of a domain to the group of its hosted zone.
pub(in super::super) fn expand(sam: &mut Sam<'_>, source: Source<'_>, domain: &Named<'_>) {
    let Some(route) = domain.written.get("Route53").filter(|node| !node.is_null()) else {
        return;
    };
    let written = |name: &str| route.get(name).filter(|node| !node.is_null());
    let Some(zone) = written("HostedZoneId").or_else(|| written("HostedZoneName")) else {
        let reason = format!("{}: expected HostedZoneId or HostedZoneName", source.id);
        return sam.gap(GapKind::Unparsed, reason, route.place);
    };
    let name = domain.written.get("DomainName");
    let own = written("SeparateRecordSetGroup").and_then(|node| sam.truth(node)) == Some(true);
    let hash = if own {
        sam.hash_of(&[Some(zone), name])
    } else {
        sam.hash(zone)
    };
    let id = format!("RecordSetGroup{hash}");
    let records = records(sam, route, name, domain);
    let present = sam.made_mut(&id).filter(|_| domain.shared && !own);
    let list = present
        .and_then(|group| make::get_mut(group, "Properties"))
        .and_then(|properties| make::get_mut(properties, "RecordSets"));
    if let Some(list) = list {
        return records.into_iter().for_each(|record| make::push(list, record));
    }
    let make = Make(route.place);
    let mut properties = Vec::new();
    for key in ["HostedZoneId", "HostedZoneName"] {
        properties.extend(written(key).map(|zone| (key, zone.clone())));
    }
    properties.push(("RecordSets", make.list(records)));
    sam.add(source, &id, make.resource("AWS::Route53::RecordSetGroup", properties));
}

fn records(sam: &Sam<'_>, route: &Node, name: Option<&Node>, domain: &Named<'_>) -> Vec<Node> {
    let make = Make(route.place);
    let written = |name: &str| route.get(name).filter(|node| !node.is_null());
    let mut alias = domain.alias.clone();
    let health = written("EvaluateTargetHealth").cloned();
    alias.extend(health.map(|health| ("EvaluateTargetHealth", health)));
    let record = |kind: &str| {
        let mut record = Vec::new();
        record.extend(name.map(|name| ("Name", name.clone())));
        record.push(("Type", make.text(kind)));
        record.push(("AliasTarget", make.map(alias.clone())));
        for key in ["Region", "SetIdentifier"] {
            record.extend(written(key).map(|value| (key, value.clone())));
        }
        make.map(record)
    };
    let sixth = written("IpV6").and_then(|node| sam.truth(node)) == Some(true);
    let kinds = if sixth { &["A", "AAAA"][..] } else { &["A"] };
    kinds.iter().map(|kind| record(kind)).collect()
}
