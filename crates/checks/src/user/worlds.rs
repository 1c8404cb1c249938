//! The worlds that an input leaves open, one after the other.

use maremma_model::{Existence, Why};
use std::sync::Arc;

/// More of them are not gone through.
pub(crate) const MOST: usize = 64;

/// Which world an evaluation is in. What is chosen is remembered: two settings that hang on one condition
/// are in the same world.
#[derive(Clone, Debug, Default)]
pub(crate) struct Worlds {
    choices: Vec<Choice>,
    seen: usize,
}

#[derive(Clone, Debug)]
struct Choice {
    why: Why,
    /// When each of the possible values holds, in words.
    when: Vec<Arc<str>>,
    at: usize,
    /// In all worlds that are gone through.
    fixed: bool,
}

impl Worlds {
    /// The worlds where a resource exists.
    pub(crate) fn of(exists: &Existence) -> Self {
        let mut worlds = Worlds::default();
        worlds.exists(exists);
        worlds.choices.iter_mut().for_each(|choice| choice.fixed = true);
        worlds
    }

    /// Whether a resource exists here.
    pub(crate) fn exists(&mut self, exists: &Existence) -> bool {
        match exists {
            Existence::Always => true,
            Existence::When(words) | Existence::OffByDefault(words) => {
                let not = format!("not {words}").into();
                self.choose(&Why::Condition(words.clone()), vec![words.clone(), not]) == 0
            }
        }
    }

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
            fixed: false,
        });
        0
    }

    /// What the world hangs on.
    pub(crate) fn whys(&self) -> impl Iterator<Item = &Why> {
        let open = self.choices.iter().filter(|choice| !choice.fixed);
        open.map(|choice| &choice.why)
    }

    /// When this world is, in words; nothing where there is but one.
    pub(crate) fn when(&self) -> String {
        let open = self.choices.iter().filter(|choice| !choice.fixed);
        let words = open.filter_map(|choice| choice.when.get(choice.at));
        words.map(|words| &**words).collect::<Vec<_>>().join(" and ")
    }

    /// Goes to the next world; `Ok(false)` where there is none.
    ///
    /// # Errors
    /// There are too many.
    pub(crate) fn next(&mut self) -> Result<bool, ()> {
        self.seen += 1;
        while let Some(last) = self.choices.last_mut().filter(|choice| !choice.fixed) {
            if last.at + 1 < last.when.len() {
                last.at += 1;
                return if self.seen < MOST { Ok(true) } else { Err(()) };
            }
            self.choices.pop();
        }
        Ok(false)
    }
}
