//! What was not read, not assessed and not counted.

use super::Page;
use super::wrap::hang;
use crate::order::{Sorted, count};
use crate::plain;
use std::collections::BTreeMap;
use std::io::{self, Write};

pub(super) fn write(page: &Page<'_>, sorted: &Sorted<'_>, out: &mut impl Write) -> io::Result<()> {
    gaps(page, out)?;
    not_assessed(page, out)?;
    suppressed(page, sorted, out)?;
    notes(page, out)
}

fn section(page: &Page<'_>, title: &str, lines: &[String], out: &mut impl Write) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "{}\n", page.palette.strong(title))?;
    for line in lines {
        writeln!(out, "{}", hang("  ", 2, 4, &plain::line(line), page.width))?;
    }
    writeln!(out)
}

fn gaps(page: &Page<'_>, out: &mut impl Write) -> io::Result<()> {
    let mut gaps: Vec<_> = page.run.estate.gaps.iter().collect();
    gaps.sort();
    gaps.dedup();
    let lines: Vec<String> = gaps
        .into_iter()
        .map(|gap| {
            let at = gap
                .at
                .as_ref()
                .map(|at| format!("{}: ", page.sources.words(at)))
                .unwrap_or_default();
            let affects = match gap.affects.as_slice() {
                [] => String::new(),
                checks => format!(" (concerns {})", checks.join(", ")),
            };
            format!("{at}{}{affects}", gap.reason)
        })
        .collect();
    section(page, "Not read", &lines, out)
}

/// One line a reason, with the checks that it keeps from looking.
fn not_assessed(page: &Page<'_>, out: &mut impl Write) -> io::Result<()> {
    let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for entry in page.run.not_assessed {
        by_reason.entry(&entry.reason).or_default().push(&entry.check);
    }
    let lines: Vec<String> = by_reason
        .into_iter()
        .map(|(reason, mut checks)| {
            checks.sort_unstable();
            checks.dedup();
            format!("{}: {reason}", checks.join(", "))
        })
        .collect();
    section(page, "Not assessed from this input", &lines, out)
}

/// One line a reason: a person wants to see what was accepted, not to read it all again.
fn suppressed(page: &Page<'_>, sorted: &Sorted<'_>, out: &mut impl Write) -> io::Result<()> {
    let mut by_reason: BTreeMap<(&str, String), usize> = BTreeMap::new();
    for finding in &sorted.suppressed {
        if let Some(suppression) = &finding.suppression {
            let until = suppression
                .until
                .as_ref()
                .map(|until| format!(", until {until}"))
                .unwrap_or_default();
            let why = format!("{} ({}{until})", suppression.reason, suppression.source);
            *by_reason.entry((finding.rule.id, why)).or_default() += 1;
        }
    }
    let lines: Vec<String> = by_reason
        .into_iter()
        .map(|((check, why), n)| format!("{} of {check}: {why}", count(n, "finding")))
        .collect();
    section(page, "Suppressed", &lines, out)
}

fn notes(page: &Page<'_>, out: &mut impl Write) -> io::Result<()> {
    let lines: Vec<String> = page
        .run
        .notes
        .iter()
        .map(|note| {
            let at = note
                .at
                .as_ref()
                .map(|at| format!("{}: ", page.sources.words(at)))
                .unwrap_or_default();
            format!("{at}{}", note.message)
        })
        .collect();
    section(page, "Notes", &lines, out)
}
