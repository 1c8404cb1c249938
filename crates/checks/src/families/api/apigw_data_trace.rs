//! A stage that writes whole requests and answers to a log.

use crate::subject::api::{Protocol, judge_stages};
use crate::verdict::judge::{attribute, whole};
use crate::verdict::possible::{Told, is};
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::noun::MethodSetting;
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, Text, Tier, Verdict};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "apigw-data-trace",
        title: "API stage that logs whole requests",
        tier: Tier::Hardening,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::ApiGateway::Stage",
        controls: &[Control::nist("SI-11"), Control::owasp("SAS-3"), Control::owasp("SAS-7")],
        equivalents: &[
            Equivalent::exact(Peer::Checkov, "CKV_AWS_276"),
            Equivalent::exact(Peer::CfnNag, "CW4200"),
        ],
        page: include_str!("apigw_data_trace.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    judge_stages(context, findings, |staged| {
        if staged.protocol == Protocol::Http {
            return Err("HTTP APIs have no data tracing");
        }
        let stage = staged.stage;
        let settings = stage.methods.iter().map(|setting| (setting, traced(setting)));
        let Some((setting, told)) = settings
            .filter(|(_, told)| !told.is.is_no())
            .min_by_key(|(_, told)| !told.is.is_yes())
        else {
            let says = "DataTraceEnabled is true of no method";
            return Ok(Draft::new(staged.id, Verdict::Pass, says, whole(&stage.resource, says)));
        };
        let evidence = attribute(
            &stage.resource,
            "DataTraceEnabled",
            &setting.data_trace,
            &ToString::to_string,
        );
        let whose = match setting.selector.as_literal() {
            Some("*/*" | "$default") => format!("of {}", staged.all()),
            Some(selector) => format!("of {}", words(selector)),
            None => format!("of {}", setting.selector),
        };
        let bad = format!(
            "{} logs whole requests and answers {whose}, secrets and personal data included",
            staged.name
        );
        let draft = Draft::new(staged.id, Verdict::Fail, bad, evidence);
        let draft = match told.is {
            Match::Unknown => draft.doubted(&told.words("DataTraceEnabled", "is"), told.why.cloned()),
            Match::Yes | Match::No => draft,
        };
        // AWS does not say whether data tracing writes anything while the log is off.
        let off = is(&setting.logging_level, &|level| match level.map(Text::as_literal) {
            Some(Some(level)) => (level == "OFF").into(),
            Some(None) => Match::Unknown,
            None => Match::Yes,
        });
        let confidence = if off.is.is_no() {
            Confidence::High
        } else {
            Confidence::Medium
        };
        let fix = Fix::new("Log no data").replace(&setting.data_trace.at, "false");
        Ok(draft.confidence(confidence).fix(fix))
    });
}

/// `GET /orders` for `~1orders/GET`, and the route as it is.
fn words(selector: &str) -> String {
    match selector.rsplit_once('/') {
        Some((path, method)) => {
            let method = if method == "*" { "all methods of" } else { method };
            format!("{method} /{}", path.replace("~1", "/").trim_start_matches('/'))
        }
        None => selector.to_owned(),
    }
}

fn traced(setting: &MethodSetting) -> Told<'_, bool> {
    is(&setting.data_trace, &|on| on.map_or(Match::No, |&on| on.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selector_reads_as_a_method() {
        assert_eq!(words("~1orders~1{id}/GET"), "GET /orders/{id}");
        assert_eq!(words("orders/*"), "all methods of /orders");
        assert_eq!(words("$connect"), "$connect");
    }
}
