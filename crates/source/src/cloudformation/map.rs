//! From resolved properties to nouns: one file a family of resource types.

pub(super) mod api;
pub(super) mod api_v2;
pub(super) mod iam;
pub(super) mod lambda;
mod open_api;
pub(super) mod permission;
pub(super) mod policy;
pub(super) mod stage;
#[cfg(test)]
mod tests;
mod trigger;
