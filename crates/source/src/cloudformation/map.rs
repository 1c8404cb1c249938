//! From resolved properties to nouns: one file a family of resource types.

pub(super) mod iam;
pub(super) mod lambda;
pub(super) mod permission;
