//! What several checks need to know of one kind of subject.

pub(crate) mod api;
pub(crate) mod artifact;
pub(crate) mod asked;
pub(crate) mod balancer;
pub(crate) mod cors;
pub(crate) mod deployment;
pub(crate) mod events;
pub(crate) mod flow;
pub(crate) mod hooks;
pub(crate) mod image;
pub(crate) mod layers;
pub(crate) mod logs;
pub(crate) mod loops;
pub(crate) mod mount;
pub(crate) mod open;
pub(crate) mod signing;
pub(crate) mod traffic;
pub(crate) mod trail;
pub(crate) mod version;
pub(crate) mod vpc;
