//! The policies of queues, topics, buckets, keys, secrets and the like, as the checks of them ask.

use crate::answer::{Answer, Carrier, ask, gravest};
use crate::context::Context;
use crate::findings::Findings;
use maremma_iam::{Match, Party, Statement, admits_after_denies};
use maremma_model::noun::{AnyLink, ResourcePolicy};
use maremma_model::{AnyId, Function, Id, State, Verdict, Why};

/// What a check asks of one resource policy.
pub(crate) struct Ask<'q> {
    /// The sentence that an unread part leaves open.
    pub(crate) bad: String,
    /// The functions that depend on the resource; asked only where something is wrong.
    pub(crate) functions: &'q dyn Fn() -> Vec<Id<Function>>,
    /// What is said where no function does.
    pub(crate) unconcerned: &'static str,
    /// The answer about one party; `None` where a statement or party does not matter.
    pub(crate) question: &'q OfParty<'q>,
}

type OfParty<'q> = dyn Fn(&Statement, &Party, &[Id<Function>]) -> Option<Answer> + 'q;

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
    let answers = |functions: &[Id<Function>]| {
        ask(policy, &check.bad, |statement| {
            let admission = admits_after_denies(policy, statement, view);
            let told = admission.parties.iter();
            gravest(told.filter_map(|party| (check.question)(statement, party, functions)))
                .unwrap_or_else(|| Answer::pass(&statement.at, "the statement admits nobody else"))
        })
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
