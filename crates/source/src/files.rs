//! Finds and reads files: what a target is, which files under it may be of use, and their text.

use crate::cloudformation::looks_like_template;
use crate::serverless;
use crate::snapshot;
use crate::terraform;
use ignore::WalkBuilder;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Files larger than this are not read. CloudFormation takes 1 MB; generated and merged ones are larger.
pub const MAX_FILE: u64 = 64 << 20;
/// Plans and states are larger: every value stands in them up to three times, and of most of them nothing is kept.
pub(crate) const MAX_JSON: u64 = 512 << 20;
/// Files found under one target; a directory with more is not a project.
const MAX_FILES: usize = 200_000;
/// How the names of files end that may be of use.
const ENDINGS: [&str; 7] = ["yaml", "yml", "json", "template", "cfn", "zst", "tfstate"];

/// A file to read, and whether the user named it (so that it must be something) or it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) path: PathBuf,
    pub(crate) named: bool,
}

/// The candidates of a target, sorted: the file itself, or what is found in the directory. Ignore
/// files are respected; a `cdk.out` beside them is read although it is usually ignored, because it
/// is the only form in which a CDK app can be read.
pub(crate) fn candidates(target: &Path, exclude: &[String]) -> io::Result<(Vec<Candidate>, bool)> {
    if !fs::metadata(target)?.is_dir() {
        return Ok((
            vec![Candidate {
                path: target.to_owned(),
                named: true,
            }],
            false,
        ));
    }
    let mut found = Vec::new();
    let synthesized = target.join("cdk.out");
    let mut roots = vec![target.to_owned()];
    if synthesized.join("manifest.json").is_file() {
        roots.push(synthesized);
    }
    let overrides = {
        let mut builder = ignore::overrides::OverrideBuilder::new(target);
        for glob in exclude {
            builder
                .add(&format!("!{glob}"))
                .map_err(|_| io::Error::other(format!("{glob:?} is no glob: --exclude takes one")))?;
        }
        builder.build().map_err(io::Error::other)?
    };
    let mut cut = false;
    for root in roots {
        let ignored = root.ends_with("cdk.out");
        let walk = WalkBuilder::new(&root)
            .standard_filters(!ignored)
            .require_git(false)
            .overrides(overrides.clone())
            .filter_entry(|entry| {
                !matches!(
                    entry.file_name().to_str(),
                    Some("node_modules" | ".git" | "site-packages")
                )
            })
            .build();
        for entry in walk.filter_map(Result::ok) {
            if found.len() >= MAX_FILES {
                cut = true;
                break;
            }
            let regular = entry.file_type().is_some_and(|kind| kind.is_file());
            let path = entry.path();
            if regular && (has_ending(path) || serverless::is_code(path) || terraform::concerns(path)) {
                found.push(Candidate {
                    path: entry.into_path(),
                    named: false,
                });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found.dedup();
    Ok((found, cut))
}

fn has_ending(path: &Path) -> bool {
    path.extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| ENDINGS.contains(&ending))
}

/// What a file holds.
pub(crate) enum Content {
    Text(String),
    /// Compressed with zstd, by its magic number.
    Zstd(Vec<u8>),
    /// Why it cannot be a text of ours; in words.
    Unreadable {
        reason: String,
        kind: Unreadable,
        /// The line at which that shows.
        line: usize,
    },
}

/// What keeps a file from being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// It is no text of ours, and nothing says that it is meant to be one.
    Other,
    /// It has the words of a template, in an encoding that is not read.
    Template,
    TooLarge,
}

/// Reads a file within bounds.
pub(crate) fn content(path: &Path) -> io::Result<Content> {
    let mut bytes = Vec::new();
    // Opening a pipe waits for whoever writes into it.
    if !fs::metadata(path)?.is_file() {
        return Ok(Content::Unreadable {
            reason: "not a regular file: expected a template, a Terraform file or a snapshot".to_owned(),
            kind: Unreadable::Other,
            line: 1,
        });
    }
    let json = path
        .extension()
        .is_some_and(|ending| ending == "json" || ending == "tfstate");
    let most = if json { MAX_JSON } else { MAX_FILE };
    fs::File::open(path)?.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        let reason = too_large(most);
        return Ok(Content::Unreadable {
            reason,
            kind: Unreadable::TooLarge,
            line: 1,
        });
    }
    if bytes.starts_with(&snapshot::MAGIC) {
        return Ok(Content::Zstd(bytes));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Ok(undecodable("encoded as UTF-16 or UTF-32: save it as UTF-8", &bytes, 0));
    }
    if bytes.starts_with(&[0xef, 0xbb, 0xbf]) {
        bytes.drain(..3);
    }
    Ok(match String::from_utf8(bytes) {
        Ok(text) => match text.find('\0') {
            Some(at) => undecodable("a binary file: expected a text in UTF-8", text.as_bytes(), at),
            None => Content::Text(text),
        },
        Err(error) if error.as_bytes().contains(&0) => {
            undecodable("a binary file: expected a text in UTF-8", error.as_bytes(), 0)
        }
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            undecodable("not UTF-8 from here on: save it as UTF-8", error.as_bytes(), valid)
        }
    })
}

pub(crate) fn too_large(most: u64) -> String {
    format!(
        "larger than {} MiB: split it, or leave it out with --exclude",
        most >> 20
    )
}

/// What cannot be decoded may have been meant as a template all the same: its words are looked for
/// without the zeros that wider encodings put between them.
fn undecodable(reason: &str, bytes: &[u8], at: usize) -> Content {
    let letters: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    let kind = if looks_like_template(&String::from_utf8_lossy(&letters)) {
        Unreadable::Template
    } else {
        Unreadable::Other
    };
    let before = bytes.get(..at).unwrap_or_default();
    Content::Unreadable {
        reason: reason.to_owned(),
        kind,
        line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
    }
}

/// The directory that paths are told relative to: the repository that holds the target, else the
/// current directory where it holds the target, else the target's own.
pub fn root_of(target: &Path) -> PathBuf {
    let absolute = fs::canonicalize(target).unwrap_or_else(|_| target.to_owned());
    let own = if absolute.is_dir() {
        absolute.clone()
    } else {
        absolute.parent().map_or_else(PathBuf::new, Path::to_owned)
    };
    if let Some(repository) = own.ancestors().find(|directory| directory.join(".git").exists()) {
        return repository.to_owned();
    }
    match std::env::current_dir() {
        Ok(current) if own.starts_with(&current) => current,
        _ => own,
    }
}

/// `path` as it is told: relative to `root`, with forward slashes.
pub(crate) fn told(path: &Path, root: &Path) -> String {
    let absolute = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let relative = absolute.strip_prefix(root).unwrap_or(&absolute);
    let parts: Vec<_> = relative
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/").replace("//", "/")
}
