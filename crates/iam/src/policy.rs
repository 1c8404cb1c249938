//! A policy as IAM reads it: statements of typed elements, each with the place where it is written.

use crate::condition::Operator;
use crate::error::PolicyError;
use crate::world::World;
use maremma_model::{Location, Text, Why};
use std::sync::Arc;

/// A policy document.
#[derive(Clone, Debug)]
pub struct Policy {
    pub version: Version,
    pub id: Option<Leaf>,
    /// Every statement that could be read, in the order written. A statement with a choice inside
    /// stands here once for each world of the choice.
    pub statements: Vec<Statement>,
    /// What is malformed. IAM refuses such a document as a whole; the readable statements are kept
    /// all the same, because they say what the author means.
    pub problems: Vec<PolicyError>,
    /// Statements that may be there and that this input does not show.
    pub unread: Vec<Unread>,
    pub at: Location,
}

impl Policy {
    /// Whether `statements` is all that the policy says.
    pub fn is_complete(&self) -> bool {
        self.problems.is_empty() && self.unread.is_empty()
    }

    /// The statements that allow, or whose effect is not known.
    pub fn allows(&self) -> impl Iterator<Item = &Statement> {
        self.statements.iter().filter(|s| s.effect != Effect::Deny)
    }

    /// The statements that deny, or whose effect is not known.
    pub fn denies(&self) -> impl Iterator<Item = &Statement> {
        self.statements.iter().filter(|s| s.effect != Effect::Allow)
    }
}

/// The version of the policy language; `2012-10-17` is the one with policy variables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Version {
    /// `2008-10-17`, also where the element is left out.
    #[default]
    V2008,
    V2012,
    /// A hole stands where the version is written.
    Unknown,
}

/// A string of the document, and where it is written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Leaf {
    pub text: Text,
    pub at: Location,
}

/// A part of the document that is not known.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unread {
    /// `Statement[2]`.
    pub path: Arc<str>,
    pub why: Why,
    pub world: World,
    pub at: Location,
}

/// One statement.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Its place in `Statement`, from 0; statements of several worlds share it.
    pub index: usize,
    pub sid: Option<Leaf>,
    pub effect: Effect,
    pub effect_at: Location,
    pub principals: Principals,
    /// `Action` or `NotAction`.
    pub actions: Selection,
    /// `Resource` or `NotResource`; trust policies have neither.
    pub resources: Option<Selection>,
    /// All must hold.
    pub conditions: Vec<Condition>,
    /// Set where the input does not show all conditions: there may be further ones.
    pub conditions_unknown: Option<Why>,
    /// Policy variables (`${aws:username}`) count: the version of the policy is `2012-10-17`.
    pub version: Version,
    /// Where the statement exists only in some worlds of the template.
    pub world: World,
    pub at: Location,
}

impl Statement {
    /// Its name for a message: the `Sid` where there is one, else its path.
    pub fn name(&self) -> String {
        match &self.sid {
            Some(sid) => sid.text.to_string(),
            None => format!("Statement[{}]", self.index),
        }
    }
}

/// What a statement does with the requests that it matches.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Effect {
    Allow,
    Deny,
    Unknown(Why),
}

/// `Principal` or `NotPrincipal`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Principals {
    /// Neither is written: an identity policy, whose principal is whom it is attached to.
    Unstated,
    Only(Vec<Principal>),
    /// `NotPrincipal`.
    AllBut(Vec<Principal>),
}

/// One entry of `Principal`, such as one ARN of `AWS`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Principal {
    pub kind: PrincipalKind,
    pub text: Text,
    pub at: Location,
}

/// The key under which a principal is written, or what a bare string is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum PrincipalKind {
    /// `"Principal": "*"`: everyone, anonymous callers included.
    Everyone,
    /// An account id, `*`, a unique id, or an ARN of a user, role, session or `root`.
    Aws,
    Service,
    Federated,
    CanonicalUser,
    /// A bare string with a hole: `Principal` of `AWS::Lambda::Permission` takes `*`, an account, an
    /// ARN or a service.
    Unknown,
}

/// What a statement selects by `Action`/`Resource`, or leaves out by `NotAction`/`NotResource`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Selection {
    /// `NotAction`, `NotResource`: everything but the items.
    pub negated: bool,
    /// Patterns. An item or list that is not known stands here as a text of one hole.
    pub items: Vec<Leaf>,
    pub at: Location,
}

/// One key of one operator of `Condition`, with its values; one of the values must match (for a
/// negated operator: none may).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Condition {
    pub operator: Operator,
    /// As written; keys match without regard to case.
    pub key: Arc<str>,
    pub values: Vec<Leaf>,
    pub at: Location,
}

impl Condition {
    /// Whether this is a test of `key`, which is case-insensitive.
    pub fn is_on(&self, key: &str) -> bool {
        self.key.eq_ignore_ascii_case(key)
    }
}
