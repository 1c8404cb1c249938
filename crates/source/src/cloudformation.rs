//! CloudFormation: templates to an estate.

mod after;
mod condition;
mod cx;
mod foreach;
mod kinds;
mod map;
mod parameter;
mod read;
mod resolve;
mod rule;
mod sam;
mod sensitive;
mod stacks;
mod template;
#[cfg(test)]
mod tests;
mod world;

pub use kinds::KINDS;
pub(crate) use read::{expanded, read};
pub(crate) use resolve::partition;
pub(crate) use stacks::nested_files;
pub(crate) use template::{is_template, looks_like_template};
pub use world::Deployment;
