//! Offline readers: files to an estate. One folder a format.

mod arn;
mod assembly;
pub mod cloudformation;
mod files;
mod json;
mod names;
mod props;
mod reader;
pub mod snapshot;
pub mod tree;

pub use cloudformation::Deployment;
pub use files::{MAX_FILE, root_of};
pub use reader::{Options, SourceError, expanded, read, read_texts};
