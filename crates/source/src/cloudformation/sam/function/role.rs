//! The role that a function gets where it names none.

use super::super::Sam;
use super::super::event::Needs;
use super::super::make::{self, Make};
use super::super::source::Source;
use super::{policies, tags};
use maremma_model::Node;
use std::collections::HashSet;

/// The function's `Role` where the transform makes one; `None` where it stands as written. `before` is what
/// the function itself needs, `events` what its events need.
pub(super) fn of(sam: &mut Sam<'_>, source: Source<'_>, before: Needs, events: Needs) -> Option<Node> {
    let id = format!("{}Role", source.id);
    let at = source.make("Role");
    let Some(written) = source.property("Role") else {
        let role = role(sam, source, &id, before, events);
        sam.add(source, &id, role);
        return Some(source.make("Policies").get_att(&id, "Arn"));
    };
    let (condition, then, otherwise) = make::branches(written)?;
    let (exists, branches) = match (make::is_no_value(then), make::is_no_value(otherwise)) {
        (true, false) => (condition.to_owned(), [at.get_att(&id, "Arn"), otherwise.clone()]),
        (false, true) => (sam.not(condition, at), [then.clone(), at.get_att(&id, "Arn")]),
        _ => return None,
    };
    let mut role = role(sam, source, &id, before, events);
    // It exists under this condition alone, whatever that of the function.
    make::set(&mut role, "Condition", at.text(&exists));
    sam.add(source, &id, role);
    let [then, otherwise] = branches;
    Some(at.map(vec![("Fn::If", at.list(vec![at.text(condition), then, otherwise]))]))
}

fn role(sam: &Sam<'_>, source: Source<'_>, id: &str, before: Needs, events: Needs) -> Node {
    let at = source.make("Policies");
    let written = policies::of(sam, id, source.property("Policies"));
    let mut managed = base(sam, source);
    managed.extend(before.managed.iter().map(|name| at.managed_policy(name)));
    managed.extend(written.managed);
    managed.extend(events.managed.iter().map(|name| at.managed_policy(name)));
    let mut inline: Vec<_> = before
        .inline
        .into_iter()
        .map(|(name, document)| policies::named(&name, document))
        .collect();
    inline.extend(written.inline);
    add_new(&mut inline, events.inline);
    let trust = source.property("AssumeRolePolicyDocument").cloned();
    let mut properties = vec![
        (
            "AssumeRolePolicyDocument",
            trust.unwrap_or_else(|| at.trust(&["lambda.amazonaws.com"])),
        ),
        ("ManagedPolicyArns", at.list(distinct(managed))),
        ("Tags", tags::own(source)),
    ];
    if !inline.is_empty() {
        properties.push(("Policies", at.list(inline)));
    }
    for (ours, theirs) in [("RolePath", "Path"), ("PermissionsBoundary", "PermissionsBoundary")] {
        if let Some(value) = source.property(ours) {
            properties.push((theirs, value.clone()));
        }
    }
    at.resource("AWS::IAM::Role", properties)
}

/// The managed policies that every role of a function of this kind has.
fn base(sam: &Sam<'_>, source: Source<'_>) -> Vec<Node> {
    let at = source.make("Policies");
    let durable = source.property("DurableConfig").is_some();
    let mut managed = vec![at.managed_policy(if durable {
        "service-role/AWSLambdaBasicDurableExecutionRolePolicy"
    } else {
        "service-role/AWSLambdaBasicExecutionRole"
    })];
    if let Some(mode) = source.property("Tracing")
        && sam.text(mode).as_deref() != Some("Disabled")
    {
        managed.push(sam.traces(Make(mode.place)));
    }
    if let Some(vpc) = source.property("VpcConfig") {
        managed.push(Make(vpc.place).managed_policy("service-role/AWSLambdaVPCAccessExecutionRole"));
    }
    managed
}

/// Adds the policies of events: what one of the role's policies says already is not said twice.
fn add_new(inline: &mut Vec<Node>, policies: Vec<(String, Node)>) {
    let mut known: HashSet<_> = inline
        .iter()
        .filter_map(|policy| policy.get("PolicyDocument"))
        .map(make::said)
        .collect();
    for (name, document) in policies {
        if known.insert(make::said(&document)) {
            inline.push(policies::named(&name, document));
        }
    }
}

/// The policies, each once, in the order of their first.
fn distinct(mut managed: Vec<Node>) -> Vec<Node> {
    let mut known = HashSet::new();
    managed.retain(|policy| known.insert(make::said(policy)));
    managed
}
