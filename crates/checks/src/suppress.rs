//! Suppressions: why a finding does not count, and which suppressions did nothing.
//!
//! A comment `# maremma: ignore[check-id] reason` counts for its line, the next line, or, on a
//! resource's first line, the resource. `Metadata` of a resource counts for the resource. `[[ignore]]`
//! of the configuration counts for the addresses that its glob matches. What is skipped for Checkov, Trivy
//! or tfsec counts for exact equivalents only.

mod baseline;
mod comment;
mod language;

pub use baseline::Earlier;
use comment::from_comments;
use globset::GlobMatcher;
use jiff::civil::Date;
use maremma_model::{AnyId, Estate, FileId, Finding, Location, Place, Rule, Suppression, Verdict};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// One `[[ignore]]` of the configuration.
#[derive(Clone, Debug)]
pub struct IgnoreEntry {
    pub check: String,
    /// Matches addresses; all of them where there is none.
    pub address: Option<GlobMatcher>,
    pub reason: String,
    /// The last day on which it counts.
    pub until: Option<Date>,
}

/// What suppresses, apart from what the estate itself holds.
#[derive(Debug)]
pub struct Suppressions<'a> {
    pub entries: &'a [IgnoreEntry],
    /// The findings of an earlier report.
    pub baseline: &'a [Earlier],
    pub as_of: Date,
    /// The checks that there are, whether they ran or not.
    pub known: &'a [&'static Rule],
}

/// A suppression that is expired or did nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idle {
    pub message: String,
    pub at: Option<Location>,
}

/// One suppression of whatever source.
struct Candidate<'a> {
    check: Arc<str>,
    source: &'static str,
    reason: Arc<str>,
    until: Option<Arc<str>>,
    expired: bool,
    at: Option<Location>,
    scope: Scope<'a>,
    used: bool,
    /// What is wrong with it, so that it does not count.
    wrong: Option<&'static str>,
}

enum Scope<'a> {
    /// A resource, and what AWS SAM or a reader makes of what is written in it.
    Resource {
        id: AnyId,
        over: Option<Place>,
    },
    /// Evidence on these lines of a file, or anything about a resource that begins on one of them.
    Lines {
        file: FileId,
        lines: RangeInclusive<u32>,
    },
    Addresses(Option<&'a GlobMatcher>),
}

/// Marks the findings that are suppressed, and tells which suppressions did nothing. `ran` are the
/// checks of this run: a suppression of another check is not idle.
pub fn suppress(
    findings: &mut [Finding],
    estate: &Estate,
    given: &Suppressions<'_>,
    ran: &[&'static Rule],
) -> Vec<Idle> {
    let mut candidates = from_comments(estate, given.as_of);
    candidates.extend(from_metadata(estate, given.as_of));
    candidates.extend(given.entries.iter().map(|entry| Candidate {
        check: entry.check.as_str().into(),
        source: "configuration",
        reason: entry.reason.as_str().into(),
        until: entry.until.map(|date| date.to_string().into()),
        expired: entry.until.is_some_and(|until| until < given.as_of),
        at: None,
        scope: Scope::Addresses(entry.address.as_ref()),
        used: false,
        wrong: None,
    }));
    let mut by_check: BTreeMap<Arc<str>, Vec<usize>> = BTreeMap::new();
    for (at, candidate) in candidates.iter().enumerate() {
        by_check.entry(candidate.check.clone()).or_default().push(at);
    }
    for finding in findings
        .iter_mut()
        .filter(|f| matches!(f.verdict, Verdict::Fail | Verdict::Undetermined))
    {
        let names =
            std::iter::once(finding.rule.id).chain(finding.rule.equivalents.iter().filter(|e| e.exact).map(|e| e.id));
        let hits: Vec<usize> = names.filter_map(|name| by_check.get(name)).flatten().copied().collect();
        for at in hits {
            let Some(candidate) = candidates.get_mut(at) else {
                continue;
            };
            if candidate.wrong.is_some() || !covers(&candidate.scope, finding, estate) {
                continue;
            }
            candidate.used = true;
            if !candidate.expired && finding.suppression.is_none() {
                let (source, reason, until) = (
                    candidate.source.into(),
                    candidate.reason.clone(),
                    candidate.until.clone(),
                );
                finding.suppression = Some(Suppression { source, reason, until });
            }
        }
    }
    let stale = baseline::apply(findings, estate, given.baseline, ran);
    candidates
        .iter()
        .filter_map(|candidate| idle(candidate, ran, given.known))
        .chain(stale)
        .collect()
}

fn idle(candidate: &Candidate<'_>, ran: &[&'static Rule], known: &[&'static Rule]) -> Option<Idle> {
    let names = |rules: &[&'static Rule]| rules.iter().any(|rule| rule.id == &*candidate.check);
    let message = if let Some(wrong) = candidate.wrong {
        format!("the suppression of {} {wrong}", candidate.check)
    } else if candidate.expired && candidate.used {
        let until = candidate.until.as_deref().unwrap_or("");
        format!(
            "the suppression of {} expired on {until} and no longer counts",
            candidate.check
        )
    } else if candidate.used {
        return None;
    } else if names(ran) {
        format!(
            "the suppression of {} ({}) suppresses nothing: remove it",
            candidate.check, candidate.reason
        )
    } else if !names(known) && !FOREIGN.contains(&candidate.source) {
        format!("the suppression names no check: {}", candidate.check)
    } else {
        return None;
    };
    Some(Idle {
        message,
        at: candidate.at.clone(),
    })
}

fn covers(scope: &Scope<'_>, finding: &Finding, estate: &Estate) -> bool {
    match scope {
        Scope::Resource { id, over } => {
            finding.subject.resource == Some(*id) || over.is_some_and(|over| is_within(finding, over))
        }
        Scope::Addresses(glob) => glob.is_none_or(|glob| glob.is_match(&*finding.subject.address)),
        Scope::Lines { file, lines } => {
            let on =
                |place: Option<Place>| place.is_some_and(|p| p.file == *file && lines.contains(&p.span.start.line));
            let head = finding.subject.resource.and_then(|id| estate.resource(id));
            on(finding.evidence.at.place()) || on(head.and_then(|head| head.at.place()))
        }
    }
}

fn is_within(finding: &Finding, over: Place) -> bool {
    let inner = finding.evidence.at.place();
    inner.is_some_and(|inner| {
        let begins = over.span.start.offset <= inner.span.start.offset;
        inner.file == over.file && begins && inner.span.start.offset < over.span.end.offset
    })
}

/// Tools whose comments count, and whose other checks are none of ours.
const FOREIGN: [&str; 3] = ["checkov", "trivy", "tfsec"];

/// Checkov's ids, by which its skips are known from ours.
fn source_of(check: &str, own: &'static str) -> &'static str {
    if check.starts_with("CKV") { "checkov" } else { own }
}

fn from_metadata(estate: &Estate, as_of: Date) -> Vec<Candidate<'static>> {
    let mut candidates = Vec::new();
    for (id, resource) in estate.resources() {
        for ignore in &resource.ignores {
            let until = ignore.until.as_deref().and_then(|date| date.parse::<Date>().ok());
            candidates.push(Candidate {
                check: ignore.check.clone(),
                source: source_of(&ignore.check, "metadata"),
                reason: ignore.reason.clone(),
                until: ignore.until.clone(),
                // A date that cannot be read must not suppress for ever.
                expired: ignore.until.is_some() && until.is_none_or(|until| until < as_of),
                at: Some(ignore.at.clone()),
                scope: Scope::Resource {
                    id,
                    over: ignore.over.as_ref().and_then(Location::place),
                },
                used: false,
                wrong: None,
            });
        }
    }
    candidates
}
