//! Documents made from code: the pages and catalogue of checks, the schemas of reports.

use crate::generate::Files;
use maremma_checks::Check;
use maremma_model::{Control, Equivalent, Rule};
use std::fmt::Write as _;

const MADE: &str = "<!-- Made by `cargo xtask generate`; edit the page beside the check. -->\n";

/// A page for every check, and the catalogue.
pub(crate) fn checks() -> Files {
    let checks = maremma_checks::all();
    let mut files: Files = checks
        .iter()
        .map(|check| (format!("{}.md", check.rule.id), page(&check.rule)))
        .collect();
    files.insert("README.md".to_owned(), catalogue(checks));
    files
}

pub(crate) fn schemas() -> Files {
    let mut scan = maremma_report::scan_schema().trim_end().to_owned();
    scan.push('\n');
    Files::from([("scan.schema.json".to_owned(), scan)])
}

/// The prose of a check's page, with the rule's metadata below its title.
fn page(rule: &Rule) -> String {
    let prose = maremma_report::prose(rule.page);
    let (title, body) = prose.split_once('\n').unwrap_or((&prose, ""));
    let mut page = format!("{MADE}{title}\n\n");
    let _ = writeln!(page, "| | |\n|---|---|");
    let _ = writeln!(page, "| Check | `{}` |", rule.id);
    let _ = writeln!(page, "| Subject | `{}` |", rule.subject);
    let _ = writeln!(page, "| Tier | {} |", rule.tier);
    let _ = writeln!(page, "| Severity | {} |", rule.severity);
    let _ = writeln!(page, "| Confidence | {} |", rule.confidence);
    row(&mut page, "Controls", rule.controls.iter().map(control));
    row(&mut page, "In other tools", rule.equivalents.iter().map(equivalent));
    page + body
}

fn row(page: &mut String, name: &str, cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = cells.collect();
    if !cells.is_empty() {
        let _ = writeln!(page, "| {name} | {} |", cells.join(", "));
    }
}

fn control(control: &Control) -> String {
    format!("{} {}", control.framework.word(), control.id)
}

fn equivalent(equivalent: &Equivalent) -> String {
    let near = if equivalent.exact { "" } else { " (near)" };
    format!("{} `{}`{near}", equivalent.peer, equivalent.id)
}

fn catalogue(checks: &[&Check]) -> String {
    let mut rules: Vec<&Rule> = checks.iter().map(|check| &check.rule).collect();
    rules.sort_by_key(|rule| (rule.tier, std::cmp::Reverse(rule.severity), rule.id));
    let mut text = format!(
        "{MADE}# Checks\n\n{} checks, by tier and severity. `maremma explain CHECK` prints a page.\n\n\
         | Check | What it finds | Tier | Severity | Subject |\n|---|---|---|---|---|\n",
        rules.len()
    );
    for Rule {
        id,
        title,
        tier,
        severity,
        subject,
        ..
    } in rules
    {
        let _ = writeln!(
            text,
            "| [`{id}`]({id}.md) | {title} | {tier} | {severity} | `{subject}` |"
        );
    }
    text
}
