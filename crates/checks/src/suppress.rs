//! Suppressions: why a finding does not count, and which suppressions did nothing.
//!
//! A comment `# maremma: ignore[check-id] reason` counts for its line, the next line, or, on a
//! resource's first line, the resource. `Metadata` of a resource counts for the resource. `[[ignore]]`
//! of the configuration counts for the addresses that its glob matches. A skip of Checkov counts for
//! exact equivalents only.

use globset::GlobMatcher;
use jiff::civil::Date;
use maremma_model::{AnyId, Estate, FileId, Finding, Location, Place, Pos, Rule, Span, Suppression, Verdict};
use std::collections::{BTreeMap, HashSet};
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
    /// Fingerprints of an earlier report.
    pub baseline: &'a HashSet<String>,
    pub as_of: Date,
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
}

enum Scope<'a> {
    Resource(AnyId),
    /// Evidence on these lines of a file, or anything about a resource that begins on one of them.
    Lines {
        file: FileId,
        lines: [u32; 2],
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
    let mut candidates = from_comments(estate);
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
            if !covers(&candidate.scope, finding, estate) {
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
        if finding.suppression.is_none() && given.baseline.contains(&finding.fingerprint) {
            let reason = "already in the baseline".into();
            finding.suppression = Some(Suppression {
                source: "baseline".into(),
                reason,
                until: None,
            });
        }
    }
    candidates.iter().filter_map(|candidate| idle(candidate, ran)).collect()
}

fn idle(candidate: &Candidate<'_>, ran: &[&'static Rule]) -> Option<Idle> {
    let known = ran.iter().any(|rule| rule.id == &*candidate.check);
    let message = if candidate.expired && candidate.used {
        let until = candidate.until.as_deref().unwrap_or("");
        format!(
            "the suppression of {} expired on {until} and no longer counts",
            candidate.check
        )
    } else if candidate.used {
        return None;
    } else if known {
        format!(
            "the suppression of {} ({}) suppresses nothing: remove it",
            candidate.check, candidate.reason
        )
    } else if crate::all().iter().all(|check| check.rule.id != &*candidate.check) && candidate.source != "checkov" {
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
        Scope::Resource(id) => finding.subject.resource == Some(*id),
        Scope::Addresses(glob) => glob.is_none_or(|glob| glob.is_match(&*finding.subject.address)),
        Scope::Lines { file, lines } => {
            let on =
                |place: Option<Place>| place.is_some_and(|p| p.file == *file && lines.contains(&p.span.start.line));
            let head = finding.subject.resource.and_then(|id| estate.resource(id));
            on(finding.evidence.at.place()) || on(head.and_then(|head| head.at.place()))
        }
    }
}

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
                scope: Scope::Resource(id),
                used: false,
            });
        }
    }
    candidates
}

const MARK: &str = "maremma: ignore[";
const CHECKOV: &str = "checkov:skip=";

fn from_comments(estate: &Estate) -> Vec<Candidate<'static>> {
    let mut candidates = Vec::new();
    for (row, file) in estate.files.iter().enumerate() {
        let Some(text) = file.text.as_deref() else { continue };
        if !text.contains(MARK) && !text.contains(CHECKOV) {
            continue;
        }
        let file = FileId(u32::try_from(row).unwrap_or(u32::MAX));
        let mut offset = 0;
        for (number, line) in (1u32..).zip(text.split_inclusive('\n')) {
            let at = comment_place(file, number, offset, line);
            offset += line.len();
            let Some((_, comment)) = line.split_once('#').or_else(|| line.split_once("//")) else {
                continue;
            };
            for (check, reason) in marks(comment) {
                let source = source_of(&check, "comment");
                let scope = match around(estate, file, number).filter(|_| source == "checkov") {
                    // Checkov's comments count for the resource that they stand in.
                    Some(id) => Scope::Resource(id),
                    None => Scope::Lines {
                        file,
                        lines: [number, number + 1],
                    },
                };
                let at = Some(Location::File(at));
                candidates.push(Candidate {
                    check,
                    source,
                    reason,
                    until: None,
                    expired: false,
                    at,
                    scope,
                    used: false,
                });
            }
        }
    }
    candidates
}

/// The resource that a line stands in: the last one that begins at or above it.
fn around(estate: &Estate, file: FileId, line: u32) -> Option<AnyId> {
    let start = |place: Place| (place.file == file && place.span.start.line <= line).then_some(place.span.start.line);
    let begun = estate
        .resources()
        .filter_map(|(id, head)| Some((start(head.at.place()?)?, id)));
    begun.max_by_key(|(line, _)| *line).map(|(_, id)| id)
}

fn comment_place(file: FileId, line: u32, offset: usize, text: &str) -> Place {
    let offset = u32::try_from(offset).unwrap_or(u32::MAX);
    let written = text.trim_end();
    let start = Pos {
        offset,
        line,
        column: 1,
    };
    let length = u32::try_from(written.len()).unwrap_or(0);
    let columns = u32::try_from(written.chars().count()).unwrap_or(0);
    let end = Pos {
        offset: offset.saturating_add(length),
        line,
        column: columns.saturating_add(1),
    };
    Place {
        file,
        span: Span { start, end },
    }
}

/// The checks that a comment suppresses, each with the reason. Without a reason it does not count.
fn marks(comment: &str) -> Vec<(Arc<str>, Arc<str>)> {
    if let Some((_, rest)) = comment.split_once(MARK)
        && let Some((ids, reason)) = rest.split_once(']')
        && !reason.trim().is_empty()
    {
        let reason: Arc<str> = reason.trim().into();
        return ids.split(',').map(|id| (id.trim().into(), reason.clone())).collect();
    }
    if let Some((_, rest)) = comment.split_once(CHECKOV) {
        let (id, reason) = rest
            .trim()
            .split_once(':')
            .unwrap_or((rest.trim(), "skipped for Checkov"));
        return vec![(id.trim().into(), reason.trim().into())];
    }
    Vec::new()
}
