//! Connectors: what cannot be connected is told where it is written, and keeps nothing else from being read.

use crate::{Options, expanded, read_texts};
use maremma_model::Node;

const RESOURCES: &str = "Transform: AWS::Serverless-2016-10-31\nResources:\n  Queue: {Type: AWS::SQS::Queue}\n  Loose: {Type: AWS::Lambda::Function, Properties: {Role: 'arn:aws:iam::123456789012:role/loose'}}\n  Worker:\n    Type: AWS::Serverless::Function\n    Properties: {Runtime: python3.13, Handler: a.b, InlineCode: pass}\n";

/// The reasons of the gaps that a connector leaves, with the line of each.
fn told(connector: &str) -> Vec<(String, u32)> {
    let template = format!("{RESOURCES}{connector}");
    let estate = read_texts(&[("template.yaml", &template)], &Options::default());
    let line = |gap: &maremma_model::Gap| match &gap.at {
        Some(maremma_model::Location::File(place)) => place.span.start.line,
        _ => 0,
    };
    assert_eq!(estate.functions.len(), 2, "the functions are read all the same");
    estate
        .gaps
        .iter()
        .map(|gap| (gap.reason.to_string(), line(gap)))
        .collect()
}

fn connector(properties: &str) -> String {
    format!("  Path:\n    Type: AWS::Serverless::Connector\n    Properties: {properties}\n")
}

#[test]
fn what_cannot_be_connected_is_told_at_its_place() {
    let cases = [
        (
            "{Source: {Id: Worker}, Destination: {Id: Gone}, Permissions: [Write]}",
            "Gone is no resource",
        ),
        (
            "{Source: {Id: Worker}, Destination: {Id: Loose}, Permissions: [Read]}",
            "cannot be given Read",
        ),
        (
            "{Source: {Id: Queue}, Destination: {Id: Queue}, Permissions: [Read]}",
            "nothing is known that connects",
        ),
        (
            "{Source: {Id: Loose}, Destination: {Id: Queue}, Permissions: [Read]}",
            "by which role the source acts",
        ),
        (
            "{Source: {Id: Queue}, Destination: {Id: Worker}, Permissions: [Read]}",
            "together or alone",
        ),
        (
            "{Source: {Id: Worker}, Destination: {Id: Queue}, Permissions: Read}",
            "expected a list",
        ),
        (
            "{Source: {Id: Worker}, Destination: {Id: Queue, Arn: a}, Permissions: [Read]}",
            "expected an Id",
        ),
        (
            "{Source: {Id: Worker}, Destination: {Arn: a}, Permissions: [Read]}",
            "Type is missing",
        ),
        (
            "{Source: {Id: Worker}, Destination: Queue, Permissions: [Read]}",
            "expected a map",
        ),
        (
            "{Source: {Id: Worker}, Permissions: [Read]}",
            "expected a Source and a Destination",
        ),
        ("[]", "expected a Source and a Destination"),
    ];
    for (properties, reason) in cases {
        let told = told(&connector(properties));
        let found = told.iter().find(|(text, _)| text.contains(reason));
        let (_, line) = found.unwrap_or_else(|| panic!("{properties}: {told:?}"));
        assert!(*line >= 8, "{properties}: told at line {line}");
    }
}

#[test]
fn a_good_destination_is_connected_beside_a_bad_one() {
    let properties = "{Source: {Id: Worker}, Destination: [{Id: Gone}, {Id: Queue}], Permissions: [Read]}";
    let template = format!("{RESOURCES}{}", connector(properties));
    let root = expanded(&template, &Options::default()).unwrap();
    let resources = root.get("Resources").unwrap();
    assert!(resources.get("PathPolicyDestination0").is_none());
    let policy = resources.get("PathPolicyDestination1").unwrap();
    assert_eq!(
        policy.get("Type").and_then(Node::as_str),
        Some("AWS::IAM::ManagedPolicy")
    );
}
