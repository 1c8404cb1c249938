//! What is not known stays so, and what is known of it is kept.

use super::{Names, list, shown};
use crate::terraform::value::{Kind, Number, Value};
use maremma_model::{Place, Text};
use std::collections::BTreeMap;
use std::rc::Rc;

/// `x`, `y` and `public` have no value; `stage` is `dev` by its default.
fn names() -> Names {
    let text = |text: &str| Value::text(text, Place::default());
    let sizes = [("dev", "small"), ("prod", "large")].map(|(key, value)| (key.into(), text(value)));
    Names::new()
        .unknown("x")
        .unknown("y")
        .unknown("public")
        .with_default("stage", Kind::Text(Text::literal("dev")))
        .with("names", list(&["a", "b"]))
        .with("sizes", Kind::Map(Rc::new(BTreeMap::from(sizes))))
}

fn assert_all(table: &str) {
    let wrong: Vec<String> = table
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .filter_map(|line| {
            let (expression, expected) = line.split_once(" ==> ").expect(line);
            let shown = names().shown(expression);
            (shown != expected).then(|| format!("{expression}\n  expected {expected}\n  but got  {shown}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn strings_have_holes() {
    assert_all(
        r#"var.x ==> ?x
        "${var.x}" ==> ?x
        "a-${var.x}-b" ==> "a-${x}-b"
        "${aws_lambda_function.f.arn}:*" ==> "${aws_lambda_function.f.arn}:*"
        "a-${var.public ? "b" : "c"}" ==> <var.public: "a-b" | not var.public: "a-c">
        "%{ if var.public }b%{ else }c%{ endif }" ==> <var.public: "b" | not var.public: "c">
        "%{ for n in var.x }b%{ endfor }-" ==> "${x}-"
        "${var.public ? 1 : 2}${var.public ? 3 : 4}" ==> <var.public: "13" | not var.public: "24">"#,
    );
}

#[test]
fn logic_and_comparison_decide_what_they_can() {
    assert_all(
        r#"var.x && false ==> false
        false && var.x ==> false
        var.x || true ==> true
        true || var.x ==> true
        var.x && true ==> ?x
        var.x || var.y ==> ?x
        var.x || [] ==> ?x
        (var.public ? true : false) || [] ==> true
        (var.public ? true : false) && (var.public ? false : true) ==> false
        !var.x ==> ?x
        var.x + 1 ==> ?x
        var.x < 1 ==> ?x
        var.x == "a" ==> ?x
        var.x == var.x ==> ?x
        var.x == null ==> ?x
        "a-${var.x}" == "b-${var.y}" ==> false
        "a-${var.x}" == "a-${var.y}" ==> ?x
        "${var.x}-a" != "${var.y}-b" ==> true
        "a-${var.x}-z" == "a-z" ==> false
        "a-${var.x}-z" == "a--z" ==> ?x
        "a-${var.x}-m-${var.x}-z" == "a-1-n-1-z" ==> false
        "a-${var.x}" == 5 ==> false
        "a-${var.x}" == null ==> false
        aws_lambda_function.f.arn == aws_lambda_function.f.arn ==> true
        aws_lambda_function.f.arn == aws_lambda_function.g.arn ==> ?aws_lambda_function.f.arn
        [var.x] == ["a"] ==> ?x
        [var.x, 1] == ["a", 2] ==> false
        ["a"] == ["a"] ==> ??
        (var.public ? "a" : "b") == "c" ==> false
        (var.public ? "a" : "b") == "a" ==> <var.public: true | not var.public: false>
        (var.public ? 1 : 2) + 1 ==> <var.public: 2 | not var.public: 3>
        (var.public ? 1 : 2) + (var.public ? 10 : 20) ==> <var.public: 11 | not var.public: 22>"#,
    );
}

#[test]
fn conditions_open_worlds() {
    assert_all(
        r#"var.public ? "a" : "b" ==> <var.public: "a" | not var.public: "b">
        !var.public ? "a" : "b" ==> <!var.public: "a" | not !var.public: "b">
        var.x == "a" ? 1 : 2 ==> <var.x == "a": 1 | not (var.x == "a"): 2>
        (var.x == "a") ? 1 : 2 ==> <var.x == "a": 1 | not (var.x == "a"): 2>
        var.public ? (var.x ? 1 : 2) : 3 ==> <var.public and var.x: 1 | var.public and not var.x: 2 | not var.public: 3>
        var.public ? (var.public ? 1 : 2) : 3 ==> <var.public: 1 | not var.public: 3>
        (var.public ? true : false) ? 1 : 2 ==> <var.public: 1 | not var.public: 2>
        (var.public ? var.x : false) ? 1 : 2 ==> <var.public and var.public ? var.x : false: 1 | var.public and not (var.public ? var.x : false): 2 | not var.public: 2>
        var.public ? {}.a : 1 ==> 1
        var.public ? {}.a : {}.b ==> ! this map has no "a"
        true ? (var.public ? 1 : true) : "a" ==> <var.public: "1" | not var.public: "true">
        var.stage == "dev" ? 1 : 2 ==> 1"#,
    );
}

#[test]
fn collections_keep_their_shape() {
    assert_all(
        r#"[var.x, 1] ==> [?x, 1]
        {a = var.x} ==> {a = ?x}
        {(var.x) = 1} ==> ?x
        {(var.public ? "a" : "b") = 1} ==> <var.public: {a = 1} | not var.public: {b = 1}>
        [var.public ? 1 : 2] ==> [<var.public: 1 | not var.public: 2>]
        var.x[0] ==> ?x
        var.x.a ==> ?x
        var.x[*].a ==> ?x
        [var.x][*].a ==> [?x]
        var.sizes[var.x] ==> <x == "dev": "small" | x == "prod": "large">
        var.names[var.x] ==> <x == 0: "a" | x == 1: "b">
        var.sizes[var.public ? "dev" : "prod"] ==> <var.public: "small" | not var.public: "large">
        (var.public ? {a = 1} : {a = 2}).a ==> <var.public: 1 | not var.public: 2>
        (var.public ? [1] : [])[*] ==> <var.public: [1] | not var.public: []>
        aws_lambda_function.f ==> aws_lambda_function.f
        aws_lambda_function.f[*].arn ==> ["${aws_lambda_function.f.arn}"]
        [aws_lambda_function.f, aws_lambda_function.g][*].arn ==> ["${aws_lambda_function.f.arn}", "${aws_lambda_function.g.arn}"]
        aws_lambda_function.f.timeout + 1 ==> 4
        aws_lambda_function.f.layers[*] ==> ?aws_lambda_function.f.layers
        aws_lambda_function.f.layers[0] ==> "${aws_lambda_function.f.layers}""#,
    );
    let part = names().evaluate("aws_lambda_function.f.layers[0]");
    let Kind::Text(text) = part.kind else {
        panic!("{part:?}")
    };
    assert_eq!(&*text.as_attribute().expect("a link").name, "layers[0]");
}

#[test]
fn comprehensions_over_the_unknown() {
    assert_all(
        r#"[for n in var.x : n] ==> ?x
        {for k, v in var.x : k => v} ==> ?x
        [for n in var.names : "${n}${var.x}"] ==> ["a${x}", "b${x}"]
        [for n in (var.public ? ["a"] : []) : n] ==> <var.public: ["a"] | not var.public: []>
        [for n in var.names : n if var.public] ==> <var.public: ["a", "b"] | not var.public: []>
        [for n in ["a"] : n if n == var.x] ==> <n == var.x for n a: ["a"] | not (n == var.x for n a): []>
        {for n in var.names : var.x => n} ==> ?x
        {for n in ["a"] : (var.public ? n : "z") => 1} ==> <var.public: {a = 1} | not var.public: {z = 1}>
        [for n in [0,1,2,3,4] : n if n == var.x] ==> ?n == var.x
        [for f in [aws_lambda_function.f] : f.arn] ==> ["${aws_lambda_function.f.arn}"]"#,
    );
}

#[test]
fn attempts_at_the_unknown() {
    assert_all(
        r#"try(var.x.a, "d") ==> ?x
        try(aws_lambda_function.f.arn, "") ==> "${aws_lambda_function.f.arn}"
        try(var.names[7], "d") ==> "d"
        can(var.x.a) ==> ?x
        can(aws_lambda_function.f.arn) ==> true
        try(var.sizes[var.x], "d") ==> <var.sizes[var.x] succeeds and x == "dev": "small" | var.sizes[var.x] succeeds and x == "prod": "large" | not (var.sizes[var.x] succeeds): "d">
        try([var.x + 1], []) ==> <[var.x + 1] succeeds: [?x] | not ([var.x + 1] succeeds): []>
        try([var.x], []) ==> [?x]
        can([var.x + 1]) ==> ?[var.x + 1] succeeds
        can([var.x]) ==> true
        try(var.public ? "a" : "b", "c") ==> <var.public: "a" | not var.public: "b">
        try((var.public ? {a = 1} : {b = 1}).c, "d") ==> "d"
        try((var.public ? {a = 1} : {b = 1}).a, "d") ==> <var.public: 1 | not var.public: "d">
        provider::aws::arn_parse("x") ==> ??"#,
    );
}

#[test]
fn it_is_told_how_a_value_came_about() {
    let by = |expression: &str| names().evaluate(expression).by.map(|by| by.to_string());
    let stage = Some("by the default of variable stage".to_owned());
    assert_eq!(by("var.stage"), stage);
    assert_eq!(by("\"a-${var.stage}\""), stage);
    assert_eq!(by("var.stage == \"dev\""), stage);
    assert_eq!(by("var.sizes[var.stage]"), None, "the map holds what is written in it");
    assert_eq!(
        by("var.stage == \"dev\" ? 1 : 2").as_deref(),
        Some("by condition var.stage == \"dev\", which is true by the default of variable stage")
    );
    assert_eq!(by("1"), None);
}

#[test]
fn secrets_stay_secret() {
    let secret = |expression: &str| {
        let names = Names::new().unknown("public");
        let mut value = Value::text("hidden", Place::default());
        value.sensitive = true;
        let mut names = names;
        names.variables.insert("s".into(), value);
        names.evaluate(expression).sensitive
    };
    for expression in [
        "var.s",
        "\"a-${var.s}\"",
        "var.s == \"a\"",
        "var.s == \"a\" ? 1 : 2",
        "!(var.s == \"a\")",
        "var.public ? var.s : \"b\"",
        "try(var.s, \"\")",
        "\"%{ if var.s == \"a\" }b%{ endif }\"",
        "{(var.s) = 1}",
        "[for x in [1] : x if var.s == \"a\"]",
    ] {
        assert!(secret(expression), "{expression}");
    }
    assert!(!secret("\"a\""));
}

#[test]
fn json_is_its_text_where_a_string_is_wanted() {
    let fields = |fields: Vec<(&str, Kind)>| {
        let fields = fields
            .into_iter()
            .map(|(key, kind)| (key.into(), Value::new(kind, Place::default())));
        Kind::Map(Rc::new(fields.collect()))
    };
    let number = Kind::Number(Number("1".into()));
    let inner = Value::new(
        fields(vec![
            ("b", number),
            ("a", Kind::Text(Text::literal("<&>\u{2028}\u{8}\u{1f}\u{7f}é/\"\\"))),
            ("c", list(&["x"])),
            ("d", Kind::Null),
        ]),
        Place::default(),
    );
    let names = Names::new().with("j", Kind::Json(Rc::new(inner)));
    let text =
        r#"{"a":"\u003c\u0026\u003e\u2028\b\u001f"#.to_owned() + "\u{7f}" + r#"é/\"\\","b":1,"c":["x"],"d":null}"#;
    assert_eq!(names.shown("\"-${var.j}\""), format!("\"-{text}\""));
    let quoted = serde_json::to_string(&text).expect("a string");
    assert_eq!(names.shown(&format!("var.j == {quoted}")), "true");
    assert_eq!(names.shown("var.j == \"{}\""), "false");
    assert_eq!(names.shown("var.j == var.j"), "true");
    assert!(matches!(names.evaluate("var.j").kind, Kind::Json(_)));
}

#[test]
fn values_stand_where_they_are_written() {
    let start = |expression: &str| {
        let value = names().evaluate(expression);
        (value.at.span.start.offset, value.at.span.end.offset)
    };
    // `x = ` comes first.
    assert_eq!(start("\"abc\""), (4, 9));
    assert_eq!(start("[1, 2]"), (4, 10));
    assert_eq!(
        start("[1, 2][1]"),
        (8, 9),
        "an element of a list stands where it is written"
    );
    assert_eq!(
        start("var.sizes.dev"),
        (4, 17),
        "a scalar stands where it is referred to"
    );
    assert_eq!(start("true ? \"a\" : \"b\""), (11, 14));
    assert_eq!(start("\"a${1}\""), (4, 11));
    assert_eq!(shown(&names().evaluate("[for n in [\"a\"] : n]")), "[\"a\"]");
    let Kind::List(items) = names().evaluate("[for n in [\"a\"] : n]").kind else {
        panic!()
    };
    assert_eq!(
        items[0].at.span.start.offset, 15,
        "the variable of a for stands where its value is written"
    );
}
