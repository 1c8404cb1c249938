//! A function that is invoked asynchronously and whose failed events are dropped.

use crate::context::Context;
use crate::subject::asked::brought;
use crate::subject::events::{fires, shown};
use crate::verdict::answer::{Answer, Carrier};
use crate::verdict::judge::whole;
use crate::verdict::presence::{Presence, is_there, presence};
use crate::{Check, Findings};
use maremma_iam::{Match, Principal, Principals};
use maremma_model::noun::{Function, InvokeConfig, Trigger};
use maremma_model::{
    Alias, AnyId, Confidence, Control, Equivalent, Evidence, Fact, Fix, Id, Noun, Peer, Rule, Severity, State, Text,
    Tier, Verdict, Why,
};
use std::collections::HashMap;

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "async-no-failure-destination",
        title: "Failed asynchronous events are dropped",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Function",
        controls: &[Control::owasp("SAS-10")],
        equivalents: &[
            Equivalent::exact(Peer::Checkov, "CKV_AWS_116"),
            Equivalent::exact(Peer::Prowler, "awslambda_function_no_dead_letter_queue"),
            Equivalent::near(Peer::Config, "lambda-dlq-check"),
            Equivalent::near(Peer::CdkNag, "LambdaAsyncFailureDestination"),
            Equivalent::near(Peer::CdkNag, "LambdaDLQ"),
            Equivalent::near(Peer::ServerlessRules, "ES1007"),
        ],
        page: include_str!("async_no_failure_destination.md"),
    },
    run,
};

/// One way in which a function is invoked asynchronously: what invokes it, and by which qualifier.
struct Way<'c> {
    qualifier: Text,
    by: Evidence,
    config: Option<&'c InvokeConfig>,
}

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let mut configs: HashMap<Id<Function>, Vec<&InvokeConfig>> = HashMap::new();
    for row in context.estate.invoke_configs.values() {
        for id in row
            .function
            .possible()
            .filter_map(|reference| reference.function.here())
        {
            configs.entry(id).or_default().push(row);
        }
    }
    let mut unasked = None;
    for (id, row) in context.estate.functions.iter() {
        let configs = configs.get(&id).map_or(&[][..], Vec::as_slice);
        if configs.is_empty()
            && let Some(why) = context.unasked("AWS::Lambda::EventInvokeConfig", &row.resource)
        {
            unasked = Some(why);
            let says = "the configuration of asynchronous invocation was not asked for";
            let draft = Carrier::of(id, &row.resource).draft(Answer::not_applicable(&row.resource.at, says), None);
            findings.add(draft.affects([id]));
            continue;
        }
        let ways = ways(context, id, configs);
        let told = ways.iter().map(|way| (answer(context, id, row, way, configs), way));
        let worst = told.min_by_key(|(answer, _)| answer.weight());
        let carrier = Carrier::of(id, &row.resource);
        let edge = row
            .edge
            .then_some("a function at the edge is not invoked asynchronously");
        let draft = match (edge.or_else(|| brought(row)), worst) {
            (Some(says), _) => carrier.draft(Answer::not_applicable(&row.resource.at, says), None),
            (None, None) => {
                let says = "nothing of this input invokes the function asynchronously";
                carrier.draft(Answer::not_applicable(&row.resource.at, says), None)
            }
            (None, Some((answer, way))) => {
                let related = (answer.verdict != Verdict::Pass).then(|| way.by.clone());
                carrier.draft(answer, None).related(related)
            }
        };
        findings.add(draft.affects([id]));
    }
    if let Some(why) = unasked {
        findings.not_assessed(format!(
            "not every configuration of asynchronous invocation is known: {why}"
        ));
    }
}

fn ways<'c>(context: &'c Context<'_>, id: Id<Function>, configs: &[&'c InvokeConfig]) -> Vec<Way<'c>> {
    let triggers = context.relations.triggers(id).iter();
    let triggers = triggers.filter_map(|id| context.estate.triggers.get(*id));
    let by_trigger = |trigger: &'c Trigger| {
        let qualifier = trigger
            .function
            .value()
            .and_then(|reference| reference.qualifier.as_ref());
        Way {
            qualifier: qualifier_of(context, qualifier),
            by: shown(trigger, "invokes the function asynchronously"),
            config: None,
        }
    };
    let by_config = |config: &&'c InvokeConfig| Way {
        qualifier: configured(context, config),
        by: whole(&config.resource, "configures asynchronous invocation"),
        config: Some(*config),
    };
    triggers
        .filter(|trigger| trigger.kind.is_asynchronous() && fires(trigger))
        .map(by_trigger)
        .chain(configs.iter().map(by_config))
        .chain(permitted(context, id))
        .collect()
}

/// Services that invoke asynchronously, and by nothing but a permission. Source: AWS Lambda developer guide,
/// "Invoking Lambda with events from other AWS services".
const SERVICES: [&str; 8] = [
    "config.amazonaws.com",
    "events.amazonaws.com",
    "iot.amazonaws.com",
    "lambda.alarms.cloudwatch.amazonaws.com",
    "logs.amazonaws.com",
    "s3.amazonaws.com",
    "ses.amazonaws.com",
    "sns.amazonaws.com",
];

/// The ways of services that may invoke the function: what they bring may be declared elsewhere.
fn permitted<'c>(context: &'c Context<'_>, id: Id<Function>) -> impl Iterator<Item = Way<'c>> {
    context.relations.permissions(id).iter().filter_map(|id| {
        let row = context.estate.permissions.get(*id)?;
        let mut statements = context.policies.permission(*id)?.allows();
        let service = statements.find_map(|statement| {
            let invokes = statement.covers_action("lambda:InvokeFunction").is_yes();
            let principals = match &statement.principals {
                Principals::Only(principals) if invokes => principals.as_slice(),
                _ => &[],
            };
            principals.iter().find_map(asynchronous)
        })?;
        let reference = row.function.value()?;
        let says = format!("lets {service} invoke the function, which it does asynchronously");
        Some(Way {
            qualifier: qualifier_of(context, reference.qualifier.as_ref()),
            by: whole(&row.resource, says),
            config: None,
        })
    })
}

fn asynchronous(principal: &Principal) -> Option<&str> {
    let name = principal.text.as_literal()?;
    SERVICES.contains(&name).then_some(name)
}

/// A qualifier in one form: the name of an alias, a version, or `$LATEST`.
fn qualifier_of(context: &Context<'_>, qualifier: Option<&Text>) -> Text {
    let Some(text) = qualifier else { return "$LATEST".into() };
    let alias = text
        .as_attribute()
        .and_then(|attribute| Alias::from_any(attribute.of))
        .and_then(|id| context.estate.aliases.get(id)?.name.value());
    alias.unwrap_or(text).clone()
}

fn configured(context: &Context<'_>, config: &InvokeConfig) -> Text {
    match &config.qualifier.state {
        State::Unknown(unknown) => Text::hole(unknown.why.clone()),
        _ => qualifier_of(context, config.qualifier.value()),
    }
}

/// Whether two qualifiers are the same.
fn same(one: &Text, other: &Text) -> Match {
    let stands_for = |text: &Text| text.as_attribute().map(|attribute| attribute.of);
    match (one, other) {
        (one, other) if one == other => Match::Yes,
        (Text::Literal(_), Text::Literal(_)) => Match::No,
        _ => match (stands_for(one), stands_for(other)) {
            (Some(one @ AnyId::Version(_)), Some(other @ AnyId::Version(_))) => (one == other).into(),
            _ => Match::Unknown,
        },
    }
}

fn answer(context: &Context<'_>, id: Id<Function>, row: &Function, way: &Way<'_>, configs: &[&InvokeConfig]) -> Answer {
    let at = &row.dead_letter_target.at;
    let kept = |config: &InvokeConfig| {
        let same = same(&configured(context, config), &way.qualifier);
        same.and(is_there(&config.on_failure))
    };
    let by_config = match way.config {
        Some(config) => is_there(&config.on_failure),
        None => Match::any(configs.iter().map(|config| kept(config))),
    };
    let name = context.name(id);
    let bad = format!("Function {name} is invoked asynchronously, and what it fails on is dropped");
    let answer = match is_there(&row.dead_letter_target).or(by_config) {
        Match::Yes => Answer::pass(at, "what the function fails on is kept"),
        Match::No => Answer::fail(at, bad, "neither DeadLetterConfig nor an OnFailure destination is set"),
        Match::Unknown => {
            let (doubt, why) = doubt(row, configs);
            Answer::undetermined(at, &bad, &doubt, why)
        }
    };
    let fact = Fact::Attribute {
        name: "DeadLetterConfig.TargetArn".into(),
        value: None,
    };
    let fix = Fix::new("Keep what has failed: in a dead-letter queue, or by an OnFailure destination").snippet(
        "DeadLetterConfig:\n  \
               TargetArn: !GetAtt FailedEvents.Arn\n\n\
             # AWS SAM, in the function\n\
             DeadLetterQueue: {Type: SQS, TargetArn: !GetAtt FailedEvents.Arn}",
    );
    answer.fact(fact).fix(fix)
}

/// Why it is not known whether failed events are kept.
fn doubt(row: &Function, configs: &[&InvokeConfig]) -> (String, Option<Why>) {
    let destinations = configs.iter().map(|config| ("OnFailure", &config.on_failure));
    let mut all = std::iter::once(("DeadLetterConfig", &row.dead_letter_target)).chain(destinations);
    let sometimes = all.find_map(|(name, setting)| match presence(setting) {
        Presence::NotWhen(when, why) => Some((format!("{name} is not set when {when}"), Some(why.clone()))),
        _ => None,
    });
    sometimes.unwrap_or_else(|| {
        let qualifiers = configs.iter().map(|config| &config.qualifier);
        let mut why = qualifiers.filter_map(|setting| match &setting.state {
            State::Unknown(unknown) => Some(unknown.why.clone()),
            State::Set(text) | State::Default(text) => text.why().cloned(),
            State::Unset => None,
        });
        let doubt = "whether its EventInvokeConfig is of the qualifier that is invoked is not known";
        (doubt.to_owned(), why.next())
    })
}
