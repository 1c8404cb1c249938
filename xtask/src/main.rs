//! The project's chores: `cargo xtask CHORE`.
#![allow(clippy::print_stdout, reason = "a chore talks to the person who runs it")]

mod docs;
mod facts;
mod format;
mod gate;
mod generate;
mod noise;
mod pairs;
mod paths;
mod readme;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "The project's chores")]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Run every test there is, in the order in which they fail fastest; stop at the first failure
    Test {
        /// Only the steps that have this in their name
        #[arg(default_value = "")]
        step: String,
    },
    /// Write what is made from code: check pages, catalogue, schemas, outputs in documents
    Generate {
        /// Write nothing; fail where a file is not as the code says, or facts are not as their hash says
        #[arg(long)]
        check: bool,
    },
    /// Format every source file, the checks included
    Format,
    /// Fetch the packages that hold facts about AWS and write crates/facts/data
    Facts,
    /// Compare SAM templates, as they are read here, with what AWS's transform makes of them
    Pairs {
        /// A directory with SAM templates: input/NAME.yaml, and what the transform makes: output/NAME.json
        directory: std::path::PathBuf,
        /// Only these pairs, with every difference shown
        names: Vec<String>,
    },
    /// Judge every template below a directory by itself; print what was read and found, check by check
    Noise { directory: std::path::PathBuf },
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().chore {
        Chore::Test { step } => gate::run(&step),
        Chore::Generate { check: true } => generate::check(),
        Chore::Generate { check: false } => generate::write(),
        Chore::Format => format::run(false),
        Chore::Facts => facts::renew(),
        Chore::Pairs { directory, names } => pairs::run(&directory, &names),
        Chore::Noise { directory } => noise::run(&directory),
    }
}
