//! A function that may be triggered by what it writes itself.

use crate::context::Context;
use crate::subject::loops::{Doubt, Graph, Loop, Out};
use crate::verdict::findings::lowered;
use crate::verdict::judge::whole;
use crate::verdict::possible::is;
use crate::{Check, Draft, Findings};
use maremma_iam::Match;
use maremma_model::{Confidence, Control, Fix, Function, Id, Rule, Severity, Text, Tier, Verdict};
use std::collections::BTreeMap;

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "trigger-cycle",
        title: "Function that may trigger itself",
        tier: Tier::Hardening,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        subject: "AWS::Lambda::Function",
        controls: &[Control::nist("SC-5"), Control::owasp("SAS-8"), Control::owasp("SAS-9")],
        equivalents: &[],
        page: include_str!("trigger_cycle.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut graph = Graph::of(context);
    for (id, row) in context.estate.functions.iter() {
        let outs = graph.outs(id);
        let mut told: BTreeMap<String, Draft> = BTreeMap::new();
        let mut stopped = false;
        for out in &outs {
            let drafts = graph
                .loops(id, out)
                .into_iter()
                .map(|found| judge(context, id, out, &found));
            let drafts: Vec<_> = drafts.collect();
            stopped |= !drafts.is_empty();
            let open = drafts.into_iter().flatten();
            if let Some((_, draft)) = open.min_by_key(|(verdict, _)| *verdict) {
                told.entry(out.place.clone()).or_insert(draft);
            }
        }
        if told.is_empty() {
            let (verdict, says) = match (outs.is_empty(), stopped) {
                (true, _) => (
                    Verdict::NotApplicable,
                    "the function is not known to write to what triggers functions",
                ),
                (false, true) => (
                    Verdict::Pass,
                    "what comes back to the function Lambda stops after about 16 rounds",
                ),
                (false, false) => (Verdict::Pass, "what the function writes does not come back to it"),
            };
            findings.add(Draft::new(id, verdict, says, whole(&row.resource, says)).affects([id]));
        }
        for (place, draft) in told {
            findings.add(draft.detail(place));
        }
    }
    if graph.is_exhausted() {
        findings.not_assessed(
            "there are more ways from functions to functions than are followed; scan fewer templates at once",
        );
    }
}

/// `None` for a loop that Lambda stops.
fn judge(context: &Context<'_>, id: Id<Function>, out: &Out, found: &Loop<'_>) -> Option<(Verdict, Draft)> {
    let followed = found.steps.iter().all(|step| step.followed);
    let allowed = match followed {
        true => allowed(context, &found.functions),
        false => Match::Yes,
    };
    if allowed.is_no() {
        return None;
    }
    let steps: Vec<_> = found.steps.iter().map(|step| step.words.as_str()).collect();
    let stop = match followed {
        true => "loop detection is off",
        false => "Lambda's loop detection is not known to follow that",
    };
    let bad = format!(
        "Function {} may start itself again and again: it {}; {stop}",
        context.name(id),
        steps.join(", which ")
    );
    let doubts = found.steps.iter().filter_map(|step| step.doubt.as_ref());
    let doubt = doubts.chain(&found.open).next().cloned().or_else(|| {
        allowed.is_unknown().then(|| Doubt {
            words: "whether RecursiveLoop is Terminate is not known".to_owned(),
            why: found.functions.iter().find_map(|function| {
                let row = context.estate.functions.get(*function)?;
                is(&row.recursive_loop, &|_| Match::Unknown).why.cloned()
            }),
        })
    });
    let (first, rest) = found.steps.split_first()?;
    let evidence = first.evidence.clone();
    let (verdict, draft) = match doubt {
        None => (Verdict::Fail, Draft::new(id, Verdict::Fail, bad, evidence)),
        Some(doubt) => {
            let message = format!("not known whether {}: {}", lowered(&bad), doubt.words);
            let draft = Draft::new(id, Verdict::Undetermined, message, evidence).undecided(doubt.why);
            (Verdict::Undetermined, draft)
        }
    };
    let draft = draft
        .affects(found.functions.iter().copied())
        .related(rest.iter().map(|step| step.evidence.clone()))
        .fix(fix(out));
    Some((verdict, draft))
}

/// Whether nobody on the way stops what comes back.
fn allowed(context: &Context<'_>, functions: &[Id<Function>]) -> Match {
    let rows = functions.iter().filter_map(|id| context.estate.functions.get(*id));
    Match::all(rows.map(|row| {
        let allow = |value: Option<&Text>| match value.map(Text::as_literal) {
            Some(Some(word)) => (word == "Allow").into(),
            Some(None) => Match::Unknown,
            None => Match::No,
        };
        is(&row.recursive_loop, &allow).is
    }))
}

fn fix(out: &Out) -> Fix {
    if out.place.starts_with("table ") {
        return Fix::new("Let a filter of the mapping leave out what the function writes itself, or write elsewhere")
            .snippet("FilterCriteria:\n  Filters:\n    - Pattern: '{\"eventName\": [\"INSERT\"]}'");
    }
    if out.place.starts_with("log group ") {
        return Fix::new(
            "Subscribe to the logs of other functions only, or let FilterPattern leave out what this one logs",
        );
    }
    Fix::new(format!(
        "Write to another resource than {}, or let a filter leave out what the function writes itself",
        out.place
    ))
}
