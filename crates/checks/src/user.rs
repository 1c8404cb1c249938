//! Checks of one's own: a file with a CEL expression over the rows of a snapshot, and examples.
//!
//! An expression sees a row as a snapshot holds it, settings as their values and links as what they lead
//! to. What is not known makes it undetermined, unless it comes to the same in every world.

mod catalogue;
mod code;
mod definition;
#[cfg(test)]
mod equivalence;
mod evaluate;
mod expression;
mod function;
mod judge;
mod kinds;
mod message;
#[cfg(test)]
mod oracle;
mod page;
mod parse;
mod relate;
mod rows;
mod trace;
mod types;
mod unfold;
mod value;
mod view;
mod worlds;

use crate::Keep;
use crate::context::Context;
use crate::verdict::findings::Findings;
use expression::Expression;
use maremma_model::tree::Node;
use maremma_model::{Finding, Rule, Verdict};
use std::collections::BTreeMap;
use std::fmt;

pub use catalogue::{Noun, members};

/// A check of one's own, ready to judge.
#[derive(Debug)]
pub struct UserCheck {
    pub rule: &'static Rule,
    pub examples: Vec<Example>,
    /// Where it is written.
    pub file: String,
    pub line: u32,
    noun: &'static str,
    /// The member of the subject whose place is the evidence; none for the subject as a whole.
    at: Vec<String>,
    applies: Option<Expression>,
    holds: Expression,
    /// The expression says what is good.
    negated: bool,
    message: message::Message,
    fix: Option<String>,
}

/// A template, and what the check says of it.
#[derive(Clone, Debug)]
pub struct Example {
    pub expected: Expected,
    pub template: String,
    pub parameters: BTreeMap<String, String>,
    pub account: Option<String>,
    pub region: Option<String>,
    pub line: u32,
}

/// What an example comes to: the gravest of its verdicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    Fail,
    Undetermined,
    Pass,
    NotApplicable,
}

impl Expected {
    pub const ALL: [Expected; 4] = [
        Expected::Fail,
        Expected::Undetermined,
        Expected::Pass,
        Expected::NotApplicable,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Expected::Fail => "fail",
            Expected::Undetermined => "undetermined",
            Expected::Pass => "pass",
            Expected::NotApplicable => "not_applicable",
        }
    }

    /// Of the verdicts of one check over one input.
    pub fn of(findings: &[Finding]) -> Self {
        match findings.iter().map(|finding| finding.verdict).min() {
            Some(Verdict::Fail) => Expected::Fail,
            Some(Verdict::Undetermined) => Expected::Undetermined,
            Some(Verdict::Pass) => Expected::Pass,
            Some(Verdict::NotApplicable) | None => Expected::NotApplicable,
        }
    }
}

/// Why a file of checks is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    pub file: String,
    pub line: u32,
    pub column: u32,
    pub says: String,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.says)
    }
}

/// Reads files of checks, each with the path by which it is told.
///
/// # Errors
/// All that is wrong in any of them.
pub fn read(files: &[(String, Node)]) -> Result<Vec<UserCheck>, Vec<Refused>> {
    let mut checks: Vec<UserCheck> = Vec::new();
    let mut refused = Vec::new();
    for (path, root) in files {
        let (more, wrong) = definition::read(path, root);
        refused.extend(wrong);
        for check in more {
            match checks.iter().find(|other| other.rule.id == check.rule.id) {
                Some(other) => refused.push(Refused {
                    file: check.file,
                    line: check.line,
                    column: 1,
                    says: format!("{}:{} has a check of the id {}", other.file, other.line, check.rule.id),
                }),
                None => checks.push(check),
            }
        }
    }
    if refused.is_empty() { Ok(checks) } else { Err(refused) }
}

impl UserCheck {
    pub(crate) fn judge(&self, context: &Context<'_>, findings: &mut Findings<'_>) {
        judge::judge(self, context, findings);
    }

    /// Every verdict of this check.
    pub fn verdicts(&self, context: &Context<'_>) -> Vec<Finding> {
        let mut findings = Findings::new(context, self.rule, Keep::Every);
        self.judge(context, &mut findings);
        findings.into_inner().findings
    }
}
