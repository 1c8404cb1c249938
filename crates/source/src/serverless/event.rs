//! Events: what calls a function, with the permissions and mappings that the framework makes.

mod alexa;
mod bucket;
mod cloud_front;
mod cognito;
mod http_api;
mod iot;
mod kafka;
mod load_balancer;
mod logs;
mod mapping;
mod mq;
mod queue;
mod rest;
mod rule;
mod schedule;
mod stream;
mod topic;
mod websocket;

use super::service::{Function, Service, part};
use crate::cloudformation::{call, make::Make};
use maremma_model::{GapKind, Node, Place};
use std::collections::HashMap;

/// One event of a function.
#[derive(Clone, Copy)]
pub(super) struct Event<'n> {
    pub(super) function: &'n Function,
    /// The number of the function.
    pub(super) number: usize,
    pub(super) kind: &'n str,
    pub(super) node: &'n Node,
    /// Its key.
    pub(super) place: Place,
    /// Which event of the function it is, from 1.
    pub(super) index: usize,
    /// Which of its kind it is in the function, from 1.
    pub(super) nth: usize,
}

/// Makes what an event causes.
type Maker = fn(&mut Service<'_>, Event<'_>);

/// The kinds of events that stand for themselves. Routes of APIs are gathered first.
const KINDS: &[(&str, Maker)] = &[
    ("activemq", mq::active),
    ("alb", load_balancer::rule),
    ("alexaSkill", alexa::skill),
    ("alexaSmartHome", alexa::smart_home),
    ("cloudFront", cloud_front::association),
    ("cloudwatchEvent", rule::cloud_watch),
    ("cloudwatchLog", logs::subscription),
    ("cognitoUserPool", cognito::trigger),
    ("eventBridge", rule::event_bridge),
    ("iot", iot::rule),
    ("iotFleetProvisioning", iot::provisioning),
    ("kafka", kafka::self_managed),
    ("msk", kafka::msk),
    ("rabbitmq", mq::rabbit),
    ("s3", bucket::notification),
    ("schedule", schedule::schedule),
    ("sns", topic::subscription),
    ("sqs", queue::mapping),
    ("stream", stream::mapping),
];

/// Kinds that make routes of an API.
const ROUTES: [&str; 3] = ["http", "httpApi", "websocket"];

/// Compiles the events of all functions.
pub(super) fn compile(service: &mut Service<'_>) {
    let functions = service.functions.clone();
    let mut routes: [Vec<Event<'_>>; 3] = Default::default();
    for (number, function) in functions.iter().enumerate() {
        let Some(events) = part(&function.node, "events") else {
            continue;
        };
        if call(events).is_some() || events.is_map() || events.as_str().is_some() {
            let what = format!("function {}: events", function.key);
            service.unreadable(&what, "a list", events);
            continue;
        }
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for (at, item) in events.items().iter().enumerate() {
            for event in of_item(service, function, number, at + 1, item, &mut seen) {
                if let Some(kind) = ROUTES.iter().position(|kind| *kind == event.kind) {
                    routes.get_mut(kind).into_iter().for_each(|routes| routes.push(event));
                } else if let Some((_, maker)) = KINDS.iter().find(|(kind, _)| *kind == event.kind) {
                    maker(service, event);
                }
            }
        }
    }
    let [rest, http, websocket] = routes;
    rest::compile(service, &rest);
    http_api::compile(service, &http);
    websocket::compile(service, &websocket);
    cloud_front::finish(service);
}

/// The events that an item of the list is; what is no kind of event is told.
fn of_item<'n>(
    service: &mut Service<'_>,
    function: &'n Function,
    number: usize,
    index: usize,
    item: &'n Node,
    seen: &mut HashMap<&'n str, usize>,
) -> Vec<Event<'n>> {
    let mut found = Vec::new();
    if !item.is_map() || call(item).is_some() {
        let what = format!("an event of function {}", function.key);
        service.unreadable(&what, "a map", item);
        return found;
    }
    for entry in item.entries() {
        let kind: &str = &entry.key;
        let known = ROUTES.contains(&kind) || KINDS.iter().any(|(known, _)| *known == kind);
        if !known {
            let reason = format!(
                "function {}: {kind} is no kind of event that is known here: what it makes is not read",
                function.key
            );
            service.gap(GapKind::Unsupported, reason, entry.key_place);
        } else if entry.value.is_null() {
            let reason = format!(
                "function {}: the event {kind} says nothing: is it indented?",
                function.key
            );
            service.gap(GapKind::Unparsed, reason, entry.key_place);
        } else if service.on(&entry.value) {
            let nth = seen.entry(kind).or_default();
            *nth += 1;
            found.push(Event {
                function,
                number,
                kind,
                node: &entry.value,
                place: entry.key_place,
                index,
                nth: *nth,
            });
        }
    }
    found
}

impl Event<'_> {
    pub(super) fn at(&self) -> Make {
        Make(self.place)
    }

    /// The logical id of what it makes: the function's name, and a suffix.
    pub(super) fn id(&self, suffix: &str) -> String {
        format!("{}{suffix}", self.function.base)
    }

    /// A property of the event, where it is written as a map.
    pub(super) fn part(&self, key: &str) -> Option<&Node> {
        if call(self.node).is_some() {
            return None;
        }
        part(self.node, key)
    }

    /// The property, or the event where it is written as this alone.
    pub(super) fn main(&self, key: &str) -> Option<Node> {
        if self.node.is_map() && call(self.node).is_none() {
            return self.part(key).cloned();
        }
        Some(self.node.clone())
    }

    /// Puts in the permission by which a service may invoke the function.
    pub(super) fn permit(&self, service: &mut Service<'_>, suffix: &str, principal: &str, narrowed: Vec<(&str, Node)>) {
        let at = self.at();
        let permission = self.function.permission(at, at.text(principal), narrowed);
        service.add_for(self.function, &self.id(suffix), permission);
    }

    /// An event without what it needs.
    pub(super) fn missing(&self, service: &mut Service<'_>, property: &str) {
        let reason = format!(
            "function {}: the event {} needs {property}",
            self.function.key, self.kind
        );
        service.gap(GapKind::Unparsed, reason, self.place);
    }
}
