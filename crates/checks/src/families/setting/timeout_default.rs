//! A function that ends after the time that Lambda gives by default.

use crate::subject::asked::{Asked, each_function};
use crate::verdict::given::judge_given;
use crate::{Check, Context, Draft, Findings};
use maremma_model::{Confidence, Control, Equivalent, Fix, Function, Peer, Rule, Severity, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "timeout-default",
        title: "Function with the default timeout",
        tier: Tier::Hygiene,
        severity: Severity::Info,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Function",
        controls: &[Control::owasp("SAS-8")],
        equivalents: &[
            Equivalent::near(Peer::CdkNag, "LambdaDefaultTimeout"),
            Equivalent::exact(Peer::ServerlessRules, "ES1006"),
        ],
        page: include_str!("timeout_default.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let asked = |row: &Function| Asked::not_at_edge(row, "at the edge a function has 5 seconds at most, or 30");
    each_function(context, findings, asked, |id, row| {
        let judgement = judge_given(&row.resource, "Timeout", &row.timeout, &ToString::to_string, &|_| false);
        let bad = format!("{} ends after 3 seconds, which nobody chose for it", context.name(id));
        let fix = Fix::new("Say how long the work may take").snippet("Timeout: 10");
        Draft::judged(id, judgement, bad).fix(fix)
    });
}
