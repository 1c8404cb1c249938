//! A stage that keeps no record of who calls it.

use crate::subject::api::{Protocol, judge_stages, named};
use crate::verdict::judge::attribute;
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::noun::AnyLink;
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, Tier, Verdict};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "apigw-access-log-missing",
        title: "API stage without access log",
        tier: Tier::Hygiene,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::ApiGateway::Stage",
        controls: &[
            Control::fsbp("APIGateway.9"),
            Control::nist("AU-2"),
            Control::nist("AU-3"),
            Control::nist("AU-12"),
            Control::pci("10.2.1"),
            Control::owasp("SAS-5"),
        ],
        equivalents: &[
            Equivalent::exact(Peer::Checkov, "CKV_AWS_76"),
            Equivalent::exact(Peer::Checkov, "CKV_AWS_95"),
            Equivalent::exact(Peer::Trivy, "AWS-0001"),
            Equivalent::near(Peer::Trivy, "AWS-0113"),
            Equivalent::near(Peer::Trivy, "AWS-0116"),
            Equivalent::near(Peer::CfnNag, "W45"),
            Equivalent::near(Peer::CfnNag, "W46"),
            Equivalent::near(Peer::CfnNag, "W69"),
            Equivalent::near(Peer::Prowler, "apigatewayv2_api_access_logging_enabled"),
            Equivalent::near(Peer::SecurityHub, "FSBP APIGateway.9"),
            Equivalent::near(Peer::ControlTower, "CT.APIGATEWAY.PR.4"),
            Equivalent::near(Peer::Guard, "API_GW_STAGE_ACCESS_LOGGING_RULE"),
            Equivalent::near(Peer::Config, "api-gwv2-access-logs-enabled"),
            Equivalent::near(Peer::Kics, "80d45af4-4920-4236-a56e-b7ef419d1941"),
            Equivalent::near(Peer::CloudSploit, "apigatewayV2AccessLogging"),
            Equivalent::near(Peer::CdkNag, "AwsSolutions-APIG1"),
            Equivalent::near(Peer::ServerlessRules, "ES2000"),
        ],
        page: include_str!("apigw_access_log_missing.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    judge_stages(context, findings, |staged| {
        let setting = if staged.protocol == Protocol::Rest {
            "AccessLogSetting"
        } else {
            "AccessLogSettings"
        };
        let destination = &staged.stage.access_log_destination;
        let show = |link: &AnyLink| match link {
            AnyLink::Here(id) => context.name(*id).to_string(),
            AnyLink::Outside(text) => text.to_string(),
            AnyLink::Unknown(why) => why.name().to_owned(),
        };
        let name = format!("{setting}.DestinationArn");
        let evidence = attribute(&staged.stage.resource, &name, destination, &show);
        let logged = named(destination);
        let bad = format!("{} keeps no record of its callers", staged.name);
        let draft = match logged.is {
            Match::Yes => Draft::new(staged.id, Verdict::Pass, evidence.says.clone(), evidence),
            Match::No => Draft::new(staged.id, Verdict::Fail, bad, evidence),
            Match::Unknown => {
                let doubt = evidence.says.clone();
                Draft::new(staged.id, Verdict::Fail, bad, evidence).doubted(&doubt, logged.why.cloned())
            }
        };
        let fix = Fix::new("Name a log group and what is kept of a request").snippet(format!(
            "{setting}:\n  \
               DestinationArn: !GetAtt AccessLog.Arn\n  \
               Format: '{{\"requestId\":\"$context.requestId\",\"ip\":\"$context.identity.sourceIp\",\"time\":\"$context.requestTime\",\"status\":\"$context.status\"}}'"
        ));
        Ok(draft.fix(fix))
    });
}
