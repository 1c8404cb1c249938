//! What is read first: what was scanned, what was found, and what was not read.

use super::Page;
use super::finding::Status;
use super::function::Row;
use crate::order::count;
use maremma_model::Severity;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Functions and checks named in the summary; the lists have them all.
const NAMED: usize = 10;

#[derive(Debug)]
pub(super) struct Summary<'a> {
    pub(super) headline: String,
    /// Whether all was read and decided, and nothing found.
    pub(super) clean: bool,
    pub(super) exit: String,
    /// Failed findings by severity, the gravest first; none that is empty.
    pub(super) severities: Vec<Share>,
    /// Numbers that keep a run from being clean, with their words, and the part and filter that lead to them.
    pub(super) open: Vec<(usize, &'static str, &'static str, &'static str)>,
    /// Functions, files, checks.
    pub(super) read: Vec<String>,
    /// `87 passed`; none that is empty, for a zero says nothing of what was not read.
    pub(super) verdicts: Vec<String>,
    pub(super) more_tiers: Option<&'static str>,
    pub(super) checks: Vec<Worst<'a>>,
    pub(super) functions: Vec<&'a Row<'a>>,
}

/// A severity, and how wide its part of the bar is.
#[derive(Debug)]
pub(super) struct Share {
    pub(super) severity: Severity,
    pub(super) n: usize,
    /// In thousandths of the bar.
    pub(super) from: usize,
    pub(super) width: usize,
}

/// A check with many findings.
#[derive(Debug)]
pub(super) struct Worst<'a> {
    pub(super) severity: Severity,
    pub(super) check: &'static str,
    pub(super) title: &'a str,
    pub(super) n: usize,
}

pub(super) fn summary<'a>(page: &'a Page<'a>) -> Summary<'a> {
    let run = page.run;
    let gaps = run.estate.gaps.len();
    let undetermined = page.sorted.undetermined.len();
    let open = undetermined + gaps + run.not_assessed.len();
    let failed = page.sorted.failed.len();
    let headline = match (failed, run.functions, open) {
        (0, 0, _) => "No function was read, so nothing was judged".to_owned(),
        (0, _, 0) => "Nothing found".to_owned(),
        (0, _, _) => "Nothing found in what was read and decided".to_owned(),
        (n, functions, _) => format!("{} in {}", count(n, "finding"), count(functions, "function")),
    };
    let numbers = [
        (undetermined, "undetermined", "undetermined", "status=undetermined"),
        (gaps, "not read", "gaps", ""),
        (run.not_assessed.len(), "not assessed", "not-assessed", ""),
        (page.sorted.suppressed.len(), "suppressed", "suppressed", ""),
    ];
    let verdicts = [
        (failed, "failed"),
        (undetermined, "undetermined"),
        (page.sorted.passed.len() + run.counted.pass, "passed"),
        (
            page.sorted.not_applicable.len() + run.counted.not_applicable,
            "not applicable",
        ),
    ];
    let worst = page.functions.ordered().filter(|row| !row.counts.is_empty());
    Summary {
        headline,
        clean: failed == 0 && run.functions > 0 && open == 0,
        exit: exit(page),
        severities: shares(page),
        open: numbers.into_iter().filter(|(n, ..)| *n > 0).collect(),
        read: vec![
            count(run.functions, "function"),
            count(run.estate.files.len(), "file"),
            count(run.checks.len(), "check"),
        ],
        verdicts: verdicts
            .into_iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, words)| format!("{n} {words}"))
            .collect(),
        more_tiers: match run.options.tier {
            _ if run.options.named => None,
            maremma_model::Tier::Core => Some("hardening"),
            maremma_model::Tier::Hardening => Some("hygiene"),
            maremma_model::Tier::Hygiene => None,
        },
        checks: checks(page),
        functions: worst.take(NAMED).collect(),
    }
}

/// What the run ends with, and why.
fn exit(page: &Page<'_>) -> String {
    let run = page.run;
    let fail_on = run.options.fail_on;
    let failing = page.sorted.failing(fail_on);
    let undecided = page.sorted.undetermined.iter().any(|f| f.severity >= fail_on);
    if failing > 0 {
        let are = if failing == 1 { "is" } else { "are" };
        format!(
            "Exit code 1: {} {are} of severity {fail_on} or above",
            count(failing, "finding")
        )
    } else if run.options.strict && (undecided || !run.estate.gaps.is_empty()) {
        "Exit code 1: with --strict, what is undetermined or was not read fails the run".to_owned()
    } else if run.estate.units.is_empty() {
        "Exit code 2: nothing could be read".to_owned()
    } else {
        format!("Exit code 0: no finding is of severity {fail_on} or above")
    }
}

fn shares(page: &Page<'_>) -> Vec<Share> {
    let total = page.sorted.failed.len().max(1);
    let mut sum = 0;
    let mut shares = Vec::new();
    for severity in Severity::ALL.iter().rev() {
        let n = page.sorted.by_severity(*severity);
        let from = sum * 1000 / total;
        sum += n;
        if n > 0 {
            shares.push(Share {
                severity: *severity,
                n,
                from,
                width: sum * 1000 / total - from,
            });
        }
    }
    shares
}

/// The checks that failed, the gravest first and then that of most findings.
fn checks<'a>(page: &'a Page<'a>) -> Vec<Worst<'a>> {
    let mut by_check: BTreeMap<&'static str, Worst<'a>> = BTreeMap::new();
    for item in page.items.iter().filter(|item| item.status == Status::Fail) {
        let rule = item.finding.rule;
        let worst = by_check.entry(rule.id).or_insert(Worst {
            severity: item.finding.severity,
            check: rule.id,
            title: rule.title,
            n: 0,
        });
        worst.severity = worst.severity.max(item.finding.severity);
        worst.n += 1;
    }
    let mut checks: Vec<_> = by_check.into_values().collect();
    checks.sort_by_key(|worst| Reverse((worst.severity, worst.n)));
    checks.truncate(NAMED);
    checks
}
