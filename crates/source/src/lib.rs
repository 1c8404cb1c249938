//! Offline readers: files to an estate.

pub mod tree;
