//! A function with the memory that Lambda gives by default.

use crate::subject::asked::{Asked, each_function};
use crate::verdict::given::judge_given;
use crate::{Check, Context, Draft, Findings};
use maremma_model::{Confidence, Control, Equivalent, Fix, Function, Peer, Rule, Severity, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "memory-default",
        title: "Function with the default memory",
        tier: Tier::Hygiene,
        severity: Severity::Info,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Function",
        controls: &[Control::owasp("SAS-8")],
        equivalents: &[
            Equivalent::near(Peer::CdkNag, "LambdaDefaultMemorySize"),
            Equivalent::exact(Peer::ServerlessRules, "ES1005"),
        ],
        page: include_str!("memory_default.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let asked = |row: &Function| {
        Asked::not_at_edge(
            row,
            "at the edge a function of viewer events has no more than the default",
        )
        .and(Asked::not_managed(
            row,
            "another default holds for a function on instances of a capacity provider",
        ))
    };
    each_function(context, findings, asked, |id, row| {
        let judgement = judge_given(
            &row.resource,
            "MemorySize",
            &row.memory_size,
            &ToString::to_string,
            &|_| false,
        );
        let bad = format!(
            "{} has 128 MB and the share of a processor that goes with it, which nobody chose for it",
            context.name(id)
        );
        let fix = Fix::new("Measure what the function needs, and say so").snippet("MemorySize: 256");
        Draft::judged(id, judgement, bad).fix(fix)
    });
}
