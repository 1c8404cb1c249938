//! One failed finding: what, where, why, and what to do.

use super::Page;
use super::wrap::hang;
use crate::frame::frame;
use crate::plain;
use crate::remedy::paste;
use maremma_model::{Evidence, Fact, Finding, Fix, Verdict};
use std::io::{self, Write};

/// Where the words of `also`, `fix` and `affects` begin.
const INDENT: usize = 13;

/// What a reader need not be told twice.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Said {
    /// That an attribute is missing: the code around it shows nothing.
    Missing(&'static str, String),
    /// What to do, of a check.
    Fix(&'static str, Fix),
}

pub(super) fn write(page: &Page<'_>, finding: &Finding, out: &mut impl Write) -> io::Result<()> {
    title(page, finding, &finding.message, out)?;
    let again = missing_again(page, finding);
    let address = finding.evidence.address.as_deref().unwrap_or(&finding.subject.address);
    let says = if again {
        format!(": {}", finding.evidence.says)
    } else {
        String::new()
    };
    writeln!(
        out,
        "    {} {}  {}",
        page.palette.faint("-->"),
        page.sources.words(&finding.evidence.at),
        page.palette.faint(&plain::line(&format!("{address}{says}")))
    )?;
    if !again {
        proof(page, finding, out)?;
    }
    if let Some(fix) = &finding.fix {
        write_fix(page, finding.rule.id, fix, out)?;
    }
    affects(page, finding, out)?;
    writeln!(out)
}

/// Whether it has been shown already, elsewhere, that this attribute is missing.
fn missing_again(page: &Page<'_>, finding: &Finding) -> bool {
    let Fact::Attribute { value: None, .. } = &finding.evidence.fact else {
        return false;
    };
    let said = Said::Missing(finding.rule.id, finding.evidence.says.clone());
    finding.related.is_empty() && !page.said.borrow_mut().insert(said)
}

/// The code with the value underlined, and what else stands for the finding.
fn proof(page: &Page<'_>, finding: &Finding, out: &mut impl Write) -> io::Result<()> {
    let width = page.width.map(|width| width.saturating_sub(4));
    let frame = frame(
        &page.sources,
        &finding.evidence,
        &finding.related,
        finding.severity,
        page.palette,
        width,
    );
    for line in frame.iter().flat_map(|frame| frame.text.lines()) {
        writeln!(out, "    {}", line.trim_end())?;
    }
    let beside = match &frame {
        Some(frame) => frame.beside.as_deref(),
        None => Some(finding.evidence.says.as_str()),
    };
    if let Some(says) = beside {
        row(page, "", says, out)?;
    }
    for (index, other) in finding.related.iter().enumerate() {
        let framed = frame.as_ref().and_then(|frame| frame.related.get(index));
        if framed != Some(&true) {
            row(page, "also", &elsewhere(page, other), out)?;
        }
    }
    Ok(())
}

pub(super) fn title(page: &Page<'_>, finding: &Finding, message: &str, out: &mut impl Write) -> io::Result<()> {
    let severity = finding.severity.word();
    let id = plain::line(finding.rule.id);
    let lead = format!(
        "  {} {} ",
        page.palette.severity(finding.severity, severity),
        page.palette.strong(&id)
    );
    let lead_width = 4 + severity.len() + id.chars().count();
    let text = plain::line(message);
    writeln!(out, "{}", hang(&lead, lead_width, 4, &text, page.width))
}

fn elsewhere(page: &Page<'_>, evidence: &Evidence) -> String {
    let at = page.sources.words(&evidence.at);
    match &evidence.address {
        Some(address) => format!("{at} ({address}): {}", evidence.says),
        None => format!("{at}: {}", evidence.says),
    }
}

/// A line with a faint word before it.
pub(super) fn row(page: &Page<'_>, word: &str, text: &str, out: &mut impl Write) -> io::Result<()> {
    let lead = format!(
        "    {} ",
        page.palette.faint(&format!("{word:<width$}", width = INDENT - 5))
    );
    writeln!(out, "{}", hang(&lead, INDENT, INDENT, &plain::line(text), page.width))
}

pub(super) fn write_fix(page: &Page<'_>, check: &'static str, fix: &Fix, out: &mut impl Write) -> io::Result<()> {
    if fix.edit.is_none() && !page.said.borrow_mut().insert(Said::Fix(check, fix.clone())) {
        return row(page, "fix", "as above", out);
    }
    row(page, "fix", &fix.says, out)?;
    if let Some(paste) = paste(&page.sources, fix) {
        for line in paste.lines() {
            writeln!(out, "{}", format!("{}{line}", " ".repeat(INDENT + 2)).trim_end())?;
        }
    }
    Ok(())
}

/// The functions, except where the heading or the subject is the only one.
fn affects(page: &Page<'_>, finding: &Finding, out: &mut impl Write) -> io::Result<()> {
    if finding.affects.len() < 2 || finding.verdict != Verdict::Fail {
        return Ok(());
    }
    let names: Vec<&str> = finding.affects.iter().map(|id| page.names.name(id)).collect();
    row(page, "affects", &names.join(", "), out)
}
