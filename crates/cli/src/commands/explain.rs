//! `maremma explain CHECK`.

use crate::args::Explain;
use crate::output::{self, Terminal};
use crate::select::Catalogue;
use crate::{config, own};
use std::process::ExitCode;

pub(super) fn run(args: &Explain, terminal: &Terminal) -> anyhow::Result<ExitCode> {
    let catalogue = Catalogue::with(own::load(args.own.directories(&config::here()?))?);
    let (rule, remark) = catalogue.explained(&args.check)?;
    if let Some(remark) = remark {
        terminal.remark(&remark);
    }
    output::write(None, maremma_report::page(rule, terminal.color).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
