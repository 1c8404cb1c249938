//! One file a command.

mod checks;
mod completions;
mod diff;
mod explain;
mod fix;
mod man;
mod scan;
mod snapshot;

use crate::args::{Args, Command};
use crate::output::Terminal;
use std::process::ExitCode;

pub(crate) fn run(args: Args) -> anyhow::Result<ExitCode> {
    let terminal = Terminal::new(args.color, args.quiet);
    match args.command {
        Command::Scan(scan) => scan::run(&scan, &terminal),
        Command::Diff(diff) => diff::run(&diff, &terminal),
        Command::Fix(fix) => fix::run(&fix, &terminal),
        Command::Explain(explain) => explain::run(&explain, &terminal),
        Command::Checks(checks) => checks::run(&checks, &terminal),
        Command::Snapshot(snapshot) => snapshot::run(&snapshot, &terminal),
        Command::Completions(completions) => completions::run(&completions),
        Command::Man(man) => man::run(&man),
    }
}
