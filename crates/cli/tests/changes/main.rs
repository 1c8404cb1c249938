//! What lies between two targets, baselines that follow moved files, fixes that are written, and what CI runs.

mod baseline;
mod ci;
mod diff;
mod fix;
mod scratch;
