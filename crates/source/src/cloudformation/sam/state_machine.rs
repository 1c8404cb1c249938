//! `AWS::Serverless::StateMachine`: the state machine, its role, version and alias, and what its events make.

use super::Sam;
use super::event::{self, Host, What};
use super::function::policies;
use super::handed_on::{Stored, created_by, properties, same, stored, tags};
use super::make::{Make, set};
use super::source::Source;
use maremma_model::{GapKind, Node};
use std::collections::HashMap;

pub(super) fn expand(sam: &mut Sam<'_>, source: Source<'_>) {
    let make = Make(source.place);
    let alias = alias(sam, source);
    let started = match &alias {
        Some(alias) if truth(sam, source, "UseAliasAsEventTarget") => make.reference(alias),
        _ => make.reference(source.id),
    };
    let host = Host {
        source,
        invoked: started,
        what: What::StateMachine,
        defaults: HashMap::new(),
    };
    event::events(sam, &host);
    let names = [
        ("DefinitionSubstitutions", "DefinitionSubstitutions"),
        ("Logging", "LoggingConfiguration"),
        ("Name", "StateMachineName"),
        ("Tracing", "TracingConfiguration"),
        ("Type", "StateMachineType"),
    ];
    let mut made = properties(source.node.get("Properties"), &names);
    made.extend(definition(sam, source));
    let tags = own_tags(sam, source);
    let role = match source.property("Role") {
        Some(role) => {
            if let Some(policies) = source.property("Policies") {
                let reason = "Policies: they hold for the role that the transform makes, and Role names another";
                sam.gap(GapKind::Unparsed, reason, policies.place);
            }
            role.clone()
        }
        None => own_role(sam, source, &tags),
    };
    made.push(("RoleArn", role));
    made.push(("Tags", tags));
    sam.add_main(source, make.resource("AWS::StepFunctions::StateMachine", made));
}

fn truth(sam: &Sam<'_>, source: Source<'_>, property: &str) -> bool {
    source.property(property).and_then(|node| sam.truth(node)) == Some(true)
}

/// The definition: written in place, which CloudFormation takes as it is, or an object in S3. One on
/// disk is not known.
fn definition(sam: &Sam<'_>, source: Source<'_>) -> Option<(&'static str, Node)> {
    if let Some(written) = source.property("Definition") {
        return Some(("Definition", written.clone()));
    }
    let Some(uri) = source.property("DefinitionUri") else {
        let reason = format!("state machine {}: Definition or DefinitionUri is missing", source.id);
        sam.gap(GapKind::Unparsed, reason, source.place);
        return None;
    };
    match stored(sam, "DefinitionUri", uri, ["Bucket", "Key", "Version"]) {
        Stored::Object(object) => Some(("DefinitionS3Location", object)),
        Stored::Local(path) => Some(("DefinitionUri", Make(uri.place).text(&path))),
        Stored::Unknown => Some(("DefinitionUri", uri.clone())),
    }
}

/// The tags of the state machine and its role. Where they are passed on, SAM's own is not among them.
fn own_tags(sam: &Sam<'_>, source: Source<'_>) -> Node {
    let written = tags(sam, source.property("Tags"));
    let make = source.make("Tags");
    if !written.is_empty() && truth(sam, source, "PropagateTags") {
        return make.list(written);
    }
    let own = created_by(Make(source.place), "stateMachine:createdBy");
    make.list([vec![own], written].concat())
}

/// Makes the role that the state machine acts by, and gives its ARN.
fn own_role(sam: &mut Sam<'_>, source: Source<'_>, tags: &Node) -> Node {
    let id = format!("{}Role", source.id);
    let make = source.make("Policies");
    let mut policies = policies::of(sam, &id, source.property("Policies"));
    let tracing = source.property("Tracing");
    let enabled = tracing.and_then(|tracing| tracing.get("Enabled"));
    if let (Some(tracing), Some(true)) = (tracing, enabled.and_then(Node::as_bool)) {
        let policy = sam.traces(Make(tracing.place));
        policies.managed.push(policy);
    }
    let mut properties = vec![
        ("AssumeRolePolicyDocument", make.trust(&["states.amazonaws.com"])),
        ("ManagedPolicyArns", make.list(policies.managed)),
        ("Tags", tags.clone()),
    ];
    if !policies.inline.is_empty() {
        properties.push(("Policies", make.list(policies.inline)));
    }
    for (name, new) in [("RolePath", "Path"), ("PermissionsBoundary", "PermissionsBoundary")] {
        properties.extend(source.property(name).map(|value| (new, value.clone())));
    }
    sam.add(source, &id, make.resource("AWS::IAM::Role", properties));
    make.get_att(&id, "Arn")
}

/// Publishes a version of every revision under an alias, and gives the alias's logical id.
fn alias(sam: &mut Sam<'_>, source: Source<'_>) -> Option<String> {
    let Some(name) = source.property("AutoPublishAlias") else {
        if let Some(preference) = source.property("DeploymentPreference") {
            let reason = "DeploymentPreference: nothing is deployed without AutoPublishAlias";
            sam.gap(GapKind::Unparsed, reason, preference.place);
        }
        return None;
    };
    let make = Make(name.place);
    let Some(text) = sam.text(name) else {
        let reason = "AutoPublishAlias: the name of the alias is not known";
        sam.gap(GapKind::Unsupported, reason, name.place);
        return None;
    };
    let version_id = format!("{}Version", source.id);
    let revision = make.get_att(source.id, "StateMachineRevisionId");
    let mut version = make.resource(
        "AWS::StepFunctions::StateMachineVersion",
        vec![
            ("StateMachineArn", make.reference(source.id)),
            ("StateMachineRevisionId", revision),
        ],
    );
    // Versions stay when the next one is published, unless the resource says otherwise.
    for attribute in ["DeletionPolicy", "UpdateReplacePolicy"] {
        if source.node.get(attribute).is_none() {
            set(&mut version, attribute, make.text("Retain"));
        }
    }
    sam.add(source, &version_id, version);
    let preference = source.property("DeploymentPreference");
    let mut parts = same(preference, &["Alarms", "Interval", "Percentage", "Type"]);
    if parts.is_empty() {
        parts.push(("Type", make.text("ALL_AT_ONCE")));
    }
    parts.push(("StateMachineVersionArn", make.reference(&version_id)));
    let id = format!("{}Alias{text}", source.id);
    let preference = source.make("DeploymentPreference").map(parts);
    let alias = make.resource(
        "AWS::StepFunctions::StateMachineAlias",
        vec![("Name", make.text(&text)), ("DeploymentPreference", preference)],
    );
    sam.add(source, &id, alias);
    Some(id)
}
