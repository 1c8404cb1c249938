//! From resolved properties to nouns: one file a family of resource types.

pub(crate) mod api;
pub(crate) mod api_v2;
pub(crate) mod balancer;
pub(crate) mod caller;
pub(crate) mod data;
pub(crate) mod delivery;
pub(crate) mod event;
pub(crate) mod graphql;
pub(crate) mod iam;
pub(crate) mod key;
pub(crate) mod lambda;
pub(crate) mod messaging;
pub(crate) mod network;
mod open_api;
pub(crate) mod permission;
pub(crate) mod policy;
pub(crate) mod stage;
#[cfg(test)]
mod tests;
mod trigger;
pub(crate) mod watch;
