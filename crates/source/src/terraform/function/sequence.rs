//! Functions that make lists of lists.

use super::super::value::{Branch, Kind, Value};
use super::argument::{described, is_empty, too_large, why};
use super::collection::named;
use super::number::Decimal;
use super::string::exactly;
use super::{Call, Function, MANY, MAX_WORLDS, Opens, Outcome, Stop, compare, fail, function};
use maremma_model::{Text, Why};
use std::cmp::Ordering;
use std::rc::Rc;
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    function("chunklist", 2..=2, chunklist),
    function("compact", 1..=1, compact).opening(Opens::All),
    function("concat", 1..=MANY, concat),
    function("distinct", 1..=1, distinct).opening(Opens::All),
    function("flatten", 1..=1, flatten).opening(Opens::Lists),
    function("list", 0..=MANY, list),
    function("range", 1..=3, range),
    function("reverse", 1..=1, reverse),
    function("slice", 3..=3, slice),
    function("sort", 1..=1, sort).opening(Opens::All),
];

/// What `range` makes at most: <https://developer.hashicorp.com/terraform/language/functions/range>.
const MAX_RANGE: usize = 1024;
/// Lists nested deeper than this are not flattened.
const MAX_DEPTH: usize = 200;

fn list(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    call.list(arguments.to_vec())
}

fn chunklist(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [list, size] = exactly(arguments)?;
    let (items, size) = (call.to_items(list)?, call.to_count(size)?);
    if size == 0 {
        return call.list(vec![list.clone()]);
    }
    let chunks: Result<Vec<Value>, Stop> = items.chunks(size).map(|chunk| call.list(chunk.to_vec())).collect();
    call.list(chunks?)
}

/// The strings that are not empty. Where that is not known of one, there are worlds with it and without it.
fn compact(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [list] = exactly(arguments)?;
    let mut worlds: Vec<(Vec<Arc<str>>, Vec<Value>)> = vec![(Vec::new(), Vec::new())];
    for item in call.to_items(list)?.iter() {
        let empty = match &item.kind {
            Kind::Null => Some(true),
            Kind::Unknown(_) | Kind::Choice(_) => None,
            _ => is_empty(&call.to_text(item)?),
        };
        call.spend(worlds.len())?;
        match empty {
            Some(true) => {}
            Some(false) => worlds.iter_mut().for_each(|(_, items)| items.push(item.clone())),
            None if worlds.len() * 2 > MAX_WORLDS => return Err(Stop::Unknown(why(item))),
            None => {
                let name = named(&why(item));
                let mut without = worlds.clone();
                for (when, items) in &mut worlds {
                    when.push(format!("{name} is not empty").into());
                    items.push(item.clone());
                }
                without
                    .iter_mut()
                    .for_each(|(when, _)| when.push(format!("{name} is empty").into()));
                worlds.append(&mut without);
            }
        }
    }
    if worlds.len() == 1 {
        return call.list(worlds.into_iter().next().unwrap_or_default().1);
    }
    let branch = |(when, items): (Vec<Arc<str>>, Vec<Value>)| {
        Ok(Branch {
            when: when.join(" and ").into(),
            value: call.list(items)?,
        })
    };
    let worlds: Result<Vec<Branch>, Stop> = worlds.into_iter().map(branch).collect();
    Ok(call.value(Kind::Choice(Rc::new(worlds?))))
}

fn concat(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let mut whole = Vec::new();
    for list in arguments {
        let items = call.to_items(list)?;
        call.spend(items.len())?;
        whole.extend(items.iter().map(|item| held(item, list)));
    }
    call.list(whole)
}

/// An element that leaves its list takes with it that nobody is to see the list.
fn held(item: &Value, list: &Value) -> Value {
    let mut item = item.clone();
    item.sensitive |= list.sensitive;
    item
}

fn distinct(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [list] = exactly(arguments)?;
    call.list(compare::distinct(call, &call.to_items(list)?)?)
}

fn flatten(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [list] = exactly(arguments)?;
    let mut flat = Vec::new();
    flatten_into(call, list, MAX_DEPTH, &mut flat)?;
    call.list(flat)
}

fn flatten_into(call: &Call<'_>, list: &Value, depth: usize, flat: &mut Vec<Value>) -> Result<(), Stop> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(Stop::unresolved("lists that are nested too deep to be flattened"));
    };
    let items = call.to_items(list)?;
    call.spend(items.len() + 1)?;
    for item in items.iter() {
        match &item.kind {
            Kind::List(_) => flatten_into(call, &held(item, list), depth, flat)?,
            // It may be a list.
            Kind::Unknown(why) => return Err(Stop::Unknown(why.clone())),
            Kind::Choice(branches) if branches.iter().any(|branch| is_listed(&branch.value)) => {
                return Err(Stop::Unknown(why(item)));
            }
            _ => flat.push(held(item, list)),
        }
    }
    Ok(())
}

fn is_listed(value: &Value) -> bool {
    matches!(value.kind, Kind::List(_) | Kind::Unknown(_) | Kind::Choice(_))
}

/// `range(limit)`, `range(start, limit)`, `range(start, limit, step)`: up to the limit, without it.
fn range(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let numbers: Result<Vec<Decimal>, Stop> = arguments.iter().map(|argument| call.to_number(argument)).collect();
    let (start, limit, step) = match numbers?.as_slice() {
        [limit] => (Decimal::new(0), *limit, None),
        [start, limit] => (*start, *limit, None),
        [start, limit, step] => (*start, *limit, Some(*step)),
        _ => return fail("expected one to three numbers"),
    };
    let upward = start.compare(limit) == Ordering::Less;
    let step = step.unwrap_or(Decimal::new(if upward { 1 } else { -1 }));
    let against = start.compare(limit) != Ordering::Equal && step.signum() != if upward { 1 } else { -1 };
    if step.signum() == 0 || against {
        return fail("the step does not lead from the start to the limit");
    }
    let mut items = Vec::new();
    let mut next = start;
    while next.compare(limit) == if upward { Ordering::Less } else { Ordering::Greater } {
        if items.len() == MAX_RANGE {
            return fail(format!("more than {MAX_RANGE} numbers"));
        }
        call.spend(1)?;
        items.push(call.number(next));
        next = next.add(step).ok_or_else(too_large)?;
    }
    call.list(items)
}

fn reverse(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [list] = exactly(arguments)?;
    call.list(call.to_items(list)?.iter().rev().cloned().collect())
}

fn slice(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [list, start, end] = exactly(arguments)?;
    let items = call.to_items(list)?;
    let (start, end) = (call.to_count(start)?, call.to_count(end)?);
    match items.get(start..end) {
        Some(part) => call.list(part.to_vec()),
        None => fail(format!(
            "{start} to {end} is not within a list of {} elements",
            items.len()
        )),
    }
}

/// Strings by their letters. Where what is not known decides which comes first, the order is not known.
fn sort(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [list] = exactly(arguments)?;
    let mut texts: Vec<(Text, Value)> = Vec::new();
    for item in call.to_items(list)?.iter() {
        if matches!(item.kind, Kind::Null | Kind::List(_) | Kind::Map(_) | Kind::Object(_)) {
            return fail(format!("expected strings, found {}", described(item)));
        }
        let text = call.to_text(item)?;
        let value = Value {
            kind: Kind::Text(text.clone()),
            ..item.clone()
        };
        texts.push((text, value));
    }
    let holed: Vec<&Text> = texts
        .iter()
        .map(|(text, _)| text)
        .filter(|text| text.as_literal().is_none())
        .collect();
    for text in &holed {
        call.spend(texts.len())?;
        let undecided = |(other, _): &&(Text, Value)| other != *text && compare::order(text, other).is_none();
        if texts.iter().find(undecided).is_some() {
            return Err(Stop::Unknown(text.why().cloned().unwrap_or(Why::NotKept)));
        }
    }
    texts.sort_by(|(one, _), (two, _)| compare::order(one, two).unwrap_or(Ordering::Equal));
    call.list(texts.into_iter().map(|(_, value)| value).collect())
}
