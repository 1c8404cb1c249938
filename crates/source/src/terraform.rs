//! Terraform and OpenTofu: configurations, plans and states to an estate.

mod expression;
mod function;
mod scope;
mod value;
