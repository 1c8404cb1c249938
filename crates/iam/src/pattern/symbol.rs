//! A pattern as symbols: characters, wildcards with what they may cross, and holes.

use super::Grammar;
use crate::condition::variable;
use maremma_model::{Hole, Piece, Text, Why};

/// Where a colon stops a wildcard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Syntax {
    /// Nowhere.
    Free,
    /// In the first five segments.
    Arn,
    /// In the service prefix: `lambda:*`.
    Action,
}

impl Syntax {
    /// The number of leading segments in which a wildcard stops at a colon.
    pub(super) fn strict_segments(self) -> usize {
        match self {
            Syntax::Free => 0,
            Syntax::Arn => 5,
            Syntax::Action => 1,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Symbol<'a> {
    Char(char),
    /// `?`
    One {
        crosses: bool,
    },
    /// `*`
    Many {
        crosses: bool,
    },
    /// One string that is not known; `None` for a policy variable.
    Hole(Option<&'a Hole>),
}

impl Symbol<'_> {
    pub(super) fn is_hole(&self) -> bool {
        matches!(self, Symbol::Hole(_))
    }

    pub(super) fn is_one(&self) -> bool {
        matches!(self, Symbol::One { .. })
    }

    pub(super) fn is_many(&self) -> bool {
        matches!(self, Symbol::Many { .. })
    }
}

/// How far wildcards behind a hole reach: whether a hole holds colons decides which segment they
/// stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// No further than they must: the holes hold no colon.
    Least,
    /// As far as they may.
    Most,
}

/// `None` where a policy variable has no value in the request: then nothing matches.
pub(super) fn symbols<'a>(text: &'a Text, grammar: Grammar<'_>, reading: Reading) -> Option<Vec<Symbol<'a>>> {
    let mut writer = Writer {
        symbols: Vec::new(),
        grammar,
        reading,
        colons: 0,
        shifted: false,
        open: false,
    };
    match text {
        Text::Literal(text) => writer.literal(text)?,
        Text::Holed(pieces) => {
            for piece in pieces {
                match piece {
                    Piece::Literal(text) => writer.literal(text)?,
                    Piece::Hole(hole) => writer.hole(Some(hole)),
                }
            }
        }
    }
    Some(writer.finish())
}

struct Writer<'a, 'g> {
    symbols: Vec<Symbol<'a>>,
    grammar: Grammar<'g>,
    reading: Reading,
    colons: usize,
    /// A hole that may hold colons has been passed.
    shifted: bool,
    /// The last character was a `*`, or may have been.
    open: bool,
}

impl<'a> Writer<'a, '_> {
    fn literal(&mut self, text: &str) -> Option<()> {
        if let (true, Some(context)) = (text.contains("${"), self.grammar.variables) {
            for part in variable::parts(text) {
                match part {
                    variable::Part::Text(text) => text.chars().for_each(|c| self.pattern_char(c)),
                    variable::Part::Char(c) => self.plain_char(c),
                    variable::Part::Variable { key, default } => match variable::value(context, key, default) {
                        variable::Value::Known(text) => text.chars().for_each(|c| self.plain_char(c)),
                        variable::Value::Unknown => self.hole(None),
                        variable::Value::Missing => return None,
                    },
                }
            }
        } else {
            text.chars().for_each(|c| self.pattern_char(c));
        }
        Some(())
    }

    fn pattern_char(&mut self, c: char) {
        self.open = false;
        match c {
            '*' if self.grammar.wildcards => {
                let many = Symbol::Many {
                    crosses: self.crosses(),
                };
                if self.symbols.last() != Some(&many) {
                    self.symbols.push(many);
                }
                self.open = true;
            }
            // `*?` is written `?*`, so that equal patterns have equal symbols.
            '?' if self.grammar.wildcards => {
                let crosses = self.crosses();
                let one = Symbol::One { crosses };
                match self.symbols.last_mut() {
                    Some(last) if *last == (Symbol::Many { crosses }) => {
                        *last = one;
                        self.symbols.push(Symbol::Many { crosses });
                    }
                    _ => self.symbols.push(one),
                }
            }
            c => self.plain_char(c),
        }
    }

    fn plain_char(&mut self, c: char) {
        self.open = false;
        self.colons += usize::from(c == ':');
        let c = if self.grammar.fold_case {
            c.to_ascii_lowercase()
        } else {
            c
        };
        self.symbols.push(Symbol::Char(c));
    }

    fn hole(&mut self, hole: Option<&'a Hole>) {
        // A hole may be empty.
        self.open &= self.reading == Reading::Most;
        self.shifted |= !hole.is_some_and(holds_no_colon);
        self.symbols.push(Symbol::Hole(hole));
    }

    fn crosses(&self) -> bool {
        self.colons >= self.grammar.syntax.strict_segments() || (self.shifted && self.reading == Reading::Most)
    }

    fn finish(mut self) -> Vec<Symbol<'a>> {
        let short = self.colons < self.grammar.syntax.strict_segments();
        // `arn:aws:s3*` and `*` cover every segment that follows; of actions only `*` alone does.
        let known = self.symbols.iter().filter(|symbol| !symbol.is_hole()).count();
        let lone = known == 1 && (known == self.symbols.len() || self.reading == Reading::Most);
        if short && self.open && (self.grammar.syntax == Syntax::Arn || lone) {
            let last = self.symbols.iter_mut().rfind(|symbol| symbol.is_many());
            if let Some(Symbol::Many { crosses }) = last {
                *crosses = true;
            }
        }
        self.symbols
    }
}

/// Values that AWS makes without a colon.
pub(super) fn holds_no_colon(hole: &Hole) -> bool {
    hole.stands_for.is_none()
        && matches!(
            &hole.why,
            Why::Pseudo(name) if matches!(&**name, "AWS::AccountId" | "AWS::Region" | "AWS::Partition" | "AWS::URLSuffix")
        )
}

/// Values that AWS makes hold no `*` and no `?`; nor does what stands in the place of a variable count
/// as one.
pub(crate) fn holds_no_wildcard(hole: &Hole) -> bool {
    hole.stands_for.is_some() || matches!(hole.why, Why::Pseudo(_) | Why::Attribute(_))
}

/// Whether two holes are the same string, whatever it is.
pub(super) fn same(one: Option<&Hole>, other: Option<&Hole>) -> bool {
    let (Some(one), Some(other)) = (one, other) else {
        return false;
    };
    match (&one.stands_for, &other.stands_for) {
        (Some(attribute), Some(other)) => attribute == other,
        (None, None) => {
            one.why == other.why
                && matches!(
                    one.why,
                    Why::Parameter(_) | Why::Pseudo(_) | Why::Import(_) | Why::Dynamic(_)
                )
        }
        _ => false,
    }
}
