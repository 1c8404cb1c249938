//! CloudFormation: templates to an estate.

mod condition;
mod foreach;
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

pub(crate) use read::{Stacks, expanded};
pub(crate) use stacks::nested_files;
pub(crate) use template::{is_template, looks_like_template};
