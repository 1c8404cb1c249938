//! What event source mappings have in common.

use super::super::service::{Service, part};
use super::Event;
use crate::cloudformation::make::Make;
use maremma_model::Node;

/// What the functions of a network need to be reached by brokers.
const NETWORK: [&str; 6] = [
    "ec2:CreateNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeVpcs",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
];

/// Settings of a mapping under the framework's names.
const SETTINGS: [(&str, &str); 11] = [
    ("batchSize", "BatchSize"),
    ("batchWindow", "MaximumBatchingWindowInSeconds"),
    ("maximumBatchingWindow", "MaximumBatchingWindowInSeconds"),
    ("bisectBatchOnFunctionError", "BisectBatchOnFunctionError"),
    ("enabled", "Enabled"),
    ("maximumRecordAgeInSeconds", "MaximumRecordAgeInSeconds"),
    ("maximumRetryAttempts", "MaximumRetryAttempts"),
    ("parallelizationFactor", "ParallelizationFactor"),
    ("startingPosition", "StartingPosition"),
    ("startingPositionTimestamp", "StartingPositionTimestamp"),
    ("tumblingWindowInSeconds", "TumblingWindowInSeconds"),
];

/// Puts in a mapping with `special` properties and the settings of the event.
pub(super) fn mapping(service: &mut Service<'_>, event: Event<'_>, id: &str, special: Vec<(&str, Node)>) {
    let at = event.at();
    let mut properties = vec![("FunctionName", event.function.target(at))];
    for (key, property) in SETTINGS {
        if let Some(value) = event.part(key) {
            properties.push((property, value.clone()));
        }
    }
    if let Some(kind) = event.part("functionResponseType") {
        properties.push(("FunctionResponseTypes", Make(kind.place).list(vec![kind.clone()])));
    }
    if let Some(patterns) = event.part("filterPatterns") {
        properties.push(("FilterCriteria", filters(patterns)));
    }
    for (property, value) in special {
        if !properties.iter().any(|(known, _)| *known == property) {
            properties.push((property, value));
        }
    }
    let resource = at.resource("AWS::Lambda::EventSourceMapping", properties);
    service.add_for(event.function, &event.id(id), resource);
}

/// Patterns as the mapping takes them: each one a text in JSON.
fn filters(patterns: &Node) -> Node {
    let filter = |pattern: &Node| {
        let at = Make(pattern.place);
        at.map(vec![("Pattern", in_json(pattern))])
    };
    let at = Make(patterns.place);
    at.map(vec![(
        "Filters",
        at.list(patterns.items().iter().map(filter).collect()),
    )])
}

/// A map as a text in JSON.
pub(super) fn in_json(node: &Node) -> Node {
    Make(node.place).map(vec![("Fn::ToJsonString", node.clone())])
}

/// Lets the role do something with what an event reads.
pub(super) fn grant(service: &mut Service<'_>, event: Event<'_>, actions: &[&str], resource: Node, of_plugin: bool) {
    let at = event.at();
    let statement = at.statement(at.texts(actions), at.list(vec![resource]));
    service.grant(event.number, statement, of_plugin);
}

/// Lets the role make network interfaces, by which brokers are reached.
pub(super) fn grant_network(service: &mut Service<'_>, event: Event<'_>) {
    let at = event.at();
    let statement = at.statement(at.texts(&NETWORK), at.text("*"));
    service.grant(event.number, statement, false);
}

/// `destinations.onFailure`: an ARN, or a map with it and its type.
pub(super) fn on_failure(service: &mut Service<'_>, event: Event<'_>) -> Option<Node> {
    let written = event.part("destinations").and_then(|all| part(all, "onFailure"))?;
    let arn = part(written, "arn").unwrap_or(written).clone();
    let kind = service.said(written, "type").or_else(|| service.text(&arn));
    let sns = kind.is_some_and(|kind| kind == "sns" || kind.split(':').nth(2) == Some("sns"));
    let actions: &[&str] = if sns {
        &["sns:Publish"]
    } else {
        &["sqs:ListQueues", "sqs:SendMessage"]
    };
    grant(service, event, actions, arn.clone(), false);
    let at = Make(arn.place);
    Some(at.map(vec![("OnFailure", at.map(vec![("Destination", arn)]))]))
}
