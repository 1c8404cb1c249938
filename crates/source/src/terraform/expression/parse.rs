//! A text to its blocks: what does not parse is left out, and the rest is read all the same.

use super::scan::{Scan, scan};
use super::settle;
use hcl_edit::parser;
use hcl_edit::structure::Body;
use hcl_edit::template::Template;
use std::ops::Range;

/// What a text holds.
#[derive(Debug)]
pub(crate) struct Parsed {
    /// The blocks and attributes that parse, with their places in the text.
    pub(crate) body: Body,
    /// What does not.
    pub(crate) faults: Vec<Fault>,
}

/// Where a text does not parse.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// From where the parser gives up to the end of what is left out.
    pub(crate) span: Range<usize>,
    /// In words: `invalid expression; expected ...`.
    pub(crate) expected: String,
}

/// Faults of one text that are told.
const MAX_FAULTS: usize = 100;

/// Parses a configuration. Spans of what it returns are bytes of `text`.
pub(crate) fn parse(text: &str) -> Parsed {
    let scan = scan(text);
    let mut prepared = prepare(text, &scan);
    let mut faults = Vec::new();
    if let Some(start) = scan.crowded {
        let expected = "an object with more keys than are read: split it".to_owned();
        leave_out(&mut prepared, &scan, start, &mut faults, expected);
    }
    let mut parsed = parser::parse_body(&prepared);
    if parsed.is_err() {
        for item in &scan.items {
            if let Some(error) = prepared
                .get(item.clone())
                .and_then(|item| parser::parse_body(item).err())
            {
                let at = item.start + error.location().offset();
                leave_out(&mut prepared, &scan, at, &mut faults, error.message().to_owned());
            }
        }
        parsed = parser::parse_body(&prepared);
    }
    let mut body = parsed.unwrap_or_else(|error| {
        faults.push(Fault {
            span: error.location().offset()..text.len(),
            expected: error.message().to_owned(),
        });
        Body::new()
    });
    // The mark of these has moved a byte to the right.
    let flush: Vec<usize> = scan.flush.iter().map(|at| at + 1).collect();
    settle::body(&mut body, &flush);
    Parsed { body, faults }
}

/// Parses a template that is a text of its own.
pub(super) fn template(text: &str) -> Result<Template, Fault> {
    match parser::parse_template(text) {
        Ok(mut template) => {
            settle::template(&mut template);
            Ok(template)
        }
        Err(error) => Err(Fault {
            span: error.location().offset()..text.len(),
            expected: error.message().to_owned(),
        }),
    }
}

/// The text as the parser wants it, byte for byte as long: without a byte order mark, and with plain
/// heredocs. The parser's own way to take the indentation off them is not Terraform's, and it does not see
/// the end of one that has no lines.
fn prepare(text: &str, scan: &Scan) -> String {
    let mut prepared = match text.strip_prefix('\u{feff}') {
        Some(rest) => format!("   {rest}"),
        None => text.to_owned(),
    };
    for at in &scan.flush {
        prepared.replace_range(*at..*at + 3, " <<");
    }
    for heredoc in &scan.empty {
        let blank = format!("{:width$}", "\"\"", width = heredoc.len());
        prepared.replace_range(heredoc.clone(), &blank);
    }
    prepared
}

/// Blanks the top-level block around a place.
fn leave_out(text: &mut String, scan: &Scan, at: usize, faults: &mut Vec<Fault>, expected: String) {
    let around = |item: &&Range<usize>| item.start <= at && at <= item.end;
    let Some(item) = scan.items.iter().rev().find(around) else {
        return;
    };
    let blank: String = text
        .get(item.clone())
        .unwrap_or_default()
        .bytes()
        .map(|byte| if byte == b'\n' { '\n' } else { ' ' })
        .collect();
    text.replace_range(item.clone(), &blank);
    if faults.len() < MAX_FAULTS {
        let end = item.end.max(at);
        faults.push(Fault {
            span: at..end,
            expected,
        });
    }
}
