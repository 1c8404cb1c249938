//! A mapping of a stream that keeps nothing of the records that it gives up.

use crate::subject::events::{fires, invoked, read_in_order};
use crate::verdict::answer::{Answer, Carrier};
use crate::verdict::presence::lack;
use crate::{Check, Context, Findings};
use maremma_model::noun::{Trigger, TriggerKind};
use maremma_model::{Confidence, Control, Equivalent, Fix, Id, Peer, Rule, Severity, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "esm-no-failure-destination",
        title: "Event source mapping without a failure destination",
        tier: Tier::Hygiene,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::Lambda::EventSourceMapping",
        controls: &[Control::owasp("SAS-10")],
        equivalents: &[
            Equivalent::near(Peer::ServerlessRules, "ES1001"),
            Equivalent::near(Peer::CdkNag, "LambdaEventSourceMappingDestination"),
        ],
        page: include_str!("esm_no_failure_destination.md"),
    },
    run,
};

const DESTINATION: &str = "DestinationConfig.OnFailure.Destination";

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let triggers = context.estate.triggers.iter();
    for (id, row) in triggers.filter(|(_, row)| row.kind == TriggerKind::EventSourceMapping) {
        let draft = Carrier::of(id, &row.resource).draft(answer(context, id, row), None);
        findings.add(draft.affects(invoked([row])));
    }
}

fn answer(context: &Context<'_>, id: Id<Trigger>, row: &Trigger) -> Answer {
    let Some(source) = read_in_order(context, row) else {
        let says = "the mapping is not known to read a stream or a Kafka topic";
        return Answer::not_applicable(&row.source.at, says);
    };
    if !fires(row) {
        return Answer::not_applicable(&row.enabled.at, "the mapping is switched off");
    }
    let bad = format!(
        "Mapping {} keeps nothing of the records of a {source} that its function fails on",
        context.name(id)
    );
    let fix = Fix::new("Name a queue, topic or bucket for what is given up, and bound the retries").snippet(
        "DestinationConfig:\n  OnFailure:\n    Destination: !GetAtt FailedRecords.Arn\nMaximumRetryAttempts: 5",
    );
    lack(&row.on_failure, DESTINATION, &bad).fix(fix)
}
