//! `maremma snapshot TARGET -o FILE`.

use crate::args::Snapshot;
use crate::config;
use crate::judging;
use crate::output::{self, Terminal};
use maremma_source::snapshot;
use std::process::ExitCode;

pub(super) fn run(args: &Snapshot, terminal: &Terminal) -> anyhow::Result<ExitCode> {
    let targets = &args.target.targets;
    let config = config::load(targets, &args.target.reading)?;
    let estate = judging::read(targets, &args.target.reading, &config, terminal)?;
    let mut text = snapshot::write(&estate)?;
    text.push('\n');
    match &args.output {
        Some(path) if path.extension().is_some_and(|ending| ending == "zst") => {
            output::write(Some(path), &snapshot::pack(&text))?
        }
        path => output::write(path.as_deref(), text.as_bytes())?,
    }
    terminal.remark(&format!(
        "wrote the estate: functions {}, parts not read {}",
        estate.functions.len(),
        estate.gaps.len()
    ));
    Ok(ExitCode::SUCCESS)
}
