//! What identity policies grant, as they are written.

use super::*;
use maremma_model::{Document, Hole, Piece, Place};

fn policy(statements: &[&str]) -> Policy {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","));
    let policy = Policy::read(&Document::string(&text, Place::default()));
    assert!(policy.is_complete(), "{:?}", policy.problems);
    policy
}

fn allow(actions: &str, resource: &str) -> String {
    format!(r#"{{"Effect":"Allow","Action":{actions},"Resource":"{resource}"}}"#)
}

fn short(grant: &Grant<'_>) -> String {
    match grant {
        Grant::Granted(granted) => format!("granted but {}", granted.but.len()),
        Grant::Conditional {
            limits, denied_when, ..
        } => format!("conditional limits {} denied when {}", limits.len(), denied_when.len()),
        Grant::NotGranted => "not granted".to_owned(),
        Grant::Denied { .. } => "denied".to_owned(),
        Grant::Capped { .. } => "capped".to_owned(),
        Grant::Unknown { doubt, .. } => format!("unknown: {}", doubt.words),
    }
}

#[track_caller]
fn check(statements: &[&str], question: &Question<'_>, expected: &str) {
    let policy = policy(statements);
    let identity = IdentityPolicies {
        policies: vec![&policy],
        boundary: Boundary::Unbounded,
        ..IdentityPolicies::default()
    };
    assert_eq!(short(&grants(&identity, question)), expected, "{statements:?}");
}

#[test]
fn an_administrator_may_do_everything_on_everything() {
    for (actions, resource) in [
        (r#""*""#, "*"),
        (r#""*:*""#, "*"),
        (r#"["s3:Get*","*"]"#, "arn:aws:*"),
        (r#""**""#, "arn:*"),
        (r#""*""#, "arn:aws:*:*:*:*"),
    ] {
        check(&[&allow(actions, resource)], &Question::ADMIN, "granted but 0");
    }
    for (actions, resource) in [
        (r#""s3:*""#, "*"),
        (r#""*""#, "arn:aws:s3:::orders/*"),
        (r#""*""#, "arn:aws:s3:::*"),
        (r#"["iam:*","lambda:*"]"#, "*"),
    ] {
        check(&[&allow(actions, resource)], &Question::ADMIN, "not granted");
    }
}

#[test]
fn not_action_that_leaves_iam_is_an_administrator() {
    let all_but = |not: &str| format!(r#"{{"Effect":"Allow","NotAction":{not},"Resource":"*"}}"#);
    check(&[&all_but(r#""organizations:*""#)], &Question::ADMIN, "granted but 0");
    check(
        &[&all_but(r#"["iam:*","organizations:*"]"#)],
        &Question::ADMIN,
        "not granted",
    );
    check(&[&all_but(r#""iam:CreateUser""#)], &Question::ADMIN, "not granted");
    let not_resource = r#"{"Effect":"Allow","Action":"*","NotResource":"arn:aws:s3:::secret"}"#;
    check(&[not_resource], &Question::ADMIN, "granted but 0");
}

#[test]
fn conditions_that_limit_make_it_conditional() {
    let with = |condition: &str| format!(r#"{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{condition}}}"#);
    check(
        &[&with(r#"{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#)],
        &Question::ADMIN,
        "conditional limits 1 denied when 0",
    );
    for idle in [
        r#"{"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}}"#,
        r#"{"StringLike":{"aws:RequestedRegion":"*"}}"#,
        r#"{"Bool":{"aws:SecureTransport":"true"}}"#,
    ] {
        check(&[&with(idle)], &Question::ADMIN, "granted but 0");
    }
}

#[test]
fn a_deny_takes_it_away() {
    let allow = &allow(r#""*""#, "*");
    let deny = |rest: &str| format!(r#"{{"Effect":"Deny",{rest}}}"#);
    check(
        &[allow, &deny(r#""Action":"*","Resource":"*""#)],
        &Question::ADMIN,
        "denied",
    );
    check(
        &[allow, &deny(r#""Action":"iam:*","Resource":"*""#)],
        &Question::ADMIN,
        "denied",
    );
    check(
        &[allow, &deny(r#""Action":"s3:*","Resource":"*""#)],
        &Question::ADMIN,
        "granted but 1",
    );
    check(
        &[allow, &deny(r#""NotAction":"s3:*","Resource":"*""#)],
        &Question::ADMIN,
        "denied",
    );
    check(
        &[
            allow,
            &deny(r#""Action":"*","Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"false"}}"#),
        ],
        &Question::ADMIN,
        "conditional limits 0 denied when 1",
    );
    check(
        &[allow, &deny(r#""Action":"iam:PassRole","Resource":"*""#)],
        &Question::PASS_ANY_ROLE,
        "denied",
    );
}

#[test]
fn a_deny_in_another_policy_counts_too() {
    let (allow, deny) = (
        policy(&[&allow(r#""*""#, "*")]),
        policy(&[r#"{"Effect":"Deny","Action":"*","Resource":"*"}"#]),
    );
    let identity = IdentityPolicies {
        policies: vec![&allow, &deny],
        boundary: Boundary::Unbounded,
        ..IdentityPolicies::default()
    };
    assert_eq!(short(&grants(&identity, &Question::ADMIN)), "denied");
}

#[test]
fn a_boundary_caps() {
    let admin = policy(&[&allow(r#""*""#, "*")]);
    let narrow = policy(&[&allow(r#""s3:*""#, "*")]);
    let with = |boundary| {
        let identity = IdentityPolicies {
            policies: vec![&admin],
            boundary,
            ..IdentityPolicies::default()
        };
        short(&grants(&identity, &Question::ADMIN))
    };
    assert_eq!(with(Boundary::Policy(&narrow)), "capped");
    assert_eq!(with(Boundary::Policy(&admin)), "granted but 0");
    assert!(with(Boundary::Unknown(Why::NotKept)).starts_with("unknown"));
}

#[test]
fn pass_role_on_all_roles() {
    for resource in [
        "*",
        "arn:aws:iam::*:role/*",
        "arn:aws:iam::111122223333:role/*",
        "arn:aws:iam::111122223333:*",
    ] {
        check(
            &[&allow(r#""iam:PassRole""#, resource)],
            &Question::PASS_ANY_ROLE,
            "granted but 0",
        );
        check(
            &[&allow(r#""iam:Pass*""#, resource)],
            &Question::PASS_ANY_ROLE,
            "granted but 0",
        );
    }
    for resource in [
        "arn:aws:iam::111122223333:role/app-*",
        "arn:aws:iam::111122223333:user/*",
        "arn:aws:s3:::*",
    ] {
        check(
            &[&allow(r#""iam:PassRole""#, resource)],
            &Question::PASS_ANY_ROLE,
            "not granted",
        );
    }
    let limited = r#"{"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"lambda.amazonaws.com"}}}"#;
    check(
        &[limited],
        &Question::PASS_ANY_ROLE,
        "conditional limits 1 denied when 0",
    );
}

#[test]
fn whole_services_are_named() {
    let policy = policy(&[&allow(r#"["s3:*","lambda:**","sqs:Get*","ec*:*","*","*:*"]"#, "*")]);
    let services: Vec<_> = policy.statements[0]
        .whole_services()
        .map(|(service, _)| service)
        .collect();
    assert_eq!(services, ["s3", "lambda", "ec*"]);
    assert!(policy.statements[0].only_actions(&["s3:*"]).is_no());
}

/// A statement on a resource with a hole (`@`).
fn on_hole(actions: &str, resource: &str, why: Why) -> Policy {
    let text = format!(r#"{{"Statement":{{"Effect":"Allow","Action":"{actions}","Resource":"{resource}"}}}}"#);
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
    Policy::read(&Document::text(Text::from_pieces(pieces), Place::default()))
}

#[test]
fn holes_in_resources() {
    let answer = |policy: &Policy, question: &Question<'_>| {
        let identity = IdentityPolicies {
            policies: vec![policy],
            boundary: Boundary::Unbounded,
            ..IdentityPolicies::default()
        };
        short(&grants(&identity, question))
    };
    let pass = |resource: &str, why: Why| answer(&on_hole("iam:PassRole", resource, why), &Question::PASS_ANY_ROLE);
    let parameter = || Why::Parameter("P".into());
    let account = || Why::Pseudo("AWS::AccountId".into());
    assert_eq!(pass("arn:aws:iam::@:role/*", account()), "granted but 0");
    assert_eq!(pass("arn:aws:iam::@:role/*", parameter()), "granted but 0");
    assert_eq!(pass("@", Why::Attribute("Role.Arn".into())), "not granted");
    assert_eq!(pass("arn:aws:iam::1:role/@-*", parameter()), "not granted");
    assert_eq!(
        pass("@", parameter()),
        "unknown: Statement[0] has ${P}: parameter P has no default and was not given"
    );
    let admin = |resource: &str, why: Why| answer(&on_hole("*", resource, why), &Question::ADMIN);
    assert_eq!(admin("arn:@:*", Why::Pseudo("AWS::Partition".into())), "granted but 0");
    assert_eq!(admin("arn:aws:s3:::@/*", parameter()), "not granted");
    assert_eq!(admin("@/index/*", Why::Attribute("Table.Arn".into())), "not granted");
}

/// The account is a hole, and the same one on both sides.
#[test]
fn roles_of_the_own_account_are_all_or_some_of_them() {
    let own = || Why::Pseudo("AWS::AccountId".into());
    for (resource, expected) in [
        ("arn:aws:iam::@:role/*", Match::Yes),
        ("arn:aws:iam::@:*", Match::Yes),
        ("arn:@:iam::@:role/orders-*", Match::No),
        ("arn:aws:iam::@:user/*", Match::No),
        ("arn:aws:iam::@:role/@", Match::No),
    ] {
        let policy = on_hole("iam:PassRole", resource, own());
        assert_eq!(
            policy.statements[0].covers_every("iam", "role/*"),
            expected,
            "{resource}"
        );
    }
}

/// Other statements that allow do not count for one statement; those that deny do.
#[test]
fn one_statement_is_asked_alone() {
    let star = allow(r#""s3:*""#, "*");
    let get = allow(r#""s3:GetObject""#, "*");
    let policy = policy(&[&star, &get, r#"{"Effect":"Deny","Action":"s3:Put*","Resource":"*"}"#]);
    let identity = IdentityPolicies {
        policies: vec![&policy],
        boundary: Boundary::Unbounded,
        ..IdentityPolicies::default()
    };
    let ask = |statement: usize, actions: &str| {
        let question = Question {
            actions,
            on: On::Everything,
        };
        short(&grants_by(&identity, &policy.statements[statement], &question))
    };
    assert_eq!(ask(0, "s3:*"), "granted but 1");
    assert_eq!(ask(1, "s3:*"), "not granted");
    assert_eq!(ask(1, "s3:GetObject"), "granted but 0");
    assert_eq!(ask(0, "s3:PutObject"), "denied");
}
