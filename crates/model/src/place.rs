//! Where a value stands: in a file, in an answer of AWS, in an artifact.

use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A point in a text. `line` and `column` are 1-based; columns count Unicode code points; `offset`
/// counts bytes from the start of the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Pos {
    pub offset: u32,
    pub line: u32,
    pub column: u32,
}

/// A half-open stretch of a text: `text[start.offset..end.offset]` is the value as it was written,
/// quotes included.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    pub start: Pos,
    pub end: Pos,
}

/// The row of a file in [`crate::Estate::files`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FileId(pub u32);

/// A stretch of one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    pub file: FileId,
    pub span: Span,
}

/// A file that was read. The text stays with the run that read it (code frames need it) and never
/// enters a snapshot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceFile {
    /// Relative to the repository root of the target, with forward slashes.
    pub path: Arc<str>,
    #[serde(skip)]
    pub text: Option<Arc<str>>,
}

/// Where evidence is found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Location {
    /// A stretch of a file. The address of the resource stands in its [`crate::Resource`].
    File(Place),
    /// An attribute of a live resource, and the call whose answer held it.
    Aws {
        arn: Arc<str>,
        attribute: Arc<str>,
        call: Arc<str>,
    },
    /// A file inside a deployed artifact.
    Artifact {
        digest: Arc<str>,
        path: Arc<str>,
        line: Option<u32>,
    },
}

impl Location {
    /// The place in a file, where this is one.
    pub fn place(&self) -> Option<Place> {
        match self {
            Location::File(place) => Some(*place),
            Location::Aws { .. } | Location::Artifact { .. } => None,
        }
    }
}

impl From<Place> for Location {
    fn from(place: Place) -> Self {
        Location::File(place)
    }
}
