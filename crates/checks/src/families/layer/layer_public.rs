//! A layer version that every account may use.

use crate::access::layer_permission::{Ask, judge_layer_permissions};
use crate::access::party::{limits, principal};
use crate::verdict::answer::Answer;
use crate::{Check, Context, Findings};
use maremma_iam::{Party, Who};
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "layer-public",
        title: "Layer version open to everybody",
        tier: Tier::Core,
        severity: Severity::High,
        confidence: Confidence::High,
        subject: "AWS::Lambda::LayerVersionPermission",
        controls: &[Control::nist("AC-3"), Control::owasp("SAS-3")],
        equivalents: &[Equivalent::near(Peer::ControlTower, "CT.LAMBDA.PR.4")],
        page: include_str!("layer_public.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let check = Ask {
        bad: &|layer| format!("Any AWS account can download and use layer version {layer}"),
        question: &|_, bad, party| answer(bad, party),
    };
    judge_layer_permissions(context, findings, &check);
}

fn answer(bad: &str, party: &Party) -> Answer {
    let (at, says) = principal(party);
    let fix = || {
        Fix::new("Name the account that uses the layer, or add the organization").snippet("OrganizationId: o-YOUR-ID")
    };
    match &party.who {
        Who::Public(_) => Answer::fail(at, format!("{bad}{}", limits(party)), says).fix(fix()),
        Who::Unknown(doubt) => Answer::undetermined(&doubt.at, bad, &doubt.words, doubt.why.clone()).fix(fix()),
        _ => Answer::pass(at, format!("{says}{}", limits(party))),
    }
}
