//! A function that may take all the concurrency of its account.

use crate::subject::asked::{Asked, each_function};
use crate::subject::open::open_functions;
use crate::verdict::given::judge_given;
use crate::{Check, Context, Draft, Findings};
use maremma_model::{Confidence, Control, Equivalent, Fix, Function, Peer, Rule, Severity, Tier, Verdict};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "concurrency-unreserved",
        title: "Function without reserved concurrency",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Function",
        controls: &[Control::nist("SC-5"), Control::owasp("SAS-8")],
        equivalents: &[
            Equivalent::exact(Peer::Checkov, "CKV_AWS_115"),
            Equivalent::exact(Peer::CfnNag, "W92"),
            Equivalent::near(Peer::CdkNag, "LambdaConcurrency"),
            Equivalent::near(Peer::Config, "lambda-concurrency-check"),
            Equivalent::near(Peer::Guard, "LAMBDA_CONCURRENCY_CHECK"),
        ],
        page: include_str!("concurrency_unreserved.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let open = open_functions(context);
    let asked = |row: &Function| {
        Asked::not_at_edge(row, "the copies that Lambda@Edge runs have no reserved concurrency").and(
            Asked::not_managed(row, "the function runs on instances of its own capacity provider"),
        )
    };
    each_function(context, findings, asked, |id, row| {
        let reserved = &row.reserved_concurrency;
        let name = "ReservedConcurrentExecutions";
        let mut judgement = judge_given(&row.resource, name, reserved, &ToString::to_string, &|_| false);
        let function = context.name(id);
        let (severity, bad) = match open.get(&id) {
            Some(way) => {
                if judgement.verdict == Verdict::Fail {
                    judgement.evidence.says.push_str(", and anybody can call the function");
                }
                let bad = format!(
                    "Anybody can call {function} by {way}, until no other function of the account has concurrency left"
                );
                (Severity::Medium, bad)
            }
            None => {
                let bad = format!("{function} may take the concurrency that other functions of the account need");
                (Severity::Low, bad)
            }
        };
        let fix = Fix::new("Reserve what the function needs at most").snippet("ReservedConcurrentExecutions: 20");
        Draft::judged(id, judgement, bad).severity(severity).fix(fix)
    });
}
