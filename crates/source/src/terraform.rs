//! Terraform and OpenTofu: configurations, plans and states to an estate.

mod instance;
mod plan;
mod scope;
mod value;
mod words;
