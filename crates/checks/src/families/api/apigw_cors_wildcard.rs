//! An HTTP API that every web page may call and read.

use crate::subject::api::{Apis, Behind};
use crate::subject::cors::{Origin, credentials, has, origin_evidence};
use crate::verdict::judge::whole;
use crate::verdict::possible::{Told, is};
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::noun::{Cors, HttpRoute};
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, Text, Tier, Verdict, Why};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "apigw-cors-wildcard",
        title: "HTTP API open to every web page",
        tier: Tier::Hardening,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::ApiGatewayV2::Api",
        controls: &[Control::owasp("SAS-3"), Control::nist("AC-4")],
        equivalents: &[Equivalent::near(Peer::Kics, "8af4c38a-e1d2-405b-ac41-995db44b5536")],
        page: include_str!("apigw_cors_wildcard.md"),
    },
    run,
};

const EVERY: &[Origin] = &[Origin::Every, Origin::Scheme];

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let apis = Apis::of(context);
    for (id, api) in context.estate.http_apis.iter() {
        let behind = apis.behind(Some(id.into()));
        let draft = match behind.excused().or_else(|| excused(&api.cors)) {
            Some(says) => Draft::new(id, Verdict::NotApplicable, says, whole(&api.resource, says)),
            None => {
                let origins = has(&api.cors, EVERY);
                let evidence = origin_evidence(&api.resource, "CorsConfiguration", &origins);
                let (open, doubt) = open(behind);
                let bad = format!(
                    "The HTTP API {} lets every web page call it and read what it answers",
                    context.name(id)
                );
                let draft = match origins.is.and(open) {
                    Match::No if origins.is.is_no() => {
                        let says = "AllowOrigins names the sites that it admits";
                        Draft::new(id, Verdict::Pass, says, evidence)
                    }
                    Match::No => {
                        let says = "every route asks for what a page of another site does not have";
                        Draft::new(id, Verdict::Pass, says, evidence)
                    }
                    Match::Yes => Draft::new(id, Verdict::Fail, bad, evidence),
                    Match::Unknown => {
                        let fail = Draft::new(id, Verdict::Fail, bad, evidence);
                        let fail = match origins.is {
                            Match::Unknown => fail.doubted(&origins.words("AllowOrigins", "has"), origins.why.cloned()),
                            Match::Yes | Match::No => fail,
                        };
                        match doubt {
                            Some((words, why)) if open.is_unknown() => fail.doubted(&words, why),
                            _ => fail,
                        }
                    }
                };
                behind.settled(draft)
            }
        };
        let fix = Fix::new("Name the sites whose pages call the API")
            .snippet("CorsConfiguration:\n  AllowOrigins:\n    - https://www.example.com");
        findings.add(draft.fix(fix));
    }
}

fn excused(cors: &Cors) -> Option<&'static str> {
    if cors.allow_origins.is_unset() {
        return Some("the API answers nothing to pages of other sites");
    }
    let star = has(cors, &[Origin::Every]).is.is_yes();
    let credentials = credentials(cors).is;
    if star && credentials.is_yes() {
        return Some("API Gateway refuses AllowCredentials with the origin *");
    }
    (!star && !credentials.is_no()).then_some("AllowCredentials is or may be true, which apigw-cors-credentials judges")
}

/// Whether a route that runs a function asks nobody who calls, and what would decide it.
fn open<'b>(behind: &'b Behind<'_>) -> (Match, Option<(String, Option<Why>)>) {
    let nobody = |route: &'b HttpRoute| -> Told<'b, Text> {
        is(&route.authorization_type, &|kind| match kind.map(Text::as_literal) {
            Some(Some(kind)) => kind.eq_ignore_ascii_case("NONE").into(),
            Some(None) => Match::Unknown,
            None => Match::Yes,
        })
    };
    let told: Vec<_> = behind.routes.iter().map(|(_, route)| nobody(route)).collect();
    let doubt = told.iter().find(|told| told.is.is_unknown());
    let doubt = doubt.map(|told| (told.words("AuthorizationType", "is"), told.why.cloned()));
    let open = Match::any(told.iter().map(|told| told.is));
    // Routes that are not seen may ask nobody.
    if open.is_no() && behind.routes.is_empty() {
        return (Match::Unknown, None);
    }
    (open, doubt)
}
