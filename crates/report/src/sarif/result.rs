//! A finding as a `result`.

use super::place::Lines;
use super::{Log, place, put, rule, uri};
use maremma_model::{Evidence, Finding, Fix, Severity, Suppression, Verdict};
use serde_json::{Value, json};

pub(super) fn result(log: &Log<'_>, finding: &Finding) -> Value {
    let (kind, level) = match finding.verdict {
        Verdict::Fail => ("fail", rule::level(finding.severity)),
        // Section 3.27.10: the level of what did not fail is none.
        Verdict::Undetermined => ("open", "none"),
        Verdict::Pass => ("pass", "none"),
        Verdict::NotApplicable => ("notApplicable", "none"),
    };
    let address = finding.evidence.address.as_deref().unwrap_or(&finding.subject.address);
    let mut value = json!({
        "ruleId": finding.rule.id,
        "kind": kind,
        "level": level,
        "message": { "text": message(&finding.message) },
        "partialFingerprints": { "maremma/v1": finding.fingerprint },
        "suppressions": finding.suppression.iter().map(suppression).collect::<Vec<_>>(),
        "rank": rank(finding.severity),
    });
    // Moved in: what stands in the macro is copied.
    let here = place::location(log, &finding.evidence.at, Some(address), Lines::Shown);
    put(&mut value, "locations", Value::Array(vec![here]));
    put(
        &mut value,
        "relatedLocations",
        Value::Array(related(log, &finding.related)),
    );
    put(&mut value, "properties", properties(log, finding));
    if let Some((index, _)) = log.rules.get(finding.rule.id) {
        put(&mut value, "ruleIndex", json!(index));
    }
    if let Some(fix) = finding.fix.as_ref().and_then(|fix| applicable(log, fix)) {
        put(&mut value, "fixes", json!([fix]));
    }
    value
}

/// `[words](1)` in a message would be a link (section 3.11.6), and names are not ours.
fn message(text: &str) -> String {
    text.replace("](", "] (")
}

fn related(log: &Log<'_>, related: &[Evidence]) -> Vec<Value> {
    let numbered = related.iter().enumerate().map(|(index, evidence)| {
        let mut value = place::location(log, &evidence.at, evidence.address.as_deref(), Lines::Shown);
        put(&mut value, "id", json!(index + 1));
        put(&mut value, "message", json!({ "text": message(&evidence.says) }));
        value
    });
    numbered.collect()
}

fn suppression(why: &Suppression) -> Value {
    let external = matches!(&*why.source, "configuration" | "baseline");
    json!({
        "kind": if external { "external" } else { "inSource" },
        "status": "accepted",
        "justification": why.reason,
        "properties": { "source": why.source, "until": why.until },
    })
}

/// Between 0 and 100 (section 3.27.25).
fn rank(severity: Severity) -> f64 {
    match severity {
        Severity::Critical => 95.0,
        Severity::High => 80.0,
        Severity::Medium => 55.0,
        Severity::Low => 25.0,
        Severity::Info => 5.0,
    }
}

fn properties(log: &Log<'_>, finding: &Finding) -> Value {
    let subject = &finding.subject;
    let undecided: Vec<Value> = finding
        .undecided
        .iter()
        .map(|why| json!({ "because": why.to_string(), "remedy": why.remedy() }))
        .collect();
    let mut value = json!({
        "severity": finding.severity,
        "confidence": finding.confidence,
        "verdict": finding.verdict,
        "subject": { "kind": subject.kind, "id": subject.id, "name": subject.name, "address": subject.address },
        "affects": finding.affects,
        "evidence": finding.evidence.says,
        "undecided": undecided,
    });
    if let Some(detail) = &finding.detail {
        put(&mut value, "detail", json!(detail));
    }
    if let Some(fix) = &finding.fix {
        put(&mut value, "fix", json!(fix.says));
        if let Some(snippet) = &fix.snippet {
            put(&mut value, "fixSnippet", json!(log.sources.masks.scrub(snippet)));
        }
    }
    value
}

/// A `fix`: only an edit that can be applied as it stands, hence none with masked values.
fn applicable(log: &Log<'_>, fix: &Fix) -> Option<Value> {
    let edit = fix.edit.as_ref()?;
    if *log.sources.masks.scrub(&edit.replacement) != edit.replacement {
        return None;
    }
    Some(json!({
        "description": { "text": message(&fix.says) },
        "artifactChanges": [{
            "artifactLocation": uri::artifact(log.sources.path(edit.at.file)),
            "replacements": [{
                "deletedRegion": place::region(edit.at.span),
                "insertedContent": { "text": edit.replacement },
            }],
        }],
    }))
}
