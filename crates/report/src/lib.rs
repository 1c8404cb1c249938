//! Findings to text, JSON, SARIF and HTML; a check's page and the catalogue to a terminal.
//!
//! Every report is a pure function of a [`Run`]. What may be a secret is masked in all of them, and
//! what could move a terminal's cursor is neutralised before it gets there.

mod catalogue;
mod cause;
mod frame;
mod html;
mod json;
mod mask;
mod order;
mod page;
mod paste;
mod plain;
mod run;
mod sarif;
mod source;
mod style;
mod text;
mod window;

#[cfg(test)]
mod fixture;

pub use catalogue::{catalogue_json, catalogue_text};
pub use html::html;
pub use json::{json, scan_schema};
pub use page::{Reference, page, prose, references};
pub use plain::block as harmless;
pub use run::{DatedFacts, NotAssessed, Note, Options, Run, Tool};
pub use sarif::sarif;
pub use text::{TextOptions, text};
