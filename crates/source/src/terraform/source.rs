//! The files of a configuration: their texts, and where in them something stands.

use crate::tree::LineIndex;
use maremma_model::{FileId, Place, Pos, Span};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// How a configuration asks for files. Nothing outside of what may be read is given.
pub(crate) trait Files {
    /// The names of the files in a directory; none where it is no directory that may be read.
    fn names(&mut self, directory: &Path) -> Vec<String>;

    /// The text of a file, and the number that it is told by. `None` where it cannot be read, which
    /// has been told.
    fn text(&mut self, path: &Path) -> Option<(FileId, Arc<str>)>;
}

/// A file that was read.
pub(crate) struct Source {
    pub(super) file: FileId,
    pub(super) name: Arc<str>,
    text: Arc<str>,
    lines: LineIndex<Arc<str>>,
}

impl Source {
    pub(super) fn new(file: FileId, name: &str, text: Arc<str>) -> Self {
        Source {
            file,
            name: name.into(),
            lines: LineIndex::new(text.clone()),
            text,
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    pub(super) fn place(&self, span: Range<usize>) -> Place {
        Place {
            file: self.file,
            span: Span {
                start: self.lines.pos(span.start),
                end: self.lines.pos(span.end),
            },
        }
    }

    /// What is written at a place of this file, on one line.
    pub(super) fn words(&self, place: Place) -> String {
        let (start, end) = (place.span.start.offset as usize, place.span.end.offset as usize);
        let written = self.text.get(start..end).unwrap_or_default();
        written.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The first line, for what is wrong with the file as a whole.
    pub(super) fn start(&self) -> Place {
        let start = Pos {
            offset: 0,
            line: 1,
            column: 1,
        };
        Place {
            file: self.file,
            span: Span { start, end: start },
        }
    }
}
