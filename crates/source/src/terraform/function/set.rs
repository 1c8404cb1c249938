//! Functions of sets, which hold every value once.

use super::super::value::{Kind, Value};
use super::argument::why;
use super::number::Decimal;
use super::string::exactly;
use super::{Call, Function, MANY, Opens, Outcome, Stop, compare, fail, function};
use std::cmp::Ordering;

pub(super) const FUNCTIONS: &[Function] = &[
    function("setintersection", 1..=MANY, setintersection).opening(Opens::All),
    function("setproduct", 2..=MANY, setproduct),
    function("setsubtract", 2..=2, setsubtract).opening(Opens::All),
    function("setunion", 1..=MANY, setunion).opening(Opens::All),
    function("toset", 1..=1, toset).opening(Opens::All),
];

fn toset(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [list] = exactly(arguments)?;
    match list.kind {
        Kind::Null => Ok(list.clone()),
        _ => set(call, super::conversion::of_one_type(call, &call.to_items(list)?)?),
    }
}

/// Every value once, in the order in which Terraform walks sets: strings and numbers by size, what is not
/// known behind them.
fn set(call: &Call<'_>, values: Vec<Value>) -> Outcome {
    let mut values = compare::distinct(call, &values)?;
    values.sort_by(|one, two| match (&one.kind, &two.kind) {
        (Kind::Text(one), Kind::Text(two)) => match (one.as_literal(), two.as_literal()) {
            (Some(one), Some(two)) => one.cmp(two),
            (one, two) => two.is_some().cmp(&one.is_some()),
        },
        (Kind::Number(one), Kind::Number(two)) => match (Decimal::parse(&one.0), Decimal::parse(&two.0)) {
            (Some(one), Some(two)) => one.compare(two),
            _ => Ordering::Equal,
        },
        _ => Ordering::Equal,
    });
    call.list(values)
}

fn setunion(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let mut all = Vec::new();
    for argument in arguments {
        let items = call.to_items(argument)?;
        call.spend(items.len())?;
        all.extend(items.iter().cloned());
    }
    set(call, all)
}

fn setintersection(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let Some((first, others)) = arguments.split_first() else {
        return fail("expected a set");
    };
    let mut kept: Vec<Value> = call.to_items(first)?.to_vec();
    for other in others {
        kept = filtered(call, &kept, &call.to_items(other)?, true)?;
    }
    set(call, kept)
}

fn setsubtract(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [from, without] = exactly(arguments)?;
    let kept = filtered(call, &call.to_items(from)?, &call.to_items(without)?, false)?;
    set(call, kept)
}

/// The values that are among the others, or that are not.
fn filtered(call: &Call<'_>, values: &[Value], others: &[Value], among: bool) -> Result<Vec<Value>, Stop> {
    let mut kept = Vec::new();
    for value in values {
        let mut found = Some(false);
        for other in others {
            match compare::same(call, value, other)? {
                Some(true) => {
                    found = Some(true);
                    break;
                }
                Some(false) => {}
                None => found = None,
            }
        }
        match found {
            Some(found) if found == among => kept.push(value.clone()),
            Some(_) => {}
            None => return Err(Stop::Unknown(why(value))),
        }
    }
    Ok(kept)
}

/// Every combination, the last set changing first.
fn setproduct(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let mut product: Vec<Vec<Value>> = vec![Vec::new()];
    for argument in arguments {
        let items = call.to_items(argument)?;
        call.spend(
            product
                .len()
                .saturating_mul(items.len())
                .saturating_mul(arguments.len()),
        )?;
        let longer = product.iter().flat_map(|row| {
            items
                .iter()
                .map(move |item| row.iter().chain([item]).cloned().collect::<Vec<Value>>())
        });
        product = longer.collect();
    }
    let rows: Result<Vec<Value>, Stop> = product.into_iter().map(|row| call.list(row)).collect();
    call.list(rows?)
}
