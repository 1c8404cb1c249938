//! What many functions lack or have alike is said once, with their names: it is one decision, not many mistakes.

use super::{Page, finding};
use crate::order::count;
use maremma_model::{Fact, Finding, Severity};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

/// Findings that differ in their function only.
pub(super) struct Shared<'a> {
    findings: Vec<&'a Finding>,
}

/// Takes out of `failed` what two functions or more have in common.
pub(super) fn take_out<'a>(failed: &mut Vec<&'a Finding>) -> Vec<Shared<'a>> {
    let mut alike: BTreeMap<_, Vec<&'a Finding>> = BTreeMap::new();
    for &finding in failed.iter().filter(|finding| is_plain(finding)) {
        alike.entry(key(finding)).or_default().push(finding);
    }
    let shared: Vec<_> = alike
        .into_values()
        .filter(|findings| findings.len() > 1)
        .map(|findings| Shared { findings })
        .collect();
    let rules: BTreeSet<_> = shared
        .iter()
        .flat_map(|of| of.findings.iter().map(|one| key(one)))
        .collect();
    failed.retain(|one| !(is_plain(one) && rules.contains(&key(one))));
    shared
}

/// What is said, the worst first.
fn key(finding: &Finding) -> (Reverse<Severity>, &'static str, &str) {
    (Reverse(finding.severity), finding.rule.id, &finding.evidence.says)
}

/// Whether the finding says of a function only what one attribute of it is, or that it is not set.
fn is_plain(finding: &Finding) -> bool {
    let attribute = matches!(&finding.evidence.fact, Fact::Attribute { .. });
    let own = matches!(finding.affects.as_slice(), [only] if *only == finding.subject.id);
    let edited = finding.fix.as_ref().is_some_and(|fix| fix.edit.is_some());
    attribute && own && !edited && finding.related.is_empty() && finding.detail.is_none()
}

pub(super) fn write(page: &Page<'_>, shared: &Shared<'_>, out: &mut impl Write) -> io::Result<()> {
    let Some(first) = shared.findings.first() else {
        return Ok(());
    };
    let heading = count(shared.findings.len(), "function");
    writeln!(out, "{}\n", page.palette.strong(&heading))?;
    finding::title(page, first, first.rule.title, out)?;
    finding::row(page, "", &first.evidence.says, out)?;
    if let Some(fix) = &first.fix {
        finding::write_fix(page, first.rule.id, fix, out)?;
    }
    let of = |finding: &&Finding| {
        let at = page.sources.words(&finding.evidence.at);
        format!("{} ({at})", page.names.name(&finding.subject.id))
    };
    let functions: Vec<_> = shared.findings.iter().map(of).collect();
    finding::row(page, "affects", &functions.join(", "), out)?;
    writeln!(out)
}
