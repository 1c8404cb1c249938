//! A function URL that every web page may call and read.

use crate::subject::cors::{Origin, credentials, has, origin_evidence, signed};
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::noun::Url;
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, Tier, Verdict};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "url-cors-wildcard",
        title: "Function URL open to every web page",
        tier: Tier::Hardening,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Url",
        controls: &[Control::owasp("SAS-3"), Control::nist("AC-4")],
        equivalents: &[
            Equivalent::near(Peer::Checkov, "CKV2_AWS_75"),
            Equivalent::near(Peer::Prowler, "awslambda_function_url_cors_policy"),
            Equivalent::near(Peer::ControlTower, "CT.LAMBDA.PR.6"),
        ],
        page: include_str!("url_cors_wildcard.md"),
    },
    run,
};

const EVERY: &[Origin] = &[Origin::Every, Origin::Scheme];

const BAD: &str = "The function URL lets every web page call it and read what it answers";

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, url) in context.estate.urls.iter() {
        let (verdict, message) = answer(url);
        let origins = has(&url.cors, EVERY);
        let whys = [origins.why, signed(url).why];
        let fix = Fix::new("Name the sites whose pages call the function")
            .snippet("AllowOrigins:\n  - https://www.example.com");
        let draft = Draft::new(id, verdict, message, origin_evidence(&url.resource, "Cors", &origins))
            .undecided(whys.into_iter().flatten().cloned())
            .qualifier(url.qualifier.value())
            .affects(url.function.value().and_then(|reference| reference.function.here()));
        findings.add(draft.fix(fix));
    }
}

fn answer(url: &Url) -> (Verdict, String) {
    let origins = has(&url.cors, EVERY);
    let signed = signed(url);
    if origins.is.is_no() {
        return (
            Verdict::Pass,
            "AllowOrigins names the sites that it admits, if any".to_owned(),
        );
    }
    if !credentials(&url.cors).is.is_no() {
        let says = "AllowCredentials is or may be true, which url-cors-credentials judges";
        return (Verdict::NotApplicable, says.to_owned());
    }
    match (origins.is, signed.is) {
        (_, Match::Yes) => {
            let says = "AuthType is AWS_IAM: a page of another site cannot sign requests for its visitor";
            (Verdict::Pass, says.to_owned())
        }
        (Match::Yes, Match::No) => (Verdict::Fail, BAD.to_owned()),
        _ => {
            let open = if origins.is.is_unknown() {
                origins.words("AllowOrigins", "has")
            } else {
                signed.words("AuthType", "is")
            };
            let doubt = format!("not known whether the function URL lets every web page call it: {open}");
            (Verdict::Undetermined, doubt)
        }
    }
}
