//! Wildcard patterns over texts with holes, answered three-valued.
//!
//! `*` stands for any characters and `?` for one. A hole is not a wildcard and not nothing: it is one
//! string that is not known. An answer is `Yes` or `No` only where every string in the place of the
//! holes gives it.
//!
//! In an ARN a wildcard in one of the first five segments does not cross a colon; the last segment
//! is free, and a pattern of fewer segments that ends in `*` covers all that follows.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>

mod literal;
mod symbol;
#[cfg(test)]
mod tests;
mod walk;

use crate::condition::Context;
use crate::logic::Match;
use crate::policy::Version;
use maremma_model::Text;
use symbol::{Reading, Symbol, symbols};
pub(crate) use symbol::{Syntax, holds_no_wildcard};

/// Larger products of pattern and subject are not walked: no policy of AWS is near it.
const MAX_STEPS: usize = 1 << 24;

/// How a pattern is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grammar<'a> {
    pub syntax: Syntax,
    pub fold_case: bool,
    /// `*` and `?` are wildcards; otherwise they are characters.
    pub wildcards: bool,
    /// The request that policy variables (`${aws:username}`) are taken from; `None` where they are
    /// plain characters.
    pub variables: Option<&'a Context>,
}

impl<'a> Grammar<'a> {
    pub(crate) const ACTION: Grammar<'static> = Grammar {
        syntax: Syntax::Action,
        fold_case: true,
        wildcards: true,
        variables: None,
    };

    pub(crate) const ARN: Grammar<'static> = Grammar {
        syntax: Syntax::Arn,
        fold_case: false,
        wildcards: true,
        variables: None,
    };

    pub(crate) const STRING: Grammar<'static> = Grammar {
        syntax: Syntax::Free,
        fold_case: false,
        wildcards: true,
        variables: None,
    };

    /// With policy variables, where this version of the language has them; where the version is not
    /// known, neither is what a variable stands for.
    pub(crate) fn with_variables(self, version: Version, context: &'a Context) -> Grammar<'a> {
        let variables = match version {
            Version::V2008 => None,
            Version::V2012 => Some(context),
            Version::Unknown => Some(Context::UNKNOWN),
        };
        Grammar { variables, ..self }
    }
}

/// Whether the texts differ before anything in them stands for more than itself, which most pairs of
/// patterns do: then no string is of both.
fn apart(one: &Text, other: &Text, fold_case: bool) -> bool {
    let known = |text: &Text| {
        let prefix = text.prefix().as_bytes();
        let more = prefix.iter().position(|byte| matches!(byte, b'*' | b'?' | b'$'));
        more.unwrap_or(prefix.len())
    };
    let ends = |text: &Text, end: usize| text.as_literal().is_some_and(|text| text.len() == end);
    let (end, other_end) = (known(one), known(other));
    let (one_text, other_text) = (one.prefix().as_bytes(), other.prefix().as_bytes());
    let length = end.min(other_end);
    let heads = one_text.get(..length).zip(other_text.get(..length));
    let same = heads.is_none_or(|(a, b)| if fold_case { a.eq_ignore_ascii_case(b) } else { a == b });
    // One is at its end where the other goes on.
    let short = (ends(one, end) && end < other_end) || (ends(other, other_end) && other_end < end);
    !same || short
}

/// Whether `pattern` covers `subject`, a plain string that may have holes.
pub(crate) fn matches(pattern: &Text, subject: &Text, grammar: Grammar<'_>) -> Match {
    if let (Text::Literal(pattern), Text::Literal(subject)) = (pattern, subject)
        && !(grammar.variables.is_some() && pattern.contains("${"))
    {
        return literal::matches(pattern, subject, grammar).into();
    }
    if apart(pattern, subject, grammar.fold_case) {
        return Match::No;
    }
    relate(pattern, subject, grammar, false)
}

/// Whether `pattern` covers everything that the pattern `other` covers.
pub(crate) fn covers(pattern: &Text, other: &Text, grammar: Grammar<'_>) -> Match {
    if apart(pattern, other, grammar.fold_case) {
        return Match::No;
    }
    if let (Text::Literal(pattern), Text::Literal(other)) = (pattern, other)
        && !(grammar.variables.is_some() && (pattern.contains("${") || other.contains("${")))
    {
        let strict = grammar.syntax.strict_segments();
        if pattern == other {
            return Match::Yes;
        }
        if !other.contains(['*', '?']) {
            return literal::matches(pattern, other, grammar).into();
        }
        // A `*` takes up one of the other as it does a character, where both stand in the same segment.
        let aligned = other.matches(':').take(strict).count() == strict;
        if grammar.wildcards && aligned && !pattern.contains('?') && literal::matches(pattern, other, grammar) {
            return Match::Yes;
        }
        // Without a wildcard it is one string, and the other is many.
        if !pattern.contains(['*', '?']) {
            return Match::No;
        }
    }
    relate(pattern, other, grammar, true)
}

/// Whether some string is covered by both patterns.
pub(crate) fn overlaps(one: &Text, other: &Text, grammar: Grammar<'_>) -> Match {
    match meet(one, grammar, other, grammar) {
        Match::Unknown => covers(one, other, grammar)
            .or(covers(other, one, grammar))
            .or(Match::Unknown),
        known => known,
    }
}

/// Whether some plain string is covered by both patterns, which have no segments: names, keys of objects.
pub fn overlap(one: &Text, other: &Text) -> Match {
    overlaps(one, other, Grammar::STRING)
}

/// The same for patterns of different grammars.
pub(crate) fn meet(one: &Text, grammar: Grammar<'_>, other: &Text, other_grammar: Grammar<'_>) -> Match {
    if apart(one, other, grammar.fold_case || other_grammar.fold_case) {
        return Match::No;
    }
    let both = symbols(one, grammar, Reading::Most).zip(symbols(other, other_grammar, Reading::Most));
    let Some((a, b)) = both else {
        return Match::No;
    };
    let holed = a.iter().chain(&b).any(Symbol::is_hole);
    match within_bounds(a.len(), b.len()).then(|| walk::overlap(&a, &b)) {
        Some(false) => Match::No,
        Some(true) if !holed => Match::Yes,
        _ => Match::Unknown,
    }
}

fn relate(pattern: &Text, subject: &Text, grammar: Grammar<'_>, subject_is_pattern: bool) -> Match {
    let subject_grammar = Grammar {
        wildcards: grammar.wildcards && subject_is_pattern,
        variables: grammar.variables.filter(|_| subject_is_pattern),
        ..grammar
    };
    let certain = symbols(pattern, grammar, Reading::Least).zip(symbols(subject, subject_grammar, Reading::Most));
    let Some((sure, asked)) = certain else {
        return Match::No;
    };
    if !within_bounds(sure.len(), asked.len()) {
        return Match::Unknown;
    }
    if walk::covers(&sure, &asked) {
        return Match::Yes;
    }
    if !sure.iter().chain(&asked).any(Symbol::is_hole) {
        return unless_between(&sure, &asked);
    }
    let possible = symbols(pattern, grammar, Reading::Most).is_none_or(|most| walk::may_cover(&most, &asked));
    if possible { Match::Unknown } else { Match::No }
}

/// The walk takes `*` of the subject as one piece, of which `?` covers no part, so that `*?` is not
/// seen to cover `*a`. `No` is said where a string shows it: with nothing or with much for each `*`.
fn unless_between(pattern: &[Symbol<'_>], subject: &[Symbol<'_>]) -> Match {
    let ones = pattern.iter().filter(|symbol| symbol.is_one()).count();
    let manys = subject.iter().filter(|symbol| symbol.is_many()).count();
    if ones == 0 || manys == 0 {
        return Match::No;
    }
    let longest = subject.len().saturating_add(manys.saturating_mul(ones + 1));
    if !within_bounds(pattern.len(), longest) {
        return Match::Unknown;
    }
    let covered = |count: usize| {
        let with: Vec<_> = subject
            .iter()
            .flat_map(|symbol| match symbol {
                Symbol::Many { .. } => std::iter::repeat_n(Symbol::Char('\u{F8F3}'), count),
                other => std::iter::repeat_n(*other, 1),
            })
            .collect();
        walk::covers(pattern, &with)
    };
    if covered(0) && covered(ones + 1) {
        Match::Unknown
    } else {
        Match::No
    }
}

fn within_bounds(pattern: usize, subject: usize) -> bool {
    pattern.saturating_add(1).saturating_mul(subject.saturating_add(1)) <= MAX_STEPS
}
