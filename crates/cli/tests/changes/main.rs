//! What lies between two targets, baselines that follow moved files, fixes that are written, and what CI runs.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may panic, and so may what helps it"
)]

mod baseline;
mod ci;
mod diff;
mod fix;
mod scratch;
