//! What could not be read, and what is known to be complete.

use crate::place::Location;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Something that could not be read. A gap is printed and counted; `--strict` fails on it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Gap {
    pub kind: GapKind,
    /// Lowercase, without a final period, and it names what the user can do next.
    pub reason: Arc<str>,
    /// `None` only where nothing was found at all.
    pub at: Option<Location>,
    /// Ids of the checks that could not look; empty where all of them may be touched.
    pub affects: Vec<Arc<str>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapKind {
    /// Not well-formed, or not of the type that was expected.
    Unparsed,
    /// Access was denied.
    Denied,
    /// A call or a read failed.
    Failed,
    /// Recognised, and not understood by this version.
    Unsupported,
    /// Referred to, and not there.
    Absent,
    /// Over a bound of size, depth, count or time.
    Bounds,
}

/// How much of one table of one account and region this input holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Coverage {
    /// The CloudFormation type: `AWS::CloudTrail::Trail`.
    pub table: Arc<str>,
    pub account: Option<Arc<str>>,
    pub region: Option<Arc<str>>,
    pub extent: Extent,
}

/// The absence of a row is evidence only where the extent is `Complete`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    Complete,
    Partial(Arc<str>),
    Absent,
}
