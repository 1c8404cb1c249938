//! A function that cannot write its own log.

use crate::access::identity::{Identity, identity};
use crate::access::role::{functions, role};
use crate::verdict::answer::Answer;
use crate::{Check, Context, Findings};
use maremma_iam::{Arn, Match, Statement, World};
use maremma_model::noun::Function;
use maremma_model::{
    AnyId, Confidence, Control, Equivalent, Fix, Id, Link, Peer, Piece, Rule, Severity, State, Text, Tier, Why,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "role-no-logs-permission",
        title: "Function that cannot write its log",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::IAM::Role",
        controls: &[Control::nist("AU-12"), Control::owasp("SAS-5")],
        equivalents: &[Equivalent::near(Peer::CfnNag, "W58")],
        page: include_str!("role_no_logs_permission.md"),
    },
    run,
};

/// What Lambda does as the function's role when it writes the log; the group may be there already.
/// Source: AWS managed policy AWSLambdaBasicExecutionRole.
const WRITE: &[&str] = &["logs:CreateLogStream", "logs:PutLogEvents"];

const SNIPPET: &str = "\
ManagedPolicyArns:
  - !Sub arn:${AWS::Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole";

/// How ARNs begin here: a log group is where its function is.
const OWN: &str = "arn:aws:logs:::";

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, row) in context.estate.roles.iter() {
        let users = context.relations.functions_of_role(id);
        let identity = identity(context, id, row).filter(|_| !users.is_empty());
        let answer = match &identity {
            Some(identity) => judge_role(context, identity),
            None => Answer::not_applicable(&row.resource.at, "no function of this input runs as the role"),
        };
        findings.add(role(id, row).draft(answer, None).affects(users.iter().copied()));
    }
}

fn judge_role(context: &Context<'_>, identity: &Identity<'_>) -> Answer {
    let at = &identity.row.resource.at;
    let told = identity.functions.iter().filter_map(|id| {
        let function = context.estate.functions.get(*id)?;
        Some((*id, writes(context, identity, function)))
    });
    let told: Vec<_> = told.collect();
    let of = |wanted: Match| -> Vec<Id<Function>> {
        let of = told.iter().filter(|(_, writes)| *writes == wanted);
        of.map(|(id, _)| *id).collect()
    };
    let (mute, unclear) = (of(Match::No), of(Match::Unknown));
    let bad = |concerned: &[Id<Function>]| {
        format!(
            "Role {} does not let {} write its log: what it does leaves no trace",
            context.name(identity.id),
            functions(context, concerned)
        )
    };
    let fix = || Fix::new("Let the role create streams in the function's log group and write to them").snippet(SNIPPET);
    if !mute.is_empty() {
        let says = "no policy of the role allows logs:CreateLogStream and logs:PutLogEvents there";
        return Answer::fail(at, bad(&mute), says).fix(fix());
    }
    if !unclear.is_empty() {
        let unseen = identity.unseen.first();
        let doubt = unseen.map_or("what its policies allow is not all known", |unseen| &unseen.doubt);
        return Answer::undetermined(at, &bad(&unclear), doubt, unseen.map(|unseen| unseen.why.clone())).fix(fix());
    }
    Answer::pass(at, "the role lets its functions write their logs")
}

/// Whether some policy allows it. Denies do not count: who denies it means it.
fn writes(context: &Context<'_>, identity: &Identity<'_>, function: &Function) -> Match {
    let places = log_group(context, function);
    let by_policies = Match::all(WRITE.iter().map(|action| allowed(context, identity, action, &places)));
    let unread = identity.sources.iter().any(|source| !source.policy.unread.is_empty());
    match by_policies {
        Match::No if unread || !identity.unseen.is_empty() => Match::Unknown,
        known => known,
    }
}

fn allowed(context: &Context<'_>, identity: &Identity<'_>, action: &str, places: &[Text]) -> Match {
    let mut worlds = Vec::new();
    let mut any = Match::No;
    for source in &identity.sources {
        for statement in source.policy.allows() {
            let covers = statement.covers_action(action);
            if covers.is_no() {
                continue;
            }
            let named = by_name(context, statement);
            let touched = Match::any(places.iter().map(|place| named.covers_resource(place)));
            match covers.and(touched) {
                Match::Yes if source.when.is_none() => worlds.push(&statement.world),
                Match::No => {}
                Match::Yes | Match::Unknown => any = Match::Unknown,
            }
        }
    }
    match worlds.is_empty() {
        false if World::exhaust(&worlds) => Match::Yes,
        false => Match::Unknown,
        true => any,
    }
}

/// The function's log group and the streams in it, as ARNs.
/// Source: AWS Lambda developer guide, "Sending Lambda function logs to CloudWatch Logs"; Amazon
/// CloudFront developer guide, "Edge function logs".
fn log_group(context: &Context<'_>, function: &Function) -> Vec<Text> {
    let own = |before: &str| Text::concat([&before.into(), &function.resource.name]);
    let name = match &function.logging.log_group.state {
        State::Unset if function.edge => own("/aws/lambda/us-east-1."),
        State::Unset => own("/aws/lambda/"),
        State::Set(Link::Here(id)) | State::Default(Link::Here(id)) => match context.resource(*id) {
            Some(group) => group.name.clone(),
            None => Text::hole(Why::NotKept),
        },
        State::Set(Link::Outside(name)) | State::Default(Link::Outside(name)) => name.clone(),
        State::Set(Link::Unknown(why)) | State::Default(Link::Unknown(why)) => Text::hole(why.clone()),
        State::Unknown(unknown) => Text::hole(unknown.why.clone()),
    };
    let arn = |end: &str| Text::concat([&OWN.into(), &"log-group:".into(), &name, &end.into()]);
    vec![arn(""), arn(":log-stream:own")]
}

/// The statement with the names and ARNs of log groups in place of the references to them, and all of the
/// one account and region where the function is.
fn by_name(context: &Context<'_>, statement: &Statement) -> Statement {
    let mut statement = statement.clone();
    let items = statement
        .resources
        .iter_mut()
        .flat_map(|resources| &mut resources.items);
    for item in items {
        let pieces = item.text.pieces().into_iter().flat_map(|piece| {
            let group = match &piece {
                Piece::Hole(hole) => hole.stands_for.as_ref(),
                Piece::Literal(_) => None,
            };
            let group = group.filter(|attribute| matches!(attribute.of, AnyId::LogGroup(_)));
            match group.and_then(|attribute| Some((attribute, context.resource(attribute.of)?))) {
                Some((attribute, group)) if &*attribute.name == "Arn" => group.arn.pieces(),
                Some((_, group)) => group.name.pieces(),
                None => vec![piece],
            }
        });
        item.text = Text::from_pieces(pieces);
        let arn = Arn::parse(&item.text).filter(|arn| arn.service.as_literal() == Some("logs"));
        if let Some(arn) = arn {
            item.text = Text::concat([&OWN.into(), &arn.resource]);
        }
    }
    statement
}
