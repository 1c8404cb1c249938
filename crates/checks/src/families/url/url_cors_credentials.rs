//! A function URL that foreign web pages may call with the credentials of their visitors.

use crate::subject::cors::{Opened, Origin, signed};
use crate::{Check, Context, Findings};
use maremma_model::{Confidence, Control, Equivalent, Peer, Rule, Severity, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "url-cors-credentials",
        title: "Function URL open to web pages with their visitors' credentials",
        tier: Tier::Core,
        severity: Severity::High,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Url",
        controls: &[Control::owasp("SAS-2"), Control::nist("AC-3"), Control::nist("AC-4")],
        equivalents: &[
            Equivalent::near(Peer::Checkov, "CKV2_AWS_75"),
            Equivalent::near(Peer::Prowler, "awslambda_function_url_cors_policy"),
            Equivalent::near(Peer::ControlTower, "CT.LAMBDA.PR.6"),
        ],
        page: include_str!("url_cors_credentials.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, url) in context.estate.urls.iter() {
        let opened = Opened {
            resource: &url.resource,
            cors: &url.cors,
            around: "Cors",
            what: "the function URL",
            grave: &[Origin::Every, Origin::Scheme, Origin::Null],
            signed: signed(url).is,
        };
        let draft = opened
            .with_credentials(id)
            .qualifier(url.qualifier.value())
            .affects(url.function.value().and_then(|reference| reference.function.here()));
        findings.add(draft);
    }
}
