//! Queues, topics, buses and state machines.

use super::event::subscribe;
use super::policy;
use super::trigger::{part, trigger};
use crate::cx::Cx;
use crate::props::Props;
use maremma_model::noun::*;
use maremma_model::{Document, Piece, Resource, Setting, State, Text, Value, Why};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// SQS encrypts with keys of its own unless it is told otherwise.
/// Source: Amazon SQS developer guide, "Configuring server-side encryption for a queue".
pub(crate) fn queue(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Queue {
    Queue {
        kms_key: p.any_of::<Key>("KmsMasterKeyId"),
        sqs_managed_sse: p.boolean("SqsManagedSseEnabled").or_default(!p.has("KmsMasterKeyId")),
        visibility_timeout: p.number("VisibilityTimeout").or_default(30),
        dead_letter_target: p.embedded("RedrivePolicy").any("deadLetterTargetArn"),
        resource,
    }
}

pub(crate) fn topic(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Topic {
    for subscription in p.list("Subscription") {
        let (head, subscription) = part(&resource, &subscription);
        let own = Setting::set(AnyLink::Here(cx.own), resource.at.clone());
        subscribe(cx, &head, &subscription, own);
    }
    Topic {
        kms_key: p.any_of::<Key>("KmsMasterKeyId"),
        resource,
    }
}

pub(crate) fn bus(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Bus {
    let own = p.document("Policy");
    policy::carried(cx, &resource, &own);
    Bus {
        policy: own,
        kms_key: p.any_of::<Key>("KmsKeyIdentifier"),
        dead_letter_target: p.any("DeadLetterConfig.Arn"),
        resource,
    }
}

pub(crate) fn state_machine(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> StateMachine {
    let definition = definition(p);
    let role = p.any_of::<Role>("RoleArn");
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    definition.possible().for_each(|document| tasks(document, &mut found));
    for task in found {
        let task = Props::new(cx, task, task.at.clone());
        let Some(function) = function_of(&task) else { continue };
        if seen.insert(function.state.clone()) {
            let own = Setting::set(AnyLink::Here(cx.own), resource.at.clone());
            let head = Resource {
                at: task.at().clone(),
                ..resource.clone()
            };
            cx.trigger(Trigger {
                role: role.clone(),
                ..trigger(&head, TriggerKind::StateMachineTask, function, own)
            });
        }
    }
    StateMachine {
        role: p.link("RoleArn"),
        definition,
        logging_level: p.text("LoggingConfiguration.Level").or_default("OFF".into()),
        tracing: p.boolean("TracingConfiguration.Enabled").or_default(false),
        resource,
    }
}

/// The definition with its `DefinitionSubstitutions` put in.
fn definition(p: &Props<'_>) -> Setting<Document> {
    let elsewhere = [
        ("DefinitionS3Location", "the definition is on S3"),
        ("DefinitionUri", "the definition is in a file of its own"),
    ];
    for (property, why) in elsewhere {
        if let Some(found) = p.get(property).filter(|found| !found.is_absent()) {
            return Setting::unknown(Why::Unresolved(why.into()), found.at.clone());
        }
    }
    let written = p.document("DefinitionString");
    let mut definition = if written.is_unset() {
        p.document("Definition")
    } else {
        written
    };
    let substitutes: Substitutes = p.entries("DefinitionSubstitutions").into_iter().collect();
    if let State::Set(document) = &mut definition.state
        && !substitutes.is_empty()
    {
        substitute(document, &substitutes);
    }
    definition
}

/// The values of `DefinitionSubstitutions` by their names.
type Substitutes = HashMap<Arc<str>, Document>;

fn substitute(document: &mut Document, substitutes: &Substitutes) {
    match &mut document.value {
        Value::Scalar { text, .. } => {
            if let Some(whole) = whole(text, substitutes) {
                document.value = whole;
            } else if let Some(replaced) = replaced(text, substitutes) {
                *text = replaced;
            }
        }
        Value::List(items) => items.iter_mut().for_each(|item| substitute(item, substitutes)),
        Value::Map(fields) => fields
            .iter_mut()
            .for_each(|field| substitute(&mut field.value, substitutes)),
        Value::Choice(branches) => branches
            .iter_mut()
            .for_each(|branch| substitute(&mut branch.value, substitutes)),
        Value::Absent | Value::Null | Value::Unknown(_) => {}
    }
}

/// The value that a text stands for alone, where that is no text: a choice, or unknown.
fn whole(text: &Text, substitutes: &Substitutes) -> Option<Value> {
    let name = text.as_literal()?.strip_prefix("${")?.strip_suffix('}')?;
    let value = &substitutes.get(name)?.value;
    matches!(value, Value::Choice(_) | Value::Unknown(_)).then(|| value.clone())
}

fn replaced(text: &Text, substitutes: &Substitutes) -> Option<Text> {
    let mut rest = text.as_literal().filter(|text| text.contains("${"))?;
    let mut pieces = Vec::new();
    while let Some((before, after)) = rest.split_once("${") {
        pieces.push(Piece::Literal(before.into()));
        match after
            .split_once('}')
            .and_then(|(name, after)| Some((substitutes.get(name)?, after)))
        {
            Some((value, after)) => {
                match value.as_text() {
                    Some(text) => pieces.extend(text.pieces()),
                    None => pieces.extend(Text::hole(unknown(value)).pieces()),
                }
                rest = after;
            }
            None => {
                pieces.push(Piece::Literal("${".into()));
                rest = after;
            }
        }
    }
    pieces.push(Piece::Literal(rest.into()));
    Some(Text::from_pieces(pieces))
}

/// Why a value is no text.
fn unknown(value: &Document) -> Why {
    match &value.value {
        Value::Unknown(why) => why.clone(),
        _ => Why::NotKept,
    }
}

/// Every task state of a definition, however deep in its branches and maps.
fn tasks<'d>(document: &'d Document, found: &mut Vec<&'d Document>) {
    match &document.value {
        Value::List(items) => items.iter().for_each(|item| tasks(item, found)),
        Value::Choice(branches) => branches.iter().for_each(|branch| tasks(&branch.value, found)),
        Value::Map(fields) => {
            if document.get("Type").and_then(Document::as_str) == Some("Task") {
                found.push(document);
            }
            fields.iter().for_each(|field| tasks(&field.value, found));
        }
        Value::Scalar { .. } | Value::Absent | Value::Null | Value::Unknown(_) => {}
    }
}

/// The function that a task invokes: its resource, or the one that the integration's arguments name.
fn function_of(task: &Props<'_>) -> Option<Setting<FunctionRef>> {
    let integration = task
        .text("Resource")
        .possible()
        .any(|text| text.suffix().contains(":lambda:invoke"));
    if !integration {
        return task.target("Resource");
    }
    let named = ["Parameters.FunctionName", "Arguments.FunctionName"]
        .into_iter()
        .find(|path| !task.sub(path.split('.').next().unwrap_or(path)).is_text() && task.has(path))?;
    // A query over the state's input is no name, and may stand for all arguments.
    let query = |text: &Text| text.prefix().starts_with("{%");
    (!task.text(named).possible().any(query)).then(|| task.function(named))
}
