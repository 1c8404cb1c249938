//! Two lists of what a function has, one of each estate, to what differs.

use super::told::Told;
use maremma_iam::Match;
use maremma_model::Location;
use maremma_model::change::{Aspect, Difference, Turn};
use std::collections::{BTreeMap, HashMap, VecDeque};

/// Lists that differ in more than this are not paired by what is alike.
const MOST_PAIRS: usize = 10_000;

/// One thing that a function or a role has.
#[derive(Clone, Debug)]
pub(super) struct Feature {
    pub(super) aspect: Aspect,
    /// Before the key, for people: `subnet`.
    pub(super) label: &'static str,
    /// Which one; `None` where there is only one.
    pub(super) key: Option<Told>,
    /// What people call it, where that may outlive the key: a `Sid`.
    pub(super) name: Option<String>,
    pub(super) value: Option<Told>,
    /// Whether it lets callers in without credentials.
    pub(super) open: bool,
    pub(super) at: Location,
}

/// What a function or a role has in one estate.
#[derive(Clone, Debug, Default)]
pub(super) struct Features {
    pub(super) list: Vec<Feature>,
    /// Of these aspects there may be more than the list says.
    pub(super) partial: BTreeMap<Aspect, String>,
}

impl Feature {
    pub(super) fn new(aspect: Aspect, label: &'static str, at: &Location) -> Self {
        Feature {
            aspect,
            label,
            key: None,
            name: None,
            value: None,
            open: false,
            at: at.clone(),
        }
    }

    pub(super) fn key(self, key: Told) -> Self {
        Feature { key: Some(key), ..self }
    }

    pub(super) fn value(self, value: Told) -> Self {
        Feature {
            value: Some(value),
            ..self
        }
    }

    pub(super) fn open(self, open: bool) -> Self {
        Feature { open, ..self }
    }

    fn what(&self) -> Option<String> {
        let key = self.key.as_ref().map(Told::shown);
        match (self.label, key) {
            ("", key) => key,
            (label, None) => Some(label.to_owned()),
            (label, Some(key)) => Some(format!("{label} {key}")),
        }
    }

    fn identity(&self) -> (Aspect, &'static str, String) {
        let key = self.key.as_ref().map(Told::key).unwrap_or_default();
        (self.aspect, self.label, key)
    }

    fn is_like(&self, other: &Feature) -> Match {
        if (self.aspect, self.label) != (other.aspect, other.label) {
            return Match::No;
        }
        match (&self.key, &other.key) {
            (Some(a), Some(b)) => a.same(b),
            (None, None) => Match::Yes,
            _ => Match::No,
        }
    }
}

/// What differs, in the order of aspects.
pub(super) fn differences(old: Features, new: Features) -> Vec<Difference> {
    let mut found = Vec::new();
    let (mut left, mut right) = by_identity(old.list, new.list, &mut found);
    for wanted in [Match::Yes, Match::Unknown] {
        pair(
            &mut left,
            &mut right,
            &|a, b| a.is_like(b) == wanted,
            &mut |a, b| match wanted {
                Match::Yes => found.extend(of_both(&a, &b)),
                _ => found.push(between(Turn::Unknown, &a, &b)),
            },
        );
    }
    let named_alike = |a: &Feature, b: &Feature| a.aspect == b.aspect && a.name.is_some() && a.name == b.name;
    pair(&mut left, &mut right, &named_alike, &mut |a, b| {
        found.push(between(Turn::Changed, &a, &b))
    });
    // What one list may lack for want of knowledge is not new in the other.
    for (features, partial, is_new) in [(left, &new.partial, false), (right, &old.partial, true)] {
        let of = |feature: &Feature| alone(feature, is_new, partial.contains_key(&feature.aspect));
        found.extend(features.iter().map(of));
    }
    found.sort_by_key(|difference| (difference.aspect, difference.turn, difference.what.clone()));
    found
}

/// Takes out what both lists have under the same words.
fn by_identity(old: Vec<Feature>, new: Vec<Feature>, found: &mut Vec<Difference>) -> (Vec<Feature>, Vec<Feature>) {
    let mut others: HashMap<_, VecDeque<Feature>> = HashMap::new();
    let mut order = Vec::new();
    for feature in new {
        let identity = feature.identity();
        order.push(identity.clone());
        others.entry(identity).or_default().push_back(feature);
    }
    let mut left = Vec::new();
    for feature in old {
        match others.get_mut(&feature.identity()).and_then(VecDeque::pop_front) {
            Some(other) => found.extend(of_both(&feature, &other)),
            None => left.push(feature),
        }
    }
    let right = order
        .iter()
        .filter_map(|identity| others.get_mut(identity)?.pop_front())
        .collect();
    (left, right)
}

/// Takes out the pairs that `alike` joins, each feature once.
fn pair(
    left: &mut Vec<Feature>,
    right: &mut Vec<Feature>,
    alike: &dyn Fn(&Feature, &Feature) -> bool,
    tell: &mut dyn FnMut(Feature, Feature),
) {
    if left.len().saturating_mul(right.len()) > MOST_PAIRS {
        return;
    }
    let mut rest = Vec::new();
    for feature in left.drain(..) {
        match right.iter().position(|other| alike(&feature, other)) {
            Some(at) => tell(feature, right.remove(at)),
            None => rest.push(feature),
        }
    }
    *left = rest;
}

/// What differs in something that both have.
fn of_both(old: &Feature, new: &Feature) -> Option<Difference> {
    let same = match (&old.value, &new.value) {
        (None, None) => Match::Yes,
        (Some(a), Some(b)) => a.same(b),
        _ => Match::No,
    };
    match same {
        Match::Yes => None,
        Match::Unknown => Some(between(Turn::Unknown, old, new)),
        Match::No => Some(between(Turn::Changed, old, new)),
    }
}

fn between(turn: Turn, old: &Feature, new: &Feature) -> Difference {
    let words = |feature: &Feature, other: &Feature| match (&feature.value, &feature.key) {
        (Some(value), _) => Some(value.shown()),
        // Two keys that are not the same word for word.
        (None, Some(key)) if other.identity() != feature.identity() => Some(key.shown()),
        _ => None,
    };
    let named = (turn == Turn::Changed).then(|| new.name.clone()).flatten();
    Difference {
        aspect: new.aspect,
        turn,
        what: named.or_else(|| new.what()),
        before: words(old, new),
        after: words(new, old),
        opens: new.open && !old.open,
        at: new.at.clone(),
        in_old: false,
    }
}

fn alone(feature: &Feature, is_new: bool, unknown: bool) -> Difference {
    let value = feature.value.as_ref().map(Told::shown);
    Difference {
        aspect: feature.aspect,
        turn: match (unknown, is_new) {
            (true, _) => Turn::Unknown,
            (false, true) => Turn::Added,
            (false, false) => Turn::Removed,
        },
        what: feature.what(),
        before: value.clone().filter(|_| !is_new),
        after: value.filter(|_| is_new),
        opens: is_new && feature.open && !unknown,
        at: feature.at.clone(),
        in_old: !is_new,
    }
}
