//! Hostile input end to end: an error or a gap that names file and line, the files beside it still
//! scanned, never a panic, never silence, never a secret.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may panic, and so may what helps it"
)]

mod files;
mod markup;
mod scratch;
mod secrets;
mod size;
mod terminal;
mod text;
