//! In which of the undecided worlds of a template something exists.

use std::fmt;
use std::sync::Arc;

/// The conditions under which a statement exists, in the words of the document's choices
/// (`IsProd`, `not IsProd`, `Stage = prod`); all of them hold. Empty: it always exists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct World {
    words: Vec<Arc<str>>,
}

impl World {
    /// The world of everything that always exists.
    pub const ALWAYS: World = World { words: Vec::new() };

    /// Whether no condition decides it.
    pub fn is_always(&self) -> bool {
        self.words.is_empty()
    }

    /// The conditions, in the order in which the document states them.
    pub fn words(&self) -> &[Arc<str>] {
        &self.words
    }

    /// This world with one more condition; `None` where the two cannot hold together.
    pub fn with(&self, when: &Arc<str>) -> Option<World> {
        if self.words.iter().any(|word| contradicts(word, when)) {
            return None;
        }
        let mut words = self.words.clone();
        if !words.contains(when) {
            words.push(when.clone());
        }
        Some(World { words })
    }

    /// What exists in both worlds; `None` where they exclude each other.
    pub fn and(&self, other: &World) -> Option<World> {
        other
            .words
            .iter()
            .try_fold(self.clone(), |world, when| world.with(when))
    }

    /// Whether all that exists in this world also exists in `other`.
    pub fn implies(&self, other: &World) -> bool {
        other.words.iter().all(|word| self.words.contains(word))
    }
}

/// `X` against `not X`, and `Stage = a` against `Stage = b`.
fn contradicts(one: &str, other: &str) -> bool {
    let negates = |a: &str, b: &str| a.strip_prefix("not ") == Some(b);
    if negates(one, other) || negates(other, one) {
        return true;
    }
    match (one.split_once(" = "), other.split_once(" = ")) {
        (Some((name, value)), Some((same, other))) => name == same && value != other,
        _ => false,
    }
}

impl fmt::Display for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, word) in self.words.iter().enumerate() {
            let and = if i == 0 { "" } else { " and " };
            write!(f, "{and}{word}")?;
        }
        Ok(())
    }
}
