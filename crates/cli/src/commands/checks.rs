//! `maremma checks`, and `maremma checks test`.

use crate::args::{Checks, ChecksCommand, ListFormat, TestChecks};
use crate::config;
use crate::output::{self, Terminal};
use crate::own::{self, Outcome};
use crate::select::{Asked, Catalogue};
use anyhow::bail;
use maremma_model::{Rule, Tier};
use std::fmt::Write as _;
use std::process::ExitCode;

/// An example comes to something else.
const DIFFERS: u8 = 1;

pub(super) fn run(args: &Checks, terminal: &Terminal) -> anyhow::Result<ExitCode> {
    if let Some(ChecksCommand::Test(test)) = &args.command {
        return examples(test);
    }
    let catalogue = Catalogue::with(own::load(args.own.directories(&config::here()?))?);
    let checks = catalogue.checks(&Asked {
        tier: args.tier.unwrap_or(Tier::Hygiene),
        only: &[],
        skip: &[],
        framework: args.framework,
    })?;
    let rules: Vec<&Rule> = checks.iter().map(|check| check.rule()).collect();
    let list = match args.format {
        ListFormat::Text => maremma_report::catalogue_text(&rules, terminal.color),
        ListFormat::Json => maremma_report::catalogue_json(&rules),
    };
    output::write(None, list.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Runs the examples of every check, and tells those that come to something else.
fn examples(args: &TestChecks) -> anyhow::Result<ExitCode> {
    let directories = match args.directories.as_slice() {
        [] => config::here()?.checks,
        some => some.to_vec(),
    };
    let checks = own::load(&directories)?;
    if checks.is_empty() {
        bail!("no checks to test: name a directory, or give one as `checks` under [scan] in maremma.toml");
    }
    let mut told = String::new();
    let (mut examples, mut differing) = (0, 0);
    for check in checks {
        for example in &check.examples {
            let outcome = own::outcome(check, example);
            examples += 1;
            differing += usize::from(outcome.is_some());
            if let Some(Outcome { found, because }) = outcome {
                let _ = writeln!(
                    told,
                    "{}:{}: {}: expected {}, found {found}\n  {because}",
                    check.file,
                    example.line,
                    check.rule.id,
                    example.expected.word()
                );
            }
        }
    }
    let count = |number: usize, noun: &str| format!("{number} {noun}{}", if number == 1 { "" } else { "s" });
    let (checks, examples) = (count(checks.len(), "check"), count(examples, "example"));
    let _ = match differing {
        0 => writeln!(told, "{checks}, {examples}: all come to what they expect"),
        some => writeln!(told, "{checks}, {examples}: {some} come to something else"),
    };
    output::write(None, told.as_bytes())?;
    Ok(if differing == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(DIFFERS)
    })
}
