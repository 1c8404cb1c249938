//! The binary `maremma`: arguments, wiring, progress, exit codes.

mod args;
mod baseline;
mod commands;
mod config;
mod edits;
mod judging;
mod output;
mod own;
mod paste;
mod progress;
mod select;
mod syntax;

use clap::Parser;
use std::process::ExitCode;

/// Trees and estates are many small allocations, made once.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Readers recurse as deep as their bounds let them; a debug build's frames are large.
const STACK: usize = 256 << 20;

/// Could not run, nothing recognised, or nothing readable.
const COULD_NOT_RUN: u8 = 2;

fn main() -> ExitCode {
    let args = args::Args::parse();
    let run = std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || commands::run(args));
    let outcome = run.map_err(anyhow::Error::from).and_then(|thread| {
        thread
            .join()
            .map_err(|_| anyhow::anyhow!("this is a fault in maremma: please report it with the input"))?
    });
    match outcome {
        Ok(code) => code,
        Err(error) if output::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::say_error(&error);
            ExitCode::from(COULD_NOT_RUN)
        }
    }
}
