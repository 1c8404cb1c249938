//! `maremma checks`.

use crate::args::{Checks, ListFormat};
use crate::output::{self, Terminal};
use crate::select;
use maremma_model::{Rule, Tier};
use std::process::ExitCode;

pub(super) fn run(args: &Checks, terminal: &Terminal) -> anyhow::Result<ExitCode> {
    let checks = select::checks(&select::Asked {
        tier: args.tier.unwrap_or(Tier::Hygiene),
        only: &[],
        skip: &[],
        framework: args.framework,
    })?;
    let rules: Vec<&Rule> = checks.iter().map(|check| &check.rule).collect();
    let list = match args.format {
        ListFormat::Text => maremma_report::catalogue_text(&rules, terminal.color),
        ListFormat::Json => maremma_report::catalogue_json(&rules),
    };
    output::write(None, list.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
