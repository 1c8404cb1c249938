//! Events that could not be delivered to a function and are dropped.

use crate::context::name_of;
use crate::subject::events::{fires, invoked};
use crate::verdict::answer::{Answer, Carrier};
use crate::verdict::presence::lack;
use crate::{Check, Context, Findings};
use maremma_model::noun::{Trigger, TriggerKind};
use maremma_model::{Confidence, Control, Fix, Rule, Severity, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "trigger-no-dead-letter",
        title: "Undelivered events are dropped",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::Events::Rule",
        controls: &[Control::owasp("SAS-10")],
        equivalents: &[],
        page: include_str!("trigger_no_dead_letter.md"),
    },
    run,
};

/// What drops an event, the attribute that keeps it, and what to write.
struct Keeper {
    noun: &'static str,
    attribute: &'static str,
    snippet: &'static str,
}

fn keeper(kind: TriggerKind) -> Option<Keeper> {
    let dead_letter = "DeadLetterConfig:\n  Arn: !GetAtt UndeliveredEvents.Arn";
    Some(match kind {
        TriggerKind::EventRule => Keeper {
            noun: "Rule",
            attribute: "DeadLetterConfig.Arn",
            snippet: dead_letter,
        },
        TriggerKind::Schedule => Keeper {
            noun: "Schedule",
            attribute: "DeadLetterConfig.Arn",
            snippet: dead_letter,
        },
        TriggerKind::SnsSubscription => Keeper {
            noun: "Subscription",
            attribute: "RedrivePolicy",
            snippet: "RedrivePolicy:\n  deadLetterTargetArn: !GetAtt UndeliveredEvents.Arn",
        },
        _ => return None,
    })
}

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, row) in context.estate.triggers.iter() {
        let Some(keeper) = keeper(row.kind) else { continue };
        let affected = invoked([row]);
        let target = affected.first().map(|function| context.name(*function));
        let draft = Carrier::of(id, &row.resource).draft(answer(row, &keeper, target.as_deref()), None);
        let draft = draft.affects(affected);
        findings.add(match target {
            Some(target) => draft.detail(target),
            None => draft,
        });
    }
}

fn answer(row: &Trigger, keeper: &Keeper, target: Option<&str>) -> Answer {
    if !fires(row) {
        return Answer::not_applicable(&row.enabled.at, "it is switched off");
    }
    let Some(target) = target else {
        return Answer::not_applicable(&row.function.at, "it invokes no function of this input");
    };
    let name = name_of(&row.resource);
    let bad = format!(
        "{} {name} drops the events that it could not deliver to {target}",
        keeper.noun
    );
    let fix = Fix::new("Name a queue for what could not be delivered").snippet(keeper.snippet);
    lack(&row.on_failure, keeper.attribute, &bad).fix(fix)
}
