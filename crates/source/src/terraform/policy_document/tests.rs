//! Blocks beside the documents that the provider makes of them.

use super::document;
use crate::terraform::function::tests::{Alone, shown, value};
use crate::terraform::value::{Kind, Value};
use maremma_model::{FileId, Place, Pos, Span};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

fn scope() -> Alone {
    Alone::new(Path::new("/nowhere"), Path::new("/nowhere"))
}

fn made(body: &Json) -> Json {
    shown(&document(&value(body), &scope(), Place::default()))
}

fn statements(body: &Json) -> Json {
    made(body)["json"]["Statement"].clone()
}

/// The one statement of a document with one block.
fn statement(block: &Json) -> Json {
    statements(&json!({"statement": [block]}))[0].clone()
}

#[test]
fn what_is_not_written_has_its_default() {
    assert_eq!(made(&json!({})), json!({"json": {"Version": "2012-10-17"}}));
    let whole = json!({
        "version": "2008-10-17",
        "policy_id": "orders",
        "statement": [{"sid": "", "effect": null, "actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::b/*"], "condition": []}],
    });
    let expected = json!({"json": {
        "Version": "2008-10-17",
        "Id": "orders",
        "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}],
    }});
    assert_eq!(made(&whole), expected);
}

#[test]
fn sets_lose_repetitions_and_brackets() {
    let block = json!({
        "sid": "A", "effect": "Deny",
        "actions": ["s3:PutObject", "s3:GetObject", "s3:PutObject"],
        "not_actions": [],
        "resources": ["arn:aws:s3:::&{aws:username}/*"],
        "not_resources": ["a", null, "b"],
    });
    let expected = json!({
        "Sid": "A", "Effect": "Deny",
        "Action": ["s3:PutObject", "s3:GetObject"],
        "Resource": "arn:aws:s3:::<aws:username>/*",
        "NotResource": ["a", "b"],
    });
    let block = value(&json!({"statement": [block]}));
    let made = shown_literally(&document(&block, &scope(), Place::default()));
    assert_eq!(
        made["Statement"][0]
            .to_string()
            .replace("${aws:username}", "<aws:username>"),
        expected.to_string()
    );
}

/// The document as JSON, where `${` is what it says.
fn shown_literally(value: &Value) -> Json {
    shown(value)["json"].clone()
}

#[test]
fn principals_are_put_together_by_type() {
    let principal = |blocks: Json| statement(&json!({"principals": blocks}))["Principal"].clone();
    let one = |kind: &str, identifiers: Json| json!({"type": kind, "identifiers": identifiers});
    assert_eq!(principal(json!([one("*", json!(["*"]))])), "*");
    assert_eq!(principal(json!([one("AWS", json!(["*"]))])), json!({"AWS": "*"}));
    assert_eq!(
        principal(json!([one("Service", json!(["lambda.amazonaws.com"]))])),
        json!({"Service": "lambda.amazonaws.com"})
    );
    assert_eq!(
        principal(json!([
            one("AWS", json!(["a"])),
            one("AWS", json!(["b", "c"])),
            one("Service", json!(["s"]))
        ])),
        json!({"AWS": ["a", "b", "c"], "Service": "s"})
    );
    assert_eq!(
        principal(json!([one("*", json!(["*"])), one("AWS", json!(["a"]))])),
        json!({"*": "*", "AWS": "a"})
    );
    assert_eq!(principal(json!([one("AWS", json!([]))])), Json::Null);
    assert_eq!(
        principal(json!([one("AWS", json!(["${@Arn}"]))])),
        json!({"AWS": "${@Arn}"})
    );
    assert_eq!(
        principal(json!([{"type": {"unknown": "x"}, "identifiers": ["*"]}])),
        json!({"unknown": "x"})
    );
    assert_eq!(
        principal(json!([one("AWS", json!({"unknown": "x"}))])),
        json!({"AWS": {"unknown": "x"}})
    );
    assert_eq!(
        principal(json!([one("AWS", json!({"unknown": "x"})), one("AWS", json!(["*"]))])),
        json!({"AWS": [{"unknown": "x"}, "*"]})
    );
    assert_eq!(principal(json!({"unknown": "x"})), json!({"unknown": "x"}));
    let not = statement(&json!({"not_principals": [{"type": "AWS", "identifiers": ["a"]}]}));
    assert_eq!(not["NotPrincipal"], json!({"AWS": "a"}));
}

#[test]
fn conditions_are_put_together_by_operator_and_key() {
    let condition = |blocks: Json| statement(&json!({"condition": blocks}))["Condition"].clone();
    let one = |test: &str, variable: &str, values: Json| json!({"test": test, "variable": variable, "values": values});
    assert_eq!(
        condition(json!([
            one("StringEquals", "aws:SourceAccount", json!(["1"])),
            one("ArnLike", "aws:SourceArn", json!(["b", "a"])),
            one("StringEquals", "aws:PrincipalOrgID", json!(["o"])),
            one("StringEquals", "aws:SourceAccount", json!(["2"])),
        ])),
        json!({
            "ArnLike": {"aws:SourceArn": ["b", "a"]},
            "StringEquals": {"aws:PrincipalOrgID": "o", "aws:SourceAccount": ["1", "2"]},
        })
    );
    assert_eq!(
        condition(json!([one("Bool", "aws:SecureTransport", json!([false]))])),
        json!({"Bool": {"aws:SecureTransport": "false"}})
    );
    assert_eq!(
        condition(json!([one("StringEquals", "${url}:sub", json!(["x"]))])),
        json!({"StringEquals": {"${url}:sub": "x"}})
    );
    assert_eq!(
        condition(json!([one("StringLike", "s", json!({"unknown": "x"}))])),
        json!({"StringLike": {"s": {"unknown": "x"}}})
    );
    assert_eq!(
        condition(json!([one("${x}", "s", json!(["a"]))])),
        json!({"unknown": "x"})
    );
    assert_eq!(
        condition(json!([{"test": "Bool", "variable": {"unknown": "v"}, "values": ["a"]}])),
        json!({"unknown": "v"})
    );
    assert_eq!(
        condition(json!([{"test": "Bool", "values": ["a"]}])),
        json!({"unknown": "?"})
    );
    assert_eq!(condition(json!({"unknown": "x"})), json!({"unknown": "x"}));
}

fn with_sid(sid: &str, action: &str) -> Json {
    json!({"Sid": sid, "Effect": "Allow", "Action": action})
}

#[test]
fn documents_replace_statements_by_their_sid() {
    let body = json!({
        "source_policy_documents": [
            {"json": {"Version": "2008-10-17", "Id": "theirs", "Statement": [with_sid("A", "a:1"), {"Effect": "Allow", "Action": "n:1"}]}},
            "{\"Version\": \"2012-10-17\", \"Statement\": [{\"Sid\": \"B\", \"Effect\": \"Allow\", \"Action\": \"b:1\"}]}",
            null,
            "",
        ],
        "statement": [{"sid": "B", "actions": ["b:2"]}, {"sid": "C", "actions": ["c:2"]}],
        "override_policy_documents": [{"json": {"Statement": with_sid("A", "a:3")}}, {"json": {"Statement": [{"Effect": "Allow", "Action": "n:3"}]}}],
    });
    let expected = json!({"json": {
        "Id": "theirs",
        "Version": "2012-10-17",
        "Statement": [
            with_sid("A", "a:3"),
            {"Effect": "Allow", "Action": "n:1"},
            with_sid("B", "b:2"),
            with_sid("C", "c:2"),
            {"Effect": "Allow", "Action": "n:3"},
        ],
    }});
    assert_eq!(made(&body), expected);
    let legacy = json!({
        "source_json": {"json": {"Statement": [with_sid("A", "a:1"), with_sid("B", "b:1")]}},
        "statement": [{"sid": "A", "actions": ["a:2"]}],
        "override_json": {"json": {"Statement": [with_sid("B", "b:3")]}},
    });
    assert_eq!(statements(&legacy), json!([with_sid("A", "a:2"), with_sid("B", "b:3")]));
}

#[test]
fn what_is_not_known_may_be_more_and_may_replace() {
    let own = json!([{"sid": "A", "actions": ["a:1"]}, {"actions": ["n:1"]}]);
    let unnamed = json!({"Effect": "Allow", "Action": "n:1"});
    assert_eq!(
        statements(&json!({"source_policy_documents": [{"unknown": "x"}], "statement": own})),
        json!([{"unknown": "x"}, with_sid("A", "a:1"), unnamed])
    );
    assert_eq!(
        statements(&json!({"override_policy_documents": [{"unknown": "x"}], "statement": own})),
        json!([{"unknown": "x"}, unnamed, {"unknown": "x"}])
    );
    assert_eq!(
        statements(&json!({"override_policy_documents": {"unknown": "x"}, "statement": own})),
        json!([{"unknown": "x"}, unnamed, {"unknown": "x"}])
    );
    assert_eq!(
        statements(&json!({"statement": {"unknown": "x"}})),
        json!([{"unknown": "x"}])
    );
    assert_eq!(
        statements(&json!({"statement": [{"unknown": "x"}, own[1]]})),
        json!([{"unknown": "x"}, unnamed])
    );
    assert_eq!(
        statement(&json!({"actions": {"unknown": "x"}, "effect": {"unknown": "e"}})),
        json!({"Effect": {"unknown": "e"}, "Action": {"unknown": "x"}})
    );
    assert_eq!(
        statement(&json!({"actions": ["a:b", {"unknown": "x"}, "${y}"]}))["Action"],
        json!(["a:b", {"unknown": "x"}, "${y}"])
    );
    assert_eq!(made(&json!({"unknown": "x"})), json!({"unknown": "x"}));
    let told = scope();
    document(
        &value(&json!({"source_policy_documents": ["nonsense"]})),
        &told,
        Place::default(),
    );
    assert_eq!(told.problems.borrow().len(), 1);
}

#[test]
fn choices_are_kept_where_they_are_and_made_where_they_decide() {
    let choice = |yes: Json, no: Json| json!({"choice": {"p": yes, "not p": no}});
    assert_eq!(
        statement(
            &json!({"actions": choice(json!(["a:1"]), json!(["a:2", "a:3"])), "resources": choice(json!(["*"]), json!([]))})
        ),
        json!({
            "Effect": "Allow",
            "Action": choice(json!("a:1"), json!(["a:2", "a:3"])),
            "Resource": choice(json!("*"), json!([])),
        })
    );
    assert_eq!(
        statement(&json!({"actions": ["a:1", choice(json!("a:2"), json!("a:3"))]}))["Action"],
        json!(["a:1", choice(json!("a:2"), json!("a:3"))])
    );
    let dynamic = made(&json!({"statement": choice(json!([{"actions": ["a:1"]}]), json!([]))}));
    let document = |statements: Option<Json>| {
        let mut document = json!({"Version": "2012-10-17"});
        if let Some(statements) = statements {
            document["Statement"] = statements;
        }
        json!({"json": document})
    };
    assert_eq!(
        dynamic,
        choice(
            document(Some(json!([{"Effect": "Allow", "Action": "a:1"}]))),
            document(None)
        )
    );
}

#[test]
fn sensitive_parts_make_a_sensitive_document() {
    let body = json!({"statement": [{"actions": ["a:1"], "resources": [{"sensitive": "arn"}]}]});
    assert!(made(&body)["sensitive"].is_object());
    let inner = json!({"source_policy_documents": [{"sensitive": {"json": {"Statement": [with_sid("A", "a:1")]}}}]});
    assert!(made(&inner)["sensitive"].is_object());
}

fn placed(kind: Kind, line: u32) -> Value {
    let pos = Pos {
        offset: line,
        line,
        column: 1,
    };
    let span = Span { start: pos, end: pos };
    Value::new(kind, Place { file: FileId(7), span })
}

fn placed_map(fields: Vec<(&str, Value)>, line: u32) -> Value {
    let fields: BTreeMap<Arc<str>, Value> = fields.into_iter().map(|(name, value)| (name.into(), value)).collect();
    placed(Kind::Map(Rc::new(fields)), line)
}

#[test]
fn everything_stands_where_it_is_written() {
    let text = |text: &str, line: u32| placed(Kind::Text(text.into()), line);
    let list = |items: Vec<Value>, line: u32| placed(Kind::List(Rc::new(items)), line);
    let block = placed_map(
        vec![
            ("actions", list(vec![text("a:1", 12), text("a:2", 13)], 11)),
            ("resources", list(vec![text("*", 15)], 14)),
        ],
        10,
    );
    let body = placed_map(vec![("statement", list(vec![block], 10))], 9);
    let made = document(&body, &scope(), Place::default());
    let Kind::Json(inner) = made.kind else {
        panic!("{made:?}")
    };
    let get = |value: &Value, key: &str| match &value.kind {
        Kind::Map(fields) => fields[key].clone(),
        Kind::List(items) => items[key.parse::<usize>().unwrap()].clone(),
        other => panic!("{other:?}"),
    };
    let line = |value: &Value| value.at.span.start.line;
    let statement = get(&get(&inner, "Statement"), "0");
    assert_eq!(line(&statement), 10);
    assert_eq!(line(&get(&statement, "Effect")), 10);
    assert_eq!(line(&get(&statement, "Action")), 11);
    assert_eq!(line(&get(&get(&statement, "Action"), "1")), 13);
    assert_eq!(line(&get(&statement, "Resource")), 15);
}

#[test]
fn a_chain_of_documents_ends() {
    let mut text = value(&json!({"json": {"Statement": [{"Effect": "Allow"}, {"Effect": "Deny"}]}}));
    let scope = scope();
    for _ in 0..60 {
        let sources = placed(Kind::List(Rc::new(vec![text.clone(), text])), 1);
        text = document(
            &placed_map(vec![("source_policy_documents", sources)], 1),
            &scope,
            Place::default(),
        );
    }
}

fn part() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        (0..9).prop_map(Json::from),
        prop::sample::select(vec![
            "*",
            "",
            "AWS",
            "a",
            "&{x}",
            "p${x}",
            "${@Arn}",
            "{\"Statement\":[{}]}",
            "{"
        ])
        .prop_map(Json::from),
        Just(json!({"unknown": "x"})),
        Just(json!({"json": {"Statement": [{"Sid": "a"}], "Version": 5}})),
        Just(json!({"choice": {"p": ["a"], "not p": null}})),
    ];
    leaf.prop_recursive(4, 32, 4, |inner| {
        let name = prop::sample::select(vec![
            "statement",
            "sid",
            "effect",
            "actions",
            "resources",
            "principals",
            "type",
            "identifiers",
            "condition",
            "test",
            "variable",
            "values",
            "source_policy_documents",
            "override_policy_documents",
            "version",
            "policy_id",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
            prop::collection::btree_map(name.prop_map(str::to_owned), inner, 0..5)
                .prop_map(|map| map.into_iter().collect()),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_block_panics(statement in part(), sources in part(), overrides in part(), version in part()) {
        made(&json!({"statement": statement.clone(), "source_policy_documents": sources, "override_policy_documents": overrides, "version": version}));
        made(&json!({"statement": [statement]}));
    }
}
