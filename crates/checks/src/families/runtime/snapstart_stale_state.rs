//! A snapshot of a function that may hold a secret which is changed on schedule.

use crate::context::dependents::Dependents;
use crate::verdict::judge::{evidence, judge, whole};
use crate::{Check, Context, Draft, Findings};
use maremma_model::noun::{ManagedSecret, TriggerKind};
use maremma_model::{Confidence, Control, Evidence, Fact, Fix, Function, Id, Rule, Severity, Tier, Verdict};
use std::collections::BTreeMap;

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "snapstart-stale-state",
        title: "Snapshot that may hold a rotated secret",
        tier: Tier::Hygiene,
        severity: Severity::Medium,
        confidence: Confidence::Low,
        subject: "AWS::Lambda::Function",
        controls: &[Control::owasp("SAS-7"), Control::owasp("SAS-12")],
        equivalents: &[],
        page: include_str!("snapstart_stale_state.md"),
    },
    run,
};

/// Secrets that are changed on schedule, and the evidence of it.
type Rotated = BTreeMap<Id<ManagedSecret>, Evidence>;

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let rotated = rotated(context);
    let dependents = Dependents::new(context);
    let mut secrets: BTreeMap<Id<Function>, Vec<Id<ManagedSecret>>> = BTreeMap::new();
    for secret in rotated.keys() {
        for function in dependents.of_secret(*secret) {
            if !rotates(context, function) {
                secrets.entry(function).or_default().push(*secret);
            }
        }
    }
    for (id, row) in context.estate.functions.iter() {
        let applied = judge(
            &row.resource,
            "SnapStart.ApplyOn",
            &row.snap_start,
            |value| match value?.as_literal()? {
                "PublishedVersions" => Some(true),
                "None" => Some(false),
                _ => None,
            },
        );
        let Some(own) = secrets.get(&id).filter(|_| applied.verdict != Verdict::Pass) else {
            let (verdict, says) = match applied.verdict {
                Verdict::Pass => (Verdict::NotApplicable, "no snapshot is taken of it"),
                _ => (Verdict::Pass, "no secret that it reads is rotated here"),
            };
            findings.add(Draft::new(id, verdict, says, whole(&row.resource, says)).affects([id]));
            continue;
        };
        for secret in own {
            let name = context.name(*secret);
            let bad = format!(
                "The snapshot of {} may hold what secret {name} was before its rotation",
                context.name(id)
            );
            let draft = Draft::judged(id, applied.clone(), bad).detail(name).fix(fix());
            findings.add(draft.related(rotated.get(secret).cloned()).affects([id]));
        }
    }
    dependents.tell(findings);
}

fn rotated(context: &Context<'_>) -> Rotated {
    let rows = context.estate.secret_rotations.values();
    let on = rows.filter(|row| row.enabled.value() != Some(&false));
    on.filter_map(|row| {
        let secret = row.secret.value()?.here()?;
        let says = format!("{} rotates {}", row.resource.address, context.name(secret));
        Some((secret, evidence(&row.resource, &row.resource.at, says, Fact::Resource)))
    })
    .collect()
}

/// Whether a function is itself one that rotates secrets: it reads them at each step.
fn rotates(context: &Context<'_>, function: Id<Function>) -> bool {
    let triggers = context.relations.triggers(function).iter();
    let mut rows = triggers.filter_map(|id| context.estate.triggers.get(*id));
    rows.any(|row| row.kind == TriggerKind::SecretRotation)
}

fn fix() -> Fix {
    Fix::new("Read the secret in the handler or after each restore, or take no snapshot")
        .snippet("SnapStart: {ApplyOn: None}")
}
