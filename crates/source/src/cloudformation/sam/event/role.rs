//! The role by which EventBridge starts what an event hangs on, and the tags that it gets.

use super::super::Sam;
use super::super::handed_on::tags;
use super::super::make::Make;
use super::{Host, What};
use maremma_model::Node;

/// A role of one service with inline policies: the name, the action and the resource of each.
pub(super) fn role(
    sam: &Sam<'_>,
    host: &Host<'_>,
    make: Make,
    service: &str,
    policies: Vec<(String, &str, Node)>,
    boundary: Option<&Node>,
) -> Node {
    let policies = policies
        .into_iter()
        .map(|(name, action, resource)| {
            let statement = make.statement(make.text(action), resource);
            let document = make.map(vec![("Statement", make.list(vec![statement]))]);
            make.map(vec![("PolicyName", make.text(&name)), ("PolicyDocument", document)])
        })
        .collect();
    let mut properties = vec![
        ("AssumeRolePolicyDocument", make.trust(&[service])),
        ("Policies", make.list(policies)),
    ];
    properties.extend(boundary.map(|boundary| ("PermissionsBoundary", boundary.clone())));
    properties.extend(propagated(sam, host).map(|tags| ("Tags", tags)));
    make.resource("AWS::IAM::Role", properties)
}

/// The tags of the host, where it passes them on to what is made for it.
pub(super) fn propagated(sam: &Sam<'_>, host: &Host<'_>) -> Option<Node> {
    let passes = host.source.property("PropagateTags");
    if passes.and_then(|node| sam.truth(node)) != Some(true) {
        return None;
    }
    let tags = tags(sam, host.source.property("Tags"));
    (!tags.is_empty()).then(|| host.source.make("Tags").list(tags))
}

/// The action by which a host is invoked or started.
pub(super) fn action(host: &Host<'_>) -> &'static str {
    match host.what {
        What::Function => "lambda:InvokeFunction",
        What::StateMachine => "states:StartExecution",
    }
}
