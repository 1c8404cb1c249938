//! A stage of a REST API that does not trace its requests.

use crate::subject::api::{Protocol, judge_stages};
use crate::verdict::judge::judge;
use crate::{Check, Context, Draft, Findings};
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "apigw-tracing-off",
        title: "REST API stage without tracing",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::ApiGateway::Stage",
        controls: &[
            Control::fsbp("APIGateway.3"),
            Control::nist("CA-7"),
            Control::owasp("SAS-5"),
        ],
        equivalents: &[
            Equivalent::exact(Peer::Checkov, "CKV_AWS_73"),
            Equivalent::exact(Peer::Trivy, "AWS-0003"),
            Equivalent::exact(Peer::Trivy, "AWS-0111"),
            Equivalent::exact(Peer::Prowler, "apigateway_restapi_tracing_enabled"),
            Equivalent::exact(Peer::SecurityHub, "FSBP APIGateway.3"),
            Equivalent::exact(Peer::Kics, "4ab10c48-bedb-4deb-8f3b-ff12783b61de"),
            Equivalent::exact(Peer::ControlTower, "CT.APIGATEWAY.PR.2"),
            Equivalent::exact(Peer::Config, "api-gw-xray-enabled"),
            Equivalent::exact(Peer::CloudSploit, "apigatewayTracingEnabled"),
        ],
        page: include_str!("apigw_tracing_off.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    judge_stages(context, findings, |staged| {
        if staged.protocol != Protocol::Rest {
            return Err("HTTP and WebSocket APIs have no tracing");
        }
        let stage = staged.stage;
        let judgement = judge(&stage.resource, "TracingEnabled", &stage.tracing, |on| {
            Some(on != Some(&true))
        });
        let draft = Draft::judged(staged.id, judgement, format!("{} traces no requests", staged.name));
        Ok(draft.fix(Fix::new("Trace requests with X-Ray").snippet("TracingEnabled: true")))
    });
}
