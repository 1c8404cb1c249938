//! Findings as cards, each once.

use super::Page;
use super::escape::fragment;
use super::frame::{self, Mark, Shown};
use super::function::Functions;
use crate::order::Sorted;
use crate::remedy::cause;
use crate::remedy::paste;
use crate::run::Run;
use askama::Template;
use maremma_model::{Finding, Severity, Verdict};
use std::cmp::Reverse;
use std::collections::HashMap;

/// Functions named in a card; the list of functions has them all.
const NAMED: usize = 12;

/// A finding with the address that leads to it.
#[derive(Debug)]
pub(super) struct Item<'a> {
    pub(super) finding: &'a Finding,
    pub(super) fragment: String,
    pub(super) status: Status,
    /// Rows of the functions that it touches.
    pub(super) functions: Vec<usize>,
}

/// What became of a finding, in the order in which a reader wants to see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Status {
    Fail,
    Undetermined,
    Suppressed,
    Pass,
    NotApplicable,
}

impl Status {
    pub(super) const ALL: [Status; 5] = [
        Status::Fail,
        Status::Undetermined,
        Status::Suppressed,
        Status::Pass,
        Status::NotApplicable,
    ];

    fn of(finding: &Finding) -> Self {
        match finding.verdict {
            Verdict::Pass => Status::Pass,
            Verdict::NotApplicable => Status::NotApplicable,
            _ if finding.suppression.is_some() => Status::Suppressed,
            Verdict::Fail => Status::Fail,
            Verdict::Undetermined => Status::Undetermined,
        }
    }

    /// In an address.
    pub(super) fn word(self) -> &'static str {
        match self {
            Status::Fail => "fail",
            Status::Undetermined => "undetermined",
            Status::Suppressed => "suppressed",
            Status::Pass => "pass",
            Status::NotApplicable => "not_applicable",
        }
    }

    pub(super) fn label(self) -> &'static str {
        match self {
            Status::Fail => "failed",
            Status::Pass => "passed",
            Status::NotApplicable => "not applicable",
            other => other.word(),
        }
    }

    /// Whether the list shows it unless something else is asked for.
    fn is_open(self) -> bool {
        matches!(self, Status::Fail | Status::Undetermined)
    }
}

/// Every finding that the report tells, once: what is open first, then the gravest, then by check.
pub(super) fn items<'a>(run: &Run<'_>, sorted: &Sorted<'a>, functions: &Functions<'_>) -> Vec<Item<'a>> {
    let mut findings: Vec<&Finding> = Vec::new();
    for shown in [&sorted.failed, &sorted.undetermined, &sorted.suppressed] {
        findings.extend(shown);
    }
    if run.options.include_passed {
        findings.extend(sorted.passed.iter().chain(&sorted.not_applicable));
    }
    findings.sort_by_key(|finding| {
        let status = Status::of(finding);
        let rank = if status.is_open() { Status::Fail } else { status };
        (rank, Reverse(finding.severity), finding.rule.id, status)
    });
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let item = |finding: &'a Finding| {
        let print = short(&finding.fingerprint);
        let times = seen.entry(print).and_modify(|times| *times += 1).or_insert(1);
        let name = if *times > 1 {
            format!("{print}.{times}")
        } else {
            print.to_owned()
        };
        Item {
            finding,
            fragment: fragment("finding", &name),
            status: Status::of(finding),
            functions: functions.touched(finding),
        }
    };
    findings.into_iter().map(item).collect()
}

/// Enough of a fingerprint to tell the findings of one run apart.
fn short(fingerprint: &str) -> &str {
    fingerprint.get(..12).unwrap_or(fingerprint)
}

/// What the filters offer.
#[derive(Debug)]
pub(super) struct Listed<'a> {
    pub(super) severities: Vec<Severity>,
    pub(super) statuses: Vec<Status>,
    pub(super) tiers: Vec<&'static str>,
    pub(super) kinds: Vec<&'a str>,
}

pub(super) fn listed<'a>(items: &'a [Item<'a>]) -> Listed<'a> {
    let some = |wanted: &dyn Fn(&Item<'_>) -> bool| items.iter().any(wanted);
    let mut kinds: Vec<&str> = items.iter().map(|item| item.finding.rule.subject).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let severities = Severity::ALL.iter().rev().copied();
    let tiers = maremma_model::Tier::ALL.iter().copied();
    Listed {
        severities: severities
            .filter(|it| some(&|item| item.finding.severity == *it))
            .collect(),
        statuses: Status::ALL
            .into_iter()
            .filter(|it| some(&|item| item.status == *it))
            .collect(),
        tiers: tiers
            .filter(|it| some(&|item| item.finding.rule.tier == *it))
            .map(|tier| tier.word())
            .collect(),
        kinds,
    }
}

#[derive(Template)]
#[template(path = "finding.html")]
pub(super) struct Card<'a> {
    item: &'a Item<'a>,
    finding: &'a Finding,
    place: String,
    frames: Vec<Shown<'a>>,
    /// Why it is undetermined, and what would decide it.
    undecided: Option<(String, Option<String>)>,
    paste: Option<String>,
    functions: Vec<(&'a str, &'a str)>,
    more_functions: usize,
}

pub(super) fn card<'a>(page: &'a Page<'a>, item: &'a Item<'a>) -> Card<'a> {
    let finding = item.finding;
    let shown = item.functions.iter().take(NAMED);
    Card {
        item,
        finding,
        place: page.sources.words(&finding.evidence.at),
        frames: frame::frames(page, &finding.evidence, &finding.related),
        undecided: (finding.verdict == Verdict::Undetermined).then(|| cause(finding)),
        paste: finding.fix.as_ref().and_then(|fix| paste(&page.sources, fix)),
        functions: shown.filter_map(|row| page.functions.link(*row)).collect(),
        more_functions: item.functions.len().saturating_sub(NAMED),
    }
}
