//! Terraform and OpenTofu: configurations, plans and states to an estate.

mod instance;
mod scope;
mod value;
mod words;
