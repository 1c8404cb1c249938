//! What was not decided, not read, not assessed and not counted, each with its reason.

use super::Page;
use super::finding::{Item, Status};
use crate::remedy::cause;
use maremma_model::Severity;
use std::cmp::Reverse;
use std::collections::BTreeMap;

#[derive(Debug)]
pub(super) struct Open<'a> {
    /// The cause of most first.
    pub(super) causes: Vec<Cause<'a>>,
    pub(super) gaps: Vec<Gap<'a>>,
    /// Reasons, with the checks that each keeps from looking.
    pub(super) not_assessed: Vec<(&'a str, Vec<&'a str>)>,
    pub(super) suppressed: Vec<Accepted<'a>>,
    /// Messages, with where.
    pub(super) notes: Vec<(&'a str, Option<String>)>,
}

/// What keeps findings from being decided.
#[derive(Debug)]
pub(super) struct Cause<'a> {
    pub(super) because: String,
    /// What would decide it, such as an option.
    pub(super) remedy: Option<String>,
    pub(super) n: usize,
    pub(super) checks: Vec<(Severity, &'static str, Vec<&'a Item<'a>>)>,
}

#[derive(Debug)]
pub(super) struct Gap<'a> {
    pub(super) kind: String,
    pub(super) reason: &'a str,
    pub(super) place: Option<String>,
    pub(super) affects: Vec<&'a str>,
}

/// Findings of one check that do not count, for one reason.
#[derive(Debug)]
pub(super) struct Accepted<'a> {
    pub(super) check: &'static str,
    pub(super) source: &'a str,
    pub(super) reason: &'a str,
    pub(super) until: Option<&'a str>,
    pub(super) items: Vec<&'a Item<'a>>,
}

pub(super) fn open<'a>(page: &'a Page<'a>) -> Open<'a> {
    let mut notes: Vec<_> = page
        .run
        .notes
        .iter()
        .map(|note| (&*note.message, note.at.as_ref().map(|at| page.sources.words(at))))
        .collect();
    notes.dedup();
    Open {
        causes: causes(&page.items),
        gaps: gaps(page),
        not_assessed: not_assessed(page),
        suppressed: suppressed(&page.items),
        notes,
    }
}

fn causes<'a>(items: &'a [Item<'a>]) -> Vec<Cause<'a>> {
    type Checks<'a> = BTreeMap<(Reverse<Severity>, &'static str), Vec<&'a Item<'a>>>;
    let mut by_cause: BTreeMap<_, Checks<'a>> = BTreeMap::new();
    for item in items.iter().filter(|item| item.status == Status::Undetermined) {
        let check = (Reverse(item.finding.severity), item.finding.rule.id);
        let checks = by_cause.entry(cause(item.finding)).or_default();
        checks.entry(check).or_default().push(item);
    }
    let mut causes: Vec<_> = by_cause
        .into_iter()
        .map(|((because, remedy), checks)| Cause {
            because,
            remedy,
            n: checks.values().map(Vec::len).sum(),
            checks: checks
                .into_iter()
                .map(|((severity, check), items)| (severity.0, check, items))
                .collect(),
        })
        .collect();
    causes.sort_by_key(|cause| Reverse(cause.n));
    causes
}

fn gaps<'a>(page: &Page<'a>) -> Vec<Gap<'a>> {
    let mut gaps: Vec<_> = page.run.estate.gaps.iter().collect();
    gaps.sort();
    let of = |gap: &'a maremma_model::Gap| Gap {
        kind: serde_json::to_value(gap.kind)
            .ok()
            .and_then(|word| word.as_str().map(str::to_owned))
            .unwrap_or_default(),
        reason: &gap.reason,
        place: gap.at.as_ref().map(|at| page.sources.words(at)),
        affects: gap.affects.iter().map(AsRef::as_ref).collect(),
    };
    gaps.into_iter().map(of).collect()
}

fn not_assessed<'a>(page: &Page<'a>) -> Vec<(&'a str, Vec<&'a str>)> {
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for entry in page.run.not_assessed {
        by_reason.entry(&entry.reason).or_default().push(&entry.check);
    }
    for checks in by_reason.values_mut() {
        checks.sort_unstable();
        checks.dedup();
    }
    by_reason.into_iter().collect()
}

fn suppressed<'a>(items: &'a [Item<'a>]) -> Vec<Accepted<'a>> {
    let mut by_reason: BTreeMap<_, Vec<&'a Item<'a>>> = BTreeMap::new();
    for item in items.iter().filter(|item| item.status == Status::Suppressed) {
        if let Some(why) = &item.finding.suppression {
            let reason = (item.finding.rule.id, &*why.source, &*why.reason, why.until.as_deref());
            by_reason.entry(reason).or_default().push(item);
        }
    }
    let of = |((check, source, reason, until), items)| Accepted {
        check,
        source,
        reason,
        until,
        items,
    };
    by_reason.into_iter().map(of).collect()
}
