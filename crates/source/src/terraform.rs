//! Terraform and OpenTofu: configurations, plans and states to an estate.

mod data;
mod expression;
mod function;
mod policy_document;
mod scope;
mod value;
