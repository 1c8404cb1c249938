//! Splits a document with choices into its worlds, so that each is a plain document.

use crate::world::World;
use maremma_model::{Document, Field, Value, Why};
use std::borrow::Cow;

/// Beyond this number of worlds the choices stay unknown: `n` independent conditions have `2^n`.
const MAX_WORLDS: usize = 32;
/// Deeper than any policy; IAM's own elements nest five deep.
const MAX_DEPTH: usize = 32;

/// `document` in each of its worlds within `world`.
pub(super) fn expand<'a>(document: &'a Document, world: &World) -> Vec<(World, Cow<'a, Document>)> {
    if !has_choice(document, 0) {
        return vec![(world.clone(), Cow::Borrowed(document))];
    }
    match split(document, world, 0) {
        Some(worlds) => worlds.into_iter().map(|(w, d)| (w, Cow::Owned(d))).collect(),
        None => {
            let why = Why::Condition("a combination of too many conditions".into());
            let unknown = Document::new(Value::Unknown(why), document.at.clone());
            vec![(world.clone(), Cow::Owned(unknown))]
        }
    }
}

fn has_choice(document: &Document, depth: usize) -> bool {
    depth < MAX_DEPTH
        && match &document.value {
            Value::Choice(_) => true,
            Value::List(items) => items.iter().any(|item| has_choice(item, depth + 1)),
            Value::Map(fields) => fields.iter().any(|field| has_choice(&field.value, depth + 1)),
            _ => false,
        }
}

/// `None` where there are too many worlds.
fn split(document: &Document, world: &World, depth: usize) -> Option<Vec<(World, Document)>> {
    if !has_choice(document, depth) {
        return Some(vec![(world.clone(), document.clone())]);
    }
    let worlds = match &document.value {
        Value::Choice(branches) => {
            let mut worlds = Vec::new();
            for branch in branches {
                if let Some(world) = world.with(&branch.when) {
                    worlds.extend(split(&branch.value, &world, depth + 1)?);
                }
            }
            worlds
        }
        Value::List(items) => combine(items, |item| item, world, depth)?
            .into_iter()
            .map(|(world, items)| (world, rebuilt(document, Value::List(items))))
            .collect(),
        Value::Map(fields) => combine(fields, |field| &field.value, world, depth)?
            .into_iter()
            .map(|(world, values)| {
                let fields = fields.iter().zip(values).map(|(field, value)| Field {
                    key: field.key.clone(),
                    key_at: field.key_at.clone(),
                    value,
                });
                (world, rebuilt(document, Value::Map(fields.collect())))
            })
            .collect(),
        _ => vec![(world.clone(), document.clone())],
    };
    (worlds.len() <= MAX_WORLDS).then_some(worlds)
}

/// The values of all parts, in every world in which they hold together.
fn combine<T>(
    parts: &[T],
    value: impl Fn(&T) -> &Document,
    world: &World,
    depth: usize,
) -> Option<Vec<(World, Vec<Document>)>> {
    let mut worlds = vec![(world.clone(), Vec::with_capacity(parts.len()))];
    for part in parts {
        let part = value(part);
        if !has_choice(part, depth + 1) {
            worlds.iter_mut().for_each(|(_, values)| values.push(part.clone()));
            continue;
        }
        let mut next = Vec::new();
        for (world, values) in worlds {
            for (world, value) in split(part, &world, depth + 1)? {
                let mut values = values.clone();
                values.push(value);
                next.push((world, values));
            }
            if next.len() > MAX_WORLDS {
                return None;
            }
        }
        worlds = next;
    }
    Some(worlds)
}

fn rebuilt(document: &Document, value: Value) -> Document {
    Document {
        value,
        at: document.at.clone(),
        by: document.by.clone(),
    }
}
