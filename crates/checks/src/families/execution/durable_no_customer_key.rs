//! Durable executions whose data AWS's key encrypts.

use crate::verdict::judge::{judge_as, whole};
use crate::{Check, Context, Draft, Findings};
use maremma_model::noun::AnyLink;
use maremma_model::{Confidence, Control, Fix, Rule, Severity, Tier, Verdict};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "durable-no-customer-key",
        title: "Durable executions without a customer managed key",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Function",
        controls: &[Control::nist("SC-12"), Control::nist("SC-28")],
        equivalents: &[],
        page: include_str!("durable_no_customer_key.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, row) in context.estate.functions.iter() {
        if row.durable.execution_timeout.is_unset() {
            let says = "its executions are not durable";
            findings.add(Draft::new(id, Verdict::NotApplicable, says, whole(&row.resource, says)).affects([id]));
            continue;
        }
        let show = |link: &AnyLink| match link {
            AnyLink::Here(key) => context.name(*key).to_string(),
            AnyLink::Outside(text) => text.to_string(),
            AnyLink::Unknown(why) => why.name().to_owned(),
        };
        let judgement = judge_as(
            &row.resource,
            "DurableConfig.KMSKeyArn",
            &row.durable.kms_key,
            &show,
            |key| Some(key.is_none()),
        );
        let bad = format!(
            "What durable executions of {} keep is not under a key of yours",
            context.name(id)
        );
        let fix = Fix::new("Name a key of your own for what executions keep")
            .snippet("DurableConfig:\n  KMSKeyArn: !GetAtt Key.Arn");
        findings.add(Draft::judged(id, judgement, bad).affects([id]).fix(fix));
    }
}
