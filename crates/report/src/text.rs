//! The report for people: by function, worst first, and what was not read as plain as what was found.

mod controls;
mod finding;
mod group;
mod rest;
mod shared;
mod summary;
mod undecided;
pub(crate) mod wrap;

#[cfg(test)]
mod tests;

use crate::order::{Names, Sorted};
use crate::run::Run;
use crate::source::Sources;
use crate::style::Palette;
use std::cell::RefCell;
use std::collections::HashSet;
use std::io::{self, Write};

/// How the text is laid out; the caller knows where it goes.
#[derive(Clone, Copy, Debug, Default)]
pub struct TextOptions {
    pub color: bool,
    /// In columns; `None` where it goes to a file or a pipe: nothing is wrapped then.
    pub width: Option<usize>,
}

/// What all parts of the report share.
#[derive(Debug)]
struct Page<'a> {
    run: &'a Run<'a>,
    sources: Sources<'a>,
    names: Names<'a>,
    palette: Palette,
    width: Option<usize>,
    /// What has been said once and need not be said again.
    said: RefCell<HashSet<finding::Said>>,
}

/// Writes the report for people.
///
/// # Errors
/// Those of `out`.
pub fn text(run: &Run<'_>, options: &TextOptions, out: &mut impl Write) -> io::Result<()> {
    let page = Page {
        run,
        sources: Sources::of(run.estate),
        names: Names::of(run),
        palette: Palette::new(options.color),
        width: options.width,
        said: RefCell::default(),
    };
    let sorted = Sorted::of(run.findings);
    let mut failed = sorted.failed.clone();
    let shared = shared::take_out(&mut failed);
    for group in group::groups(&page, &failed) {
        group::write(&page, &group, out)?;
    }
    for shared in &shared {
        shared::write(&page, shared, out)?;
    }
    undecided::write(&page, &sorted.undetermined, out)?;
    rest::write(&page, &sorted, out)?;
    controls::write(&page, out)?;
    summary::write(&page, &sorted, out)
}
