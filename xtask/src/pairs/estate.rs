//! Two estates made alike in what a pair may differ in, and compared row by row.

use maremma_model::Estate;
use maremma_source::{Options, read_texts};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A template as canonical JSON text: keys sorted, and the hashes that the transform appends to
/// the names of resources and conditions replaced, in the order of their resources.
pub(super) struct Side(String);

impl Side {
    pub(super) fn of(template: &Value) -> Self {
        let mut text = sorted(template).to_string();
        let sections = ["Resources", "Conditions"].into_iter();
        let named = sections.filter_map(|section| template.get(section)?.as_object());
        let mut ids: Vec<&String> = named.flat_map(Map::keys).collect();
        ids.sort();
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for id in ids {
            if let Some(base) = unhashed(id) {
                let number = seen.entry(base).or_default();
                *number += 1;
                text = text.replace(id.as_str(), &format!("{base}HASH{number}"));
            }
        }
        // Sorted again: the names have changed.
        Side(serde_json::from_str(&text).map_or(text, |value: Value| sorted(&value).to_string()))
    }

    pub(super) fn read(&self, options: &Options) -> Estate {
        read_texts(&[("template.json", &self.0)], options)
    }
}

/// A logical id without the ten hexadecimal digits at its end.
pub(super) fn unhashed(id: &str) -> Option<&str> {
    let (base, hash) = id.split_at_checked(id.len().checked_sub(10)?)?;
    let hex = hash
        .bytes()
        .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
    (hex && !base.is_empty()).then_some(base)
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(entries) => {
            let mut keys: Vec<_> = entries.iter().collect();
            keys.sort_by(|a, b| a.0.cmp(b.0));
            Value::Object(
                keys.into_iter()
                    .map(|(key, value)| (key.clone(), sorted(value)))
                    .collect(),
            )
        }
        other => other.clone(),
    }
}

/// The rows of an estate by table and address, without places, and with written defaults as defaults.
pub(super) fn normalised(estate: &Estate) -> BTreeMap<String, Value> {
    let mut rows = BTreeMap::new();
    let mut all = Vec::new();
    let Ok(Value::Object(tables)) = serde_json::to_value(estate) else {
        return rows;
    };
    for (table, value) in tables {
        if matches!(table.as_str(), "units" | "files" | "coverage" | "gaps") {
            continue;
        }
        for row in value.as_array().into_iter().flatten() {
            let address = row.pointer("/resource/address").and_then(Value::as_str).unwrap_or("?");
            let kind = row.pointer("/resource/kind").and_then(Value::as_str).unwrap_or("?");
            all.push((format!("{table} {address} ({kind})"), without_places(row)));
        }
    }
    all.sort_by_cached_key(|(key, row)| (key.clone(), row.to_string()));
    for (mut key, row) in all {
        while rows.contains_key(&key) {
            key.push('+');
        }
        rows.insert(key, row);
    }
    rows
}

/// A row without places. Lists are in the order of their text: AWS's own tests do not mind it, and what
/// they hold is not in the order that the transform makes.
fn without_places(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let mut items: Vec<_> = items.iter().map(without_places).collect();
            items.sort_by_cached_key(Value::to_string);
            Value::Array(items)
        }
        Value::Object(entries) => {
            let kept = entries
                .iter()
                .filter(|(key, _)| !matches!(key.as_str(), "at" | "key_at" | "by" | "quoted"));
            // A default that is written is the default.
            let named = |key: &str| {
                if key == "default" {
                    "set".to_owned()
                } else {
                    key.to_owned()
                }
            };
            Value::Object(kept.map(|(key, value)| (named(key), without_places(value))).collect())
        }
        other => other.clone(),
    }
}

/// How two estates differ, in lines.
pub(super) fn differences(ours: &BTreeMap<String, Value>, theirs: &BTreeMap<String, Value>) -> Vec<String> {
    let mut lines = Vec::new();
    for key in ours.keys().chain(theirs.keys()).collect::<BTreeSet<_>>() {
        match (ours.get(key), theirs.get(key)) {
            (Some(_), None) => lines.push(format!("row only here: {key}")),
            (None, Some(_)) => lines.push(format!("row only there: {key}")),
            (Some(ours), Some(theirs)) => {
                let mut inner = Vec::new();
                descend(ours, theirs, "", &mut inner);
                lines.extend(inner.into_iter().map(|line| format!("{key}{line}")));
            }
            (None, None) => {}
        }
    }
    lines
}

fn descend(ours: &Value, theirs: &Value, path: &str, lines: &mut Vec<String>) {
    match (ours, theirs) {
        (Value::Object(a), Value::Object(b)) => {
            for key in a.keys().chain(b.keys()).collect::<BTreeSet<_>>() {
                let null = Value::Null;
                let (a, b) = (a.get(key).unwrap_or(&null), b.get(key).unwrap_or(&null));
                descend(a, b, &format!("{path}.{key}"), lines);
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (at, (a, b)) in a.iter().zip(b).enumerate() {
                descend(a, b, &format!("{path}[{at}]"), lines);
            }
        }
        (a, b) if a == b => {}
        (a, b) => lines.push(format!("{path}: here {}, there {}", short(a), short(b))),
    }
}

fn short(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(160) {
        Some((cut, _)) => format!("{}...", text.get(..cut).unwrap_or(&text)),
        None => text,
    }
}
