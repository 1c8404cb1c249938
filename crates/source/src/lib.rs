//! Offline readers: files to an estate. One folder a format.

mod after;
mod arn;
mod assembly;
pub mod cloudformation;
mod cx;
mod files;
mod json;
mod kinds;
mod map;
mod names;
mod props;
mod reader;
mod resources;
mod responses;
mod rows;
mod serverless;
mod site;
pub mod snapshot;
mod terraform;
pub mod tree;

pub use files::{MAX_FILE, root_of};
pub use kinds::KINDS;
pub use reader::{Options, SourceError, expanded, read, read_texts};
pub use site::Deployment;
pub use terraform::{TerraformType, terraform_snippet, terraform_types, terraform_value};
