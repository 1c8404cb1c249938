//! A bucket that triggers a function and that an access control list opens to everybody.

use crate::access::role::functions;
use crate::subject::events::{Onward, invoked};
use crate::verdict::answer::{Answer, Carrier, in_worlds};
use crate::verdict::possible::is;
use crate::{Check, Context, Findings};
use maremma_iam::Match;
use maremma_model::noun::{AnyLink, Bucket};
use maremma_model::{
    Confidence, Control, Equivalent, Fact, Fix, Function, Id, Location, Peer, Rule, Severity, Text, Tier, Why,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "trigger-bucket-public-acl",
        title: "Bucket of events with a public access control list",
        tier: Tier::Core,
        severity: Severity::High,
        confidence: Confidence::High,
        subject: "AWS::S3::Bucket",
        controls: &[
            Control::fsbp("S3.2"),
            Control::fsbp("S3.3"),
            Control::nist("AC-3"),
            Control::owasp("SAS-1"),
            Control::owasp("SAS-3"),
        ],
        equivalents: &[
            Equivalent::near(Peer::Checkov, "CKV_AWS_20"),
            Equivalent::near(Peer::Checkov, "CKV_AWS_57"),
            Equivalent::near(Peer::Prowler, "s3_bucket_public_list_acl"),
            Equivalent::near(Peer::Prowler, "s3_bucket_public_write_acl"),
        ],
        page: include_str!("trigger_bucket_public_acl.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let onward = Onward::of(context);
    for (id, row) in context.estate.buckets.iter() {
        let affected = invoked(onward.fed(context, row.resource.unit, &AnyLink::Here(id.into())));
        let answer = if affected.is_empty() {
            Answer::not_applicable(&row.resource.at, "the bucket triggers no function of this input")
        } else {
            answer(context, id, row, &affected)
        };
        let draft = Carrier::of(id, &row.resource).draft(answer, None);
        findings.add(draft.affects(affected));
    }
}

fn answer(context: &Context<'_>, id: Id<Bucket>, row: &Bucket, affected: &[Id<Function>]) -> Answer {
    let name = context.name(id);
    let triggered = functions(context, affected);
    let closed = closed(row);
    let answer = in_worlds(&row.acl, |acl, at| match acl {
        Ok(acl) => of_acl(&name, &triggered, acl, at, &closed),
        Err(why) => open(&name, at, why, &closed),
    });
    answer.unwrap_or_else(|| Answer::pass(&row.acl.at, "AccessControl is not set"))
}

fn of_acl(bucket: &str, triggered: &str, acl: &Text, at: &Location, closed: &Closed<'_>) -> Answer {
    let Some(word) = acl.as_literal() else {
        return open(bucket, at, acl.why().unwrap_or(&Why::NotKept), closed);
    };
    let says = format!("AccessControl is {word}");
    let (severity, bad) = match word {
        "PublicReadWrite" => {
            let bad = format!("Everybody can put objects into bucket {bucket}, which triggers {triggered}");
            (Severity::High, bad)
        }
        "PublicRead" => {
            let bad = format!("Everybody can list the objects of bucket {bucket}, which triggers {triggered}");
            (Severity::Medium, bad)
        }
        "AuthenticatedRead" => {
            let bad = format!("Any AWS account can list the objects of bucket {bucket}, which triggers {triggered}");
            (Severity::Medium, bad)
        }
        _ => return Answer::pass(at, says).severity(Severity::Medium),
    };
    let fact = Fact::Attribute {
        name: "AccessControl".into(),
        value: Some(word.to_owned()),
    };
    let answer = match (closed.is, closed.why) {
        (Match::Yes, _) => Answer::pass(at, format!("{says}, which the bucket's settings close")),
        (Match::No, _) => Answer::fail(at, bad, says),
        (Match::Unknown, why) => {
            let doubt = "whether the bucket's settings close public access control lists is not known";
            Answer::undetermined(at, &bad, doubt, why.cloned())
        }
    };
    answer.severity(severity).fact(fact).fix(fix(at))
}

fn open(bucket: &str, at: &Location, why: &Why, closed: &Closed<'_>) -> Answer {
    if closed.is.is_yes() {
        return Answer::pass(at, "the bucket's settings close public access control lists").severity(Severity::Medium);
    }
    let bad = format!("Bucket {bucket} is open by its access control list");
    let doubt = format!("AccessControl is not known: {why}");
    Answer::undetermined(at, &bad, &doubt, Some(why.clone())).severity(Severity::High)
}

fn fix(at: &Location) -> Fix {
    Fix::new("Make the list private, and let a bucket policy name who may do what").replace(at, "Private")
}

/// Whether a public access control list comes to nothing, and what decides that where it is not known.
struct Closed<'a> {
    is: Match,
    why: Option<&'a Why>,
}

fn closed(row: &Bucket) -> Closed<'_> {
    let on = |value: Option<&bool>| value.map_or(Match::No, |on| (*on).into());
    let blocks = [is(&row.block_public_acls, &on), is(&row.ignore_public_acls, &on)];
    let enforced = is(&row.object_ownership, &|value: Option<&Text>| {
        value.map_or(Match::No, |text| match text.as_literal() {
            Some(word) => (word == "BucketOwnerEnforced").into(),
            None => Match::Unknown,
        })
    });
    let of_blocks = blocks.iter().map(|told| (told.is, told.why));
    let all: Vec<_> = of_blocks.chain([(enforced.is, enforced.why)]).collect();
    Closed {
        is: Match::any(all.iter().map(|(is, _)| *is)),
        why: all.iter().find_map(|(is, why)| why.filter(|_| is.is_unknown())),
    }
}
