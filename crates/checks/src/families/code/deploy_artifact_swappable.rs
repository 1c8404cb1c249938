//! Code that others can exchange before it is deployed.

use crate::access::harm::{Harm, always};
use crate::access::resource_policy::{Ask, judge_policy, public_access};
use crate::access::role::functions;
use crate::context::lookup::{newest, newest_in};
use crate::context::relations::items;
use crate::subject::artifact::{code_in, images_in, mutability};
use crate::subject::image::{By, image, repository};
use crate::verdict::answer::{Answer, Carrier, in_worlds};
use crate::{Check, Context, Findings};
use maremma_iam::{Match, Standing};
use maremma_model::noun::{AnyLink, Bucket, Repository, ResourcePolicy};
use maremma_model::{
    AnyId, Confidence, Control, Equivalent, Fact, Fix, Function, Id, Location, Peer, Rule, Setting, Severity, Text,
    Tier, Verdict, Why,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "deploy-artifact-swappable",
        title: "Code that others can exchange",
        tier: Tier::Core,
        severity: Severity::High,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Function",
        controls: &[Control::nist("CM-2"), Control::nist("SI-7"), Control::owasp("SAS-3")],
        equivalents: &[
            Equivalent::near(Peer::Checkov, "CKV_AWS_51"),
            Equivalent::near(Peer::Checkov, "CKV_AWS_32"),
            Equivalent::near(Peer::Checkov, "CKV_AWS_70"),
        ],
        page: include_str!("deploy_artifact_swappable.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, row) in context.estate.functions.iter() {
        of_function(context, findings, (id, row));
    }
    for (id, row) in context.estate.resource_policies.iter() {
        match items(&row.on).find_map(AnyLink::here) {
            Some(AnyId::Bucket(bucket)) => of_bucket(context, findings, (id, row), bucket),
            Some(AnyId::Repository(repository)) => of_repository(context, findings, (id, row), repository),
            _ => {}
        }
    }
}

/// What the function itself says of its code.
fn of_function(context: &Context<'_>, findings: &mut Findings<'_>, (id, row): (Id<Function>, &Function)) {
    let name = context.name(id);
    let ask = |uri: Result<&Text, &Why>, at: &Location| of_image(context, row, &name, uri, at);
    let mut tell = |attribute: &str, setting: &Setting<Text>, answer: Option<Answer>| {
        let Some(answer) = answer else { return };
        let value = setting.value().map(ToString::to_string);
        let name = attribute.into();
        let draft = Carrier::of(id, &row.resource).draft(answer.fact(Fact::Attribute { name, value }), None);
        findings.add(draft.detail(attribute).affects([id]));
    };
    let code = &row.code;
    tell("ImageUri", &code.image_uri, in_worlds(&code.image_uri, ask));
    let version = in_worlds(&code.s3_object_version, |value, at| {
        looked_up(&name, "S3ObjectVersion", value, at)
    });
    let (attribute, setting, answer) = match version {
        Some(version) => ("S3ObjectVersion", &code.s3_object_version, Some(version)),
        None => {
            let key = in_worlds(&code.s3_key, |value, at| looked_up(&name, "S3Key", value, at));
            ("S3Key", &code.s3_key, key)
        }
    };
    tell(attribute, setting, answer);
}

fn looked_up(name: &str, attribute: &str, value: Result<&Text, &Why>, at: &Location) -> Answer {
    let reference = match value {
        Ok(text) => newest_in(text),
        Err(why) => newest(why),
    };
    match (reference, value) {
        (Some(reference), _) => newest_of(name, attribute, reference, at),
        (None, Ok(text)) => Answer::pass(at, format!("{attribute} is {text}")).severity(Severity::Medium),
        (None, Err(why)) => Answer::not_applicable(at, format!("{attribute} is not known: {why}")),
    }
}

fn newest_of(name: &str, attribute: &str, reference: &str, at: &Location) -> Answer {
    let message = format!(
        "{name} runs whatever {reference} names at the next deployment: who writes that parameter chooses the code"
    );
    let fix = Fix::new("Let the template, or a version of the parameter, name what was built");
    Answer::fail(at, message, format!("{attribute} is {reference}"))
        .severity(Severity::Medium)
        .fix(fix)
}

fn of_image(context: &Context<'_>, row: &Function, name: &str, uri: Result<&Text, &Why>, at: &Location) -> Answer {
    let bad = format!("The image of {name} can be exchanged");
    let unknown = |doubt: &str, why: Option<Why>| Answer::undetermined(at, &bad, doubt, why).severity(Severity::Medium);
    let uri = match uri {
        Ok(uri) => uri,
        Err(why) => {
            return match newest(why) {
                Some(reference) => newest_of(name, "ImageUri", reference, at),
                None => unknown(&why.to_string(), Some(why.clone())),
            };
        }
    };
    if let Some(reference) = newest_in(uri) {
        return newest_of(name, "ImageUri", reference, at);
    }
    let says = format!("ImageUri is {uri}");
    let pass = |words: &str| Answer::pass(at, format!("{says}, {words}")).severity(Severity::Medium);
    let moved = |words: &str, severity| {
        let message = format!("{bad}: {words}");
        let digest = Fix::new("Name the image by its digest").snippet(format!("{}@sha256:DIGEST", without_tag(uri)));
        Answer::fail(at, message, says.clone()).severity(severity).fix(digest)
    };
    let named = image(uri);
    if named.by == By::Digest {
        return pass("which names it by its digest");
    }
    if let Some(repository) = repository(context, row, uri) {
        let tag = match &named.by {
            By::Tag(tag) => tag.clone(),
            By::Nothing => "latest".into(),
            By::ContentHash | By::Digest => return pass("whose tag is a hash of the content"),
            By::Unknown => Text::hole(uri.why().cloned().unwrap_or(Why::NotKept)),
        };
        let (verdict, words, why) = mutability(context, repository, &tag);
        return match verdict {
            Verdict::Fail => moved(
                &format!("whoever may push to its repository can move the tag, because {words}"),
                Severity::Medium,
            ),
            Verdict::Pass => pass(&format!("whose tag stays what it is: {words}")),
            _ => unknown(&words, why),
        };
    }
    let standing = named
        .account
        .as_ref()
        .map(|account| (account, context.view(row.resource.unit).account(account).standing));
    match (standing, &named.by) {
        (Some((account, Standing::Foreign)), _) => moved(
            &format!("account {account}, which is not trusted, says what its tag stands for"),
            Severity::High,
        ),
        (_, By::ContentHash) => pass("whose tag is a hash of the content"),
        (_, By::Nothing) => moved("it has no tag, so the newest is taken", Severity::Medium),
        (_, By::Tag(tag)) if tag.as_literal() == Some("latest") => {
            moved("the tag latest moves with every push", Severity::Medium)
        }
        (Some((account, Standing::Unknown)), _) => {
            let own = || Why::Pseudo("AWS::AccountId".into());
            let doubt = "whether its registry is of a foreign account, and its tag can be moved, is not known";
            unknown(doubt, Some(account.why().cloned().unwrap_or_else(own)))
        }
        _ => {
            let words = "whether tags of a repository outside of this input can be moved is not known";
            unknown(words, Some(Why::Unresolved(words.into())))
        }
    }
}

/// The URI up to its tag, as far as it is written.
fn without_tag(uri: &Text) -> String {
    let text = uri.to_string();
    let path = text.rfind('/').unwrap_or(0);
    match text.get(path..).and_then(|end| end.find(':')) {
        Some(colon) if !text.contains("${") => text.get(..path + colon).unwrap_or(&text).to_owned(),
        _ => "ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME".to_owned(),
    }
}

/// Who may write where the code lies.
fn of_bucket(
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    row: (Id<ResourcePolicy>, &ResourcePolicy),
    bucket: Id<Bucket>,
) {
    let code = code_in(context, bucket);
    if code.functions.is_empty() {
        return;
    }
    let name = context.name(bucket);
    let deed = format!(
        "can replace the code of {} in bucket {name}, which S3ObjectVersion does not hold fast",
        functions(context, &code.functions)
    );
    let source = AnyLink::Here(bucket.into());
    let check = Ask {
        bad: format!("Others {deed}"),
        functions: &|| code.functions.clone(),
        unconcerned: "no code of this input lies in it",
        actions: &["s3:PutObject"],
        target: Some((bucket.into(), "/*")),
        question: &|statement, puts, party, _| {
            let there = code.within(context, bucket, statement);
            let open = || public_access(context, &source);
            harm(&deed, &open).by(statement, puts.and(there), party)
        },
    };
    judge_policy(context, findings, row, &check);
}

fn of_repository(
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    row: (Id<ResourcePolicy>, &ResourcePolicy),
    repository: Id<Repository>,
) {
    let images = images_in(context, repository);
    if images.functions.is_empty() {
        return;
    }
    let name = context.name(repository);
    let deed = format!(
        "can push to repository {name} the image that {} runs",
        functions(context, &images.functions)
    );
    let check = Ask {
        bad: format!("Others {deed}"),
        functions: &|| images.functions.clone(),
        unconcerned: "no image of this input lies in it",
        actions: &["ecr:PutImage"],
        target: None,
        question: &|statement, puts, party, _| {
            // A tag that cannot be moved can be deleted and pushed again.
            let moves = match images.fixed {
                true => statement.covers_action("ecr:BatchDeleteImage"),
                false => Match::Yes,
            };
            harm(&deed, &always).by(statement, puts.and(moves), party)
        },
    };
    judge_policy(context, findings, row, &check);
}

/// Services write into buckets under paths of their own: logs, reports. They do no harm.
fn harm<'q>(deed: &str, open: &'q dyn Fn() -> (Match, Option<Why>)) -> Harm<'q> {
    let severity = CHECK.rule.severity;
    Harm {
        deed: deed.to_owned(),
        by_everybody: severity,
        by_stranger: severity,
        by_services: false,
        open,
        fix: Fix::new(
            "Name the account that delivers code, and pin what it delivered: by S3ObjectVersion, or by a digest",
        ),
    }
}
