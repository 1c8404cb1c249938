//! An HTTP API that foreign web pages may call with the credentials of their visitors.

use crate::subject::api::Apis;
use crate::subject::cors::{Opened, Origin, credentials, has};
use crate::verdict::judge::whole;
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::noun::HttpRoute;
use maremma_model::{Confidence, Control, Equivalent, Peer, Rule, Severity, Text, Tier, Verdict};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "apigw-cors-credentials",
        title: "HTTP API open to web pages with their visitors' credentials",
        tier: Tier::Core,
        severity: Severity::High,
        confidence: Confidence::High,
        subject: "AWS::ApiGatewayV2::Api",
        controls: &[Control::owasp("SAS-2"), Control::nist("AC-3"), Control::nist("AC-4")],
        equivalents: &[Equivalent::near(Peer::Kics, "8af4c38a-e1d2-405b-ac41-995db44b5536")],
        page: include_str!("apigw_cors_credentials.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let apis = Apis::of(context);
    for (id, api) in context.estate.http_apis.iter() {
        let behind = apis.behind(Some(id.into()));
        // API Gateway takes no such configuration: "allow-credentials is not supported if
        // 'allow-origin' is *".
        let refused = has(&api.cors, &[Origin::Every]).is.is_yes() && !credentials(&api.cors).is.is_no();
        let excused = behind
            .excused()
            .or(api
                .cors
                .allow_origins
                .is_unset()
                .then_some("the API answers nothing to pages of other sites"))
            .or(refused.then_some("API Gateway refuses AllowCredentials with the origin *"));
        let draft = match excused {
            Some(says) => Draft::new(id, Verdict::NotApplicable, says, whole(&api.resource, says)),
            None => {
                let what = format!("the HTTP API {}", context.name(id));
                let opened = Opened {
                    resource: &api.resource,
                    cors: &api.cors,
                    around: "CorsConfiguration",
                    what: &what,
                    grave: &[Origin::Scheme, Origin::Null],
                    signed: Match::all(behind.routes.iter().map(|(_, route)| shows_more(route))),
                };
                behind.settled(opened.with_credentials(id))
            }
        };
        findings.add(draft);
    }
}

/// Whether a caller signs, or sends a token, which a browser does not send by itself.
fn shows_more(route: &HttpRoute) -> Match {
    match route.authorization_type.value().map(Text::as_literal) {
        Some(Some(kind)) => matches!(kind, "AWS_IAM" | "JWT").into(),
        Some(None) | None => Match::Unknown,
    }
}
