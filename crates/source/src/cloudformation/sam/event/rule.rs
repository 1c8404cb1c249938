//! `Schedule`, `CloudWatchEvent` and `EventBridgeRule`: a rule of EventBridge with the host as its target.

use super::super::Sam;
use super::super::handed_on::{properties, same};
use super::super::make::Make;
use super::super::source::Event;
use super::dead_letter::{DeadLetters, dead_letters, queue_policy};
use super::permission::permit;
use super::role::{action, role};
use super::{Host, Needs, What};
use maremma_model::{GapKind, Node};

/// The longest id that a target may have.
const LONGEST_TARGET: usize = 64;

/// `CloudWatchEvent` and `EventBridgeRule`.
pub(super) fn pattern(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>) -> Needs {
    let names = [
        ("Pattern", "EventPattern"),
        ("EventBusName", "EventBusName"),
        ("RuleName", "Name"),
    ];
    rule(sam, host, event, "Pattern", &names)
}

pub(super) fn schedule(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>) -> Needs {
    let names = [
        ("Schedule", "ScheduleExpression"),
        ("Name", "Name"),
        ("Description", "Description"),
    ];
    rule(sam, host, event, "Schedule", &names)
}

fn rule(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>, required: &str, names: &[(&str, &'static str)]) -> Needs {
    if event.property(required).is_none() {
        let reason = format!("event {}: {required} is missing", event.id);
        sam.gap(GapKind::Unparsed, reason, event.place);
    }
    let make = Make(event.place);
    let id = host.id(event, "");
    let dead = dead_letters(sam, host, event);
    let target = target(sam, host, event, &id, dead.as_ref());
    let mut made = properties(event.properties, names);
    made.extend(state(event).map(|state| ("State", state)));
    made.push(("Targets", make.list(vec![target])));
    sam.add(host.source, &id, make.resource("AWS::Events::Rule", made));
    if let Some(queue) = dead.and_then(|dead| dead.queue) {
        queue_policy(sam, host, event, &id, &queue);
    }
    match host.what {
        What::Function => {
            let narrowed = vec![("SourceArn", make.get_att(&id, "Arn"))];
            permit(sam, host, event, "events.amazonaws.com", narrowed);
        }
        What::StateMachine if event.property("RoleArn").is_none() => starter(sam, host, event),
        What::StateMachine => {}
    }
    Needs::default()
}

/// `State`, or what `Enabled` means: only a plain `false` disables the rule.
fn state(event: Event<'_>) -> Option<Node> {
    if let Some(state) = event.property("State") {
        return Some(state.clone());
    }
    let enabled = event.property("Enabled")?;
    let off = enabled.as_str().and_then(maremma_model::text::parse_bool) == Some(false);
    Some(Make(enabled.place).text(if off { "DISABLED" } else { "ENABLED" }))
}

fn target(sam: &Sam<'_>, host: &Host<'_>, event: Event<'_>, id: &str, dead: Option<&DeadLetters>) -> Node {
    let make = Make(event.place);
    let own = event
        .property("Target")
        .and_then(|target| target.get("Id"))
        .filter(|id| !id.is_null());
    let mut target = same(
        event.properties,
        &["Input", "InputPath", "InputTransformer", "RetryPolicy"],
    );
    target.push(("Arn", host.invoked.clone()));
    target.push((
        "Id",
        own.cloned().unwrap_or_else(|| make.text(&target_id(host.what, id))),
    ));
    target.extend(dead.map(|dead| ("DeadLetterConfig", dead.config.clone())));
    if host.what == What::StateMachine {
        let role = match event.property("RoleArn") {
            Some(role) => role.clone(),
            None => make.get_att(&host.id(event, "Role"), "Arn"),
        };
        target.push(("RoleArn", role));
    }
    if event.property("Target").is_some_and(|target| !target.is_map()) {
        let reason = format!("event {}: Target: expected a map with an Id", event.id);
        sam.gap(GapKind::Unparsed, reason, make.0);
    }
    make.map(target)
}

fn target_id(what: What, id: &str) -> String {
    let suffix = match what {
        What::Function => "LambdaTarget",
        What::StateMachine => "StepFunctionsTarget",
    };
    let kept = id.chars().take(LONGEST_TARGET - suffix.len());
    kept.chain(suffix.chars()).collect()
}

/// Makes the role by which the rule starts the state machine.
fn starter(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>) {
    let id = host.id(event, "Role");
    let policy = (format!("{id}StartExecutionPolicy"), action(host), host.invoked.clone());
    let boundary = host.source.property("PermissionsBoundary");
    let make = Make(event.place);
    let role = role(sam, host, make, "events.amazonaws.com", vec![policy], boundary);
    sam.add(host.source, &id, role);
}
