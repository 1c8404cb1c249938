//! Bodies of no type that a provider would take: nothing panics, and no row is lost.

use super::*;
use crate::terraform::words::words;
use serde_json::{Map, json};

fn intruders() -> Vec<Json> {
    vec![
        json!(null),
        json!(""),
        json!("word"),
        json!(7),
        json!([]),
        json!({}),
        json!([[["nested"]]]),
        json!([null, 1, "x", {}]),
        json!([{"deep": [{"deeper": {}}]}]),
        json!({"?": "known after apply"}),
        json!([{"?": "known after apply"}]),
        json!("${var}"),
        json!({"when": "var.a", "then": {"?": "x"}, "else": null}),
        json!({"when": "var.a", "then": [{"x": 1}], "else": {"when": "var.b", "then": "x", "else": []}}),
    ]
}

/// A body that holds a value at a dotted path, each block on the way a list of one.
fn holding(path: &str, value: Json) -> Map<String, Json> {
    let (key, value) = match path.split_once('.') {
        Some((key, rest)) => (key, json!([holding(rest, value)])),
        None => (path, value),
    };
    Map::from_iter([(key.to_owned(), value)])
}

#[test]
fn any_value_may_stand_anywhere() {
    for value in intruders() {
        let mut resources = Map::new();
        for word in words() {
            for (at, path) in word.attributes().iter().enumerate() {
                resources.insert(
                    format!("{}.whole{at}", word.ty),
                    Json::Object(holding(path, value.clone())),
                );
                // And in the place of each block above it.
                let first = path.split('.').next().unwrap();
                resources.insert(format!("{}.above_{first}", word.ty), json!({first: value}));
            }
            let top = word.attributes().into_iter().filter(|path| !path.contains('.'));
            let every: Map<_, _> = top.map(|path| (path, value.clone())).collect();
            resources.insert(format!("{}.every", word.ty), Json::Object(every));
        }
        let expected = resources.len();
        let estate = with_gaps(Json::Object(resources));
        let rows = rows(&estate);
        assert!(rows >= expected, "{rows} rows of {expected} with {value}");
    }
}

/// How many resources have a row.
fn rows(estate: &Estate) -> usize {
    let json = serde_json::to_value(estate).unwrap();
    let tables = json.as_object().unwrap().values();
    let addresses = tables.flat_map(|table| table.as_array().cloned().unwrap_or_default());
    let addresses = addresses.filter_map(|row| Some(row.get("resource")?.get("address")?.as_str()?.to_owned()));
    addresses.collect::<std::collections::BTreeSet<_>>().len()
}

#[test]
fn a_text_in_the_place_of_a_block_is_told() {
    let estate = with_gaps(json!({
        "aws_lambda_function.a": {"function_name": "a", "vpc_config": "none", "environment": [{"variables": "x"}], "layers": {"a": "b"}},
        "aws_lambda_function.b": {"function_name": "b"},
    }));
    let mut told: Vec<_> = estate
        .gaps
        .iter()
        .map(|gap| gap.reason.split(':').next().unwrap())
        .collect();
    told.sort_unstable();
    told.dedup();
    assert_eq!(told, ["Layers", "Variables", "vpc_config"]);
    assert_eq!(estate.functions.len(), 2);
}

/// What Terraform writes once and CloudFormation for each is copied only so often.
#[test]
fn copies_are_bounded() {
    let piece = "${a}x".repeat(2_000);
    let peers: Vec<String> = (0..2_000)
        .map(|at| format!("10.0.{}.{}/32", at / 256, at % 256))
        .collect();
    let rule = json!({"protocol": piece, "from_port": piece, "to_port": piece, "cidr_blocks": peers});
    let estate = with_gaps(json!({"aws_security_group.a": {"name": "a", "ingress": [rule]}}));
    let kinds: Vec<_> = estate.gaps.iter().map(|gap| gap.kind).collect();
    assert_eq!(kinds, [maremma_model::GapKind::Bounds]);
    let group: &maremma_model::SecurityGroup = only(&estate);
    let read = group.ingress.value().unwrap().len();
    assert!((1..100).contains(&read), "{read}");
}
