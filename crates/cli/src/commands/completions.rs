//! `maremma completions SHELL`.

use crate::args::{Args, Completions};
use crate::output;
use clap::CommandFactory;
use std::process::ExitCode;

pub(super) fn run(args: &Completions) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "maremma", &mut script);
    output::write(None, &script)?;
    Ok(ExitCode::SUCCESS)
}
