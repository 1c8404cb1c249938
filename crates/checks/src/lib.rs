//! Estate and analyses to findings. A check is two small files: what it does, and its page.
//!
//! A check is pure: it asks the [`Context`] and says verdicts to [`Findings`]. Its page is the
//! website's page, `maremma explain`, SARIF's help, and its tests.

mod answer;
mod api;
mod artifact;
mod context;
mod cors;
mod dependents;
mod families;
mod federation;
mod findings;
mod hooks;
mod identity;
mod image;
mod judge;
mod layers;
mod lookup;
mod narrowed;
mod party;
mod permission;
mod policies;
mod possible;
mod relations;
mod resource_policy;
mod role;
mod standing;
mod suppress;
mod trail;

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

/// What the checks said of an input.
#[derive(Debug)]
pub struct Assessment {
    /// Every verdict, sorted: worst first within a subject, subjects in the order of their kind and
    /// address.
    pub findings: Vec<Finding>,
    /// In the order of the checks.
    pub not_assessed: Vec<NotAssessed>,
}

/// A check that this input cannot answer, or not for all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAssessed {
    pub check: &'static str,
    /// What the input lacks, and what would hold it.
    pub reason: String,
}

/// Runs the checks.
pub fn assess(context: &Context<'_>, checks: &[&'static Check]) -> Assessment {
    let (mut all, mut not_assessed) = (Vec::new(), Vec::new());
    for check in checks {
        let mut findings = Findings::new(context, &check.rule);
        (check.run)(context, &mut findings);
        let (found, reason) = findings.into_inner();
        all.extend(found);
        not_assessed.extend(reason.map(|reason| NotAssessed {
            check: check.rule.id,
            reason,
        }));
    }
    all.sort_by(|a, b| key(a).cmp(&key(b)));
    Assessment {
        findings: all,
        not_assessed,
    }
}

/// Runs the checks and returns every verdict, as in [`Assessment::findings`].
pub fn run(context: &Context<'_>, checks: &[&'static Check]) -> Vec<Finding> {
    assess(context, checks).findings
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
