//! Functions that ask lists and maps, or pick from them.

use super::super::value::{Branch, Kind, Value};
use super::argument::{described, is_empty, may_be_anything, too_large, why};
use super::number::Decimal;
use super::string::exactly;
use super::{Call, Function, MANY, MAX_WORLDS, Opens, Outcome, Stop, compare, fail, function};
use maremma_model::{Text, Why};
use std::rc::Rc;
use std::sync::Arc;
use unicode_segmentation::UnicodeSegmentation;

pub(super) const FUNCTIONS: &[Function] = &[
    function("alltrue", 1..=1, alltrue).opening(Opens::All),
    function("anytrue", 1..=1, anytrue).opening(Opens::All),
    function("coalesce", 1..=MANY, coalesce),
    function("coalescelist", 1..=MANY, coalescelist),
    function("contains", 2..=2, contains).opening(Opens::All),
    function("element", 2..=2, element),
    function("index", 2..=2, index).opening(Opens::All),
    function("length", 1..=1, length),
    function("lookup", 2..=3, lookup),
    function("one", 1..=1, one),
    function("sum", 1..=1, sum).opening(Opens::All),
];

fn alltrue(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    every(call, arguments, false)
}

fn anytrue(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    every(call, arguments, true)
}

/// `decides` where one of the list is that, and its opposite where none is. Null is false.
fn every(call: &Call<'_>, arguments: &[Value], decides: bool) -> Outcome {
    let [list] = exactly(arguments)?;
    let mut open = None;
    for item in call.to_items(list)?.iter() {
        let known = match &item.kind {
            Kind::Null => Ok(false),
            _ => call.to_bool(item),
        };
        match known {
            Ok(known) if known == decides => return call.bool(decides),
            Ok(_) => {}
            Err(Stop::Unknown(why)) => open = Some(why),
            Err(failed) => return Err(failed),
        }
    }
    call.perhaps(open.is_none().then_some(!decides), || open.unwrap_or(Why::NotKept))
}

/// The first that is neither null nor an empty string. One of which that is not known makes a choice.
fn coalesce(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    first(call, arguments, |value| match &value.kind {
        Kind::Null => Some(false),
        Kind::Unknown(_) | Kind::Choice(_) => None,
        Kind::Text(text) => is_empty(text).map(|empty| !empty),
        _ => Some(true),
    })
}

fn coalescelist(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let wrong = arguments
        .iter()
        .find(|argument| !matches!(argument.kind, Kind::Null | Kind::List(_)) && !may_be_anything(argument));
    if let Some(wrong) = wrong {
        return fail(format!("expected lists, found {}", described(wrong)));
    }
    first(call, arguments, |value| match &value.kind {
        Kind::Null => Some(false),
        Kind::List(items) => Some(!items.is_empty()),
        _ => None,
    })
}

fn first(call: &Call<'_>, arguments: &[Value], given: impl Fn(&Value) -> Option<bool>) -> Outcome {
    let mut worlds: Vec<Branch> = Vec::new();
    let mut denied: Vec<String> = Vec::new();
    for argument in arguments {
        let known = given(argument);
        if known == Some(false) {
            continue;
        }
        if known == Some(true) && worlds.is_empty() {
            return Ok(argument.clone());
        }
        let name = why(argument);
        let mut words = denied.clone();
        if known.is_none() {
            words.push(format!("{} is given", named(&name)));
            denied.push(format!("{} is not given", named(&name)));
        }
        call.spend(words.len())?;
        worlds.push(Branch {
            when: words.join(" and ").into(),
            value: argument.clone(),
        });
        if known == Some(true) {
            return Ok(call.value(Kind::Choice(Rc::new(worlds))));
        }
        if worlds.len() >= MAX_WORLDS {
            return Err(Stop::Unknown(name));
        }
    }
    match worlds.into_iter().next() {
        // Terraform refuses it where none is given, so that the only one is.
        Some(world) if denied.len() == 1 => Ok(world.value),
        Some(world) => Err(Stop::Unknown(why(&world.value))),
        None => fail("none of the arguments has a value: add one that has"),
    }
}

/// A reason as the name of what is not known. The words of conditions are told apart at every `and`.
pub(super) fn named(why: &Why) -> String {
    match why {
        Why::Unresolved(words) => format!("a value ({})", words.replace(" and ", ", ")),
        other => other.name().to_owned(),
    }
}

fn contains(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [list, wanted] = exactly(arguments)?;
    let mut open = None;
    for item in call.to_items(list)?.iter() {
        match compare::same(call, item, wanted)? {
            Some(true) => return call.bool(true),
            Some(false) => {}
            None => open = Some(if is_open(wanted) { why(wanted) } else { why(item) }),
        }
    }
    call.perhaps(open.is_none().then_some(false), || open.unwrap_or(Why::NotKept))
}

fn is_open(value: &Value) -> bool {
    match &value.kind {
        Kind::Unknown(_) | Kind::Choice(_) => true,
        Kind::Text(text) => text.as_literal().is_none(),
        _ => false,
    }
}

fn index(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [list, wanted] = exactly(arguments)?;
    for (at, item) in call.to_items(list)?.iter().enumerate() {
        match compare::same(call, item, wanted)? {
            Some(true) => return Ok(call.number(Decimal::new(i128::try_from(at).unwrap_or(0)))),
            Some(false) => {}
            None => return Err(Stop::Unknown(if is_open(wanted) { why(wanted) } else { why(item) })),
        }
    }
    fail("the list does not hold the value")
}

/// The index counts on from the first behind the last, and below zero from the end. Where it is not known, any
/// may be picked.
fn element(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [list, position] = exactly(arguments)?;
    let items = call.to_items(list)?;
    let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let at = match call.to_integer(position) {
        Ok(_) if count == 0 => return fail("the list is empty"),
        Ok(at) => at.rem_euclid(count),
        Err(Stop::Unknown(why)) => {
            let worlds = items.iter().enumerate().map(|(at, item)| Branch {
                when: format!("the index of element() is {at}").into(),
                value: call.picked(item),
            });
            return any_of(call, worlds.collect(), why);
        }
        Err(failed) => return Err(failed),
    };
    let found = usize::try_from(at).ok().and_then(|at| items.get(at));
    found.map_or_else(|| fail("the list is empty"), |item| Ok(call.picked(item)))
}

/// One of the worlds; where they are none or too many, nothing is known.
fn any_of(call: &Call<'_>, worlds: Vec<Branch>, why: Why) -> Outcome {
    match worlds.len() {
        1..=MAX_WORLDS => Ok(call.value(Kind::Choice(Rc::new(worlds)))),
        _ => Err(Stop::Unknown(why)),
    }
}

/// Where the key is not known in every part, any value may be picked that it may name, and the default.
fn lookup(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [map, key, default @ ..] = arguments else {
        return fail("expected a map and a key");
    };
    let entries = call.to_entries(map)?;
    let key = call.to_text(key)?;
    let default = default.first();
    if let Some(key) = key.as_literal() {
        return match (entries.get(key), default) {
            (Some(found), _) => Ok(call.picked(found)),
            (None, Some(default)) => Ok(default.clone()),
            (None, None) => fail(format!("the map has no key {key:?}: add it, or give a default")),
        };
    }
    let may = entries.iter().filter(|(name, _)| {
        let name: &Arc<str> = name;
        compare::same_text(&key, &Text::Literal(name.clone())) != Some(false)
    });
    let mut worlds: Vec<Branch> = may
        .map(|(name, value)| Branch {
            when: format!("{key} is {name}").into(),
            value: call.picked(value),
        })
        .collect();
    if let Some(default) = default {
        worlds.push(Branch {
            when: format!("{key} is no key of the map").into(),
            value: default.clone(),
        });
    }
    any_of(call, worlds, key.why().cloned().unwrap_or(Why::NotKept))
}

fn length(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [value] = exactly(arguments)?;
    let count = match &value.kind {
        Kind::List(items) => items.len(),
        Kind::Map(entries) => entries.len(),
        Kind::Text(_) | Kind::Json(_) => call.to_literal(value)?.graphemes(true).count(),
        Kind::Unknown(_) | Kind::Object(_) | Kind::Choice(_) => return Err(Stop::Unknown(why(value))),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) => {
            return fail(format!(
                "expected a list, a map or a string, found {}",
                described(value)
            ));
        }
    };
    Ok(call.number(Decimal::new(i128::try_from(count).unwrap_or(i128::MAX))))
}

/// The only element, or null where there is none.
fn one(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [list] = exactly(arguments)?;
    if matches!(list.kind, Kind::Null) {
        return fail("expected a list, found null");
    }
    match call.to_items(list)?.as_slice() {
        [] => Ok(call.value(Kind::Null)),
        [only] => Ok(call.picked(only)),
        many => fail(format!("the list has {} elements: one() takes none or one", many.len())),
    }
}

fn sum(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [list] = exactly(arguments)?;
    let items = call.to_items(list)?;
    if items.is_empty() {
        return fail("the list is empty");
    }
    let mut total = Decimal::new(0);
    for item in items.iter() {
        total = total.add(call.to_number(item)?).ok_or_else(too_large)?;
    }
    Ok(call.number(total))
}
