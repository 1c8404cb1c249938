//! Values out of an evaluated body, in the shape that a property has.

use super::table::{Entry, Shape};
use crate::json;
use maremma_model::{AnyId, Branch, Document, Field, Location, Text, Value, Why};
use std::sync::Arc;

/// What says how a value came about that nobody wrote.
const BY_PROVIDER: &str = "by the default of the AWS provider";

/// The value at a dotted path, through the first of each block; `None` where nothing is set.
pub(super) fn at(document: &Document, path: &str) -> Option<Document> {
    find(document, &path.split('.').collect::<Vec<_>>())
}

fn find(document: &Document, keys: &[&str]) -> Option<Document> {
    let Some((key, rest)) = keys.split_first() else {
        return (!nothing(document)).then(|| document.clone());
    };
    match &document.value {
        Value::Map(_) => find(document.get(key)?, rest),
        Value::List(items) => find(items.first()?, keys),
        Value::Choice(_) => in_worlds(document, &|world| find(world, keys)),
        Value::Absent | Value::Null => None,
        Value::Unknown(_) => Some(document.clone()),
        // Something is there, and it is no block.
        Value::Scalar { text, .. } => {
            let words = || Why::Unresolved(format!("{key}: expected a block around it").into());
            let why = text.why().cloned().unwrap_or_else(words);
            Some(Document::new(Value::Unknown(why), document.at.clone()))
        }
    }
}

fn nothing(document: &Document) -> bool {
    match &document.value {
        Value::Absent | Value::Null => true,
        Value::List(items) => items.is_empty(),
        Value::Choice(branches) => branches.iter().all(|branch| nothing(&branch.value)),
        _ => false,
    }
}

/// Reads every world of a choice by itself; `None` where there is nothing in any.
pub(super) fn in_worlds(document: &Document, read: &dyn Fn(&Document) -> Option<Document>) -> Option<Document> {
    let Value::Choice(branches) = &document.value else {
        return read(document);
    };
    let absent = |branch: &Branch| Document::new(Value::Absent, branch.value.at.clone());
    let branches: Vec<_> = branches
        .iter()
        .map(|branch| Branch {
            when: branch.when.clone(),
            value: in_worlds(&branch.value, read).unwrap_or_else(|| absent(branch)),
        })
        .collect();
    let nowhere = branches.iter().all(|branch| branch.value.is_absent());
    (!nowhere).then(|| Document {
        value: Value::Choice(branches),
        at: document.at.clone(),
        by: document.by.clone(),
    })
}

/// The text of a name. What a variable gives is the same wherever it is named.
pub(super) fn name_of(document: &Document) -> Option<Text> {
    match &document.value {
        Value::Unknown(why @ Why::Parameter(_)) => Some(Text::hole(why.clone())),
        _ => document.as_text().cloned(),
    }
}

/// What a document may be, each with its world.
pub(super) fn worlds(document: &Document) -> Vec<(Option<Arc<str>>, Document)> {
    match &document.value {
        Value::Absent | Value::Null => Vec::new(),
        Value::Choice(branches) => {
            let inner = |branch: &Branch| {
                let when = branch.when.clone();
                let under = move |(inner, value): (Option<Arc<str>>, Document)| match inner {
                    Some(inner) => (Some(Arc::from(format!("{when} and {inner}"))), value),
                    None => (Some(when.clone()), value),
                };
                worlds(&branch.value).into_iter().map(under)
            };
            branches.iter().flat_map(inner).collect()
        }
        _ => vec![(None, document.clone())],
    }
}

/// The blocks of a kind, each with its world.
pub(super) fn blocks(body: &Document, path: &str) -> Vec<(Option<Arc<str>>, Document)> {
    let Some(found) = at(body, path) else { return Vec::new() };
    let both = |outer: &Option<Arc<str>>, inner: Option<Arc<str>>| match (outer, inner) {
        (Some(outer), Some(inner)) => Some(Arc::from(format!("{outer} and {inner}"))),
        (outer, inner) => inner.or_else(|| outer.clone()),
    };
    let items = |(when, world): (Option<Arc<str>>, Document)| match &world.value {
        Value::List(items) => {
            let items = items.iter().flat_map(worlds);
            items.map(|(inner, item)| (both(&when, inner), item)).collect()
        }
        _ => vec![(when, world)],
    };
    worlds(&found).into_iter().flat_map(items).collect()
}

/// The texts that a document may be, each with its world.
pub(super) fn texts(document: &Document) -> Vec<(Option<Arc<str>>, Text)> {
    let text = |(when, world): (Option<Arc<str>>, Document)| Some((when, world.as_text()?.clone()));
    worlds(document).into_iter().filter_map(text).collect()
}

/// A value that is there only in one world.
pub(super) fn only_when(value: Document, when: Option<Arc<str>>) -> Document {
    let Some(when) = when else { return value };
    let at = value.at.clone();
    let otherwise = Branch {
        when: format!("not ({when})").into(),
        value: Document::new(Value::Absent, at.clone()),
    };
    Document::new(Value::Choice(vec![Branch { when, value }, otherwise]), at)
}

/// A value that the provider sets where nobody does.
pub(super) fn by_provider(text: &str, at: &Location) -> Document {
    Document {
        by: Some(BY_PROVIDER.into()),
        ..plain(text, at)
    }
}

/// A word that is as good as written: `ENABLED` for `true`.
pub(super) fn plain(text: &str, at: &Location) -> Document {
    Document::string(text, at.clone())
}

/// The properties that a body sets by entries: always a map.
pub(super) fn build(entries: &[Entry], body: &Document, of: AnyId) -> Document {
    let mut map = Document::new(Value::Map(Vec::new()), body.at.clone());
    for entry in entries {
        if matches!(entry.shape, Shape::Prefix) && at(&map, entry.to).is_some() {
            continue;
        }
        if let Some(value) = property(entry, body, of) {
            let depth = entry.from.split('.').count() - 1;
            put(&mut map, entry.to, value, &block(body, entry.from, depth));
        }
    }
    map
}

/// The value that an entry reads.
pub(super) fn property(entry: &Entry, body: &Document, of: AnyId) -> Option<Document> {
    let found = at(body, entry.from).and_then(|found| in_worlds(&found, &|world| shaped(world, entry.shape, of)));
    match entry.shape {
        Shape::Or(default) => Some(found.unwrap_or_else(|| by_provider(default, &body.at))),
        _ => found,
    }
}

/// What stands where there should be blocks, by the paths of those.
pub(super) fn misplaced(entries: &[Entry], body: &Document) -> Vec<(&'static str, Location)> {
    let wrong = |entry: &Entry| {
        let (block, _) = entry.from.rsplit_once('.')?;
        let found = at(body, block)?;
        let mut items = worlds(&found).into_iter();
        let (_, scalar) = items.find(|(_, world)| world.as_str().is_some())?;
        Some((block, scalar.at))
    };
    entries.iter().filter_map(wrong).collect()
}

/// Where the innermost block on the way to an attribute stands.
fn block(body: &Document, path: &str, depth: usize) -> Option<Location> {
    let keys: Vec<_> = path.split('.').take(depth).collect();
    if keys.is_empty() {
        return None;
    }
    let found = find(body, &keys)?;
    Some(match &found.value {
        Value::List(items) => items.first().map_or(found.at.clone(), |item| item.at.clone()),
        _ => found.at,
    })
}

/// Puts a value at a dotted path; maps that are made on the way stand at the block, else at the value.
fn put(map: &mut Document, path: &str, value: Document, block: &Option<Location>) {
    let Value::Map(fields) = &mut map.value else { return };
    let (key, rest) = match path.split_once('.') {
        Some((key, rest)) => (key, Some(rest)),
        None => (path, None),
    };
    let Some(rest) = rest else {
        let key_at = value.at.clone();
        fields.retain(|field| &*field.key != key);
        fields.push(Field {
            key: key.into(),
            key_at,
            value,
        });
        return;
    };
    if let Some(inner) = fields.iter_mut().find(|field| &*field.key == key) {
        return put(&mut inner.value, rest, value, block);
    }
    let at = block.clone().unwrap_or_else(|| value.at.clone());
    let mut inner = Document::new(Value::Map(Vec::new()), at.clone());
    put(&mut inner, rest, value, block);
    fields.push(Field {
        key: key.into(),
        key_at: at,
        value: inner,
    });
}

fn shaped(found: &Document, shape: Shape, of: AnyId) -> Option<Document> {
    if nothing(found) {
        return None;
    }
    if matches!(found.value, Value::Unknown(_)) {
        return Some(found.clone());
    }
    match shape {
        Shape::Text | Shape::Or(_) => scalar(found),
        Shape::Unless(none) => scalar(found).filter(|value| value.as_str() != Some(none)),
        Shape::Switch(on, off) => Some(switched(found, on, off)),
        Shape::Prefix => prefixed(found, of),
        Shape::List => Some(map_items(found, &|item| in_worlds(item, &scalar))),
        Shape::Map => (!matches!(&found.value, Value::Map(fields) if fields.is_empty())).then(|| map_values(found)),
        Shape::Json => (found.as_str() != Some("")).then(|| found.clone()),
        Shape::Kept => Some(found.clone()),
        Shape::Each(entries) => Some(each(found, entries, of)),
        Shape::Tags => Some(tags(found)),
        Shape::Hook => None,
    }
}

/// A scalar; a map or list as its JSON text; nothing where the text is empty.
pub(super) fn scalar(found: &Document) -> Option<Document> {
    match &found.value {
        Value::Map(_) | Value::List(_) => Some(Document {
            value: Value::Scalar {
                text: json::written(found),
                quoted: true,
            },
            ..found.clone()
        }),
        _ if found.as_str() == Some("") || nothing(found) => None,
        _ => Some(found.clone()),
    }
}

fn switched(found: &Document, on: &str, off: &str) -> Document {
    let word = found.as_str().and_then(maremma_model::text::parse_bool);
    match word {
        Some(word) => Document {
            by: found.by.clone(),
            ..plain(if word { on } else { off }, &found.at)
        },
        None => match found.as_text().and_then(Text::why) {
            Some(why) => Document::new(Value::Unknown(why.clone()), found.at.clone()),
            None => found.clone(),
        },
    }
}

/// Terraform puts an ending of its own behind a prefix.
fn prefixed(found: &Document, of: AnyId) -> Option<Document> {
    let text = found.as_text().filter(|text| text.as_literal() != Some(""))?;
    let ending = Text::attribute(of, "Suffix", "the ending that Terraform adds");
    Some(Document {
        value: Value::Scalar {
            text: Text::concat([text, &ending]),
            quoted: true,
        },
        ..found.clone()
    })
}

fn map_items(found: &Document, read: &dyn Fn(&Document) -> Option<Document>) -> Document {
    match &found.value {
        Value::List(items) => Document {
            value: Value::List(items.iter().filter_map(read).collect()),
            ..found.clone()
        },
        _ => found.clone(),
    }
}

fn map_values(found: &Document) -> Document {
    let Value::Map(fields) = &found.value else {
        return found.clone();
    };
    // The empty text is a value like any other here.
    let value = |found: &Document| match &found.value {
        Value::Map(_) | Value::List(_) => scalar(found),
        Value::Null | Value::Absent => None,
        _ => Some(found.clone()),
    };
    let field = |field: &Field| {
        Some(Field {
            value: in_worlds(&field.value, &value)?,
            ..field.clone()
        })
    };
    Document {
        value: Value::Map(fields.iter().filter_map(field).collect()),
        ..found.clone()
    }
}

/// The blocks of a kind; what is no block is left for the reader to complain of.
fn each(found: &Document, entries: &[Entry], of: AnyId) -> Document {
    let one = |item: &Document| {
        in_worlds(item, &|world| match &world.value {
            Value::Map(_) => Some(build(entries, world, of)).filter(|map| !map.fields().is_empty()),
            Value::Absent | Value::Null => None,
            _ => Some(world.clone()),
        })
    };
    match &found.value {
        Value::Map(_) => Document::new(Value::List(one(found).into_iter().collect()), found.at.clone()),
        _ => map_items(found, &one),
    }
}

fn tags(found: &Document) -> Document {
    let Value::Map(fields) = &found.value else {
        return found.clone();
    };
    let tag = |field: &Field| {
        let key = Document::string(&field.key, field.key_at.clone());
        Document::map(vec![("Key", key), ("Value", field.value.clone())], field.key_at.clone())
    };
    Document {
        value: Value::List(fields.iter().map(tag).collect()),
        ..found.clone()
    }
}

/// Two texts with something between them: the name of a function, and what stands behind it.
pub(super) fn joined(before: &Document, between: &str, after: &Document) -> Document {
    let after = match (after.as_text(), &after.value) {
        (Some(text), _) => text.clone(),
        (None, Value::Unknown(why)) => Text::hole(why.clone()),
        (None, Value::Choice(branches)) => {
            let when = branches.first().map_or("".into(), |branch| branch.when.clone());
            Text::hole(Why::Condition(when))
        }
        (None, _) => Text::hole(Why::NotKept),
    };
    let one = |world: &Document| {
        let text = Text::concat([world.as_text()?, &Text::literal(between), &after]);
        Some(Document {
            by: world.by.clone(),
            ..Document::text(text, world.at.clone())
        })
    };
    in_worlds(before, &one).unwrap_or_else(|| before.clone())
}

/// How much there is of a document: its values, and the pieces of its texts.
pub(super) fn weight(document: &Document) -> usize {
    let inner: usize = match &document.value {
        Value::List(items) => items.iter().map(weight).sum(),
        Value::Map(fields) => fields.iter().map(|field| weight(&field.value)).sum(),
        Value::Choice(branches) => branches.iter().map(|branch| weight(&branch.value)).sum(),
        Value::Scalar { text, .. } => text.holes().count(),
        Value::Absent | Value::Null | Value::Unknown(_) => 0,
    };
    inner + 1
}
