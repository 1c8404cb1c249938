//! Resource policies: of their own, and those that a resource carries.

use super::permission::principal_element;
use crate::cx::Cx;
use crate::props::Props;
use maremma_model::noun::*;
use maremma_model::{Document, Noun, Resource, Setting, State, Value};

/// A policy that a resource carries as a property is a row beside it too, so that all resource
/// policies stand in one table.
pub(super) fn carried(cx: &Cx<'_>, resource: &Resource, document: &Setting<Document>) {
    if document.is_unset() {
        return;
    }
    let at = document.at.clone();
    let on = Setting::set(AnyLink::Here(cx.own), resource.at.clone());
    cx.resource_policy(ResourcePolicy {
        resource: resource.clone(),
        on: Setting::set(vec![on], at),
        document: document.clone(),
    });
}

/// As [`carried`], for the policy in a property.
pub(super) fn carried_by(cx: &Cx<'_>, resource: &Resource, p: &Props<'_>, property: &str) -> Setting<Document> {
    let document = p.document(property);
    carried(cx, resource, &document);
    document
}

/// The property that names what a policy is of, and the one that holds it.
fn of<T: Noun>(resource: Resource, p: &Props<'_>, on: &str, document: &str) -> ResourcePolicy {
    ResourcePolicy {
        on: p.anys_of::<T>(on),
        document: p.document(document),
        resource,
    }
}

pub(crate) fn bucket(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> ResourcePolicy {
    of::<Bucket>(resource, p, "Bucket", "PolicyDocument")
}

/// `AWS::SQS::QueuePolicy` names several queues, `AWS::SQS::QueueInlinePolicy` one.
pub(crate) fn queue(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> ResourcePolicy {
    let on = if p.has("Queues") { "Queues" } else { "Queue" };
    of::<Queue>(resource, p, on, "PolicyDocument")
}

/// `AWS::SNS::TopicPolicy` names several topics, `AWS::SNS::TopicInlinePolicy` one.
pub(crate) fn topic(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> ResourcePolicy {
    let on = if p.has("Topics") { "Topics" } else { "TopicArn" };
    of::<Topic>(resource, p, on, "PolicyDocument")
}

pub(crate) fn secret(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> ResourcePolicy {
    of::<ManagedSecret>(resource, p, "SecretId", "ResourcePolicy")
}

/// `AWS::SSM::ResourcePolicy`.
pub(crate) fn parameter(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> ResourcePolicy {
    of::<Parameter>(resource, p, "ResourceArn", "Policy")
}

/// `AWS::Kinesis::ResourcePolicy`.
pub(crate) fn stream(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> ResourcePolicy {
    of::<Stream>(resource, p, "ResourceArn", "ResourcePolicy")
}

/// `AWS::Events::EventBusPolicy`: a statement, or the elements of one in the older form.
pub(crate) fn bus(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> ResourcePolicy {
    let statement = match p.get("Statement").filter(|statement| !statement.is_absent()) {
        Some(statement) => crate::json::embedded(&statement).unwrap_or_else(|| statement.into_owned()),
        None => older_statement(p, &resource),
    };
    let at = statement.at.clone();
    let version = Document::string("2012-10-17", at.clone());
    let statements = Document::new(Value::List(vec![statement]), at.clone());
    let policy = Document::map(vec![("Version", version), ("Statement", statements)], at.clone());
    let mut on = p.anys_of::<Bus>("EventBusName");
    if on.is_unset() {
        let default = Setting::default(AnyLink::Outside("default".into()), resource.at.clone());
        on.state = State::Default(vec![default]);
    }
    ResourcePolicy {
        on,
        document: Setting::set(policy, at),
        resource,
    }
}

/// The statement that PutPermission writes.
/// Source: Amazon EventBridge API reference, "PutPermission".
fn older_statement(p: &Props<'_>, resource: &Resource) -> Document {
    let at = resource.at.clone();
    let own = |name: &str| {
        p.get(name)
            .filter(|found| !found.is_absent())
            .map(|found| found.into_owned())
    };
    let mut fields = vec![("Effect", Document::string("Allow", at.clone()))];
    fields.extend(own("StatementId").map(|id| ("Sid", id)));
    fields.extend(own("Principal").map(|principal| ("Principal", principal_element(&principal))));
    fields.extend(own("Action").map(|action| ("Action", action)));
    fields.push((
        "Resource",
        own("EventBusName").unwrap_or_else(|| Document::text(resource.arn.clone(), at.clone())),
    ));
    let condition = p.sub("Condition");
    let text = |name: &str| {
        condition
            .text(name)
            .value()
            .and_then(|text| text.as_literal().map(str::to_owned))
    };
    if let (Some(kind), Some(key), Some(value)) = (text("Type"), text("Key"), condition.get("Value")) {
        let at = condition.at().clone();
        let inner = Document::map(vec![(&key, value.into_owned())], at.clone());
        fields.push(("Condition", Document::map(vec![(&kind, inner)], at)));
    }
    Document::map(fields, at)
}
