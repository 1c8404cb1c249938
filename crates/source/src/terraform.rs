//! Terraform and OpenTofu: configurations, plans and states to an estate.

mod block;
mod body;
mod configuration;
mod constraint;
mod data;
mod directory;
mod each;
mod evaluation;
mod expression;
mod function;
mod loaded;
mod lower;
mod module;
mod names;
mod policy_document;
mod provider;
mod resource;
mod scope;
mod sensitive;
mod source;
#[cfg(test)]
mod tests;
mod value;
mod variable;
