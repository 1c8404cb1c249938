//! What identity policies grant, as a table: statements, a question and the answer that AWS's
//! documentation gives.
#![expect(
    clippy::indexing_slicing,
    reason = "a test fails by panicking, and so does what helps it"
)]

use maremma_iam::condition::Context;
use maremma_iam::{Boundary, Grant, IdentityPolicies, On, Policy, Question, grants};
use maremma_model::{Document, Place};

/// `Allow actions resources conditions`, with `!` for `NotAction` and `NotResource`.
fn statement(words: &str) -> String {
    let (head, conditions) = words.split_once(" if ").unwrap_or((words, ""));
    let parts: Vec<_> = head.split(' ').collect();
    let list = |element: &str, text: &str| {
        let (not, text) = text.strip_prefix('!').map_or(("", text), |text| ("Not", text));
        let items: Vec<_> = text.split(',').map(|item| format!(r#""{item}""#)).collect();
        format!(r#""{not}{element}":[{}]"#, items.join(","))
    };
    let mut block = serde_json::Map::new();
    for condition in conditions.split("; ").filter(|condition| !condition.is_empty()) {
        let parts: Vec<_> = condition.split(' ').collect();
        let values: Vec<_> = parts[2].split(',').collect();
        let keys = block.entry(parts[0]).or_insert_with(|| serde_json::json!({}));
        keys[parts[1]] = serde_json::json!(values);
    }
    format!(
        r#"{{"Effect":"{}",{},{},"Condition":{}}}"#,
        parts[0],
        list("Action", parts[1]),
        list("Resource", parts[2]),
        serde_json::Value::Object(block)
    )
}

fn policy(statements: &[&str]) -> Policy {
    let statements: Vec<_> = statements.iter().map(|words| statement(words)).collect();
    let text = format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","));
    let policy = Policy::read(&Document::string(&text, Place::default()));
    assert!(policy.is_complete(), "{:?}", policy.problems);
    policy
}

fn answer(statements: &[&str], question: &Question<'_>) -> &'static str {
    let (boundary, own): (Vec<_>, Vec<_>) = statements.iter().partition(|words| words.starts_with("Boundary:"));
    let own = policy(&own);
    let within: Vec<_> = boundary
        .iter()
        .filter_map(|words| words.strip_prefix("Boundary:"))
        .collect();
    let within = policy(&within);
    let identity = IdentityPolicies {
        policies: vec![&own],
        boundary: if boundary.is_empty() {
            Boundary::Unbounded
        } else {
            Boundary::Policy(&within)
        },
        request: Context::unknown()
            .with("aws:PrincipalType", "AssumedRole")
            .with("aws:SecureTransport", "true")
            .without("aws:username")
            .without("aws:SourceArn"),
    };
    match grants(&identity, question) {
        Grant::Granted(granted) if granted.but.is_empty() => "all",
        Grant::Granted(_) => "most",
        Grant::Conditional { .. } => "limited",
        Grant::NotGranted => "nothing",
        Grant::Denied { .. } => "denied",
        Grant::Capped { .. } => "capped",
        Grant::Unknown { .. } => "unknown",
    }
}

fn all(rows: &[(&[&str], &str)], question: &Question<'_>) {
    let wrong: Vec<_> = rows
        .iter()
        .map(|(statements, expected)| (statements, expected, answer(statements, question)))
        .filter(|(_, expected, found)| *expected != found)
        .map(|(statements, expected, found)| format!("{statements:?}\n    expected {expected}, found {found}"))
        .collect();
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[rustfmt::skip]
const ADMIN: &[(&[&str], &str)] = &[
    (&["Allow * *"], "all"),
    (&["Allow *:* *"], "all"),
    (&["Allow ** *"], "all"),
    (&["Allow s3:Get*,* *"], "all"),
    (&["Allow * arn:aws:*:*:*:*"], "all"),
    (&["Allow * arn:*"], "all"),
    (&["Allow * arn:aws:*"], "all"),
    (&["Allow * arn:*:*:*:*:*"], "all"),
    (&["Allow * arn:aws:s3:::x,*"], "all"),
    (&["Allow * arn:aws:*:*:111122223333:*"], "all"),
    (&["Allow * arn:aws:*:eu-west-1:*:*"], "nothing"),
    (&["Allow * arn:aws:s3:::*"], "nothing"),
    (&["Allow * arn:aws:iam::*:role/*"], "nothing"),
    (&["Allow iam:* *"], "nothing"),
    (&["Allow lambda:*,s3:*,ec2:*,iam:* *"], "nothing"),
    (&["Allow *:Get* *"], "nothing"),
    (&["Allow !iam:* *"], "nothing"),
    (&["Allow !IAM:* *"], "nothing"),
    (&["Allow !iam:*,organizations:* *"], "nothing"),
    (&["Allow !organizations:*,account:* *"], "all"),
    (&["Allow !s3:DeleteBucket *"], "all"),
    (&["Allow !* *"], "nothing"),
    (&["Allow * !arn:aws:s3:::secret"], "all"),
    (&["Allow * !*"], "nothing"),
    (&["Allow * !arn:aws:*"], "nothing"),
    // Denies.
    (&["Allow * *", "Deny * *"], "denied"),
    (&["Allow * *", "Deny iam:* *"], "denied"),
    (&["Allow * *", "Deny !s3:* *"], "denied"),
    (&["Allow * *", "Deny s3:* *"], "most"),
    (&["Allow * *", "Deny iam:CreateUser *"], "most"),
    (&["Allow * *", "Deny * arn:aws:s3:::secret"], "most"),
    (&["Allow * *", "Deny * * if StringNotEquals aws:RequestedRegion eu-west-1"], "limited"),
    (&["Allow * *", "Deny * * if NotIpAddress aws:SourceIp 203.0.113.0/24"], "limited"),
    (&["Allow * *", "Deny * * if Bool aws:SecureTransport false"], "all"),
    (&["Allow * *", "Deny * * if StringEquals aws:username bob"], "all"),
    (&["Allow * *", "Deny * * if Null aws:username true"], "denied"),
    (&["Allow * *", "Deny * * if StringEquals aws:PrincipalType AssumedRole"], "denied"),
    (&["Allow * *", "Deny * * if StringEquals aws:PrincipalType User; Bool aws:MultiFactorAuthPresent false"], "all"),
    // Conditions.
    (&["Allow * * if StringEquals aws:PrincipalType User"], "nothing"),
    (&["Allow * * if StringEquals aws:PrincipalType AssumedRole"], "all"),
    (&["Allow * * if StringEquals aws:username bob"], "nothing"),
    (&["Allow * * if StringLike aws:username *"], "nothing"),
    (&["Allow * * if StringNotEquals aws:username bob"], "all"),
    (&["Allow * * if ArnLike aws:SourceArn arn:aws:s3:::x"], "nothing"),
    (&["Allow * * if ArnLikeIfExists aws:SourceArn arn:aws:s3:::x"], "all"),
    (&["Allow * * if Bool aws:SecureTransport true"], "all"),
    (&["Allow * * if StringEquals aws:RequestedRegion eu-west-1"], "limited"),
    (&["Allow * * if StringLike aws:RequestedRegion *"], "all"),
    (&["Allow * * if IpAddress aws:SourceIp 0.0.0.0/0"], "all"),
    (&["Allow * * if IpAddress aws:SourceIp 203.0.113.0/24"], "limited"),
    (&["Allow * * if StringEquals aws:ResourceTag/team blue"], "limited"),
    (&["Allow * * if Null aws:ResourceTag/team false"], "limited"),
    (&["Allow * * if StringEquals aws:PrincipalOrgID o-mine"], "limited"),
    // Boundaries.
    (&["Allow * *", "Boundary:Allow * *"], "all"),
    (&["Allow * *", "Boundary:Allow s3:* *"], "capped"),
    (&["Allow * *", "Boundary:Allow s3:* *", "Boundary:Allow lambda:* *"], "capped"),
    (&["Allow * *", "Boundary:Allow !iam:*,organizations:*,account:* *"], "capped"),
    (&["Allow * *", "Boundary:Allow * *", "Boundary:Deny iam:* *"], "capped"),
    (&["Allow * *", "Boundary:Allow * *", "Boundary:Deny s3:* *"], "most"),
    (&["Allow * *", "Boundary:Allow * * if StringEquals aws:RequestedRegion eu-west-1"], "limited"),
    (&["Allow * *", "Boundary:Allow * * if StringEquals aws:username bob"], "capped"),
    (&["Allow s3:* *", "Boundary:Allow * *"], "nothing"),
];

#[test]
fn who_is_an_administrator() {
    all(ADMIN, &Question::ADMIN);
}

#[rustfmt::skip]
const PASS: &[(&[&str], &str)] = &[
    (&["Allow iam:PassRole *"], "all"),
    (&["Allow IAM:passrole *"], "all"),
    (&["Allow iam:Pass* *"], "all"),
    (&["Allow iam:P???Role *"], "all"),
    (&["Allow iam:*Role *"], "all"),
    (&["Allow iam:* *"], "all"),
    (&["Allow * *"], "all"),
    (&["Allow iam:Get* *"], "nothing"),
    (&["Allow iam:PassRole arn:aws:iam::*:role/*"], "all"),
    (&["Allow iam:PassRole arn:aws:iam::111122223333:role/*"], "all"),
    (&["Allow iam:PassRole arn:aws:iam::111122223333:*"], "all"),
    (&["Allow iam:PassRole arn:aws:iam::111122223333:role*"], "all"),
    (&["Allow iam:PassRole arn:*:iam::*:role/*"], "all"),
    (&["Allow iam:PassRole arn:aws-cn:iam::*:role/*"], "all"),
    (&["Allow iam:PassRole arn:aws:iam:*:*:role/*"], "all"),
    (&["Allow iam:PassRole arn:aws:*:*:*:*"], "all"),
    (&["Allow iam:PassRole arn:aws:iam::*:role/app-*"], "nothing"),
    (&["Allow iam:PassRole arn:aws:iam::111122223333:role/service-role/*"], "nothing"),
    (&["Allow iam:PassRole arn:aws:iam::*:role/x"], "nothing"),
    (&["Allow iam:PassRole arn:aws:iam::*:user/*"], "nothing"),
    (&["Allow iam:PassRole arn:aws:iam:eu-west-1:*:role/*"], "nothing"),
    (&["Allow iam:PassRole arn:aws:lambda:*:*:*"], "nothing"),
    (&["Allow iam:PassRole !arn:aws:iam::*:role/admin"], "all"),
    (&["Allow iam:PassRole * if StringEquals iam:PassedToService lambda.amazonaws.com"], "limited"),
    (&["Allow iam:PassRole * if StringLike iam:PassedToService *"], "all"),
    (&["Allow iam:PassRole * if StringLike iam:PassedToService *.amazonaws.com"], "all"),
    (&["Allow iam:PassRole * if StringLike iam:PassedToService lambda*"], "limited"),
    (&["Allow iam:PassRole * if StringNotEquals iam:PassedToService ec2.amazonaws.com"], "limited"),
    (&["Allow iam:PassRole *", "Deny iam:PassRole *"], "denied"),
    (&["Allow iam:PassRole *", "Deny iam:Pass* arn:aws:iam::*:role/*"], "denied"),
    (&["Allow iam:PassRole *", "Deny iam:PassRole arn:aws:iam::*:role/admin-*"], "most"),
    (&["Allow iam:PassRole *", "Deny iam:PassRole * if StringNotEquals iam:PassedToService lambda.amazonaws.com"], "limited"),
    (&["Allow iam:PassRole *", "Deny !iam:PassRole *"], "all"),
    (&["Allow iam:PassRole *", "Boundary:Allow !iam:PassRole *"], "capped"),
];

#[test]
fn who_passes_any_role() {
    all(PASS, &Question::PASS_ANY_ROLE);
}

#[rustfmt::skip]
const S3: &[(&[&str], &str)] = &[
    (&["Allow s3:* *"], "all"),
    (&["Allow S3:* arn:aws:s3:::x/*"], "all"),
    (&["Allow s3:*Object* *"], "nothing"),
    (&["Allow s3:Get*,s3:Put* *"], "nothing"),
    (&["Allow s3-object-lambda:* *"], "nothing"),
    (&["Allow * *"], "all"),
    (&["Allow s3:* *", "Deny s3:* *"], "denied"),
    (&["Allow s3:* *", "Deny s3:* arn:aws:s3:::x"], "most"),
    (&["Allow s3:* *", "Deny s3:Delete* *"], "most"),
    (&["Allow s3:* *", "Deny lambda:* *"], "all"),
    (&["Allow s3:* *", "Boundary:Allow s3:Get* *"], "capped"),
    (&["Allow s3:* * if StringEquals s3:prefix x"], "limited"),
];

#[test]
fn who_has_all_of_a_service() {
    let question = Question {
        actions: "s3:*",
        on: On::Anything,
    };
    all(S3, &question);
}
