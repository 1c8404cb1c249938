//! A function URL that foreign web pages may call with the credentials of their visitors.

use crate::subject::cors::{Origin, credentials, has, kind, origin_evidence, signed};
use crate::verdict::judge::attribute;
use crate::verdict::possible::Told;
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::noun::Url;
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, Text, Tier, Verdict};

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
        let (allowed, origins) = (credentials(url), origins(url));
        let setting = &url.cors.allow_credentials;
        let allows = attribute(&url.resource, "AllowCredentials", setting, &ToString::to_string);
        let draft = match allowed.is.and(origins.is) {
            Match::No if allowed.is.is_no() => Draft::new(
                id,
                Verdict::Pass,
                "AllowCredentials is false: browsers send no cookies",
                allows,
            ),
            Match::No => {
                let says = "AllowOrigins names the sites that it admits";
                Draft::new(id, Verdict::Pass, says, origin_evidence(url, &origins))
            }
            Match::Yes => {
                Draft::new(id, Verdict::Fail, bad(url, &origins), origin_evidence(url, &origins)).related([allows])
            }
            Match::Unknown => {
                let doubts = [
                    allowed.is.is_unknown().then(|| allowed.words("AllowCredentials", "is")),
                    origins.is.is_unknown().then(|| origins.words("AllowOrigins", "has")),
                ];
                let doubts: Vec<_> = doubts.into_iter().flatten().collect();
                let bad = "web pages of others can call the function URL with their visitors' credentials";
                let message = format!("not known whether {bad}: {}", doubts.join(", and "));
                Draft::new(id, Verdict::Undetermined, message, origin_evidence(url, &origins)).related([allows])
            }
        };
        let fix = Fix::new("Name the sites whose pages call the function, by https")
            .snippet("AllowCredentials: true\nAllowOrigins:\n  - https://www.example.com");
        findings.add(
            draft
                .undecided([allowed.why, origins.why].into_iter().flatten().cloned())
                .severity(severity(url, &origins))
                .qualifier(url.qualifier.value())
                .affects(url.function.value().and_then(|reference| reference.function.here()))
                .fix(fix),
        );
    }
}

/// The gravest kind of origins that is there, or may be.
fn origins(url: &Url) -> Told<'_, Text> {
    let grave = has(&url.cors, &[Origin::Every, Origin::Null]);
    if grave.is.is_yes() {
        return grave;
    }
    let plain = has(&url.cors, &[Origin::Plain]);
    if plain.is.is_yes() || grave.is.is_no() {
        plain
    } else {
        grave
    }
}

fn bad(url: &Url, origins: &Told<'_, Text>) -> String {
    let whose = match origins.value.and_then(kind) {
        Some(Origin::Plain) => "Whoever can change the traffic of a site without TLS",
        Some(Origin::Null) => "Every web page with a sandboxed frame",
        Some(Origin::Every) | None => "Every web page",
    };
    let signing = if signed(url).is.is_yes() {
        ", if it can sign requests,"
    } else {
        ""
    };
    format!("{whose}{signing} can call the function URL with the cookies of its visitor and read the answer")
}

/// Cookies do not sign a request, and a site without TLS can be forged only on the way.
fn severity(url: &Url, origins: &Told<'_, Text>) -> Severity {
    let plain = origins.value.and_then(kind) == Some(Origin::Plain);
    match (plain, signed(url).is) {
        (false, Match::Yes) | (true, Match::No | Match::Unknown) => Severity::Medium,
        (false, Match::No | Match::Unknown) => Severity::High,
        (true, Match::Yes) => Severity::Low,
    }
}
