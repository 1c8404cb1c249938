//! The lifecycle of Lambda runtimes.

use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Runtime identifiers and their lifecycle.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Runtimes(BTreeMap<String, Lifecycle>);

/// The dates of <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html>; `None` is a date that AWS
/// has not set.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lifecycle {
    /// From this day the runtime gets no security patches.
    pub deprecated: Option<Date>,
    /// From this day functions that use it cannot be created.
    pub create_block: Option<Date>,
    /// From this day functions that use it cannot be updated.
    pub update_block: Option<Date>,
    /// The newest runtime of the same language, where this one is not it.
    pub successor: Option<String>,
}

impl Runtimes {
    /// The lifecycle of `python3.8`; `None` where the table does not know the runtime.
    pub fn get(&self, runtime: &str) -> Option<&Lifecycle> {
        self.0.get(runtime)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &Lifecycle)> {
        self.0.iter().map(|(name, lifecycle)| (name.as_str(), lifecycle))
    }
}
