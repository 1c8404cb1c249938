//! The controls of a framework, one line each.

use super::Page;
use super::wrap::hang;
use crate::controls::{Outcome, Status, outcomes, title};
use crate::plain;
use std::io::{self, Write};

pub(super) fn write(page: &Page<'_>, out: &mut impl Write) -> io::Result<()> {
    let Some((framework, outcomes)) = outcomes(page.run) else {
        return Ok(());
    };
    writeln!(out, "{}\n", page.palette.strong(title(framework)))?;
    let widest = outcomes
        .iter()
        .map(|outcome| outcome.id.len())
        .max()
        .unwrap_or_default();
    for outcome in &outcomes {
        write_one(page, outcome, widest, out)?;
    }
    let note = "A control is judged by its checks alone; what they do not ask, and the framework's other controls, are yours to assess";
    writeln!(out, "\n{}\n", hang("  ", 2, 2, note, page.width))
}

fn write_one(page: &Page<'_>, outcome: &Outcome, widest: usize, out: &mut impl Write) -> io::Result<()> {
    let status = outcome.status();
    let words = format!("{:14}", status.words());
    let words = match status {
        Status::Fail | Status::Undetermined | Status::NotAssessed => page.palette.caution(&words),
        Status::Pass => page.palette.good(&words),
        Status::Suppressed | Status::NotApplicable => page.palette.faint(&words),
    };
    let lead = format!("  {} {words} ", page.palette.strong(&format!("{:widest$}", outcome.id)));
    let indent = widest + 18;
    let mut parts = vec![outcome.counts()];
    parts.retain(|counts| !counts.is_empty());
    let checks: Vec<&str> = outcome.checks.iter().copied().collect();
    parts.push(checks.join(", "));
    writeln!(
        out,
        "{}",
        hang(&lead, indent, indent, &plain::line(&parts.join(": ")), page.width)
    )?;
    for (check, why) in &outcome.overlooked {
        let says = format!("not assessed: {check} ({why})");
        let indented = " ".repeat(indent);
        writeln!(
            out,
            "{}",
            hang(&indented, indent, indent + 2, &plain::line(&says), page.width)
        )?;
    }
    Ok(())
}
