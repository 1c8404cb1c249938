//! JSON of which only parts are wanted: a plan of hundreds of megabytes holds most of its values three times.

use super::index::LineIndex;
use super::json::{self, Builder};
use super::{TreeError, index::small};
use maremma_model::{FileId, Node, Place, Pos, Span};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A JSON text, of which any part may be looked into.
pub(crate) struct Whole<'t> {
    text: &'t str,
    lines: LineIndex<&'t str>,
    file: FileId,
}

/// A value that has not been looked into.
pub(crate) type Part<'t> = &'t RawValue;

impl<'t> Whole<'t> {
    /// The text as a value. It is well-formed throughout: that is looked at here.
    pub(crate) fn new(text: &'t str, file: FileId) -> Result<(Self, Part<'t>), TreeError> {
        let lines = LineIndex::new(text);
        let root: Part<'t> = serde_json::from_str(text).map_err(|error| TreeError {
            at: Pos {
                offset: 0,
                line: small(error.line()),
                column: small(error.column().max(1)),
            },
            what: words(&error),
            bounds: false,
        })?;
        Ok((Whole { text, lines, file }, root))
    }

    /// The members of an object, by name; `None` where the value is none.
    pub(crate) fn members(&self, part: Part<'t>) -> Option<BTreeMap<Cow<'t, str>, Part<'t>>> {
        part.get()
            .starts_with('{')
            .then(|| serde_json::from_str(part.get()).ok())?
    }

    /// The items of an array; of anything else none.
    pub(crate) fn items(&self, part: Part<'t>) -> Vec<Part<'t>> {
        let array = part.get().starts_with('[');
        array
            .then(|| serde_json::from_str(part.get()).ok())
            .flatten()
            .unwrap_or_default()
    }

    /// The text of a string.
    pub(crate) fn string(&self, part: Part<'t>) -> Option<Cow<'t, str>> {
        serde_json::from_str(part.get()).ok()
    }

    /// The value as a tree with places.
    pub(crate) fn node(&self, part: Part<'t>) -> Result<Node, TreeError> {
        json::node(part.get(), &mut Builder::at(&self.lines, self.file, self.offset(part)))
    }

    pub(crate) fn place(&self, part: Part<'t>) -> Place {
        let start = self.offset(part);
        let span = Span {
            start: self.lines.pos(start),
            end: self.lines.pos(start + part.get().len()),
        };
        Place { file: self.file, span }
    }

    /// Where a part begins: it is a stretch of the text.
    fn offset(&self, part: Part<'t>) -> usize {
        (part.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize)
    }
}

fn words(error: &serde_json::Error) -> String {
    let told = error.to_string();
    told.rsplit_once(" at line ")
        .map_or(told.clone(), |(what, _)| what.to_owned())
}
