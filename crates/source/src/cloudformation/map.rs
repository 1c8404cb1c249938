//! From resolved properties to nouns: one file a family of resource types.

pub(super) mod api;
pub(super) mod api_v2;
pub(super) mod balancer;
pub(super) mod caller;
pub(super) mod data;
pub(super) mod delivery;
pub(super) mod event;
pub(super) mod graphql;
pub(super) mod iam;
pub(super) mod key;
pub(super) mod lambda;
pub(super) mod messaging;
pub(super) mod network;
mod open_api;
pub(super) mod permission;
pub(super) mod policy;
pub(super) mod stage;
#[cfg(test)]
mod tests;
mod trigger;
pub(super) mod watch;
