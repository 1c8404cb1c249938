//! A check as a `reportingDescriptor`.

use crate::page::prose;
use maremma_model::{Confidence, Rule, Severity};
use serde_json::{Value, json};

/// With the address of its page, where that has one.
pub(super) fn rule(url: Option<String>, rule: &Rule) -> Value {
    let prose = prose(rule.page);
    let mut tags = vec!["security".to_owned(), rule.tier.word().to_owned()];
    tags.extend(
        rule.controls
            .iter()
            .map(|control| format!("{}/{}", control.framework, control.id)),
    );
    let equivalents: Vec<&str> = rule.equivalents.iter().map(|other| other.id).collect();
    let mut properties = json!({
        "tags": tags,
        "precision": precision(rule.confidence),
        "tier": rule.tier,
        "severity": rule.severity,
        "equivalents": equivalents,
    });
    if let Some(score) = security_severity(rule.severity) {
        super::put(&mut properties, "security-severity", json!(score));
    }
    let mut descriptor = json!({
        "id": rule.id,
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": first_paragraph(&prose).unwrap_or_else(|| rule.title.to_owned()) },
        "help": { "text": prose, "markdown": prose },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": properties,
    });
    if let Some(url) = url {
        super::put(&mut descriptor, "helpUri", json!(url));
    }
    descriptor
}

pub(super) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// A score in the middle of the band that GitHub gives this word; nothing for what is only said.
/// Source: GitHub, "SARIF support for code scanning", property `security-severity`.
fn security_severity(severity: Severity) -> Option<&'static str> {
    match severity {
        Severity::Critical => Some("9.5"),
        Severity::High => Some("8.0"),
        Severity::Medium => Some("5.5"),
        Severity::Low => Some("2.5"),
        Severity::Info => None,
    }
}

fn precision(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    }
}

/// The first paragraph that is no heading, in one line.
fn first_paragraph(prose: &str) -> Option<String> {
    prose
        .split("\n\n")
        .map(str::trim)
        .find(|paragraph| !paragraph.is_empty() && !paragraph.starts_with('#'))
        .map(|paragraph| paragraph.split_whitespace().collect::<Vec<_>>().join(" "))
}
