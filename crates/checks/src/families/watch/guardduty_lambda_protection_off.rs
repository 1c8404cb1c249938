//! A GuardDuty detector that does not look at the network activity of functions.

use crate::access::role::functions;
use crate::context::standing::Scope;
use crate::verdict::judge::{Judgement, judge, whole};
use crate::verdict::possible::{Told, any, is};
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::noun::{Detector, Feature};
use maremma_model::{
    Confidence, Control, Equivalent, Evidence, Fact, Fix, Function, Id, Peer, Rule, Severity, Text, Tier, Verdict,
};
use std::collections::BTreeMap;

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "guardduty-lambda-protection-off",
        title: "GuardDuty without Lambda Protection",
        tier: Tier::Hygiene,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::GuardDuty::Detector",
        controls: &[
            Control::fsbp("GuardDuty.6"),
            Control::pci("11.5.1"),
            Control::owasp("SAS-5"),
        ],
        equivalents: &[
            Equivalent::exact(Peer::Prowler, "guardduty_lambda_protection_enabled"),
            Equivalent::exact(Peer::SecurityHub, "FSBP GuardDuty.6"),
            Equivalent::exact(Peer::Config, "guardduty-lambda-protection-enabled"),
        ],
        page: include_str!("guardduty_lambda_protection_off.md"),
    },
    run,
};

const FEATURE: &str = "LAMBDA_NETWORK_LOGS";

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut scopes: BTreeMap<Scope, Vec<Id<Function>>> = BTreeMap::new();
    for (id, function) in context.estate.functions.iter() {
        scopes.entry(context.scope(&function.resource)).or_default().push(id);
    }
    let mut watched = Vec::new();
    for (id, detector) in context.estate.detectors.iter() {
        let scope = context.scope(&detector.resource);
        let beside = scopes.get(&scope).map_or(&[][..], Vec::as_slice);
        findings.add(draft(context, id, detector, beside).affects(beside.iter().copied()));
        watched.push(scope);
    }
    for (_, beside) in scopes.iter().filter(|(scope, _)| !watched.contains(scope)) {
        without_detector(context, findings, beside);
    }
}

/// What an account whose detectors were asked for lacks is told of the first of its functions.
fn without_detector(context: &Context<'_>, findings: &mut Findings<'_>, beside: &[Id<Function>]) {
    let rows = beside.iter().filter_map(|id| Some((*id, context.resource(*id)?)));
    let Some((id, resource)) = rows.min_by_key(|(_, resource)| &resource.address) else {
        return;
    };
    if !context.is_live(resource) {
        return findings.not_assessed(
            "the input declares no GuardDuty detector beside some functions; scan it together with them",
        );
    }
    if let Some(why) = context.unasked("AWS::GuardDuty::Detector", resource) {
        return findings.not_assessed(format!("not all GuardDuty detectors are known: {why}"));
    }
    let message = format!(
        "GuardDuty does not watch what {} connects to",
        functions(context, beside)
    );
    let evidence = whole(resource, "GuardDuty is not on in the region of the function");
    let draft = Draft::new(id, Verdict::Fail, message, evidence);
    findings.add(
        draft
            .affects(beside.iter().copied())
            .fix(Fix::new("Switch GuardDuty on, with Lambda Protection")),
    );
}

fn draft(context: &Context<'_>, id: Id<Detector>, detector: &Detector, beside: &[Id<Function>]) -> Draft {
    if beside.is_empty() {
        let says = "no function is declared beside the detector";
        return Draft::new(id, Verdict::NotApplicable, says, whole(&detector.resource, says));
    }
    let enabled = judge(&detector.resource, "Enable", &detector.enabled, |on| on.map(|on| !on));
    let protection = protection(detector);
    let worst = match enabled.verdict <= protection.verdict {
        true => (
            enabled,
            Fix::new("Switch the detector on").replace(&detector.enabled.at, "true"),
        ),
        false => (
            protection,
            Fix::new("Switch Lambda Protection on")
                .snippet(format!("Features: [{{Name: {FEATURE}, Status: ENABLED}}]")),
        ),
    };
    let (judgement, fix) = worst;
    let whom = functions(context, beside);
    let bad = format!("GuardDuty does not watch what {whom} connects to");
    Draft::judged(id, judgement, bad).fix(fix)
}

/// Whether the feature is switched off. One that is not named is on: a detector is made with every
/// feature but Runtime Monitoring. Source: Amazon GuardDuty API reference, "CreateDetector".
fn protection(detector: &Detector) -> Judgement {
    let named = |feature: &Feature| {
        let told = is(&feature.name, &|name| match name.map(Text::as_literal) {
            Some(Some(name)) => (name == FEATURE).into(),
            Some(None) => Match::Unknown,
            None => Match::No,
        });
        told.is
    };
    let off = |feature: &Feature| {
        let told = is(&feature.status, &|status| match status.map(Text::as_literal) {
            Some(Some(status)) => (status != "ENABLED").into(),
            Some(None) => Match::Unknown,
            None => Match::No,
        });
        told.is
    };
    let told = any(&detector.features, &|feature| {
        Match::all([named(feature), off(feature)])
    });
    let (verdict, says) = match told.is {
        Match::Yes => (Verdict::Fail, format!("{FEATURE} is not ENABLED")),
        Match::No => (Verdict::Pass, format!("Features leave {FEATURE} on")),
        Match::Unknown => (Verdict::Undetermined, doubt(&told)),
    };
    let at = told
        .value
        .filter(|_| told.is.is_yes())
        .map_or(told.at, |feature| &feature.status.at);
    let evidence = Evidence {
        at: at.clone(),
        address: Some(detector.resource.address.clone()),
        says,
        fact: Fact::Attribute {
            name: "Features".into(),
            value: told
                .value
                .and_then(|feature| feature.status.value())
                .map(ToString::to_string),
        },
    };
    Judgement {
        verdict,
        evidence,
        undecided: told.why.into_iter().cloned().collect(),
    }
}

fn doubt(told: &Told<'_, Feature>) -> String {
    let because = told.why.map_or_else(String::new, |why| format!(": {why}"));
    format!("whether {FEATURE} is ENABLED is not known{because}")
}
