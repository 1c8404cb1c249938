//! A value of the wrong type at every place of a template: never a panic, and never silence.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may panic, and so may what helps it"
)]

use maremma_model::{Estate, FileId, Gap, Location, Node, NodeValue};
use maremma_source::tree::{self, Syntax};
use maremma_source::{KINDS, Options, read_texts};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What is put in the place of every value.
fn intruders() -> Vec<Value> {
    vec![
        json!(null),
        json!(""),
        json!("word"),
        json!(7),
        json!(-1e300),
        json!(true),
        json!([]),
        json!({}),
        json!([[["nested"]]]),
        json!([{"deep": {"deeper": {"deepest": []}}}]),
        json!({"deep": {"deeper": {"deepest": []}}}),
        json!({"Ref": "Nope"}),
        json!({"Ref": ["Nope"]}),
        json!({"Fn::If": ["Nope", "a", "b"]}),
        json!({"Fn::If": "Nope"}),
        json!({"Fn::GetAtt": 5}),
        json!({"Fn::Sub": []}),
        json!({"Fn::Join": {}}),
        json!({"Fn::Nothing": "x"}),
    ]
}

fn corpus() -> Vec<(PathBuf, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/kinds");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("the corpus is there")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("a text");
        let parsed = tree::parse(&text, FileId(0), Syntax::Either).expect("well-formed");
        let value = json_of(&parsed.root);
        (path, value)
    };
    paths.into_iter().map(read).collect()
}

/// The node in JSON, tags in their long form.
fn json_of(node: &Node) -> Value {
    let value = match &node.value {
        NodeValue::Null => Value::Null,
        NodeValue::Scalar { text, quoted: false } if text.parse::<f64>().is_ok() || *text.as_ref() == *"true" => {
            serde_json::from_str(text).unwrap_or_else(|_| json!(&**text))
        }
        NodeValue::Scalar { text, .. } => json!(&**text),
        NodeValue::Seq(items) => items.iter().map(json_of).collect(),
        NodeValue::Map(entries) => {
            let fields = entries
                .iter()
                .map(|entry| (entry.key.to_string(), json_of(&entry.value)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
    };
    match node.tag.as_deref() {
        None => value,
        Some("Ref") => json!({ "Ref": value }),
        Some(tag) => {
            let function = format!("Fn::{tag}");
            json!({ function: value })
        }
    }
}

/// Every place in a value, as JSON pointers; intrinsic functions are one value.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    let call = |fields: &Map<String, Value>| fields.keys().any(|key| key == "Ref" || key.starts_with("Fn::"));
    match value {
        Value::Object(fields) if !call(fields) => {
            for (key, inner) in fields {
                let at = format!("{at}/{}", escaped(key));
                found.push(at.clone());
                places(inner, &at, found);
            }
        }
        Value::Array(items) => {
            for (index, inner) in items.iter().enumerate() {
                let at = format!("{at}/{index}");
                found.push(at.clone());
                places(inner, &at, found);
            }
        }
        _ => {}
    }
}

/// A template of one resource, and of those that it refers to.
fn alone(template: &Value, logical_id: &str) -> Value {
    let resources = &template["Resources"];
    let mut kept = BTreeSet::from([logical_id.to_owned()]);
    let mut new = vec![logical_id.to_owned()];
    while let Some(id) = new.pop() {
        let text = resources[&id].to_string();
        let referred = resources.as_object().expect("a map").keys();
        for other in referred.filter(|other| {
            text.contains(&format!("\"{other}\""))
                || text.contains(&format!("{other}."))
                || text.contains(&format!("${{{other}}}"))
        }) {
            if kept.insert(other.clone()) {
                new.push(other.clone());
            }
        }
    }
    let resources: Map<String, Value> = kept
        .into_iter()
        .map(|id| (id.clone(), resources[&id].clone()))
        .collect();
    json!({ "AWSTemplateFormatVersion": "2010-09-09", "Resources": resources })
}

fn read(template: &Value) -> (Estate, String) {
    let text = serde_json::to_string_pretty(template).expect("JSON");
    (read_texts(&[("t.json", &text)], &Options::default()), text)
}

/// The estate without its places and gaps.
fn content(estate: &Estate) -> Value {
    let mut value = serde_json::to_value(estate).expect("an estate is written");
    strip(&mut value);
    value
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|key, _| !matches!(key.as_str(), "at" | "key_at" | "gaps" | "sensitive" | "files"));
            fields.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

/// The lines of the value at a JSON pointer, its key's line included.
fn lines(text: &str, pointer: &str) -> (u32, u32) {
    let parsed = tree::parse(text, FileId(0), Syntax::Json).expect("well-formed");
    let (mut node, mut first) = (&parsed.root, 1);
    for key in pointer.split('/').skip(1) {
        let key = key.replace("~1", "/").replace("~0", "~");
        node = match key.parse::<usize>().ok().and_then(|index| node.items().get(index)) {
            Some(item) => {
                first = item.place.span.start.line;
                item
            }
            None => {
                let entry = node.entry(&key).expect("the key is there");
                first = entry.key_place.span.start.line;
                &entry.value
            }
        };
    }
    (first, node.place.span.end.line)
}

fn told(gaps: &[Gap], within: (u32, u32)) -> bool {
    gaps.iter().any(|gap| match &gap.at {
        Some(Location::File(place)) => (within.0..=within.1).contains(&place.span.start.line),
        _ => false,
    })
}

/// A map, a list or a scalar.
fn shape(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Object(fields) if fields.keys().any(|key| key == "Ref" || key.starts_with("Fn::")) => "call",
        Value::Object(_) => "map",
        Value::Array(_) => "list",
        _ => "scalar",
    }
}

/// Whether something of this shape may be passed over like nothing at all.
fn says_something(original: &Value, intruder: &Value) -> bool {
    let (is, was) = (shape(intruder), shape(original));
    // CloudFormation takes a scalar where a list of one is meant.
    let names = |value: &Value| {
        value
            .as_array()
            .is_some_and(|items| items.iter().all(|item| shape(item) != "map"))
    };
    if is == "scalar" && names(original) {
        return false;
    }
    // A name may stand where a reference stood, and the other way round.
    is != "nothing" && is != was && !matches!((is, was), ("call", "scalar") | ("scalar", "call"))
}

#[test]
fn a_value_of_the_wrong_type_is_told_or_unknown() {
    let (mut tried, mut silent) = (0, BTreeSet::new());
    for (path, template) in corpus() {
        for logical_id in template["Resources"].as_object().expect("resources").keys() {
            let template = alone(&template, logical_id);
            let (base, _) = read(&template);
            let start = format!("/Resources/{logical_id}/Properties");
            let mut found = vec![start.clone()];
            places(
                &template.pointer(&start).cloned().unwrap_or_default(),
                &start,
                &mut found,
            );
            let base = content(&base);
            for pointer in found {
                let original = template.pointer(&pointer).expect("a place").clone();
                let mut without = template.clone();
                *without.pointer_mut(&pointer).expect("a place") = json!({ "Ref": "AWS::NoValue" });
                let without = content(&read(&without).0);
                for intruder in intruders() {
                    let mut mutated = template.clone();
                    *mutated.pointer_mut(&pointer).expect("a place") = intruder.clone();
                    let (estate, text) = read(&mutated);
                    tried += 1;
                    let read_there = without != base;
                    if read_there
                        && says_something(&original, &intruder)
                        && !told(&estate.gaps, lines(&text, &pointer))
                        && content(&estate) == without
                    {
                        let file = path.file_name().expect("a name").to_string_lossy();
                        silent.insert(format!("{file} {pointer}: {intruder}"));
                    }
                }
            }
        }
    }
    assert!(tried > 5_000, "{tried} only");
    let silent: Vec<_> = silent.into_iter().collect();
    assert!(
        silent.is_empty(),
        "{} are passed over:\n{}",
        silent.len(),
        silent.join("\n")
    );
}

#[test]
fn the_corpus_has_every_kind() {
    let kinds: BTreeSet<String> = corpus()
        .iter()
        .flat_map(|(_, template)| template["Resources"].as_object().expect("resources").values())
        .map(|resource| resource["Type"].as_str().expect("a type").to_owned())
        .collect();
    let missing: Vec<_> = KINDS.iter().filter(|kind| !kinds.contains(**kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Properties that readers ask for by name: `p.text("Handler")`, `p.sub("Cors")`, ...
fn asked_for() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/source/src/map");
    let mut asked = BTreeSet::new();
    for entry in std::fs::read_dir(folder).expect("the readers are there") {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).unwrap_or_default();
        // `p.text("A.B")`, and `p.any_of::<Key>("A")`.
        for call in text.split('.').skip(1) {
            let Some((method, rest)) = call.split_once("(\"") else {
                continue;
            };
            let method = method.split("::").next().unwrap_or(method);
            let reads = [
                "text",
                "texts",
                "boolean",
                "number",
                "switch",
                "link",
                "links",
                "any",
                "any_of",
                "anys_of",
                "function",
                "function_among",
                "target",
                "list",
                "maps",
                "sub",
                "subs",
                "document",
                "embedded",
                "json",
                "entries",
            ];
            if reads.contains(&method) && rest.starts_with(|first: char| first.is_ascii_uppercase()) {
                let name: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
                asked.insert(name);
            }
        }
    }
    asked
}

#[test]
fn the_corpus_has_every_property_that_readers_ask_for() {
    let texts: String = corpus().iter().map(|(_, template)| template.to_string()).collect();
    let asked = asked_for();
    assert!(asked.len() > 150, "{} only", asked.len());
    let missing: Vec<_> = asked
        .iter()
        .filter(|name| !texts.contains(&format!("\"{name}\":")))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}
