//! `maremma man DIRECTORY`.

use crate::args::{Args, Man};
use anyhow::Context as _;
use clap::CommandFactory;
use std::process::ExitCode;

pub(super) fn run(args: &Man) -> anyhow::Result<ExitCode> {
    let directory = &args.directory;
    std::fs::create_dir_all(directory).with_context(|| format!("cannot make {}", directory.display()))?;
    clap_mangen::generate_to(Args::command(), directory)
        .with_context(|| format!("cannot write to {}", directory.display()))?;
    Ok(ExitCode::SUCCESS)
}
