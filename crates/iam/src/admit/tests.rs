//! Whom statements admit, as policies are written.

mod holes;
mod size;

use super::*;
use crate::policy::Policy;
use maremma_model::{Document, Place};

const OWN: &str = "111122223333";
const FRIEND: &str = "444455556666";

fn view() -> View {
    View {
        account: Some(OWN.into()),
        trusted_accounts: vec![FRIEND.into()],
        organizations: vec!["o-mine".into()],
    }
}

fn policy(text: &str) -> Policy {
    let policy = Policy::read(&Document::string(text, Place::default()));
    assert!(policy.is_complete(), "{:?} {:?}", policy.problems, policy.unread);
    policy
}

fn statement(principal: &str, condition: &str) -> String {
    format!(
        r#"{{"Effect":"Allow","Principal":{principal},"Action":"lambda:InvokeFunction","Resource":"*","Condition":{condition}}}"#
    )
}

fn admitted(principal: &str, condition: &str) -> Admission {
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":{}}}"#,
        statement(principal, condition)
    );
    admits(&policy(&text).statements[0], &view())
}

/// The admission in short words.
fn short(admission: &Admission) -> String {
    let words: Vec<_> = admission.parties.iter().map(|party| word(&party.who)).collect();
    if words.is_empty() {
        "nobody".to_owned()
    } else {
        words.join("; ")
    }
}

fn word(who: &Who) -> String {
    let account = |account: &Account| format!("{} {:?}", account.id, account.standing);
    match who {
        Who::Public(public) => {
            let mut words = String::from("public");
            if !public.any_account {
                words.push_str(" anonymous only");
            }
            if !public.anonymous {
                words.push_str(" signed only");
            }
            for except in &public.except {
                words.push_str(&format!(" but {except}"));
            }
            words
        }
        Who::Limited => "limited".to_owned(),
        Who::Organization { ids, standing } => format!("organization {} {standing:?}", ids[0]),
        Who::Account(a) => format!("account {}", account(a)),
        Who::Principal { arn, account: a } => format!("principal {arn} of {}", account(a)),
        Who::Service { name, scope } => {
            let name = name.as_ref().map_or("any".to_owned(), ToString::to_string);
            let arns: Vec<_> = scope
                .arns
                .iter()
                .map(|source| format!("{}={}", source.arn, owner(&source.owner)))
                .collect();
            let accounts: Vec<_> = scope.accounts.iter().map(account).collect();
            format!(
                "service {name} arns {arns:?} accounts {accounts:?} orgs {} limits {:?} account {:?}",
                scope.organizations.len(),
                scope.limits(),
                scope.names_account()
            )
        }
        Who::Federated { provider } => format!("federated {provider}"),
        Who::Canonical { id, standing } => format!("canonical {id} {standing:?}"),
        Who::Unknown(doubt) => format!("unknown: {}", doubt.words),
    }
}

fn owner(owner: &Owner) -> String {
    match owner {
        Owner::Account(account) => format!("{:?}", account.standing),
        other => format!("{other:?}"),
    }
}

#[track_caller]
fn check(principal: &str, condition: &str, expected: &str) {
    assert_eq!(
        short(&admitted(principal, condition)),
        expected,
        "{principal} {condition}"
    );
}

#[track_caller]
fn check_all(condition: &str, expected: &str) {
    check(r#""*""#, condition, expected);
    check(r#"{"AWS":"*"}"#, condition, expected);
}

#[test]
fn everyone_without_a_limiting_condition_is_public() {
    check_all("{}", "public");
    check_all(r#"{"Bool":{"aws:SecureTransport":"true"}}"#, "public");
    check_all(r#"{"IpAddress":{"aws:SourceIp":"0.0.0.0/0"}}"#, "public");
    check_all(
        r#"{"IpAddress":{"aws:SourceIp":["0.0.0.0/1","128.0.0.0/1"]}}"#,
        "public",
    );
    check_all(r#"{"StringLike":{"aws:PrincipalOrgID":"*"}}"#, "public signed only");
    check_all(r#"{"StringLike":{"aws:PrincipalAccount":"*"}}"#, "public");
    check_all(
        r#"{"StringLike":{"aws:PrincipalAccount":"????????????"}}"#,
        "public signed only",
    );
    check_all(
        r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/deploy"}}"#,
        "public signed only",
    );
    check_all(r#"{"StringLike":{"aws:PrincipalTag/team":"blue"}}"#, "public");
    check_all(
        r#"{"StringLike":{"aws:PrincipalArn":"*:role/deploy"}}"#,
        "public signed only",
    );
    check_all(
        r#"{"StringLike":{"aws:PrincipalArn":"*/deploy"}}"#,
        "public signed only",
    );
    check_all(r#"{"Null":{"aws:PrincipalAccount":"false"}}"#, "public");
    check_all(
        r#"{"StringEquals":{"aws:PrincipalAccount":"${aws:PrincipalAccount}"}}"#,
        "public",
    );
    check_all(r#"{"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}}"#, "public");
    check_all(
        r#"{"StringEquals":{"lambda:FunctionUrlAuthType":"AWS_IAM"}}"#,
        "public signed only",
    );
    check_all(r#"{"Bool":{"lambda:InvokedViaFunctionUrl":"true"}}"#, "public");
}

#[test]
fn a_condition_that_a_caller_may_leave_out_does_not_limit() {
    check_all(r#"{"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-mine"}}"#, "public");
    check_all(
        r#"{"ForAllValues:StringEquals":{"aws:PrincipalOrgPaths":"o-mine/r/ou/"}}"#,
        "public",
    );
    check_all(
        r#"{"StringEqualsIfExists":{"aws:SourceAccount":"111122223333"}}"#,
        "public",
    );
    check_all(r#"{"IpAddressIfExists":{"aws:SourceIp":"203.0.113.0/24"}}"#, "public");
    check_all(
        r#"{"StringEqualsIfExists":{"aws:PrincipalOrgID":"o-mine"},"Null":{"aws:PrincipalOrgID":"false"}}"#,
        "organization o-mine Trusted",
    );
}

#[test]
fn negated_conditions_are_everyone_but() {
    check_all(
        r#"{"StringNotEquals":{"aws:PrincipalAccount":"999988887777"}}"#,
        "public but 999988887777",
    );
    check_all(
        r#"{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#,
        "public but 203.0.113.0/24",
    );
}

#[test]
fn conditions_on_the_principal_narrow_by_value() {
    check_all(
        r#"{"StringEquals":{"aws:PrincipalOrgID":"o-mine"}}"#,
        "organization o-mine Trusted",
    );
    check_all(
        r#"{"StringEquals":{"aws:PrincipalOrgID":"o-other"}}"#,
        "organization o-other Foreign",
    );
    check_all(r#"{"StringEquals":{"aws:PrincipalOrgID":"*"}}"#, "nobody");
    check_all(
        r#"{"ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-mine/r-a/ou-b/*"}}"#,
        "organization o-mine/r-a/ou-b/* Trusted",
    );
    check_all(
        r#"{"StringEquals":{"AWS:principalaccount":"111122223333"}}"#,
        "account 111122223333 Own",
    );
    check_all(
        r#"{"StringEquals":{"aws:PrincipalAccount":["444455556666","999988887777"]}}"#,
        "account 444455556666 Trusted; account 999988887777 Foreign",
    );
    check_all(
        r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::999988887777:role/*"}}"#,
        "principal arn:aws:iam::999988887777:role/* of 999988887777 Foreign",
    );
    check_all(
        r#"{"StringLike":{"aws:PrincipalArn":"arn:aws:iam::999988887777*"}}"#,
        "principal arn:aws:iam::999988887777* of ${?} Unknown",
    );
    check_all(
        r#"{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::*:role/x"},"StringEquals":{"aws:PrincipalOrgID":"o-mine"}}"#,
        "organization o-mine Trusted",
    );
    check_all(
        r#"{"StringEquals":{"kms:CallerAccount":"111122223333","kms:ViaService":"s3.eu-west-1.amazonaws.com"}}"#,
        "account 111122223333 Own",
    );
    check_all(
        r#"{"StringEquals":{"aws:PrincipalAccount":"${aws:ResourceAccount}"}}"#,
        "account ${aws:ResourceAccount} Own",
    );
    check_all(
        r#"{"StringEquals":{"aws:PrincipalAccount":["1","2"]},"StringLike":{"aws:PrincipalAccount":["2*","3"]}}"#,
        "account 2 Unknown",
    );
}

#[test]
fn conditions_on_the_source_leave_services() {
    check_all(
        r#"{"StringEquals":{"AWS:SourceOwner":"111122223333"}}"#,
        "account 111122223333 Own",
    );
    check_all(
        r#"{"StringEquals":{"AWS:SourceAccount":"999988887777"}}"#,
        "account 999988887777 Foreign",
    );
    check_all(
        r#"{"ArnEquals":{"aws:SourceArn":"arn:aws:sns:eu-west-1:111122223333:orders"}}"#,
        r#"service any arns ["arn:aws:sns:eu-west-1:111122223333:orders=Own"] accounts [] orgs 0 limits Yes account Yes"#,
    );
    check_all(
        r#"{"Bool":{"aws:PrincipalIsAWSService":"true"}}"#,
        "service any arns [] accounts [] orgs 0 limits No account No",
    );
    check_all(
        r#"{"StringEquals":{"aws:PrincipalServiceName":"s3.amazonaws.com"}}"#,
        "service s3.amazonaws.com arns [] accounts [] orgs 0 limits No account No",
    );
}

#[test]
fn networks_limit_without_naming_anyone() {
    check_all(r#"{"StringEquals":{"aws:SourceVpce":"vpce-1"}}"#, "limited");
    check_all(r#"{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#, "limited");
    check_all(
        r#"{"Bool":{"elasticfilesystem:AccessedViaMountTarget":"true"}}"#,
        "limited",
    );
    check_all(
        r#"{"StringEquals":{"aws:SomethingNew":"x"}}"#,
        "unknown: whether aws:SomethingNew keeps strangers out is not known",
    );
}

#[test]
fn services_are_scoped_by_value() {
    let s3 = r#"{"Service":"s3.amazonaws.com"}"#;
    check(
        s3,
        "{}",
        "service s3.amazonaws.com arns [] accounts [] orgs 0 limits No account No",
    );
    check(
        s3,
        r#"{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::orders"}}"#,
        r#"service s3.amazonaws.com arns ["arn:aws:s3:::orders=NameHolder"] accounts [] orgs 0 limits Yes account No"#,
    );
    check(
        s3,
        r#"{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::orders"},"StringEquals":{"aws:SourceAccount":"111122223333"}}"#,
        r#"service s3.amazonaws.com arns ["arn:aws:s3:::orders=NameHolder"] accounts ["111122223333 Own"] orgs 0 limits Yes account Yes"#,
    );
    for open in [
        r#"{"ArnLike":{"aws:SourceArn":"*"}}"#,
        r#"{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::*"}}"#,
        r#"{"StringLike":{"aws:SourceArn":"arn:aws:s3:::orders-*"}}"#,
        r#"{"StringLike":{"aws:SourceArn":"arn:aws:events:*:*:rule/*"}}"#,
        r#"{"StringEqualsIfExists":{"aws:SourceAccount":"111122223333"}}"#,
        r#"{"StringNotEquals":{"aws:SourceAccount":"111122223333"}}"#,
        r#"{"StringLike":{"aws:SourceAccount":"*"}}"#,
        r#"{"Bool":{"aws:SecureTransport":"true"}}"#,
    ] {
        check(
            s3,
            open,
            "service s3.amazonaws.com arns [] accounts [] orgs 0 limits No account No",
        );
    }
    check(
        r#"{"Service":"events.amazonaws.com"}"#,
        r#"{"ArnLike":{"AWS:SourceArn":"arn:aws:events:*:111122223333:rule/*"}}"#,
        r#"service events.amazonaws.com arns ["arn:aws:events:*:111122223333:rule/*=Own"] accounts [] orgs 0 limits Yes account Yes"#,
    );
    check(
        r#"{"Service":"alexa-appkit.amazon.com"}"#,
        r#"{"StringEquals":{"lambda:EventSourceToken":"amzn1.ask.skill.x"}}"#,
        "service alexa-appkit.amazon.com arns [] accounts [] orgs 0 limits Yes account Yes",
    );
    check(
        s3,
        r#"{"StringEquals":{"aws:SourceOrgID":"o-mine"}}"#,
        "service s3.amazonaws.com arns [] accounts [] orgs 1 limits Yes account Yes",
    );
    check(s3, r#"{"StringEquals":{"aws:PrincipalOrgID":"o-mine"}}"#, "nobody");
}

#[test]
fn named_principals_stay_who_they_are() {
    check(r#"{"AWS":"111122223333"}"#, "{}", "account 111122223333 Own");
    check(
        r#"{"AWS":"arn:aws:iam::999988887777:root"}"#,
        "{}",
        "account 999988887777 Foreign",
    );
    check(
        r#"{"AWS":["arn:aws:iam::444455556666:role/x","AROAEXAMPLEEXAMPLE123"]}"#,
        "{}",
        "principal arn:aws:iam::444455556666:role/x of 444455556666 Trusted; principal AROAEXAMPLEEXAMPLE123 of ${?} Unknown",
    );
    check(
        r#"{"AWS":"999988887777"}"#,
        r#"{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::999988887777:role/a"}}"#,
        "principal arn:aws:iam::999988887777:role/a of 999988887777 Foreign",
    );
    check(
        r#"{"AWS":"999988887777"}"#,
        r#"{"StringEquals":{"aws:PrincipalAccount":"111122223333"}}"#,
        "nobody",
    );
    check(
        r#"{"Federated":"cognito-identity.amazonaws.com"}"#,
        r#"{"StringEquals":{"cognito-identity.amazonaws.com:aud":"x"}}"#,
        "federated cognito-identity.amazonaws.com",
    );
}

#[test]
fn not_principal_with_allow_is_everyone_but() {
    let text = r#"{"Statement":{"Effect":"Allow","NotPrincipal":{"AWS":"999988887777"},"Action":"*","Resource":"*"}}"#;
    let admission = admits(&policy(text).statements[0], &view());
    assert_eq!(short(&admission), "public but 999988887777");
}

#[track_caller]
fn check_after(allow: &str, denies: &[&str], expected: &str) {
    let statements: Vec<_> = [allow].iter().chain(denies).map(|text| (*text).to_owned()).collect();
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","));
    let policy = policy(&text);
    let admission = admits_after_denies(&policy, &policy.statements[0], &view());
    assert_eq!(short(&admission), expected, "{text}");
}

#[test]
fn a_deny_unless_leaves_what_it_spares() {
    let allow = &statement(r#""*""#, "{}");
    let deny = |condition: &str, action: &str| {
        format!(r#"{{"Effect":"Deny","Principal":"*","Action":"{action}","Resource":"*","Condition":{condition}}}"#)
    };
    let unless_organization = deny(r#"{"StringNotEquals":{"aws:PrincipalOrgID":"o-mine"}}"#, "*");
    check_after(allow, &[&unless_organization], "organization o-mine Trusted");
    check_after(allow, &[&deny("{}", "lambda:*")], "nobody");
    check_after(allow, &[&deny("{}", "lambda:Get*")], "public");
    check_after(
        allow,
        &[&deny(r#"{"Bool":{"aws:SecureTransport":"false"}}"#, "*")],
        "public",
    );
    check_after(
        allow,
        &[&deny(
            r#"{"StringNotEqualsIfExists":{"aws:PrincipalOrgID":"o-mine"},"BoolIfExists":{"aws:PrincipalIsAWSService":"false"}}"#,
            "lambda:InvokeFunction",
        )],
        "service any arns [] accounts [] orgs 0 limits No account No; organization o-mine Trusted",
    );
    check_after(
        &statement(r#"{"Service":"s3.amazonaws.com"}"#, "{}"),
        &[&deny(
            r#"{"StringNotEquals":{"aws:SourceAccount":"111122223333"}}"#,
            "lambda:InvokeFunction",
        )],
        r#"service s3.amazonaws.com arns [] accounts ["111122223333 Own"] orgs 0 limits Yes account Yes"#,
    );
    check_after(
        allow,
        &[r#"{"Effect":"Deny","NotPrincipal":{"AWS":"111122223333"},"Action":"*","Resource":"*"}"#],
        "account 111122223333 Own",
    );
}

#[test]
fn a_deny_names_accounts_and_spares_others() {
    let role = &statement(r#"{"AWS":"arn:aws:iam::999988887777:role/x"}"#, "{}");
    let deny = |principal: &str| format!(r#"{{"Effect":"Deny",{principal},"Action":"*","Resource":"*"}}"#);
    let stays = "principal arn:aws:iam::999988887777:role/x of 999988887777 Foreign";
    for gone in [
        "999988887777",
        "arn:aws:iam::999988887777:root",
        "arn:aws:iam::999988887777:role/x",
        "*",
    ] {
        check_after(role, &[&deny(&format!(r#""Principal":{{"AWS":"{gone}"}}"#))], "nobody");
    }
    for other in ["111122223333", "arn:aws:iam::999988887777:role/y"] {
        check_after(role, &[&deny(&format!(r#""Principal":{{"AWS":"{other}"}}"#))], stays);
    }
    let but_own = &deny(r#""NotPrincipal":{"AWS":["111122223333","444455556666"]}"#);
    check_after(role, &[but_own], "unknown: whether Statement[1] denies it is not known");
    let own = &deny(r#""Principal":{"AWS":"111122223333"}"#);
    check_after(
        &statement(r#""*""#, "{}"),
        &[but_own, own],
        "account 444455556666 Trusted",
    );
    check_after(&statement(r#""*""#, "{}"), &[own], "public");
}

#[test]
fn ids_that_aws_makes_cannot_be_chosen() {
    check(
        r#"{"Service":"apigateway.amazonaws.com"}"#,
        r#"{"ArnLike":{"aws:SourceArn":"arn:aws:execute-api:eu-west-1:*:a1b2c3d4/*"}}"#,
        r#"service apigateway.amazonaws.com arns ["arn:aws:execute-api:eu-west-1:*:a1b2c3d4/*=AnyAccount"] accounts [] orgs 0 limits Yes account No"#,
    );
    check(
        r#"{"Service":"apigateway.amazonaws.com"}"#,
        r#"{"ArnLike":{"aws:SourceArn":"arn:aws:execute-api:eu-west-1:*:*/*"}}"#,
        "service apigateway.amazonaws.com arns [] accounts [] orgs 0 limits No account No",
    );
}

#[test]
fn limits_are_told_in_words() {
    let words = |principal: &str, condition: &str| admitted(principal, condition).parties[0].limits_in_words();
    let s3 = r#"{"Service":"s3.amazonaws.com"}"#;
    assert_eq!(
        words(
            s3,
            r#"{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::x"},"StringEquals":{"aws:SourceAccount":["1","2","3","4"]}}"#
        ),
        "limited to source arn:aws:s3:::x, limited to source account 1 or 2 or 3 or 1 more"
    );
    assert_eq!(
        words(
            s3,
            r#"{"StringEquals":{"lambda:EventSourceToken":"amzn1.ask.skill.x"}}"#
        ),
        "limited to callers with the event source token"
    );
    let public = admitted(
        r#""*""#,
        r#"{"IpAddress":{"aws:SourceIp":"0.0.0.0/0"},"StringEquals":{"s3:prefix":"x"}}"#,
    );
    assert_eq!(public.parties[0].limits_in_words(), "when s3:prefix StringEquals x");
    assert_eq!(public.parties[0].idle[0].to_string(), "limited to address 0.0.0.0/0");
    let private = admitted(
        r#""*""#,
        r#"{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","192.168.1.1"]}}"#,
    );
    assert!(private.parties[0].limits[0].is_private_network());
    let holed = admitted(
        r#""*""#,
        r#"{"StringNotEquals":{"aws:PrincipalAccount":"999988887777"}}"#,
    );
    assert_eq!(holed.parties[0].limits_in_words(), "not for account 999988887777");
}
