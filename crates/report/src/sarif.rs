//! The report as SARIF 2.1.0, for code hosts and editors.
//! Source: OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", errata 01.

mod place;
mod result;
mod rule;
mod uri;

#[cfg(test)]
mod tests;

use crate::json::write;
use crate::order::Sorted;
use crate::run::Run;
use crate::source::Sources;
use maremma_model::{Finding, Gap, GapKind, Rule};
use place::Lines;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{self, Write};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// What all parts of the log share.
struct Log<'a> {
    sources: Sources<'a>,
    /// The place of each check in the list of rules.
    rules: BTreeMap<&'static str, (usize, &'static Rule)>,
}

/// Writes the report as SARIF.
///
/// # Errors
/// Those of `out`.
pub fn sarif(run: &Run<'_>, out: &mut impl Write) -> io::Result<()> {
    let log = Log {
        sources: Sources::of(run.estate),
        rules: rules(run),
    };
    let sorted = Sorted::of(run.findings);
    let mut findings: Vec<&Finding> = Vec::new();
    for shown in [&sorted.failed, &sorted.undetermined, &sorted.suppressed] {
        findings.extend(shown);
    }
    if run.options.include_passed {
        findings.extend(sorted.passed.iter().chain(&sorted.not_applicable));
    }
    let whole = Whole {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Part {
            tool: tool(run, &log),
            invocations: [invocation(run, &log)],
            column_kind: "unicodeCodePoints",
            original_uri_base_ids: json!({ uri::ROOT: { "description": { "text": "The repository root of the target" } } }),
            results: Results { log: &log, findings },
            properties: json!({ "asOf": run.as_of, "facts": run.facts.iter().map(facts).collect::<Vec<_>>() }),
        }],
    };
    write(&whole, out)
}

#[derive(Serialize)]
struct Whole<'a> {
    #[serde(rename = "$schema")]
    schema: &'a str,
    version: &'a str,
    runs: [Part<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Part<'a> {
    tool: Value,
    invocations: [Value; 1],
    column_kind: &'a str,
    original_uri_base_ids: Value,
    results: Results<'a>,
    properties: Value,
}

/// Made one at a time while they are written: there may be many.
struct Results<'a> {
    log: &'a Log<'a>,
    findings: Vec<&'a Finding>,
}

impl Serialize for Results<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.findings.iter().map(|finding| result::result(self.log, finding)))
    }
}

fn tool(run: &Run<'_>, log: &Log<'_>) -> Value {
    let rules: Vec<Value> = log
        .rules
        .values()
        .map(|(_, rule)| rule::rule(run.page_url(rule), rule))
        .collect();
    json!({ "driver": {
        "name": run.tool.name,
        "semanticVersion": run.tool.version,
        "informationUri": run.tool.url,
        "rules": rules,
    }})
}

fn facts(facts: &crate::run::DatedFacts) -> Value {
    json!({ "name": facts.name, "source": facts.source, "version": facts.version, "date": facts.date })
}

/// The checks that ran and those that findings name, by id.
fn rules(run: &Run<'_>) -> BTreeMap<&'static str, (usize, &'static Rule)> {
    let named = run.findings.iter().map(|finding| finding.rule);
    let mut rules: BTreeMap<&'static str, (usize, &'static Rule)> = BTreeMap::new();
    for rule in run.checks.iter().copied().chain(named) {
        rules.insert(rule.id, (0, rule));
    }
    for (index, (at, _)) in rules.values_mut().enumerate() {
        *at = index;
    }
    rules
}

/// How the run went: what was not read and not assessed, and what the configuration got wrong.
fn invocation(run: &Run<'_>, log: &Log<'_>) -> Value {
    let mut gaps: Vec<&Gap> = run.estate.gaps.iter().collect();
    gaps.sort();
    let mut execution: Vec<Value> = gaps.into_iter().map(|gap| notification(log, gap)).collect();
    for entry in run.not_assessed {
        let mut value = json!({
            "descriptor": { "id": "not-assessed" },
            "level": "note",
            "message": { "text": format!("{} not assessed: {}", entry.check, entry.reason) },
        });
        if let Some((index, _)) = log.rules.get(entry.check.as_str()) {
            put(
                &mut value,
                "associatedRule",
                json!({ "id": entry.check, "index": index }),
            );
        }
        execution.push(value);
    }
    let configuration: Vec<Value> = run
        .notes
        .iter()
        .map(|note| {
            json!({
                "descriptor": { "id": "note" },
                "level": "warning",
                "message": { "text": note.message },
                "locations": note.at.iter().map(|at| place::location(log, at, None, Lines::Shown)).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "executionSuccessful": true,
        "toolExecutionNotifications": execution,
        "toolConfigurationNotifications": configuration,
    })
}

fn notification(log: &Log<'_>, gap: &Gap) -> Value {
    let kind = match gap.kind {
        GapKind::Unparsed => "unparsed",
        GapKind::Denied => "denied",
        GapKind::Failed => "failed",
        GapKind::Unsupported => "unsupported",
        GapKind::Absent => "absent",
        GapKind::Bounds => "bounds",
    };
    json!({
        "descriptor": { "id": format!("gap/{kind}") },
        "level": "warning",
        "message": { "text": format!("not read: {}", gap.reason) },
        "locations": gap.at.iter().map(|at| place::location(log, at, None, Lines::Hidden)).collect::<Vec<_>>(),
        "properties": { "affects": gap.affects },
    })
}

/// Sets a member of an object.
fn put(object: &mut Value, key: &str, value: Value) {
    if let Some(members) = object.as_object_mut() {
        members.insert(key.to_owned(), value);
    }
}
