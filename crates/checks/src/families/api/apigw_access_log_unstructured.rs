//! An access log that machines have to guess at.

use crate::subject::api::{Protocol, judge_stages, named};
use crate::verdict::judge::judge;
use crate::{Check, Context, Draft, Findings};
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, Text, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "apigw-access-log-unstructured",
        title: "Access log that is not JSON",
        tier: Tier::Hygiene,
        severity: Severity::Info,
        confidence: Confidence::High,
        subject: "AWS::ApiGateway::Stage",
        controls: &[Control::nist("AU-3"), Control::owasp("SAS-5")],
        equivalents: &[Equivalent::near(Peer::ServerlessRules, "WS2001")],
        page: include_str!("apigw_access_log_unstructured.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    judge_stages(context, findings, |staged| {
        let stage = staged.stage;
        if named(&stage.access_log_destination).is.is_no() {
            return Err("the stage has no access log");
        }
        if stage.access_log_format.is_unset() {
            return Err("the access log has no Format");
        }
        let setting = if staged.protocol == Protocol::Rest {
            "AccessLogSetting.Format"
        } else {
            "AccessLogSettings.Format"
        };
        let judgement = judge(&stage.resource, setting, &stage.access_log_format, unstructured);
        let bad = format!("{} writes an access log that is not JSON", staged.name);
        let fix = Fix::new("Write what is kept as JSON").snippet(
            "Format: '{\"requestId\":\"$context.requestId\",\"ip\":\"$context.identity.sourceIp\",\"time\":\"$context.requestTime\",\"status\":\"$context.status\"}'",
        );
        Ok(Draft::judged(staged.id, judgement, bad).fix(fix))
    });
}

/// A text that begins with a hole may be anything; no format at all is another check's.
fn unstructured(format: Option<&Text>) -> Option<bool> {
    let Some(format) = format else { return Some(false) };
    let begins = format.prefix().trim_start();
    match format.as_literal() {
        None if begins.is_empty() => None,
        _ => Some(!begins.starts_with('{')),
    }
}
