//! A capacity provider whose data AWS's key encrypts.

use crate::verdict::judge::judge_as;
use crate::{Check, Context, Draft, Findings};
use maremma_model::noun::{AnyLink, CapacityProvider};
use maremma_model::{Confidence, Control, Fix, Function, Id, Rule, Severity, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "capacity-provider-no-customer-key",
        title: "Capacity provider without a customer managed key",
        tier: Tier::Hygiene,
        severity: Severity::Info,
        confidence: Confidence::High,
        subject: "AWS::Lambda::CapacityProvider",
        controls: &[Control::nist("SC-12"), Control::nist("SC-28")],
        equivalents: &[],
        page: include_str!("capacity_provider_no_customer_key.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, row) in context.estate.capacity_providers.iter() {
        let show = |link: &AnyLink| match link {
            AnyLink::Here(key) => context.name(*key).to_string(),
            AnyLink::Outside(text) => text.to_string(),
            AnyLink::Unknown(why) => why.name().to_owned(),
        };
        let judgement = judge_as(&row.resource, "KmsKeyArn", &row.kms_key, &show, |key| {
            Some(key.is_none())
        });
        let bad = format!(
            "The data of capacity provider {} is not under a key of yours",
            context.name(id)
        );
        let fix = Fix::new("Name a key of your own").snippet("KmsKeyArn: !GetAtt Key.Arn");
        findings.add(Draft::judged(id, judgement, bad).affects(users(context, id)).fix(fix));
    }
}

fn users(context: &Context<'_>, id: Id<CapacityProvider>) -> Vec<Id<Function>> {
    let functions = context.estate.functions.iter();
    let on = functions.filter(|(_, row)| row.capacity_provider.possible().any(|link| link.here() == Some(id)));
    on.map(|(function, _)| function).collect()
}
