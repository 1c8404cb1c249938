//! Two runs side by side: what a change adds, removes and opens; as text, JSON (`maremma.diff/1`) and Markdown.

mod build;
mod markdown;
mod schema;
mod text;

#[cfg(test)]
mod tests;

pub use markdown::diff_markdown;
pub use text::diff_text;

use crate::json;
use crate::run::{DatedFacts, NotAssessed, Tool};
use maremma_model::change::{Change, Difference as One, Turn};
use maremma_model::{Estate, Severity};
use std::io::{self, Write};

/// The name and version of the schema, as for scans.
const SCHEMA: &str = "maremma.diff/1";

/// Two runs, and what lies between them: all that a report says.
#[derive(Clone, Copy, Debug)]
pub struct Difference<'a> {
    pub tool: Tool<'a>,
    /// The ISO date that stands for today.
    pub as_of: &'a str,
    pub facts: &'a [DatedFacts],
    pub old: Side<'a>,
    pub new: Side<'a>,
    pub change: &'a Change<'a>,
    pub fail_on: Severity,
    /// How many findings fail the run that did not before.
    pub failing: usize,
}

/// One of the two runs.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// As it was given on the command line.
    pub target: &'a str,
    pub estate: &'a Estate,
    pub not_assessed: &'a [NotAssessed],
}

/// Writes the report for programs.
///
/// # Errors
/// Those of `out`.
pub fn diff_json(difference: &Difference<'_>, out: &mut impl Write) -> io::Result<()> {
    json::write(&build::difference(difference), out)
}

/// The JSON Schema of the report, generated from the types that are written.
pub fn diff_schema() -> String {
    json::to_string(&schemars::schema_for!(schema::Diff<'_>))
}

/// One difference in words: `function URL: AWS_IAM -> NONE`.
fn words(one: &One) -> String {
    let mut words = one.aspect.title().to_owned();
    if let Some(what) = &one.what {
        words.push_str(&format!(" {what}"));
    }
    match (&one.before, &one.after) {
        (Some(before), Some(after)) if before == after => {}
        (Some(before), Some(after)) => words.push_str(&format!(": {before} -> {after}")),
        (Some(value), None) | (None, Some(value)) if one.turn == Turn::Changed => {
            let (before, after) = match one.before {
                Some(_) => (value.as_str(), "nothing"),
                None => ("nothing", value.as_str()),
            };
            words.push_str(&format!(": {before} -> {after}"));
        }
        (Some(value), None) | (None, Some(value)) => words.push_str(&format!(": {value}")),
        (None, None) => {}
    }
    words
}

/// The counts, most important first: `1 new (1 critical), 2 gone, 3 functions changed`.
fn counts(difference: &Difference<'_>) -> Vec<String> {
    let change = difference.change;
    let findings = &change.findings;
    let mut counts = Vec::new();
    let mut tell = |n: usize, words: &str| {
        if n > 0 {
            counts.push(format!("{n} {words}"));
        }
    };
    for severity in Severity::ALL.iter().rev() {
        let of = findings.new.iter();
        let failed = of.filter(|finding| finding.verdict == maremma_model::Verdict::Fail);
        tell(
            failed.filter(|finding| finding.severity == *severity).count(),
            &format!("new {severity}"),
        );
    }
    let undetermined = |finding: &&&maremma_model::Finding| finding.verdict == maremma_model::Verdict::Undetermined;
    tell(findings.new.iter().filter(undetermined).count(), "new undetermined");
    tell(findings.changed.len(), "changed");
    tell(findings.gone.len(), "gone");
    for turn in [Turn::Added, Turn::Removed, Turn::Changed] {
        let of = change
            .functions
            .iter()
            .filter(|function| function.turn() == turn)
            .count();
        let plural = if of == 1 { "" } else { "s" };
        tell(of, &format!("function{plural} {turn}"));
    }
    tell(change.differences().filter(|one| one.opens).count(), "opened");
    tell(
        change.differences().filter(|one| one.turn == Turn::Unknown).count(),
        "not known on one side",
    );
    tell(difference.new.estate.gaps.len(), "not read");
    counts
}
