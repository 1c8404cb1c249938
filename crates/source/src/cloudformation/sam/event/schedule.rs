//! `ScheduleV2`: a schedule of EventBridge Scheduler, which always takes on a role.

use super::super::Sam;
use super::super::handed_on::same;
use super::super::make::Make;
use super::super::source::Event;
use super::dead_letter::dead_letters;
use super::role::{action, role};
use super::{Host, Needs, What};
use maremma_model::{GapKind, Node};

pub(super) fn schedule(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>) -> Needs {
    if event.property("ScheduleExpression").is_none() {
        let reason = format!("event {}: ScheduleExpression is missing", event.id);
        sam.gap(GapKind::Unparsed, reason, event.place);
    }
    let make = Make(event.place);
    let id = host.id(event, "");
    let dead = dead_letters(sam, host, event);
    let role = match event.property("RoleArn") {
        Some(role) => role.clone(),
        None => own_role(sam, host, event, dead.as_ref().map(|dead| &dead.config)),
    };
    let mut target = same(event.properties, &["Input", "RetryPolicy"]);
    target.push(("Arn", host.invoked.clone()));
    target.push(("RoleArn", role));
    target.extend(dead.map(|dead| ("DeadLetterConfig", dead.config)));
    let mut properties = same(
        event.properties,
        &[
            "Description",
            "EndDate",
            "FlexibleTimeWindow",
            "GroupName",
            "KmsKeyArn",
            "Name",
            "ScheduleExpression",
            "ScheduleExpressionTimezone",
            "StartDate",
            "State",
        ],
    );
    let unnamed = event.property("OmitName").and_then(|node| sam.truth(node)) == Some(true);
    if let Some(name) = event.property("Name").filter(|_| unnamed) {
        let reason = format!("event {}: Name is written beside OmitName", event.id);
        sam.gap(GapKind::Unparsed, reason, name.place);
    }
    if event.property("Name").is_none() && !unnamed {
        properties.push(("Name", make.text(&id)));
    }
    if event.property("FlexibleTimeWindow").is_none() {
        properties.push(("FlexibleTimeWindow", make.map(vec![("Mode", make.text("OFF"))])));
    }
    properties.push(("Target", make.map(target)));
    sam.add(host.source, &id, make.resource("AWS::Scheduler::Schedule", properties));
    Needs::default()
}

/// Makes the role that the schedule takes on, and gives its ARN.
fn own_role(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>, dead: Option<&Node>) -> Node {
    let make = Make(event.place);
    let kind = match host.what {
        What::Function => "LambdaPolicy",
        What::StateMachine => "StartExecutionPolicy",
    };
    let mut policies = vec![(host.id(event, kind), action(host), host.invoked.clone())];
    if let Some(queue) = dead.and_then(|config| config.get("Arn")) {
        policies.push((host.id(event, "SQSPolicy"), "sqs:SendMessage", queue.clone()));
    }
    let boundary = event.property("PermissionsBoundary");
    let role = role(sam, host, make, "scheduler.amazonaws.com", policies, boundary);
    let id = host.id(event, "Role");
    sam.add(host.source, &id, role);
    make.get_att(&id, "Arn")
}
