//! What lies between two estates: of findings, of functions, and of what execution roles may do.

use crate::finding::Finding;
use crate::place::Location;
use crate::rule::words;
use serde::Serialize;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// What a change adds, removes and opens.
#[derive(Clone, Debug, Default)]
pub struct Change<'f> {
    pub findings: FindingChanges<'f>,
    /// Functions of either estate that differ, by name.
    pub functions: Vec<FunctionChange>,
    /// What execution roles may do, where that differs; by name.
    pub roles: Vec<RoleChange>,
}

/// The findings of two runs side by side.
#[derive(Clone, Debug, Default)]
pub struct FindingChanges<'f> {
    /// Only of the new run.
    pub new: Vec<&'f Finding>,
    /// Only of the old run.
    pub gone: Vec<(&'f Finding, Gone)>,
    /// Of both, with another verdict, severity or suppression: the old one and the new one.
    pub changed: Vec<(&'f Finding, &'f Finding)>,
    /// How many are open in both alike.
    pub same: usize,
}

impl FindingChanges<'_> {
    /// How many findings fail a run that did not before.
    pub fn failing(&self, fails: impl Fn(&Finding) -> bool) -> usize {
        let new = self.new.iter().filter(|finding| fails(finding)).count();
        let worse = |(old, new): &&(&Finding, &Finding)| fails(new) && !fails(old);
        new + self.changed.iter().filter(worse).count()
    }
}

/// Why a finding is there no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Gone {
    /// The resource is there and does not fail.
    Fixed,
    /// The resource is there no more.
    Removed,
    /// What it stood in could not be read.
    NotRead,
    /// The new input does not hold what the check needs.
    NotAssessed,
}

words!(Gone { Fixed => "fixed", Removed => "removed", NotRead => "not_read", NotAssessed => "not_assessed" });

/// One function, with what differs.
#[derive(Clone, Debug)]
pub struct FunctionChange {
    pub name: Arc<str>,
    /// `None` where the function is new.
    pub old: Option<Stand>,
    /// `None` where it is there no more; nothing else is told of it then.
    pub new: Option<Stand>,
    pub differences: Vec<Difference>,
}

/// Where a function is in one of the estates.
#[derive(Clone, Debug)]
pub struct Stand {
    pub unit: Arc<str>,
    pub address: Arc<str>,
    pub at: Location,
}

/// What the execution role of some functions may do that it could not, or the other way round.
#[derive(Clone, Debug)]
pub struct RoleChange {
    /// The names of the role before and after, where there is one.
    pub old: Option<Arc<str>>,
    pub new: Option<Arc<str>>,
    /// The functions that run as the one and then as the other, by name.
    pub functions: Vec<Arc<str>>,
    pub differences: Vec<Difference>,
}

/// One thing that differs.
#[derive(Clone, Debug)]
pub struct Difference {
    pub aspect: Aspect,
    pub turn: Turn,
    /// Which one, where there may be several: a statement, a route, a variable.
    pub what: Option<String>,
    pub before: Option<String>,
    pub after: Option<String>,
    /// Callers get in who could not before, without credentials.
    pub opens: bool,
    pub at: Location,
    /// Whether `at` is a place of the old estate: of what only that one has.
    pub in_old: bool,
}

/// What a difference is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    FunctionUrl,
    Permission,
    Route,
    Trigger,
    ExecutionRole,
    PolicyStatement,
    ManagedPolicy,
    PermissionsBoundary,
    Vpc,
    KmsKey,
    Code,
    CodeSigning,
    Layer,
    Runtime,
    EnvironmentVariable,
}

words!(Aspect {
    FunctionUrl => "function_url",
    Permission => "permission",
    Route => "route",
    Trigger => "trigger",
    ExecutionRole => "execution_role",
    PolicyStatement => "policy_statement",
    ManagedPolicy => "managed_policy",
    PermissionsBoundary => "permissions_boundary",
    Vpc => "vpc",
    KmsKey => "kms_key",
    Code => "code",
    CodeSigning => "code_signing",
    Layer => "layer",
    Runtime => "runtime",
    EnvironmentVariable => "environment_variable",
});

impl Change<'_> {
    /// All that differs in functions and roles.
    pub fn differences(&self) -> impl Iterator<Item = &Difference> {
        let of_functions = self.functions.iter().flat_map(|function| &function.differences);
        of_functions.chain(self.roles.iter().flat_map(|role| &role.differences))
    }
}

impl FunctionChange {
    pub fn turn(&self) -> Turn {
        match (&self.old, &self.new) {
            (None, _) => Turn::Added,
            (_, None) => Turn::Removed,
            _ if self.differences.iter().all(|one| one.turn == Turn::Unknown) => Turn::Unknown,
            _ => Turn::Changed,
        }
    }
}

impl Aspect {
    /// In the words of AWS, for people.
    pub fn title(self) -> &'static str {
        match self {
            Aspect::FunctionUrl => "function URL",
            Aspect::Permission => "permission",
            Aspect::Route => "API route",
            Aspect::Trigger => "trigger",
            Aspect::ExecutionRole => "execution role",
            Aspect::PolicyStatement => "policy statement",
            Aspect::ManagedPolicy => "managed policy",
            Aspect::PermissionsBoundary => "permissions boundary",
            Aspect::Vpc => "VPC",
            Aspect::KmsKey => "KMS key",
            Aspect::Code => "code",
            Aspect::CodeSigning => "code signing config",
            Aspect::Layer => "layer",
            Aspect::Runtime => "runtime",
            Aspect::EnvironmentVariable => "environment variable",
        }
    }
}

impl Turn {
    /// As a patch has it.
    pub fn sign(self) -> char {
        match self {
            Turn::Added => '+',
            Turn::Removed => '-',
            Turn::Changed => '~',
            Turn::Unknown => '?',
        }
    }
}

/// How two estates differ in something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    Added,
    Removed,
    Changed,
    /// Not known of one of the estates, so that it may be the same.
    Unknown,
}

words!(Turn { Added => "added", Removed => "removed", Changed => "changed", Unknown => "unknown" });
