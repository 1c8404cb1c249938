//! Findings that an earlier report already tells, wherever their file has moved since.

use super::Idle;
use maremma_model::{Estate, Finding, Rule, Suppression, Verdict};
use std::collections::{HashMap, HashSet};

/// A finding of an earlier report, as far as it tells what the finding is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Earlier {
    pub fingerprint: String,
    pub check: String,
    /// The kind and the address of its subject.
    pub kind: String,
    pub address: String,
    pub detail: Option<String>,
    /// The unit that the subject belonged to, where the report names it.
    pub unit: Option<String>,
    /// The file that it stood in, where it stood in one.
    pub file: Option<String>,
}

/// What a finding is, wherever it stands.
type Same<'a> = (&'a str, &'a str, &'a str, &'a str);

/// Marks the findings that the baseline tells. The fingerprint decides. It names the unit, so where the unit or the
/// file of an entry is no longer read, one finding of the same check about the same address is taken to be it.
pub(super) fn apply(
    findings: &mut [Finding],
    estate: &Estate,
    baseline: &[Earlier],
    ran: &[&'static Rule],
) -> Option<Idle> {
    let known: HashSet<&str> = baseline.iter().map(|earlier| &*earlier.fingerprint).collect();
    let mut met: HashSet<String> = HashSet::new();
    for finding in findings.iter_mut().filter(|finding| is_open(finding)) {
        if known.contains(&*finding.fingerprint) {
            met.insert(finding.fingerprint.clone());
            accept(finding, "already in the baseline");
        }
    }
    let units: HashSet<&str> = estate.units.iter().map(|unit| &*unit.name).collect();
    let files: HashSet<&str> = estate.files.iter().map(|file| &*file.path).collect();
    let gone = |earlier: &&Earlier| {
        let lost = |name: &Option<String>, read: &HashSet<&str>| {
            name.as_deref()
                .is_some_and(|name| !name.is_empty() && !read.contains(name))
        };
        !met.contains(&earlier.fingerprint) && (lost(&earlier.unit, &units) || lost(&earlier.file, &files))
    };
    let mut moved: HashMap<Same<'_>, Vec<&str>> = HashMap::new();
    for earlier in baseline.iter().filter(gone) {
        moved.entry(same_as(earlier)).or_default().push(&earlier.fingerprint);
    }
    let mut also_met = HashSet::new();
    let mut here = Vec::new();
    for (row, finding) in findings.iter().enumerate().filter(|(_, finding)| is_open(finding)) {
        if met.contains(&finding.fingerprint) {
            continue;
        }
        if let Some(fingerprint) = moved.get_mut(&same(finding)).and_then(Vec::pop) {
            also_met.insert(fingerprint);
            here.push(row);
        }
    }
    drop(moved);
    for row in here {
        if let Some(finding) = findings.get_mut(row) {
            accept(finding, "already in the baseline, in a file that has moved");
        }
    }
    let ran: HashSet<&str> = ran.iter().map(|rule| rule.id).collect();
    let unmet = baseline.iter().filter(|earlier| {
        let print = &*earlier.fingerprint;
        ran.contains(&*earlier.check) && !met.contains(print) && !also_met.contains(print)
    });
    let unmet = unmet.count();
    (unmet > 0).then(|| Idle {
        message: format!(
            "{unmet} of the {} findings of the baseline are not found any more: write it anew",
            baseline.len()
        ),
        at: None,
    })
}

fn is_open(finding: &Finding) -> bool {
    matches!(finding.verdict, Verdict::Fail | Verdict::Undetermined)
}

fn accept(finding: &mut Finding, reason: &str) {
    if finding.suppression.is_none() {
        finding.suppression = Some(Suppression {
            source: "baseline".into(),
            reason: reason.into(),
            until: None,
        });
    }
}

fn same(finding: &Finding) -> Same<'_> {
    let subject = &finding.subject;
    let detail = finding.detail.as_deref().unwrap_or_default();
    (finding.rule.id, &subject.kind, &subject.address, detail)
}

fn same_as(earlier: &Earlier) -> Same<'_> {
    let detail = earlier.detail.as_deref().unwrap_or_default();
    (&earlier.check, &earlier.kind, &earlier.address, detail)
}
