//! The project's chores: `cargo xtask CHORE`.
#![allow(clippy::print_stdout, reason = "a chore talks to the person who runs it")]

mod facts;
mod paths;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "The project's chores")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Fetch the packages that hold facts about AWS and write crates/facts/data
    Facts,
    /// Verify generated files
    Generate,
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().chore {
        Chore::Facts => facts::renew(),
        Chore::Generate => facts::verify(),
    }
}
