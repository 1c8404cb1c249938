//! The command line, declared once: parser, help, completions and man pages come of it.

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum, ValueHint};
use maremma_model::{Framework, Severity, Tier};
use std::path::PathBuf;

/// Guards AWS Lambda functions: what they can do, reach, leak, load and become
#[derive(Debug, Parser)]
#[command(
    name = "maremma",
    version,
    propagate_version = true,
    arg_required_else_help = true,
    max_term_width = 100
)]
#[command(
    after_help = "Examples:\n  maremma scan .                          every template below this directory\n  maremma scan template.yaml --tier hygiene\n  maremma scan cdk.out --format sarif -o maremma.sarif\n  maremma explain url-auth-none"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to use colour [default: on a terminal, unless NO_COLOR is set]
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Color::Auto, hide_default_value = true)]
    pub(crate) color: Color,

    /// Say nothing on stderr but errors
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run every check over templates, Terraform, a serverless.yml, answers of the AWS CLI or a snapshot
    Scan(Box<Scan>),
    /// Show what a change adds, removes and opens, or how an account drifted from its templates
    Diff(Box<Diff>),
    /// Apply the edits that findings propose, and keep the formatting of the files
    Fix(Box<Fix>),
    /// Show the page of a check: what it finds, why it matters, how to fix it
    Explain(Explain),
    /// List every check; `test` runs the examples of your own
    Checks(Checks),
    /// Write the estate of a target once, to scan it later and elsewhere
    Snapshot(Snapshot),
    /// Print a completion script for a shell
    Completions(Completions),
    /// Write the manual pages
    Man(Man),
}

/// What is read.
#[derive(Debug, ClapArgs)]
pub(crate) struct Target {
    /// Files or directories: templates (CloudFormation, SAM), cdk.out, a snapshot
    #[arg(value_name = "TARGET", default_value = ".", value_hint = ValueHint::AnyPath)]
    pub(crate) targets: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// How targets are read, and what is said about their deployment.
#[derive(Debug, ClapArgs)]
pub(crate) struct Reading {
    /// The value of a template parameter; may be repeated
    #[arg(long = "parameter", value_name = "KEY=VALUE", value_parser = key_value)]
    pub(crate) parameters: Vec<(String, String)>,

    /// The account that the templates are deployed to
    #[arg(long, value_name = "ID", value_parser = account)]
    pub(crate) account: Option<String>,

    /// The region that the templates are deployed to
    #[arg(long, value_name = "NAME")]
    pub(crate) region: Option<String>,

    /// Leave out what matches this glob, relative to the target; may be repeated
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,

    /// The configuration [default: maremma.toml here or in a directory above]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Exit codes:\n  0  nothing at or above --fail-on\n  1  findings at or above --fail-on; with --strict also undetermined ones and gaps\n  2  could not run, nothing recognised, nothing readable\n\nExamples:\n  maremma scan template.yaml --parameter Stage=prod --account 111122223333\n  maremma scan . --format json=maremma.json --format sarif=maremma.sarif\n  maremma scan . --check url-auth-none --check role-admin\n  maremma scan . --baseline maremma.json --fail-on high"
)]
pub(crate) struct Scan {
    #[command(flatten)]
    pub(crate) target: Target,

    /// FORMAT or FORMAT=FILE, where FORMAT is text, json, sarif, html, junit, ocsf,
    /// csv, markdown or github; may be repeated
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = crate::output::destination)]
    pub(crate) format: Vec<crate::output::Destination>,

    /// Write the report here, not to stdout
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) failing: Failing,

    #[command(flatten)]
    pub(crate) chosen: Chosen,

    /// Only findings that touch functions whose name or address matches this glob
    #[arg(long, value_name = "GLOB")]
    pub(crate) function: Option<String>,

    /// Do not count what this earlier JSON or SARIF report of maremma already tells
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) baseline: Option<PathBuf>,

    /// List what passed and what does not apply, too (json, sarif, html, junit, ocsf, csv)
    #[arg(long)]
    pub(crate) include_passed: bool,
}

/// What makes a run fail.
#[derive(Debug, ClapArgs)]
pub(crate) struct Failing {
    /// Fail on findings of this severity and above: critical, high, medium, low, info [default: low]
    #[arg(long, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<Severity>,

    /// Fail on undetermined findings and gaps, too
    #[arg(long)]
    pub(crate) strict: bool,
}

/// Which checks run.
#[derive(Debug, ClapArgs)]
pub(crate) struct Chosen {
    /// The widest tier to run: core, hardening, hygiene [default: hardening]
    #[arg(long, value_name = "TIER")]
    pub(crate) tier: Option<Tier>,

    /// Only checks with a control of this framework, of every tier unless --tier is given, and what its
    /// controls come to: fsbp, cis, nist, pci, owasp
    #[arg(long, value_name = "FRAMEWORK")]
    pub(crate) framework: Option<Framework>,

    /// Run only this check; may be repeated
    #[arg(long = "check", value_name = "ID")]
    pub(crate) checks: Vec<String>,

    /// Leave this check out; may be repeated
    #[arg(long, value_name = "ID")]
    pub(crate) skip: Vec<String>,

    #[command(flatten)]
    pub(crate) own: Own,

    /// Judge everything that depends on a day as of this one [default: today]
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) as_of: Option<jiff::civil::Date>,
}

#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Functions are matched by name, else by address; findings by what they are of. What is not known of one target is no difference.\n\nExit codes:\n  0  no new finding at or above --fail-on\n  1  new findings at or above --fail-on; with --strict also undetermined ones and gaps\n  2  could not run, nothing recognised, nothing readable\n\nExamples:\n  git worktree add ../base main && maremma diff ../base .\n  maremma diff old.yaml new.yaml --format markdown -o comment.md\n  maremma diff template.yaml estate.json      drift between a template and a snapshot"
)]
pub(crate) struct Diff {
    /// What was: a target as for scan
    #[arg(value_name = "OLD", value_hint = ValueHint::AnyPath)]
    pub(crate) old: PathBuf,

    /// What is to be: a target as for scan
    #[arg(value_name = "NEW", value_hint = ValueHint::AnyPath)]
    pub(crate) new: PathBuf,

    #[command(flatten)]
    pub(crate) reading: Reading,

    /// How to write the report
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub(crate) format: DiffFormat,

    /// Write the report here, not to stdout
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) failing: Failing,

    #[command(flatten)]
    pub(crate) chosen: Chosen,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum DiffFormat {
    Text,
    Json,
    Markdown,
}

#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Only what fails is edited, only where the value itself is written in a file of the target, and nothing else in the file changes.\n\nExit codes:\n  0  nothing to edit, or everything was written\n  1  there are edits, and --write was not given; or some could not be written\n  2  could not run, nothing recognised, nothing readable\n\nExamples:\n  maremma fix template.yaml            show what would change\n  maremma fix . --write --check url-auth-none"
)]
pub(crate) struct Fix {
    #[command(flatten)]
    pub(crate) target: Target,

    /// Write the files, then read them again and tell what is left
    #[arg(long)]
    pub(crate) write: bool,

    #[command(flatten)]
    pub(crate) chosen: Chosen,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Explain {
    /// The id of a check, of its equivalent in another tool (CKV_AWS_258), or of a control (Lambda.1)
    #[arg(value_name = "CHECK")]
    pub(crate) check: String,

    #[command(flatten)]
    pub(crate) own: Own,
}

/// Checks of one's own.
#[derive(Debug, ClapArgs)]
pub(crate) struct Own {
    /// A directory or file of checks of your own; may be repeated [default: `checks` in maremma.toml]
    #[arg(long = "checks", value_name = "DIR", value_hint = ValueHint::AnyPath)]
    directories: Vec<PathBuf>,
}

impl Own {
    /// Where they are: the command line before the configuration.
    pub(crate) fn directories<'a>(&'a self, config: &'a crate::config::Config) -> &'a [PathBuf] {
        match self.directories.as_slice() {
            [] => &config.checks,
            some => some,
        }
    }
}

#[derive(Debug, ClapArgs)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:\n  maremma checks --framework cis\n  maremma checks --checks security/checks\n  maremma checks test security/checks"
)]
pub(crate) struct Checks {
    #[command(subcommand)]
    pub(crate) command: Option<ChecksCommand>,

    #[command(flatten)]
    pub(crate) own: Own,

    /// Only checks of this tier and below: core, hardening, hygiene
    #[arg(long, value_name = "TIER")]
    pub(crate) tier: Option<Tier>,

    /// Only checks with a control of this framework: fsbp, cis, nist, pci, owasp
    #[arg(long, value_name = "FRAMEWORK")]
    pub(crate) framework: Option<Framework>,

    /// How to write the list; JSON has the controls, and the ids in other tools
    #[arg(long, value_enum, default_value_t = ListFormat::Text)]
    pub(crate) format: ListFormat,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ChecksCommand {
    /// Run the examples of your own checks
    Test(TestChecks),
}

#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Exit codes:\n  0  every example comes to what it expects\n  1  an example comes to something else\n  2  a check is refused, or there is none"
)]
pub(crate) struct TestChecks {
    /// Directories or files of checks [default: `checks` in maremma.toml]
    #[arg(value_name = "DIR", value_hint = ValueHint::AnyPath)]
    pub(crate) directories: Vec<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ListFormat {
    Text,
    Json,
}

#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Environment values and tokens are left out: a snapshot holds no secret.\n\nExamples:\n  maremma snapshot . -o estate.json\n  maremma snapshot cdk.out -o estate.json.zst   packed with zstd\n  maremma scan estate.json.zst"
)]
pub(crate) struct Snapshot {
    #[command(flatten)]
    pub(crate) target: Target,

    /// The file to write; packed with zstd when its name ends in .zst [default: stdout]
    #[arg(long, short, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Example:\n  maremma completions bash > ~/.local/share/bash-completion/completions/maremma")]
pub(crate) struct Completions {
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct Man {
    /// The directory to write the pages to
    #[arg(value_name = "DIRECTORY", value_hint = ValueHint::DirPath)]
    pub(crate) directory: PathBuf,
}

fn key_value(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("expected KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}

fn date(text: &str) -> Result<jiff::civil::Date, String> {
    text.parse().map_err(|_| "expected a date, as 2027-06-30".to_owned())
}

fn account(text: &str) -> Result<String, String> {
    let digits = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits
        .then(|| text.to_owned())
        .ok_or_else(|| "expected an account id of 12 digits".to_owned())
}
