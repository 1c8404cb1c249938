//! `maremma explain CHECK`.

use crate::args::Explain;
use crate::output::{self, Terminal};
use crate::select;
use std::process::ExitCode;

pub(super) fn run(args: &Explain, terminal: &Terminal) -> anyhow::Result<ExitCode> {
    let (check, remark) = select::explained(&args.check)?;
    if let Some(remark) = remark {
        terminal.remark(&remark);
    }
    output::write(None, maremma_report::page(&check.rule, terminal.color).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
