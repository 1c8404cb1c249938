//! What no call was asked about is not known: the properties that only other calls than those of the run tell.

use super::operation::{Operation, properties};
use super::reading::{Key, Reading, key};
use super::table;
use maremma_model::{AnyId, Document, Value};
use std::collections::BTreeMap;

/// For each type its properties, with the operations that tell each; those that ask for one resource come first.
pub(super) fn tellers() -> BTreeMap<&'static str, BTreeMap<&'static str, Vec<Key>>> {
    let mut types: BTreeMap<&'static str, BTreeMap<&'static str, Vec<Key>>> = BTreeMap::new();
    for operation in table::all() {
        for (cfn, property) in told_by(operation) {
            let tellers = types.entry(cfn).or_default().entry(property).or_default();
            let place = if operation.of.is_empty() { tellers.len() } else { 0 };
            tellers.insert(place, key(operation));
        }
    }
    types
}

/// The types and properties that an operation tells.
pub(super) fn told_by(operation: &Operation) -> impl Iterator<Item = (&'static str, &'static str)> {
    let listed = operation
        .lists
        .iter()
        .flat_map(|(_, shape)| [Some(*shape), shape.other]);
    let listed = listed
        .flatten()
        .flat_map(|shape| properties(shape.properties).map(|(property, _)| (shape.cfn, property)));
    let of = operation.of;
    listed.chain(properties(operation.tells).map(move |(property, _)| (of, property)))
}

/// Parts that are rows of their own: of those that were not asked for no row is made.
const ROWS: &[(&str, &str)] = &[
    ("AWS::S3::Bucket", "NotificationConfiguration"),
    ("AWS::Events::Rule", "Targets"),
    ("AWS::ElasticLoadBalancingV2::TargetGroup", "Targets"),
    ("AWS::VpcLattice::TargetGroup", "Targets"),
    (
        "AWS::KinesisFirehose::DeliveryStream",
        "ExtendedS3DestinationConfiguration",
    ),
    ("AWS::IoT::TopicRule", "TopicRulePayload.Actions"),
    ("AWS::IoT::TopicRule", "TopicRulePayload.ErrorAction"),
];

/// Marks what nobody was asked about.
pub(super) fn fill(reading: &mut Reading<'_>) {
    let types = tellers();
    for at in 0..reading.declared.len() {
        let Some((id, cfn, _)) = reading.declared.get(at).copied() else {
            continue;
        };
        let Some(known) = types.get(cfn) else { continue };
        for (property, by) in known {
            let is_row = ROWS.contains(&(cfn, *property));
            if is_row || by.iter().any(|operation| is_told(reading, id, *operation)) {
                continue;
            }
            let why = reading.errors.why(id, by);
            if let Some(declared) = reading.resources.get_mut(id)
                && !has(&declared.properties, property)
            {
                let unknown = Document::new(Value::Unknown(why), declared.at.clone());
                declared.set(property, unknown);
            }
        }
    }
}

/// Whether an operation has answered of a resource, or of what it is part of.
pub(super) fn is_told(reading: &Reading<'_>, id: AnyId, operation: Key) -> bool {
    let around = reading.within.get(&id);
    reading.told.contains(&(id, operation)) || around.is_some_and(|around| reading.told.contains(&(*around, operation)))
}

/// Whether a property is set at a dotted path.
fn has(document: &Document, path: &str) -> bool {
    let mut found = document;
    for key in path.split('.') {
        let Some(inner) = found.get(key) else {
            return matches!(found.value, Value::Unknown(_));
        };
        found = inner;
    }
    true
}
