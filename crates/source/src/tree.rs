//! Text to a spanned tree: YAML and JSON, with one shape and one kind of error.

mod index;
mod json;
mod long_form;
pub(crate) mod part;
mod yaml;

#[cfg(test)]
mod tests;

pub(crate) use index::LineIndex;
pub use long_form::long_form;
use maremma_model::{FileId, Node, Place, Pos};
use std::fmt;

/// Nodes deeper than this are refused: no template of use comes near it, and readers recurse.
pub const MAX_DEPTH: usize = 200;
/// Nodes more than this are refused.
pub const MAX_NODES: usize = 4_000_000;
/// Anchors, aliases and merge keys may repeat this many nodes: a file of some lines may claim anything.
pub const MAX_ALIASED: usize = 1_000_000;

/// A parsed text.
#[derive(Debug)]
pub struct Parsed {
    pub root: Node,
    /// What was read all the same: duplicate keys, and documents after the first.
    pub problems: Vec<Problem>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub place: Place,
    pub reason: String,
    /// A value that is in the text and not in the tree.
    pub dropped: Option<Place>,
}

/// The text is not well-formed, or over a bound.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct TreeError {
    pub at: Pos,
    pub what: String,
    /// Over a bound, rather than malformed.
    pub bounds: bool,
}

impl fmt::Display for TreeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}: {}", self.at.line, self.at.column, self.what)
    }
}

impl TreeError {
    fn too_deep(at: Pos) -> Self {
        let what = format!("nested deeper than {MAX_DEPTH} levels");
        TreeError { at, what, bounds: true }
    }

    fn too_many(at: Pos) -> Self {
        let what = format!("more than {MAX_NODES} values: split the file");
        TreeError { at, what, bounds: true }
    }
}

/// Which syntax a text is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    Json,
    /// YAML, or JSON where the text begins like JSON.
    Either,
}

/// Parses `text`. In [`Syntax::Either`], a text that begins with `{` and is no JSON may still be YAML
/// in flow style: it is tried, and the JSON error is kept when that fails too. The place of a tagged
/// scalar takes in its tag.
///
/// # Errors
/// The place and the words of what is wrong.
pub fn parse(text: &str, file: FileId, syntax: Syntax) -> Result<Parsed, TreeError> {
    if syntax == Syntax::Json {
        return json::parse(text, file);
    }
    if !text.trim_start().starts_with(['{', '[']) {
        return yaml::parse(text, file);
    }
    json::parse(text, file).or_else(|error| {
        if error.bounds {
            return Err(error);
        }
        yaml::parse(text, file).map_err(|_| error)
    })
}
