//! Formatting, of every source file.

use crate::gate::command::{cargo, status};
use crate::paths;
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;

/// Formats the sources, or, with `check`, fails where one is not formatted. `cargo fmt` does not see the modules that a
/// macro declares, and the checks are such modules.
pub(crate) fn run(check: bool) -> Result<()> {
    let check: &[&str] = if check { &["--check"] } else { &[] };
    cargo(&[&["fmt", "--all"], check].concat())?;
    let mut rustfmt = Command::new("rustfmt");
    rustfmt
        .args(["--edition", "2024"])
        .args(check)
        .args(checks()?)
        .current_dir(paths::root());
    status(rustfmt)
}

/// The source files of the checks, relative to the root, sorted.
fn checks() -> Result<Vec<PathBuf>> {
    let families = paths::root().join("crates/checks/src/families");
    let mut found = Vec::new();
    for family in std::fs::read_dir(families)? {
        let family = family?.path();
        if family.is_dir() {
            for file in std::fs::read_dir(family)? {
                let path = file?.path();
                found.push(path.strip_prefix(paths::root()).map_or(path.clone(), PathBuf::from));
            }
        }
    }
    found.retain(|path| path.extension().is_some_and(|ending| ending == "rs"));
    found.sort();
    Ok(found)
}
