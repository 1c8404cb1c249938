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
mod instance;
mod loaded;
mod lower;
mod module;
mod names;
mod plan;
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
mod words;

pub(crate) use configuration::{Configurations, configurations};
pub(crate) use plan::{looks_planned, read as planned};
pub(crate) use source::Files;
pub use words::{TerraformType, is_terraform, terraform_snippet, terraform_types, terraform_value};
pub(crate) use words::{cfn_type, translate};

/// Whether a file is one of a configuration, or what Terragrunt makes one of, by its name.
pub(crate) fn concerns(path: &std::path::Path) -> bool {
    path.file_name()
        .and_then(|name| name.to_str())
        .is_some_and(directory::concerns)
}
