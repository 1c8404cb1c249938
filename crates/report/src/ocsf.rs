//! The report as OCSF 1.5.0 events, for Amazon Security Lake, AWS Security Hub and whatever reads Prowler's findings.
//! Source: OCSF, "Detection Finding [2004]", schema.ocsf.io/1.5.0.
//!
//! The class is Detection Finding, as Prowler writes it, in a JSON array: a Compliance Finding would be about a standard, which many
//! checks have none of. There is no event for what was not read: who runs the scan must be told otherwise.

#[cfg(test)]
mod tests;

use crate::json::write;
use crate::order::{Sorted, worst_first};
use crate::page::references;
use crate::remedy::{cause, paste};
use crate::run::Run;
use crate::source::Sources;
use maremma_model::{Confidence, Evidence, Finding, Location, Severity, Verdict};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::io::{self, Write};

const VERSION: &str = "1.5.0";

/// Writes the report as an array of Detection Findings. `status_code` is the verdict (`FAIL`,
/// `UNDETERMINED`, `PASS`, `NOT_APPLICABLE`); what is suppressed has the status Suppressed.
///
/// # Errors
/// Those of `out`.
pub fn ocsf(run: &Run<'_>, out: &mut impl Write) -> io::Result<()> {
    let sorted = Sorted::of(run.findings);
    let mut findings = worst_first(&sorted.failed);
    findings.extend(worst_first(&sorted.undetermined));
    findings.extend(worst_first(&sorted.suppressed));
    if run.options.include_passed {
        findings.extend(sorted.passed.iter().chain(&sorted.not_applicable));
    }
    let references = findings
        .iter()
        .map(|f| {
            (
                f.rule.id,
                references(f.rule.page).into_iter().map(|link| link.url).collect(),
            )
        })
        .collect();
    let events = Events {
        run,
        sources: Sources::of(run.estate),
        references,
        findings,
    };
    write(&events, out)
}

/// Made one at a time while they are written: there may be many.
struct Events<'a> {
    run: &'a Run<'a>,
    sources: Sources<'a>,
    /// By check: a page is read once.
    references: BTreeMap<&'static str, Vec<String>>,
    findings: Vec<&'a Finding>,
}

impl Serialize for Events<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.findings.iter().map(|finding| self.event(finding)))
    }
}

impl Events<'_> {
    fn event(&self, f: &Finding) -> Value {
        let (severity_id, severity) = severity(f.severity);
        let (confidence_id, confidence) = confidence(f.confidence);
        let (status_id, status) = status(f);
        let time = milliseconds(self.run.as_of);
        let mut event = json!({
            "activity_id": 1,
            "activity_name": "Create",
            "category_name": "Findings",
            "category_uid": 2,
            "class_name": "Detection Finding",
            "class_uid": 2004,
            "cloud": self.cloud(f),
            "confidence": confidence,
            "confidence_id": confidence_id,
            "finding_info": self.information(f, time),
            "is_alert": f.verdict == Verdict::Fail && f.suppression.is_none(),
            "message": f.message,
            "metadata": self.metadata(f),
            "resources": self.resources(f),
            "severity": severity,
            "severity_id": severity_id,
            "status": status,
            "status_code": f.verdict.word().to_uppercase(),
            "status_detail": status_detail(f),
            "status_id": status_id,
            "time": time,
            "time_dt": format!("{}T00:00:00Z", self.run.as_of),
            "type_name": "Detection Finding: Create",
            "type_uid": 200_401,
            "unmapped": self.unmapped(f),
        });
        if let (Some(members), Some(remediation)) = (event.as_object_mut(), self.remediation(f)) {
            members.insert("remediation".to_owned(), remediation);
        }
        event
    }

    fn metadata(&self, f: &Finding) -> Value {
        let tool = self.run.tool;
        json!({
            "event_code": f.rule.id,
            "product": { "name": "Maremma", "uid": tool.name, "vendor_name": "Maremma", "version": tool.version, "url_string": tool.url },
            "profiles": ["cloud", "datetime"],
            "uid": f.fingerprint,
            "version": VERSION,
        })
    }

    fn information(&self, f: &Finding, time: i64) -> Value {
        let rule = f.rule;
        let mut information = json!({
            "analytic": { "name": rule.title, "uid": rule.id, "type": "Rule", "type_id": 1 },
            "created_time": time,
            "desc": f.message,
            "title": rule.title,
            "types": [format!("tier/{}", rule.tier)],
            "uid": f.fingerprint,
        });
        if let (Some(url), Some(members)) = (self.run.page_url(rule), information.as_object_mut()) {
            members.insert("src_url".to_owned(), json!(url));
        }
        information
    }

    fn cloud(&self, f: &Finding) -> Value {
        let mut cloud = object(json!({ "provider": "AWS" }));
        if let Some(account) = &f.subject.account {
            let account = json!({ "uid": account, "type": "AWS Account", "type_id": 10 });
            cloud.insert("account".to_owned(), account);
        }
        if let Some(region) = &f.subject.region {
            cloud.insert("region".to_owned(), json!(region));
        }
        Value::Object(cloud)
    }

    /// The subject, then the functions that it touches.
    fn resources(&self, f: &Finding) -> Vec<Value> {
        let subject = &f.subject;
        let mut data = object(json!({ "address": subject.address, "location": self.location(&f.evidence) }));
        for (name, value) in [("detail", &f.detail), ("qualifier", &subject.qualifier)] {
            if let Some(value) = value {
                data.insert(name.to_owned(), json!(value));
            }
        }
        let mut first = object(json!({
            "uid": subject.id,
            "name": subject.name,
            "type": subject.kind,
            "data": data,
        }));
        if let Some(region) = &subject.region {
            first.insert("region".to_owned(), json!(region));
        }
        let others = f.affects.iter().filter(|id| **id != subject.id);
        let function = |id: &std::sync::Arc<str>| json!({ "uid": id, "type": "AWS::Lambda::Function" });
        std::iter::once(Value::Object(first))
            .chain(others.map(function))
            .collect()
    }

    fn location(&self, evidence: &Evidence) -> Value {
        match &evidence.at {
            Location::File(place) => json!({
                "file": self.sources.path(place.file),
                "line": place.span.start.line,
                "column": place.span.start.column,
                "end_line": place.span.end.line,
                "end_column": place.span.end.column,
            }),
            Location::Aws { arn, attribute, call } => json!({ "arn": arn, "attribute": attribute, "call": call }),
            Location::Artifact { digest, path, line } => json!({ "artifact": digest, "path": path, "line": line }),
        }
    }

    fn remediation(&self, f: &Finding) -> Option<Value> {
        let fix = f.fix.as_ref()?;
        let desc = match paste(&self.sources, fix) {
            Some(paste) => format!("{}\n\n{paste}", fix.says),
            None => fix.says.clone(),
        };
        Some(json!({ "desc": desc, "references": self.references.get(f.rule.id) }))
    }

    /// What OCSF has no name for. Frameworks stand under `compliance`, as Prowler has them.
    fn unmapped(&self, f: &Finding) -> Value {
        let mut compliance: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for control in f.rule.controls {
            compliance.entry(control.framework.word()).or_default().push(control.id);
        }
        let evidence: Vec<Value> = std::iter::once(&f.evidence)
            .chain(&f.related)
            .map(|e| json!({ "says": e.says, "address": e.address, "location": self.location(e) }))
            .collect();
        let undecided: Vec<Value> = f
            .undecided
            .iter()
            .map(|why| json!({ "because": why.to_string(), "remedy": why.remedy() }))
            .collect();
        let equivalents: Vec<&str> = f.rule.equivalents.iter().map(|other| other.id).collect();
        json!({
            "compliance": compliance,
            "equivalents": equivalents,
            "evidence": evidence,
            "suppression": f.suppression.as_ref().map(|why| json!({ "source": why.source, "reason": why.reason, "until": why.until })),
            "undecided": undecided,
        })
    }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// Why the status is as it is.
fn status_detail(f: &Finding) -> String {
    match (&f.suppression, f.verdict) {
        (Some(why), _) => why.reason.to_string(),
        (None, Verdict::Undetermined) => cause(f).0,
        (None, _) => f.evidence.says.clone(),
    }
}

/// New is what waits to be mended: a consumer that knows no more than the status takes nothing else for a failure.
fn status(f: &Finding) -> (u8, &'static str) {
    match (&f.suppression, f.verdict) {
        (Some(_), Verdict::Fail | Verdict::Undetermined) => (3, "Suppressed"),
        (_, Verdict::Fail) => (1, "New"),
        (_, Verdict::Undetermined) => (99, "Undetermined"),
        (_, Verdict::Pass) => (99, "Passed"),
        (_, Verdict::NotApplicable) => (99, "Not Applicable"),
    }
}

fn severity(severity: Severity) -> (u8, &'static str) {
    match severity {
        Severity::Info => (1, "Informational"),
        Severity::Low => (2, "Low"),
        Severity::Medium => (3, "Medium"),
        Severity::High => (4, "High"),
        Severity::Critical => (5, "Critical"),
    }
}

fn confidence(confidence: Confidence) -> (u8, &'static str) {
    match confidence {
        Confidence::Low => (1, "Low"),
        Confidence::Medium => (2, "Medium"),
        Confidence::High => (3, "High"),
    }
}

/// The midnight of an ISO date in UTC, in milliseconds since 1970: a run on the same input says the same.
fn milliseconds(date: &str) -> i64 {
    let midnight = date
        .parse::<jiff::civil::Date>()
        .and_then(|date| date.to_zoned_datetime(jiff::tz::TimeZone::UTC));
    midnight.map_or(0, |midnight| midnight.timestamp().as_millisecond())
}
