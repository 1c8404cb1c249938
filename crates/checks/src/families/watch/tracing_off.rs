//! A function that starts no traces of its own.

use crate::subject::asked::{Asked, each_function};
use crate::verdict::judge::judge;
use crate::{Check, Context, Draft, Findings};
use maremma_model::{Confidence, Control, Equivalent, Fix, Function, Peer, Rule, Setting, Severity, State, Text, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "tracing-off",
        title: "Function without active tracing",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Function",
        controls: &[Control::nist("CA-7"), Control::owasp("SAS-5")],
        equivalents: &[
            Equivalent::exact(Peer::Checkov, "CKV_AWS_50"),
            Equivalent::exact(Peer::SecurityHub, "FSBP Lambda.7"),
            Equivalent::exact(Peer::Config, "lambda-function-xray-enabled"),
            Equivalent::near(Peer::Trivy, "AWS-0066"),
            Equivalent::near(Peer::Trivy, "AWS-0125"),
            Equivalent::near(Peer::Kics, "9488c451-074e-4cd3-aee3-7db6104f542c"),
            Equivalent::near(Peer::CdkNag, "LambdaTracing"),
            Equivalent::near(Peer::ServerlessRules, "WS1000"),
            Equivalent::near(Peer::Steampipe, "lambda_function_tracing_enabled"),
        ],
        page: include_str!("tracing_off.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let asked = |row: &Function| Asked::not_at_edge(row, "Lambda@Edge traces nothing with X-Ray");
    each_function(context, findings, asked, |id, row| {
        let mode = &row.tracing_mode;
        let judgement = judge(&row.resource, "TracingConfig.Mode", mode, |mode| {
            Some(mode?.as_literal()? != "Active")
        });
        let bad = format!("{} is traced only where its caller has begun a trace", context.name(id));
        Draft::judged(id, judgement, bad).fix(fix(mode))
    });
}

fn fix(mode: &Setting<Text>) -> Fix {
    let fix = Fix::new("Trace the function actively, and let its role write to X-Ray");
    match mode.state {
        State::Set(_) | State::Unknown(_) => fix.replace(&mode.at, "Active"),
        State::Default(_) | State::Unset => fix.snippet(
            "TracingConfig: {Mode: Active}\n\n\
             # in the role, unless AWS SAM makes it\n\
             ManagedPolicyArns: [!Sub \"arn:${AWS::Partition}:iam::aws:policy/AWSXRayDaemonWriteAccess\"]\n\n\
             # AWS SAM, in the function\n\
             Tracing: Active",
        ),
    }
}
