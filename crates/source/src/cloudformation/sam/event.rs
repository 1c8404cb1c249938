//! Events: what calls a function or starts a state machine.

mod api;
mod dead_letter;
mod role;
mod rule;
mod schedule;

use super::Sam;
use super::make::Make;
use super::source::{Event, Source};
use maremma_model::{GapKind, Node};

/// What an event hangs on.
#[derive(Clone)]
pub(super) struct Host<'n> {
    pub(super) source: Source<'n>,
    /// What the event invokes or starts: `Ref` of the alias, or the ARN of the function or state machine.
    pub(super) invoked: Node,
    pub(super) what: What,
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
    ("Api", api::rest),
    ("CloudWatchEvent", rule::pattern),
    ("EventBridgeRule", rule::pattern),
    ("HttpApi", api::http),
    ("Schedule", rule::schedule),
    ("ScheduleV2", schedule::schedule),
];

/// Makes what the `Events` of a host cause.
pub(super) fn events(sam: &mut Sam<'_>, host: &Host<'_>) -> Needs {
    let mut needs = Needs::default();
    let written = host.source.property("Events");
    for entry in written.map_or(&[][..], Node::entries) {
        let Some(event) = Event::of(entry) else {
            let reason = format!("event {}: expected a map with a Type", entry.key);
            sam.gap(GapKind::Unparsed, reason, entry.key_place);
            continue;
        };
        match KINDS.iter().find(|(kind, _)| *kind == event.kind) {
            Some((_, make)) => {
                let more = make(sam, host, event);
                needs.managed.extend(more.managed);
                needs.inline.extend(more.inline);
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
