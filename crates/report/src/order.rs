//! Findings sorted and counted, and functions by the names that people know them by.

use crate::run::{NotAssessed, Run};
use maremma_model::{Estate, Finding, Gap, Location, Severity, Verdict};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The findings of a run, each kind in a stable order.
#[derive(Debug)]
pub(crate) struct Sorted<'a> {
    pub(crate) failed: Vec<&'a Finding>,
    pub(crate) undetermined: Vec<&'a Finding>,
    pub(crate) passed: Vec<&'a Finding>,
    pub(crate) not_applicable: Vec<&'a Finding>,
    /// Failed or undetermined, and not counted.
    pub(crate) suppressed: Vec<&'a Finding>,
}

impl<'a> Sorted<'a> {
    pub(crate) fn of(findings: &'a [Finding]) -> Self {
        let mut sorted: Vec<&Finding> = findings.iter().collect();
        sorted.sort_by(|a, b| key(a).cmp(&key(b)));
        let counts = |verdict: Verdict| -> Vec<&Finding> {
            let wanted = |f: &&&Finding| f.verdict == verdict && f.suppression.is_none();
            sorted.iter().filter(wanted).copied().collect()
        };
        let decided_well = |f: &Finding| matches!(f.verdict, Verdict::Pass | Verdict::NotApplicable);
        Sorted {
            failed: counts(Verdict::Fail),
            undetermined: counts(Verdict::Undetermined),
            passed: counts(Verdict::Pass),
            not_applicable: counts(Verdict::NotApplicable),
            suppressed: sorted
                .iter()
                .filter(|f| f.suppression.is_some() && !decided_well(f))
                .copied()
                .collect(),
        }
    }

    /// How many failed, by severity.
    pub(crate) fn by_severity(&self, severity: Severity) -> usize {
        self.failed.iter().filter(|f| f.severity == severity).count()
    }

    pub(crate) fn failing(&self, fail_on: Severity) -> usize {
        self.failed.iter().filter(|f| f.severity >= fail_on).count()
    }
}

/// The worst first, and what is equally bad as it was.
pub(crate) fn worst_first<'a>(findings: &[&'a Finding]) -> Vec<&'a Finding> {
    let mut findings = findings.to_vec();
    findings.sort_by_key(|finding| Reverse(finding.severity));
    findings
}

/// What was not read, each once.
pub(crate) fn gaps(estate: &Estate) -> Vec<&Gap> {
    let mut gaps: Vec<&Gap> = estate.gaps.iter().collect();
    gaps.sort();
    gaps.dedup();
    gaps
}

/// What was not assessed, each once.
pub(crate) fn not_assessed<'a>(run: &Run<'a>) -> Vec<&'a NotAssessed> {
    let mut entries: Vec<&NotAssessed> = run.not_assessed.iter().collect();
    entries.sort();
    entries.dedup();
    entries
}

/// By what a finding is, not where it stands: a moved line changes no order.
fn key(f: &Finding) -> impl Ord + '_ {
    let subject = (&f.subject.id, &f.subject.kind, &f.subject.qualifier);
    (subject, f.rule.id, &f.detail, f.verdict, &f.evidence.at, &f.message)
}

/// Short names of functions, by the ids that findings carry.
#[derive(Debug)]
pub(crate) struct Names<'a> {
    short: BTreeMap<String, (&'a str, Option<&'a Location>)>,
}

impl<'a> Names<'a> {
    pub(crate) fn of(run: &Run<'a>) -> Self {
        let mut short = BTreeMap::new();
        for function in run.estate.functions.values() {
            let resource = &function.resource;
            let unit = run.estate.unit(resource.unit).map_or("", |unit| &unit.name);
            let entry = (&*resource.address, Some(&resource.at));
            short.insert(format!("{unit}#{}", resource.address), entry);
            if let Some(arn) = resource.arn.as_literal() {
                short.insert(arn.to_owned(), entry);
            }
        }
        Names { short }
    }

    /// The address of the function `id`; for an id that is in no table, what follows its `#`.
    pub(crate) fn name<'i>(&self, id: &'i str) -> &'i str
    where
        'a: 'i,
    {
        match self.short.get(id) {
            Some((name, _)) => name,
            None => id.rsplit_once('#').map_or(id, |(_, address)| address),
        }
    }

    pub(crate) fn at(&self, id: &str) -> Option<&'a Location> {
        self.short.get(id).and_then(|(_, at)| *at)
    }
}

/// What there is of everything: `1 critical, 2 undetermined`. That nothing was found is said only of what was read.
pub(crate) fn headline(run: &Run<'_>, sorted: &Sorted<'_>) -> String {
    let mut parts: Vec<String> = Severity::ALL
        .iter()
        .rev()
        .map(|severity| (sorted.by_severity(*severity), severity))
        .filter(|(n, _)| *n > 0)
        .map(|(n, severity)| format!("{n} {severity}"))
        .collect();
    let open = sorted.undetermined.len() + run.estate.gaps.len() + run.not_assessed.len();
    if parts.is_empty() {
        parts.push(match (run.functions, open) {
            (0, _) => "no function was read, so nothing was judged".to_owned(),
            (_, 0) => "nothing found".to_owned(),
            _ => "nothing found in what was read and decided".to_owned(),
        });
    }
    for (n, words) in [
        (sorted.undetermined.len(), "undetermined"),
        (run.estate.gaps.len(), "not read"),
        (run.not_assessed.len(), "not assessed"),
        (sorted.suppressed.len(), "suppressed"),
    ] {
        if n > 0 {
            parts.push(format!("{n} {words}"));
        }
    }
    parts.join(", ")
}

/// `1 function`, `2 functions`.
pub(crate) fn count(n: usize, noun: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{n} {noun}{plural}")
}
