//! Every operator by example, and all of them against a second, naive evaluation.

use super::*;
use crate::logic::Match;
use crate::policy::{Condition, Leaf, Version};
use maremma_model::{Location, Place, Text, Why};
use proptest::prelude::*;

fn condition(operator: &str, values: &[&str]) -> Condition {
    let at = Location::from(Place::default());
    Condition {
        operator: Operator::parse(operator),
        key: "test:Key".into(),
        values: values
            .iter()
            .map(|value| Leaf {
                text: Text::literal(*value),
                at: at.clone(),
            })
            .collect(),
        at,
    }
}

fn request(values: Option<&[&str]>) -> Context {
    match values {
        Some(values) => Context::empty().with_values("TEST:key", values.iter().map(|value| Text::literal(*value))),
        None => Context::empty(),
    }
}

fn ask(operator: &str, values: &[&str], actual: Option<&[&str]>) -> Match {
    evaluate(&condition(operator, values), &request(actual), Version::V2012)
}

#[track_caller]
fn yes(operator: &str, value: &str, actual: &str) {
    assert_eq!(
        ask(operator, &[value], Some(&[actual])),
        Match::Yes,
        "{actual} {operator} {value}"
    );
}

#[track_caller]
fn no(operator: &str, value: &str, actual: &str) {
    assert_eq!(
        ask(operator, &[value], Some(&[actual])),
        Match::No,
        "{actual} {operator} {value}"
    );
}

#[test]
fn strings() {
    yes("StringEquals", "a*", "a*");
    no("StringEquals", "a*", "ab");
    no("StringEquals", "a", "A");
    yes("stringequals", "a", "a");
    yes("StringNotEquals", "a", "b");
    no("StringNotEquals", "a", "a");
    yes("StringEqualsIgnoreCase", "aB", "Ab");
    no("StringNotEqualsIgnoreCase", "aB", "Ab");
    yes("StringLike", "a*:?", "abc:d:e");
    no("StringLike", "a*", "Ab");
    yes("StringLike", "a${*}", "a*");
    no("StringLike", "a${*}", "ab");
    no("StringNotLike", "a*", "ab");
    yes("StringNotLike", "a*", "b");
}

#[test]
fn numbers() {
    yes("NumericEquals", "10", "10.0");
    no("NumericEquals", "10", "ten");
    yes("NumericNotEquals", "10", "11");
    yes("NumericLessThan", "10", "9.99");
    no("NumericLessThan", "10", "10");
    yes("NumericLessThanEquals", "10", "10");
    yes("NumericGreaterThan", "-1", "0");
    no("NumericGreaterThan", "0", "-0.5");
    yes("NumericGreaterThanEquals", "1e2", "100");
    no("NumericEquals", "inf", "inf");
}

#[test]
fn dates() {
    let new_year = "2026-01-01T00:00:00Z";
    yes("DateEquals", new_year, "1767225600");
    yes("DateEquals", new_year, "2026-01-01T01:00:00+01:00");
    yes("DateEquals", "2026", new_year);
    yes("DateEquals", "2026-01", "2026-01-01");
    yes("DateGreaterThan", new_year, "2026-01-01T00:00:00.5Z");
    yes("DateLessThan", new_year, "2025-12-31T23:59Z");
    yes("DateGreaterThanEquals", "2024-02-29", "2024-02-29T00:00:00Z");
    yes("DateNotEquals", new_year, "2026-01-02");
    no("DateEquals", "2025-02-29", "2025-02-29");
    no("DateLessThanEquals", new_year, "2026-01-01T00:00:01Z");
    no("DateGreaterThan", "soon", "2026-01-01");
    yes("DateEquals", "1970-01-01", "0000000");
    yes("DateLessThan", "1970-01-01", "1969-12-31T23:59:59Z");
}

#[test]
fn bools_and_bytes() {
    yes("Bool", "true", "TRUE");
    no("Bool", "true", "false");
    no("Bool", "yes", "yes");
    yes("BinaryEquals", "aGVsbG8=", "aGVsbG8=");
    no("BinaryEquals", "aGVsbG8=", "aGVsbG9v");
    no("BinaryEquals", "not base64!", "not base64!");
}

#[test]
fn addresses() {
    yes("IpAddress", "203.0.113.0/24", "203.0.113.9");
    no("IpAddress", "203.0.113.0/24", "203.0.114.9");
    yes("IpAddress", "203.0.113.9", "203.0.113.9");
    yes("IpAddress", "10.1.2.3/8", "10.200.0.1");
    yes("IpAddress", "2001:DB8::/32", "2001:db8:1::1");
    yes("IpAddress", "0.0.0.0/0", "255.255.255.255");
    yes("IpAddress", "::/0", "ffff::1");
    no("IpAddress", "0.0.0.0/0", "::1");
    no("IpAddress", "203.0.113.0/33", "203.0.113.9");
    yes("NotIpAddress", "203.0.113.0/24", "203.0.114.9");
    no("NotIpAddress", "203.0.113.0/24", "203.0.113.9");
}

#[test]
fn arns() {
    for operator in ["ArnLike", "ArnEquals"] {
        yes(
            operator,
            "arn:aws:sns:*:111122223333:o*",
            "arn:aws:sns:eu-west-1:111122223333:orders",
        );
        no(
            operator,
            "arn:aws:sns:*:orders",
            "arn:aws:sns:eu-west-1:111122223333:orders",
        );
        no(
            operator,
            "arn:aws:sns:*:111122223333:o*",
            "arn:aws:sns:eu-west-1:444455556666:orders",
        );
    }
    for operator in ["ArnNotLike", "ArnNotEquals"] {
        no(operator, "arn:aws:s3:::o*", "arn:aws:s3:::orders");
        yes(operator, "arn:aws:s3:::o*", "arn:aws:s3:::x");
    }
}

#[test]
fn a_missing_key() {
    for (operator, expected) in [
        ("StringEquals", Match::No),
        ("StringNotEquals", Match::Yes),
        ("NotIpAddress", Match::Yes),
        ("ArnNotLike", Match::Yes),
        ("NumericNotEquals", Match::Yes),
        ("DateNotEquals", Match::Yes),
        ("Bool", Match::No),
        ("StringEqualsIfExists", Match::Yes),
        ("BoolIfExists", Match::Yes),
        ("StringNotEqualsIfExists", Match::Yes),
        ("ForAllValues:StringEquals", Match::Yes),
        ("ForAnyValue:StringEquals", Match::No),
        ("ForAnyValue:StringNotEquals", Match::No),
        ("ForAnyValue:StringEqualsIfExists", Match::Yes),
    ] {
        assert_eq!(ask(operator, &["x"], None), expected, "{operator}");
        assert_eq!(ask(operator, &["x"], Some(&[])), expected, "{operator}");
    }
    assert_eq!(ask("Null", &["true"], None), Match::Yes);
    assert_eq!(ask("Null", &["false"], None), Match::No);
    assert_eq!(ask("Null", &["false"], Some(&["x"])), Match::Yes);
}

#[test]
fn several_values() {
    let both = Some(&["a", "b"][..]);
    assert_eq!(ask("ForAllValues:StringEquals", &["a", "b", "c"], both), Match::Yes);
    assert_eq!(ask("ForAllValues:StringEquals", &["a"], both), Match::No);
    assert_eq!(ask("ForAnyValue:StringEquals", &["a"], both), Match::Yes);
    assert_eq!(ask("ForAnyValue:StringNotEquals", &["a"], both), Match::Yes);
    assert_eq!(ask("ForAllValues:StringNotEquals", &["a"], both), Match::No);
    assert_eq!(ask("StringEquals", &["a"], both), Match::Unknown);
    assert_eq!(ask("StringEquals", &["a", "b"], both), Match::Yes);
}

#[test]
fn what_is_not_known_is_said() {
    assert_eq!(ask("StringSortOf", &["a"], Some(&["a"])), Match::Unknown);
    assert_eq!(ask("NullIfExists", &["true"], None), Match::Unknown);
    let unknown = evaluate(&condition("StringEquals", &["a"]), &Context::unknown(), Version::V2012);
    assert_eq!(unknown, Match::Unknown);
    let mut holed = condition("StringEquals", &["a"]);
    holed.values[0].text = Text::hole(Why::Parameter("P".into()));
    assert_eq!(evaluate(&holed, &request(Some(&["a"])), Version::V2012), Match::Unknown);
    assert_eq!(evaluate(&holed, &request(None), Version::V2012), Match::No);
}

#[test]
fn variables_in_values() {
    let same = condition("StringEquals", &["${aws:PrincipalTag/team}"]);
    let with = |context: Context, version| evaluate(&same, &context, version);
    let request = || request(Some(&["blue"]));
    assert_eq!(
        with(request().with("aws:principaltag/TEAM", "blue"), Version::V2012),
        Match::Yes
    );
    assert_eq!(
        with(request().with("aws:PrincipalTag/team", "red"), Version::V2012),
        Match::No
    );
    assert_eq!(with(request(), Version::V2012), Match::No);
    assert_eq!(
        with(request().with("aws:PrincipalTag/team", "blue"), Version::V2008),
        Match::No
    );
    assert_eq!(with(request(), Version::Unknown), Match::Unknown);
    let not = condition("StringNotEquals", &["${aws:PrincipalTag/team}"]);
    assert_eq!(evaluate(&not, &request(), Version::V2012), Match::No);
}

#[test]
fn operators_keep_their_names() {
    for name in [
        "StringEquals",
        "ForAllValues:StringNotLikeIfExists",
        "ForAnyValue:ArnLike",
        "NumericGreaterThanEqualsIfExists",
        "Null",
        "NoSuchThing",
    ] {
        let shown = Operator::parse(name).to_string();
        assert_eq!(shown.replace("ArnEquals", "ArnLike"), name);
    }
}

/// One test of one policy value against one request value, as the documentation words it.
fn naive_test(base: &str, value: &str, actual: &str) -> bool {
    fn like(pattern: &[u8], text: &[u8]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some((b'*', rest)) => (0..=text.len()).any(|skip| like(rest, &text[skip..])),
            Some((b'?', rest)) => !text.is_empty() && like(rest, &text[1..]),
            Some((c, rest)) => text.first() == Some(c) && like(rest, &text[1..]),
        }
    }
    let numbers = || Some((actual.parse::<i64>().ok()?, value.parse::<i64>().ok()?));
    match base {
        "StringEquals" | "StringNotEquals" => value == actual,
        "StringEqualsIgnoreCase" | "StringNotEqualsIgnoreCase" => value.to_lowercase() == actual.to_lowercase(),
        "StringLike" | "StringNotLike" => like(value.as_bytes(), actual.as_bytes()),
        "NumericEquals" | "NumericNotEquals" => numbers().is_some_and(|(a, v)| a == v),
        "NumericLessThan" => numbers().is_some_and(|(a, v)| a < v),
        "NumericLessThanEquals" => numbers().is_some_and(|(a, v)| a <= v),
        "NumericGreaterThan" => numbers().is_some_and(|(a, v)| a > v),
        "NumericGreaterThanEquals" => numbers().is_some_and(|(a, v)| a >= v),
        "Bool" => ["true", "false"].contains(&actual) && value == actual,
        other => panic!("{other}"),
    }
}

/// The whole rule in the order of the documentation; `None` where it is silent.
fn naive(set: &str, base: &str, if_exists: bool, values: &[String], actual: Option<&[String]>) -> Option<bool> {
    let negated = base.contains("Not");
    let Some(actual) = actual else {
        return Some(if_exists || set == "ForAllValues:" || (set.is_empty() && negated));
    };
    let passes: Vec<bool> = actual
        .iter()
        .map(|actual| values.iter().any(|value| naive_test(base, value, actual)) != negated)
        .collect();
    match set {
        "ForAllValues:" => Some(!passes.contains(&false)),
        "ForAnyValue:" => Some(passes.contains(&true)),
        _ if passes.contains(&true) && passes.contains(&false) => None,
        _ => Some(passes[0]),
    }
}

const BASES: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringEqualsIgnoreCase",
    "StringNotEqualsIgnoreCase",
    "StringLike",
    "StringNotLike",
    "NumericEquals",
    "NumericNotEquals",
    "NumericLessThan",
    "NumericLessThanEquals",
    "NumericGreaterThan",
    "NumericGreaterThanEquals",
    "Bool",
];

proptest! {
    #![proptest_config(crate::cases(4_000))]

    #[test]
    fn agrees_with_the_naive_evaluation(
        set in prop_oneof![Just(""), Just("ForAllValues:"), Just("ForAnyValue:")],
        base in proptest::sample::select(BASES),
        if_exists: bool,
        values in proptest::collection::vec("[aA*?]{0,2}|[0-3]|true|false", 1..4),
        actual in proptest::option::of(proptest::collection::vec("[aA]{0,2}|[0-3]|true|false", 1..4)),
    ) {
        let name = format!("{set}{base}{}", if if_exists { "IfExists" } else { "" });
        let plain: Vec<&str> = values.iter().map(String::as_str).collect();
        let given: Option<Vec<&str>> = actual.as_ref().map(|values| values.iter().map(String::as_str).collect());
        let expected = naive(set, base, if_exists, &values, actual.as_deref());
        let answer = ask(&name, &plain, given.as_deref());
        prop_assert_eq!(answer, expected.map_or(Match::Unknown, Match::from));
    }

    /// What is said of a request that is not known holds for every request.
    #[test]
    fn an_unknown_request_never_contradicts(
        base in proptest::sample::select(BASES),
        values in proptest::collection::vec("[aA*?]{0,2}|[0-3]|true", 0..3),
        actual in proptest::option::of(proptest::collection::vec("[aA]{0,2}|[0-3]|true", 1..3)),
    ) {
        let plain: Vec<&str> = values.iter().map(String::as_str).collect();
        let given: Option<Vec<&str>> = actual.as_ref().map(|values| values.iter().map(String::as_str).collect());
        let unknown = evaluate(&condition(base, &plain), &Context::unknown(), Version::V2012);
        let known = ask(base, &plain, given.as_deref());
        prop_assert!(unknown.is_unknown() || unknown == known);
    }

    #[test]
    fn dates_agree_with_counted_days(seconds in -60_000_000_000i64..200_000_000_000) {
        // Days by counting years and months one after the other.
        let (days, time) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        let (mut year, mut left) = (1970i64, days);
        let leap = |year: i64| (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        let length = |year: i64| if leap(year) { 366 } else { 365 };
        while left < 0 { year -= 1; left += length(year); }
        while left >= length(year) { left -= length(year); year += 1; }
        let months = [31, if leap(year) { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let mut month = 0;
        while left >= months[month] { left -= months[month]; month += 1; }
        prop_assume!((1..=9999).contains(&year));
        let (hours, minutes) = (time / 3600, time % 3600 / 60);
        let text = format!("{year:04}-{:02}-{:02}T{hours:02}:{minutes:02}:{:02}Z", month + 1, left + 1, time % 60);
        prop_assert_eq!(super::date::parse(&text), Some((seconds, 0)), "{}", text);
    }
}
