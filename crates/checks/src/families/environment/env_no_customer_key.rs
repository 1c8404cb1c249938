//! Environment variables that are encrypted with a key of AWS's.

use crate::subject::asked::{Asked, each_function};
use crate::verdict::given::{given, judge_given};
use crate::verdict::judge::{evidence, whole};
use crate::{Check, Context, Draft, Findings};
use maremma_model::noun::AnyLink;
use maremma_model::{
    Confidence, Control, Equivalent, Fact, Fix, Function, Id, Peer, Rule, Severity, State, Tier, Verdict,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "env-no-customer-key",
        title: "Environment variables without a customer managed key",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Function",
        controls: &[Control::cis("4.12"), Control::nist("SC-28(1)"), Control::owasp("SAS-7")],
        equivalents: &[
            Equivalent::exact(Peer::Checkov, "CKV_AWS_173"),
            Equivalent::exact(Peer::Prowler, "awslambda_function_env_vars_not_encrypted_with_cmk"),
            Equivalent::near(Peer::Steampipe, "lambda_function_encryption_enabled"),
        ],
        page: include_str!("env_no_customer_key.md"),
    },
    run,
};

/// What steers a runtime, an SDK or Powertools, by values that are documented and tell nothing. Variables that take
/// options of any kind, such as `JAVA_TOOL_OPTIONS`, may carry a password.
const SWITCHES: [&str; 10] = [
    "AWS_LAMBDA_EXEC_WRAPPER",
    "AWS_MAX_ATTEMPTS",
    "AWS_NODEJS_CONNECTION_REUSE_ENABLED",
    "AWS_RETRY_MODE",
    "AWS_STS_REGIONAL_ENDPOINTS",
    "LOG_LEVEL",
    "NODE_ENV",
    "NODE_OPTIONS",
    "PYTHONUNBUFFERED",
    "TZ",
];

fn is_switch(name: &str) -> bool {
    SWITCHES.contains(&name) || name.starts_with("POWERTOOLS_")
}

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let asked = |row: &Function| Asked::not_at_edge(row, "a function at the edge has no environment variables");
    each_function(context, findings, asked, |id, row| draft(context, id, row));
}

fn draft(context: &Context<'_>, id: Id<Function>, row: &Function) -> Draft {
    let resource = &row.resource;
    let show = |key: &AnyLink| context.any_linked(key);
    let empty = |key: &AnyLink| matches!(key, AnyLink::Outside(text) if text.as_literal() == Some(""));
    let judgement = judge_given(resource, "KmsKeyArn", &row.kms_key, &show, &empty);
    let told = row.environment.iter().filter(|variable| !is_switch(&variable.name));
    let mut there = told.map(|variable| given(&variable.value.state, &|_| false));
    let bad = format!(
        "Lambda encrypts the variables of {} with a key of its own, which no policy of yours guards",
        context.name(id)
    );
    let fix = Fix::new("Name a key of yours, and let the execution role decrypt with it")
        .snippet("KmsKeyArn: !GetAtt Key.Arn");
    let key = Draft::judged(id, judgement.clone(), bad).fix(fix);
    if there.clone().any(|(there, _)| there == Some(true)) || judgement.verdict == Verdict::Pass {
        return key;
    }
    if let Some((_, whys)) = there.find(|(there, _)| there.is_none()) {
        return key.unless("the function has no variables to keep", whys);
    }
    if let State::Unknown(unknown) = &row.environment_at.state {
        let says = format!("Environment.Variables is not known: {}", unknown.why);
        let message = format!("not known whether the function has variables that need a key: {says}");
        let at = evidence(resource, &row.environment_at.at, says, Fact::Resource);
        return Draft::new(id, Verdict::Undetermined, message, at).undecided([unknown.why.clone()]);
    }
    let says = match row.environment.as_slice() {
        [] => "the function has no environment variables",
        _ => "the function's variables are switches of its runtime and of libraries",
    };
    Draft::new(id, Verdict::NotApplicable, says, whole(resource, says))
}
