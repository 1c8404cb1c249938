//! The policy language: parse, match, evaluate conditions, and say whom a statement admits.

mod admit;
mod arn;
pub mod condition;
mod error;
mod grant;
mod logic;
mod pattern;
mod policy;
mod read;
mod select;
mod view;
mod world;

pub use admit::{
    Admission, Doubt, Limit, LimitKind, Owner, Party, Public, Scope, Source, Who, admits, admits_after_denies,
};
pub use arn::Arn;
pub use error::PolicyError;
pub use grant::{Boundary, Grant, Granted, IdentityPolicies, On, Question, grants};
pub use logic::Match;
pub use policy::{
    Condition, Effect, Leaf, Policy, Principal, PrincipalKind, Principals, Selection, Statement, Unread, Version,
};
pub use view::{Account, Standing, View};
pub use world::World;
