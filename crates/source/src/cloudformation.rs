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
mod sensitive;
mod template;
#[cfg(test)]
mod tests;
mod world;

pub use kinds::KINDS;
pub(crate) use read::read;
pub(crate) use template::{is_template, looks_like_template};
pub use world::Deployment;
