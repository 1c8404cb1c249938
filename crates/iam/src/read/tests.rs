//! Documents as readers make them: choices, holes, mistakes.

use super::*;
use crate::policy::{Effect, PrincipalKind, Principals};
use crate::{Match, View};
use maremma_model::{Branch, FileId, Place, Pos, Span};

fn at(line: u32) -> Place {
    let pos = Pos {
        offset: line,
        line,
        column: 1,
    };
    Place {
        file: FileId(0),
        span: Span { start: pos, end: pos },
    }
}

fn string(text: &str) -> Document {
    Document::string(text, at(1))
}

fn map(fields: Vec<(&str, Document)>) -> Document {
    Document::map(fields, at(2))
}

fn list(items: Vec<Document>) -> Document {
    Document::new(Value::List(items), at(3))
}

fn choice(condition: &str, yes: Document, no: Document) -> Document {
    let branches = vec![
        Branch {
            when: condition.into(),
            value: yes,
        },
        Branch {
            when: format!("not {condition}").into(),
            value: no,
        },
    ];
    Document::new(Value::Choice(branches), at(4))
}

fn absent() -> Document {
    Document::new(Value::Absent, at(5))
}

fn allow(principal: Document, action: Document) -> Document {
    map(vec![
        ("Effect", string("Allow")),
        ("Principal", principal),
        ("Action", action),
        ("Resource", string("*")),
    ])
}

fn policy(statement: Document) -> Policy {
    Policy::read(&map(vec![("Version", string("2012-10-17")), ("Statement", statement)]))
}

fn problems(policy: &Policy) -> Vec<String> {
    policy.problems.iter().map(ToString::to_string).collect()
}

#[test]
fn every_element_is_read_with_its_place() {
    let statement = Document::map(
        vec![
            ("Sid", string("One")),
            ("Effect", Document::string("Deny", at(7))),
            (
                "NotPrincipal",
                map(vec![
                    ("AWS", list(vec![string("111122223333"), string("*")])),
                    ("Service", string("s3.amazonaws.com")),
                    ("Federated", string("cognito-identity.amazonaws.com")),
                    ("CanonicalUser", string("abc")),
                ]),
            ),
            ("NotAction", Document::string("s3:*", at(9))),
            ("NotResource", list(vec![Document::string("a", at(10)), string("b")])),
            (
                "Condition",
                map(vec![(
                    "ForAnyValue:StringLike",
                    map(vec![("aws:x", list(vec![string("1"), string("2")]))]),
                )]),
            ),
        ],
        at(6),
    );
    let policy = policy(list(vec![statement]));
    assert!(policy.is_complete());
    let statement = &policy.statements[0];
    assert_eq!((statement.name(), &statement.effect), ("One".to_owned(), &Effect::Deny));
    assert_eq!(statement.effect_at, at(7).into());
    let Principals::AllBut(principals) = &statement.principals else {
        panic!("{:?}", statement.principals);
    };
    let kinds: Vec<_> = principals.iter().map(|principal| principal.kind.clone()).collect();
    use PrincipalKind::*;
    assert_eq!(kinds, [Aws, Aws, Service, Federated, CanonicalUser]);
    assert!(statement.actions.negated && statement.actions.items[0].at == at(9).into());
    assert_eq!(
        statement.resources.as_ref().map(|r| r.items[0].at.clone()),
        Some(at(10).into())
    );
    assert_eq!(statement.conditions[0].operator.to_string(), "ForAnyValue:StringLike");
    assert_eq!(statement.conditions[0].values.len(), 2);
}

#[test]
fn a_single_statement_and_json_text_are_policies_too() {
    assert_eq!(policy(allow(string("*"), string("s3:*"))).statements.len(), 1);
    let text = r#" {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["s3:*"],"Resource":"*"}}"#;
    let read = Policy::read(&string(text));
    assert!(read.is_complete() && read.statements[0].version == Version::V2012);
    let broken = Policy::read(&Document::string("{\"Statement\": [", at(8)));
    assert!(problems(&broken)[0].starts_with("policy: the policy is text that is not JSON"));
    assert_eq!(broken.problems[0].at(), &at(8).into());
    let deep = Policy::read(&string(&format!(
        "{{\"Statement\":{}1{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    )));
    assert!(!deep.is_complete());
}

#[test]
fn problems_name_path_and_what_is_wrong() {
    let bad = [
        (
            map(vec![("Action", string("a"))]),
            "Statement[1]: a statement needs Effect",
        ),
        (
            map(vec![("Effect", string("allow")), ("Action", string("a"))]),
            "Statement[1].Effect: expected Allow or Deny, found \"allow\"",
        ),
        (
            map(vec![("Effect", string("Allow"))]),
            "Statement[1]: a statement needs Action or NotAction",
        ),
        (
            allow(string("*"), list(vec![string("a"), map(vec![])])),
            "Statement[1].Action[1]: expected a string, found an empty map",
        ),
        (
            allow(map(vec![("Aws", string("*"))]), string("a")),
            "Statement[1].Principal.Aws: a policy has no element of this name",
        ),
        (
            allow(list(vec![string("*")]), string("a")),
            "Statement[1].Principal: expected \"*\" or a map of principals, found a list",
        ),
        (string("Allow"), "Statement[1]: expected a statement, found \"Allow\""),
        (
            map(vec![
                ("Effect", string("Allow")),
                ("Action", string("a")),
                ("NotAction", string("b")),
            ]),
            "Statement[1]: write either Action or NotAction, not both",
        ),
        (
            map(vec![
                ("Effect", string("Allow")),
                ("Action", string("a")),
                ("Condition", map(vec![("Bool", string("x"))])),
            ]),
            "Statement[1].Condition.Bool: expected a map of condition keys, found \"x\"",
        ),
    ];
    for (statement, message) in bad {
        let policy = policy(list(vec![allow(string("*"), string("s3:*")), statement]));
        assert_eq!(problems(&policy), [message]);
        assert_eq!(policy.statements.len(), 1, "the readable statement stays");
    }
}

#[test]
fn a_choice_inside_a_statement_gives_its_worlds() {
    let statement = allow(
        choice("IsProd", map(vec![("AWS", string("111122223333"))]), string("*")),
        list(vec![string("s3:Get*"), choice("IsProd", absent(), string("s3:*"))]),
    );
    let policy = policy(list(vec![statement]));
    let worlds: Vec<_> = policy
        .statements
        .iter()
        .map(|statement| (statement.world.to_string(), statement.actions.items.len()))
        .collect();
    assert_eq!(worlds, [("IsProd".to_owned(), 1), ("not IsProd".to_owned(), 2)]);
    let public: Vec<_> = policy
        .admissions(&View::default())
        .map(|(_, admission)| admission.is_public())
        .collect();
    assert_eq!(public, [Match::No, Match::Yes]);
}

#[test]
fn a_statement_that_exists_in_one_world_says_so() {
    let deny = map(vec![
        ("Effect", string("Deny")),
        ("Principal", string("*")),
        ("Action", string("*")),
        ("Resource", string("*")),
    ]);
    let policy = policy(list(vec![
        allow(string("*"), string("s3:*")),
        choice("IsProd", deny, absent()),
    ]));
    assert_eq!(policy.statements[1].world.to_string(), "IsProd");
    let (_, admission) = policy.admissions(&View::default()).next().unwrap();
    assert_eq!(admission.is_public(), Match::Unknown);
}

#[test]
fn too_many_worlds_are_unknown() {
    let choices = (0..20)
        .map(|i| choice(&format!("C{i}"), string("a:b"), string("c:d")))
        .collect();
    let policy = policy(list(vec![allow(string("*"), list(choices))]));
    assert!(policy.statements.is_empty());
    assert_eq!(policy.unread[0].path.as_ref(), "Statement[0]");
}

#[test]
fn what_is_not_known_stays_unknown() {
    let unknown = || Document::new(Value::Unknown(Why::Parameter("P".into())), at(11));
    let statement = map(vec![
        ("Effect", string("Allow")),
        ("Principal", unknown()),
        ("Action", unknown()),
        ("Resource", list(vec![unknown(), string("x")])),
        ("Condition", unknown()),
    ]);
    let policy = policy(list(vec![unknown(), statement]));
    assert!(policy.problems.is_empty());
    assert_eq!(policy.unread.len(), 1);
    let statement = &policy.statements[0];
    assert!(statement.covers_action("s3:GetObject").is_unknown());
    assert!(statement.conditions_unknown.is_some());
    let admission = crate::admits(statement, &View::default());
    assert_eq!(admission.is_public(), Match::Unknown);
}

#[test]
fn keys_that_stand_twice_in_json_text_are_told() {
    let told = |text: &str| problems(&Policy::read(&string(text)));
    let twice = r#"{"Statement":[{"Effect":"Allow","Action":"*","Action":"s3:GetObject","Resource":"*"}]}"#;
    let problem = told(twice);
    assert!(problem[0].contains("the key Action is written twice"), "{problem:?}");
    let policy = Policy::read(&string(twice));
    assert!(
        policy.statements[0].covers_action("s3:PutObject").is_no(),
        "the last one counts"
    );
    for once in [
        r#"{"Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"},{"Effect":"Deny","Action":"*","Resource":"*"}]}"#,
        r#"{"Id":"Version","Version":"2012-10-17","Statement":{"Effect":"Allow","Action":["Effect","a\",\"Effect"],"Resource":"*","Sid":"{\"Sid\":"}}"#,
        r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringEquals":{"a":"x"},"StringLike":{"a":"x","b":["a","a","b"]}}}}"#,
    ] {
        assert_eq!(told(once), Vec::<String>::new(), "{once}");
    }
}
