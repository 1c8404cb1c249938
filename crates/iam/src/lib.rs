//! The policy language: parse, match, evaluate conditions, and say whom a statement admits.
//!
//! A document of the estate is read once into a [`Policy`]; every question is asked of its
//! statements. All answers are three-valued ([`Match`]): a text may have holes, a template may have
//! worlds that nothing decides between, and what is not known is said, never guessed.
//!
//! | question | answered by |
//! |---|---|
//! | whom does a statement admit, and under which limits? | [`admits`] |
//! | and after the denies of its policy? | [`admits_after_denies`], [`Policy::admissions`] |
//! | which actions and resources does it select? | [`Statement::covers_action`] and its neighbours |
//! | what do the policies of a role grant? | [`grants`], and one statement of them: [`grants_by`] |
//! | does a condition hold in a request? | [`condition::evaluate`] |
//!
//! # Example
//!
//! A bucket policy that looks public and is not, and a role that may hand on any role:
//!
//! ```
//! use maremma_iam::{Grant, IdentityPolicies, Match, Policy, Question, View, Who, grants};
//! use maremma_model::{Document, Place};
//!
//! let bucket = Document::string(
//!     r#"{"Version": "2012-10-17", "Statement": [
//!         {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::orders/*"},
//!         {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "arn:aws:s3:::orders/*",
//!          "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-example"}}}]}"#,
//!     Place::default(),
//! );
//! let policy = Policy::read(&bucket);
//! assert!(policy.is_complete());
//!
//! let view = View::default();
//! for (statement, admission) in policy.admissions(&view) {
//!     assert!(statement.covers_action("s3:GetObject").is_yes());
//!     assert_eq!(admission.is_public(), Match::No);
//!     assert!(matches!(admission.parties[0].who, Who::Organization { .. }));
//!     assert_eq!(admission.parties[0].limits_in_words(), "limited to organization o-example");
//! }
//!
//! let role = Document::string(
//!     r#"{"Statement": {"Effect": "Allow", "Action": "iam:Pass*", "Resource": "arn:aws:iam::*:role/*"}}"#,
//!     Place::default(),
//! );
//! let role = Policy::read(&role);
//! let identity = IdentityPolicies { policies: vec![&role], ..IdentityPolicies::default() };
//! assert!(matches!(grants(&identity, &Question::PASS_ANY_ROLE), Grant::Granted(_)));
//! assert!(matches!(grants(&identity, &Question::ADMIN), Grant::NotGranted));
//! ```

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
pub use grant::{Boundary, Grant, Granted, IdentityPolicies, On, Question, grants, grants_by};
pub use logic::Match;
pub use pattern::overlap;
pub use policy::{
    Condition, Effect, Leaf, Policy, Principal, PrincipalKind, Principals, Selection, Statement, Unread, Version,
};
pub use view::{Account, Standing, View};
pub use world::World;

/// How many cases a property test tries: this many, or more where `PROPTEST_CASES` asks for more.
#[cfg(test)]
fn cases(count: u32) -> proptest::prelude::ProptestConfig {
    let asked = proptest::prelude::ProptestConfig::default();
    proptest::prelude::ProptestConfig {
        cases: asked.cases.max(count),
        ..asked
    }
}
