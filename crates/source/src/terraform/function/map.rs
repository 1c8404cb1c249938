//! Functions that make maps, or lists of them.

use super::super::value::{Kind, Value};
use super::argument::{described, why};
use super::string::exactly;
use super::{Call, Function, MANY, Opens, Outcome, Stop, compare, fail, function};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    function("keys", 1..=1, keys),
    function("map", 0..=MANY, map),
    function("matchkeys", 3..=3, matchkeys).opening(Opens::All),
    function("merge", 0..=MANY, merge),
    function("transpose", 1..=1, transpose).opening(Opens::All),
    function("values", 1..=1, values),
    function("zipmap", 2..=2, zipmap),
];

fn keys(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [map] = exactly(arguments)?;
    let entries = call.to_entries(map)?;
    call.list(entries.keys().map(|key| Value::text(key.clone(), call.at)).collect())
}

fn values(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [map] = exactly(arguments)?;
    let entries = call.to_entries(map)?;
    call.list(entries.values().cloned().collect())
}

/// Keys and values by turns, as it was written before there were braces.
fn map(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let mut entries = BTreeMap::new();
    for pair in arguments.chunks(2) {
        let [key, value] = exactly(pair)?;
        entries.insert(call.to_literal(key)?, value.clone());
    }
    Ok(call.value(Kind::Map(Rc::new(entries))))
}

/// What is not known may hold any key, so that nothing is known of the whole.
fn merge(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let mut whole: Option<BTreeMap<Arc<str>, Value>> = None;
    for argument in arguments {
        if matches!(argument.kind, Kind::Null) {
            continue;
        }
        let entries = call.to_entries(argument)?;
        call.spend(entries.len())?;
        let held = entries.iter().map(|(key, value)| {
            let mut value = value.clone();
            value.sensitive |= argument.sensitive;
            (key.clone(), value)
        });
        whole.get_or_insert_default().extend(held);
    }
    Ok(call.value(match whole {
        None if !arguments.is_empty() => Kind::Null,
        whole => Kind::Map(Rc::new(whole.unwrap_or_default())),
    }))
}

fn zipmap(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [keys, values] = exactly(arguments)?;
    let (keys, values) = (call.to_items(keys)?, call.to_items(values)?);
    if keys.len() != values.len() {
        return fail(format!("{} keys for {} values", keys.len(), values.len()));
    }
    let mut entries = BTreeMap::new();
    for (key, value) in keys.iter().zip(values.iter()) {
        call.spend(1)?;
        entries.insert(call.to_literal(key)?, value.clone());
    }
    Ok(call.value(Kind::Map(Rc::new(entries))))
}

/// A map of lists of strings, the other way round.
fn transpose(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [map] = exactly(arguments)?;
    let mut turned: BTreeMap<Arc<str>, Vec<Value>> = BTreeMap::new();
    for (key, list) in call.to_entries(map)?.iter() {
        for item in call.to_items(list)?.iter() {
            call.spend(1)?;
            let list = turned.entry(call.to_literal(item)?).or_default();
            list.push(Value::text(key.clone(), call.at));
        }
    }
    let entries: Result<BTreeMap<Arc<str>, Value>, Stop> = turned
        .into_iter()
        .map(|(key, list)| Ok((key, call.list(list)?)))
        .collect();
    Ok(call.value(Kind::Map(Rc::new(entries?))))
}

/// The values whose key, at the same place of the second list, is in the third.
fn matchkeys(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [values, keys, wanted] = exactly(arguments)?;
    let (values, keys, wanted) = (call.to_items(values)?, call.to_items(keys)?, call.to_items(wanted)?);
    if values.len() != keys.len() {
        return fail(format!("{} keys for {} values", keys.len(), values.len()));
    }
    let mut matched = Vec::new();
    for (value, key) in values.iter().zip(keys.iter()) {
        let mut found = Some(false);
        for wanted in wanted.iter() {
            match compare::same(call, key, wanted)? {
                Some(true) => {
                    found = Some(true);
                    break;
                }
                Some(false) => {}
                None => found = None,
            }
        }
        match found {
            Some(true) => matched.push(value.clone()),
            Some(false) => {}
            None => return Err(Stop::Unknown(why(key))),
        }
    }
    if let Some(null) = matched.iter().find(|value| matches!(value.kind, Kind::Null)) {
        return fail(format!("a matched value is {}", described(null)));
    }
    call.list(matched)
}
