//! A queue, topic or stream that keeps a function's events without encryption of its own.

use crate::access::role::functions;
use crate::context::Context;
use crate::subject::events::{fed, invoked};
use crate::verdict::answer::{Answer, Carrier};
use crate::verdict::possible::is;
use crate::verdict::presence::{is_there, lack};
use crate::{Check, Findings};
use maremma_iam::Match;
use maremma_model::noun::Queue;
use maremma_model::{AnyId, Confidence, Control, Equivalent, Fact, Fix, Peer, Resource, Rule, Severity, State, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "trigger-unencrypted",
        title: "Events kept without encryption",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::SQS::Queue",
        controls: &[
            Control::fsbp("Kinesis.1"),
            Control::fsbp("SNS.1"),
            Control::fsbp("SQS.1"),
            Control::nist("SC-28"),
            Control::pci("3.5.1"),
        ],
        equivalents: &[
            Equivalent::near(Peer::Checkov, "CKV_AWS_26"),
            Equivalent::near(Peer::Checkov, "CKV_AWS_27"),
            Equivalent::near(Peer::Checkov, "CKV_AWS_43"),
            Equivalent::near(Peer::Prowler, "kinesis_stream_encrypted_at_rest"),
            Equivalent::near(Peer::Prowler, "sns_topics_kms_encryption_at_rest_enabled"),
            Equivalent::near(Peer::Prowler, "sqs_queues_server_side_encryption_enabled"),
        ],
        page: include_str!("trigger_unencrypted.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let estate = context.estate;
    for (id, row) in estate.queues.iter() {
        let bad = |triggered: &str| queue(row, &bad("Queue", context, id.into(), triggered));
        judge(context, findings, id.into(), &row.resource, &bad);
    }
    for (id, row) in estate.topics.iter() {
        let fix = Fix::new("Encrypt with a key of your own").snippet("KmsMasterKeyId: !Ref EventsKey");
        let bad = |triggered: &str| {
            let bad = bad("Topic", context, id.into(), triggered);
            lack(&row.kms_key, "KmsMasterKeyId", &bad).fix(fix.clone())
        };
        judge(context, findings, id.into(), &row.resource, &bad);
    }
    for (id, row) in estate.streams.iter() {
        let fix = Fix::new("Encrypt the stream")
            .snippet("StreamEncryption:\n  EncryptionType: KMS\n  KeyId: alias/aws/kinesis");
        let bad = |triggered: &str| {
            let bad = bad("Stream", context, id.into(), triggered);
            lack(&row.kms_key, "StreamEncryption", &bad).fix(fix.clone())
        };
        judge(context, findings, id.into(), &row.resource, &bad);
    }
}

fn bad(noun: &str, context: &Context<'_>, id: AnyId, triggered: &str) -> String {
    format!(
        "{noun} {} keeps the events of {triggered} without encryption of its own",
        context.name(id)
    )
}

fn judge(
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    id: AnyId,
    resource: &Resource,
    answer: &dyn Fn(&str) -> Answer,
) {
    let affected = invoked(fed(context, id));
    let answer = if affected.is_empty() {
        Answer::not_applicable(&resource.at, "it triggers no function of this input")
    } else {
        answer(&functions(context, &affected))
    };
    findings.add(Carrier::of(id, resource).draft(answer, None).affects(affected));
}

/// SQS encrypts with keys of its own unless it is told not to.
fn queue(row: &Queue, bad: &str) -> Answer {
    let off = is(&row.sqs_managed_sse, &|on| on.is_some_and(|on| !on).into());
    let at = &row.sqs_managed_sse.at;
    let answer = match off.is.and(!is_there(&row.kms_key)) {
        Match::No => Answer::pass(at, "the queue is encrypted"),
        Match::Yes => Answer::fail(at, bad, "SqsManagedSseEnabled is false, and KmsMasterKeyId is not set"),
        Match::Unknown => {
            let of_key = match &row.kms_key.state {
                State::Unknown(unknown) => Some(&unknown.why),
                _ => None,
            };
            let doubt = "whether the queue is encrypted is not decided";
            Answer::undetermined(at, bad, doubt, off.why.or(of_key).cloned())
        }
    };
    let fact = Fact::Attribute {
        name: "SqsManagedSseEnabled".into(),
        value: row.sqs_managed_sse.value().map(ToString::to_string),
    };
    let fix = Fix::new("Let SQS encrypt the queue").replace(at, "true");
    answer.fact(fact).fix(fix)
}
