//! The edits that findings propose: which of them can be applied as they stand, and applying them.

use crate::syntax::{Syntax, slice};
use anyhow::{Context as _, bail};
use maremma_model::finding::Edit;
use maremma_model::{Estate, FileId, Finding, Place, Verdict};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

const BOM: &[u8] = b"\xef\xbb\xbf";

/// What is to be done to the files of a target.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// By file, each edit once and in the order in which they stand.
    pub(crate) edits: BTreeMap<FileId, Vec<Edit>>,
    /// How many findings the edits are for.
    pub(crate) findings: usize,
    pub(crate) skipped: Vec<Skipped>,
    /// Failing findings that nothing can be edited for.
    pub(crate) by_hand: usize,
    /// Those of them that say what to paste.
    pub(crate) with_snippet: usize,
}

/// An edit that is not applied.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Skipped {
    pub(crate) at: Place,
    pub(crate) check: &'static str,
    /// A clause.
    pub(crate) reason: String,
}

impl Plan {
    /// The edits of what fails and is not suppressed.
    pub(crate) fn of(findings: &[Finding], estate: &Estate) -> Self {
        let mut plan = Plan::default();
        let mut by_place: BTreeMap<Place, Vec<(&'static str, &Edit)>> = BTreeMap::new();
        let fails = |finding: &&Finding| finding.verdict == Verdict::Fail && finding.suppression.is_none();
        for finding in findings.iter().filter(fails) {
            let fix = finding.fix.as_ref();
            match fix.and_then(|fix| fix.edit.as_ref()) {
                Some(edit) if is_generated(finding, estate) => plan.skipped.push(Skipped {
                    at: edit.at,
                    check: finding.rule.id,
                    reason: "the CDK makes the file: change the app".to_owned(),
                }),
                Some(edit) => by_place.entry(edit.at).or_default().push((finding.rule.id, edit)),
                None => {
                    plan.by_hand += 1;
                    plan.with_snippet += usize::from(fix.is_some_and(|fix| fix.snippet.is_some()));
                }
            }
        }
        for (at, proposed) in by_place {
            plan.place(at, &proposed, estate);
        }
        plan
    }

    /// What is proposed for one place.
    fn place(&mut self, at: Place, proposed: &[(&'static str, &Edit)], estate: &Estate) {
        let replacements: BTreeSet<&str> = proposed.iter().map(|(_, edit)| &*edit.replacement).collect();
        let before = self.edits.get(&at.file).and_then(|edits| edits.last());
        let overlaps = before.is_some_and(|before| at.span.start.offset < before.at.span.end.offset);
        let reason = if overlaps {
            Some("another edit takes in a part of the value".to_owned())
        } else if replacements.len() > 1 {
            let words: Vec<&str> = replacements.iter().copied().collect();
            Some(format!("findings ask for different values: {}", words.join(" and ")))
        } else {
            replaceable(estate, at).err().map(str::to_owned)
        };
        match (reason, proposed.first()) {
            (None, Some((_, edit))) => {
                self.findings += proposed.len();
                self.edits.entry(at.file).or_default().push((*edit).clone());
            }
            (reason, _) => self.skipped.extend(proposed.iter().map(|(check, _)| Skipped {
                at,
                check,
                reason: reason.clone().unwrap_or_default(),
            })),
        }
    }

    /// How many edits there are.
    pub(crate) fn count(&self) -> usize {
        self.edits.values().map(Vec::len).sum()
    }
}

/// Whether what was found stands in what a program writes anew.
fn is_generated(finding: &Finding, estate: &Estate) -> bool {
    let resource = finding.subject.resource.and_then(|id| estate.resource(id));
    let unit = resource.and_then(|resource| estate.unit(resource.unit));
    unit.is_some_and(|unit| &*unit.format == "cdk")
}

fn replaceable(estate: &Estate, at: Place) -> Result<(), &'static str> {
    let file = estate.file(at.file).ok_or("the place is not in the target")?;
    let text = file.text.as_deref().ok_or("a snapshot has no file to edit")?;
    Syntax::of(file).replaceable(text, at.span)
}

/// A text with its edits, which do not overlap; `None` where it would not read as before but for them.
pub(crate) fn applied(estate: &Estate, file: FileId, edits: &[Edit]) -> Option<String> {
    let source = estate.file(file)?;
    let text = source.text.as_deref()?;
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for edit in edits {
        slice(text, edit.at.span)?;
        out.push_str(text.get(from..edit.at.span.start.offset as usize)?);
        out.push_str(&edit.replacement);
        from = edit.at.span.end.offset as usize;
    }
    out.push_str(text.get(from..)?);
    Syntax::of(source).same_but(text, &out, edits.len()).then_some(out)
}

/// The file of a target that was read as `text`. What lies outside of the targets is not theirs, and who follows a
/// link edits another file than the one that was named.
pub(crate) fn located(targets: &[PathBuf], told: &str, text: &str) -> anyhow::Result<PathBuf> {
    let mut reason = "it lies outside of the target";
    for target in targets {
        let Ok(whole) = target.canonicalize() else { continue };
        if whole.is_file() && fs::symlink_metadata(target)?.is_symlink() {
            reason = "the target is a symbolic link";
            continue;
        }
        let Ok(root) = maremma_source::root_of(target).canonicalize() else {
            continue;
        };
        let path = root.join(told);
        let inside = if whole.is_dir() {
            path.starts_with(&whole)
        } else {
            path == whole
        };
        if !inside {
            continue;
        }
        if path.canonicalize().ok().as_ref() != Some(&path) {
            reason = "a symbolic link leads to it";
            continue;
        }
        if bare(&fs::read(&path)?) == text.as_bytes() {
            return Ok(path);
        }
        reason = "it has changed since it was read";
    }
    bail!("{told} is not written: {reason}")
}

/// Without the mark of its encoding.
fn bare(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(BOM).unwrap_or(bytes)
}

/// Writes a file as a whole or not at all, if it still holds `old`.
pub(crate) fn write(path: &Path, old: &str, new: &str) -> anyhow::Result<()> {
    let bytes = fs::read(path)?;
    let name = path.file_name().context("no name")?.to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.maremma-{}", std::process::id()));
    let written = || -> anyhow::Result<()> {
        let mut file = fs::OpenOptions::new().write(true).create_new(true).open(&beside)?;
        if bytes.starts_with(BOM) {
            file.write_all(BOM)?;
        }
        file.write_all(new.as_bytes())?;
        file.set_permissions(fs::metadata(path)?.permissions())?;
        file.sync_all()?;
        if bare(&fs::read(path)?) != old.as_bytes() {
            bail!("it has changed since it was read");
        }
        Ok(fs::rename(&beside, path)?)
    };
    written().inspect_err(|_| {
        // Whatever is left of it is of no use.
        let _ = fs::remove_file(&beside);
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use maremma_checks::{Context, Trust, all, run};
    use maremma_source::{Options, read_texts};

    const TEMPLATE: &str =
        "Resources: {Url: {Type: AWS::Lambda::Url, Properties: {AuthType: NONE, TargetFunctionArn: orders}}}";

    fn found() -> (Estate, Vec<Finding>) {
        let estate = read_texts(&[("t.yaml", TEMPLATE)], &Options::default());
        let trust = Trust::default();
        let context = Context::new(&estate, &trust, jiff::civil::date(2026, 1, 1));
        let checks: Vec<_> = all()
            .iter()
            .copied()
            .filter(|check| check.rule.id == "url-auth-none")
            .collect();
        let findings = run(&context, &checks);
        (estate, findings)
    }

    fn with(finding: &Finding, change: impl Fn(&mut Edit)) -> Finding {
        let mut finding = finding.clone();
        finding.fix.as_mut().and_then(|fix| fix.edit.as_mut()).map(change);
        finding
    }

    #[test]
    fn the_same_edit_of_two_findings_is_one() {
        let (estate, findings) = found();
        let first = findings.first().unwrap();
        let plan = Plan::of(&[first.clone(), first.clone()], &estate);
        assert_eq!((plan.count(), plan.findings, plan.skipped.len()), (1, 2, 0));
        let (file, edits) = plan.edits.first_key_value().unwrap();
        let text = applied(&estate, *file, edits).unwrap();
        assert_eq!(text, TEMPLATE.replace("NONE", "AWS_IAM"));
    }

    #[test]
    fn findings_that_disagree_or_overlap_change_nothing_twice() {
        let (estate, findings) = found();
        let first = findings.first().unwrap();
        let other = with(first, |edit| edit.replacement = "OTHER".to_owned());
        let plan = Plan::of(&[first.clone(), other], &estate);
        assert_eq!((plan.count(), plan.skipped.len()), (0, 2));
        assert!(
            plan.skipped
                .iter()
                .all(|skipped| skipped.reason.contains("different values: AWS_IAM and OTHER"))
        );
        let within = with(first, |edit| edit.at.span.start.offset += 1);
        let plan = Plan::of(&[first.clone(), within], &estate);
        assert_eq!((plan.count(), plan.skipped.len()), (1, 1));
        assert!(
            plan.skipped
                .iter()
                .all(|skipped| skipped.reason.contains("another edit"))
        );
    }

    #[test]
    fn an_edit_that_reads_otherwise_is_not_applied() {
        let (estate, findings) = found();
        let broken = with(findings.first().unwrap(), |edit| {
            edit.replacement = "AWS_IAM, Cors: {}".to_owned()
        });
        let plan = Plan::of(&[broken], &estate);
        let (file, edits) = plan.edits.first_key_value().unwrap();
        assert_eq!(applied(&estate, *file, edits), None);
    }

    #[test]
    fn a_file_that_changed_since_is_not_written() {
        let directory = std::env::temp_dir().join(format!("maremma-edits-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        let path = directory.canonicalize().unwrap().join("t.yaml");
        fs::write(&path, "new").unwrap();
        let said = format!(
            "{:#}",
            located(std::slice::from_ref(&path), "t.yaml", "old").unwrap_err()
        );
        assert!(said.contains("changed since it was read"), "{said}");
        assert!(write(&path, "old", "edited").is_err());
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(fs::read_dir(&directory).unwrap().count(), 1);
        write(&path, "new", "edited").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"edited");
        fs::remove_dir_all(&directory).unwrap();
    }
}
