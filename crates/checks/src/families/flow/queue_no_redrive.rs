//! A queue that triggers a function and gives a message that fails to it for ever.

use crate::access::role::functions;
use crate::subject::events::{fed, invoked, polls};
use crate::verdict::answer::{Answer, Carrier};
use crate::verdict::presence::lack;
use crate::{Check, Context, Findings};
use maremma_model::noun::{AnyLink, Queue};
use maremma_model::{AnyId, Confidence, Control, Fix, Id, Rule, Setting, Severity, Tier};
use std::collections::HashSet;

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "queue-no-redrive",
        title: "Queue without a redrive policy",
        tier: Tier::Hygiene,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::SQS::Queue",
        controls: &[Control::owasp("SAS-8"), Control::owasp("SAS-10")],
        equivalents: &[],
        page: include_str!("queue_no_redrive.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let last_stops = last_stops(context);
    for (id, row) in context.estate.queues.iter() {
        let triggers = fed(context, id.into());
        let affected = invoked(triggers.iter().copied().filter(|trigger| polls(trigger)));
        let carrier = Carrier::of(id, &row.resource);
        let answer = if affected.is_empty() {
            Answer::not_applicable(&row.resource.at, "the queue triggers no function of this input")
        } else if last_stops.contains(&id) {
            Answer::not_applicable(&row.resource.at, "the queue itself keeps what has failed elsewhere")
        } else {
            let bad = format!(
                "Queue {} gives a message that fails to {} again and again, until it expires",
                context.name(id),
                functions(context, &affected)
            );
            let fix = Fix::new("Put aside what has failed a few times").snippet(
                "RedrivePolicy:\n  \
                   deadLetterTargetArn: !GetAtt FailedMessages.Arn\n  \
                   maxReceiveCount: 5\n\n\
                 # AWS SAM, in an event with SqsSubscription: true: a queue of your own, which can have one\n\
                 SqsSubscription:\n  \
                   QueueArn: !GetAtt Messages.Arn\n  \
                   QueueUrl: !Ref Messages",
            );
            lack(&row.dead_letter_target, "RedrivePolicy", &bad).fix(fix)
        };
        findings.add(carrier.draft(answer, None).affects(affected));
    }
}

/// The queues where something else leaves what it could not deliver or process.
fn last_stops(context: &Context<'_>) -> HashSet<Id<Queue>> {
    let estate = context.estate;
    let queues = estate.queues.values().map(|row| &row.dead_letter_target);
    let functions = estate.functions.values().map(|row| &row.dead_letter_target);
    let triggers = estate.triggers.values().map(|row| &row.on_failure);
    let configs = estate.invoke_configs.values().map(|row| &row.on_failure);
    let buses = estate.buses.values().map(|row| &row.dead_letter_target);
    let all = queues.chain(functions).chain(triggers).chain(configs).chain(buses);
    all.flat_map(Setting::possible)
        .filter_map(|link| match link {
            AnyLink::Here(AnyId::Queue(id)) => Some(*id),
            _ => None,
        })
        .collect()
}
