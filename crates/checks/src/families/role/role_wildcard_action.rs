//! An execution role with all rights of a service.

use crate::access::role::{Ask, Case, Effect, is_admin, judge_roles};
use crate::verdict::answer::{Answer, few};
use crate::{Check, Context, Findings};
use maremma_iam::{On, Question, Statement};
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, Tier, Why};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "role-wildcard-action",
        title: "Execution role with all rights of a service",
        tier: Tier::Hardening,
        severity: Severity::High,
        confidence: Confidence::High,
        subject: "AWS::IAM::Role",
        controls: &[
            Control::cis("4.4"),
            Control::fsbp("IAM.21"),
            Control::nist("AC-6"),
            Control::owasp("SAS-4"),
        ],
        equivalents: &[
            Equivalent::near(Peer::Checkov, "CKV_AWS_49"),
            Equivalent::near(Peer::Trivy, "AWS-0057"),
            Equivalent::near(Peer::Trivy, "AWS-0114"),
            Equivalent::near(Peer::CfnNag, "F3"),
            Equivalent::near(Peer::SecurityHub, "FSBP IAM.21"),
        ],
        page: include_str!("role_wildcard_action.md"),
    },
    run,
};

/// Services whose rights are rights over all others.
const GOVERN: &[&str] = &[
    "iam",
    "organizations",
    "account",
    "sso",
    "sso-admin",
    "sso-directory",
    "identitystore",
];

/// Services that measure, compute an answer or are called, and hold nothing to take: all of their
/// rights are untidy on everything, and nothing to speak of on one resource.
const HARMLESS: &[&str] = &[
    "ce",
    "cloudwatch",
    "comprehend",
    "ec2messages",
    "evidently",
    "execute-api",
    "geo",
    "health",
    "logs",
    "polly",
    "pricing",
    "rekognition",
    "ssmmessages",
    "synthetics",
    "tag",
    "textract",
    "transcribe",
    "translate",
    "xray",
];

/// Services whose resources have policies of their own: all rights include opening them to others.
const SHARE: &[&str] = &[
    "backup",
    "ecr",
    "events",
    "kms",
    "lambda",
    "s3",
    "secretsmanager",
    "sns",
    "sqs",
    "sts",
];

/// The kind of resource that matters, where one item of `Resource` can select all of it.
const KINDS: &[(&str, &str)] = &[
    ("dynamodb", "table/*"),
    ("ecr", "repository/*"),
    ("events", "event-bus/*"),
    ("iam", "role/*"),
    ("kinesis", "stream/*"),
    ("kms", "key/*"),
    ("lambda", "function:*"),
    ("secretsmanager", "secret:*"),
    ("ssm", "parameter/*"),
    ("states", "stateMachine:*"),
];

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let check = Ask {
        bad: &|role| format!("Role {role} has all rights of a service"),
        excused: &|identity| is_admin(identity).then_some("the role has administrator rights, which role-admin says"),
        question: &question,
        good: "no statement, but for those that role-admin judges, allows every action of a service with something to lose",
        minds_unseen: true,
    };
    judge_roles(context, findings, &check);
}

/// One whole service of a statement.
struct Whole<'s> {
    /// `s3`; `*` for all.
    service: &'s str,
    severity: Severity,
    /// `None` where it is granted.
    doubt: Option<(String, Option<Why>)>,
}

pub(super) fn question(case: &Case<'_, '_>, statement: &Statement) -> Option<Answer> {
    if case.source.aws.is_some_and(|aws| aws.for_service) {
        return None;
    }
    // Of what is there under a condition only, `role-admin` says it too.
    if matches!(
        case.effect(statement, &Question::ADMIN),
        Effect::Full | Effect::Confined(_)
    ) {
        return None;
    }
    let every = !statement.actions.negated && statement.covers_every_action().is_yes();
    let services = statement.whole_services().map(|(service, _)| service);
    let wholes: Vec<_> = services
        .chain(every.then_some("*"))
        .filter_map(|service| whole(case, statement, service))
        .collect();
    let worst = wholes
        .iter()
        .max_by_key(|whole| (whole.doubt.is_none(), whole.severity))?;
    let named = wholes
        .iter()
        .filter(|whole| whole.doubt.is_none() == worst.doubt.is_none());
    let names: Vec<_> = named.map(|whole| whole.service).collect();
    let (at, message, says) = words(case, statement, &names);
    let fix = Fix::new("List the actions that the function calls, and the ARNs that it calls them on");
    Some(match &worst.doubt {
        None => Answer::fail(at, message, says).severity(worst.severity).fix(fix),
        Some((doubt, why)) => Answer::undetermined(at, &message, doubt, why.clone())
            .severity(worst.severity)
            .fix(fix),
    })
}

fn words<'s>(
    case: &Case<'_, '_>,
    statement: &'s Statement,
    services: &[&str],
) -> (&'s maremma_model::Location, String, String) {
    const SHOWN: usize = 3;
    let actions: Vec<_> = services
        .iter()
        .take(SHOWN)
        .map(|service| {
            if *service == "*" {
                "every action".to_owned()
            } else {
                format!("{service}:*")
            }
        })
        .collect();
    let more = match services.len().checked_sub(SHOWN) {
        Some(more) if more > 0 => format!(" and {more} more"),
        _ => String::new(),
    };
    let on = match &statement.resources {
        Some(_) if statement.covers_every_resource().is_yes() => "every resource".to_owned(),
        Some(resources) => few(resources),
        None => "nothing".to_owned(),
    };
    let granted = format!("{}{more} on {on}", actions.join(", "));
    let item = statement.actions.items.iter().find(|item| {
        let first = services.first().copied().unwrap_or_default();
        item.text.prefix().split(':').next() == Some(first)
    });
    let message = format!(
        "{} allows {granted}: whoever takes over {} has every one of these rights",
        case.subject(),
        case.functions()
    );
    (item.map_or(&statement.actions.at, |item| &item.at), message, granted)
}

/// What all rights of a service come to here; `None` where that is not worth a word.
fn whole<'s>(case: &Case<'_, '_>, statement: &Statement, service: &'s str) -> Option<Whole<'s>> {
    let actions = if service == "*" {
        "*:*".to_owned()
    } else {
        format!("{service}:*")
    };
    let question = Question {
        actions: &actions,
        on: On::Anything,
    };
    let severity = |narrow: bool| severity(service, !narrow && is_wide(statement, service));
    let (severity, doubt) = match case.effect(statement, &question) {
        Effect::Full | Effect::Confined(_) => (severity(false)?, None),
        Effect::Partial => (severity(true)?, None),
        Effect::Unknown { doubt, why } => (severity(false)?, Some((doubt, why))),
        Effect::Nothing => return None,
    };
    Some(Whole {
        service,
        severity,
        doubt,
    })
}

/// Whether the statement is about all resources of the service, or all of its main kind.
fn is_wide(statement: &Statement, service: &str) -> bool {
    let kinds = KINDS.iter().filter(|(of, _)| *of == service).map(|(_, kind)| *kind);
    statement.covers_every_resource().is_yes()
        || kinds
            .chain(["*"])
            .any(|kind| statement.covers_every(service, kind).is_yes())
}

fn severity(service: &str, wide: bool) -> Option<Severity> {
    let service = service.to_ascii_lowercase();
    let is = |services: &[&str]| services.contains(&service.as_str());
    match wide {
        true if is(GOVERN) => Some(Severity::Critical),
        true if is(HARMLESS) => Some(Severity::Low),
        true => Some(Severity::High),
        false if is(HARMLESS) => None,
        false if is(GOVERN) => Some(Severity::High),
        false if is(SHARE) || service.contains('*') => Some(Severity::Medium),
        false => Some(Severity::Low),
    }
}
