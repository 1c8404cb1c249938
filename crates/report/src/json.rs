//! The report for programs: schema `maremma.scan/1`.

pub(crate) mod build;
mod escape;
pub(crate) mod schema;

#[cfg(test)]
mod tests;

pub(crate) use escape::{to_string, write};

use crate::run::Run;
use std::io::{self, Write};

/// The name and version of the schema. A field may be added within a version; what a field means
/// never changes.
pub(crate) const SCHEMA: &str = "maremma.scan/1";

/// Writes the report for programs.
///
/// # Errors
/// Those of `out`.
pub fn json(run: &Run<'_>, out: &mut impl Write) -> io::Result<()> {
    write(&build::scan(run), out)
}

/// The JSON Schema of the report, generated from the types that are written.
pub fn scan_schema() -> String {
    to_string(&schemars::schema_for!(schema::Scan<'_>))
}
