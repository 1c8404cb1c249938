//! What a report is made of.

use maremma_model::finding::Counted;
use maremma_model::{Estate, Finding, Framework, Location, Rule, Severity, Tier};
use std::time::Duration;

/// One run over its targets: everything that a report says.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    pub tool: Tool<'a>,
    /// As they were given on the command line.
    pub targets: &'a [String],
    /// The ISO date that stands for today.
    pub as_of: &'a str,
    pub facts: &'a [DatedFacts],
    /// Files with their texts (for code frames), units, gaps and coverage.
    pub estate: &'a Estate,
    /// Verdicts of the checks that ran: every fail and what is undetermined, and others where they are
    /// wanted; the suppressed ones carry their suppression.
    pub findings: &'a [Finding],
    /// Verdicts that are not among them.
    pub counted: Counted,
    /// The checks that ran.
    pub checks: &'a [&'static Rule],
    /// The ids of those that are the user's own: their pages are nowhere but here.
    pub own: &'a [&'static str],
    pub not_assessed: &'a [NotAssessed],
    pub notes: &'a [Note],
    /// How many functions were judged.
    pub functions: usize,
    /// The framework whose controls are summed up.
    pub framework: Option<Scope<'a>>,
    pub options: Options,
    pub elapsed: Duration,
}

impl Run<'_> {
    /// Where the page of a check is to be read; nowhere for the user's own.
    pub(crate) fn page_url(&self, rule: &Rule) -> Option<String> {
        let url = self.tool.url.trim_end_matches('/');
        (!self.own.contains(&rule.id)).then(|| format!("{url}/blob/main/docs/checks/{}.md", rule.id))
    }
}

/// A framework, and what of it this run leaves open.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    pub framework: Framework,
    /// Checks that have a control of it and did not run.
    pub left_out: &'a [&'static Rule],
}

#[derive(Clone, Copy, Debug)]
pub struct Tool<'a> {
    pub name: &'a str,
    /// A semantic version.
    pub version: &'a str,
    pub url: &'a str,
}

/// A set of facts about AWS that the run relied on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatedFacts {
    pub name: String,
    /// Where the facts come from: an address or a package.
    pub source: String,
    pub version: String,
    /// The ISO date of the facts.
    pub date: String,
}

/// A check that this input cannot answer, because it does not hold the tables that the check needs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotAssessed {
    pub check: String,
    /// What the input lacks, and what would hold it.
    pub reason: String,
}

/// Something about the run itself: a suppression that is unused or expired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub message: String,
    pub at: Option<Location>,
}

/// What the user asked to see. Findings of other tiers are not made, so nothing is filtered here.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// JSON and SARIF list what passed and what does not apply, too.
    pub include_passed: bool,
    /// Findings of this severity or above fail the run.
    pub fail_on: Severity,
    /// What is undetermined and what was not read fail it, too.
    pub strict: bool,
    /// The widest tier of the checks that ran.
    pub tier: Tier,
    /// The checks were named one by one, whatever their tier.
    pub named: bool,
}
