//! Conditions, evaluated by value and three-valued against a request that may be known in part.
//!
//! Keys and operators must all hold, of the values one; a negated operator holds where no value
//! matches, and also where the key is not in the request.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

mod address;
mod binary;
mod context;
mod date;
mod evaluate;
mod number;
mod operator;
#[cfg(test)]
mod tests;
pub(crate) mod variable;

pub use address::Network;
pub use context::{Context, Presence};
pub use evaluate::evaluate;
pub use operator::{Operator, Order, SetOperator, StringTest, Test};
