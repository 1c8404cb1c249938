//! What the functions make of known, unknown and hostile values.

mod collection;
mod encoding;
mod filesystem;
mod hostile;
mod numeric;
mod string;

use crate::terraform::scope::{Scope, Step};
use crate::terraform::value::{Branch, Kind, Number, Reference, Value};
use maremma_model::{AnyId, Attribute, Hole, Piece, Place, Text, Why};
use serde_json::{Value as Json, json};
use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::rc::Rc;

/// A scope without names, which remembers what was told.
pub(crate) struct Alone {
    directory: PathBuf,
    root: PathBuf,
    budget: Cell<usize>,
    pub(crate) problems: RefCell<Vec<String>>,
}

impl Alone {
    pub(crate) fn new(directory: &Path, root: &Path) -> Self {
        Alone {
            directory: directory.to_owned(),
            root: root.to_owned(),
            budget: Cell::new(5_000_000),
            problems: RefCell::default(),
        }
    }

    fn nowhere() -> Self {
        Alone::new(Path::new("/nowhere"), Path::new("/nowhere"))
    }
}

impl Scope for Alone {
    fn name(&self, _: &str, _: &[Step], _: Place) -> Option<(Value, usize)> {
        None
    }

    fn attribute(&self, of: &Reference, _: &Step, at: Place) -> Value {
        Value::unknown(Why::Attribute(of.address.clone()), at)
    }

    fn place(&self, _: Range<usize>) -> Place {
        Place::default()
    }

    fn directory(&self) -> &Path {
        &self.directory
    }

    fn root(&self) -> &Path {
        &self.root
    }

    fn spend(&self, amount: usize) -> bool {
        let left = self.budget.get().checked_sub(amount);
        self.budget.set(left.unwrap_or(0));
        left.is_some()
    }

    fn problem(&self, reason: String, _: Place) {
        self.problems.borrow_mut().push(reason);
    }
}

/// A value as the tables of the tests write it: JSON, where `${x}` in a string is a parameter that is not
/// known, `${&x}` a pseudo parameter, `${@x}` an attribute of a resource, and a map of one of the keys
/// `unknown`, `choice`, `json` and `sensitive` is what they say.
pub(crate) fn value(json: &Json) -> Value {
    let kind = match json {
        Json::Null => Kind::Null,
        Json::Bool(known) => Kind::Bool(*known),
        Json::Number(number) => Kind::Number(Number(number.to_string().into())),
        Json::String(text) => Kind::Text(holed(text)),
        Json::Array(items) => Kind::List(Rc::new(items.iter().map(value).collect())),
        Json::Object(fields) => match fields.iter().next() {
            Some((key, inner)) if key == "unknown" => Kind::Unknown(Why::Parameter(inner.as_str().unwrap().into())),
            Some((key, inner)) if key == "json" => Kind::Json(Rc::new(value(inner))),
            Some((key, inner)) if key == "sensitive" => {
                return Value {
                    sensitive: true,
                    ..value(inner)
                };
            }
            Some((key, Json::Object(branches))) if key == "choice" => {
                let branch = |(when, branch): (&String, &Json)| Branch {
                    when: when.as_str().into(),
                    value: value(branch),
                };
                Kind::Choice(Rc::new(branches.iter().map(branch).collect()))
            }
            _ => Kind::Map(Rc::new(
                fields
                    .iter()
                    .map(|(key, field)| (key.as_str().into(), value(field)))
                    .collect(),
            )),
        },
    };
    Value::new(kind, Place::default())
}

fn holed(text: &str) -> Text {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some((before, after)) = rest.split_once("${") {
        let (name, after) = after.split_once('}').unwrap();
        pieces.push(Piece::Literal(before.into()));
        let (why, stands_for) = match (name.strip_prefix('&'), name.strip_prefix('@')) {
            (Some(name), _) => (Why::Pseudo(format!("AWS::{name}").into()), None),
            (_, Some(name)) => {
                let of: AnyId = serde_json::from_str("{\"function\": 0}").unwrap();
                let name = name.into();
                (Why::Attribute("f.arn".into()), Some(Attribute { of, name }))
            }
            _ => (Why::Parameter(name.into()), None),
        };
        pieces.push(Piece::Hole(Hole { why, stands_for }));
        rest = after;
    }
    pieces.push(Piece::Literal(rest.into()));
    Text::from_pieces(pieces)
}

/// The value in the same notation.
pub(crate) fn shown(value: &Value) -> Json {
    let inner = match &value.kind {
        Kind::Null => Json::Null,
        Kind::Bool(known) => json!(known),
        Kind::Number(number) => serde_json::from_str(&number.0).unwrap(),
        Kind::Text(text) => Json::String(text_shown(text)),
        Kind::List(items) => Json::Array(items.iter().map(shown).collect()),
        Kind::Map(entries) => entries
            .iter()
            .map(|(key, entry)| (key.to_string(), shown(entry)))
            .collect(),
        Kind::Json(inner) => json!({ "json": shown(inner) }),
        Kind::Choice(branches) => {
            let branches: Json = branches
                .iter()
                .map(|branch| (branch.when.to_string(), shown(&branch.value)))
                .collect();
            json!({ "choice": branches })
        }
        Kind::Unknown(why) => json!({ "unknown": why.name() }),
        Kind::Object(reference) => json!({ "object": &*reference.address }),
    };
    if value.sensitive {
        json!({ "sensitive": inner })
    } else {
        inner
    }
}

fn text_shown(text: &Text) -> String {
    let shown = text.pieces().into_iter().map(|piece| match piece {
        Piece::Literal(literal) => literal.to_string(),
        Piece::Hole(Hole {
            stands_for: Some(attribute),
            ..
        }) => format!("${{@{}}}", attribute.name),
        Piece::Hole(Hole {
            why: Why::Pseudo(name), ..
        }) => format!("${{&{}}}", name.trim_start_matches("AWS::")),
        Piece::Hole(hole) => format!("${{{}}}", hole.why.name()),
    });
    shown.collect()
}

/// Every line is `name [arguments] => value`, `name [arguments] => ! words of what Terraform refuses`, or
/// `name [arguments] => ? words of why it is not known`.
fn holds(scope: impl Fn() -> Alone, table: &str) -> usize {
    let mut wrong = Vec::new();
    let lines = table.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut count = 0;
    for line in lines {
        count += 1;
        let (called, expected) = line.split_once(" => ").unwrap_or_else(|| panic!("{line}"));
        let (name, arguments) = called.split_once(' ').unwrap();
        let arguments: Vec<Json> = serde_json::from_str(arguments).unwrap_or_else(|error| panic!("{line}: {error}"));
        let scope = scope();
        let made = super::call(name, arguments.iter().map(value).collect(), &scope, Place::default());
        let problems = scope.problems.borrow().join("; ");
        let found = match (&made.kind, problems.is_empty()) {
            (_, false) => format!("! {problems}"),
            (Kind::Unknown(why), true) if !expected.starts_with('{') => format!("? {why}"),
            _ => shown(&made).to_string(),
        };
        let holds = match expected.split_at_checked(2) {
            Some((mark @ ("! " | "? "), words)) => found.starts_with(mark) && found.contains(words),
            _ => {
                let expected: Json = serde_json::from_str(expected).unwrap_or_else(|error| panic!("{line}: {error}"));
                serde_json::from_str(&found).ok() == Some(expected)
            }
        };
        if !holds {
            wrong.push(format!("{line}\n    found {found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    count
}

#[test]
fn every_function_is_declared_once() {
    let names: Vec<&str> = super::FAMILIES
        .iter()
        .flat_map(|family| family.iter().map(|function| function.name))
        .collect();
    assert_eq!(names.len(), super::BY_NAME.len());
    assert!(names.len() >= 120, "{}", names.len());
}

#[test]
fn the_number_of_arguments_is_held() {
    holds(
        Alone::nowhere,
        r#"
        upper [] => ! upper(): expected 1 arguments, found 0
        upper ["a", "b"] => ! found 2
        lookup [{}] => ! expected 2 to 3
        format [] => ! expected at least 1
        core::upper ["a"] => "A"
        provider::aws::arn_parse ["arn:aws:s3:::b"] => ? a function of a provider
        frobnicate [1] => ? not a function that is known
        "#,
    );
}

#[test]
fn choices_are_made_in_every_world() {
    holds(
        Alone::nowhere,
        r#"
        upper [{"choice": {"a": "x", "not a": "y"}}] => {"choice": {"a": "X", "not a": "Y"}}
        merge [{"choice": {"a": {"k": 1}, "not a": {}}}, {"m": 2}] => {"choice": {"a": {"k": 1, "m": 2}, "not a": {"m": 2}}}
        concat [["a"], {"choice": {"p": ["b"], "not p": []}}] => {"choice": {"p": ["a", "b"], "not p": ["a"]}}
        join ["-", {"choice": {"p": ["b"], "not p": {"unknown": "x"}}}] => {"choice": {"p": "b", "not p": "${x}"}}
        "#,
    );
    let branches: Json = (0..17).map(|at| (format!("w{at}"), json!("x"))).collect();
    let scope = Alone::nowhere();
    let made = super::call(
        "upper",
        vec![value(&json!({ "choice": branches }))],
        &scope,
        Place::default(),
    );
    assert!(matches!(made.kind, Kind::Unknown(_)), "{made:?}");
}

#[test]
fn what_is_sensitive_stays_so_until_it_is_said_otherwise() {
    holds(
        Alone::nowhere,
        r#"
        upper [{"sensitive": "a"}] => {"sensitive": "A"}
        join ["-", ["a", {"sensitive": "b"}]] => {"sensitive": "a-b"}
        jsonencode [{"a": {"sensitive": "b"}}] => {"sensitive": {"json": {"a": {"sensitive": "b"}}}}
        sensitive ["a"] => {"sensitive": "a"}
        nonsensitive [{"sensitive": "a"}] => "a"
        issensitive [{"sensitive": "a"}] => true
        issensitive ["a"] => false
        concat [["a"], {"sensitive": ["b"]}] => {"sensitive": ["a", {"sensitive": "b"}]}
        merge [{"a": {"sensitive": "b"}}, {"c": 1}] => {"a": {"sensitive": "b"}, "c": 1}
        upper [{"choice": {"a": {"sensitive": "x"}, "not a": "y"}}] => {"sensitive": {"choice": {"a": {"sensitive": "X"}, "not a": "Y"}}}
        "#,
    );
    let mut given = value(&json!("a"));
    given.by = Some("by the default of variable stage".into());
    let made = super::call("upper", vec![given], &Alone::nowhere(), Place::default());
    assert_eq!(made.by.as_deref(), Some("by the default of variable stage"));
}
