//! Input that means harm: nothing panics, nothing takes long, and the work is counted.

use super::{Names, Parsed, evaluate, parse};
use crate::terraform::expression::template;
use crate::terraform::value::{Kind, Value};
use maremma_model::Place;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// Generous, for a debug build on a busy machine.
const SOON: Duration = Duration::from_secs(20);

fn survives(text: &str) {
    let start = Instant::now();
    let Parsed { body, .. } = parse(text);
    let names = Names::new();
    for attribute in body.attributes() {
        evaluate(&attribute.value, &names);
    }
    let took = start.elapsed();
    assert!(
        took < SOON,
        "{took:?} for {}",
        text.chars().take(40).collect::<String>()
    );
}

#[test]
fn nesting_is_refused_before_it_overflows() {
    const DEEP: usize = 50_000;
    for (open, close) in [
        ("[", "]"),
        ("(", ")"),
        ("{a=", "}"),
        ("\"${", "}\""),
        ("!", ""),
        ("-", ""),
        ("f(", ")"),
        ("a[", "]"),
        ("true ? 1 : ", ""),
        ("[for x in y : ", "]"),
        ("\"%{ if true }", "%{ endif }\""),
        ("1 + ", ""),
    ] {
        survives(&format!("x = {}1{}\n", open.repeat(DEEP), close.repeat(DEEP)));
    }
    survives(&"a {\n".repeat(DEEP));
    survives(&format!("x = a{}\n", ".b".repeat(DEEP)));
    survives(&format!("x = null{}\n", "[*]".repeat(DEEP)));
    survives(&format!("x = [[]]{}\n", "[*]".repeat(500)));
}

#[test]
fn what_the_parser_lets_through_is_evaluated() {
    for (open, close) in [
        ("[", "]"),
        ("(", ")"),
        ("\"a${", "}\""),
        ("[for x in [1] : ", "]"),
        ("true ? 1 : ", ""),
    ] {
        let text = format!("x = {}1{}\n", open.repeat(50), close.repeat(50));
        assert_eq!(parse(&text).faults, [], "{open}");
        survives(&text);
    }
}

fn with_stack(kilobytes: usize, run: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(kilobytes << 10).spawn(run);
    thread.expect("a thread").join().expect("no overflow");
}

/// Expressions refer to each other on one stack: this is what the deepest takes of it.
#[test]
fn an_expression_takes_little_of_the_stack() {
    for (open, close) in [
        ("[", "]"),
        ("{a = ", "}"),
        ("(", ")"),
        ("\"a${", "}\""),
        ("[for x in [1] : ", "]"),
        ("true ? 1 : ", ""),
        ("false ? 1 : ", ""),
        ("try(", ")"),
    ] {
        let Parsed { body, faults } = parse(&format!("x = {}1{}\n", open.repeat(60), close.repeat(60)));
        assert_eq!(faults, []);
        with_stack(1_000, move || {
            evaluate(&body.get_attribute("x").expect("x").value, &Names::new());
        });
    }
}

#[test]
fn references_in_a_circle_come_to_an_end() {
    for text in [
        "again.x",
        "\"a${again.x}\"",
        "[for x in [1] : again.x]",
        "[[[[again.x]]]]",
        "try(again.x, 1)",
    ] {
        let Parsed { body, .. } = parse(&format!("x = {text}\n"));
        with_stack(4_000, move || {
            let mut names = Names::new();
            let value = body.get_attribute("x").expect("x").value.clone();
            names.again = Some(value.clone());
            evaluate(&value, &names);
            // And the next one is none the worse for it.
            assert_eq!(names.shown("1"), "1");
        });
    }
}

#[test]
fn large_texts_are_linear() {
    survives(&format!("x = [{}]\n", "1,".repeat(100_000)));
    survives(&format!("x = \"{}\"\n", "${1}a".repeat(100_000)));
    survives(&"x {\n}\n".repeat(50_000));
    survives(&"a = \n".repeat(20_000));
    survives(&format!("x = <<EOT\n{}EOT\n", "    a\n".repeat(100_000)));
    survives(&"x = <<-A\n".repeat(2_000));
    survives(&"/*".repeat(10_000));
}

#[test]
fn an_object_of_too_many_keys_is_told() {
    let keys: String = (0..20_000).map(|key| format!("  k{key} = 1\n")).collect();
    let text = format!("a = 1\nb = {{\n{keys}}}\nc = 2\n");
    let start = Instant::now();
    let Parsed { body, faults } = parse(&text);
    assert!(start.elapsed() < SOON);
    assert_eq!(faults.len(), 1);
    assert_eq!(body.attributes().count(), 2);
    // A large one that is read.
    let keys: String = (0..1_000).map(|key| format!("  k{key} = 1\n")).collect();
    assert_eq!(parse(&format!("b = {{\n{keys}}}\n")).faults, []);
}

/// Evaluates `next` over and over, each time with what it came to as `var.a`.
fn chain(first: Value, next: &str, rounds: usize) -> (Value, Names) {
    let mut names = Names::new();
    let Parsed { body, .. } = parse(&format!("x = {next}\n"));
    let next = &body.get_attribute("x").expect("x").value;
    names.variables.insert("a".into(), first);
    for _ in 0..rounds {
        let value = evaluate(next, &names);
        names.variables.insert("a".into(), value);
    }
    (names.variables["a"].clone(), names)
}

#[test]
fn chains_that_double_come_to_an_end() {
    let text = Value::text("0123456789", Place::default());
    let list = Value::new(Kind::List(Rc::new(vec![text.clone()])), Place::default());
    for (first, next) in [
        (&text, "\"${var.a}${var.a}\""),
        (&list, "[var.a, var.a]"),
        (&list, "{a = var.a, b = var.a}"),
        (&list, "[for x in [1, 2] : var.a]"),
        (&list, "{for x in [1, 2] : x => var.a}"),
        (&list, "[true ? var.a : 1, var.a]"),
        (&list, "[var.a]"),
        (&list, "{a = {b = [var.a]}}"),
    ] {
        let start = Instant::now();
        let (value, names) = chain(first.clone(), next, 10_000);
        assert!(start.elapsed() < SOON, "{next}");
        assert_eq!(names.problems.take(), Vec::<String>::new());
        drop(value);
    }
}

#[test]
fn loops_in_loops_are_counted() {
    let hundred: String = (0..100).map(|n| format!("{n},")).collect();
    let text = format!(
        "[for a in [{hundred}] : [for b in [{hundred}] : [for c in [{hundred}] : [for d in [{hundred}] : a]]]]"
    );
    let start = Instant::now();
    let names = Names::new();
    names.evaluate(&text);
    assert!(names.left.get() == 0 && start.elapsed() < SOON);
}

#[test]
fn choices_are_bounded() {
    let mut names = Names::new();
    for n in 0..40 {
        names = names.unknown(&format!("v{n}"));
    }
    let parts: String = (0..40).map(|n| format!("${{var.v{n} ? 1 : 2}}")).collect();
    assert!(matches!(names.evaluate(&format!("\"{parts}\"")).kind, Kind::Unknown(_)));
    let four: String = (0..4).map(|n| format!("${{var.v{n} ? 1 : 2}}")).collect();
    let Kind::Choice(branches) = names.evaluate(&format!("\"{four}\"")).kind else {
        panic!()
    };
    assert_eq!(branches.len(), 16);
}

const PIECES: &[&str] = &[
    "1", "\"a\"", "var.x", "var.l", "var.m", "null", "true", "[", "]", "{", "}", "(", ")", "${", "%{", "\"", "~}", "}",
    "for", " x ", " in ", " : ", " => ", "...", "if", "endif", "else", " ? ", ".", "[*]", ".*", "[0]", ".a", " == ",
    " && ", " + ", " / ", " % ", "-", "!", ",", "\n", "<<E\n", "<<-E\n", "\nE\n", "try(", "can(", "a = ", "é", "\\",
    "\\u12", "#", "/*", "*/", "$${",
];

/// Pieces of the language in any order, so that much of it parses.
fn piece() -> impl Strategy<Value = String> {
    proptest::sample::select(PIECES).prop_map(str::to_owned)
}

const LEAVES: &[&str] = &[
    "1",
    "0",
    "1.5",
    "\"a\"",
    "\"5\"",
    "true",
    "null",
    "var.x",
    "var.l",
    "var.m",
    "var.n",
    "[]",
    "{}",
    "aws_lambda_function.f.arn",
];

const OPERATORS: &[&str] = &["+", "-", "*", "/", "%", "==", "!=", "<", ">=", "&&", "||"];

/// Expressions that parse.
fn expression() -> impl Strategy<Value = String> {
    let leaf = proptest::sample::select(LEAVES).prop_map(str::to_owned);
    leaf.prop_recursive(5, 64, 4, |inner| {
        let one = inner.clone();
        let two = (inner.clone(), inner.clone());
        let three = (inner.clone(), inner.clone(), inner.clone());
        let operator = proptest::sample::select(OPERATORS);
        prop_oneof![
            (inner.clone(), operator, inner.clone()).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            three.clone().prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
            two.clone().prop_map(|(a, b)| format!("[{a}, {b}]")),
            two.clone().prop_map(|(a, b)| format!("{{a = {a}, ({b}) = 1}}")),
            two.clone().prop_map(|(a, b)| format!("\"x${{{a}}}${{{b}}}\"")),
            two.clone()
                .prop_map(|(a, b)| format!("[for x in {a} : {b} if x != {b}]")),
            two.clone()
                .prop_map(|(a, b)| format!("{{for k, v in {a} : k => {b}...}}")),
            two.clone().prop_map(|(a, b)| format!("try({a}, {b})")),
            two.prop_map(|(a, b)| format!("({a})[{b}]")),
            one.clone().prop_map(|a| format!("can({a})")),
            one.clone().prop_map(|a| format!("({a})[*].a")),
            one.clone().prop_map(|a| format!("({a}).a")),
            one.clone().prop_map(|a| format!("-({a})")),
            one.prop_map(|a| format!("\"%{{ for x in {a} }}${{x}}%{{ endfor }}%{{ if {a} }}y%{{ endif }}\"")),
        ]
    })
}

fn names() -> Names {
    let item = Value::text("a", Place::default());
    let fields = BTreeMap::from([("a".into(), item.clone())]);
    let fields = Value::new(Kind::Map(Rc::new(fields)), Place::default());
    Names::new()
        .unknown("x")
        .unknown("n")
        .with("l", Kind::List(Rc::new(vec![item, fields.clone()])))
        .with("m", fields.kind)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn no_text_panics(pieces in proptest::collection::vec(piece(), 0..40)) {
        let text = pieces.concat();
        survives(&text);
        survives(&format!("x = {text}\ny = 1\n"));
        template(&text, BTreeMap::new(), &Names::new(), Place::default());
    }

    #[test]
    fn places_lie_in_the_text(pieces in proptest::collection::vec(piece(), 0..40)) {
        let text = format!("a = 1\n{}\nresource \"b\" \"c\" {{\n}}\n", pieces.concat());
        for fault in parse(&text).faults {
            prop_assert!(fault.span.start <= fault.span.end && fault.span.end <= text.len());
        }
    }

    /// What is said with less known holds when more is known.
    #[test]
    fn the_unknown_is_never_guessed(text in expression(), number in 0..3_usize) {
        // That a condition is a bool, and a part of a string no list, is taken for granted in an attempt.
        let attempts = text.contains("try(") || text.contains("can(");
        let known = if attempts { "true" } else { ["true", "\"a\"", "1"][number] };
        let with = |names: Names| {
            let mut names = names;
            let value = Names::new().evaluate(known);
            names.variables.insert("x".into(), value);
            names
        };
        let open = names();
        let value = open.evaluate(&text);
        let decided = with(names());
        let full = decided.evaluate(&text);
        let wrong = open.problems.take();
        // What is refused whatever is not known, is refused, unless it is no longer looked at. A world that
        // Terraform stops in counts as not known, which a second thing that is wrong hides behind.
        if !wrong.is_empty() {
            let skipped = ["||", "&&", "?"].iter().any(|part| text.contains(part)) || attempts;
            prop_assert!(skipped || !decided.problems.take().is_empty(), "{text}: {wrong:?}");
        } else if decided.problems.take().is_empty() {
            prop_assert!(admits(&value, &full), "{text}: {} is not {}", super::shown(&value), super::shown(&full));
        }
    }
}

/// Whether a value that is known in part may be the one that is known.
fn admits(open: &Value, full: &Value) -> bool {
    match (&open.kind, &full.kind) {
        (Kind::Unknown(_), _) => true,
        (Kind::Choice(branches), Kind::Choice(full)) => {
            // Of a world that Terraform stops in, nothing is known.
            let stops = |value: &Value| matches!(value.kind, Kind::Unknown(_));
            let one_of = |full: &Value| branches.iter().any(|branch| admits(&branch.value, full));
            full.iter().all(|full| stops(&full.value) || one_of(&full.value))
        }
        (Kind::Choice(branches), _) => branches.iter().any(|branch| admits(&branch.value, full)),
        (Kind::Text(open), Kind::Text(full)) => {
            open == full || open.as_literal().is_none() && full.prefix().starts_with(open.prefix())
        }
        (Kind::List(open), Kind::List(full)) => {
            open.len() == full.len() && open.iter().zip(full.iter()).all(|(open, full)| admits(open, full))
        }
        (Kind::Map(open), Kind::Map(full)) => {
            open.keys().eq(full.keys()) && open.values().zip(full.values()).all(|(open, full)| admits(open, full))
        }
        (open, full) => open == full,
    }
}
