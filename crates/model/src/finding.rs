//! What a check says: a verdict on a subject, with evidence and a fix.

use crate::estate::AnyId;
use crate::place::{Location, Place};
use crate::rule::{Confidence, Rule, Severity, words};
use crate::text::Why;
use serde::Serialize;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// One entry per (check, subject, detail).
#[derive(Clone, Debug)]
pub struct Finding {
    pub rule: &'static Rule,
    pub verdict: Verdict,
    pub severity: Severity,
    pub confidence: Confidence,
    /// The resource that carries the setting.
    pub subject: Subject,
    /// The variable, statement or route, where a subject can have several findings of one check.
    pub detail: Option<Arc<str>>,
    /// The functions that it touches, by id.
    pub affects: Vec<Arc<str>>,
    /// One sentence in CloudFormation's words, without a final period.
    pub message: String,
    /// A finding cannot exist without it.
    pub evidence: Evidence,
    pub related: Vec<Evidence>,
    /// What an undetermined verdict waits for; empty for the others.
    pub undecided: Vec<Why>,
    pub fix: Option<Fix>,
    /// Survives moved lines and renamed things around it.
    pub fingerprint: String,
    pub suppression: Option<Suppression>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Fail,
    Undetermined,
    Pass,
    NotApplicable,
}

words!(Verdict { Fail => "fail", Undetermined => "undetermined", Pass => "pass", NotApplicable => "not_applicable" });

/// How many verdicts there are that are not told one by one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    pub pass: usize,
    pub not_applicable: usize,
}

/// What a finding is about, in the words of every report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// `None` for what stands for the whole unit, such as a missing trail.
    pub resource: Option<AnyId>,
    /// The CloudFormation type.
    pub kind: Arc<str>,
    /// The ARN where all of it is known, otherwise `unit#address`.
    pub id: Arc<str>,
    /// The physical name where it is known, otherwise the address.
    pub name: Arc<str>,
    pub account: Option<Arc<str>>,
    pub region: Option<Arc<str>>,
    pub qualifier: Option<Arc<str>>,
    pub address: Arc<str>,
}

/// A location and what it says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Evidence {
    pub at: Location,
    /// The address of the resource that the location belongs to.
    pub address: Option<Arc<str>>,
    /// What stands there, as a label under the code: `AuthType is NONE`.
    pub says: String,
    pub fact: Fact,
}

/// The evidence as data.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum Fact {
    /// An attribute and its value; `None` where it is not set.
    Attribute { name: Arc<str>, value: Option<String> },
    /// A statement of a policy.
    Statement {
        policy: Arc<str>,
        sid: Option<Arc<str>>,
        index: u32,
    },
    /// A dated fact about AWS.
    Dated {
        subject: Arc<str>,
        event: Arc<str>,
        date: Arc<str>,
    },
    /// The resource itself.
    Resource,
}

/// What to do, and, where it can be written, what to paste.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Fix {
    /// One imperative sentence.
    pub says: String,
    /// A replacement of a stretch of the file, in the file's own format.
    #[serde(skip)]
    pub edit: Option<Edit>,
    /// What to paste where no stretch can be replaced.
    pub snippet: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edit {
    pub at: Place,
    pub replacement: String,
}

impl Fix {
    pub fn new(says: impl Into<String>) -> Self {
        Fix {
            says: says.into(),
            edit: None,
            snippet: None,
        }
    }

    pub fn snippet(mut self, text: impl Into<String>) -> Self {
        self.snippet = Some(text.into());
        self
    }

    /// Replaces what stands at `at`, where that is in a file.
    pub fn replace(mut self, at: &Location, replacement: impl Into<String>) -> Self {
        self.edit = at.place().map(|at| Edit {
            at,
            replacement: replacement.into(),
        });
        self
    }
}

/// Why a finding does not count.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Suppression {
    /// `comment`, `metadata`, `configuration`, `baseline`, or the tool whose skip it is.
    pub source: Arc<str>,
    pub reason: Arc<str>,
    pub until: Option<Arc<str>>,
}
