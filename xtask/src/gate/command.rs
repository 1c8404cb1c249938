//! Running cargo and others, and counting the tests that they ran.

use super::Outcome;
use crate::paths;
use anyhow::{Context, Result, bail, ensure};
use std::fmt;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// How many tests ran, as the runner says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    pub(crate) passed: usize,
    pub(crate) skipped: usize,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} tests ran and passed, {} skipped", self.passed, self.skipped)
    }
}

/// The cargo that runs us, at the repository's root, without the variables by which it tells us who we are:
/// they differ from those of a run by hand and would rebuild what depends on them.
pub(crate) fn cargo_command(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let ours = name.to_string_lossy();
        if ours.starts_with("CARGO_PKG_") || ours.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command.args(arguments).current_dir(paths::root());
    command
}

pub(crate) fn cargo_has(subcommand: &str) -> bool {
    let mut command = cargo_command(&[subcommand, "--version"]);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

pub(crate) fn cargo(arguments: &[&str]) -> Result<Outcome> {
    status(cargo_command(arguments)).map(|()| Outcome::Passed)
}

/// Runs a command with its output shown.
pub(crate) fn status(mut command: Command) -> Result<()> {
    println!("{}", words(&command));
    let status = command
        .status()
        .with_context(|| format!("cannot run {}", words(&command)))?;
    ensure!(status.success(), "`{}` failed ({status})", words(&command));
    Ok(())
}

/// Runs a test runner with its output shown, and counts.
pub(crate) fn counted(arguments: &[&str], variables: &[(&str, &Path)]) -> Result<Summary> {
    // nextest speaks on stderr, cargo test on stdout: both go through one pipe, in order.
    let (reader, writer) = std::io::pipe()?;
    let mut command = cargo_command(arguments);
    command
        .stdout(writer.try_clone()?)
        .stderr(writer)
        .envs(variables.iter().copied());
    println!("{}", words(&command));
    let mut child = command
        .spawn()
        .with_context(|| format!("cannot run {}", words(&command)))?;
    // The command holds the writing ends; the reader ends only once they are closed.
    let said = words(&command);
    drop(command);
    let mut summary = Summary::default();
    for line in BufReader::new(reader).lines() {
        let line = line?;
        println!("{line}");
        summary.count(&line);
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("`{said}` failed ({status})");
    }
    Ok(summary)
}

impl Summary {
    /// Adds a closing line of nextest (`Summary [ 1.2s] 7 tests run: 7 passed, 0 skipped`) or of cargo test
    /// (`test result: ok. 7 passed; 0 failed; 1 ignored; ...`).
    fn count(&mut self, line: &str) {
        let line = line.trim();
        let closing = line.starts_with("test result:") || (line.starts_with("Summary [") && line.contains("run:"));
        if !closing {
            return;
        }
        let before = |word: &str| {
            let words: Vec<&str> = line
                .split([' ', ',', ';', ':'])
                .filter(|word| !word.is_empty())
                .collect();
            let pair = words.windows(2).find(|pair| pair.last() == Some(&word));
            pair.and_then(|pair| pair.first()?.parse().ok()).unwrap_or(0_usize)
        };
        self.passed += before("passed");
        self.skipped += before("skipped") + before("ignored");
    }
}

/// More words of a command than these are counted.
const MANY_WORDS: usize = 12;

fn words(command: &Command) -> String {
    let program = Path::new(command.get_program());
    let program = program.file_name().unwrap_or_default().to_string_lossy();
    let arguments = command.get_args().map(|argument| argument.to_string_lossy());
    let words: Vec<_> = std::iter::once(program).chain(arguments).collect();
    // A command that names every file is told by its beginning.
    match words.get(..MANY_WORDS) {
        Some(first) if words.len() > MANY_WORDS + 1 => {
            format!("{} ... and {} more", first.join(" "), words.len() - MANY_WORDS)
        }
        _ => words.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_runners_are_counted() {
        let mut summary = Summary::default();
        summary.count("     Summary [   0.412s] 41 tests run: 41 passed (1 slow), 2 skipped");
        summary.count("test result: ok. 7 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s");
        summary.count("test a_test_with_9 passed ... ok");
        assert_eq!(summary, Summary { passed: 48, skipped: 3 });
    }
}
