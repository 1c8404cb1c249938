//! Terraform and OpenTofu: configurations, plans and states to an estate.

mod instance;
mod plan;
mod scope;
mod value;
mod words;

pub(crate) use plan::{looks_planned, read as planned};
pub(crate) use words::{cfn_type, translate};
