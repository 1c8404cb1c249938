//! `schedule`: a rule of EventBridge, or a schedule of EventBridge Scheduler.

use super::super::service::{Service, deep, handed, listed};
use super::Event;
use super::mapping::in_json;
use super::rule;
use crate::cloudformation::make::Make;
use maremma_model::Node;

pub(super) fn schedule(service: &mut Service<'_>, event: Event<'_>) {
    let Some(rates) = event.main("rate") else {
        return event.missing(service, "rate");
    };
    let method = event.part("method").and_then(|method| service.text(method));
    for rate in listed(&rates) {
        let number = service.next_schedule(event.number);
        if method.as_deref() == Some("scheduler") {
            of_scheduler(service, event, rate, number);
        } else {
            let id = event.id(&format!("EventsRuleSchedule{number}"));
            let special = vec![("ScheduleExpression", rate)];
            rule::rule(
                service,
                event,
                &id,
                special,
                format!("LambdaPermissionEventsRuleSchedule{number}"),
            );
        }
    }
}

fn of_scheduler(service: &mut Service<'_>, event: Event<'_>, rate: Node, number: usize) {
    let at = event.at();
    let own = event.part("roleArn").cloned();
    let taken_on = service
        .made(&event.function.id())
        .and_then(|function| deep(function, &["Properties", "Role"]).cloned());
    let role = own.or(taken_on).unwrap_or_else(|| at.text(""));
    let mut target = vec![("Arn", event.function.target(at)), ("RoleArn", role)];
    if let Some(input) = event.part("input") {
        let input = if input.is_map() { in_json(input) } else { input.clone() };
        target.push(("Input", input));
    }
    let window = at.map(vec![("Mode", at.text("OFF"))]);
    let mut properties = vec![
        ("ScheduleExpression", rate),
        ("State", rule::state(service, event)),
        ("Target", at.map(target)),
        ("FlexibleTimeWindow", window),
    ];
    let names = [
        ("name", "Name"),
        ("groupName", "GroupName"),
        ("description", "Description"),
        ("timezone", "ScheduleExpressionTimezone"),
    ];
    properties.extend(handed(event.node, &names));
    let id = event.id(&format!("SchedulerSchedule{number}"));
    service.add_for(event.function, &id, at.resource("AWS::Scheduler::Schedule", properties));
    grant(service, event, at);
}

/// The function's role is also the schedule's: Scheduler takes it on to invoke the function.
fn grant(service: &mut Service<'_>, event: Event<'_>, at: Make) {
    let arn = |end: &str| {
        let text =
            format!("arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:${{AWS::AccountId}}:function:${{Name}}{end}");
        at.sub_with(&text, vec![("Name", event.function.name.clone())])
    };
    let resources = at.list(vec![arn(""), arn(":*")]);
    let statement = at.statement(at.texts(&["lambda:InvokeFunction"]), resources);
    service.grant(event.number, statement, false);
    service.trust(event.number, "scheduler.amazonaws.com");
}
