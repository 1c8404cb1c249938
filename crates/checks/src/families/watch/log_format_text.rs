//! A function whose logs are lines of text.

use crate::subject::asked::{Asked, each_function};
use crate::verdict::judge::judge;
use crate::{Check, Context, Draft, Findings};
use maremma_model::{Confidence, Control, Equivalent, Fix, Function, Peer, Rule, Setting, Severity, State, Text, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "log-format-text",
        title: "Function that logs unstructured text",
        tier: Tier::Hygiene,
        severity: Severity::Info,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Function",
        controls: &[Control::owasp("SAS-5")],
        equivalents: &[Equivalent::exact(Peer::Config, "lambda-function-log-format-json")],
        page: include_str!("log_format_text.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let asked = |row: &Function| {
        Asked::not_at_edge(row, "whether Lambda@Edge minds LoggingConfig is not documented").and(Asked::not_managed(
            row,
            "a function on instances of a capacity provider logs JSON only",
        ))
    };
    each_function(context, findings, asked, |id, row| {
        let format = &row.logging.log_format;
        let judgement = judge(&row.resource, "LoggingConfig.LogFormat", format, |format| {
            Some(format?.as_literal()? == "Text")
        });
        let bad = format!("The logs of {} are text without structure or levels", context.name(id));
        Draft::judged(id, judgement, bad).fix(fix(format))
    });
}

fn fix(format: &Setting<Text>) -> Fix {
    let fix = Fix::new("Log JSON");
    match format.state {
        State::Set(_) | State::Unknown(_) => fix.replace(&format.at, "JSON"),
        State::Default(_) | State::Unset => {
            fix.snippet("LoggingConfig: {LogFormat: JSON, ApplicationLogLevel: INFO, SystemLogLevel: WARN}")
        }
    }
}
