//! Statements with holes, and hostile ones.

use super::*;
use maremma_model::{Hole, Piece};
use proptest::prelude::*;

#[test]
fn holes_are_own_foreign_or_unknown() {
    let hole = |why: Why| Piece::Hole(Hole { why, stands_for: None });
    let read = |pieces: Vec<Piece>| {
        let policy = Policy::read(&Document::text(Text::from_pieces(pieces), Place::default()));
        assert!(policy.is_complete(), "{policy:?}");
        short(&admits(&policy.statements[0], &View::default()))
    };
    let parts = |principal: &str, condition: &str| {
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Principal":{principal},"Action":"s3:*","Resource":"*","Condition":{condition}}}}}"#
        );
        let (before, after) = text.split_once('@').map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        (Piece::Literal(before.into()), Piece::Literal(after.into()))
    };
    let with = |principal: &str, condition: &str, why: Why| {
        let (before, after) = parts(principal, condition);
        read(vec![before, hole(why), after])
    };
    let account = || Why::Pseudo("AWS::AccountId".into());
    let parameter = || Why::Parameter("P".into());
    assert_eq!(
        with(r#"{"AWS":"arn:aws:iam::@:root"}"#, "{}", account()),
        "account ${AWS::AccountId} Own"
    );
    assert_eq!(
        with(r#"{"AWS":"@"}"#, "{}", parameter()),
        "unknown: the principal is not known: parameter P has no default and was not given"
    );
    assert_eq!(
        with(r#""*""#, r#"{"StringEquals":{"aws:PrincipalOrgID":"@"}}"#, parameter()),
        "organization ${P} Unknown"
    );
    assert_eq!(
        with(r#""*""#, r#"{"StringLike":{"aws:PrincipalOrgID":"@"}}"#, parameter()),
        "unknown: aws:PrincipalOrgID: parameter P has no default and was not given"
    );
    assert_eq!(
        with(
            r#"{"Service":"s3.amazonaws.com"}"#,
            r#"{"StringEquals":{"aws:SourceAccount":"@"}}"#,
            account()
        ),
        r#"service s3.amazonaws.com arns [] accounts ["${AWS::AccountId} Own"] orgs 0 limits Yes account Yes"#
    );
    assert_eq!(
        with(
            r#"{"Service":"sns.amazonaws.com"}"#,
            r#"{"ArnLike":{"aws:SourceArn":"@"}}"#,
            parameter()
        ),
        "service sns.amazonaws.com arns [] accounts [] orgs 0 limits Unknown account Unknown"
    );
}

/// A policy of one statement with a hole in it, and what may stand in its place.
fn holed(text: &str, why: &Why) -> Text {
    let mut pieces = Vec::new();
    for (index, literal) in text.split('@').enumerate() {
        if index > 0 {
            pieces.push(Piece::Hole(Hole {
                why: why.clone(),
                stands_for: None,
            }));
        }
        pieces.push(Piece::Literal(literal.into()));
    }
    Text::from_pieces(pieces)
}

const PRINCIPALS: &[&str] = &[
    r#""*""#,
    r#"{"AWS":"*"}"#,
    r#"{"AWS":"@"}"#,
    r#""@""#,
    r#"{"AWS":"arn:aws:iam::@:root"}"#,
    r#"{"Service":"s3.amazonaws.com"}"#,
];

const OPERATORS: &[&str] = &[
    "StringEquals",
    "StringNotEquals",
    "StringLike",
    "StringNotLike",
    "ArnLike",
    "StringEqualsIfExists",
    "ForAllValues:StringLike",
    "ForAnyValue:StringLike",
    "IpAddress",
    "NotIpAddress",
    "Bool",
    "Null",
];

const TESTED: &[&str] = &[
    "aws:PrincipalOrgID",
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:SourceArn",
    "aws:SourceAccount",
    "aws:SourceIp",
    "aws:SourceVpce",
    "aws:PrincipalIsAWSService",
    "aws:SecureTransport",
    "aws:NeverHeardOf",
    "lambda:FunctionUrlAuthType",
    "lambda:EventSourceToken",
    "kms:ViaService",
];

const VALUES: &[&str] = &[
    "@",
    "*",
    "o-mine",
    "111122223333",
    "arn:aws:iam::@:role/x",
    "arn:aws:s3:::@",
    "0.0.0.0/0",
    "203.0.113.0/24",
    "true",
    "false",
    "${aws:ResourceAccount}",
];

const FILLS: &[&str] = &[
    "*",
    "o-mine",
    "111122223333",
    "999988887777",
    "arn:aws:iam::999988887777:root",
    "s3.amazonaws.com",
    "0.0.0.0/0",
    "10.0.0.1",
    "true",
    "false",
    "x",
];

fn conditions() -> impl Strategy<Value = String> {
    let one = (
        proptest::sample::select(OPERATORS),
        proptest::sample::select(TESTED),
        proptest::collection::vec(proptest::sample::select(VALUES), 1..3),
    );
    proptest::collection::vec(one, 0..3).prop_map(|conditions| {
        let mut block = serde_json::Map::new();
        for (operator, key, values) in conditions {
            block.insert(operator.to_owned(), serde_json::json!({ key: values }));
        }
        serde_json::Value::Object(block).to_string()
    })
}

proptest! {
    #![proptest_config(crate::cases(4_000))]

    /// Who is said to be public, or not to be, stays so whatever the hole turns out to be.
    #[test]
    fn a_filled_hole_never_contradicts(
        principal in proptest::sample::select(PRINCIPALS), allow in conditions(), deny in conditions(),
        denied in proptest::sample::select(PRINCIPALS), denies: bool, fill in proptest::sample::select(FILLS),
    ) {
        let mut statements = vec![format!(r#"{{"Effect":"Allow","Principal":{principal},"Action":"s3:Get*","Resource":"*","Condition":{allow}}}"#)];
        if denies {
            statements.push(format!(r#"{{"Effect":"Deny","Principal":{denied},"Action":"s3:*","Resource":"*","Condition":{deny}}}"#));
        }
        let text = format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","));
        let why = Why::Parameter("P".into());
        let public = |text: Text| {
            let policy = Policy::read(&Document::text(text, Place::default()));
            Match::any(policy.admissions(&view()).map(|(_, admission)| admission.is_public()))
        };
        let before = public(holed(&text, &why));
        let after = public(Text::literal(text.replace('@', fill)));
        prop_assert!(before.is_unknown() || after.is_unknown() || before == after, "{text} {before:?} {after:?}");
    }
}

#[test]
fn hostile_policies_come_to_an_end() {
    let many = |format: &dyn Fn(usize) -> String, count| (0..count).map(format).collect::<Vec<_>>().join(",");
    let values = many(&|i| format!(r#""{i:012}""#), 4_000);
    let huge = admitted(
        r#""*""#,
        &format!(
            r#"{{"StringEquals":{{"aws:PrincipalAccount":[{values}]}},"StringNotLike":{{"aws:PrincipalAccount":[{values}]}}}}"#
        ),
    );
    assert_eq!(huge.is_public(), Match::No);
    let accounts = admitted(
        r#""*""#,
        &format!(r#"{{"StringEquals":{{"aws:PrincipalAccount":[{values}]}}}}"#),
    );
    assert_eq!(accounts.parties.len(), 4_000);
    let services =
        format!(r#"{{"StringEquals":{{"aws:PrincipalServiceName":[{values}],"aws:SourceAccount":[{values}]}}}}"#);
    assert_eq!(admitted(r#""*""#, &services).parties.len(), 4_000);
    let keys = many(&|i| format!(r#""key{i}":"x""#), 300);
    admitted(r#""*""#, &format!(r#"{{"StringEquals":{{{keys}}}}}"#));
    let deny = format!(
        r#"{{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*","Condition":{{"StringEquals":{{{keys}}}}}}}"#
    );
    let denies = [deny.as_str(); 20];
    let statements = [&[statement(r#""*""#, "{}").as_str()][..], &denies].concat().join(",");
    let policy = policy(&format!(r#"{{"Statement":[{statements}]}}"#));
    assert_eq!(policy.admissions(&view()).next().unwrap().1.is_public(), Match::Unknown);
}
