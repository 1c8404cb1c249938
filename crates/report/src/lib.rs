//! Findings to text, JSON, SARIF and HTML; a check's page and the catalogue to a terminal.
//!
//! Every report is a pure function of a [`Run`]. What may be a secret is masked in all of them, and
//! what could move a terminal's cursor is neutralised before it gets there.

mod catalogue;
mod controls;
mod csv;
mod difference;
mod frame;
mod github;
mod html;
mod json;
mod junit;
mod markdown;
mod mask;
mod ocsf;
mod order;
mod page;
mod patch;
mod plain;
mod remedy;
mod run;
mod sarif;
mod source;
mod style;
mod text;
mod window;

#[cfg(test)]
mod fixture;

pub use catalogue::{catalogue_json, catalogue_text};
pub use controls::natural_order;
pub use csv::csv;
pub use difference::{Difference, Side, diff_json, diff_markdown, diff_schema, diff_text};
pub use github::github;
pub use html::html;
pub use json::{json, scan_schema};
pub use junit::junit;
pub use markdown::markdown;
pub use ocsf::ocsf;
pub use page::{Reference, page, prose, references};
pub use patch::patch;
pub use plain::block as harmless;
pub use run::{DatedFacts, NotAssessed, Note, Options, Run, Scope, Tool};
pub use sarif::sarif;
pub use text::{TextOptions, text};
