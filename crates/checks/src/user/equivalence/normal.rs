//! An estate without what depends on the format that it was read from.

use crate::user::view::{View, Viewer};
use maremma_model::{AnyId, Estate, Resource};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// One attribute of one row: the kind, the name, the path of the attribute and its value.
pub(super) type Fact = (String, String, String, String);

/// The names that tell resources of a kind apart, which are those that the first format gives.
pub(super) type Names = BTreeSet<(String, String)>;

pub(super) fn names(estate: &Estate) -> Names {
    let named = |head: &Resource| Some((head.kind.to_string(), head.name.as_literal()?.to_string()));
    estate.resources().filter_map(|(_, head)| named(head)).collect()
}

/// The estate as facts that are equal where estates say the same. Locations, addresses, units and ARNs of rows are
/// left out, an ARN and an attribute of a row is the row; a value that is set and the same value as a default are one; a link is the kind and name of what it
/// names; a name that the format alone gives (a physical id) is none; lists are sets.
pub(super) fn normalise<'e>(estate: &'e Estate, names: &'e Names) -> Vec<Fact> {
    let arn = |(id, head): (AnyId, &'e Resource)| Some((head.arn.as_literal()?, id));
    let arns = estate.resources().filter_map(arn).collect();
    let normal = Normal { estate, names, arns };
    let mut facts = Vec::new();
    for (id, _) in estate.resources() {
        let (kind, name) = normal.label(id);
        let view = estate.serialize_row(id, Viewer { only: None }).unwrap().unwrap();
        let mut add = |path: &str, value: &Value| {
            facts.push((kind.clone(), name.clone(), path.to_owned(), value.to_string()));
        };
        leaves("", &normal.value(&view), &mut add);
    }
    facts.sort();
    facts
}

/// Every attribute of a row; what is not set is none.
fn leaves(path: &str, value: &Value, add: &mut dyn FnMut(&str, &Value)) {
    match value {
        Value::Null => (),
        Value::Object(fields) => {
            for (key, value) in fields {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                leaves(&path, value, add);
            }
        }
        Value::Array(items) if items.is_empty() => (),
        value => add(path, value),
    }
}

struct Normal<'e> {
    estate: &'e Estate,
    names: &'e Names,
    /// What has which ARN.
    arns: BTreeMap<&'e str, AnyId>,
}

impl Normal<'_> {
    fn label(&self, id: AnyId) -> (String, String) {
        let head = self.estate.resource(id).unwrap();
        let named = (head.kind.to_string(), head.name.as_literal().unwrap_or("").to_owned());
        if self.names.contains(&named) {
            named
        } else {
            (named.0, String::new())
        }
    }

    fn named(&self, id: AnyId) -> Value {
        let (kind, name) = self.label(id);
        json!(format!("-> {kind} {name}"))
    }

    fn value(&self, view: &View) -> Value {
        match view {
            View::Null => Value::Null,
            View::Bool(value) => json!(value),
            View::Integer(value) => json!(value),
            View::Text(text) => match self.arns.get(&**text) {
                Some(id) => self.named(*id),
                None => json!(&**text),
            },
            View::List(items) => list(items.iter().map(|item| self.value(item)).collect()),
            View::Row(id) => self.named(*id),
            View::Record("Setting", _) => view.field("state").map_or(Value::Null, |state| self.value(state)),
            View::Record("Document", _) => view.field("value").map_or(Value::Null, |value| self.value(value)),
            View::Record(_, fields) => {
                let told = fields
                    .iter()
                    .filter(|(key, _)| !matches!(*key, "at" | "by" | "resource" | "key_at"));
                let told = told.map(|(key, value)| ((*key).to_owned(), self.value(value)));
                Value::Object(told.filter(|(_, value)| !value.is_null()).collect())
            }
            View::Variant(of, variant, inner) => self.variant(of, variant, inner),
        }
    }

    fn variant(&self, of: &str, variant: &str, inner: &View) -> Value {
        match (of, variant) {
            ("State", "unset") | ("Value", "absent" | "null") => Value::Null,
            // What only AWS can tell, of which it is known whose it is: an ARN before there is one.
            ("Piece", "hole") => match inner.field("stands_for") {
                Some(View::Record(_, fields)) => match fields.first() {
                    Some((_, of)) => self.value(of),
                    None => json!("?"),
                },
                _ => json!("?"),
            },
            (_, "unknown" | "choice") => json!("?"),
            ("State" | "Link" | "AnyId", _) | ("Text" | "Piece", "literal") => self.value(inner),
            ("Text", _) => {
                let View::List(pieces) = inner else { return Value::Null };
                let pieces = pieces.iter().map(|piece| self.value(piece));
                json!(
                    pieces
                        .map(|piece| piece.as_str().unwrap_or("?").to_owned())
                        .collect::<String>()
                )
            }
            ("Value", "scalar") => inner.field("text").map_or(Value::Null, |text| self.value(text)),
            // In documents of policies one value and a list of it say the same.
            ("Value", "list") => match self.value(inner) {
                Value::Array(mut items) if items.len() == 1 => items.remove(0),
                value => value,
            },
            ("Value", "map") => {
                let View::List(fields) = inner else { return Value::Null };
                let field = |field: &View| {
                    let key = field.field("key").map(|key| self.value(key));
                    let key = key.as_ref().and_then(Value::as_str).unwrap_or("?").to_owned();
                    (key, field.field("value").map_or(Value::Null, |value| self.value(value)))
                };
                Value::Object(fields.iter().map(field).collect::<Map<_, _>>())
            }
            _ if *inner == View::Null => json!(variant),
            _ => json!({ variant: self.value(inner) }),
        }
    }
}

fn list(mut items: Vec<Value>) -> Value {
    items.sort_by_key(Value::to_string);
    Value::Array(items)
}
