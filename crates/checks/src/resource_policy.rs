//! The policies of queues, topics, buckets, keys, secrets and the like, as the checks of them ask.

use crate::answer::{Answer, Carrier, ask, gravest};
use crate::context::Context;
use crate::findings::Findings;
use maremma_iam::{Leaf, Match, Party, Policy, Selection, Statement, admits_after_denies};
use maremma_model::noun::{AnyLink, ResourcePolicy};
use maremma_model::{AnyId, Function, Id, Piece, State, Text, Verdict, Why};
use std::borrow::Cow;

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
    let denying = Denying::of(policy, target);
    let answers = |functions: &[Id<Function>]| {
        ask(policy, &check.bad, |statement| {
            let told = parts(denying.as_ref(), statement, check.actions);
            let told = told.into_iter().flat_map(|(part, allowed)| {
                let policy = denying.as_ref().map_or(policy, |denying| &denying.policy);
                let admission = admits_after_denies(policy, &part, view);
                let parties = admission.parties.into_iter();
                parties.map(move |party| (party, allowed))
            });
            gravest(told.filter_map(|(party, allowed)| (check.question)(statement, allowed, &party, functions)))
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

/// A policy that denies something, with one name for the resource that it is of.
pub(crate) struct Denying<'t> {
    pub(crate) policy: Policy,
    own: Option<(AnyId, &'t Text)>,
    target: Option<Text>,
}

impl<'t> Denying<'t> {
    /// `None` where nothing is denied.
    pub(crate) fn of(policy: &Policy, target: Option<(AnyId, &'t Text, Text)>) -> Option<Self> {
        policy.denies().next()?;
        let mut denying = Denying {
            policy: policy.clone(),
            own: target.as_ref().map(|(id, arn, _)| (*id, *arn)),
            target: target.map(|(_, _, target)| target),
        };
        let mut statements = std::mem::take(&mut denying.policy.statements);
        statements.iter_mut().for_each(|statement| denying.rename(statement));
        denying.policy.statements = statements;
        Some(denying)
    }

    /// A policy names its resource by `GetAtt`, by its name behind `arn:...`, or in full.
    fn rename(&self, statement: &mut Statement) {
        let Some((id, arn)) = self.own else { return };
        let resources = statement.resources.iter_mut();
        for item in resources.flat_map(|resources| &mut resources.items) {
            let pieces = item.text.pieces();
            let own = |piece: &Piece| match piece {
                Piece::Hole(hole) => hole.stands_for.as_ref().is_some_and(|attribute| attribute.of == id),
                Piece::Literal(_) => false,
            };
            let place = pieces.iter().position(own);
            if let Some(place) = place.filter(|place| *place == 0 || item.text.prefix().starts_with("arn:")) {
                let rest = Text::from_pieces(pieces.into_iter().skip(place + 1));
                item.text = Text::concat([arn, &rest]);
            }
        }
    }
}

/// The statement as it allows each of the actions on the target, so that a `Deny` about just that
/// counts; as a whole where nothing is denied. With each, whether it is known to allow it.
pub(crate) fn parts<'s>(
    denying: Option<&Denying<'_>>,
    statement: &'s Statement,
    actions: &[&str],
) -> Vec<(Cow<'s, Statement>, Match)> {
    let allowed = actions.iter().map(|action| (*action, statement.covers_action(action)));
    let allowed: Vec<_> = allowed.filter(|(_, allowed)| !allowed.is_no()).collect();
    let Some(denying) = denying else {
        let any = Match::any(allowed.iter().map(|(_, allowed)| *allowed));
        let whole = allowed.first().map(|_| (Cow::Borrowed(statement), any));
        return whole.into_iter().collect();
    };
    let only = |text: Text| Selection {
        negated: false,
        items: vec![Leaf {
            text,
            at: statement.at.clone(),
        }],
        at: statement.at.clone(),
    };
    let mut narrowed = statement.clone();
    denying.rename(&mut narrowed);
    let target = denying.target.as_ref();
    if let Some(target) = target.filter(|target| narrowed.covers_resources(target).is_yes()) {
        narrowed.resources = narrowed.resources.map(|_| only(target.clone()));
    }
    let part = |(action, allowed): (&str, Match)| {
        let mut part = narrowed.clone();
        if allowed.is_yes() {
            part.actions = only(action.into());
        }
        (Cow::Owned(part), allowed)
    };
    allowed.into_iter().map(part).collect()
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
