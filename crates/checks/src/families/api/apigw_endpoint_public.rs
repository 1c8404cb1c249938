//! A REST API that the whole internet reaches, whoever is let in.

use crate::subject::api::{Apis, Behind, Door, RestDoors};
use crate::verdict::judge::{attribute, whole};
use crate::{Check, Context, Draft, Findings};
use maremma_model::noun::RestApi;
use maremma_model::{
    Confidence, Control, Equivalent, Evidence, Fix, Id, Peer, Rule, Setting, Severity, Text, Tier, Verdict,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "apigw-endpoint-public",
        title: "REST API reached from the internet",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::ApiGateway::RestApi",
        controls: &[Control::nist("AC-4"), Control::nist("SC-7"), Control::owasp("SAS-3")],
        equivalents: &[
            Equivalent::near(Peer::Prowler, "apigateway_restapi_public"),
            Equivalent::near(Peer::CloudSploit, "apigatewayPrivateEndpoints"),
            Equivalent::near(Peer::Guard, "API_GW_ENDPOINT_TYPE_CHECK"),
            Equivalent::near(Peer::Config, "api-gw-endpoint-type-check"),
            Equivalent::near(Peer::Kics, "4a8daf95-709d-4a36-9132-d3e19878fa34"),
            Equivalent::near(Peer::Kics, "6b5b0313-771b-4319-ad7a-122ee78700ef"),
        ],
        page: include_str!("apigw_endpoint_public.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let (apis, doors) = (Apis::of(context), RestDoors::of(context));
    for (id, api) in context.estate.rest_apis.iter() {
        let behind = apis.behind(Some(id.into()));
        let draft = match behind.excused() {
            Some(says) => Draft::new(id, Verdict::NotApplicable, says, whole(&api.resource, says)),
            None => behind.settled(draft(context, &doors, behind, id, api)),
        };
        let fix = Fix::new("Where only your own networks call the API, make it private").snippet(
            "EndpointConfiguration:\n  \
               Types: [PRIVATE]\n  \
               VpcEndpointIds: [!Ref ApiEndpoint]\n\n\
             # AWS SAM, in the AWS::Serverless::Api or in Globals.Api\n\
             EndpointConfiguration: {Type: PRIVATE, VPCEndpointIds: [!Ref ApiEndpoint]}",
        );
        findings.add(draft.fix(fix));
    }
}

fn draft(context: &Context<'_>, doors: &RestDoors<'_>, behind: &Behind<'_>, id: Id<RestApi>, api: &RestApi) -> Draft {
    let mut doubt = None;
    let mut closed = None;
    for (_, method) in &behind.methods {
        match doors.to(method) {
            Door::Open => {
                let message = format!("Everybody on the internet reaches the API {}", context.name(id));
                return Draft::new(id, Verdict::Fail, message, types(api));
            }
            Door::Closed(says) => closed = Some(says),
            Door::Unknown { doubt: words, why } => doubt = Some((words, why)),
        }
    }
    match (doubt, closed) {
        (Some((words, why)), _) => {
            let message = format!(
                "not known whether everybody on the internet reaches the API {}: {words}",
                context.name(id)
            );
            Draft::new(id, Verdict::Undetermined, message, types(api)).undecided(why)
        }
        (None, Some(says)) => Draft::new(id, Verdict::Pass, says, types(api)),
        (None, None) => {
            let message = format!("Everybody on the internet reaches the API {}", context.name(id));
            Draft::new(id, Verdict::Fail, message, types(api))
        }
    }
}

fn types(api: &RestApi) -> Evidence {
    let name = "EndpointConfiguration.Types";
    attribute(&api.resource, name, &api.endpoint_types, &|types: &Vec<
        Setting<Text>,
    >| {
        let known = types.iter().filter_map(Setting::value).map(ToString::to_string);
        known.collect::<Vec<_>>().join(", ")
    })
}
