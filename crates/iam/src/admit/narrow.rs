//! What the conditions on one key do to one caller.

use super::caller::{Bring, Caller, filled, request};
use super::key::{Key, classify};
use super::strange::may_be_strange;
use super::{Doubt, Limit};
use crate::condition::{Presence, StringTest, Test, evaluate};
use crate::logic::Match;
use crate::pattern;
use crate::policy::{Condition, Leaf, Version};
use maremma_model::{Hole, Piece, Text};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// Stands for a value that is not known and that no stranger has.
pub(super) const OWN: &str = "\u{F8F2}own";
/// Beyond this number of values on one key, those of positive operators count unchecked.
const MAX_CHECKED: usize = 200;

/// A condition that must hold, or (of a `Deny`) must not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Constraint<'a> {
    pub condition: &'a Condition,
    pub negated: bool,
}

impl<'a> Constraint<'a> {
    pub(super) fn holds(condition: &'a Condition) -> Self {
        Constraint {
            condition,
            negated: false,
        }
    }

    pub(super) fn fails(condition: &'a Condition) -> Self {
        Constraint {
            condition,
            negated: true,
        }
    }

    /// The values say who is admitted, not who is left out.
    fn is_positive(&self) -> bool {
        self.condition.operator.negated() == self.negated
    }

    /// Whether the values name callers.
    fn has_values(&self, key: Key) -> bool {
        match self.condition.operator.test {
            Test::Bool => key == Key::MountTarget,
            Test::Null | Test::Unknown(_) => false,
            _ => true,
        }
    }
}

/// All conditions on one key.
#[derive(Debug)]
pub(super) struct Group<'a> {
    pub key: Key,
    pub constraints: Vec<&'a Constraint<'a>>,
}

pub(super) fn groups<'a>(constraints: &'a [Constraint<'a>]) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for constraint in constraints {
        let name = &constraint.condition.key;
        let place = *places.entry(name.to_ascii_lowercase()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.constraints.push(constraint),
            None => groups.push(Group {
                key: classify(name),
                constraints: vec![constraint],
            }),
        }
    }
    groups
}

/// What the conditions on a key say about a caller.
#[derive(Debug)]
pub(super) struct Verdict {
    /// Whether the caller, as it is, passes.
    pub open: Match,
    /// The values with which one of its kind passes, as written.
    pub named: Vec<Text>,
    /// The values with which it does not pass although others do.
    pub excluded: Vec<Text>,
    /// Whether the conditions ask anything of this caller; not where it brings whatever is asked.
    pub free: bool,
}

impl Group<'_> {
    pub(super) fn judge(&self, caller: &Caller<'_>, version: Version) -> Verdict {
        let stranger = !matches!(caller, Caller::Known { .. } | Caller::Other);
        let conditions = self.conditions(stranger);
        let bring = caller.brings(self.key, &self.constraints);
        let passes = |presence: Presence| self.passes(&conditions, presence, version);
        let (open, free, kept_out) = match bring {
            Bring::Anything => (Match::Yes, true, Vec::new()),
            Bring::Undecided => (Match::Unknown, false, Vec::new()),
            Bring::Of(choices) => match Match::any(choices.iter().cloned().map(passes)) {
                Match::No if stranger && self.may_be_strange(&choices, &conditions, version) => {
                    (Match::Unknown, false, Vec::new())
                }
                Match::No if stranger && self.key.has_arns() => (Match::No, false, choices),
                open => (open, false, Vec::new()),
            },
        };
        let (mut named, mut excluded) = (Vec::new(), Vec::new());
        let mut seen = HashSet::new();
        if !free && caller.can_be_named(self.key) {
            for (leaf, positive, passed) in self.values(&conditions, &kept_out, version) {
                match passed {
                    Match::No if open.is_yes() => excluded.push(leaf.text.clone()),
                    Match::No => {}
                    _ if positive && seen.insert(&leaf.text) => named.push(leaf.text.clone()),
                    _ => {}
                }
            }
        }
        Verdict {
            open,
            named,
            excluded,
            free,
        }
    }

    /// Whether a string pattern that is no ARN, and that covers none of the tried ARNs, covers others
    /// of a stranger.
    fn may_be_strange(&self, tried: &[Presence], conditions: &[Cow<'_, Condition>], version: Version) -> bool {
        if !self.key.has_arns() || tried == [Presence::Absent] {
            return false;
        }
        self.constraints.iter().zip(conditions).any(|(constraint, condition)| {
            let how = &condition.operator.test;
            let string = matches!(
                how,
                Test::String {
                    how: StringTest::Like,
                    ..
                }
            ) && constraint.is_positive();
            let covered = |presence: &Presence| covers(constraint, condition, presence, version);
            let mut values = condition.values.iter();
            string && !tried.iter().any(covered) && values.any(|leaf| may_be_strange(&leaf.text, &self.constraints))
        })
    }

    /// Every value of the conditions, and whether a caller with it passes them all. A pattern that
    /// covers ARNs of strangers names nobody where these are kept out.
    fn values<'s>(
        &'s self,
        conditions: &'s [Cow<'s, Condition>],
        kept_out: &'s [Presence],
        version: Version,
    ) -> impl Iterator<Item = (&'s Leaf, bool, Match)> + 's {
        let count: usize = self.constraints.iter().map(|c| c.condition.values.len()).sum();
        // One condition with values that need no check of one against the other.
        let single = conditions.len() == 1 || count > MAX_CHECKED;
        self.constraints
            .iter()
            .filter(|c| c.has_values(self.key))
            .flat_map(move |constraint| {
                constraint.condition.values.iter().map(move |leaf| {
                    let positive = constraint.is_positive();
                    let possible =
                        constraint.condition.operator.has_wildcards() || !crate::arn::has_wildcard(&leaf.text);
                    let passed = match single {
                        _ if positive && !possible => Match::No,
                        true => positive.into(),
                        false if positive && is_too_wide(constraint, leaf, kept_out, version) => Match::No,
                        false => self.passes(conditions, Presence::Values(vec![sample(&leaf.text)]), version),
                    };
                    (leaf, positive, passed)
                })
            })
    }

    fn passes(&self, conditions: &[Cow<'_, Condition>], presence: Presence, version: Version) -> Match {
        let Some(first) = conditions.first() else {
            return Match::Yes;
        };
        let context = request().set(&first.key, presence);
        Match::all(self.constraints.iter().zip(conditions).map(|(constraint, condition)| {
            let holds = evaluate(condition, &context, version);
            if constraint.negated { !holds } else { holds }
        }))
    }

    /// The conditions as a stranger meets them: a value that is not known is none of the stranger's.
    fn conditions(&self, stranger: bool) -> Vec<Cow<'_, Condition>> {
        self.constraints
            .iter()
            .map(|constraint| {
                let condition = constraint.condition;
                let holed = condition.values.iter().any(|leaf| leaf.text.as_literal().is_none());
                if !(stranger && holed) {
                    return Cow::Borrowed(condition);
                }
                let plain =
                    matches!(condition.operator.test, Test::String { .. }) && !condition.operator.has_wildcards();
                let mut grounded = condition.clone();
                for leaf in &mut grounded.values {
                    leaf.text = ground(&leaf.text, plain, self.key);
                }
                Cow::Owned(grounded)
            })
            .collect()
    }

    /// Why the conditions do not decide.
    pub(super) fn doubt(&self) -> Option<Doubt> {
        let constraint = self.constraints.first()?;
        let mut values = self.constraints.iter().flat_map(|c| &c.condition.values);
        let hole = values.find_map(|leaf| leaf.text.why().map(|why| (leaf, why)));
        let limit = Limit::of(constraint);
        Some(match hole {
            Some((leaf, why)) => Doubt {
                words: format!("{}: {why}", limit.key),
                why: Some(why.clone()),
                at: leaf.at.clone(),
            },
            None => Doubt {
                words: format!("whether {} keeps strangers out is not known", limit.key),
                why: None,
                at: constraint.condition.at.clone(),
            },
        })
    }
}

/// Whether a pattern covers one of those.
fn is_too_wide(constraint: &Constraint<'_>, leaf: &Leaf, brought: &[Presence], version: Version) -> bool {
    if !crate::arn::has_wildcard(&leaf.text) {
        return false;
    }
    let alone = Condition {
        operator: constraint.condition.operator.clone(),
        key: constraint.condition.key.clone(),
        values: vec![leaf.clone()],
        at: constraint.condition.at.clone(),
    };
    let mut present = brought.iter().filter(|presence| **presence != Presence::Absent);
    present.any(|presence| covers(constraint, &alone, presence, version))
}

/// Whether the values of the condition cover what a caller brings.
fn covers(constraint: &Constraint<'_>, condition: &Condition, presence: &Presence, version: Version) -> bool {
    let context = request().set(&condition.key, presence.clone());
    evaluate(condition, &context, version) == Match::from(!constraint.negated)
}

/// A string that the value covers, with its holes.
fn sample(text: &Text) -> Text {
    match text {
        Text::Literal(text) => Text::literal(filled(text)),
        Text::Holed(pieces) => Text::from_pieces(pieces.iter().map(|piece| match piece {
            Piece::Literal(text) => Piece::Literal(filled(text).into()),
            Piece::Hole(_) => piece.clone(),
        })),
    }
}

/// Fills holes with what no stranger has. A hole stays one where a wildcard could be in its place:
/// a value that AWS makes has none, nor has any value where the operator takes `*` as a character.
fn ground(text: &Text, plain: bool, key: Key) -> Text {
    let settled = |hole: &Hole| key.names_somebody() && (plain || pattern::holds_no_wildcard(hole));
    Text::from_pieces(text.pieces().into_iter().map(|piece| match &piece {
        Piece::Hole(hole) if settled(hole) => Piece::Literal(OWN.into()),
        _ => piece,
    }))
}
