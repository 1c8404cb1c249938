//! A difference as a comment on a pull request, never longer than a comment may be.

use super::text::{few, scrubbed};
use super::{Difference, counts, words};
use crate::markdown::escape::{code, text};
use crate::markdown::room::Room;
use crate::order::worst_first;
use crate::source::Sources;
use maremma_model::change::{Difference as One, Turn};
use maremma_model::{Finding, Verdict};
use std::io::{self, Write};

/// GitHub refuses a comment of more than 65,536 characters.
const LONGEST: usize = 60_000;
/// What is kept for saying what was left out.
const KEPT: usize = 1_000;

/// Writes the report as Markdown. Where something is left out, the report says how much.
///
/// # Errors
/// Those of `out`.
pub fn diff_markdown(of: &Difference<'_>, out: &mut impl Write) -> io::Result<()> {
    let (old, new) = (Sources::of(of.old.estate), Sources::of(of.new.estate));
    let counts = counts(of);
    let says = if counts.is_empty() {
        "nothing differs in what was read".to_owned()
    } else {
        counts.join(", ")
    };
    let mut room = Room::new(LONGEST);
    room.put(&format!("## Maremma: {}\n\n", text(&says)));
    let findings = &of.change.findings;
    let entry = |finding: &Finding, sources: &Sources<'_>, beside: &str| entry(of, finding, sources, beside);
    let new_ones = worst_first(&findings.new);
    section(
        "New findings",
        true,
        new_ones.iter().map(|one| entry(one, &new, "")).collect(),
        &mut room,
    );
    let changed = findings.changed.iter();
    let changed = changed.map(|(was, is)| entry(is, &new, &format!(" (was {} {})", was.verdict, was.severity)));
    section("Changed findings", true, changed.collect(), &mut room);
    let masked = |one: &One| difference(&scrubbed(&words(one), [&old.masks, &new.masks]), one);
    let functions = of.change.functions.iter().map(|function| {
        let head = format!("- {} {}\n", sign(function.turn()), code(&function.name));
        head + &function.differences.iter().map(&masked).collect::<String>()
    });
    section("Functions", true, functions.collect(), &mut room);
    let roles = of.change.roles.iter().map(|role| {
        let name = role.new.as_ref().or(role.old.as_ref()).map_or("?", |name| &**name);
        let head = format!("- {}, which runs {}\n", code(name), text(&few(&role.functions)));
        head + &role.differences.iter().map(&masked).collect::<String>()
    });
    section("What execution roles may do", true, roles.collect(), &mut room);
    let gone = findings.gone.iter();
    let gone = gone.map(|(finding, why)| entry(finding, &old, &format!(" ({})", why.word().replace('_', " "))));
    section("Findings that are gone", false, gone.collect(), &mut room);
    let gaps = crate::order::gaps(of.new.estate);
    let gaps = gaps.iter().map(|gap| {
        let at = gap.at.as_ref().map_or_else(String::new, |at| code(&new.words(at)));
        format!("- {at} {}\n", text(&gap.reason))
    });
    section("Not read", false, gaps.collect(), &mut room);
    out.write_all(room.into_text().as_bytes())
}

/// A list that can be folded up, as far as there is room.
fn section(heading: &str, open: bool, entries: Vec<String>, room: &mut Room) {
    if entries.is_empty() || !room.fits(heading, KEPT) {
        return;
    }
    let open = if open { " open" } else { "" };
    room.put(&format!(
        "<details{open}><summary><b>{heading}: {}</b></summary>\n\n",
        entries.len()
    ));
    let mut left_out = 0;
    for entry in entries {
        if left_out == 0 && room.fits(&entry, KEPT) {
            room.put(&entry);
        } else {
            left_out += 1;
        }
    }
    if left_out > 0 {
        room.put(&format!("- **and {left_out} more**; the other formats have them all\n"));
    }
    room.put("\n</details>\n\n");
}

fn sign(turn: Turn) -> String {
    match turn {
        Turn::Added => "**new**".to_owned(),
        Turn::Removed => "**removed**".to_owned(),
        Turn::Changed => "**changed**".to_owned(),
        Turn::Unknown => "not known on one side:".to_owned(),
    }
}

fn difference(words: &str, one: &One) -> String {
    let opens = if one.opens {
        " **opens to callers without credentials**"
    } else {
        ""
    };
    format!("  - {} {}{opens}\n", code(&one.turn.sign().to_string()), code(words))
}

fn entry(of: &Difference<'_>, finding: &Finding, sources: &Sources<'_>, beside: &str) -> String {
    let url = of.tool.url.trim_end_matches('/');
    let id = finding.rule.id;
    let state = match (&finding.suppression, finding.verdict) {
        (Some(_), _) => "suppressed".to_owned(),
        (None, Verdict::Undetermined) => "undetermined".to_owned(),
        (None, _) => finding.severity.to_string(),
    };
    format!(
        "- {state} [`{id}`]({url}/blob/main/docs/checks/{id}.md) {}{}\n  {} {}\n",
        text(&finding.message),
        text(beside),
        code(&sources.words(&finding.evidence.at)),
        code(&finding.subject.address),
    )
}
