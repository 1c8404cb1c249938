//! The report as one HTML file that needs nothing else: no network, no fonts, and, to be read, no script.
//!
//! Findings, functions, groups and pages stand in `noscript` elements. Where scripts run, a browser takes each for one
//! text, which costs next to nothing, and the script makes elements of those that are looked at. Where they do not, all of
//! it is the document.

mod check;
mod escape;
mod finding;
mod frame;
mod function;
mod guard;
mod open;
mod shared;
mod summary;
mod surroundings;

#[cfg(test)]
mod tests;

use crate::order::Sorted;
use crate::run::Run;
use crate::source::Sources;
use askama::Template;
use check::Checks;
use finding::{Item, Listed};
use function::Functions;
use std::io::{self, Write};

const STYLE: &str = concat!(
    include_str!("html/style/base.css"),
    include_str!("html/style/parts.css")
);

const SCRIPT: &str = concat!(
    "'use strict';(()=>{\n",
    include_str!("html/script/store.js"),
    include_str!("html/script/filter.js"),
    include_str!("html/script/list.js"),
    include_str!("html/script/view.js"),
    "})();\n"
);

/// Writes the report as one HTML file.
///
/// # Errors
/// Those of `out`.
pub fn html(run: &Run<'_>, out: &mut impl Write) -> io::Result<()> {
    let page = Page::of(run);
    let document = Document {
        policy: guard::policy(STYLE, SCRIPT),
        style: STYLE,
        script: SCRIPT,
        summary: summary::summary(&page),
        shared: shared::shared(&page),
        open: open::open(&page),
        page: &page,
    };
    document.write_into(out)
}

/// What all parts of the report share.
#[derive(Debug)]
pub(super) struct Page<'a> {
    run: &'a Run<'a>,
    sources: Sources<'a>,
    sorted: Sorted<'a>,
    /// Every finding once, in the order in which it is shown.
    items: Vec<Item<'a>>,
    functions: Functions<'a>,
    checks: Checks,
}

impl<'a> Page<'a> {
    fn of(run: &'a Run<'a>) -> Self {
        let sorted = Sorted::of(run.findings);
        let mut functions = Functions::of(run.estate);
        let items = finding::items(run, &sorted, &functions);
        functions.count(&items);
        Page {
            run,
            sources: Sources::of(run.estate),
            checks: Checks::of(run, &items),
            sorted,
            items,
            functions,
        }
    }
}

#[derive(Template)]
#[template(path = "report.html")]
struct Document<'a> {
    page: &'a Page<'a>,
    policy: String,
    style: &'static str,
    script: &'static str,
    summary: summary::Summary<'a>,
    shared: Vec<shared::Kind<'a>>,
    open: open::Open<'a>,
}

impl<'a> Document<'a> {
    fn finding(&self, item: &'a Item<'a>) -> finding::Card<'a> {
        finding::card(self.page, item)
    }

    fn function(&self, row: &'a function::Row<'a>) -> function::Card<'a> {
        function::card(self.page, row)
    }

    fn listed(&self) -> Listed<'a> {
        finding::listed(&self.page.items)
    }
}
