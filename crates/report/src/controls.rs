//! What the controls of a framework come to, counted from the verdicts of the checks that have them.

use crate::order::gaps;
use crate::run::Run;
use maremma_model::{Control, Finding, Framework, Rule, Verdict};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// A control passes only where something was judged, nothing is open or accepted, and nothing was overlooked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Fail,
    Undetermined,
    /// Nothing fails, but a check did not run, could not look, or could not look everywhere.
    NotAssessed,
    /// What fails is accepted.
    Suppressed,
    Pass,
    /// There is nothing that the checks could judge.
    NotApplicable,
}

impl Status {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Status::Fail => "fail",
            Status::Undetermined => "undetermined",
            Status::NotAssessed => "not assessed",
            Status::Suppressed => "suppressed",
            Status::Pass => "pass",
            Status::NotApplicable => "not applicable",
        }
    }
}

/// A control, and how many verdicts of each kind there are.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    pub(crate) id: &'static str,
    pub(crate) fail: usize,
    pub(crate) undetermined: usize,
    pub(crate) pass: usize,
    pub(crate) not_applicable: usize,
    pub(crate) suppressed: usize,
    /// The checks that have it, by id.
    pub(crate) checks: BTreeSet<&'static str>,
    /// Those of them that did not see everything, and why.
    pub(crate) overlooked: BTreeMap<&'static str, Cow<'static, str>>,
}

impl Outcome {
    pub(crate) fn status(&self) -> Status {
        match self {
            Outcome { fail: 1.., .. } => Status::Fail,
            Outcome { undetermined: 1.., .. } => Status::Undetermined,
            _ if !self.overlooked.is_empty() => Status::NotAssessed,
            Outcome { suppressed: 1.., .. } => Status::Suppressed,
            Outcome { pass: 1.., .. } => Status::Pass,
            _ => Status::NotApplicable,
        }
    }

    fn count(&mut self, finding: &Finding) -> &mut usize {
        match (finding.verdict, &finding.suppression) {
            (Verdict::Pass, _) => &mut self.pass,
            (Verdict::NotApplicable, _) => &mut self.not_applicable,
            (_, Some(_)) => &mut self.suppressed,
            (Verdict::Fail, None) => &mut self.fail,
            (Verdict::Undetermined, None) => &mut self.undetermined,
        }
    }

    /// `2 fail, 1 undetermined, 3 pass`.
    pub(crate) fn counts(&self) -> String {
        let counts = [
            (self.fail, "fail"),
            (self.undetermined, "undetermined"),
            (self.suppressed, "suppressed"),
            (self.pass, "pass"),
        ];
        let parts: Vec<String> = counts
            .into_iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, words)| format!("{n} {words}"))
            .collect();
        parts.join(", ")
    }
}

/// The framework's name in full.
pub(crate) fn title(framework: Framework) -> &'static str {
    match framework {
        Framework::Fsbp => "AWS Foundational Security Best Practices",
        Framework::Cis => "CIS AWS Compute Services Benchmark 1.0.0",
        Framework::Nist => "NIST SP 800-53 revision 5",
        Framework::Pci => "PCI DSS 4.0",
        Framework::Owasp => "Serverless application security risks (SAS)",
    }
}

/// The controls of the framework that was asked for, in the order in which a person counts them; `None` where none was asked for.
pub(crate) fn outcomes(run: &Run<'_>) -> Option<(Framework, Vec<Outcome>)> {
    let scope = run.framework?;
    let mut outcomes: BTreeMap<Natural<'static>, Outcome> = BTreeMap::new();
    let mut each = |rule: &'static Rule, tell: &mut dyn FnMut(&mut Outcome)| {
        for control in controls(rule, scope.framework) {
            let outcome = outcomes.entry(Natural(control.id)).or_default();
            outcome.id = control.id;
            outcome.checks.insert(rule.id);
            tell(outcome);
        }
    };
    let reasons = reasons(run);
    for rule in run.checks {
        each(rule, &mut |outcome| {
            if let Some(reason) = reasons.get(rule.id) {
                outcome.overlooked.insert(rule.id, reason.clone());
            }
        });
    }
    for rule in scope.left_out {
        each(rule, &mut |outcome| {
            outcome.overlooked.insert(rule.id, "did not run".into());
        });
    }
    for finding in run.findings {
        each(finding.rule, &mut |outcome| *outcome.count(finding) += 1);
    }
    Some((scope.framework, outcomes.into_values().collect()))
}

fn controls(rule: &'static Rule, framework: Framework) -> impl Iterator<Item = &'static Control> {
    rule.controls
        .iter()
        .filter(move |control| control.framework == framework)
}

/// Why checks of the run did not see everything.
fn reasons(run: &Run<'_>) -> BTreeMap<&'static str, Cow<'static, str>> {
    let mut reasons: BTreeMap<&'static str, Cow<'static, str>> = BTreeMap::new();
    let gaps = gaps(run.estate);
    for rule in run.checks {
        let touched = |affects: &[std::sync::Arc<str>]| affects.is_empty() || affects.iter().any(|id| **id == *rule.id);
        let n = gaps.iter().filter(|gap| touched(&gap.affects)).count();
        if n > 0 {
            reasons.insert(rule.id, crate::order::count(n, "gap").into());
        }
        if let Some(entry) = run.not_assessed.iter().find(|entry| entry.check == rule.id) {
            reasons.insert(rule.id, entry.reason.clone().into());
        }
    }
    reasons
}

/// An id that is compared as a person counts: `Lambda.2` before `Lambda.10`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Natural<'a>(&'a str);

impl Ord for Natural<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut left, mut right) = (self.0, other.0);
        loop {
            let (a, b) = (part(&mut left), part(&mut right));
            let order = match (a.parse::<u64>(), b.parse::<u64>()) {
                (Ok(a), Ok(b)) => a.cmp(&b),
                _ => a.cmp(b),
            };
            if order.is_ne() || a.is_empty() {
                return order.then_with(|| self.0.cmp(other.0));
            }
        }
    }
}

impl PartialOrd for Natural<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Takes the next stretch of digits, or of anything else, off a text.
fn part<'a>(text: &mut &'a str) -> &'a str {
    let digit = |c: char| c.is_ascii_digit();
    let first = text.chars().next().is_some_and(digit);
    let end = text.find(|c| digit(c) != first).unwrap_or(text.len());
    let (part, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    *text = rest;
    part
}

/// Sorts ids as a person counts.
pub fn natural_order(a: &str, b: &str) -> Ordering {
    Natural(a).cmp(&Natural(b))
}

#[cfg(test)]
mod tests;
