//! A method of a REST API that asks nobody who they are.

use crate::subject::api::{Entrance, Family, RestDoors, fix, route, runs_function};
use crate::verdict::judge::whole;
use crate::{Check, Context, Draft, Findings};
use maremma_model::noun::RestMethod;
use maremma_model::{Confidence, Control, Equivalent, Peer, Rule, Severity, Text, Tier, Verdict};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "apigw-method-no-auth",
        title: "REST API method without authentication",
        tier: Tier::Core,
        severity: Severity::High,
        confidence: Confidence::High,
        subject: "AWS::ApiGateway::Method",
        controls: &[Control::owasp("SAS-2"), Control::nist("AC-3"), Control::nist("AC-14")],
        equivalents: &[
            Equivalent::near(Peer::Checkov, "CKV_AWS_59"),
            Equivalent::near(Peer::Trivy, "AWS-0004"),
            Equivalent::near(Peer::CfnNag, "W59"),
            Equivalent::near(Peer::Prowler, "apigateway_restapi_authorizers_enabled"),
            Equivalent::near(Peer::Prowler, "apigateway_restapi_public_with_authorizer"),
            Equivalent::near(Peer::Guard, "API_GW_METHOD_AUTHORIZATION_TYPE"),
            Equivalent::near(Peer::CloudSploit, "apigatewayAuthorization"),
        ],
        page: include_str!("apigw_method_no_auth.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let doors = RestDoors::of(context);
    for (id, method) in context.estate.rest_methods.iter() {
        let name = route(method);
        let draft = match excused(method) {
            Some(says) => Draft::new(id, Verdict::NotApplicable, says, whole(&method.resource, says)),
            None => {
                let key = if key_only(method) {
                    " with the API key, which is no proof of who calls,"
                } else {
                    ""
                };
                let entrance = Entrance {
                    resource: &method.resource,
                    authorization_type: &method.authorization_type,
                    form: method.form,
                    door: doors.to(method),
                    integrations: vec![&method.integration],
                };
                entrance.draft(context, id, &format!("anybody on the internet{key} can call {name}"))
            }
        };
        let draft = if key_only(method) {
            draft.severity(Severity::Medium)
        } else {
            draft
        };
        findings.add(draft.detail(name).fix(fix(method.form, Family::Rest)));
    }
}

fn excused(method: &RestMethod) -> Option<&'static str> {
    if runs_function(&method.integration).is_no() {
        return Some("the integration of the method is no function");
    }
    let preflight = method.method.value().and_then(Text::as_literal) == Some("OPTIONS");
    preflight.then_some("OPTIONS is what browsers ask before a request, without credentials")
}

/// Whether an API key is asked for: it counts calls, and everybody who has the client has the key.
fn key_only(method: &RestMethod) -> bool {
    method.api_key_required.value() == Some(&true)
}
