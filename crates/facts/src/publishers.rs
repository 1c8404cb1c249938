//! Accounts from which AWS and vendors publish Lambda layers.

use serde::Deserialize;
use std::collections::BTreeMap;

/// Who publishes layers from an account.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publisher {
    /// `AWS`, `Datadog`.
    pub name: String,
    pub kind: PublisherKind,
    /// The products whose layers the account is known to hold: `Lambda Insights`.
    pub products: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PublisherKind {
    Aws,
    Vendor,
}

/// Publishers by account id.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Publishers(BTreeMap<String, Publisher>);

impl Publishers {
    pub(crate) fn get(&self, account: &str) -> Option<&Publisher> {
        self.0.get(account)
    }

    #[cfg(test)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &Publisher)> {
        self.0.iter()
    }
}
