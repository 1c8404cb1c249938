//! Others may put events where a function picks them up.

use crate::access::harm::Harm;
use crate::access::resource_policy::{Ask, judge_policy, public_access};
use crate::access::role::functions;
use crate::context::relations::items;
use crate::subject::events::{Onward, invoked};
use crate::{Check, Context, Findings};
use maremma_iam::{Limit, Party, Statement, Who};
use maremma_model::noun::{AnyLink, ResourcePolicy};
use maremma_model::{
    AnyId, Confidence, Control, Equivalent, Fix, Function, Id, Peer, Piece, Rule, Setting, Severity, State, Text, Tier,
    UnitId, Why,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "trigger-source-open",
        title: "Trigger open to others",
        tier: Tier::Core,
        severity: Severity::High,
        confidence: Confidence::High,
        subject: "AWS::SQS::QueuePolicy",
        controls: &[Control::nist("AC-3"), Control::owasp("SAS-1"), Control::owasp("SAS-2")],
        equivalents: &[
            Equivalent::near(Peer::Checkov, "CKV_AWS_168"),
            Equivalent::near(Peer::Checkov, "CKV_AWS_169"),
            Equivalent::near(Peer::Checkov, "CKV_AWS_70"),
            Equivalent::near(Peer::Prowler, "sqs_queues_not_publicly_accessible"),
            Equivalent::near(Peer::Prowler, "sns_topics_not_publicly_accessible"),
        ],
        page: include_str!("trigger_source_open.md"),
    },
    run,
};

/// A kind of source, and the actions that put an event into it.
struct Kind {
    noun: &'static str,
    actions: &'static [&'static str],
    /// Of the objects in it, where the actions are on those.
    resources: Option<&'static str>,
    /// Whether a service that nothing limits counts. Buckets take logs by the path of the account.
    services: bool,
}

impl Kind {
    fn within(&self) -> &'static str {
        if self.resources.is_some() { "/*" } else { "" }
    }

    /// Whether a statement is about what the actions are on.
    fn touched_by(&self, statement: &Statement) -> bool {
        let there = |pattern| !statement.touches_resources(&Text::literal(pattern)).is_no();
        self.resources.is_none_or(there)
    }
}

const QUEUE: Kind = Kind {
    noun: "queue",
    actions: &["sqs:SendMessage"],
    resources: None,
    services: true,
};
const TOPIC: Kind = Kind {
    noun: "topic",
    actions: &["sns:Publish"],
    resources: None,
    services: true,
};
const BUS: Kind = Kind {
    noun: "event bus",
    actions: &["events:PutEvents"],
    resources: None,
    services: true,
};
const STREAM: Kind = Kind {
    noun: "stream",
    actions: &["kinesis:PutRecord", "kinesis:PutRecords"],
    resources: None,
    services: true,
};
const BUCKET: Kind = Kind {
    noun: "bucket",
    actions: &["s3:PutObject"],
    resources: Some("arn:*:s3:::*/*"),
    services: false,
};
const TABLE: Kind = Kind {
    noun: "table",
    actions: &[
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "dynamodb:BatchWriteItem",
        "dynamodb:PartiQLInsert",
    ],
    resources: None,
    services: true,
};

fn kind(source: &AnyLink) -> Option<&'static Kind> {
    match source {
        AnyLink::Here(AnyId::Queue(_)) => Some(&QUEUE),
        AnyLink::Here(AnyId::Topic(_)) => Some(&TOPIC),
        AnyLink::Here(AnyId::Bus(_)) => Some(&BUS),
        AnyLink::Here(AnyId::Stream(_)) => Some(&STREAM),
        AnyLink::Here(AnyId::Bucket(_)) => Some(&BUCKET),
        AnyLink::Here(AnyId::DataTable(_)) => Some(&TABLE),
        AnyLink::Outside(name) if name.as_literal() == Some("default") => Some(&BUS),
        _ => None,
    }
}

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let onward = Onward::of(context);
    for (id, row) in context.estate.resource_policies.iter() {
        let mut sources = items(&row.on).filter_map(|on| Some((on, kind(on)?)));
        let Some((source, kind)) = sources.next() else { continue };
        let name = match source {
            AnyLink::Here(id) => format!("{} {}", kind.noun, context.name(*id)),
            _ => format!("the default {}", kind.noun),
        };
        let check = Ask {
            bad: format!("Others can put events into {name}"),
            functions: &|| triggered(context, &onward, row),
            unconcerned: "it triggers no function of this input",
            actions: kind.actions,
            target: source.here().map(|id| (id, kind.within())),
            question: &|statement, puts, party, triggered| {
                if by_named_source(context, row, party) {
                    return None;
                }
                let deed = format!(
                    "can put events into {name}, which triggers {}",
                    functions(context, triggered)
                );
                let open = || public_access(context, source);
                let harm = Harm {
                    deed,
                    by_everybody: Severity::High,
                    by_stranger: Severity::Medium,
                    by_services: kind.services,
                    open: &open,
                    fix: fix(),
                };
                kind.touched_by(statement).then(|| harm.by(statement, puts, party))?
            },
        };
        judge_policy(context, findings, (id, row), &check);
    }
}

/// Whether a service acts only for a source that a parameter names, and that a trigger beside the policy takes as
/// its own: there whoever deploys has chosen the one source.
fn by_named_source(context: &Context<'_>, row: &ResourcePolicy, party: &Party) -> bool {
    let Who::Service { scope, .. } = &party.who else {
        return false;
    };
    if !scope.limits().is_unknown() {
        return false;
    }
    let unit = row.resource.unit;
    let mut sources = party.limits.iter().filter(|limit| is_source_arn(limit));
    sources.any(|limit| {
        let chosen = |arn: &Text| parameter(arn).is_some_and(|parameter| feeds(context, unit, parameter));
        !limit.values.is_empty() && limit.values.iter().all(chosen)
    })
}

fn is_source_arn(limit: &Limit) -> bool {
    limit.positive && limit.key.eq_ignore_ascii_case("aws:SourceArn")
}

/// The parameter without a value that is all of a text.
fn parameter(text: &Text) -> Option<&Why> {
    let Text::Holed(pieces) = text else { return None };
    match pieces.as_slice() {
        [Piece::Hole(hole)] if matches!(hole.why, Why::Parameter(_)) => Some(&hole.why),
        _ => None,
    }
}

/// Whether events come, in this unit, from what a parameter names.
fn feeds(context: &Context<'_>, unit: UnitId, of: &Why) -> bool {
    let named = |source: &Setting<AnyLink>| match &source.state {
        State::Set(AnyLink::Outside(text)) => parameter(text) == Some(of),
        State::Set(AnyLink::Unknown(why)) => why == of,
        State::Unknown(unknown) => unknown.candidates.is_empty() && unknown.why == *of,
        _ => false,
    };
    let estate = context.estate;
    let triggers = estate.triggers.values().map(|row| (row.resource.unit, &row.source));
    let forwardings = estate.forwardings.values().map(|row| (row.resource.unit, &row.source));
    triggers
        .chain(forwardings)
        .any(|(beside, source)| beside == unit && named(source))
}

/// The functions that the sources of a policy trigger, themselves or over other resources.
fn triggered(context: &Context<'_>, onward: &Onward, row: &ResourcePolicy) -> Vec<Id<Function>> {
    invoked(items(&row.on).flat_map(|on| onward.fed(context, row.resource.unit, on)))
}

fn fix() -> Fix {
    Fix::new("Name the account or the service that sends the events, with a condition on its source")
        .snippet("Condition:\n  StringEquals:\n    aws:SourceAccount: !Ref AWS::AccountId")
}
