//! SARIF logs against the official schema, by a validator that is not ours.

use super::command::{self, cargo_command};
use super::{Outcome, python};
use crate::paths;
use anyhow::{Result, ensure};
use std::path::PathBuf;
use std::process::Command;

/// The variable that asks the report's tests to leave a log of everything, and where.
pub(super) const LOG: &str = "MAREMMA_SARIF_LOG";

pub(super) fn log() -> PathBuf {
    paths::target("sarif").join("everything.sarif")
}

/// Validates the log that the tests left, and one of the example.
pub(super) fn validate() -> Result<Outcome> {
    let example = paths::target("sarif").join("orders.sarif");
    let mut scan = cargo_command(&[
        "run",
        "--quiet",
        "--locked",
        "--package",
        "maremma",
        "--",
        "scan",
        "examples/orders",
    ]);
    scan.args(["--include-passed", "--format", "sarif", "-o"]).arg(&example);
    // The example has findings: that is no failure here.
    let code = scan.status()?.code();
    ensure!(
        code == Some(1),
        "scanning the example ended with {code:?}, and it has findings"
    );
    let mut validator = Command::new(python::with(&["jsonschema==4.26.0"])?);
    validator
        .arg("tests/sarif/validate.py")
        .arg(log())
        .arg(&example)
        .current_dir(paths::root());
    command::status(validator).map(|()| Outcome::Passed)
}
