//! Estate and analyses to findings. A check is two small files: what it does, and its page.
//!
//! A check is pure: it asks the [`Context`] and says verdicts to [`Findings`]. Its page is the
//! website's page, `maremma explain`, SARIF's help, and its tests.

mod answer;
mod api;
mod context;
mod cors;
mod dependents;
mod families;
mod federation;
mod findings;
mod hooks;
mod identity;
mod judge;
mod party;
mod permission;
mod policies;
mod possible;
mod relations;
mod resource_policy;
mod role;
mod standing;
mod suppress;

pub use context::{Context, Trust};
pub use families::all;
pub use findings::{Draft, Findings};
pub use judge::{Judgement, judge};
pub use policies::Policies;
pub use relations::Relations;
pub use suppress::{Idle, IgnoreEntry, Suppressions, suppress};

use maremma_model::{Finding, Rule, Severity, Subject, Verdict};
use std::cmp::Reverse;

/// A check: its metadata, and what it does.
#[derive(Debug)]
pub struct Check {
    pub rule: Rule,
    /// Infallible, synchronous and without input or output.
    pub run: fn(&Context<'_>, &mut Findings<'_>),
}

/// Runs the checks and returns every verdict, sorted: worst first within a subject, subjects in the
/// order of their kind and address.
pub fn run(context: &Context<'_>, checks: &[&'static Check]) -> Vec<Finding> {
    let mut all = Vec::new();
    for check in checks {
        let mut findings = Findings::new(context, &check.rule);
        (check.run)(context, &mut findings);
        all.extend(findings.into_inner());
    }
    all.sort_by(|a, b| key(a).cmp(&key(b)));
    all
}

type Key<'f> = (Verdict, Reverse<Severity>, &'f Subject, &'static str, Option<&'f str>);

fn key(finding: &Finding) -> Key<'_> {
    let severity = Reverse(finding.severity);
    (
        finding.verdict,
        severity,
        &finding.subject,
        finding.rule.id,
        finding.detail.as_deref(),
    )
}
