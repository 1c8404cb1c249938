//! A function whose recursive loops Lambda does not stop.

use crate::verdict::judge::judge;
use crate::{Check, Context, Draft, Findings};
use maremma_model::{Confidence, Control, Fix, Rule, Severity, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "recursion-open",
        title: "Recursive loops are not stopped",
        tier: Tier::Hardening,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Function",
        controls: &[Control::nist("SC-5"), Control::owasp("SAS-8")],
        equivalents: &[],
        page: include_str!("recursion_open.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, function) in context.estate.functions.iter() {
        let setting = &function.recursive_loop;
        let judgement = judge(&function.resource, "RecursiveLoop", setting, |value| {
            value?.as_literal().map(|text| text == "Allow")
        });
        let bad = format!(
            "Function {} may be invoked by its own output without end, because loop detection is off",
            context.name(id)
        );
        let fix = Fix::new("Let Lambda stop recursive loops").replace(&setting.at, "Terminate");
        findings.add(Draft::judged(id, judgement, bad).affects([id]).fix(fix));
    }
}
