//! `cloudwatchLog`: a log group that sends to the function.

use super::super::service::{Service, deep};
use super::Event;
use crate::cloudformation::make::Make;
use maremma_model::Node;

pub(super) fn subscription(service: &mut Service<'_>, event: Event<'_>) {
    let Some(group) = event.main("logGroup") else {
        return event.missing(service, "logGroup");
    };
    let at = event.at();
    let filter = event.part("filter").cloned().unwrap_or_else(|| at.text(""));
    let properties = vec![
        ("LogGroupName", group.clone()),
        ("FilterPattern", filter),
        ("DestinationArn", event.function.target(at)),
    ];
    let id = event.id(&format!("LogsSubscriptionFilterCloudWatchLog{}", event.nth));
    service.add_for(
        event.function,
        &id,
        at.resource("AWS::Logs::SubscriptionFilter", properties),
    );
    // The framework writes one permission for all groups of a function, by what their names have in common.
    let id = event.id("LambdaPermissionLogsSubscriptionFilterCloudWatchLog");
    let groups = common(service, &id, &group);
    let source = at.sub_with(
        "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:${Group}:*",
        vec![("Group", groups)],
    );
    let permission = event.function.permission(
        at,
        at.sub("logs.${AWS::Region}.amazonaws.com"),
        vec![("SourceArn", source)],
    );
    service.add_for(event.function, &id, permission);
}

/// What the names of the function's groups begin with: those that its permission has so far, and this one.
fn common(service: &Service<'_>, id: &str, group: &Node) -> Node {
    let at = Make(group.place);
    let before = service.made(id).and_then(|permission| {
        let arguments = deep(permission, &["Properties", "SourceArn", "Fn::Sub"])?.items();
        service.said(arguments.get(1)?, "Group")
    });
    let (Some(before), Some(text)) = (before, service.text(group)) else {
        return group.clone();
    };
    let before = before.trim_end_matches('*');
    let shared = before.chars().zip(text.chars()).take_while(|(a, b)| a == b);
    let shared: String = shared.map(|(a, _)| a).collect();
    at.text(&format!("{shared}*"))
}
