//! A layer version that every account may use.

use crate::access::party::{limits, principal};
use crate::verdict::answer::{Answer, Carrier, ask, gravest};
use crate::{Check, Context, Findings};
use maremma_iam::{Party, Who, admits_after_denies};
use maremma_model::noun::LayerPermission;
use maremma_model::{Confidence, Control, Equivalent, Fix, Id, Link, Peer, Rule, Severity, Tier};

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
    let bad = format!("Any AWS account can download and use layer version {layer}");
    let view = context.view(row.resource.unit);
    let answers = ask(policy, &bad, |statement| {
        let admission = admits_after_denies(policy, statement, view);
        gravest(admission.parties.iter().map(|party| answer(&bad, party)))
            .unwrap_or_else(|| Answer::not_applicable(&statement.at, "the statement admits nobody"))
    });
    let worst = answers.into_iter().min_by_key(|(_, answer)| answer.weight());
    let (statement, answer) = worst.unwrap_or_else(|| {
        (
            None,
            Answer::not_applicable(&row.resource.at, "the statement admits nobody"),
        )
    });
    let carrier = Carrier {
        id: id.into(),
        resource: &row.resource,
        policy: format!("policy of layer version {layer}").into(),
        attached_at: None,
    };
    let here = row.layer.value().and_then(Link::here);
    let functions = here.map_or(&[][..], |layer| context.relations.functions_of_layer(layer));
    findings.add(carrier.draft(answer, statement).affects(functions.iter().copied()));
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
