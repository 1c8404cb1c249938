//! `eventBridge` and `cloudwatchEvent`: a rule of EventBridge with the function as its target.

use super::super::naming;
use super::super::service::{Service, entries, handed};
use super::Event;
use super::mapping::in_json;
use crate::cloudformation::make::Make;
use maremma_model::{Entry, Node};

pub(super) fn cloud_watch(service: &mut Service<'_>, event: Event<'_>) {
    let Some(pattern) = event.part("event").cloned() else {
        return event.missing(service, "event");
    };
    let id = event.id(&format!("EventsRuleCloudWatchEvent{}", event.nth));
    let permission = format!("LambdaPermissionEventsRuleCloudWatchEvent{}", event.nth);
    rule(service, event, &id, vec![("EventPattern", pattern)], permission);
}

pub(super) fn event_bridge(service: &mut Service<'_>, event: Event<'_>) {
    let at = event.at();
    let mut special = handed(
        event.node,
        &[("pattern", "EventPattern"), ("schedule", "ScheduleExpression")],
    );
    if special.is_empty() {
        return event.missing(service, "pattern or schedule");
    }
    let end = format!("-rule-{}", event.index);
    if event.part("name").is_none() {
        let name = service.joined(at, vec![event.function.name.clone(), at.text(&end)]);
        special.push(("Name", name));
    }
    if let Some(bus) = event.part("eventBus").cloned() {
        let text = service.text(&bus);
        match text.as_deref() {
            Some("default") => {}
            Some(text) if text.starts_with("arn") => {
                let name = text.split_once('/').map_or(text, |(_, name)| name);
                special.push(("EventBusName", Make(bus.place).text(name)));
            }
            Some(text) => {
                let id = format!("{}EventBridgeEventBus", naming::normal(text));
                let resource = at.resource("AWS::Events::EventBus", vec![("Name", bus.clone())]);
                service.add(&id, resource);
                special.push(("EventBusName", at.reference(&id)));
            }
            None => special.push(("EventBusName", bus)),
        }
    }
    let stub = match service.text(&event.function.name) {
        Some(name) => format!("{name}{end}"),
        None => format!("{}{end}", event.function.key),
    };
    let id = format!("{}EventBridgeRule", naming::alphanumeric(&stub));
    let permission = format!("EventBridgeLambdaPermission{}", event.index);
    rule(service, event, &id, special, permission);
}

/// Puts in a rule, and the permission by which it invokes the function.
pub(super) fn rule(
    service: &mut Service<'_>,
    event: Event<'_>,
    id: &str,
    special: Vec<(&str, Node)>,
    permission: String,
) {
    let at = event.at();
    let mut properties = handed(event.node, &[("name", "Name"), ("description", "Description")]);
    properties.push(("State", state(service, event)));
    properties.push(("Targets", at.list(vec![target(event)])));
    properties.extend(special);
    service.add_for(event.function, id, at.resource("AWS::Events::Rule", properties));
    let narrowed = vec![("SourceArn", at.get_att(id, "Arn"))];
    event.permit(service, &permission, "events.amazonaws.com", narrowed);
}

/// Only a plain `false` switches a rule off.
pub(super) fn state(service: &Service<'_>, event: Event<'_>) -> Node {
    let enabled = event.part("enabled");
    let at = Make(enabled.map_or(event.place, |node| node.place));
    match enabled {
        Some(enabled) => match service.text(enabled).as_deref() {
            Some("false") => at.text("DISABLED"),
            Some(_) => at.text("ENABLED"),
            None => enabled.clone(),
        },
        None => at.text("ENABLED"),
    }
}

fn target(event: Event<'_>) -> Node {
    let at = event.at();
    let mut target = vec![
        ("Arn", event.function.target(at)),
        ("Id", at.text(&format!("{}-target", event.function.key))),
    ];
    target.extend(handed(event.node, &[("inputPath", "InputPath")]));
    if let Some(input) = event.part("input") {
        let input = if input.is_map() { in_json(input) } else { input.clone() };
        target.push(("Input", input));
    }
    if let Some(transformer) = event.part("inputTransformer") {
        let capital = |entry: &Entry| Entry {
            key: naming::upper_first(&entry.key).into(),
            ..entry.clone()
        };
        let map = Node::map(entries(transformer).iter().map(capital).collect(), transformer.place);
        target.push(("InputTransformer", map));
    }
    if let Some(policy) = event.part("retryPolicy") {
        let names = [
            ("maximumEventAge", "MaximumEventAgeInSeconds"),
            ("maximumRetryAttempts", "MaximumRetryAttempts"),
        ];
        target.push(("RetryPolicy", Make(policy.place).map(handed(policy, &names))));
    }
    if let Some(queue) = event.part("deadLetterQueueArn") {
        target.push(("DeadLetterConfig", Make(queue.place).map(vec![("Arn", queue.clone())])));
    }
    at.map(target)
}
