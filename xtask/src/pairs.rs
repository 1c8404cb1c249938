//! SAM templates as they are read here, beside what AWS's transform makes of them.

mod estate;

use anyhow::{Context, Result};
use estate::{Side, normalised};
use maremma_checks::{Context as Checked, Trust, all, run as run_checks};
use maremma_model::Estate;
use maremma_source::{Options, expanded, read_texts, tree};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Where the outputs were made: a region of the partition `aws`.
const REGION: &str = "ap-southeast-1";

/// A pair compared. Empty lists mean that the two sides are equal.
pub(crate) struct Compared {
    pub(crate) estate: Vec<String>,
    pub(crate) findings: Vec<String>,
}

impl Compared {
    pub(crate) fn equal(&self) -> bool {
        self.estate.is_empty() && self.findings.is_empty()
    }
}

/// Compares the pairs of a directory and prints how they differ.
pub(crate) fn run(directory: &Path, names: &[String]) -> Result<()> {
    let (mut equal, mut all) = (0, 0);
    for name in pairs(directory)? {
        if !names.is_empty() && !names.contains(&name) {
            continue;
        }
        let compared = pair(directory, &name)?;
        all += 1;
        equal += usize::from(compared.equal());
        let shown = if names.is_empty() { 3 } else { usize::MAX };
        if !compared.equal() {
            println!(
                "{name}: {} in the estate, {} in findings",
                compared.estate.len(),
                compared.findings.len()
            );
            for line in compared
                .estate
                .iter()
                .take(shown)
                .chain(compared.findings.iter().take(shown))
            {
                println!("    {line}");
            }
        }
    }
    println!("{equal} of {all} pairs are equal");
    Ok(())
}

/// The names of the pairs in a directory, sorted.
pub(crate) fn pairs(directory: &Path) -> Result<Vec<String>> {
    let input = directory.join("input");
    let mut names = Vec::new();
    for entry in fs::read_dir(&input).with_context(|| format!("cannot read {}", input.display()))? {
        let path = entry?.path();
        if let Some(name) = path.file_stem() {
            names.push(name.to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Compares one pair.
pub(crate) fn pair(directory: &Path, name: &str) -> Result<Compared> {
    let read = |path: &Path| fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()));
    let input = read(&directory.join("input").join(format!("{name}.yaml")))?;
    let output = read(&directory.join("output").join(format!("{name}.json")))?;
    let mut options = Options::default();
    // The transform writes the partition of its region where this version leaves it open.
    options.deployment.region = Some(REGION.into());
    let ours = expanded(&input, &options).map_or(Value::Null, |root| tree::long_form(&root));
    let theirs: Value = serde_json::from_str(&output)?;
    let (ours, theirs) = (Side::of(&ours), Side::of(&theirs));
    let (our_estate, their_estate) = (ours.read(&options), theirs.read(&options));
    Ok(Compared {
        estate: estate::differences(&normalised(&our_estate), &normalised(&their_estate)),
        findings: findings(&read_texts(&[("template.yaml", &input)], &options), &their_estate),
    })
}

/// The findings that only one side has.
fn findings(ours: &Estate, theirs: &Estate) -> Vec<String> {
    let (ours, theirs) = (told(ours), told(theirs));
    let only = |a: &BTreeSet<String>, b: &BTreeSet<String>, word: &str| {
        a.difference(b)
            .map(|told| format!("finding only {word}: {told}"))
            .collect::<Vec<_>>()
    };
    [only(&ours, &theirs, "here"), only(&theirs, &ours, "there")].concat()
}

/// (check, verdict, kind, address without the digits of a hash) of every verdict.
fn told(estate: &Estate) -> BTreeSet<String> {
    let trust = Trust::default();
    let context = Checked::new(estate, &trust, jiff::civil::date(2026, 6, 1));
    let findings = run_checks(&context, all());
    let of = |f: &maremma_model::Finding| {
        let written = &*f.subject.address;
        let address = estate::unhashed(written)
            .or_else(|| estate::unnumbered(written))
            .unwrap_or(written);
        format!("{} {} {} {address}", f.rule.id, f.verdict, f.subject.kind)
    };
    findings.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The project's own pairs: templates of its own writing, and what AWS's transform makes of them.
    #[test]
    fn every_own_pair_is_equal() {
        let directory = crate::paths::root().join("tests/sam");
        let names = pairs(&directory).unwrap();
        assert!(names.len() >= 40, "{} pairs", names.len());
        for name in names {
            let compared = pair(&directory, &name).unwrap();
            let lines = [compared.estate, compared.findings].concat();
            assert!(lines.is_empty(), "{name}:\n  {}", lines.join("\n  "));
        }
    }

    #[test]
    fn a_difference_is_told() {
        let template = |runtime: &str| serde_json::json!({"Resources": {"Fn0123456789": {"Type": "AWS::Lambda::Function", "Properties": {"Runtime": runtime}}}});
        let of = |template: &Value| normalised(&Side::of(template).read(&Options::default()));
        let lines = estate::differences(&of(&template("python3.8")), &of(&template("python3.13")));
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(
            lines[0].contains("FnHASH1") && lines[0].contains(".runtime"),
            "{lines:?}"
        );
        assert!(estate::differences(&of(&template("a")), &of(&template("a"))).is_empty());
    }
}
