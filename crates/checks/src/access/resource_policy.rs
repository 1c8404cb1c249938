//! The policies of queues, topics, buckets, keys, secrets and the like, as the checks of them ask.

use crate::access::narrowed::{Denying, admitted};
use crate::context::Context;
use crate::verdict::answer::{Answer, Carrier, gravest, in_order};
use crate::verdict::findings::Findings;
use maremma_iam::{Match, Party, Statement};
use maremma_model::noun::{AnyLink, ResourcePolicy};
use maremma_model::{AnyId, Function, Id, State, Text, Verdict, Why};

/// What a check asks of one resource policy.
pub(crate) struct Ask<'q> {
    /// The sentence that an unread part leaves open.
    pub(crate) bad: String,
    /// The functions that depend on the resource; asked only where something is wrong.
    pub(crate) functions: &'q dyn Fn() -> Vec<Id<Function>>,
    /// What is said where no function does.
    pub(crate) unconcerned: &'static str,
    /// By each of these harm is done; a statement that allows none of them does not matter.
    pub(crate) actions: &'q [&'q str],
    /// What harm is done to: the resource, or with `/*` what is in it.
    pub(crate) target: Option<(AnyId, &'static str)>,
    /// The answer about one party that may do one of the actions; `None` where it does not matter.
    pub(crate) question: &'q OfParty<'q>,
}

/// A statement, whether it allows the action, one party, and the functions that depend on the resource.
type OfParty<'q> = dyn Fn(&Statement, Match, &Party, &[Id<Function>]) -> Option<Answer> + 'q;

/// Judges one policy: each bad statement by itself, or the policy as a whole.
pub(crate) fn judge_policy(
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    (id, row): (Id<ResourcePolicy>, &ResourcePolicy),
    check: &Ask<'_>,
) {
    let Some(policy) = context.policies.resource(id) else {
        return;
    };
    let view = context.view(row.resource.unit);
    let target = check.target.and_then(|(id, within)| {
        let arn = &context.resource(id)?.arn;
        Some((id, arn, Text::concat([arn, &within.into()])))
    });
    let denying = Denying::of(policy, target, check.actions);
    let admitted: Vec<_> = policy
        .allows()
        .map(|statement| {
            (
                statement,
                admitted(policy, denying.as_ref(), statement, check.actions, view),
            )
        })
        .collect();
    let answers = |functions: &[Id<Function>]| {
        let answers = admitted.iter().map(|(statement, parties)| {
            let told = parties.iter();
            let told = told.filter_map(|(party, allowed)| (check.question)(statement, *allowed, party, functions));
            let good = || Answer::pass(&statement.at, "the statement admits nobody else");
            (*statement, gravest(told).unwrap_or_else(good))
        });
        in_order(policy, &check.bad, answers)
    };
    let minded = |answer: &Answer| matches!(answer.verdict, Verdict::Fail | Verdict::Undetermined);
    let carrier = Carrier {
        id: id.into(),
        resource: &row.resource,
        policy: context.name(id),
        attached_at: None,
    };
    if !answers(&[]).iter().any(|(_, answer)| minded(answer)) {
        let draft = carrier.draft(Answer::pass(&row.document.at, "the policy admits nobody else"), None);
        return findings.add(draft);
    }
    let functions = (check.functions)();
    if functions.is_empty() {
        let draft = carrier.draft(Answer::not_applicable(&row.document.at, check.unconcerned), None);
        return findings.add(draft);
    }
    for (statement, answer) in answers(&functions).into_iter().filter(|(_, answer)| minded(answer)) {
        let detail = statement.map_or_else(|| "PolicyDocument".to_owned(), Statement::name);
        let draft = carrier.draft(answer, statement).detail(detail);
        findings.add(draft.affects(functions.iter().copied()));
    }
}

/// Whether everybody can be admitted by policy at all: S3 blocks that unless it is told otherwise.
/// The hole that decides it goes with it.
pub(crate) fn public_access(context: &Context<'_>, source: &AnyLink) -> (Match, Option<Why>) {
    let bucket = match source {
        AnyLink::Here(AnyId::Bucket(id)) => context.estate.buckets.get(*id),
        _ => None,
    };
    let Some(bucket) = bucket else {
        return (Match::Yes, None);
    };
    let blocks = [&bucket.block_public_policy, &bucket.restrict_public_buckets];
    if blocks.iter().any(|block| block.value() == Some(&true)) {
        return (Match::No, None);
    }
    let why = blocks.iter().find_map(|block| match &block.state {
        State::Unknown(unknown) => Some(unknown.why.clone()),
        _ => None,
    });
    (if why.is_some() { Match::Unknown } else { Match::Yes }, why)
}
