//! Findings under the function that they touch; what several functions share stands once.

use super::{Page, finding};
use crate::order::count;
use crate::plain;
use maremma_model::{Finding, Location, Severity};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

/// What findings are listed under.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Heading<'a> {
    Function(&'a str),
    /// A resource that several functions share, or that belongs to none.
    Resource {
        id: &'a str,
        kind: &'a str,
    },
}

pub(super) struct Group<'a> {
    heading: Heading<'a>,
    /// Worst first.
    findings: Vec<&'a Finding>,
}

/// The groups, worst first.
pub(super) fn groups<'a>(page: &Page<'_>, failed: &[&'a Finding]) -> Vec<Group<'a>> {
    let mut by_heading: BTreeMap<Heading<'a>, Vec<&'a Finding>> = BTreeMap::new();
    for &finding in failed {
        let heading = match finding.affects.as_slice() {
            [function] => Heading::Function(function),
            _ => Heading::Resource {
                id: &finding.subject.id,
                kind: &finding.subject.kind,
            },
        };
        by_heading.entry(heading).or_default().push(finding);
    }
    let mut groups: Vec<Group<'a>> = by_heading
        .into_iter()
        .map(|(heading, mut findings)| {
            findings.sort_by_key(|f| Reverse(f.severity));
            Group { heading, findings }
        })
        .collect();
    groups.sort_by_cached_key(|group| (Reverse(weight(&group.findings)), title(page, group).0));
    groups
}

/// How many findings of each severity, the gravest first: compares as a person would.
fn weight(findings: &[&Finding]) -> Vec<usize> {
    let of = |severity: &Severity| findings.iter().filter(|f| f.severity == *severity).count();
    Severity::ALL.iter().rev().map(of).collect()
}

/// The name of a group and what stands beside it.
fn title(page: &Page<'_>, group: &Group<'_>) -> (String, String) {
    let place = |at: Option<&Location>| at.map(|at| format!("  {}", page.sources.words(at))).unwrap_or_default();
    match &group.heading {
        Heading::Function(id) => {
            let beside = format!("AWS::Lambda::Function{}", place(page.names.at(id)));
            (plain::line(page.names.name(id)).into_owned(), beside)
        }
        Heading::Resource { kind, .. } => {
            let first = group.findings.first();
            let name = first.map_or("", |f| f.subject.address.as_ref());
            let shared = first.map_or(0, |f| f.affects.len());
            let shared = match shared {
                0 => String::new(),
                n => format!(", used by {}", count(n, "function")),
            };
            (plain::line(name).into_owned(), format!("{}{shared}", plain::line(kind)))
        }
    }
}

pub(super) fn write(page: &Page<'_>, group: &Group<'_>, out: &mut impl Write) -> io::Result<()> {
    let (name, beside) = title(page, group);
    writeln!(out, "{}  {}\n", page.palette.strong(&name), page.palette.faint(&beside))?;
    for finding in &group.findings {
        finding::write(page, finding, out)?;
    }
    Ok(())
}
