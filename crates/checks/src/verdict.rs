//! How a verdict is made: settings judged in every world that they may be in, and what is said of them.

pub(crate) mod answer;
pub(crate) mod findings;
pub(crate) mod given;
pub(crate) mod judge;
pub(crate) mod possible;
pub(crate) mod presence;
