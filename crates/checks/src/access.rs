//! Whom policies let in, and what an execution role may do, in the words of findings.

pub(crate) mod federation;
pub(crate) mod harm;
pub(crate) mod identity;
pub(crate) mod layer_permission;
pub(crate) mod narrowed;
pub(crate) mod party;
pub(crate) mod permission;
pub(crate) mod resource_policy;
pub(crate) mod role;
pub(crate) mod scopable;
