//! A function whose logs hold what is meant for its developers.

use crate::context::name_of;
use crate::subject::asked::{Asked, each_function};
use crate::verdict::judge::{judge, whole};
use crate::verdict::possible::is;
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::{
    Confidence, Control, Equivalent, Fix, Function, Id, Peer, Rule, Setting, Severity, Text, Tier, Verdict,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "log-level-verbose",
        title: "Function that logs at debug level",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::Medium,
        subject: "AWS::Lambda::Function",
        controls: &[Control::owasp("SAS-10")],
        equivalents: &[Equivalent::near(Peer::CdkNag, "LambdaLogLevel")],
        page: include_str!("log_level_verbose.md"),
    },
    run,
};

/// Source: AWS Lambda API reference, "LoggingConfig".
const VERBOSE: [&str; 2] = ["DEBUG", "TRACE"];

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let asked = |row: &Function| Asked::not_at_edge(row, "whether Lambda@Edge minds LoggingConfig is not documented");
    each_function(context, findings, asked, draft);
}

fn draft(id: Id<Function>, row: &Function) -> Draft {
    let logging = &row.logging;
    let json = is(&logging.log_format, &|format| match format.map(Text::as_literal) {
        Some(Some(format)) => (format == "JSON").into(),
        Some(None) => Match::Unknown,
        None => Match::No,
    });
    // Instances of a capacity provider log JSON, whatever is written.
    let json = if row.capacity_provider.is_unset() {
        json.is
    } else {
        Match::Yes
    };
    if json.is_no() {
        let says = "the logs are text, which has no levels";
        return Draft::new(id, Verdict::NotApplicable, says, whole(&row.resource, says));
    }
    let levels = [
        ("LoggingConfig.ApplicationLogLevel", &logging.application_log_level),
        ("LoggingConfig.SystemLogLevel", &logging.system_log_level),
    ];
    let of = |(name, level): (&str, &Setting<Text>)| {
        let judgement = judge(&row.resource, name, level, |level| match level {
            Some(level) => level.as_literal().map(|level| VERBOSE.contains(&level)),
            None => Some(false),
        });
        let fix = Fix::new("Log what operators need, and no more").replace(&level.at, "INFO");
        (judgement, fix)
    };
    // The application's level says most about what is logged, and so it is told first.
    let [application, system] = levels.map(of);
    let (judgement, fix) = if application.0.verdict <= system.0.verdict {
        application
    } else {
        system
    };
    let bad = format!("{} logs what is meant for its developers", name_of(&row.resource));
    let draft = Draft::judged(id, judgement, bad).fix(fix);
    if json.is_unknown() {
        let why = match &logging.log_format.state {
            maremma_model::State::Unknown(unknown) => Some(unknown.why.clone()),
            _ => None,
        };
        return draft.unless("it logs text, which has no levels", why);
    }
    draft
}
