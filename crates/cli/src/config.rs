//! `maremma.toml`: what a project says once.

use crate::args::Reading;
use anyhow::{Context as _, bail};
use maremma_checks::{IgnoreEntry, Trust};
use maremma_model::{Framework, Severity, Tier};
use maremma_source::{Deployment, Options};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

pub(crate) const NAME: &str = "maremma.toml";
/// Larger files are no configuration.
const MAX_SIZE: u64 = 1 << 20;

/// The file as written. Unknown keys are refused, with their line.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct Written {
    trust: WrittenTrust,
    estate: WrittenEstate,
    scan: WrittenScan,
    parameters: BTreeMap<String, String>,
    ignore: Vec<WrittenIgnore>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WrittenTrust {
    accounts: Vec<String>,
    organization: Option<String>,
    layer_publishers: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct WrittenEstate {
    account: Option<String>,
    region: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct WrittenScan {
    fail_on: Option<String>,
    tier: Option<String>,
    framework: Option<String>,
    strict: bool,
    check: Vec<String>,
    skip: Vec<String>,
    baseline: Option<PathBuf>,
    checks: Vec<PathBuf>,
    exclude: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenIgnore {
    check: String,
    /// A glob over addresses.
    address: Option<String>,
    reason: String,
    until: Option<toml::value::Datetime>,
}

/// The configuration of a run.
#[derive(Debug, Default)]
pub(crate) struct Config {
    pub(crate) trust: Trust,
    pub(crate) fail_on: Option<Severity>,
    pub(crate) tier: Option<Tier>,
    pub(crate) framework: Option<Framework>,
    pub(crate) strict: bool,
    /// The only checks to run; all of the tier where there is none.
    pub(crate) check: Vec<String>,
    pub(crate) skip: Vec<String>,
    /// Relative to the current directory.
    pub(crate) baseline: Option<PathBuf>,
    /// Directories and files of checks of one's own, relative to the current directory.
    pub(crate) checks: Vec<PathBuf>,
    pub(crate) ignores: Vec<IgnoreEntry>,
    estate: Deployment,
    exclude: Vec<String>,
}

/// The configuration that the options name, or that is found above the first target.
pub(crate) fn load(targets: &[PathBuf], reading: &Reading) -> anyhow::Result<Config> {
    let path = match &reading.config {
        Some(path) => Some(path.clone()),
        None => targets.first().and_then(|first| find(first)),
    };
    path.map_or_else(|| Ok(Config::default()), |path| read(&path))
}

/// The configuration that is found above the current directory.
pub(crate) fn here() -> anyhow::Result<Config> {
    find(Path::new(".")).map_or_else(|| Ok(Config::default()), |path| read(&path))
}

fn read(path: &Path) -> anyhow::Result<Config> {
    let unread = || format!("cannot read {}", path.display());
    let file = std::fs::File::open(path).with_context(unread)?;
    let mut text = String::new();
    file.take(MAX_SIZE + 1).read_to_string(&mut text).with_context(unread)?;
    if text.len() as u64 > MAX_SIZE {
        bail!("{} is larger than {} KiB", path.display(), MAX_SIZE >> 10);
    }
    let mut config = parse(&text).with_context(|| format!("{} is not a configuration", path.display()))?;
    // A path in a file is meant from where the file is.
    let beside = |file: PathBuf| path.parent().map(|directory| directory.join(&file)).unwrap_or(file);
    config.baseline = config.baseline.map(beside);
    config.checks = config.checks.into_iter().map(beside).collect();
    Ok(config)
}

/// The nearest `maremma.toml` from the target upwards, as far as the repository or the current directory.
fn find(target: &Path) -> Option<PathBuf> {
    let absolute = std::fs::canonicalize(target).ok()?;
    let current = std::env::current_dir().ok();
    for directory in absolute.ancestors().filter(|path| path.is_dir()) {
        let candidate = directory.join(NAME);
        if candidate.is_file() {
            return Some(candidate);
        }
        if directory.join(".git").exists() || current.as_deref() == Some(directory) {
            break;
        }
    }
    None
}

fn parse(text: &str) -> anyhow::Result<Config> {
    // The error's own words would show the line, and the values of parameters with it.
    let written: Written = toml::from_str(text).map_err(|error| {
        let before = text
            .get(..error.span().map_or(0, |span| span.start))
            .unwrap_or_default();
        anyhow::anyhow!("line {}: {}", before.matches('\n').count() + 1, error.message())
    })?;
    let word = |name: &str, error: String| anyhow::anyhow!("{name}: {error}");
    for account in written
        .trust
        .accounts
        .iter()
        .chain(&written.trust.layer_publishers)
        .chain(&written.estate.account)
    {
        if account.len() != 12 || !account.bytes().all(|byte| byte.is_ascii_digit()) {
            bail!("{account:?}: expected an account id of 12 digits, in quotes");
        }
    }
    let mut ignores = Vec::new();
    for ignore in written.ignore {
        if ignore.reason.trim().is_empty() {
            bail!("[[ignore]] of {}: expected a reason", ignore.check);
        }
        let until = ignore.until.map(|date| date.to_string());
        let until = until.map(|date| {
            date.parse()
                .with_context(|| format!("[[ignore]] of {}: until {date}", ignore.check))
        });
        ignores.push(IgnoreEntry {
            check: ignore.check,
            address: ignore
                .address
                .map(|glob| globset::Glob::new(&glob).map(|glob| glob.compile_matcher()))
                .transpose()?,
            reason: ignore.reason,
            until: until.transpose()?,
        });
    }
    Ok(Config {
        trust: Trust {
            accounts: written.trust.accounts,
            organization: written.trust.organization,
            layer_publishers: written.trust.layer_publishers,
        },
        fail_on: written
            .scan
            .fail_on
            .map(|text| text.parse().map_err(|e| word("scan.fail-on", e)))
            .transpose()?,
        tier: written
            .scan
            .tier
            .map(|text| text.parse().map_err(|e| word("scan.tier", e)))
            .transpose()?,
        framework: written
            .scan
            .framework
            .map(|text| text.parse().map_err(|e| word("scan.framework", e)))
            .transpose()?,
        strict: written.scan.strict,
        check: written.scan.check,
        skip: written.scan.skip,
        baseline: written.scan.baseline,
        checks: written.scan.checks,
        ignores,
        estate: Deployment {
            parameters: written.parameters,
            account: written.estate.account,
            region: written.estate.region,
        },
        exclude: written.scan.exclude,
    })
}

impl Config {
    /// What the readers are told: the command line before the configuration.
    pub(crate) fn reading(&self, given: &Reading) -> Options {
        let mut deployment = self.estate.clone();
        deployment.parameters.extend(given.parameters.iter().cloned());
        deployment.account = given.account.clone().or(deployment.account);
        deployment.region = given.region.clone().or(deployment.region);
        let exclude = self.exclude.iter().chain(&given.exclude).cloned().collect();
        Options {
            deployment,
            declared: given.parameters.iter().map(|(name, _)| name.clone()).collect(),
            exclude,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_refused_with_its_line() {
        let error = format!("{:#}", parse("[trust]\naccounts = []\nacounts = []\n").unwrap_err());
        assert!(error.contains("line 3") && error.contains("acounts"), "{error}");
    }

    #[test]
    fn an_account_is_twelve_digits() {
        assert!(parse("[estate]\naccount = \"12345\"\n").is_err());
        assert!(parse("[[ignore]]\ncheck = \"url-auth-none\"\nreason = \" \"\n").is_err());
    }

    #[test]
    fn an_ignore_has_a_date() {
        let config = parse(
            "[[ignore]]\ncheck = \"url-auth-none\"\naddress = \"Web*\"\nreason = \"public site\"\nuntil = 2027-01-01\n",
        )
        .unwrap();
        let [ignore] = config.ignores.as_slice() else {
            panic!("{config:?}")
        };
        assert_eq!(ignore.until, Some(jiff::civil::date(2027, 1, 1)));
    }
}
