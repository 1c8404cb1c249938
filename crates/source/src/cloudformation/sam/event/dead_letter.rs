//! `DeadLetterConfig` of an event: a queue that is named, or one that the transform makes.

use super::super::Sam;
use super::super::make::Make;
use super::super::source::Event;
use super::Host;
use super::role::propagated;
use maremma_model::{GapKind, Node};

/// Where undelivered events go.
pub(super) struct DeadLetters {
    /// The value of `DeadLetterConfig`.
    pub(super) config: Node,
    /// The logical id of the queue that was made for it.
    pub(super) queue: Option<String>,
}

/// What an event says of its dead letters; makes the queue where it asks for one.
pub(super) fn dead_letters(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>) -> Option<DeadLetters> {
    let written = event.property("DeadLetterConfig")?;
    let make = Make(written.place);
    if let Some(arn) = written.get("Arn").filter(|arn| !arn.is_null()) {
        let config = make.map(vec![("Arn", arn.clone())]);
        return Some(DeadLetters { config, queue: None });
    }
    if written.get("Type").and_then(|kind| sam.text(kind)).as_deref() != Some("SQS") {
        let reason = format!("event {}: DeadLetterConfig: expected an Arn, or the Type SQS", event.id);
        sam.gap(GapKind::Unparsed, reason, written.place);
        return None;
    }
    let own = written.get("QueueLogicalId").and_then(|id| sam.text(id));
    let id = own.map_or_else(|| host.id(event, "Queue"), |id| id.to_string());
    let tags = propagated(sam, host).map(|tags| ("Tags", tags));
    let queue = make.resource("AWS::SQS::Queue", tags.into_iter().collect());
    sam.add(host.source, &id, queue);
    let config = make.map(vec![("Arn", make.get_att(&id, "Arn"))]);
    Some(DeadLetters {
        config,
        queue: Some(id),
    })
}

/// Lets EventBridge send the undelivered events of a rule to the queue that was made for them.
pub(super) fn queue_policy(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>, rule: &str, queue: &str) {
    let make = event.make("DeadLetterConfig");
    let source = make.map(vec![("aws:SourceArn", make.get_att(rule, "Arn"))]);
    let statement = make.map(vec![
        ("Action", make.text("sqs:SendMessage")),
        ("Effect", make.text("Allow")),
        (
            "Principal",
            make.map(vec![("Service", make.text("events.amazonaws.com"))]),
        ),
        ("Resource", make.get_att(queue, "Arn")),
        ("Condition", make.map(vec![("ArnEquals", source)])),
    ]);
    let document = make.map(vec![
        ("Version", make.text("2012-10-17")),
        ("Statement", make.list(vec![statement])),
    ]);
    let policy = make.resource(
        "AWS::SQS::QueuePolicy",
        vec![
            ("PolicyDocument", document),
            ("Queues", make.list(vec![make.reference(queue)])),
        ],
    );
    sam.add(host.source, &host.id(event, "QueuePolicy"), policy);
}
