//! Packages of PyPI in an environment of the project's own.

use super::command;
use crate::paths;
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

/// The interpreter of an environment that has these packages, each pinned: `jsonschema==4.26.0`.
/// Packages that are there are not asked for again.
pub(super) fn with(packages: &[&str]) -> Result<PathBuf> {
    let environment = paths::root().join(".venv");
    let python = environment.join(if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    });
    if !python.is_file() {
        let mut make = Command::new("python3");
        make.args(["-m", "venv"]).arg(&environment);
        command::status(make).context("the tests need Python 3 with its module venv")?;
    }
    let marks = environment.join("maremma-packages");
    let wanted = packages.join("\n");
    let present = std::fs::read_to_string(&marks).unwrap_or_default();
    if !packages
        .iter()
        .all(|package| present.lines().any(|line| line == *package))
    {
        let mut install = Command::new(&python);
        install
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(packages);
        command::status(install)?;
        std::fs::write(&marks, format!("{present}{wanted}\n"))?;
    }
    Ok(python)
}
