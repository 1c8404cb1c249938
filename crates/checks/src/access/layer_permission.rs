//! The statements of layer versions' policies, judged by whom they admit.

use crate::context::Context;
use crate::verdict::answer::{Answer, Carrier, ask, gravest};
use crate::verdict::findings::Findings;
use maremma_iam::{Party, admits_after_denies};
use maremma_model::Link;

/// What a check asks of a layer version's policy.
pub(crate) struct Ask<'q> {
    /// The message of a fail, of the name of a layer version.
    pub(crate) bad: &'q dyn Fn(&str) -> String,
    /// The answer about one party that a statement admits, of the layer version, the message and the party.
    pub(crate) question: &'q dyn Fn(&str, &str, &Party) -> Answer,
}

/// One verdict a permission: the gravest of its parties.
pub(crate) fn judge_layer_permissions(context: &Context<'_>, findings: &mut Findings<'_>, check: &Ask<'_>) {
    for (id, row) in context.estate.layer_permissions.iter() {
        let Some(policy) = context.policies.layer_permission(id) else {
            continue;
        };
        let layer = match row.layer.value() {
            Some(Link::Here(layer)) => context.name(*layer),
            Some(Link::Outside(text)) => text.to_string().into(),
            Some(Link::Unknown(_)) | None => "the layer".into(),
        };
        let bad = (check.bad)(&layer);
        let nobody = |at| Answer::not_applicable(at, "the statement admits nobody");
        let view = context.view(row.resource.unit);
        let answers = ask(policy, &bad, |statement| {
            let admission = admits_after_denies(policy, statement, view);
            let answers = admission
                .parties
                .iter()
                .map(|party| (check.question)(&layer, &bad, party));
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
}
