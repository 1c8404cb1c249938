//! A layer version that is handed to an account which is neither own nor trusted.

use crate::access::party::{Reach, limits, principal, reach};
use crate::verdict::answer::{Answer, Carrier, ask, gravest};
use crate::{Check, Context, Findings};
use maremma_iam::{Party, admits_after_denies};
use maremma_model::noun::LayerPermission;
use maremma_model::{Confidence, Control, Fix, Id, Link, Rule, Severity, Tier};

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
    for (id, row) in context.estate.layer_permissions.iter() {
        judge_permission(context, findings, id, row);
    }
}

fn judge_permission(
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    id: Id<LayerPermission>,
    row: &LayerPermission,
) {
    let Some(policy) = context.policies.layer_permission(id) else {
        return;
    };
    let layer = match row.layer.value() {
        Some(Link::Here(layer)) => context.name(*layer),
        Some(Link::Outside(text)) => text.to_string().into(),
        Some(Link::Unknown(_)) | None => "the layer".into(),
    };
    let bad = format!("A foreign account can download and use layer version {layer}");
    let nobody = |at| Answer::not_applicable(at, "the statement admits nobody");
    let view = context.view(row.resource.unit);
    let answers = ask(policy, &bad, |statement| {
        let admission = admits_after_denies(policy, statement, view);
        let answers = admission.parties.iter().map(|party| answer(&layer, &bad, party));
        gravest(answers).unwrap_or_else(|| nobody(&statement.at))
    });
    let worst = answers.into_iter().min_by_key(|(_, answer)| answer.weight());
    let (statement, answer) = worst.unwrap_or_else(|| (None, nobody(&row.resource.at)));
    let carrier = Carrier {
        policy: format!("policy of layer version {layer}").into(),
        ..Carrier::of(id, &row.resource)
    };
    let here = row.layer.value().and_then(Link::here);
    let functions = here.map_or(&[][..], |layer| context.relations.functions_of_layer(layer));
    findings.add(carrier.draft(answer, statement).affects(functions.iter().copied()));
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
