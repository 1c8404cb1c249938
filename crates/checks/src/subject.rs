//! What several checks need to know of one kind of subject.

pub(crate) mod api;
pub(crate) mod artifact;
pub(crate) mod asked;
pub(crate) mod cors;
pub(crate) mod hooks;
pub(crate) mod image;
pub(crate) mod layers;
pub(crate) mod logs;
pub(crate) mod open;
pub(crate) mod trail;
