//! Functions of values that nobody means well with.

use super::super::{BY_NAME, call};
use super::{Alone, shown, value};
use crate::terraform::value::Kind;
use maremma_model::Place;
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use std::time::{Duration, Instant};

fn made(name: &str, arguments: &[Json]) -> Json {
    let scope = Alone::nowhere();
    shown(&call(
        name,
        arguments.iter().map(value).collect(),
        &scope,
        Place::default(),
    ))
}

#[test]
fn what_grows_is_bounded() {
    let started = Instant::now();
    let many: Json = (0..1000).collect();
    let long = "a".repeat(200_000);
    let calls = [
        ("format", vec![json!("%1000000000s"), json!("x")]),
        ("format", vec![json!("%.1000000000f"), json!(1)]),
        ("format", vec![json!("%99999999999999999999d"), json!(1)]),
        ("setproduct", vec![many.clone(), many.clone(), many.clone()]),
        ("indent", vec![json!(1_000_000_000), json!("a\nb")]),
        ("indent", vec![json!(1000), json!("\n".repeat(100_000))]),
        ("replace", vec![json!(long), json!("a"), json!(long)]),
        ("replace", vec![json!(long), json!("/a/"), json!(long)]),
        ("replace", vec![json!(long), json!(""), json!(long)]),
        ("join", vec![json!(long), many.clone()]),
        ("regex", vec![json!("(a{1000}){1000}"), json!("a")]),
        (
            "cidrsubnet",
            vec![json!("10.0.0.0/8"), json!(4_294_967_295u32), json!(0)],
        ),
        ("jsondecode", vec![json!("[".repeat(100_000))]),
        (
            "yamldecode",
            vec![json!(
                "a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d]\nf: &f [*e,*e,*e,*e]\ng: &g [*f,*f,*f,*f]\nh: &h [*g,*g,*g,*g]\ni: [*h,*h,*h,*h]\nj: [*h,*h,*h,*h,*h,*h,*h,*h,*h]\n"
            )],
        ),
        ("pow", vec![json!(10), json!(400)]),
    ];
    for (name, arguments) in calls {
        let made = made(name, &arguments);
        assert!(
            made.get("unknown").is_some() || made.to_string().contains("${"),
            "{name}: {}",
            made.to_string().len()
        );
    }
    assert_eq!(made("regexall", &[json!("(a*)*b"), json!(long)]), json!([]));
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

#[test]
fn what_repeats_itself_is_not_walked_for_ever() {
    let mut doubled = value(&json!(["x"]));
    for _ in 0..60 {
        doubled = value_of(vec![doubled.clone(), doubled]);
    }
    for name in ["flatten", "jsonencode", "distinct", "length", "toset", "reverse"] {
        let scope = Alone::nowhere();
        call(name, vec![doubled.clone()], &scope, Place::default());
    }
    let scope = Alone::nowhere();
    let equal = call(
        "contains",
        vec![doubled.clone(), doubled.clone()],
        &scope,
        Place::default(),
    );
    assert!(matches!(equal.kind, Kind::Bool(_) | Kind::Unknown(_)));
}

fn value_of(items: Vec<crate::terraform::value::Value>) -> crate::terraform::value::Value {
    crate::terraform::value::Value::new(Kind::List(std::rc::Rc::new(items)), Place::default())
}

fn argument() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        (-9i32..9).prop_map(Json::from),
        (-1e6f64..1e6).prop_map(Json::from),
        "[a-z0-9%/.:*\\[({}$ -]{0,12}".prop_map(|text| Json::from(text.replace("${", "$"))),
        "\\PC{0,8}".prop_map(|text| Json::from(text.replace("${", "$"))),
        prop::sample::select(vec![
            "${x}",
            "a${x}b",
            "${@Arn}:*",
            "${&Region}",
            "10.0.0.0/16",
            "::/0",
            "2018-01-02T23:12:01Z",
            "1h",
            "{\"a\":[1]}",
            "a: b",
            "%s",
            "%05.1f",
            "%[3]q",
            "/a(b)?/",
            "[[:x",
            "(?P<n>a)",
            "UTF-16LE",
            "0000-00-00T00:00:00Z",
            "9999-12-31T23:59:59Z",
            "2500000h",
        ])
        .prop_map(Json::from),
        Just(json!({ "unknown": "x" })),
        Just(json!({ "json": { "a": ["${x}", 1] } })),
        Just(json!({ "choice": { "p": "a", "not p": ["b"] } })),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::btree_map("[a-c]{1,2}", inner, 0..3).prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_function_panics(arguments in prop::collection::vec(argument(), 0..4)) {
        for name in BY_NAME.keys() {
            let scope = Alone::nowhere();
            call(name, arguments.iter().map(value).collect(), &scope, Place::default());
        }
    }

    /// What a function says of known values must also be possible where less is known of them.
    #[test]
    fn less_known_never_says_otherwise(text in "[ab:/ -]{0,6}", at in 0usize..6, wanted in "[ab:/-]{1,2}") {
        let at = text.char_indices().map(|(at, _)| at).nth(at).unwrap_or(text.len());
        let (known, hidden) = text.split_at(at);
        let (less, more) = (format!("{known}${{x}}"), format!("{known}{hidden}"));
        for name in ["startswith", "endswith", "strcontains"] {
            let of = |text: &str| made(name, &[json!(text), json!(wanted)]);
            if let Json::Bool(said) = of(&less) {
                prop_assert_eq!(Json::Bool(said), of(&more), "{}({:?}, {:?})", name, less, wanted);
            }
        }
        for (name, rest) in [("trimprefix", vec![json!(wanted)]), ("trimsuffix", vec![json!(wanted)]), ("trimspace", vec![]), ("upper", vec![]), ("replace", vec![json!(wanted), json!("c")]), ("trim", vec![json!(wanted)])] {
            let of = |text: &str| made(name, &[&[json!(text)], rest.as_slice()].concat());
            let (pattern, exact) = (of(&less), of(&more));
            let (Some(pattern), Some(exact)) = (pattern.as_str(), exact.as_str()) else { continue };
            let (before, after) = pattern.split_once("${x}").unwrap_or((pattern, ""));
            let fits = exact.starts_with(before) && exact.ends_with(after) && exact.len() >= before.len() + after.len();
            prop_assert!(fits, "{name}({less:?}) = {pattern:?}, {name}({more:?}) = {exact:?}");
        }
    }
}
