//! A statement as it allows certain actions on one resource, so that a `Deny` about just that counts.

use maremma_iam::{Leaf, Match, Party, Policy, Selection, Statement, View, admits_after_denies};
use maremma_model::{AnyId, Piece, Text};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A policy that denies something, with one name for the resource that it is of.
pub(crate) struct Denying<'t> {
    policy: Policy,
    own: Option<(AnyId, &'t Text)>,
    target: Option<Text>,
    /// Each action with the number of its kind: the same statements deny those of one kind.
    kinds: Vec<(&'t str, usize)>,
}

impl<'t> Denying<'t> {
    /// `None` where nothing is denied. `target` is the resource with its ARN, and what is asked about.
    pub(crate) fn of(policy: &Policy, target: Option<(AnyId, &'t Text, Text)>, actions: &[&'t str]) -> Option<Self> {
        policy.denies().next()?;
        let mut seen: Vec<Vec<Match>> = Vec::new();
        let mut kinds = Vec::with_capacity(actions.len());
        for action in actions {
            let denied = policy.denies().map(|deny| deny.covers_action(action)).collect();
            let kind = seen.iter().position(|other| *other == denied).unwrap_or(seen.len());
            if kind == seen.len() {
                seen.push(denied);
            }
            kinds.push((*action, kind));
        }
        let mut denying = Denying {
            policy: policy.clone(),
            own: target.as_ref().map(|(id, arn, _)| (*id, *arn)),
            target: target.map(|(_, _, target)| target),
            kinds,
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

/// Whom the statement admits to one of the actions after the denies of its policy, each with whether
/// it is known to allow that.
pub(crate) fn admitted(
    policy: &Policy,
    denying: Option<&Denying<'_>>,
    statement: &Statement,
    actions: &[&str],
    view: &View,
) -> Vec<(Party, Match)> {
    let policy = denying.map_or(policy, |denying| &denying.policy);
    let parts = parts(denying, statement, actions).into_iter();
    let admitted = parts.flat_map(|(part, allowed)| {
        let admission = admits_after_denies(policy, &part, view);
        admission.parties.into_iter().map(move |party| (party, allowed))
    });
    admitted.collect()
}

/// The statement as it allows each of the actions on the target; as a whole where nothing is denied.
fn parts<'s>(
    denying: Option<&Denying<'_>>,
    statement: &'s Statement,
    actions: &[&str],
) -> Vec<(Cow<'s, Statement>, Match)> {
    let Some(denying) = denying else {
        let any = Match::any(actions.iter().map(|action| statement.covers_action(action)));
        let whole = (!any.is_no()).then_some((Cow::Borrowed(statement), any));
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
    // One action of each kind speaks for all; rather one that the statement is known to allow.
    let mut chosen: BTreeMap<usize, (&str, Match)> = BTreeMap::new();
    for (action, kind) in &denying.kinds {
        let allowed = statement.covers_action(action);
        let better = |(_, known): &(&str, Match)| !known.is_yes() && allowed.is_yes();
        if !allowed.is_no() && chosen.get(kind).is_none_or(better) {
            chosen.insert(*kind, (action, allowed));
        }
    }
    let part = |(action, allowed): (&str, Match)| {
        let mut part = narrowed.clone();
        if allowed.is_yes() {
            part.actions = only(action.into());
        }
        (Cow::Owned(part), allowed)
    };
    chosen.into_values().map(part).collect()
}
