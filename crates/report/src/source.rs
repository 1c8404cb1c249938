//! The files of a run as a report shows them: their lines, found once, and what is masked in them.

use crate::mask::Masks;
use maremma_model::{Estate, FileId, Location};
use std::cell::OnceCell;
use std::ops::Range;

#[derive(Debug)]
pub(crate) struct Sources<'a> {
    pub(crate) estate: &'a Estate,
    pub(crate) masks: Masks,
    /// Offsets of line starts, a file each; found when the file is first shown.
    starts: Vec<OnceCell<Vec<usize>>>,
}

impl<'a> Sources<'a> {
    pub(crate) fn of(estate: &'a Estate) -> Self {
        Sources {
            estate,
            masks: Masks::of(estate),
            starts: vec![OnceCell::new(); estate.files.len()],
        }
    }

    pub(crate) fn text(&self, file: FileId) -> Option<&'a str> {
        self.estate.file(file)?.text.as_deref()
    }

    pub(crate) fn path(&self, file: FileId) -> &'a str {
        self.estate.file(file).map_or("?", |file| &file.path)
    }

    fn starts(&self, file: FileId) -> &[usize] {
        let Some(cell) = self.starts.get(file.0 as usize) else {
            return &[];
        };
        cell.get_or_init(|| {
            let text = self.text(file).unwrap_or_default();
            std::iter::once(0)
                .chain(text.match_indices('\n').map(|(at, _)| at + 1))
                .collect()
        })
    }

    /// The row (0-based) of the line that holds `offset`.
    pub(crate) fn row(&self, file: FileId, offset: usize) -> usize {
        self.starts(file)
            .partition_point(|start| *start <= offset)
            .saturating_sub(1)
    }

    /// The line of a row without its line break; `None` after the last one.
    pub(crate) fn line(&self, file: FileId, row: usize) -> Option<Range<usize>> {
        let starts = self.starts(file);
        let start = *starts.get(row)?;
        let text = self.text(file)?;
        let end = starts.get(row + 1).map_or(text.len(), |next| next - 1);
        let line = text.get(start..end)?;
        Some(start..start + line.strip_suffix('\r').unwrap_or(line).len())
    }

    /// A location in words: `template.yaml:31:17`, an ARN with its attribute, a path in an artifact.
    pub(crate) fn words(&self, at: &Location) -> String {
        let words = match at {
            Location::File(place) => {
                let start = place.span.start;
                format!("{}:{}:{}", self.path(place.file), start.line, start.column)
            }
            Location::Aws { arn, attribute, call } => format!("{arn} {attribute} ({call})"),
            Location::Artifact { digest, path, line } => match line {
                Some(line) => format!("{path}:{line} in {digest}"),
                None => format!("{path} in {digest}"),
            },
        };
        crate::plain::line(&words).into_owned()
    }
}
