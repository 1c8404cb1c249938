//! Where things are in the repository.

use std::path::{Path, PathBuf};

/// The repository's root.
pub(crate) fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

pub(crate) fn facts_data() -> PathBuf {
    root().join("crates/facts/data")
}

/// Build products of the chores, never committed.
pub(crate) fn target(name: &str) -> PathBuf {
    root().join("target").join(name)
}
