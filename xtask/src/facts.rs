//! Facts about AWS: fetched from packages of public registries, extracted, written with their source and hash.

mod file;
mod package;
mod policies;
mod publishers;
mod runtimes;
mod sam;

use crate::paths;
use anyhow::Result;
pub(crate) use file::verify;
use package::Shelf;

/// Fetches the newest packages and writes every facts file.
pub(crate) fn renew() -> Result<()> {
    let shelf = Shelf::new(paths::target("facts"))?;
    runtimes::renew(&shelf)?;
    policies::renew(&shelf)?;
    publishers::renew(&shelf)?;
    sam::renew(&shelf)
}
