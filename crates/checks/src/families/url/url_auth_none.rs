//! A function URL that asks nobody who they are.

use crate::verdict::judge::judge;
use crate::{Check, Context, Draft, Findings};
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, State, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "url-auth-none",
        title: "Function URL without authentication",
        tier: Tier::Core,
        severity: Severity::High,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Url",
        controls: &[Control::cis("4.6"), Control::owasp("SAS-2"), Control::nist("AC-3")],
        equivalents: &[
            Equivalent::exact(Peer::Checkov, "CKV_AWS_258"),
            Equivalent::exact(Peer::Prowler, "awslambda_function_url_public"),
            Equivalent::near(Peer::ControlTower, "CT.LAMBDA.PR.5"),
        ],
        page: include_str!("url_auth_none.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, url) in context.estate.urls.iter() {
        let judgement = judge(&url.resource, "AuthType", &url.auth_type, |value| {
            value.map(|text| text.as_literal().map(|t| t == "NONE"))?
        });
        let function = url.function.value().and_then(|reference| reference.function.here());
        let fix = Fix::new("Require IAM authentication, and sign the requests");
        let fix = match url.auth_type.state {
            State::Unset | State::Default(_) => fix.snippet("AuthType: AWS_IAM"),
            State::Set(_) | State::Unknown(_) => fix.replace(&url.auth_type.at, "AWS_IAM"),
        };
        findings.add(
            Draft::judged(id, judgement, "The function URL answers anybody who knows it")
                .qualifier(url.qualifier.value())
                .affects(function)
                .fix(fix),
        );
    }
}
