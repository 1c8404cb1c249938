//! A code-signing configuration that only warns.

use crate::access::role::functions;
use crate::subject::signing::signed_by;
use crate::verdict::judge::{judge, whole};
use crate::{Check, Context, Draft, Findings};
use maremma_model::noun::CodeSigningConfig;
use maremma_model::{Confidence, Control, Fix, Function, Id, Rule, Severity, State, Tier, Verdict};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "code-signing-not-enforcing",
        title: "Code signing that only warns",
        tier: Tier::Hardening,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::Lambda::CodeSigningConfig",
        controls: &[Control::nist("CM-14"), Control::nist("SI-7"), Control::owasp("SAS-3")],
        equivalents: &[],
        page: include_str!("code_signing_not_enforcing.md"),
    },
    run,
};

const ATTRIBUTE: &str = "UntrustedArtifactOnDeployment";

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, row) in context.estate.code_signing_configs.iter() {
        let functions = signed_by(context, id);
        findings.add(draft(context, (id, row), &functions).affects(functions));
    }
}

fn draft(
    context: &Context<'_>,
    (id, row): (Id<CodeSigningConfig>, &CodeSigningConfig),
    users: &[Id<Function>],
) -> Draft {
    if users.is_empty() {
        let says = "no function of this input names it";
        return Draft::new(id, Verdict::NotApplicable, says, whole(&row.resource, says));
    }
    let setting = &row.untrusted_artifact_on_deployment;
    let judgement = judge(&row.resource, ATTRIBUTE, setting, |value| {
        match value?.as_literal()? {
            "Warn" => Some(true),
            "Enforce" => Some(false),
            _ => None,
        }
    });
    let bad = format!(
        "Untrusted code is deployed to {} with a warning only",
        functions(context, users)
    );
    let fix = Fix::new("Block what no allowed publisher has signed");
    let written = matches!(setting.state, State::Set(_)) && setting.by.is_none();
    Draft::judged(id, judgement, bad).fix(if written {
        fix.replace(&setting.at, "Enforce")
    } else {
        fix.snippet(format!("CodeSigningPolicies:\n  {ATTRIBUTE}: Enforce"))
    })
}
