//! An API with a domain of its own that is also reached past it.

use crate::context::relations::items;
use crate::subject::api::{Apis, Behind, Door, endpoint_of};
use crate::verdict::judge::{judge, whole};
use crate::verdict::possible::is;
use crate::{Check, Context, Draft, Findings};
use maremma_model::noun::{AnyLink, Domain};
use maremma_model::{
    AnyId, Confidence, Control, Equivalent, Fix, Id, Peer, Resource, Rule, Setting, Severity, Tier, Verdict,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "apigw-default-endpoint-enabled",
        title: "API reached past its custom domain",
        tier: Tier::Hardening,
        severity: Severity::Info,
        confidence: Confidence::High,
        subject: "AWS::ApiGateway::RestApi",
        controls: &[Control::nist("AC-4"), Control::nist("SC-7"), Control::owasp("SAS-3")],
        equivalents: &[Equivalent::near(Peer::CloudSploit, "apigatewayDefaultEndpointDisabled")],
        page: include_str!("apigw_default_endpoint_enabled.md"),
    },
    run,
};

/// An API of either family.
struct Api<'a> {
    id: AnyId,
    resource: &'a Resource,
    disabled: &'a Setting<bool>,
}

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let apis = Apis::of(context);
    let rest = context.estate.rest_apis.iter().map(|(id, api)| Api {
        id: id.into(),
        resource: &api.resource,
        disabled: &api.disable_execute_api_endpoint,
    });
    let http = context.estate.http_apis.iter().map(|(id, api)| Api {
        id: id.into(),
        resource: &api.resource,
        disabled: &api.disable_execute_api_endpoint,
    });
    for api in rest.chain(http) {
        let behind = apis.behind(Some(api.id));
        let draft = draft(context, &api, behind)
            .unwrap_or_else(|says| Draft::new(api.id, Verdict::NotApplicable, says, whole(api.resource, says)));
        let fix = Fix::new("Switch the API's own endpoint off").snippet(
            "DisableExecuteApiEndpoint: true\n\n\
             # where AWS SAM makes the API, whose Globals cannot say it: in Resources, with RestApiId in the events\n\
             Api:\n  \
               Type: AWS::Serverless::Api\n  \
               Properties: {StageName: Prod, DisableExecuteApiEndpoint: true}",
        );
        findings.add(draft.fix(fix));
    }
}

fn draft(context: &Context<'_>, api: &Api<'_>, behind: &Behind<'_>) -> Result<Draft, &'static str> {
    if let Some(says) = behind.excused() {
        return Err(says);
    }
    let endpoint = endpoint_of(context, Some(api.id));
    if matches!(endpoint, Door::Closed(_)) {
        return Err("the API is private: its own endpoint is in the VPCs");
    }
    let domains = domains(context, api.id);
    let Some((first, domain)) = domains.first() else {
        return Err("no custom domain of this input leads to the API");
    };
    let certified = |(_, domain): &&(_, &Domain)| {
        is(&domain.mutual_tls_truststore, &|store| store.is_some().into())
            .is
            .is_yes()
    };
    let (severity, past) = match domains.iter().find(certified) {
        Some((id, _)) => (
            Severity::Medium,
            format!("{}, which asks for a client certificate", context.name(*id)),
        ),
        None => (Severity::Info, context.name(*first).to_string()),
    };
    let judgement = judge(api.resource, "DisableExecuteApiEndpoint", api.disabled, |off| {
        Some(off != Some(&true))
    });
    let bad = format!(
        "Callers of the API {} can go past its domain {past}",
        context.name(api.id)
    );
    let draft = Draft::judged(api.id, judgement, bad).severity(severity);
    let draft = match endpoint {
        Door::Unknown { doubt, why } => draft.doubted(&doubt, why),
        Door::Open | Door::Closed(_) => draft,
    };
    let leads = whole(&domain.resource, "this domain leads to the API");
    Ok(behind.settled(draft).related([leads]))
}

fn domains<'c>(context: &'c Context<'c>, api: AnyId) -> Vec<(Id<Domain>, &'c Domain)> {
    let leads = |domain: &Domain| items(&domain.apis).any(|mapped| *mapped == AnyLink::Here(api));
    let domains = context.estate.domains.iter();
    domains.filter(|(_, domain)| leads(domain)).collect()
}
