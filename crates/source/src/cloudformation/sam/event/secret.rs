//! What a role needs to read the credentials of an event source and to reach it.

use super::super::Sam;
use super::super::make::{self, Make};
use super::super::source::Event;
use maremma_model::Node;
use std::sync::Arc;

/// The access configurations of an event.
pub(super) fn access(event: Event<'_>) -> impl Iterator<Item = &Node> {
    let written = event.property("SourceAccessConfigurations");
    written.into_iter().flat_map(Node::items)
}

/// The type of an access configuration.
pub(super) fn kind(sam: &Sam<'_>, entry: &Node) -> Option<Arc<str>> {
    entry.get("Type").and_then(|kind| sam.text(kind))
}

/// To read the secret that an access configuration names.
pub(super) fn read(entry: &Node) -> Option<Node> {
    let secret = entry.get("URI")?;
    let at = Make(secret.place);
    Some(at.statement(at.texts(&["secretsmanager:GetSecretValue"]), secret.clone()))
}

/// To decrypt secrets with the key that the event names.
pub(super) fn decrypt(sam: &Sam<'_>, event: Event<'_>, action: impl Fn(Make) -> Node) -> Option<Node> {
    let key = event.property("SecretsManagerKmsKeyId")?;
    let at = Make(key.place);
    let prefix = "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/";
    let arn = match (key.as_str(), make::referenced(key)) {
        (Some(id), _) => at.sub(&format!("{prefix}{id}")),
        (None, Some(name)) => at.sub(&format!("{prefix}${{{name}}}")),
        (None, None) => {
            sam.unreadable("SecretsManagerKmsKeyId", "expected the id of a key", key);
            return None;
        }
    };
    Some(at.statement(action(at), arn))
}

/// To reach a network: the interfaces that Lambda makes.
pub(super) fn network(at: Make) -> Node {
    let actions = [
        "ec2:CreateNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeVpcs",
        "ec2:DescribeSubnets",
        "ec2:DescribeSecurityGroups",
    ];
    at.statement(at.texts(&actions), at.text("*"))
}
