//! Amazon S3 may invoke for a bucket whose account is not fixed.

use crate::access::party::nameless;
use crate::access::permission::{Case, judge_permissions, of_parties, source_arn};
use crate::verdict::answer::Answer;
use crate::{Check, Context, Findings};
use maremma_iam::{Admission, Arn, Limit, Owner, Party, Scope, Statement, Who};
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, Text, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "policy-s3-without-sourceaccount",
        title: "Amazon S3 may invoke without SourceAccount",
        tier: Tier::Core,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Permission",
        controls: &[
            Control::fsbp("Lambda.1"),
            Control::nist("AC-3"),
            Control::owasp("SAS-2"),
        ],
        equivalents: &[
            Equivalent::exact(Peer::CfnLint, "W3663"),
            Equivalent::near(Peer::Checkov, "CKV_AWS_364"),
            Equivalent::near(Peer::Trivy, "AWS-0067"),
            Equivalent::near(Peer::SecurityHub, "FSBP Lambda.1"),
        ],
        page: include_str!("policy_s3_without_sourceaccount.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let bad = |case: &Case| format!("A bucket of another account can invoke {}", case.function);
    judge_permissions(context, findings, bad, answer);
}

fn answer(case: &Case, statement: &Statement, admission: &Admission) -> Answer {
    of_parties(statement, admission.parties.iter().map(|party| of_party(case, party)))
}

fn of_party(case: &Case, party: &Party) -> Answer {
    let at = &party.at;
    match &party.who {
        Who::Service {
            name: Some(name),
            scope,
        } if is_s3(name) => of_bucket(case, party, scope),
        // Any service for a bucket is Amazon S3.
        Who::Service { name: None, scope } if nameless(scope).any(|source| source.owner == Owner::NameHolder) => {
            of_bucket(case, party, scope)
        }
        Who::Unknown(doubt) => {
            let bad = format!("A bucket of another account can invoke {}", case.function);
            Answer::undetermined(&doubt.at, &bad, &doubt.words, doubt.why.clone())
        }
        _ => Answer::not_applicable(at, "Principal is not Amazon S3"),
    }
}

/// `s3.amazonaws.com`, whatever the suffix.
pub(super) fn is_s3(name: &Text) -> bool {
    name.prefix().starts_with("s3.")
}

fn of_bucket(case: &Case, party: &Party, scope: &Scope) -> Answer {
    let at = &party.at;
    let function = &case.function;
    let fix = Fix::new("Add the account that owns the bucket").snippet("SourceAccount: !Ref AWS::AccountId");
    let says = "Principal is s3.amazonaws.com, without SourceAccount";
    let named = scope.names_account();
    if named.is_yes() {
        return Answer::pass(at, "SourceAccount or SourceArn says whose bucket may invoke");
    }
    if named.is_unknown()
        && let Some(bucket) = unseen_bucket(party)
    {
        return Answer::fail(at, by_name(function, bucket), says)
            .severity(Severity::Medium)
            .fix(fix);
    }
    if named.is_unknown() {
        let unclear = || scope.arns.iter().find_map(|source| source.arn.why().cloned());
        let why = scope
            .doubt
            .as_ref()
            .and_then(|doubt| doubt.why.clone())
            .or_else(unclear);
        let bad = format!("A bucket of another account can invoke {function}");
        return Answer::undetermined(at, &bad, "whose bucket SourceArn names is not known", why).fix(fix);
    }
    match nameless(scope).next() {
        None => {
            let why = match open_name(party) {
                Some(source) => format!("SourceArn {source} leaves the name open"),
                None => "neither SourceArn nor SourceAccount is set".to_owned(),
            };
            let message = format!("Anybody's bucket can invoke {function}: {why}");
            Answer::fail(at, message, says).severity(Severity::High)
        }
        Some(source) => Answer::fail(at, by_name(function, &source.arn), says).severity(Severity::Medium),
    }
    .fix(fix)
}

fn by_name(function: &str, bucket: &Text) -> String {
    format!(
        "Whoever holds the bucket name can invoke {function}: {bucket} has no account, and a deleted bucket's name can be taken"
    )
}

/// The `SourceArn` that everybody can meet, by a bucket of a fitting name.
fn open_name(party: &Party) -> Option<&Text> {
    let idle = |limit: &&Limit| limit.positive && limit.key.eq_ignore_ascii_case("aws:SourceArn");
    party.idle.iter().find(idle)?.values.first()
}

/// A bucket whose name is not known, where nothing else says whose it is: its ARN has no account,
/// whichever it is.
fn unseen_bucket(party: &Party) -> Option<&Text> {
    let only = party
        .limits
        .iter()
        .all(|limit| limit.key.eq_ignore_ascii_case("aws:SourceArn"));
    let nameless = |arn: &&Text| Arn::parse(arn).is_some_and(|arn| arn.account.as_literal() == Some(""));
    source_arn(party).filter(nameless).filter(|_| only)
}
