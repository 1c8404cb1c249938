//! A setting of a resource: written, defaulted, unset or unknown, and where.

use crate::place::Location;
use crate::text::Why;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One attribute. A check matches on `state`, so that its author decides what *unknown* and
/// *default* mean.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Setting<T> {
    pub state: State<T>,
    /// The value where it is written; where it is not, the resource or block that lacks it.
    pub at: Location,
    /// How the value came about where it is not written there: `by the default of parameter Stage`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Arc<str>>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State<T> {
    Set(T),
    /// Not written; AWS documents this default.
    Default(T),
    /// Not written, and without a default.
    Unset,
    Unknown(Unknown<T>),
}

/// A value that the input does not decide, with the values that it may take where they are known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Unknown<T> {
    pub why: Why,
    /// Empty where nothing is known; otherwise all of the possible values.
    pub candidates: Vec<Candidate<T>>,
}

/// One value that an unknown setting may take.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Candidate<T> {
    /// `Set`, `Default`, `Unset`, or again `Unknown` without candidates.
    pub state: State<T>,
    /// When it holds, in words: `IsProd`, `Stage = prod`.
    pub when: Arc<str>,
    pub at: Location,
}

impl<T> Setting<T> {
    pub fn set(value: T, at: impl Into<Location>) -> Self {
        Setting {
            state: State::Set(value),
            at: at.into(),
            by: None,
        }
    }

    pub fn default(value: T, at: impl Into<Location>) -> Self {
        Setting {
            state: State::Default(value),
            at: at.into(),
            by: None,
        }
    }

    pub fn unset(at: impl Into<Location>) -> Self {
        Setting {
            state: State::Unset,
            at: at.into(),
            by: None,
        }
    }

    pub fn unknown(why: Why, at: impl Into<Location>) -> Self {
        Setting {
            state: State::Unknown(Unknown {
                why,
                candidates: Vec::new(),
            }),
            at: at.into(),
            by: None,
        }
    }

    /// The value, written or defaulted, where it is known.
    pub fn value(&self) -> Option<&T> {
        self.state.value()
    }

    pub fn is_unset(&self) -> bool {
        matches!(self.state, State::Unset)
    }

    pub fn is_unknown(&self) -> bool {
        matches!(self.state, State::Unknown(_))
    }

    /// Every value that the setting may take as far as is known: the value itself, or the candidates'.
    pub fn possible(&self) -> impl Iterator<Item = &T> {
        let (known, candidates) = match &self.state {
            State::Set(value) | State::Default(value) => (Some(value), &[][..]),
            State::Unset => (None, &[][..]),
            State::Unknown(unknown) => (None, unknown.candidates.as_slice()),
        };
        known
            .into_iter()
            .chain(candidates.iter().filter_map(|candidate| candidate.state.value()))
    }

    /// The same setting of another type.
    pub fn map<U>(self, mut f: impl FnMut(T) -> U) -> Setting<U> {
        Setting {
            state: self.state.map(&mut f),
            at: self.at,
            by: self.by,
        }
    }

    /// The setting with AWS's documented default in place of `Unset`, in every world.
    pub fn or_default(mut self, default: T) -> Self
    where
        T: Clone,
    {
        self.state.fill(&default);
        self
    }
}

impl<T> State<T> {
    pub fn value(&self) -> Option<&T> {
        match self {
            State::Set(value) | State::Default(value) => Some(value),
            State::Unset | State::Unknown(_) => None,
        }
    }

    fn map<U>(self, f: &mut impl FnMut(T) -> U) -> State<U> {
        match self {
            State::Set(value) => State::Set(f(value)),
            State::Default(value) => State::Default(f(value)),
            State::Unset => State::Unset,
            State::Unknown(unknown) => State::Unknown(Unknown {
                why: unknown.why,
                candidates: unknown
                    .candidates
                    .into_iter()
                    .map(|c| Candidate {
                        state: c.state.map(f),
                        when: c.when,
                        at: c.at,
                    })
                    .collect(),
            }),
        }
    }

    fn fill(&mut self, default: &T)
    where
        T: Clone,
    {
        match self {
            State::Unset => *self = State::Default(default.clone()),
            State::Unknown(unknown) => {
                for candidate in &mut unknown.candidates {
                    candidate.state.fill(default);
                }
            }
            State::Set(_) | State::Default(_) => {}
        }
    }
}
