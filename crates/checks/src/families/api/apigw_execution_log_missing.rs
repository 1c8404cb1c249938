//! A stage whose errors nobody can read.

use crate::subject::api::{Protocol, Staged, judge_stages};
use crate::verdict::judge::{attribute, whole};
use crate::verdict::possible::{Told, is};
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::noun::MethodSetting;
use maremma_model::{Confidence, Control, Equivalent, Evidence, Fix, Peer, Rule, Severity, Text, Tier, Verdict};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "apigw-execution-log-missing",
        title: "API stage without execution log",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::ApiGateway::Stage",
        controls: &[
            Control::fsbp("APIGateway.1"),
            Control::nist("AU-2"),
            Control::nist("AU-12"),
            Control::nist("CA-7"),
            Control::pci("10.2.1"),
            Control::owasp("SAS-5"),
        ],
        equivalents: &[
            Equivalent::near(Peer::Checkov, "CKV2_AWS_4"),
            Equivalent::near(Peer::Prowler, "apigateway_restapi_logging_enabled"),
            Equivalent::exact(Peer::SecurityHub, "FSBP APIGateway.1"),
            Equivalent::exact(Peer::ControlTower, "CT.APIGATEWAY.PR.1"),
            Equivalent::near(Peer::Guard, "API_GW_EXECUTION_LOGGING_ENABLED"),
            Equivalent::exact(Peer::Config, "api-gw-execution-logging-enabled"),
            Equivalent::near(Peer::CloudSploit, "apigatewayCloudwatchLogs"),
            Equivalent::near(Peer::CdkNag, "AwsSolutions-APIG6"),
        ],
        page: include_str!("apigw_execution_log_missing.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    judge_stages(context, findings, |staged| {
        if staged.protocol == Protocol::Http {
            return Err("HTTP APIs have no execution log");
        }
        let bad = format!("{} does not log the errors of its requests", staged.name);
        let draft = match staged.sets(&|setting| level(setting).is) {
            Match::Yes => Draft::new(
                staged.id,
                Verdict::Pass,
                "LoggingLevel is set for all that runs a function",
                shown(staged),
            ),
            Match::No => Draft::new(staged.id, Verdict::Fail, bad, shown(staged)),
            Match::Unknown => {
                let levels = staged.stage.methods.iter().map(level);
                let open = levels.into_iter().find(|told| told.is.is_unknown());
                let doubt = open.as_ref().map(|told| told.words("LoggingLevel", "is"));
                let doubt = doubt.unwrap_or_else(|| "LoggingLevel is set of methods that are not known".to_owned());
                let why = open.and_then(|told| told.why.cloned());
                Draft::new(staged.id, Verdict::Fail, bad, shown(staged)).doubted(&doubt, why)
            }
        };
        Ok(draft.fix(fix(staged.protocol)))
    });
}

fn level(setting: &MethodSetting) -> Told<'_, Text> {
    is(&setting.logging_level, &|level| match level.map(Text::as_literal) {
        Some(Some(level)) => matches!(level, "ERROR" | "INFO").into(),
        Some(None) => Match::Unknown,
        None => Match::No,
    })
}

/// The level for everything, where one is written.
fn shown(staged: &Staged<'_, '_>) -> Evidence {
    let stage = staged.stage;
    match staged.wide().find(|setting| !setting.logging_level.is_unset()) {
        Some(setting) => attribute(
            &stage.resource,
            "LoggingLevel",
            &setting.logging_level,
            &ToString::to_string,
        ),
        None => whole(
            &stage.resource,
            format!("no setting for {} has a LoggingLevel", staged.all()),
        ),
    }
}

fn fix(protocol: Protocol) -> Fix {
    let fix = Fix::new("Log errors of every method");
    match protocol {
        Protocol::Rest => {
            fix.snippet("MethodSettings:\n  - {ResourcePath: /*, HttpMethod: \"*\", LoggingLevel: ERROR}")
        }
        Protocol::Http | Protocol::WebSocket | Protocol::V2 => {
            fix.snippet("DefaultRouteSettings:\n  LoggingLevel: ERROR")
        }
    }
}
