//! Three-valued answers: yes, no, and not decided by what is known.

use std::ops::Not;

/// An answer about something that may be known only in part.
///
/// `Yes` and `No` hold for every value that the holes may take; `Unknown` is said where they decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Match {
    Yes,
    No,
    Unknown,
}

impl Match {
    /// It holds, whatever the unknown parts are.
    pub fn is_yes(self) -> bool {
        self == Match::Yes
    }

    /// It does not hold, whatever the unknown parts are.
    pub fn is_no(self) -> bool {
        self == Match::No
    }

    /// The unknown parts decide it.
    pub fn is_unknown(self) -> bool {
        self == Match::Unknown
    }

    /// Kleene's conjunction: `No` decides alone.
    #[must_use]
    pub fn and(self, other: Match) -> Match {
        match (self, other) {
            (Match::No, _) | (_, Match::No) => Match::No,
            (Match::Yes, Match::Yes) => Match::Yes,
            _ => Match::Unknown,
        }
    }

    /// Kleene's disjunction: `Yes` decides alone.
    #[must_use]
    pub fn or(self, other: Match) -> Match {
        !(!self).and(!other)
    }

    /// Whether all hold; `Yes` for none.
    pub fn all(answers: impl IntoIterator<Item = Match>) -> Match {
        let mut all = Match::Yes;
        for answer in answers {
            all = all.and(answer);
            if all.is_no() {
                break;
            }
        }
        all
    }

    /// Whether any holds; `No` for none.
    pub fn any(answers: impl IntoIterator<Item = Match>) -> Match {
        !Match::all(answers.into_iter().map(|answer| !answer))
    }
}

impl From<bool> for Match {
    fn from(known: bool) -> Self {
        if known { Match::Yes } else { Match::No }
    }
}

impl Not for Match {
    type Output = Match;

    fn not(self) -> Match {
        match self {
            Match::Yes => Match::No,
            Match::No => Match::Yes,
            Match::Unknown => Match::Unknown,
        }
    }
}
