//! The report as Markdown for comments on pull requests and summaries of jobs, never longer than a comment may be.

pub(crate) mod escape;
mod finding;
pub(crate) mod room;

#[cfg(test)]
mod tests;

use crate::controls::{outcomes, title};
use crate::order::{Names, Sorted, count, gaps, headline, not_assessed, worst_first};
use crate::remedy::undecided;
use crate::run::Run;
use crate::source::Sources;
use escape::{code, text};
use maremma_model::{Finding, Severity};
use room::Room;
use std::io::{self, Write};

/// GitHub refuses a comment of more than 65,536 characters; the rest is for whoever posts this below a heading.
const LONGEST: usize = 60_000;
/// What the sections after the failed findings get in any case.
const KEPT_FOR_THE_REST: usize = 26_000;
/// What one of those sections gets.
const SECTION: usize = 4_000;

/// What all parts of the report share.
struct Page<'a> {
    run: &'a Run<'a>,
    sources: Sources<'a>,
    names: Names<'a>,
}

/// Writes the report as Markdown. Where something is left out, the report says how much.
///
/// # Errors
/// Those of `out`.
pub fn markdown(run: &Run<'_>, out: &mut impl Write) -> io::Result<()> {
    let page = Page {
        run,
        sources: Sources::of(run.estate),
        names: Names::of(run),
    };
    let sorted = Sorted::of(run.findings);
    let mut room = Room::new(LONGEST);
    room.put(&format!("## Maremma: {}\n\n", headline(run, &sorted)));
    room.put(&overview(run, &sorted));
    failed(&page, &sorted, &mut room);
    for (heading, lines) in rest(&page, &sorted) {
        section(&heading, &lines, &mut room);
    }
    room.put(&foot(run));
    out.write_all(room.into_text().as_bytes())
}

/// The counts as a table.
fn overview(run: &Run<'_>, sorted: &Sorted<'_>) -> String {
    let words: Vec<&str> = Severity::ALL.iter().rev().map(|severity| severity.word()).collect();
    let counts: Vec<String> = Severity::ALL
        .iter()
        .rev()
        .map(|severity| sorted.by_severity(*severity).to_string())
        .collect();
    format!(
        "| {} | undetermined | suppressed | not read | not assessed |\n|{}\n| {} | {} | {} | {} | {} |\n\n",
        words.join(" | "),
        "---:|".repeat(words.len() + 4),
        counts.join(" | "),
        sorted.undetermined.len(),
        sorted.suppressed.len(),
        run.estate.gaps.len(),
        run.not_assessed.len(),
    )
}

/// The failed findings, folded up by severity; the worst are seen at once.
fn failed(page: &Page<'_>, sorted: &Sorted<'_>, room: &mut Room) {
    let mut left_out: Vec<&Finding> = Vec::new();
    for severity in Severity::ALL.iter().rev() {
        let of = |finding: &&&Finding| finding.severity == *severity;
        let findings: Vec<&Finding> = sorted.failed.iter().filter(of).copied().collect();
        if findings.is_empty() {
            continue;
        }
        let open = if *severity >= Severity::High { " open" } else { "" };
        let summary = format!(
            "<details{open}><summary><b>{} {severity}</b></summary>\n\n",
            findings.len()
        );
        let mut shown = false;
        for finding in findings {
            // What does not fit is not passed over for what is less bad.
            if !left_out.is_empty() {
                left_out.push(finding);
                continue;
            }
            let entry = finding::entry(page, finding);
            let entry = if shown { entry } else { format!("{summary}{entry}") };
            if room.fits(&entry, KEPT_FOR_THE_REST) {
                room.put(&entry);
                shown = true;
            } else {
                left_out.push(finding);
            }
        }
        if shown {
            room.put("</details>\n\n");
        }
    }
    if !left_out.is_empty() {
        let of = |severity: &Severity| left_out.iter().filter(|finding| finding.severity == *severity).count();
        let counts: Vec<String> = Severity::ALL
            .iter()
            .rev()
            .filter(|severity| of(severity) > 0)
            .map(|severity| format!("{} {severity}", of(severity)))
            .collect();
        room.put(&format!(
            "**{} left out here, for a comment has no room for more: {}.** The other formats have them all.\n\n",
            count(left_out.len(), "finding"),
            counts.join(", ")
        ));
    }
}

/// What stands after the failed findings: headings and lines.
fn rest(page: &Page<'_>, sorted: &Sorted<'_>) -> Vec<(String, Vec<String>)> {
    let run = page.run;
    let undetermined = worst_first(&sorted.undetermined).into_iter().map(|finding| {
        format!(
            "{} `{}` {}, {}: {}",
            finding.severity,
            finding.rule.id,
            code(&finding.subject.address),
            code(&page.sources.words(&finding.evidence.at)),
            text(&undecided(finding))
        )
    });
    let unread = gaps(run.estate).into_iter().map(|gap| match &gap.at {
        Some(at) => format!("{}: {}", code(&page.sources.words(at)), text(&gap.reason)),
        None => text(&gap.reason),
    });
    let unassessed = not_assessed(run)
        .into_iter()
        .map(|entry| format!("{}: {}", code(&entry.check), text(&entry.reason)));
    let suppressed = sorted.suppressed.iter().filter_map(|finding| {
        let why = finding.suppression.as_ref()?;
        let until = why
            .until
            .as_ref()
            .map(|until| format!(", until {until}"))
            .unwrap_or_default();
        let subject = code(&finding.subject.address);
        let reason = text(&format!("{} ({}{until})", why.reason, why.source));
        Some(format!("`{}` {subject}: {reason}", finding.rule.id))
    });
    let notes = run.notes.iter().map(|note| match &note.at {
        Some(at) => format!("{}: {}", code(&page.sources.words(at)), text(&note.message)),
        None => text(&note.message),
    });
    let mut sections = vec![
        ("Undetermined".to_owned(), undetermined.collect()),
        ("Not read".to_owned(), unread.collect()),
        ("Not assessed from this input".to_owned(), unassessed.collect()),
        ("Suppressed".to_owned(), suppressed.collect()),
        ("Notes".to_owned(), notes.collect()),
    ];
    if let Some((framework, outcomes)) = outcomes(run) {
        let lines = outcomes.iter().map(|outcome| {
            let checks: Vec<&str> = outcome.checks.iter().copied().collect();
            let overlooked: Vec<&str> = outcome.overlooked.keys().copied().collect();
            let overlooked = match overlooked.as_slice() {
                [] => String::new(),
                checks => format!("; not assessed: {}", checks.join(", ")),
            };
            let counts = outcome.counts();
            let colon = if counts.is_empty() { "" } else { ": " };
            format!(
                "{} **{}** {counts}{colon}{}{overlooked}",
                text(outcome.id),
                outcome.status().words(),
                checks.join(", ")
            )
        });
        sections.push((title(framework).to_owned(), lines.collect()));
    }
    sections
}

/// A list, folded up, as long as there is room for it.
fn section(heading: &str, lines: &[String], room: &mut Room) {
    if lines.is_empty() {
        return;
    }
    let mut section = Room::new(SECTION.min(room.left()));
    section.put(&format!(
        "<details><summary><b>{heading}</b> ({})</summary>\n\n",
        lines.len()
    ));
    let end = "\n</details>\n\n";
    let mut shown = 0;
    for line in lines {
        let line = format!("- {line}\n");
        // The line that says what is left out, and the end.
        if !section.fits(&line, 100) {
            break;
        }
        section.put(&line);
        shown += 1;
    }
    if shown < lines.len() {
        section.put(&format!("- and {} more, in the other formats\n", lines.len() - shown));
    }
    section.put(end);
    room.put(&section.into_text());
}

fn foot(run: &Run<'_>) -> String {
    let url = run.tool.url;
    format!(
        "<sub>{} · {} · {} · [maremma {}]({url})</sub>\n",
        count(run.functions, "function"),
        count(run.estate.files.len(), "file"),
        count(run.checks.len(), "check"),
        run.tool.version
    )
}
