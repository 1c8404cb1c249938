//! Estate and analyses to findings. A check is two small files: what it does, and its page.
//!
//! A check is pure: it asks the [`Context`] and says verdicts to [`Findings`]. Its page is the
//! website's page, `maremma explain`, SARIF's help, and its tests.

mod access;
mod change;
mod context;
mod distance;
mod families;
mod subject;
mod suppress;
pub mod user;
mod verdict;

pub use change::{Said, compare};
pub use context::policies::Policies;
pub use context::relations::Relations;
pub use context::{Context, Trust};
pub use distance::distance;
pub use families::all;
pub use suppress::{Earlier, Idle, IgnoreEntry, Suppressions, suppress};
pub use user::UserCheck;
pub use verdict::findings::{Draft, Findings};
pub use verdict::judge::{Judgement, judge};

use maremma_model::finding::Counted;
use maremma_model::{Finding, Rule, Severity, Subject, Verdict};
use std::cmp::Reverse;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A check: its metadata, and what it does.
#[derive(Debug)]
pub struct Check {
    pub rule: Rule,
    /// Infallible, synchronous and without input or output.
    pub run: fn(&Context<'_>, &mut Findings<'_>),
}

/// A check of the house, or one of the user's.
#[derive(Clone, Copy, Debug)]
pub enum AnyCheck {
    House(&'static Check),
    Own(&'static UserCheck),
}

impl AnyCheck {
    pub fn rule(self) -> &'static Rule {
        match self {
            AnyCheck::House(check) => &check.rule,
            AnyCheck::Own(check) => check.rule,
        }
    }

    fn judge(self, context: &Context<'_>, findings: &mut Findings<'_>) {
        match self {
            AnyCheck::House(check) => (check.run)(context, findings),
            AnyCheck::Own(check) => check.judge(context, findings),
        }
    }
}

impl From<&'static Check> for AnyCheck {
    fn from(check: &'static Check) -> Self {
        AnyCheck::House(check)
    }
}

impl From<&'static UserCheck> for AnyCheck {
    fn from(check: &'static UserCheck) -> Self {
        AnyCheck::Own(check)
    }
}

/// Which verdicts become findings. There are many times more good ones than others, and most reports
/// only count them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// What fails, and what is not decided.
    Open,
    Every,
}

/// What the checks said of an input.
#[derive(Debug, Default)]
pub struct Assessment {
    /// The verdicts that are kept, sorted: worst first within a subject, subjects in the order of their
    /// kind and address.
    pub findings: Vec<Finding>,
    /// The verdicts that are not kept.
    pub counted: Counted,
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

/// A check recurses as deep as the policies that it reads.
const STACK: usize = 64 << 20;

/// Runs the checks, on as many threads as there are processors for them.
pub fn assess<C: Copy + Into<AnyCheck> + Sync>(context: &Context<'_>, checks: &[C], keep: Keep) -> Assessment {
    let next = AtomicUsize::new(0);
    let some = || {
        let mut told = Vec::new();
        while let Some(check) = checks.get(next.fetch_add(1, Ordering::Relaxed)) {
            let check: AnyCheck = (*check).into();
            let mut findings = Findings::new(context, check.rule(), keep);
            check.judge(context, &mut findings);
            told.push((check.rule().id, findings.into_inner()));
        }
        told
    };
    let threads = std::thread::available_parallelism()
        .map_or(1, NonZero::get)
        .min(checks.len());
    let mut told = std::thread::scope(|scope| {
        let spawn = |_| {
            std::thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, some)
                .ok()
        };
        let others: Vec<_> = (1..threads).map_while(spawn).collect();
        let mut told = some();
        for other in others {
            match other.join() {
                Ok(more) => told.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        told
    });
    told.sort_by_key(|(check, _)| *check);
    let mut all = Assessment::default();
    for (check, told) in told {
        all.findings.extend(told.findings);
        all.counted.pass += told.counted.pass;
        all.counted.not_applicable += told.counted.not_applicable;
        all.not_assessed
            .extend(told.not_assessed.map(|reason| NotAssessed { check, reason }));
    }
    all.findings.sort_by(|a, b| key(a).cmp(&key(b)));
    all
}

/// Runs the checks and returns every verdict, as in [`Assessment::findings`].
pub fn run<C: Copy + Into<AnyCheck> + Sync>(context: &Context<'_>, checks: &[C]) -> Vec<Finding> {
    assess(context, checks, Keep::Every).findings
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
