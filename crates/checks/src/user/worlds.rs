//! The worlds that an input leaves open, one after the other.

use maremma_model::Why;
use std::sync::Arc;

/// More of them are not gone through.
pub(crate) const MOST: usize = 64;

/// Which world an evaluation is in. What is chosen is remembered: two settings that hang on one condition
/// are in the same world.
#[derive(Debug, Default)]
pub(crate) struct Worlds {
    choices: Vec<Choice>,
    seen: usize,
}

#[derive(Debug)]
struct Choice {
    why: Why,
    /// When each of the possible values holds, in words.
    when: Vec<Arc<str>>,
    at: usize,
}

impl Worlds {
    /// Which of the values holds here.
    pub(crate) fn choose(&mut self, why: &Why, when: Vec<Arc<str>>) -> usize {
        let same = |choice: &&Choice| {
            choice.why == *why && choice.when.len() == when.len() && choice.when.iter().all(|one| when.contains(one))
        };
        if let Some(choice) = self.choices.iter().find(same) {
            let chosen = choice.when.get(choice.at);
            let found = chosen.and_then(|chosen| when.iter().position(|one| one == chosen));
            let plain = choice.when == when;
            return if plain { choice.at } else { found.unwrap_or(0) };
        }
        self.choices.push(Choice {
            why: why.clone(),
            when,
            at: 0,
        });
        0
    }

    /// What the world hangs on.
    pub(crate) fn whys(&self) -> impl Iterator<Item = &Why> {
        self.choices.iter().map(|choice| &choice.why)
    }

    /// Goes to the next world; `Ok(false)` where there is none.
    ///
    /// # Errors
    /// There are too many.
    pub(crate) fn next(&mut self) -> Result<bool, ()> {
        self.seen += 1;
        while let Some(last) = self.choices.last_mut() {
            if last.at + 1 < last.when.len() {
                last.at += 1;
                return if self.seen < MOST { Ok(true) } else { Err(()) };
            }
            self.choices.pop();
        }
        Ok(false)
    }
}
