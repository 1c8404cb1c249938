//! A run in the shape of the JSON report.

use super::schema as s;
use crate::controls::{self, Status};
use crate::order::Sorted;
use crate::page::references;
use crate::run::Run;
use crate::source::Sources;
use maremma_model::{Estate, Evidence, Extent, Fact, Finding, Fix, Gap, GapKind, Location, Severity};
use std::collections::BTreeMap;

pub(super) fn scan<'a>(run: &Run<'a>) -> s::Scan<'a> {
    let sorted = Sorted::of(run.findings);
    let mut build = Build::of(run.estate);
    let shown = [&sorted.failed, &sorted.undetermined];
    let mut findings: Vec<&Finding> = shown.into_iter().flatten().copied().collect();
    if run.options.include_passed {
        findings.extend(sorted.passed.iter().chain(&sorted.not_applicable));
    }
    s::Scan {
        schema: super::SCHEMA,
        tool: s::Tool {
            name: run.tool.name,
            version: run.tool.version,
            url: run.tool.url,
        },
        as_of: run.as_of,
        facts: run.facts.iter().map(facts).collect(),
        target: run.targets.iter().map(String::as_str).collect(),
        units: run.estate.units.iter().map(unit).collect(),
        coverage: coverage(run.estate),
        summary: summary(run, &sorted),
        findings: findings.into_iter().map(|finding| build.finding(finding)).collect(),
        suppressed: sorted.suppressed.iter().map(|finding| build.finding(finding)).collect(),
        gaps: gaps(run.estate),
        not_assessed: not_assessed(run),
        frameworks: frameworks(run),
        notes: run
            .notes
            .iter()
            .map(|note| s::Note {
                message: &note.message,
                location: note.at.as_ref().map(|at| location(run.estate, at, None)),
            })
            .collect(),
    }
}

pub(crate) fn facts(facts: &crate::run::DatedFacts) -> s::Facts<'_> {
    s::Facts {
        name: &facts.name,
        source: &facts.source,
        version: &facts.version,
        date: &facts.date,
    }
}

pub(crate) fn unit(unit: &maremma_model::Unit) -> s::Unit<'_> {
    s::Unit {
        name: &unit.name,
        format: &unit.format,
        account: unit.account.as_deref(),
        region: unit.region.as_deref(),
    }
}

fn coverage(estate: &Estate) -> Vec<s::Coverage<'_>> {
    let mut rows: Vec<_> = estate.coverage.iter().collect();
    rows.sort();
    rows.dedup();
    rows.into_iter()
        .map(|c| s::Coverage {
            table: &c.table,
            account: c.account.as_deref(),
            region: c.region.as_deref(),
            extent: match &c.extent {
                Extent::Complete => s::Extent::Complete,
                Extent::Partial(_) => s::Extent::Partial,
                Extent::Absent => s::Extent::Absent,
            },
            reason: match &c.extent {
                Extent::Partial(why) => Some(why),
                Extent::Complete | Extent::Absent => None,
            },
        })
        .collect()
}

fn summary(run: &Run<'_>, sorted: &Sorted<'_>) -> s::Summary {
    s::Summary {
        functions: run.functions,
        files: run.estate.files.len(),
        checks: run.checks.len(),
        tier: s::Tier(run.options.tier),
        verdicts: s::Verdicts {
            fail: sorted.failed.len(),
            undetermined: sorted.undetermined.len(),
            pass: sorted.passed.len() + run.counted.pass,
            not_applicable: sorted.not_applicable.len() + run.counted.not_applicable,
        },
        severities: s::Severities {
            critical: sorted.by_severity(Severity::Critical),
            high: sorted.by_severity(Severity::High),
            medium: sorted.by_severity(Severity::Medium),
            low: sorted.by_severity(Severity::Low),
            info: sorted.by_severity(Severity::Info),
        },
        suppressed: sorted.suppressed.len(),
        gaps: run.estate.gaps.len(),
        not_assessed: run.not_assessed.len(),
        fail_on: s::Severity(run.options.fail_on),
        failing: sorted.failing(run.options.fail_on),
    }
}

pub(crate) fn gaps(estate: &Estate) -> Vec<s::Gap<'_>> {
    let mut gaps: Vec<&Gap> = estate.gaps.iter().collect();
    gaps.sort();
    gaps.into_iter()
        .map(|gap| s::Gap {
            kind: match gap.kind {
                GapKind::Unparsed => s::GapKind::Unparsed,
                GapKind::Denied => s::GapKind::Denied,
                GapKind::Failed => s::GapKind::Failed,
                GapKind::Unsupported => s::GapKind::Unsupported,
                GapKind::Absent => s::GapKind::Absent,
                GapKind::Bounds => s::GapKind::Bounds,
            },
            reason: &gap.reason,
            location: gap.at.as_ref().map(|at| location(estate, at, None)),
            affects: gap.affects.iter().map(AsRef::as_ref).collect(),
        })
        .collect()
}

fn not_assessed<'a>(run: &Run<'a>) -> Vec<s::NotAssessed<'a>> {
    let mut entries: Vec<_> = run.not_assessed.iter().collect();
    entries.sort();
    let entry = |entry: &'a crate::run::NotAssessed| s::NotAssessed {
        check: &entry.check,
        reason: entry.reason.as_str().into(),
    };
    entries.into_iter().map(entry).collect()
}

fn frameworks<'a>(run: &Run<'a>) -> Vec<s::Framework<'a>> {
    let outcome = |outcome: controls::Outcome| s::Outcome {
        id: outcome.id,
        status: match outcome.status() {
            Status::Fail => s::Status::Fail,
            Status::Undetermined => s::Status::Undetermined,
            Status::NotAssessed => s::Status::NotAssessed,
            Status::Suppressed => s::Status::Suppressed,
            Status::Pass => s::Status::Pass,
            Status::NotApplicable => s::Status::NotApplicable,
        },
        fail: outcome.fail,
        undetermined: outcome.undetermined,
        pass: outcome.pass,
        not_applicable: outcome.not_applicable,
        suppressed: outcome.suppressed,
        checks: outcome.checks.into_iter().collect(),
        not_assessed: outcome
            .overlooked
            .into_iter()
            .map(|(check, reason)| s::NotAssessed { check, reason })
            .collect(),
    };
    controls::outcomes(run)
        .into_iter()
        .map(|(framework, outcomes)| s::Framework {
            id: framework.word(),
            title: controls::title(framework),
            controls: outcomes.into_iter().map(outcome).collect(),
        })
        .collect()
}

/// A location; `address` is the resource that stands there, for one in a file.
pub(crate) fn location<'a>(estate: &'a Estate, at: &'a Location, address: Option<&'a str>) -> s::Location<'a> {
    match at {
        Location::File(place) => s::Location::File(s::File {
            file: estate.file(place.file).map_or("?", |file| &file.path),
            line: place.span.start.line,
            column: place.span.start.column,
            end_line: place.span.end.line,
            end_column: place.span.end.column,
            address,
        }),
        Location::Aws { arn, attribute, call } => s::Location::Aws { arn, attribute, call },
        Location::Artifact { digest, path, line } => s::Location::Artifact {
            artifact: digest,
            path,
            line: *line,
        },
    }
}

/// Findings of one run.
pub(crate) struct Build<'a> {
    sources: Sources<'a>,
    /// By check: a page is read once, not once a finding.
    references: BTreeMap<&'static str, Vec<String>>,
}

impl<'a> Build<'a> {
    pub(crate) fn of(estate: &'a Estate) -> Self {
        Build {
            sources: Sources::of(estate),
            references: BTreeMap::new(),
        }
    }

    pub(crate) fn finding(&mut self, f: &'a Finding) -> s::Finding<'a> {
        let estate = self.sources.estate;
        let address = Some(f.evidence.address.as_deref().unwrap_or(&f.subject.address));
        let references = self
            .references
            .entry(f.rule.id)
            .or_insert_with(|| references(f.rule.page).into_iter().map(|link| link.url).collect());
        s::Finding {
            check: f.rule.id,
            tier: s::Tier(f.rule.tier),
            verdict: s::Verdict(f.verdict),
            severity: s::Severity(f.severity),
            confidence: s::Confidence(f.confidence),
            subject: subject(f),
            detail: f.detail.as_deref(),
            affects: f.affects.iter().map(AsRef::as_ref).collect(),
            message: &f.message,
            location: location(estate, &f.evidence.at, address),
            evidence: std::iter::once(&f.evidence)
                .chain(&f.related)
                .map(|e| evidence(estate, e))
                .collect(),
            undecided: f
                .undecided
                .iter()
                .map(|why| s::Undecided {
                    because: why.to_string(),
                    remedy: why.remedy(),
                })
                .collect(),
            references: references.clone(),
            fix: f.fix.as_ref().map(|fix| self.fix(fix)),
            fingerprint: &f.fingerprint,
            equivalents: f
                .rule
                .equivalents
                .iter()
                .map(|other| s::Equivalent {
                    id: other.id,
                    exact: other.exact,
                })
                .collect(),
            controls: f
                .rule
                .controls
                .iter()
                .map(|control| s::Control {
                    framework: control.framework.word(),
                    id: control.id,
                })
                .collect(),
            suppression: f.suppression.as_ref().map(|why| s::Suppression {
                source: &why.source,
                reason: &why.reason,
                until: why.until.as_deref(),
            }),
        }
    }

    fn fix(&self, fix: &'a Fix) -> s::Fix<'a> {
        let masks = &self.sources.masks;
        s::Fix {
            says: &fix.says,
            edit: fix.edit.as_ref().map(|edit| {
                let replacement = masks.scrub(&edit.replacement);
                let span = edit.at.span;
                s::Edit {
                    file: self.sources.path(edit.at.file),
                    start_line: span.start.line,
                    start_column: span.start.column,
                    end_line: span.end.line,
                    end_column: span.end.column,
                    masked: *replacement != edit.replacement,
                    replacement,
                }
            }),
            snippet: fix.snippet.as_deref().map(|snippet| masks.scrub(snippet)),
        }
    }
}

fn subject(f: &Finding) -> s::Subject<'_> {
    let subject = &f.subject;
    s::Subject {
        kind: &subject.kind,
        id: &subject.id,
        name: &subject.name,
        account: subject.account.as_deref(),
        region: subject.region.as_deref(),
        qualifier: subject.qualifier.as_deref(),
        address: &subject.address,
    }
}

fn evidence<'a>(estate: &'a Estate, e: &'a Evidence) -> s::Evidence<'a> {
    s::Evidence {
        location: location(estate, &e.at, e.address.as_deref()),
        says: &e.says,
        fact: match &e.fact {
            Fact::Attribute { name, value } => s::Fact::Attribute {
                name,
                value: value.as_deref(),
            },
            Fact::Statement { policy, sid, index } => s::Fact::Statement {
                policy,
                sid: sid.as_deref(),
                index: *index,
            },
            Fact::Dated { subject, event, date } => s::Fact::Dated { subject, event, date },
            Fact::Resource => s::Fact::Resource,
        },
    }
}
