//! Functions of types, and of who may see a value.

use super::super::value::{Kind, Value};
use super::argument::described;
use super::string::exactly;
use super::{Call, Function, Outcome, Stop, fail, function};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

pub(super) const FUNCTIONS: &[Function] = &[
    function("convert", 2..=2, of_a_type),
    function("ephemeralasnull", 1..=1, ephemeralasnull),
    function("issensitive", 1..=1, issensitive),
    function("nonsensitive", 1..=1, nonsensitive),
    function("sensitive", 1..=1, sensitive),
    function("tobool", 1..=1, tobool),
    function("tolist", 1..=1, tolist),
    function("tomap", 1..=1, tomap),
    function("tonumber", 1..=1, tonumber),
    function("tostring", 1..=1, tostring),
    function("type", 1..=1, of_a_type),
];

/// The functions whose result is not sensitive merely because an argument is.
pub(super) const DECIDES_SENSITIVITY: [&str; 3] = ["issensitive", "nonsensitive", "sensitive"];

/// Types are no values.
fn of_a_type(_: &Call<'_>, _: &[Value]) -> Outcome {
    Err(Stop::unresolved("types are not evaluated here"))
}

fn sensitive(_: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [value] = exactly(arguments)?;
    Ok(Value {
        sensitive: true,
        ..value.clone()
    })
}

fn nonsensitive(_: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [value] = exactly(arguments)?;
    Ok(Value {
        sensitive: false,
        ..value.clone()
    })
}

fn issensitive(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [value] = exactly(arguments)?;
    match value.kind {
        Kind::Unknown(ref why) if !value.sensitive => Err(Stop::Unknown(why.clone())),
        _ => call.bool(value.sensitive),
    }
}

/// Nothing here is known to be ephemeral, and what is not stays as it is.
fn ephemeralasnull(_: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [value] = exactly(arguments)?;
    Ok(value.clone())
}

fn tostring(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [value] = exactly(arguments)?;
    match value.kind {
        Kind::Null | Kind::Text(_) | Kind::Json(_) => Ok(value.clone()),
        _ => call.text(call.to_text(value)?),
    }
}

fn tonumber(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [value] = exactly(arguments)?;
    match value.kind {
        Kind::Null | Kind::Number(_) => Ok(value.clone()),
        _ => Ok(call.number(call.to_number(value)?)),
    }
}

fn tobool(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [value] = exactly(arguments)?;
    match value.kind {
        Kind::Null => Ok(value.clone()),
        _ => call.bool(call.to_bool(value)?),
    }
}

fn tolist(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [value] = exactly(arguments)?;
    match value.kind {
        Kind::Null => Ok(value.clone()),
        _ => call.list(of_one_type(call, &call.to_items(value)?)?),
    }
}

fn tomap(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [value] = exactly(arguments)?;
    if matches!(value.kind, Kind::Null) {
        return Ok(value.clone());
    }
    let entries = match &value.kind {
        Kind::List(_) => return fail(format!("expected a map, found {}", described(value))),
        _ => call.to_entries(value)?,
    };
    let values: Vec<Value> = entries.values().cloned().collect();
    let values = of_one_type(call, &values)?;
    let entries: BTreeMap<Arc<str>, Value> = entries.keys().cloned().zip(values).collect();
    Ok(call.value(Kind::Map(Rc::new(entries))))
}

/// Where strings stand beside numbers or bools, all of them become strings.
pub(super) fn of_one_type(call: &Call<'_>, values: &[Value]) -> Result<Vec<Value>, Stop> {
    let texts = values
        .iter()
        .any(|value| matches!(value.kind, Kind::Text(_) | Kind::Json(_)));
    let convert = |value: &Value| match value.kind {
        Kind::Number(_) | Kind::Bool(_) if texts => Ok(Value {
            kind: Kind::Text(call.to_text(value)?),
            ..value.clone()
        }),
        _ => Ok(value.clone()),
    };
    values.iter().map(convert).collect()
}
