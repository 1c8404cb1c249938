//! One condition against one request.

use super::address::Network;
use super::context::{Context, Presence};
use super::operator::{Order, SetOperator, StringTest, Test};
use super::{binary, date, number, variable};
use crate::logic::Match;
use crate::pattern::{self, Grammar};
use crate::policy::{Condition, Leaf, Version};
use maremma_model::Text;
use std::cmp::Ordering;

/// Whether the condition holds in the request.
///
/// `version` is the policy's: variables in the values count from 2012-10-17 on.
pub fn evaluate(condition: &Condition, context: &Context, version: Version) -> Match {
    let operator = &condition.operator;
    match (&operator.test, context.get(&condition.key)) {
        (Test::Unknown(_), _) => Match::Unknown,
        (Test::Null, presence) => null(condition, presence),
        (_, Presence::Unknown) => Match::Unknown,
        (_, Presence::Absent) => absent(condition).into(),
        (_, Presence::Values(values)) if values.is_empty() => absent(condition).into(),
        (_, Presence::Values(values)) => {
            // A variable without a value makes the statement not match, whatever the operator.
            if unresolvable(condition, context, version) {
                return Match::No;
            }
            let holds = |value: &Text| {
                let any = Match::any(
                    condition
                        .values
                        .iter()
                        .map(|leaf| compare(&operator.test, leaf, value, context, version)),
                );
                if operator.negated() { !any } else { any }
            };
            match operator.set {
                Some(SetOperator::ForAllValues) => Match::all(values.iter().map(holds)),
                Some(SetOperator::ForAnyValue) => Match::any(values.iter().map(holds)),
                None => agreed(values.iter().map(holds)),
            }
        }
    }
}

/// A key that is not in the request.
fn absent(condition: &Condition) -> bool {
    match condition.operator.set {
        _ if condition.operator.if_exists => true,
        Some(SetOperator::ForAllValues) => true,
        Some(SetOperator::ForAnyValue) => false,
        None => condition.operator.negated(),
    }
}

/// `Null: true` holds where the key is missing, `Null: false` where it is there.
fn null(condition: &Condition, presence: &Presence) -> Match {
    let missing = match presence {
        Presence::Absent => Match::Yes,
        Presence::Values(values) => values.is_empty().into(),
        Presence::Unknown => Match::Unknown,
    };
    Match::any(condition.values.iter().map(|leaf| match leaf.text.as_literal() {
        Some(wanted) if wanted.eq_ignore_ascii_case("true") => missing,
        Some(wanted) if wanted.eq_ignore_ascii_case("false") => !missing,
        Some(_) => Match::No,
        None => Match::Unknown,
    }))
}

/// IAM does not say how a single-valued operator treats several values; only where it makes no
/// difference is the answer known.
fn agreed(answers: impl Iterator<Item = Match>) -> Match {
    let mut answers = answers.peekable();
    let first = answers.peek().copied().unwrap_or(Match::Unknown);
    if answers.all(|answer| answer == first) {
        first
    } else {
        Match::Unknown
    }
}

fn has_variables(test: &Test) -> bool {
    matches!(test, Test::String { .. } | Test::Arn { .. })
}

fn unresolvable(condition: &Condition, context: &Context, version: Version) -> bool {
    has_variables(&condition.operator.test)
        && version == Version::V2012
        && condition.values.iter().all(|leaf| {
            leaf.text.as_literal().is_some_and(|text| {
                text.contains("${")
                    && variable::parts(text).iter().any(|part| {
                        matches!(part, variable::Part::Variable { key, default }
                            if variable::value(context, key, *default) == variable::Value::Missing)
                    })
            })
        })
}

/// Whether one value of the policy matches one value of the request, negation left aside.
fn compare(test: &Test, leaf: &Leaf, actual: &Text, context: &Context, version: Version) -> Match {
    let known = leaf.text.as_literal().zip(actual.as_literal());
    match test {
        Test::String { how, .. } => {
            let grammar = Grammar {
                fold_case: *how == StringTest::EqualsIgnoreCase,
                wildcards: *how == StringTest::Like,
                ..Grammar::STRING
            };
            pattern::matches(&leaf.text, actual, grammar.with_variables(version, context))
        }
        Test::Arn { .. } => pattern::matches(&leaf.text, actual, Grammar::ARN.with_variables(version, context)),
        Test::Numeric(order) => ordered(*order, known.map(|(a, b)| (number::parse(a), number::parse(b)))),
        Test::Date(order) => ordered(*order, known.map(|(a, b)| (date::parse(a), date::parse(b)))),
        Test::Bool => known.map_or(Match::Unknown, |(a, b)| bools_equal(a, b).into()),
        Test::Binary => known.map_or(Match::Unknown, |(a, b)| binary::equal(a, b).into()),
        Test::Ip { .. } => match known {
            Some((network, address)) => within(network, address).into(),
            None => Match::Unknown,
        },
        Test::Null | Test::Unknown(_) => Match::Unknown,
    }
}

/// Compares `request ORDER policy`; what does not parse never matches.
fn ordered<T: PartialOrd>(order: Order, values: Option<(Option<T>, Option<T>)>) -> Match {
    let Some((wanted, actual)) = values else {
        return Match::Unknown;
    };
    let Some(found) = wanted
        .zip(actual)
        .and_then(|(wanted, actual)| actual.partial_cmp(&wanted))
    else {
        return Match::No;
    };
    let holds = match order {
        // `NotEquals` is negated by the caller.
        Order::Equals | Order::NotEquals => found == Ordering::Equal,
        Order::LessThan => found == Ordering::Less,
        Order::LessThanEquals => found != Ordering::Greater,
        Order::GreaterThan => found == Ordering::Greater,
        Order::GreaterThanEquals => found != Ordering::Less,
    };
    holds.into()
}

fn bools_equal(one: &str, other: &str) -> bool {
    ["true", "false"]
        .iter()
        .any(|b| one.eq_ignore_ascii_case(b) && other.eq_ignore_ascii_case(b))
}

fn within(network: &str, address: &str) -> bool {
    Network::parse(network)
        .zip(Network::parse(address))
        .is_some_and(|(network, address)| network.contains(&address))
}
