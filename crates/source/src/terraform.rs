//! Terraform and OpenTofu: configurations, plans and states to an estate.

mod scope;
mod value;
