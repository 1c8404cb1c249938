//! What could not be decided, by what would decide it.

use super::Page;
use super::wrap::hang;
use crate::plain;
use crate::remedy::cause;
use maremma_model::{Finding, Severity};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// Writes the undetermined findings by cause, the cause of most first.
pub(super) fn write(page: &Page<'_>, undetermined: &[&Finding], out: &mut impl Write) -> io::Result<()> {
    if undetermined.is_empty() {
        return Ok(());
    }
    let mut by_cause: BTreeMap<(String, Option<String>), Vec<&Finding>> = BTreeMap::new();
    for finding in undetermined {
        by_cause.entry(cause(finding)).or_default().push(finding);
    }
    let mut causes: Vec<_> = by_cause.into_iter().collect();
    causes.sort_by_key(|(_, findings)| std::cmp::Reverse(findings.len()));
    writeln!(out, "{}\n", page.palette.strong("Undetermined"))?;
    for ((because, remedy), findings) in causes {
        let lead = format!("  {} ", page.palette.caution(&findings.len().to_string()));
        let lead_width = 3 + findings.len().to_string().len();
        let remedy = remedy.map(|remedy| format!(": {remedy}")).unwrap_or_default();
        let says = format!("undetermined because {because}{remedy}");
        writeln!(out, "{}", hang(&lead, lead_width, 4, &plain::line(&says), page.width))?;
        write_checks(page, &findings, out)?;
        writeln!(out)?;
    }
    Ok(())
}

/// The addresses that have something in one place, by that, in words.
type Places<'a> = BTreeMap<String, Vec<&'a str>>;

/// One line a check: what would be decided, and where.
fn write_checks(page: &Page<'_>, findings: &[&Finding], out: &mut impl Write) -> io::Result<()> {
    let mut by_check: BTreeMap<(std::cmp::Reverse<Severity>, &str), Places<'_>> = BTreeMap::new();
    for finding in findings {
        let detail = finding
            .detail
            .as_ref()
            .map(|detail| format!(" {detail}"))
            .unwrap_or_default();
        let what = format!("{detail} ({})", page.sources.words(&finding.evidence.at));
        let check = (std::cmp::Reverse(finding.severity), finding.rule.id);
        let places = by_check.entry(check).or_default();
        places.entry(what).or_default().push(&*finding.subject.address);
    }
    for ((severity, check), places) in by_check {
        let subjects: Vec<String> = places
            .into_iter()
            .map(|(what, addresses)| alike(&what, addresses))
            .collect();
        let word = severity.0.word();
        let lead = format!(
            "    {} {}: ",
            page.palette.severity(severity.0, word),
            page.palette.strong(check)
        );
        let lead_width = 7 + word.len() + check.len();
        let subjects = subjects.join(", ");
        writeln!(
            out,
            "{}",
            hang(&lead, lead_width, 6, &plain::line(&subjects), page.width)
        )?;
    }
    Ok(())
}

/// What several resources have in one place, as by `Globals`: the first ones, and how many there are.
fn alike(what: &str, mut addresses: Vec<&str>) -> String {
    const SHOWN: usize = 3;
    addresses.dedup();
    let more = addresses.len().saturating_sub(SHOWN);
    let names: Vec<_> = addresses.into_iter().take(SHOWN).collect();
    match more {
        0 => format!("{}{what}", names.join(", ")),
        more => format!("{} and {more} more{what}", names.join(", ")),
    }
}
