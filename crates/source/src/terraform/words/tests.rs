//! Bodies in, rows out: one file a family.

mod api;
mod data;
mod event;
mod hostile;
mod iam;
mod lambda;
mod network;
mod table;

use super::{attribute, cfn_type, translate};
use crate::resources::Resources;
use crate::rows::Rows;
use crate::site::Site;
use crate::terraform::instance::Instance;
use maremma_model::{
    AnyId, Branch, Document, Estate, Existence, Field, FunctionRef, Location, Noun, Piece, Place, Pos, Setting, Span,
    State, Text, UnitId, Value, Why,
};
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The estate of resources by address, each a body as a plan shows it. `${aws_x.y.attribute}` in a string
/// refers to another resource, `${?}` is not known; `{"?": "why"}` is not known as a whole, and
/// `{"when": "x", "then": 1, "else": 2}` not decided. `count` says when a resource is there.
fn estate(resources: Json) -> Estate {
    let estate = with_gaps(resources);
    assert_eq!(estate.gaps, []);
    estate
}

fn with_gaps(resources: Json) -> Estate {
    let Json::Object(resources) = resources else {
        panic!("a map")
    };
    let mut rows = Rows::default();
    rows.names.settle(UnitId(0), Site::NOWHERE);
    let ids: BTreeMap<String, AnyId> = resources
        .keys()
        .map(|address| {
            let ty = ty(address);
            let id = Resources::promise(&mut rows.counts, cfn_type(ty).unwrap_or(ty));
            (address.clone(), id)
        })
        .collect();
    let mut instances: Vec<_> = resources
        .iter()
        .enumerate()
        .map(|(line, (address, body))| {
            let at = place(line as u32 * 100 + 1);
            Instance {
                id: ids[address],
                ty: ty(address).into(),
                address: address.as_str().into(),
                at,
                exists: body["count"]
                    .as_str()
                    .map_or(Existence::Always, |when| Existence::When(when.into())),
                region: body["region"].as_str().map(Into::into),
                body: document(body, at.into(), &ids),
            }
        })
        .collect();
    // Any order gives the same.
    instances.reverse();
    let mut found = Resources::default();
    translate(instances, UnitId(0), &Rc::new(Site::NOWHERE), &mut rows, &mut found);
    found.name(&mut rows);
    found.qualify(&mut rows);
    rows.promised();
    let mut estate = Estate::default();
    found.read(&rows, &mut estate);
    rows.finish(&mut estate);
    estate
}

fn ty(address: &str) -> &str {
    address.split('.').next().unwrap()
}

fn place(line: u32) -> Place {
    let pos = Pos { line, ..Pos::default() };
    Place {
        span: Span { start: pos, end: pos },
        ..Place::default()
    }
}

/// Every value stands a line below what it is in.
fn document(json: &Json, at: Location, ids: &BTreeMap<String, AnyId>) -> Document {
    let below = || place(at.place().unwrap().span.start.line + 1).into();
    let plain = |text: String| Value::Scalar {
        text: Text::literal(text),
        quoted: false,
    };
    let value = match json {
        Json::Null => Value::Null,
        Json::Bool(value) => plain(value.to_string()),
        Json::Number(value) => plain(value.to_string()),
        Json::String(value) => Value::Scalar {
            text: text(value, ids),
            quoted: true,
        },
        Json::Array(items) => Value::List(items.iter().map(|item| document(item, below(), ids)).collect()),
        Json::Object(fields) if fields.contains_key("?") => {
            Value::Unknown(Why::Unresolved(fields["?"].as_str().unwrap().into()))
        }
        Json::Object(fields) if fields.contains_key("when") => {
            let when = fields["when"].as_str().unwrap();
            let branch = |when: String, value: &Json| Branch {
                when: when.into(),
                value: document(value, below(), ids),
            };
            Value::Choice(vec![
                branch(when.to_owned(), &fields["then"]),
                branch(format!("not {when}"), &fields["else"]),
            ])
        }
        Json::Object(fields) => {
            let field = |(key, value): (&String, &Json)| Field {
                key: key.as_str().into(),
                key_at: below(),
                value: document(value, below(), ids),
            };
            Value::Map(fields.iter().map(field).collect())
        }
    };
    Document::new(value, at)
}

fn text(written: &str, ids: &BTreeMap<String, AnyId>) -> Text {
    let mut pieces = Vec::new();
    let mut rest = written;
    while let Some((before, (reference, after))) = rest
        .split_once("${")
        .and_then(|(before, after)| Some((before, after.split_once('}')?)))
    {
        pieces.push(Piece::Literal(before.into()));
        let hole = match reference.rsplit_once('.') {
            Some((address, name)) => attribute(ty(address), name, ids[address], address),
            None => Text::hole(Why::Parameter(reference.into())),
        };
        pieces.extend(hole.pieces());
        rest = after;
    }
    pieces.push(Piece::Literal(rest.into()));
    Text::from_pieces(pieces)
}

/// The only row of a noun.
fn only<T: Noun + std::fmt::Debug>(estate: &Estate) -> &T {
    let rows = T::table(estate);
    assert_eq!(rows.len(), 1, "{rows:?} {:?}", estate.gaps);
    rows.values().next().unwrap()
}

/// The row of a noun at an address.
fn row<'e, T: Noun + std::fmt::Debug>(estate: &'e Estate, address: &str) -> &'e T {
    let mut rows = T::table(estate).values();
    rows.find(|row| &*row.resource().address == address)
        .unwrap_or_else(|| panic!("{address} in {:?}", T::table(estate)))
}

fn literal(setting: &Setting<Text>) -> &str {
    setting
        .value()
        .and_then(Text::as_literal)
        .unwrap_or_else(|| panic!("{setting:?}"))
}

fn literals(items: &Setting<Vec<Setting<Text>>>) -> Vec<&str> {
    items
        .value()
        .map_or(Vec::new(), |items| items.iter().map(literal).collect())
}

/// The address of the function that a setting names, with its qualifier.
fn function(estate: &Estate, setting: &Setting<FunctionRef>) -> String {
    let Some(reference) = setting.value() else {
        return format!("{:?}", setting.state);
    };
    let named = reference
        .function
        .here()
        .map_or("?", |id| &*estate.functions[id].resource.address);
    match &reference.qualifier {
        Some(qualifier) => format!("{named}:{qualifier}"),
        None => named.to_owned(),
    }
}

fn is_default<T: PartialEq + std::fmt::Debug>(setting: &Setting<T>) -> bool {
    matches!(setting.state, State::Default(_))
}
