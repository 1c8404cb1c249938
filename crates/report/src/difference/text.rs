//! A difference for people: what functions gain and lose, what roles may do, and which findings that makes.

use super::{Difference, counts, words};
use crate::mask::Masks;
use crate::order::{count, worst_first};
use crate::plain;
use crate::source::Sources;
use crate::style::Palette;
use crate::text::TextOptions;
use crate::text::wrap::hang;
use maremma_model::change::{Difference as One, Turn};
use maremma_model::{Finding, Verdict};
use std::io::{self, Write};

/// What all parts of the report share.
struct Page<'a> {
    of: &'a Difference<'a>,
    old: Sources<'a>,
    new: Sources<'a>,
    palette: Palette,
    width: Option<usize>,
}

/// Writes the report for people.
///
/// # Errors
/// Those of `out`.
pub fn diff_text(of: &Difference<'_>, options: &TextOptions, out: &mut impl Write) -> io::Result<()> {
    let page = Page {
        of,
        old: Sources::of(of.old.estate),
        new: Sources::of(of.new.estate),
        palette: Palette::new(options.color),
        width: options.width,
    };
    page.functions(out)?;
    page.roles(out)?;
    page.findings(out)?;
    page.gaps(out)?;
    page.summary(out)
}

impl Page<'_> {
    fn heading(&self, words: &str, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{}", self.palette.strong(words))
    }

    fn functions(&self, out: &mut impl Write) -> io::Result<()> {
        let functions = &self.of.change.functions;
        if functions.is_empty() {
            return Ok(());
        }
        self.heading("Functions", out)?;
        for function in functions {
            let (sources, stand) = match (&function.new, &function.old) {
                (Some(new), _) => (&self.new, Some(new)),
                (None, old) => (&self.old, old.as_ref()),
            };
            let at = stand.map(|stand| format!("{} {}", sources.words(&stand.at), stand.address));
            self.head(function.turn(), &function.name, &at.unwrap_or_default(), out)?;
            self.differences(&function.differences, out)?;
        }
        writeln!(out)
    }

    fn roles(&self, out: &mut impl Write) -> io::Result<()> {
        if self.of.change.roles.is_empty() {
            return Ok(());
        }
        self.heading("What execution roles may do", out)?;
        for role in &self.of.change.roles {
            let name = match (&role.old, &role.new) {
                (Some(old), Some(new)) if old != new => format!("{old} -> {new}"),
                (_, Some(name)) | (Some(name), None) => name.to_string(),
                (None, None) => "?".to_owned(),
            };
            let turn = if role.old.is_none() { Turn::Added } else { Turn::Changed };
            let unknown = role.differences.iter().all(|one| one.turn == Turn::Unknown);
            let turn = if unknown { Turn::Unknown } else { turn };
            self.head(turn, &name, &format!("runs {}", few(&role.functions)), out)?;
            self.differences(&role.differences, out)?;
        }
        writeln!(out)
    }

    fn head(&self, turn: Turn, name: &str, beside: &str, out: &mut impl Write) -> io::Result<()> {
        let lead = format!("{} {}", turn.sign(), plain::line(name));
        let beside = self.palette.faint(&plain::line(beside));
        writeln!(out, "  {}  {beside}", self.palette.turn(turn, &lead))
    }

    fn differences(&self, differences: &[One], out: &mut impl Write) -> io::Result<()> {
        for one in differences {
            let words = scrubbed(&words(one), [&self.old.masks, &self.new.masks]);
            let lead = format!("      {} ", self.palette.turn(one.turn, &one.turn.sign().to_string()));
            let words = hang(&lead, 8, 10, &plain::line(&words), self.width);
            let opens = if one.opens {
                format!("  {}", self.palette.caution("opens to callers without credentials"))
            } else {
                String::new()
            };
            writeln!(out, "{words}{opens}")?;
        }
        Ok(())
    }

    fn findings(&self, out: &mut impl Write) -> io::Result<()> {
        let findings = &self.of.change.findings;
        if !findings.new.is_empty() {
            self.heading("New findings", out)?;
            for finding in worst_first(&findings.new) {
                self.finding(Turn::Added, finding, &self.new, "", out)?;
            }
            writeln!(out)?;
        }
        if !findings.changed.is_empty() {
            self.heading("Changed findings", out)?;
            for (before, after) in &findings.changed {
                let was = format!(" (was {})", state(before));
                self.finding(Turn::Changed, after, &self.new, &was, out)?;
            }
            writeln!(out)?;
        }
        if !findings.gone.is_empty() {
            self.heading("Findings that are gone", out)?;
            for (finding, reason) in &findings.gone {
                let why = format!(" ({})", reason.word().replace('_', " "));
                self.finding(Turn::Removed, finding, &self.old, &why, out)?;
            }
            writeln!(out)?;
        }
        Ok(())
    }

    fn finding(
        &self,
        turn: Turn,
        finding: &Finding,
        sources: &Sources<'_>,
        beside: &str,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let state = state(finding);
        let id = finding.rule.id;
        let lead = format!(
            "  {} {} {} ",
            self.palette.turn(turn, &turn.sign().to_string()),
            self.palette.severity(finding.severity, &state),
            self.palette.strong(id)
        );
        let message = format!("{}{beside}", finding.message);
        let width = 6 + state.chars().count() + id.len();
        writeln!(out, "{}", hang(&lead, width, 4, &plain::line(&message), self.width))?;
        let address = plain::line(&finding.subject.address).into_owned();
        writeln!(
            out,
            "    {} {}  {}",
            self.palette.faint("-->"),
            sources.words(&finding.evidence.at),
            self.palette.faint(&address)
        )
    }

    fn gaps(&self, out: &mut impl Write) -> io::Result<()> {
        for (sources, side) in [(&self.old, "old"), (&self.new, "new")] {
            let gaps = crate::order::gaps(sources.estate);
            if gaps.is_empty() {
                continue;
            }
            self.heading(&format!("Not read of the {side} target"), out)?;
            for gap in gaps {
                let at = gap
                    .at
                    .as_ref()
                    .map_or_else(String::new, |at| format!("{}: ", sources.words(at)));
                writeln!(out, "  {}", plain::line(&format!("{at}{}", gap.reason)))?;
            }
            writeln!(out)?;
        }
        Ok(())
    }

    fn summary(&self, out: &mut impl Write) -> io::Result<()> {
        let counts = counts(self.of);
        let says = match counts.as_slice() {
            [] => self.palette.good("nothing differs in what was read"),
            counts => counts.join(" · "),
        };
        writeln!(out, "{says}")?;
        let (old, new) = (&self.of.old, &self.of.new);
        let beside = format!(
            "{} in {}, {} in {} · {} open in both",
            count(old.estate.functions.len(), "function"),
            old.target,
            count(new.estate.functions.len(), "function"),
            new.target,
            count(self.of.change.findings.same, "finding"),
        );
        writeln!(out, "{}", self.palette.faint(&plain::line(&beside)))
    }
}

/// What a finding counts as.
fn state(finding: &Finding) -> String {
    match (&finding.suppression, finding.verdict) {
        (Some(_), _) => "suppressed".to_owned(),
        (None, Verdict::Undetermined) => format!("undetermined {}", finding.severity),
        (None, _) => finding.severity.to_string(),
    }
}

/// Text without the values that may be secrets of either estate.
pub(super) fn scrubbed(text: &str, masks: [&Masks; 2]) -> String {
    let [old, new] = masks;
    new.scrub(&old.scrub(text)).into_owned()
}

/// The names of some functions, and how many more there are.
pub(super) fn few(names: &[std::sync::Arc<str>]) -> String {
    const MOST: usize = 3;
    let mut words: Vec<String> = names.iter().take(MOST).map(ToString::to_string).collect();
    if names.len() > MOST {
        words.push(format!("{} more", names.len() - MOST));
    }
    words.join(", ")
}
