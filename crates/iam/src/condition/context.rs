//! A request context of which some keys are known.

use maremma_model::Text;

/// The condition keys of a request, as far as they are known. Keys match without regard to case.
#[derive(Clone, Debug)]
pub struct Context {
    keys: Vec<(String, Presence)>,
    rest: Presence,
}

/// What is known of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presence {
    /// In the request, with these values; several only for a multivalued key.
    Values(Vec<Text>),
    /// Not in the request.
    Absent,
    Unknown,
}

/// A request of which nothing is known.
impl Default for Context {
    fn default() -> Self {
        Context::unknown()
    }
}

static UNKNOWN: Context = Context::unknown();

impl Context {
    pub(crate) const UNKNOWN: &'static Context = &UNKNOWN;

    /// A request of which nothing is known.
    pub const fn unknown() -> Self {
        Context {
            keys: Vec::new(),
            rest: Presence::Unknown,
        }
    }

    /// A request that has no keys but those that are added.
    pub fn empty() -> Self {
        Context {
            keys: Vec::new(),
            rest: Presence::Absent,
        }
    }

    /// Adds a key of one value, which may have holes.
    #[must_use]
    pub fn with(self, key: &str, value: impl Into<Text>) -> Self {
        self.with_values(key, [value.into()])
    }

    /// Adds a key of several values.
    #[must_use]
    pub fn with_values(self, key: &str, values: impl IntoIterator<Item = Text>) -> Self {
        self.set(key, Presence::Values(values.into_iter().collect()))
    }

    /// Says that a key is not in the request.
    #[must_use]
    pub fn without(self, key: &str) -> Self {
        self.set(key, Presence::Absent)
    }

    /// Says what is known of a key, in place of what was said of it before.
    #[must_use]
    pub fn set(mut self, key: &str, presence: Presence) -> Self {
        self.keys.retain(|(known, _)| !known.eq_ignore_ascii_case(key));
        self.keys.push((key.to_owned(), presence));
        self
    }

    /// What is known of a key.
    pub fn get(&self, key: &str) -> &Presence {
        self.keys
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(key))
            .map_or(&self.rest, |(_, presence)| presence)
    }
}
