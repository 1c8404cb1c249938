//! Whom policies admit, as a table: a principal, a condition and the answer that AWS's documentation gives.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and so does what helps it"
)]

use maremma_iam::{Account, Admission, Policy, Standing, View, Who, admits_after_denies};
use maremma_model::{Document, Place};

fn view() -> View {
    View {
        account: Some("111122223333".into()),
        trusted_accounts: vec!["444455556666".into()],
        organizations: vec!["o-mine".into()],
    }
}

fn read(statements: &[String]) -> Policy {
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","));
    Policy::read(&Document::string(&text, Place::default()))
}

/// `Operator key value,value; Operator key value` as an element `Condition`.
fn block(words: &str) -> String {
    let mut block = serde_json::Map::new();
    for condition in words.split("; ").filter(|condition| !condition.is_empty()) {
        let parts: Vec<_> = condition.split(' ').collect();
        let values: Vec<_> = parts[2].split(',').collect();
        let keys = block.entry(parts[0]).or_insert_with(|| serde_json::json!({}));
        keys[parts[1]] = serde_json::json!(values);
    }
    serde_json::Value::Object(block).to_string()
}

/// A statement; the principal with its element, where that is not `Principal`.
fn statement(effect: &str, principal: &str, action: &str, condition: &str) -> String {
    let principal = if principal.contains("NotPrincipal") {
        principal.to_owned()
    } else {
        format!(r#""Principal":{principal}"#)
    };
    let condition = block(condition);
    format!(r#"{{"Effect":"{effect}",{principal},"Action":{action},"Resource":"*","Condition":{condition}}}"#)
}

/// What is admitted, in short words.
fn short(admission: &Admission) -> String {
    let words: Vec<_> = admission.parties.iter().map(|party| word(&party.who)).collect();
    if words.is_empty() {
        "nobody".to_owned()
    } else {
        words.join("; ")
    }
}

fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Own => "own",
        Standing::Trusted => "trusted",
        Standing::Foreign => "foreign",
        Standing::Unknown => "unknown",
    }
}

fn word(who: &Who) -> String {
    let of = |account: &Account| standing(account.standing);
    match who {
        Who::Public(public) => match (public.anonymous, public.any_account) {
            (true, true) => "public",
            (true, false) => "anonymous",
            _ => "any account",
        }
        .to_owned(),
        Who::Limited => "limited".to_owned(),
        Who::Organization { standing: s, .. } => format!("organization {}", standing(*s)),
        Who::Account(account) => format!("account {}", of(account)),
        Who::Principal { account, .. } => format!("principal {}", of(account)),
        Who::Service { name, scope } => {
            let name = name.as_ref().map_or_else(|| "any".to_owned(), ToString::to_string);
            let name = name.trim_end_matches(".amazonaws.com");
            let limits = scope.limits();
            let scoped = if limits.is_yes() {
                let accounts: Vec<_> = scope.named_accounts().into_iter().map(of).collect();
                if accounts.is_empty() {
                    "scoped".to_owned()
                } else {
                    format!("scoped {}", accounts.join(","))
                }
            } else if limits.is_no() {
                "unscoped".to_owned()
            } else {
                "undecided".to_owned()
            };
            format!("{name} {scoped}")
        }
        Who::Federated { .. } => "federated".to_owned(),
        Who::Canonical { standing: s, .. } => format!("canonical {}", standing(*s)),
        Who::Unknown(_) => "unknown".to_owned(),
    }
}

fn admitted(statements: &[String]) -> String {
    let policy = read(statements);
    let first = policy.statements.first().expect("a statement");
    short(&admits_after_denies(&policy, first, &view()))
}

/// Every row is tried before the test fails.
fn all(rows: &[(&str, &str, &str)], answer: impl Fn(&str, &str) -> String) {
    let wrong: Vec<_> = rows
        .iter()
        .map(|(one, other, expected)| (one, other, expected, answer(one, other)))
        .filter(|(_, _, expected, found)| **expected != found)
        .map(|(one, other, expected, found)| format!("{one} | {other}\n    expected {expected}, found {found}"))
        .collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

const ALL: &str = r#""*""#;
const S3: &str = r#"{"Service":"s3.amazonaws.com"}"#;
const EVENTS: &str = r#"{"Service":"events.amazonaws.com"}"#;
const FOREIGN: &str = r#"{"AWS":"arn:aws:iam::999988887777:root"}"#;
const OWN: &str = r#"{"AWS":"111122223333"}"#;

/// `Principal`, `Condition`, whom the statement admits.
#[rustfmt::skip]
const ADMITTED: &[(&str, &str, &str)] = &[
    // The forms of a principal.
    (ALL, "", "public"),
    (r#"{"AWS":"*"}"#, "", "public"),
    (r#"{"AWS":["*"]}"#, "", "public"),
    (r#"{"AWS":["111122223333","*"]}"#, "", "account own; public"),
    (OWN, "", "account own"),
    (r#"{"AWS":"444455556666"}"#, "", "account trusted"),
    (FOREIGN, "", "account foreign"),
    (r#"{"AWS":"arn:aws-us-gov:iam::999988887777:root"}"#, "", "account foreign"),
    (r#"{"AWS":"arn:aws:iam::999988887777:role/a/b"}"#, "", "principal foreign"),
    (r#"{"AWS":"arn:aws:iam::111122223333:user/u"}"#, "", "principal own"),
    (r#"{"AWS":"arn:aws:sts::999988887777:assumed-role/r/s"}"#, "", "principal foreign"),
    (r#"{"AWS":"arn:aws:sts::999988887777:federated-user/u"}"#, "", "principal foreign"),
    (r#"{"AWS":"AROAEXAMPLEEXAMPLE123"}"#, "", "principal unknown"),
    (r#"{"AWS":"AIDAEXAMPLEEXAMPLE123"}"#, "", "principal unknown"),
    (r#"{"CanonicalUser":"79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be"}"#, "", "canonical unknown"),
    (r#"{"Federated":"arn:aws:iam::111122223333:saml-provider/adfs"}"#, "StringEquals SAML:aud https://signin.aws.amazon.com/saml", "federated"),
    (r#"{"Federated":"cognito-identity.amazonaws.com"}"#, "", "federated"),
    (S3, "", "s3 unscoped"),
    (r#"{"Service":"logs.eu-west-1.amazonaws.com"}"#, "", "logs.eu-west-1 unscoped"),
    (r#"{"Service":["s3.amazonaws.com","events.amazonaws.com"]}"#, "", "s3 unscoped; events unscoped"),
    (r#"{"Service":"s3.amazonaws.com","AWS":"111122223333"}"#, "", "account own; s3 unscoped"),
    (r#""NotPrincipal":{"AWS":"111122223333"}"#, "", "public"),
    // Conditions that limit nobody.
    (ALL, "Bool aws:SecureTransport true", "public"),
    (ALL, "Bool aws:SecureTransport true", "public"),
    (ALL, "StringLike aws:UserAgent *CloudFront*", "public"),
    (ALL, "StringLike aws:Referer https://example.com/*", "public"),
    (ALL, "StringEquals aws:RequestedRegion eu-west-1", "public"),
    (ALL, "DateLessThan aws:CurrentTime 2099-01-01T00:00:00Z", "public"),
    (ALL, "Bool aws:MultiFactorAuthPresent true", "public"),
    (ALL, "NumericLessThan aws:MultiFactorAuthAge 3600", "public"),
    (ALL, "StringEquals aws:PrincipalType User", "public"),
    (ALL, "StringEquals aws:PrincipalTag/team blue", "public"),
    (ALL, "StringEquals aws:ResourceTag/team blue", "public"),
    (ALL, "Bool aws:ViaAWSService true", "public"),
    (ALL, "ForAnyValue:StringEquals aws:CalledVia athena.amazonaws.com", "public"),
    (ALL, "StringEquals kms:ViaService s3.eu-west-1.amazonaws.com", "public"),
    (ALL, "StringEquals sts:ExternalId x", "public"),
    (ALL, "StringEquals s3:x-amz-acl bucket-owner-full-control", "public"),
    (ALL, "StringEquals aws:username bob", "public"),
    (ALL, "StringLike aws:userid *:bob", "any account"),
    (ALL, "StringLike aws:userid *", "public"),
    (ALL, "StringLike aws:userid AROA*", "any account"),
    (ALL, "StringLike aws:userid AROAEXAMPLEEXAMPLE123:*", "principal unknown"),
    // Organizations.
    (ALL, "StringEquals aws:PrincipalOrgID o-mine", "organization trusted"),
    (ALL, "StringEquals AWS:PRINCIPALORGID o-mine", "organization trusted"),
    (ALL, "stringequals aws:PrincipalOrgID o-mine", "organization trusted"),
    (ALL, "StringEquals aws:PrincipalOrgID o-mine,o-other", "organization foreign"),
    (ALL, "StringEquals aws:PrincipalOrgID ${aws:ResourceOrgID}", "organization own"),
    (ALL, "StringEquals aws:PrincipalOrgID *", "nobody"),
    (ALL, "StringLike aws:PrincipalOrgID *", "any account"),
    (ALL, "StringLike aws:PrincipalOrgID o-*", "any account"),
    (ALL, "StringNotEquals aws:PrincipalOrgID o-evil", "public"),
    (ALL, "StringEqualsIfExists aws:PrincipalOrgID o-mine", "public"),
    (ALL, "ForAllValues:StringEquals aws:PrincipalOrgID o-mine", "public"),
    (ALL, "ForAnyValue:StringEquals aws:PrincipalOrgID o-mine", "organization trusted"),
    (ALL, "Null aws:PrincipalOrgID false", "any account"),
    (ALL, "Null aws:PrincipalOrgID true", "public"),
    (ALL, "ForAnyValue:StringLike aws:PrincipalOrgPaths o-mine/r-ab12/ou-ab12-11111111/*", "organization trusted"),
    (ALL, "ForAnyValue:StringLike aws:PrincipalOrgPaths o-other/*", "organization foreign"),
    (ALL, "ForAnyValue:StringLike aws:PrincipalOrgPaths *", "any account"),
    (ALL, "ForAllValues:StringLike aws:PrincipalOrgPaths o-mine/*", "public"),
    (ALL, "ForAllValues:StringLike aws:PrincipalOrgPaths o-mine/*; Null aws:PrincipalOrgPaths false", "organization trusted"),
    (ALL, "StringEquals aws:PrincipalOrgID o-mine; StringNotEquals aws:PrincipalOrgID o-mine", "nobody"),
    // Accounts and principals.
    (ALL, "StringEquals aws:PrincipalAccount 111122223333", "account own"),
    (ALL, "StringEquals aws:PrincipalAccount ${aws:ResourceAccount}", "account own"),
    (ALL, "StringEquals aws:PrincipalAccount 111122223333,999988887777", "account own; account foreign"),
    (ALL, "StringLike aws:PrincipalAccount *", "public"),
    (ALL, "StringNotEquals aws:PrincipalAccount 999988887777", "public"),
    (ALL, "StringNotLike aws:PrincipalAccount 9*,6*", "public"),
    (ALL, "ArnLike aws:PrincipalArn arn:aws:iam::*:role/*; ArnNotLike aws:PrincipalArn arn:aws:iam::9*:*", "any account"),
    (ALL, "StringEqualsIfExists aws:PrincipalAccount 111122223333", "anonymous"),
    (ALL, "ArnLike aws:PrincipalArn arn:aws:iam::111122223333:role/*", "principal own"),
    (ALL, "StringLike aws:PrincipalArn arn:aws:iam::111122223333:role/*", "principal own"),
    (ALL, "StringEquals aws:PrincipalArn arn:aws:iam::111122223333:role/*", "nobody"),
    (ALL, "ArnEquals aws:PrincipalArn arn:aws:iam::*:role/deploy", "any account"),
    (ALL, "ArnLike aws:PrincipalArn *", "any account"),
    // Of users, roles, root users and federated users, only these last have no ARN of IAM.
    (ALL, "ArnLike aws:PrincipalArn *; ArnNotLike aws:PrincipalArn arn:aws:iam::*", "any account"),
    (ALL, "ArnLike aws:PrincipalArn *; ArnNotLike aws:PrincipalArn arn:aws:iam::*,arn:aws:sts::*", "nobody"),
    (ALL, "ArnLike aws:PrincipalArn *; ArnNotLike aws:PrincipalArn arn:*:iam::*,arn:*:sts:*", "nobody"),
    (ALL, "ArnLike aws:PrincipalArn arn:aws:iam::*; ArnNotLike aws:PrincipalArn arn:aws:iam::*:role/*,arn:aws:iam::*:user/*", "any account"),
    (ALL, "ArnLike aws:PrincipalArn arn:aws:iam::*; ArnNotLike aws:PrincipalArn arn:aws:iam::*:role/*,arn:aws:iam::*:user/*,arn:aws:iam::*:root", "nobody"),
    (ALL, "ArnLike aws:PrincipalArn arn:aws:iam::*:role/*; ArnNotLike aws:PrincipalArn arn:aws:iam::*:role/x", "any account"),
    (ALL, "ArnLike aws:PrincipalArn arn:aws:iam::999988887777:root", "account foreign"),
    (ALL, "ArnNotLike aws:PrincipalArn arn:aws:iam::999988887777:*", "public"),
    (ALL, "StringEquals aws:PrincipalAccount 111122223333; ArnLike aws:PrincipalArn arn:aws:iam::*:role/x", "account own"),
    (ALL, "StringEquals aws:PrincipalAccount 111122223333; ArnLike aws:PrincipalArn arn:aws:iam::999988887777:role/x", "nobody"),
    (ALL, "StringEquals kms:CallerAccount 111122223333", "account own"),
    (ALL, "StringEquals kms:CallerAccount 999988887777; StringEquals kms:ViaService sqs.eu-west-1.amazonaws.com", "account foreign"),
    (FOREIGN, "StringEquals aws:PrincipalOrgID o-mine", "account trusted"),
    (FOREIGN, "StringEquals aws:PrincipalOrgID ${aws:ResourceOrgID}", "account trusted"),
    (FOREIGN, "StringEqualsIfExists aws:PrincipalOrgID o-mine", "account foreign"),
    (FOREIGN, "StringEquals aws:PrincipalOrgID o-mine,o-other", "account foreign"),
    (FOREIGN, "StringNotEquals aws:PrincipalOrgID o-mine", "account foreign"),
    (r#"{"AWS":"arn:aws:iam::999988887777:role/r"}"#, "ForAnyValue:StringLike aws:PrincipalOrgPaths o-mine/*", "principal trusted"),
    (FOREIGN, "StringEquals aws:PrincipalAccount 111122223333", "nobody"),
    (FOREIGN, "ArnLike aws:PrincipalArn arn:aws:iam::999988887777:role/ci-*", "principal foreign"),
    (FOREIGN, "Bool aws:PrincipalIsAWSService true", "nobody"),
    (FOREIGN, "Null aws:PrincipalServiceName true", "account foreign"),
    (FOREIGN, "Null aws:SourceArn false", "nobody"),
    (FOREIGN, "StringEquals aws:SourceAccount 999988887777", "nobody"),
    (r#"{"AWS":"arn:aws:iam::999988887777:role/r"}"#, "ArnNotLike aws:PrincipalArn arn:aws:iam::999988887777:role/*", "nobody"),
    // Services and anonymous callers.
    (ALL, "Bool aws:PrincipalIsAWSService true", "any unscoped"),
    (ALL, "Bool aws:PrincipalIsAWSService false", "any account"),
    (ALL, "BoolIfExists aws:PrincipalIsAWSService true", "anonymous"),
    (ALL, "Null aws:PrincipalIsAWSService true", "anonymous"),
    (ALL, "StringEquals aws:PrincipalServiceName cloudfront.amazonaws.com", "cloudfront unscoped"),
    (ALL, "StringEquals aws:PrincipalServiceName cloudfront.amazonaws.com; StringEquals aws:SourceAccount 111122223333", "cloudfront scoped own"),
    (ALL, "StringEquals aws:SourceAccount 111122223333", "account own"),
    (ALL, "StringEquals aws:SourceAccount 111122223333,999988887777", "account own; account foreign"),
    (ALL, "StringEqualsIfExists aws:SourceAccount 111122223333", "public"),
    (ALL, "ArnLike aws:SourceArn arn:aws:sns:*:111122223333:*", "any scoped own"),
    (ALL, "ArnLike aws:SourceArn arn:aws:s3:::orders", "any scoped"),
    (ALL, "ArnLike aws:SourceArn arn:aws:s3:::*", "any unscoped"),
    (ALL, "StringEquals aws:SourceArn arn:aws:s3:::*", "nobody"),
    (ALL, "Null aws:SourceArn false", "any unscoped"),
    (ALL, "Null aws:SourceArn true", "public"),
    (ALL, "StringEquals aws:SourceOrgID o-mine", "any scoped"),
    // Networks.
    (ALL, "IpAddress aws:SourceIp 0.0.0.0/0", "public"),
    (ALL, "IpAddress aws:SourceIp ::/0", "public"),
    (ALL, "IpAddress aws:SourceIp 0.0.0.0/1,128.0.0.0/1", "public"),
    (ALL, "IpAddress aws:SourceIp 0.0.0.0/2,64.0.0.0/2,128.0.0.0/2,192.0.0.0/2", "public"),
    (ALL, "IpAddress aws:SourceIp 0.0.0.0/1", "public"),
    (ALL, "IpAddress aws:SourceIp 128.0.0.0/1", "public"),
    (ALL, "IpAddress aws:SourceIp 52.0.0.0/7", "public"),
    (ALL, "IpAddress aws:SourceIp 2600::/12", "public"),
    (ALL, "IpAddress aws:SourceIp 52.0.0.0/8", "limited"),
    (ALL, "IpAddress aws:SourceIp 2001:db8::/32", "limited"),
    (ALL, "IpAddress aws:SourceIp 10.0.0.0/8", "limited"),
    (ALL, "IpAddress aws:SourceIp fc00::/7", "limited"),
    (ALL, "IpAddress aws:SourceIp 203.0.113.7", "limited"),
    (ALL, "IpAddress aws:SourceIp 203.0.113.0/24,0.0.0.0/0", "public"),
    (ALL, "IpAddress aws:SourceIp 0.0.0.0/0; NotIpAddress aws:SourceIp 0.0.0.0/0", "nobody"),
    (ALL, "NotIpAddress aws:SourceIp 203.0.113.0/24", "public"),
    (ALL, "IpAddressIfExists aws:SourceIp 203.0.113.0/24", "public"),
    (ALL, "StringEquals aws:SourceIp 203.0.113.7", "limited"),
    (ALL, "StringEquals aws:SourceVpce vpce-0123456789abcdef0", "limited"),
    (ALL, "StringLike aws:SourceVpce vpce-*", "public"),
    (ALL, "StringLike aws:SourceVpc *", "public"),
    (ALL, "StringNotEquals aws:SourceVpce vpce-0123456789abcdef0", "public"),
    (ALL, "StringEqualsIfExists aws:SourceVpce vpce-0123456789abcdef0", "public"),
    (ALL, "Null aws:SourceVpce false", "public"),
    (ALL, "IpAddress aws:VpcSourceIp 10.0.0.0/8", "public"),
    (ALL, "StringEquals aws:VpceAccount 111122223333", "limited"),
    (ALL, "StringEquals aws:VpceOrgID o-mine", "limited"),
    // Lambda's keys.
    (ALL, "StringEquals lambda:FunctionUrlAuthType NONE", "public"),
    (ALL, "StringEquals lambda:FunctionUrlAuthType AWS_IAM", "any account"),
    (ALL, "StringEquals lambda:FunctionUrlAuthType AWS_IAM; StringEquals aws:PrincipalOrgID o-mine", "organization trusted"),
    (r#"{"Service":"alexa-appkit.amazon.com"}"#, "StringEquals lambda:EventSourceToken amzn1.ask.skill.x", "alexa-appkit.amazon.com scoped"),
    // Keys that nobody documents.
    (ALL, "StringEquals aws:NoSuchKey x", "unknown"),
    (ALL, "StringSortOf aws:PrincipalOrgID o-mine", "unknown"),
    // Services that act for somebody.
    (S3, "StringEquals aws:SourceAccount 111122223333", "s3 scoped own"),
    (S3, "StringEquals aws:SourceAccount 111122223333,999988887777", "s3 scoped own,foreign"),
    (S3, "StringEquals aws:SourceAccount *", "nobody"),
    (S3, "StringLike aws:SourceAccount *", "s3 unscoped"),
    (S3, "StringNotEquals aws:SourceAccount 999988887777", "s3 unscoped"),
    (S3, "ArnLike aws:SourceArn arn:aws:s3:::orders", "s3 scoped"),
    (S3, "ArnEquals aws:SourceArn arn:aws:s3:*:*:orders", "s3 scoped"),
    (S3, "StringEquals aws:SourceArn arn:aws:s3:::orders", "s3 scoped"),
    (S3, "ArnLike aws:SourceArn arn:aws:s3:::*", "s3 unscoped"),
    (S3, "ArnLike aws:SourceArn arn:*:*:*:*:*", "s3 unscoped"),
    (S3, "ArnLike aws:SourceArn arn:aws:s3:::orders-??", "s3 unscoped"),
    (S3, "StringLike aws:SourceArn *; ArnNotLike aws:SourceArn arn:aws:s3:::*", "nobody"),
    (S3, "StringLike aws:SourceArn *; ArnNotLike aws:SourceArn arn:aws:s3:::orders", "s3 unscoped"),
    (S3, "Null aws:SourceArn false; ArnNotLike aws:SourceArn arn:*:s3:*,o-*", "nobody"),
    (S3, "ArnLikeIfExists aws:SourceArn arn:aws:s3:::orders", "s3 unscoped"),
    (S3, "StringEquals aws:SourceArn arn:aws:s3:::*", "nobody"),
    (S3, "ArnLike aws:SourceArn arn:aws:s3:::*; StringEquals aws:SourceAccount 111122223333", "s3 scoped own"),
    (S3, "StringEquals aws:SourceOrgID o-mine", "s3 scoped"),
    (S3, "StringEquals aws:PrincipalOrgID o-mine", "nobody"),
    (S3, "StringEquals aws:PrincipalAccount 111122223333", "s3 undecided"),
    (S3, "Bool aws:PrincipalIsAWSService true", "s3 unscoped"),
    (S3, "Bool aws:PrincipalIsAWSService false", "nobody"),
    (S3, "StringEquals aws:PrincipalServiceName s3.amazonaws.com", "s3 unscoped"),
    (S3, "StringEquals aws:PrincipalServiceName sns.amazonaws.com", "nobody"),
    (S3, "StringLike aws:UserAgent x", "s3 unscoped"),
    (S3, "Null aws:SourceAccount false", "s3 unscoped"),
    (EVENTS, "ArnLike aws:SourceArn *; ArnNotLike aws:SourceArn arn:aws:events:*:111122223333:*", "events unscoped"),
    (EVENTS, "ArnLike aws:SourceArn *; ArnNotLike aws:SourceArn arn:aws:events:*", "nobody"),
    (ALL, "ArnLike aws:SourceArn *; ArnNotLike aws:SourceArn arn:aws:lambda:*", "any unscoped"),
    (EVENTS, "ArnLike aws:SourceArn arn:aws:events:*:*:rule/*", "events unscoped"),
    (EVENTS, "ArnLike aws:SourceArn arn:aws:events:eu-west-1:*:rule/nightly", "events unscoped"),
    (EVENTS, "ArnLike aws:SourceArn arn:aws:events:*:111122223333:rule/*", "events scoped own"),
    (EVENTS, "StringLike aws:SourceArn arn:aws:events:*:111122223333:rule/*", "events scoped own"),
    (EVENTS, "ArnEquals aws:SourceArn arn:aws:events:eu-west-1:999988887777:rule/x", "events scoped foreign"),
    (EVENTS, "ArnEquals AWS:SOURCEARN arn:aws:events:eu-west-1:111122223333:rule/x,arn:aws:events:eu-west-1:111122223333:rule/y", "events scoped own,own"),
    (r#"{"Service":"apigateway.amazonaws.com"}"#, "ArnLike aws:SourceArn arn:aws:execute-api:*:*:abc123/*/GET/orders", "apigateway scoped"),
];

#[test]
fn statements_admit_whom_their_values_name() {
    all(ADMITTED, |principal, condition| {
        admitted(&[statement("Allow", principal, r#""lambda:InvokeFunction""#, condition)])
    });
}

fn deny(principal: &str, action: &str, condition: &str) -> String {
    statement("Deny", principal, action, condition)
}

/// `Principal` of the Allow, the `Condition` of a Deny for everybody, whom both leave.
#[rustfmt::skip]
const DENIED: &[(&str, &str, &str)] = &[
    (ALL, "", "nobody"),
    (ALL, "StringNotEquals aws:PrincipalAccount 111122223333", "account own"),
    (ALL, "StringNotEquals aws:PrincipalAccount ${aws:ResourceAccount}", "account own"),
    (ALL, "StringEquals aws:PrincipalAccount 999988887777", "public"),
    (ALL, "StringNotEquals aws:PrincipalOrgID o-mine", "organization trusted"),
    (ALL, "StringNotEqualsIfExists aws:PrincipalOrgID o-mine", "organization trusted"),
    (ALL, "StringNotEquals aws:PrincipalOrgID o-mine; StringNotEquals aws:PrincipalAccount 444455556666", "account trusted; organization trusted"),
    (ALL, "ForAllValues:StringNotLike aws:PrincipalOrgPaths o-mine/*", "organization trusted"),
    (ALL, "ForAnyValue:StringNotLike aws:PrincipalOrgPaths o-mine/*", "public"),
    (ALL, "ArnNotLike aws:PrincipalArn arn:aws:iam::111122223333:role/app", "principal own"),
    (ALL, "Bool aws:SecureTransport false", "public"),
    (ALL, "Bool aws:PrincipalIsAWSService false", "anonymous"),
    (ALL, "BoolIfExists aws:PrincipalIsAWSService false", "any unscoped"),
    (ALL, "NotIpAddress aws:SourceIp 203.0.113.0/24", "limited"),
    (ALL, "NotIpAddress aws:SourceIp 0.0.0.0/0", "public"),
    (ALL, "NotIpAddressIfExists aws:SourceIp 203.0.113.0/24", "limited"),
    (ALL, "StringNotEquals aws:SourceVpce vpce-0123456789abcdef0", "limited"),
    (ALL, "StringNotEqualsIfExists aws:SourceVpce vpce-0123456789abcdef0", "limited"),
    (ALL, "Null aws:PrincipalOrgID true", "any account"),
    (ALL, "StringNotLike aws:UserAgent x", "public"),
    (S3, "StringNotEquals aws:SourceAccount 111122223333", "s3 scoped own"),
    (S3, "StringNotEqualsIfExists aws:SourceAccount 111122223333", "s3 scoped own"),
    (S3, "ArnNotLike aws:SourceArn arn:aws:s3:::orders", "s3 scoped"),
    (S3, "StringNotEquals aws:PrincipalOrgID o-mine", "nobody"),
    (S3, "StringNotEquals aws:PrincipalOrgID o-mine; Bool aws:PrincipalIsAWSService false", "s3 unscoped"),
    (S3, "Bool aws:PrincipalIsAWSService true", "nobody"),
    // A service acts for resources of its own kind.
    (S3, "ArnLike aws:SourceArn arn:aws:s3:::*", "s3 unscoped"),
    (S3, "ForAllValues:StringLike aws:SourceArn arn:aws:s3:::*", "nobody"),
    (S3, "ForAllValues:StringLike aws:SourceArn arn:aws:s3:::*,o-*", "nobody"),
    (S3, "ForAllValues:StringLike aws:SourceArn arn:aws:s3:::orders-*", "s3 unscoped"),
    (FOREIGN, "StringNotEquals aws:PrincipalAccount 111122223333", "nobody"),
    (FOREIGN, "StringNotEquals aws:PrincipalOrgID o-mine", "account trusted"),
    (OWN, "StringNotEquals aws:PrincipalAccount 111122223333", "account own"),
];

#[test]
fn denies_take_back() {
    all(DENIED, |principal, condition| {
        let allow = statement("Allow", principal, r#""lambda:InvokeFunction""#, "");
        admitted(&[allow, deny(ALL, r#""*""#, condition)])
    });
}

#[test]
fn denies_are_about_actions_and_principals() {
    let allow = statement("Allow", ALL, r#""lambda:InvokeFunction""#, "");
    let with = |statement: String| admitted(&[allow.clone(), statement]);
    for gone in [
        r#""lambda:*""#,
        r#""LAMBDA:invoke*""#,
        r#""*:*""#,
        r#""lambda:Invoke?unction""#,
        r#"["s3:*","lambda:InvokeFunction"]"#,
    ] {
        assert_eq!(with(deny(ALL, gone, "")), "nobody", "{gone}");
    }
    for kept in [r#""lambda:Get*""#, r#""s3:*""#, r#""lambda:InvokeFunctionUrl""#] {
        assert_eq!(with(deny(ALL, kept, "")), "public", "{kept}");
    }
    let not_action =
        |actions: &str| format!(r#"{{"Effect":"Deny","Principal":"*","NotAction":{actions},"Resource":"*"}}"#);
    assert_eq!(with(not_action(r#""lambda:InvokeFunction""#)), "public");
    assert_eq!(with(not_action(r#""lambda:Get*""#)), "nobody");
    let not_principal = |principal: &str| deny(&format!(r#""NotPrincipal":{principal}"#), r#""*""#, "");
    assert_eq!(with(not_principal(r#"{"AWS":"111122223333"}"#)), "account own");
    assert_eq!(
        with(not_principal(r#"{"AWS":["111122223333","999988887777"]}"#)),
        "account own; account foreign"
    );
    assert_eq!(with(not_principal(r#"{"Service":"s3.amazonaws.com"}"#)), "s3 unscoped");
    assert_eq!(with(deny(FOREIGN, r#""*""#, "")), "public");
    assert_eq!(with(deny(S3, r#""*""#, "")), "public");
}
