//! Events: what calls a function or starts a state machine.

pub(super) mod api;
mod dead_letter;
mod kafka;
mod permission;
mod pull;
mod push;
mod role;
mod rule;
mod s3;
mod schedule;
mod secret;
mod sns;

use super::Sam;
use super::make::{self, Make};
use super::shape;
use super::source::{Event, Source};
use maremma_model::{GapKind, Node};
use std::collections::HashMap;

/// What an event hangs on.
#[derive(Clone)]
pub(super) struct Host<'n> {
    pub(super) source: Source<'n>,
    /// What the event invokes or starts: `Ref` of the alias, or the ARN of the function or state machine.
    pub(super) invoked: Node,
    pub(super) what: What,
    /// The events that ask for the default route of an HTTP API, by API.
    pub(super) defaults: HashMap<String, Vec<&'n str>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Function,
    StateMachine,
}

/// What an event needs of the role that the transform makes for its host.
#[derive(Default)]
pub(super) struct Needs {
    /// Names of AWS managed policies: `service-role/AWSLambdaSQSQueueExecutionRole`.
    pub(super) managed: Vec<&'static str>,
    /// Inline policies: name and document.
    pub(super) inline: Vec<(String, Node)>,
}

/// Makes what an event of a host causes.
type Maker = fn(&mut Sam<'_>, &Host<'_>, Event<'_>) -> Needs;

/// The kinds of events, and what makes them.
const KINDS: &[(&str, Maker)] = &[
    ("AlexaSkill", push::alexa),
    ("Api", api::rest),
    ("CloudWatchEvent", rule::pattern),
    ("CloudWatchLogs", push::logs),
    ("Cognito", push::cognito),
    ("DocumentDB", pull::document_db),
    ("DynamoDB", pull::dynamo_db),
    ("EventBridgeRule", rule::pattern),
    ("HttpApi", api::http),
    ("IoTRule", push::iot),
    ("Kinesis", pull::kinesis),
    ("MQ", pull::mq),
    ("MSK", kafka::msk),
    ("S3", s3::bucket),
    ("SNS", sns::topic),
    ("SQS", pull::sqs),
    ("Schedule", rule::schedule),
    ("ScheduleV2", schedule::schedule),
    ("SelfManagedKafka", kafka::self_managed),
];

/// Makes what the `Events` of a host cause.
pub(super) fn events(sam: &mut Sam<'_>, host: &Host<'_>) -> Needs {
    let mut needs = Needs::default();
    let written = host.source.property("Events");
    if let Some(node) = written.filter(|node| !node.is_map() || make::is_call(node)) {
        sam.unreadable("Events", "expected a map", node);
    }
    let mut entries: Vec<_> = written.map_or(&[][..], Node::entries).iter().collect();
    if host.what == What::Function {
        // The role has what they need in the order of their names.
        entries.sort_by(|a, b| a.key.cmp(&b.key));
    }
    for entry in entries {
        let Some(event) = Event::of(entry) else {
            let reason = format!("event {}: expected a map with a Type", entry.key);
            sam.gap(GapKind::Unparsed, reason, entry.key_place);
            continue;
        };
        shape::of_event(sam, host.what, event);
        match KINDS.iter().find(|(kind, _)| *kind == event.kind) {
            Some((_, make)) => {
                let more = make(sam, host, event);
                needs.join(more);
            }
            None => {
                let reason = format!(
                    "event {}: {} is no kind of event that is known here",
                    event.id, event.kind
                );
                sam.gap(GapKind::Unsupported, reason, event.place);
            }
        }
    }
    needs
}

impl Needs {
    pub(super) fn join(&mut self, more: Needs) {
        self.managed.extend(more.managed);
        self.inline.extend(more.inline);
    }
}

impl Sam<'_> {
    /// An event without a property that it needs.
    fn missing(&self, event: Event<'_>, property: &str) {
        let reason = format!("event {}: expected {property}", event.id);
        self.gap(GapKind::Unparsed, reason, event.place);
    }
}

impl Host<'_> {
    /// The logical id of what an event makes: the host's and the event's, and a suffix.
    pub(super) fn id(&self, event: Event<'_>, suffix: &str) -> String {
        format!("{}{}{suffix}", self.source.id, event.id)
    }
}

impl Event<'_> {
    /// Makes nodes at a property of the event, or at the event where it is not written.
    pub(super) fn make(self, property: &str) -> Make {
        Make(self.property(property).map_or(self.place, |node| node.place))
    }
}
