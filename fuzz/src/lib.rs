//! One target a parser: a plain function of bytes that must neither panic nor run away. The tests run
//! them on a corpus with mutations; `cargo fuzz` may drive the same functions.

mod mutate;
mod reshape;
pub mod targets;

pub use mutate::{Mutator, WORDS};
pub use targets::{TARGETS, Target};
