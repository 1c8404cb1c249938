//! A layer version that is handed to an account which is neither own nor trusted.

use crate::access::layer_permission::{Ask, judge_layer_permissions};
use crate::access::party::{Reach, limits, principal, reach};
use crate::verdict::answer::Answer;
use crate::{Check, Context, Findings};
use maremma_iam::Party;
use maremma_model::{Confidence, Control, Fix, Rule, Severity, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "layer-permission-cross-account",
        title: "Layer version open to a foreign account",
        tier: Tier::Hardening,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::Lambda::LayerVersionPermission",
        controls: &[Control::nist("AC-3"), Control::owasp("SAS-3")],
        equivalents: &[],
        page: include_str!("layer_permission_cross_account.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let check = Ask {
        bad: &|layer| format!("A foreign account can download and use layer version {layer}"),
        question: &answer,
    };
    judge_layer_permissions(context, findings, &check);
}

fn answer(layer: &str, bad: &str, party: &Party) -> Answer {
    let (at, says) = principal(party);
    let fix =
        || Fix::new("Remove the statement, or, where the account is meant, add it to [trust] accounts in maremma.toml");
    match reach(party) {
        Reach::Everybody => Answer::not_applicable(at, format!("{says}, which layer-public judges")),
        Reach::Ours => Answer::pass(at, format!("{says}{}", limits(party))),
        Reach::Unscoped(_) => Answer::not_applicable(at, says),
        Reach::Foreign(stranger) => {
            let message = format!(
                "A stranger, {stranger}, can download and use layer version {layer}{}",
                limits(party)
            );
            Answer::fail(at, message, says).fix(fix())
        }
        Reach::Undecided { doubt, why } => Answer::undetermined(at, bad, &doubt, why).fix(fix()),
    }
}
