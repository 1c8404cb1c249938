//! Where a table comes from and how old it is.

use crate::FactsError;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// Facts older than this ask to be renewed.
pub const STALE_AFTER_DAYS: i32 = 180;

/// The package that a table was made from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceInfo {
    /// The table: `runtime-lifecycle`.
    pub name: String,
    /// `PyPI` or `npm`.
    pub registry: String,
    pub package: String,
    pub version: String,
    /// An SPDX expression.
    pub licence: String,
    /// The day the package was released: its facts are not younger.
    pub date: Date,
    /// The file inside the package.
    pub file: String,
    /// SHA-256 of that file, in hex.
    pub sha256: String,
}

impl SourceInfo {
    /// Whole days from the release to `today`; negative where `today` is earlier.
    pub fn age_in_days(&self, today: Date) -> i32 {
        (today - self.date).get_days()
    }

    pub fn is_stale(&self, today: Date) -> bool {
        self.age_in_days(today) > STALE_AFTER_DAYS
    }
}

/// The form of every facts file. `sha256` is that of `facts` written compactly with sorted keys;
/// `cargo xtask generate --check` verifies it, this crate does not ask it.
#[derive(Deserialize)]
pub(crate) struct Envelope<T> {
    sources: Vec<SourceInfo>,
    facts: T,
}

impl<T: DeserializeOwned> Envelope<T> {
    pub(crate) fn parse(name: &'static str, bytes: &[u8]) -> Result<Envelope<T>, FactsError> {
        serde_json::from_slice(bytes).map_err(|source| FactsError::Form { name, source })
    }

    pub(crate) fn open(self, sources: &mut Vec<SourceInfo>) -> T {
        sources.extend(self.sources);
        self.facts
    }
}
