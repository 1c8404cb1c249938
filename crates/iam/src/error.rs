//! What is wrong with a policy document, and where.

use maremma_model::Location;
use std::sync::Arc;

/// One malformed part of a policy document. `path` is the way to it from the document's root:
/// `Statement[0].Principal.AWS[1]`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    #[error("{path}: expected {expected}, found {found}")]
    Expected {
        path: Arc<str>,
        expected: &'static str,
        found: Arc<str>,
        at: Location,
    },
    #[error("{path}: a statement needs {element}")]
    Missing {
        path: Arc<str>,
        element: &'static str,
        at: Location,
    },
    #[error("{path}: write either {element} or Not{element}, not both")]
    Both {
        path: Arc<str>,
        element: &'static str,
        at: Location,
    },
    #[error("{path}: a policy has no element of this name")]
    UnknownElement { path: Arc<str>, at: Location },
    #[error("{path}: the policy is text that is not JSON: {reason}")]
    NotJson {
        path: Arc<str>,
        reason: Arc<str>,
        at: Location,
    },
    #[error("{path}: the key {key} is written twice, and only the last one counts")]
    Twice {
        path: Arc<str>,
        key: Arc<str>,
        at: Location,
    },
    #[error("{path}: more than {limit} {what}, and AWS takes no policy of that size")]
    TooMany {
        path: Arc<str>,
        what: &'static str,
        limit: usize,
        at: Location,
    },
}

impl PolicyError {
    /// The way to the part: `Statement[0].Principal.AWS[1]`.
    pub fn path(&self) -> &str {
        match self {
            PolicyError::Expected { path, .. }
            | PolicyError::Missing { path, .. }
            | PolicyError::Both { path, .. }
            | PolicyError::UnknownElement { path, .. }
            | PolicyError::NotJson { path, .. }
            | PolicyError::Twice { path, .. }
            | PolicyError::TooMany { path, .. } => path,
        }
    }

    /// Where the part is written.
    pub fn at(&self) -> &Location {
        match self {
            PolicyError::Expected { at, .. }
            | PolicyError::Missing { at, .. }
            | PolicyError::Both { at, .. }
            | PolicyError::UnknownElement { at, .. }
            | PolicyError::NotJson { at, .. }
            | PolicyError::Twice { at, .. }
            | PolicyError::TooMany { at, .. } => at,
        }
    }
}
