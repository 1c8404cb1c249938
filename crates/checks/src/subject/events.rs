//! Sources of events and the functions that they trigger.

use crate::context::Context;
use crate::context::relations::{Named, named};
use crate::verdict::judge::evidence;
use maremma_iam::Arn;
use maremma_model::noun::{AnyLink, Forwarding, Trigger, TriggerKind};
use maremma_model::{AnyId, Evidence, Existence, Fact, Function, Id, UnitId};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Whether the trigger may fire.
pub(crate) fn fires(trigger: &Trigger) -> bool {
    trigger.enabled.value() != Some(&false)
}

/// The triggers that a resource feeds, but those that are switched off.
pub(crate) fn fed<'c>(context: &'c Context<'_>, source: AnyId) -> Vec<&'c Trigger> {
    let Some(resource) = context.resource(source) else {
        return Vec::new();
    };
    let triggers = context.relations.triggers_from(resource.unit, &AnyLink::Here(source));
    let triggers = triggers.iter().filter_map(|id| context.estate.triggers.get(*id));
    triggers.filter(|trigger| fires(trigger)).collect()
}

/// Where events go on from one resource to another: from a bucket to a queue, from a topic to one.
pub(crate) struct Onward(HashMap<Named, Vec<Named>>);

impl Onward {
    pub(crate) fn of(context: &Context<'_>) -> Self {
        let mut onward: HashMap<Named, Vec<Named>> = HashMap::new();
        let rows = context.estate.forwardings.values();
        let open = |row: &&Forwarding| {
            row.enabled.value() != Some(&false) && !matches!(row.resource.exists, Existence::OffByDefault(_))
        };
        for row in rows.filter(open) {
            let unit = row.resource.unit;
            for source in row.source.possible().filter_map(|link| named(unit, link)) {
                let targets = row.target.possible().filter_map(|link| named(unit, link));
                onward.entry(source).or_default().extend(targets);
            }
        }
        Onward(onward)
    }

    /// The triggers that a resource feeds, itself or over others, but those that are switched off.
    pub(crate) fn fed<'c>(&self, context: &'c Context<'_>, unit: UnitId, source: &AnyLink) -> Vec<&'c Trigger> {
        let mut places: Vec<Named> = named(unit, source).into_iter().collect();
        let mut seen: HashSet<Named> = places.iter().cloned().collect();
        let mut found = Vec::new();
        while let Some(place) = places.pop() {
            let triggers = context.relations.triggers_from(place.0.unwrap_or(unit), &place.1);
            let triggers = triggers.iter().filter_map(|id| context.estate.triggers.get(*id));
            found.extend(triggers.filter(|trigger| fires(trigger)));
            let next = self.0.get(&place).into_iter().flatten();
            places.extend(next.filter(|next| seen.insert((*next).clone())).cloned());
        }
        found
    }
}

/// The functions of this input that triggers invoke.
pub(crate) fn invoked<'t>(triggers: impl IntoIterator<Item = &'t Trigger>) -> Vec<Id<Function>> {
    let references = triggers.into_iter().flat_map(|trigger| trigger.function.possible());
    let functions = references.filter_map(|reference| reference.function.here());
    functions.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The trigger as further evidence.
pub(crate) fn shown(trigger: &Trigger, says: &str) -> Evidence {
    evidence(&trigger.resource, &trigger.resource.at, says, Fact::Resource)
}

/// What an event source mapping reads in order, record after record, in words; `None` for queues and
/// brokers, and where that is not known.
pub(crate) fn read_in_order(context: &Context<'_>, trigger: &Trigger) -> Option<&'static str> {
    let mapping = trigger.mapping.as_ref()?;
    if !mapping.self_managed_brokers.is_unset() {
        return Some("Kafka topic");
    }
    trigger.source.possible().find_map(|source| match source {
        AnyLink::Here(AnyId::Stream(_)) => Some("stream"),
        AnyLink::Here(AnyId::DataTable(_)) => Some("table's stream"),
        AnyLink::Here(id) => match &*context.resource(*id)?.kind {
            "AWS::Kinesis::StreamConsumer" => Some("stream"),
            "AWS::MSK::Cluster" | "AWS::MSK::ServerlessCluster" => Some("Kafka topic"),
            _ => None,
        },
        AnyLink::Outside(arn) => match Arn::parse(arn)?.service.as_literal()? {
            "kinesis" => Some("stream"),
            "dynamodb" => Some("table's stream"),
            "kafka" => Some("Kafka topic"),
            _ => None,
        },
        AnyLink::Unknown(_) => None,
    })
}

/// Whether the trigger polls the source for the function: by an event source mapping or a pipe.
pub(crate) fn polls(trigger: &Trigger) -> bool {
    matches!(trigger.kind, TriggerKind::EventSourceMapping | TriggerKind::Pipe)
}
