//! The attributes by which events come to a function, and go on from it.

use crate::access::role::functions;
use crate::context::Context;
use crate::subject::events::invoked;
use crate::subject::logs::called_after;
use crate::verdict::answer::Carrier;
use maremma_model::noun::{AnyLink, Forwarding, Trigger, TriggerKind};
use maremma_model::{AnyId, Function, Id, Link, LogGroup, Resource, Setting, Text, UnitId};
use std::collections::{HashMap, HashSet};

/// One such attribute.
pub(crate) struct Flow<'c> {
    pub(crate) carrier: Carrier<'c>,
    pub(crate) attribute: &'static str,
    pub(crate) setting: &'c Setting<AnyLink>,
    /// A sentence that goes on with a place: `Events of orders come from`.
    pub(crate) sentence: String,
    /// Tells the flows of one resource apart.
    pub(crate) detail: String,
    pub(crate) affects: Vec<Id<Function>>,
}

const ON_FAILURE: &str = "DestinationConfig.OnFailure.Destination";
const ON_SUCCESS: &str = "DestinationConfig.OnSuccess.Destination";

/// Every one that concerns a function of the input, whether it is set or not.
pub(crate) fn flows<'c>(context: &'c Context<'_>) -> Vec<Flow<'c>> {
    let estate = context.estate;
    let mut flows = Vec::new();
    for (id, row) in estate.functions.iter() {
        let attribute = ("DeadLetterConfig.TargetArn", &row.dead_letter_target);
        let end = Carrier::of(id, &row.resource);
        flows.push(flow(context, end, attribute, vec![id], "Events that # fails on go to"));
    }
    for (id, row) in estate.invoke_configs.iter() {
        let references = row.function.possible();
        let affects: Vec<_> = references.filter_map(|reference| reference.function.here()).collect();
        let end = || Carrier::of(id, &row.resource);
        let failed = (ON_FAILURE, &row.on_failure);
        flows.push(flow(
            context,
            end(),
            failed,
            affects.clone(),
            "Events that # fails on go to",
        ));
        let done = (ON_SUCCESS, &row.on_success);
        flows.push(flow(context, end(), done, affects, "Results of # go to"));
    }
    let pipes = Pipes::of(context);
    let mut told = HashSet::new();
    for (id, row) in estate.triggers.iter() {
        // A pipe whose enrichment and target are functions is two triggers.
        if row.kind != TriggerKind::Pipe || told.insert(pipe(&row.resource)) {
            of_trigger(context, id, row, &pipes, &mut flows);
        }
    }
    let logs = Logs::of(context);
    for (id, row) in estate.forwardings.iter() {
        flows.extend(of_forwarding(context, id, row, &pipes, &logs));
    }
    flows
}

/// A pipe, as its triggers and forwardings share it.
type Pipe<'c> = (UnitId, &'c str);

fn pipe(resource: &Resource) -> Pipe<'_> {
    (resource.unit, &resource.address)
}

/// The functions of each pipe.
struct Pipes<'c>(HashMap<Pipe<'c>, Vec<Id<Function>>>);

impl<'c> Pipes<'c> {
    fn of(context: &Context<'c>) -> Self {
        let mut pipes: HashMap<Pipe<'c>, Vec<Id<Function>>> = HashMap::new();
        let triggers = context.estate.triggers.values();
        for trigger in triggers.filter(|trigger| trigger.kind == TriggerKind::Pipe) {
            pipes
                .entry(pipe(&trigger.resource))
                .or_default()
                .extend(invoked([trigger]));
        }
        Pipes(pipes)
    }

    fn functions(&self, resource: &Resource) -> Vec<Id<Function>> {
        self.0.get(&pipe(resource)).cloned().unwrap_or_default()
    }
}

/// The functions that write to a log group: by their configuration, or by their name.
#[derive(Default)]
pub(crate) struct Logs {
    configured: HashMap<Id<LogGroup>, Vec<Id<Function>>>,
    by_name: HashMap<(UnitId, Text), Vec<Id<Function>>>,
}

impl Logs {
    pub(crate) fn of(context: &Context<'_>) -> Self {
        let mut logs = Logs::default();
        let prefix = Text::literal("/aws/lambda/");
        for (id, row) in context.estate.functions.iter() {
            let group = &row.logging.log_group;
            if group.is_unset() {
                let name = Text::concat([&prefix, &row.resource.name]);
                logs.by_name.entry((row.resource.unit, name)).or_default().push(id);
            }
            for group in group.possible().filter_map(Link::here) {
                logs.configured.entry(group).or_default().push(id);
            }
        }
        logs
    }

    pub(crate) fn functions(&self, context: &Context<'_>, unit: UnitId, group: &AnyLink) -> Vec<Id<Function>> {
        let by_name = |name: &Text| {
            let mut found = self.by_name.get(&(unit, name.clone())).cloned().unwrap_or_default();
            let called = called_after(name).filter(|function| {
                let row = context.estate.functions.get(*function);
                row.is_some_and(|row| row.logging.log_group.is_unset()) && !found.contains(function)
            });
            found.extend(called);
            found
        };
        match group {
            AnyLink::Here(AnyId::LogGroup(id)) => {
                let name = context.estate.log_groups.get(*id).map(|row| &row.resource.name);
                let mut found = name.map(by_name).unwrap_or_default();
                found.extend(self.configured.get(id).into_iter().flatten());
                found
            }
            AnyLink::Outside(name) => by_name(name),
            _ => Vec::new(),
        }
    }
}

/// `#` in the sentence stands for the functions.
fn flow<'c>(
    context: &Context<'_>,
    carrier: Carrier<'c>,
    (attribute, setting): (&'static str, &'c Setting<AnyLink>),
    affects: Vec<Id<Function>>,
    sentence: &str,
) -> Flow<'c> {
    let whose = match affects.as_slice() {
        [] => "a function outside of this input".to_owned(),
        affects => functions(context, affects),
    };
    Flow {
        carrier,
        attribute,
        setting,
        sentence: sentence.replace('#', &whose),
        detail: attribute.to_owned(),
        affects,
    }
}

fn of_trigger<'c>(
    context: &Context<'_>,
    id: Id<Trigger>,
    row: &'c Trigger,
    pipes: &Pipes<'_>,
    flows: &mut Vec<Flow<'c>>,
) {
    let source = match row.kind {
        TriggerKind::EventSourceMapping => Some("EventSourceArn"),
        TriggerKind::SnsSubscription => Some("TopicArn"),
        TriggerKind::Pipe => Some("Source"),
        _ => None,
    };
    let on_failure = match row.kind {
        TriggerKind::EventSourceMapping => ON_FAILURE,
        TriggerKind::SnsSubscription => "RedrivePolicy",
        _ => "DeadLetterConfig.Arn",
    };
    let affects = || match row.kind {
        TriggerKind::Pipe => pipes.functions(&row.resource),
        _ => invoked([row]),
    };
    let end = || Carrier::of(id, &row.resource);
    if let Some(source) = source {
        let attribute = (source, &row.source);
        flows.push(flow(context, end(), attribute, affects(), "Events of # come from"));
    }
    let attribute = (on_failure, &row.on_failure);
    let mut lost = flow(
        context,
        end(),
        attribute,
        affects(),
        "Events that do not get to # go to",
    );
    // A rule has several targets.
    if let Some(function) = lost.affects.first().filter(|_| row.kind == TriggerKind::EventRule) {
        lost.detail = format!("{on_failure} of {}", context.name(*function));
    }
    flows.push(lost);
}

/// Of what passes events on, the logs of functions and the output of pipes that a function enriches.
fn of_forwarding<'c>(
    context: &Context<'_>,
    id: Id<Forwarding>,
    row: &'c Forwarding,
    pipes: &Pipes<'_>,
    logs: &Logs,
) -> Option<Flow<'c>> {
    let unit = row.resource.unit;
    let (attribute, sentence, affects) = match row.kind {
        TriggerKind::LogSubscription => {
            let groups = row.source.possible();
            let affects = groups.flat_map(|group| logs.functions(context, unit, group)).collect();
            ("DestinationArn", "Logs of # go to", affects)
        }
        TriggerKind::Pipe => ("Target", "Events that # enriches go to", pipes.functions(&row.resource)),
        _ => return None,
    };
    let concerned = !affects.is_empty();
    let end = Carrier::of(id, &row.resource);
    concerned.then(|| flow(context, end, (attribute, &row.target), affects, sentence))
}
