//! The two questions about symbol sequences, each in one pass over a table of positions: time is
//! the product of the lengths, whatever the wildcards.

use super::symbol::{Symbol, holds_no_colon, holds_no_wildcard, same};

/// Whether every string of `subject` is one of `pattern`, whatever the holes stand for.
pub(super) fn covers(pattern: &[Symbol<'_>], subject: &[Symbol<'_>]) -> bool {
    // reached[i]: the pattern so far covers the first i symbols of the subject.
    let mut reached = vec![false; subject.len() + 1];
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    for symbol in pattern {
        let mut before = false;
        let mut carried = false;
        for (i, here) in reached.iter_mut().enumerate() {
            let consumed = i.checked_sub(1).and_then(|i| subject.get(i));
            let was = *here;
            *here = match (symbol, consumed) {
                (Symbol::Many { crosses }, Some(consumed)) => was || (carried && absorbs(*crosses, consumed)),
                (Symbol::Many { .. }, None) => was,
                (symbol, Some(consumed)) => before && equals(symbol, consumed),
                (_, None) => false,
            };
            before = was;
            carried = *here;
        }
    }
    reached.last().copied().unwrap_or(false)
}

/// Whether `*` takes up the symbol, whatever it stands for.
fn absorbs(crosses: bool, symbol: &Symbol<'_>) -> bool {
    crosses
        || match symbol {
            Symbol::Char(c) => *c != ':',
            Symbol::One { crosses } | Symbol::Many { crosses } => !crosses,
            Symbol::Hole(hole) => hole.is_some_and(holds_no_colon),
        }
}

/// Whether a symbol other than `*` covers all that one symbol of the subject stands for.
fn equals(pattern: &Symbol<'_>, subject: &Symbol<'_>) -> bool {
    match (pattern, subject) {
        (Symbol::Char(a), Symbol::Char(b)) => a == b,
        (Symbol::One { crosses }, Symbol::Char(c)) => *crosses || *c != ':',
        (Symbol::One { crosses }, Symbol::One { crosses: other }) => *crosses || !other,
        (Symbol::Hole(a), Symbol::Hole(b)) => same(*a, *b),
        _ => false,
    }
}

/// Whether the holes may stand for something so that every string of `subject` is one of `pattern`.
///
/// What has a wildcard in the subject must be taken up by a wildcard; a hole of the pattern may hold
/// one unless it is a value that AWS makes.
pub(super) fn may_cover(pattern: &[Symbol<'_>], subject: &[Symbol<'_>]) -> bool {
    walk(pattern, subject, |symbol, opposite| {
        let down = symbol.is_some_and(|s| is_many(s) || opposite.is_some_and(|o| takes_over(o, s)));
        let right = opposite.is_some_and(|o| o.is_hole() || symbol.is_some_and(|s| takes_for_all(s, o)));
        (down, right, symbol.zip(opposite).is_some_and(|(s, o)| meets(s, o)))
    })
}

/// Whether a symbol of the subject may leave one of the pattern behind: a hole may be what the pattern
/// wants, and of a `*` one character may be what a `?` wants.
fn takes_over(subject: &Symbol<'_>, pattern: &Symbol<'_>) -> bool {
    subject.is_hole() || (subject.is_many() && pattern.is_one())
}

/// Whether `many` may take up `symbol`, whatever that stands for, and stay.
fn takes_for_all(many: &Symbol<'_>, symbol: &Symbol<'_>) -> bool {
    let plain = matches!(many, Symbol::Hole(hole) if hole.is_none_or(holds_no_wildcard));
    !(plain && (symbol.is_many() || symbol.is_one())) && takes(many, symbol)
}

/// Whether some string is one of both, holes standing for anything.
pub(super) fn overlap(one: &[Symbol<'_>], other: &[Symbol<'_>]) -> bool {
    walk(one, other, |symbol, opposite| {
        let down = symbol.is_some_and(|s| is_many(s) || opposite.is_some_and(|o| takes(o, s)));
        let right = opposite.is_some_and(|o| is_many(o) || symbol.is_some_and(|s| takes(s, o)));
        (down, right, symbol.zip(opposite).is_some_and(|(s, o)| meets(s, o)))
    })
}

/// Whether the ends of both are reached together. `steps` says, from the symbols at hand, whether the
/// first sequence may move on, whether the second may, and whether both may.
fn walk(
    one: &[Symbol<'_>],
    other: &[Symbol<'_>],
    steps: impl Fn(Option<&Symbol<'_>>, Option<&Symbol<'_>>) -> (bool, bool, bool),
) -> bool {
    let mut row = vec![false; other.len() + 1];
    if let Some(start) = row.first_mut() {
        *start = true;
    }
    for i in 0..=one.len() {
        let mut next = vec![false; other.len() + 1];
        let mut from_left = false;
        for (j, here) in row.iter().enumerate() {
            let here = *here || from_left;
            from_left = false;
            if !here {
                continue;
            }
            if i == one.len() && j == other.len() {
                return true;
            }
            let (down, right, both) = steps(one.get(i), other.get(j));
            from_left = right;
            if let (true, Some(below)) = (down, next.get_mut(j)) {
                *below = true;
            }
            if let (true, Some(diagonal)) = (both, next.get_mut(j + 1)) {
                *diagonal = true;
            }
        }
        row = next;
    }
    false
}

fn is_many(symbol: &Symbol<'_>) -> bool {
    matches!(symbol, Symbol::Many { .. } | Symbol::Hole(_))
}

/// Whether `many` may take up `symbol` and stay.
fn takes(many: &Symbol<'_>, symbol: &Symbol<'_>) -> bool {
    match (many, symbol) {
        (Symbol::Hole(hole), Symbol::Char(':')) => !hole.is_some_and(holds_no_colon),
        (Symbol::Many { crosses }, Symbol::Char(':')) => *crosses,
        (Symbol::Hole(_) | Symbol::Many { .. }, _) => true,
        _ => false,
    }
}

/// Whether two single symbols may stand for the same character.
fn meets(one: &Symbol<'_>, other: &Symbol<'_>) -> bool {
    match (one, other) {
        (Symbol::Char(a), Symbol::Char(b)) => a == b,
        (Symbol::One { crosses }, Symbol::Char(c)) | (Symbol::Char(c), Symbol::One { crosses }) => {
            *crosses || *c != ':'
        }
        (Symbol::One { .. }, Symbol::One { .. }) => true,
        _ => false,
    }
}
