//! Whether two values are equal, and which text comes first: yes, no, or not known.

use super::super::value::{Kind, Value};
use super::number::Decimal;
use super::{Call, Stop, argument};
use maremma_model::{Piece, Text, Why};
use std::cmp::Ordering;
use std::rc::Rc;

/// Values nested deeper than this are not compared.
const MAX_DEPTH: usize = 100;

/// Whether the two are equal. Values of different types never are.
pub(super) fn same(call: &Call<'_>, one: &Value, two: &Value) -> Result<Option<bool>, Stop> {
    compare(call, one, two, MAX_DEPTH)
}

fn compare(call: &Call<'_>, one: &Value, two: &Value, depth: usize) -> Result<Option<bool>, Stop> {
    let Some(depth) = depth.checked_sub(1) else {
        return Ok(None);
    };
    call.spend(1)?;
    Ok(match (&one.kind, &two.kind) {
        (Kind::Unknown(_) | Kind::Choice(_), _) | (_, Kind::Unknown(_) | Kind::Choice(_)) => None,
        (Kind::Null, Kind::Null) => Some(true),
        (Kind::Bool(one), Kind::Bool(two)) => Some(one == two),
        (Kind::Number(one), Kind::Number(two)) => match (Decimal::parse(&one.0), Decimal::parse(&two.0)) {
            (Some(one), Some(two)) => Some(one == two),
            _ => Some(one == two),
        },
        (Kind::Object(one), Kind::Object(two)) => (one == two).then_some(true),
        (Kind::Object(_), Kind::Map(_)) | (Kind::Map(_), Kind::Object(_)) => None,
        (Kind::Text(one), Kind::Text(two)) => same_text(one, two),
        (Kind::Json(one), Kind::Json(two)) if Rc::ptr_eq(one, two) && is_whole(one, depth) => Some(true),
        (Kind::Text(_) | Kind::Json(_), Kind::Text(_) | Kind::Json(_)) => {
            same_text(&call.to_text(one)?, &call.to_text(two)?)
        }
        (Kind::List(one), Kind::List(two)) => {
            if one.len() != two.len() {
                return Ok(Some(false));
            }
            all(one
                .iter()
                .zip(two.iter())
                .map(|(one, two)| compare(call, one, two, depth)))?
        }
        (Kind::Map(one), Kind::Map(two)) => {
            if !one.keys().eq(two.keys()) {
                return Ok(Some(false));
            }
            all(one
                .values()
                .zip(two.values())
                .map(|(one, two)| compare(call, one, two, depth)))?
        }
        _ if argument::may_be_anything(one) || argument::may_be_anything(two) => None,
        _ => Some(false),
    })
}

/// A scalar that is known in every part.
fn is_whole(value: &Value, depth: usize) -> bool {
    depth > 0
        && match &value.kind {
            Kind::Null | Kind::Bool(_) | Kind::Number(_) => true,
            Kind::Text(text) => text.as_literal().is_some(),
            _ => false,
        }
}

/// False where one is, true where all are.
fn all(answers: impl Iterator<Item = Result<Option<bool>, Stop>>) -> Result<Option<bool>, Stop> {
    let mut whole = Some(true);
    for answer in answers {
        match answer? {
            Some(false) => return Ok(Some(false)),
            Some(true) => {}
            None => whole = None,
        }
    }
    Ok(whole)
}

pub(super) fn same_text(one: &Text, two: &Text) -> Option<bool> {
    if let (Some(one), Some(two)) = (one.as_literal(), two.as_literal()) {
        return Some(one == two);
    }
    if one == two
        && one
            .holes()
            .all(|hole| hole.stands_for.is_some() || matches!(hole.why, Why::Pseudo(_)))
    {
        return Some(true);
    }
    let differ = order(one, two).is_some() || !ends_agree(one.suffix(), two.suffix());
    (differ || outgrows(one, two) || outgrows(two, one)).then_some(false)
}

/// Whether what is known of a text is longer than the other text is.
fn outgrows(one: &Text, two: &Text) -> bool {
    let known: usize = one
        .pieces()
        .iter()
        .map(|piece| match piece {
            Piece::Literal(literal) => literal.len(),
            Piece::Hole(hole) => usize::from(argument::is_filled(hole)),
        })
        .sum();
    two.as_literal().is_some_and(|two| known > two.len())
}

fn ends_agree(one: &str, two: &str) -> bool {
    one.bytes().rev().zip(two.bytes().rev()).all(|(one, two)| one == two)
}

/// Which text sorts first, where what is known of their beginnings decides it.
pub(super) fn order(one: &Text, two: &Text) -> Option<Ordering> {
    if let (Some(one), Some(two)) = (one.as_literal(), two.as_literal()) {
        return Some(one.cmp(two));
    }
    let mut letters = one.prefix().bytes().zip(two.prefix().bytes());
    letters.find_map(|(one, two)| Some(one.cmp(&two)).filter(|order| order.is_ne()))
}

/// The values without those that equal an earlier one. What may or may not be equal is kept.
pub(super) fn distinct(call: &Call<'_>, values: &[Value]) -> Result<Vec<Value>, Stop> {
    let mut kept: Vec<Value> = Vec::new();
    let mut literals = std::collections::HashSet::new();
    for value in values {
        let known = match &value.kind {
            Kind::Text(Text::Literal(text)) => {
                if literals.insert(text.clone()) {
                    kept.push(value.clone());
                }
                continue;
            }
            _ => value,
        };
        let mut repeated = false;
        for earlier in &kept {
            repeated = repeated || same(call, earlier, known)? == Some(true);
        }
        if !repeated {
            kept.push(value.clone());
        }
    }
    Ok(kept)
}
