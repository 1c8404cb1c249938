//! One failed finding as an entry of a list.

use super::Page;
use super::escape::{block, code, text};
use crate::remedy::paste;
use maremma_model::Finding;

/// More functions than these are counted.
const MOST_FUNCTIONS: usize = 10;
/// So is more evidence.
const MOST_RELATED: usize = 5;

pub(super) fn entry(page: &Page<'_>, finding: &Finding) -> String {
    let name = code(finding.rule.id);
    let name = match page.run.page_url(finding.rule) {
        Some(url) => format!("[{name}]({url})"),
        None => name,
    };
    let mut entry = format!(
        "- {name} {}\n  {} {}: {}\n",
        text(&finding.message),
        code(&page.sources.words(&finding.evidence.at)),
        code(finding.evidence.address.as_deref().unwrap_or(&finding.subject.address)),
        text(&finding.evidence.says)
    );
    for other in finding.related.iter().take(MOST_RELATED) {
        let at = code(&page.sources.words(&other.at));
        entry.push_str(&format!("  - also {at}: {}\n", text(&other.says)));
    }
    if finding.related.len() > MOST_RELATED {
        let more = finding.related.len() - MOST_RELATED;
        entry.push_str(&format!("  - and {more} more places\n"));
    }
    if finding.affects.len() > 1 {
        let names = finding.affects.iter().take(MOST_FUNCTIONS);
        let mut names: Vec<String> = names.map(|id| code(page.names.name(id))).collect();
        if finding.affects.len() > MOST_FUNCTIONS {
            names.push(format!("{} more", finding.affects.len() - MOST_FUNCTIONS));
        }
        entry.push_str(&format!("  - affects {}\n", names.join(", ")));
    }
    if let Some(fix) = &finding.fix {
        entry.push_str(&format!("  - fix: {}\n", text(&fix.says)));
        if let Some(paste) = paste(&page.sources, fix) {
            entry.push_str(&format!("\n{}\n", block(&paste, "    ")));
        }
    }
    entry
}
