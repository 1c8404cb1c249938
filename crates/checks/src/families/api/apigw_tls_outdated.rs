//! A domain or API that speaks TLS 1.0.

use crate::subject::api::{Apis, Behind};
use crate::verdict::judge::{Judgement, judge, whole};
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::noun::{AnyLink, Domain};
use maremma_model::{
    AnyId, Confidence, Control, Equivalent, Fix, Peer, Resource, Rule, Setting, Severity, Text, Tier, Verdict,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "apigw-tls-outdated",
        title: "API that speaks TLS 1.0",
        tier: Tier::Hardening,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::ApiGateway::DomainName",
        controls: &[
            Control::nist("SC-8"),
            Control::nist("SC-23"),
            Control::pci("4.2.1"),
            Control::owasp("SAS-3"),
        ],
        equivalents: &[
            Equivalent::near(Peer::Checkov, "CKV_AWS_206"),
            Equivalent::near(Peer::Trivy, "AWS-0005"),
            Equivalent::near(Peer::Trivy, "AWS-0112"),
            Equivalent::near(Peer::CfnNag, "W62"),
            Equivalent::near(Peer::ControlTower, "CT.APIGATEWAY.PR.6"),
            Equivalent::near(Peer::SecurityHub, "FSBP APIGateway.11"),
            Equivalent::near(Peer::Guard, "API_GW_DOMAIN_DENY_NON_TLS_TRAFFIC"),
            Equivalent::near(Peer::CloudSploit, "customDomainTlsVersion"),
            Equivalent::near(Peer::Prowler, "apigateway_domain_name_pqc_tls_enabled"),
        ],
        page: include_str!("apigw_tls_outdated.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let apis = Apis::of(context);
    for (id, domain) in context.estate.domains.iter() {
        let draft = match led_to(&apis, domain) {
            Ok(behind) => {
                let bad = format!("Callers of the domain {} may speak TLS 1.0", context.name(id));
                let judgement = outdated(&domain.resource, &domain.security_policy);
                behind.settled(Draft::judged(id, judgement, bad))
            }
            Err(says) => Draft::new(id, Verdict::NotApplicable, says, whole(&domain.resource, says)),
        };
        findings.add(draft.fix(fix(&domain.security_policy)));
    }
    for (id, api) in context.estate.rest_apis.iter() {
        let behind = apis.behind(Some(AnyId::RestApi(id)));
        let unset = api.minimum_tls.is_unset();
        let excused = behind
            .excused()
            .or(unset.then_some("the endpoint has the policy that AWS gives it"));
        let draft = match excused {
            Some(says) => Draft::new(id, Verdict::NotApplicable, says, whole(&api.resource, says)),
            None => {
                let bad = format!("Callers of the API {} may speak TLS 1.0", context.name(id));
                behind.settled(Draft::judged(id, outdated(&api.resource, &api.minimum_tls), bad))
            }
        };
        findings.add(draft.fix(fix(&api.minimum_tls)));
    }
}

/// What runs behind a domain: of its APIs, one that runs a function for sure.
fn led_to<'a, 'c>(apis: &'a Apis<'c>, domain: &Domain) -> Result<&'a Behind<'c>, &'static str> {
    let mapped = domain.apis.possible().flatten();
    let behind: Vec<_> = mapped
        .map(|api| apis.behind(api.value().and_then(AnyLink::here)))
        .collect();
    let runs = |wanted: Match| behind.iter().copied().find(|behind| behind.runs == wanted);
    runs(Match::Yes)
        .or_else(|| runs(Match::Unknown))
        .ok_or("no API of this input that runs a function is mapped to the domain")
}

/// Without a policy a domain has TLS_1_2. Of the others only TLS_1_0 takes less.
/// Source: API Gateway developer guide, "Supported security policies".
fn outdated(resource: &Resource, policy: &Setting<Text>) -> Judgement {
    judge(resource, "SecurityPolicy", policy, |policy| match policy {
        Some(policy) => policy.as_literal().map(|policy| policy == "TLS_1_0"),
        None => Some(false),
    })
}

fn fix(policy: &Setting<Text>) -> Fix {
    Fix::new("Take TLS 1.2 and newer only").replace(&policy.at, "TLS_1_2")
}
