//! The naive answer: put every stranger, with everything that it may bring, to the whole statement.

use super::*;
use crate::condition::{Context, Presence, evaluate};
use crate::policy::Policy;
use maremma_model::{Document, Place};
use proptest::prelude::*;

const STRANGER: &str = "777788889999";
const ADDRESSES: &[&str] = &[
    "198.41.0.4",
    "93.184.215.14",
    "8.8.8.8",
    "45.33.32.156",
    "2606:4700::1111",
];

fn choices(values: &[&str], absent: bool) -> Vec<Presence> {
    let present = values.iter().map(|value| Presence::Values(vec![Text::literal(*value)]));
    present.chain(absent.then_some(Presence::Absent)).collect()
}

/// Every request of strangers that differs in a key that the generated policies test.
fn strangers() -> Vec<Context> {
    let arns = [
        format!("arn:aws:iam::{STRANGER}:role/x"),
        format!("arn:aws:iam::{STRANGER}:role/strange"),
        format!("arn:aws:iam::{STRANGER}:user/strange"),
        format!("arn:aws:iam::{STRANGER}:root"),
        format!("arn:aws:sts::{STRANGER}:federated-user/strange"),
    ];
    let arns: Vec<&str> = arns.iter().map(String::as_str).collect();
    let nowhere = || choices(&[], true);
    let keys = |signed: bool| {
        let of = |values: &[&str], absent| if signed { choices(values, absent) } else { nowhere() };
        vec![
            (
                "aws:PrincipalAccount",
                if signed {
                    choices(&[STRANGER], false)
                } else {
                    choices(&["anonymous"], true)
                },
            ),
            ("aws:PrincipalOrgID", of(&["o-a1b2c3d4e5"], true)),
            ("aws:PrincipalArn", of(&arns, !signed)),
            ("aws:PrincipalIsAWSService", of(&["false"], !signed)),
            ("aws:SourceArn", nowhere()),
            ("aws:SourceAccount", nowhere()),
            ("aws:SourceIp", choices(ADDRESSES, true)),
            ("aws:SourceVpce", choices(&["vpce-0a1b2c3d4e5f60718"], true)),
        ]
    };
    let mut all = Vec::new();
    for signed in [true, false] {
        let mut contexts = vec![Context::unknown().with("aws:ResourceAccount", "111122223333")];
        for (key, presences) in keys(signed) {
            contexts = contexts
                .iter()
                .flat_map(|context| {
                    presences
                        .iter()
                        .map(|presence| context.clone().set(key, presence.clone()))
                })
                .collect();
        }
        all.extend(contexts);
    }
    all
}

fn holds(statement: &Statement, request: &Context) -> bool {
    statement
        .conditions
        .iter()
        .all(|condition| evaluate(condition, request, statement.version).is_yes())
}

/// Every request that Amazon S3 makes for strangers, who hold any bucket but `mine`.
fn of_service() -> Vec<Context> {
    let arns = ["arn:aws:s3:::x", "arn:aws:s3:::orders-x", "arn:aws:s3:::strange"];
    let keys = [
        ("aws:SourceArn", choices(&arns, true)),
        ("aws:SourceAccount", choices(&[STRANGER], true)),
        ("aws:SourceOrgID", choices(&["o-a1b2c3d4e5"], true)),
        ("aws:PrincipalIsAWSService", choices(&["true"], false)),
        ("aws:PrincipalServiceName", choices(&["s3.amazonaws.com"], false)),
        ("aws:PrincipalOrgID", choices(&[], true)),
    ];
    let start = vec![Context::unknown().with("aws:ResourceAccount", "111122223333")];
    keys.iter().fold(start, |contexts, (key, presences)| {
        let with = |context: &Context| -> Vec<Context> {
            let each = presences.iter();
            each.map(|presence| context.clone().set(key, presence.clone()))
                .collect()
        };
        contexts.iter().flat_map(with).collect()
    })
}

fn source_conditions() -> impl Strategy<Value = String> {
    let keys = [
        "aws:SourceArn",
        "aws:SourceAccount",
        "aws:SourceOrgID",
        "aws:PrincipalIsAWSService",
        "aws:PrincipalServiceName",
        "aws:PrincipalOrgID",
    ];
    let values = [
        "*",
        "arn:aws:s3:::mine",
        "arn:aws:s3:::*",
        "arn:*:s3:*",
        "arn:*:*:*:*:*",
        "arn:aws:s3:::orders-*",
        "arn:aws:s3:*:*:mine",
        "111122223333",
        "????????????",
        "o-mine",
        "o-*",
        "true",
        "false",
        "s3.amazonaws.com",
        "sns.amazonaws.com",
        "${aws:ResourceAccount}",
    ];
    conditions_of(&keys, &values)
}

fn conditions() -> impl Strategy<Value = String> {
    let keys = [
        "aws:PrincipalAccount",
        "aws:PrincipalOrgID",
        "aws:PrincipalArn",
        "aws:PrincipalIsAWSService",
        "aws:SourceArn",
        "aws:SourceAccount",
        "aws:SourceIp",
        "aws:SourceVpce",
    ];
    let values = [
        "*",
        "o-mine",
        "o-*",
        "111122223333",
        "????????????",
        "arn:aws:iam::111122223333:role/x",
        "arn:aws:iam::*:role/x",
        "arn:aws:iam::*:role/*",
        "arn:aws:iam::*:user/*",
        "arn:aws:iam::*",
        "arn:*:sts:*",
        "arn:*:*:*:*:*",
        "0.0.0.0/0",
        "203.0.113.0/24",
        "::/0",
        "vpce-mine",
        "true",
        "false",
        "${aws:ResourceAccount}",
    ];
    conditions_of(&keys, &values)
}

fn conditions_of(keys: &[&'static str], values: &[&'static str]) -> impl Strategy<Value = String> + use<> {
    let operators = [
        "StringEquals",
        "StringNotEquals",
        "StringLike",
        "StringNotLike",
        "ArnLike",
        "ArnNotLike",
        "StringEqualsIfExists",
        "StringNotEqualsIfExists",
        "ForAllValues:StringLike",
        "ForAnyValue:StringLike",
        "IpAddress",
        "NotIpAddress",
        "IpAddressIfExists",
        "Bool",
        "BoolIfExists",
        "Null",
    ];
    let one = (
        proptest::sample::select(operators.to_vec()),
        proptest::sample::select(keys.to_vec()),
        proptest::collection::vec(proptest::sample::select(values.to_vec()), 1..3),
    );
    proptest::collection::vec(one, 0..4).prop_map(|conditions| {
        let mut block = serde_json::Map::new();
        for (operator, key, values) in conditions {
            let keys = block.entry(operator).or_insert_with(|| serde_json::json!({}));
            keys[key] = serde_json::json!(values);
        }
        serde_json::Value::Object(block).to_string()
    })
}

proptest! {
    #![proptest_config(crate::cases(1_500))]

    #[test]
    fn public_is_what_a_stranger_may_do(allow in conditions(), deny in conditions(), denies: bool) {
        let mut statements = vec![format!(r#"{{"Effect":"Allow","Principal":"*","Action":"s3:Get*","Resource":"*","Condition":{allow}}}"#)];
        if denies {
            statements.push(format!(r#"{{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*","Condition":{deny}}}"#));
        }
        let text = format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","));
        let policy = Policy::read(&Document::string(&text, Place::default()));
        let (allows, denied) = (&policy.statements[0], policy.statements.get(1));
        let reached = strangers()
            .iter()
            .any(|request| holds(allows, request) && !denied.is_some_and(|deny| holds(deny, request)));
        let view = View::default();
        let public = policy.admissions(&view).next().unwrap().1.is_public();
        prop_assert_eq!(public, Match::from(reached), "{}", text);
    }

    #[test]
    fn a_service_is_scoped_where_no_stranger_has_it_call(allow in source_conditions(), deny in source_conditions(), denies: bool) {
        let mut statements = vec![format!(r#"{{"Effect":"Allow","Principal":{{"Service":"s3.amazonaws.com"}},"Action":"lambda:Invoke*","Resource":"*","Condition":{allow}}}"#)];
        if denies {
            statements.push(format!(r#"{{"Effect":"Deny","Principal":"*","Action":"lambda:*","Resource":"*","Condition":{deny}}}"#));
        }
        let text = format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","));
        let policy = Policy::read(&Document::string(&text, Place::default()));
        let (allows, denied) = (&policy.statements[0], policy.statements.get(1));
        let reached = of_service()
            .iter()
            .any(|request| holds(allows, request) && !denied.is_some_and(|deny| holds(deny, request)));
        let view = View::default();
        let (_, admission) = policy.admissions(&view).next().unwrap();
        let unscoped = Match::any(admission.services().map(|(_, _, scope)| !scope.limits()));
        prop_assert_eq!(unscoped, Match::from(reached), "{}", text);
    }
}
