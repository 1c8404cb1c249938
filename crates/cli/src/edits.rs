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
