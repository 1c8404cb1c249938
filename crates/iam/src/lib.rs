//! The policy language: parse, match, evaluate conditions, and say whom a statement admits.

pub mod condition;
mod error;
mod logic;
mod pattern;
mod policy;
mod read;
mod world;

pub use error::PolicyError;
pub use logic::Match;
pub use policy::{
    Condition, Effect, Leaf, Policy, Principal, PrincipalKind, Principals, Selection, Statement, Unread, Version,
};
pub use world::World;
