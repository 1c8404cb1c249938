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

    /// Whether one of the worlds holds whatever the conditions come to: `IsProd` and `not IsProd`.
    /// Values of a parameter (`Stage = prod`) never do, because the words do not say how many there are.
    pub fn exhaust(worlds: &[&World]) -> bool {
        let all: Vec<Vec<&str>> = worlds
            .iter()
            .map(|world| world.words.iter().map(|word| &**word).collect())
            .collect();
        exhausted(all)
    }

    /// Whether all that exists in this world also exists in `other`.
    pub fn implies(&self, other: &World) -> bool {
        other.words.iter().all(|word| self.words.contains(word))
    }
}

/// Splits on the first condition: its yes and its no must both be exhausted. A split takes a
/// condition out of every world, and more worlds than `MOST` are not decided.
fn exhausted(worlds: Vec<Vec<&str>>) -> bool {
    const MOST: usize = 64;
    if worlds.iter().any(Vec::is_empty) {
        return true;
    }
    let Some(first) = worlds.first().and_then(|world| world.first()) else {
        return false;
    };
    if worlds.len() > MOST {
        return false;
    }
    let plain = first.strip_prefix("not ").unwrap_or(first);
    let negated = format!("not {plain}");
    let without = |held: &str, lost: &str| -> Vec<Vec<&str>> {
        let left = worlds.iter().filter(|world| !world.contains(&lost));
        left.map(|world| world.iter().copied().filter(|word| *word != held).collect())
            .collect()
    };
    exhausted(without(plain, &negated)) && exhausted(without(&negated, plain))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn world(words: &[&str]) -> World {
        World {
            words: words.iter().map(|word| (*word).into()).collect(),
        }
    }

    #[test]
    fn worlds_that_hold_whatever_the_conditions_come_to() {
        let exhaust = |worlds: &[World]| World::exhaust(&worlds.iter().collect::<Vec<_>>());
        assert!(exhaust(&[world(&[])]));
        assert!(exhaust(&[world(&["A"]), world(&["not A"])]));
        assert!(exhaust(&[world(&["A"]), world(&["not A", "B"]), world(&["not B"])]));
        assert!(!exhaust(&[]));
        assert!(!exhaust(&[world(&["A"])]));
        assert!(!exhaust(&[world(&["A", "B"]), world(&["not A", "not B"])]));
        assert!(!exhaust(&[world(&["Stage = dev"]), world(&["Stage = prod"])]));
    }
}
