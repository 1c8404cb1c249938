//! The one test entry: every step, in the order in which they fail fastest, until one fails.

mod browser;
pub(crate) mod command;
mod html;
mod python;
mod sarif;

use crate::{format, generate};
use anyhow::{Context, Result, bail};
use command::{Summary, cargo, cargo_has};
use std::path::Path;
use std::time::{Duration, Instant};

/// A step says what it found out, where that is worth a place in the closing lines.
struct Step {
    name: &'static str,
    run: fn() -> Result<Outcome>,
}

pub(crate) enum Outcome {
    Passed,
    Counted(Summary),
    Skipped(&'static str),
}

// One selection of packages and targets for every compiling step, so that a dependency is built with one set of features.
const STEPS: &[Step] = &[
    Step {
        name: "formatting",
        run: || format::run(true).map(|()| Outcome::Passed),
    },
    Step {
        name: "clippy",
        run: clippy,
    },
    Step {
        name: "generated files and facts",
        run: || generate::check().map(|()| Outcome::Passed),
    },
    Step {
        name: "dependencies (cargo deny)",
        run: deny,
    },
    Step {
        name: "tests",
        run: tests,
    },
    Step {
        name: "SARIF against its official schema",
        run: sarif::validate,
    },
    Step {
        name: "the HTML report in Chromium",
        run: html::open,
    },
    Step {
        name: "documentation tests",
        run: doc_tests,
    },
];

/// Runs the steps whose name has `word` in it.
pub(crate) fn run(word: &str) -> Result<()> {
    let started = Instant::now();
    let mut lines = Vec::new();
    let steps: Vec<&Step> = STEPS.iter().filter(|step| step.name.contains(word)).collect();
    if steps.is_empty() {
        bail!("no step has {word:?} in its name");
    }
    for (number, step) in (1..).zip(&steps) {
        println!("\n==> {number}/{} {}", steps.len(), step.name);
        let begun = Instant::now();
        let outcome = (step.run)().with_context(|| format!("step {number}, {}, failed", step.name))?;
        let told = match outcome {
            Outcome::Passed => "passed".to_owned(),
            Outcome::Counted(summary) => summary.to_string(),
            Outcome::Skipped(why) => format!("skipped: {why}"),
        };
        println!("--> {}: {told} ({})", step.name, seconds(begun.elapsed()));
        lines.push(format!("  {:<36} {told}", step.name));
    }
    let all = if steps.len() == STEPS.len() {
        "All steps"
    } else {
        "These steps"
    };
    println!(
        "\n{all} passed in {}:\n{}",
        seconds(started.elapsed()),
        lines.join("\n")
    );
    Ok(())
}

fn deny() -> Result<Outcome> {
    if !cargo_has("deny") {
        return Ok(Outcome::Skipped(
            "cargo deny is not installed; the tests check licences and sources too",
        ));
    }
    cargo(&["deny", "--all-features", "check", "bans", "licenses", "sources"])
}

fn clippy() -> Result<Outcome> {
    cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--locked",
        "--",
        "-D",
        "warnings",
    ])
}

fn tests() -> Result<Outcome> {
    // All targets but benches, which clippy compiles and nobody runs here.
    let selection = ["--workspace", "--lib", "--bins", "--tests", "--locked"];
    let runner: &[&str] = if cargo_has("nextest") {
        &["nextest", "run", "--no-fail-fast"]
    } else {
        &["test"]
    };
    let log = sarif::log();
    std::fs::create_dir_all(log.parent().unwrap_or(&log))?;
    counted(&[runner, &selection].concat(), &[(sarif::LOG, &log)])
}

fn doc_tests() -> Result<Outcome> {
    command::counted(&["test", "--workspace", "--doc", "--locked"], &[]).map(Outcome::Counted)
}

/// Tests that did not run are not tests that passed.
fn counted(arguments: &[&str], variables: &[(&str, &Path)]) -> Result<Outcome> {
    let summary = command::counted(arguments, variables)?;
    if summary.passed == 0 {
        bail!("no test ran");
    }
    Ok(Outcome::Counted(summary))
}

fn seconds(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs();
    if seconds < 60 {
        format!("{seconds} s")
    } else {
        format!("{} min {} s", seconds / 60, seconds % 60)
    }
}
