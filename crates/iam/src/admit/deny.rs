//! What the `Deny` statements of a policy leave of what a statement admits.
//!
//! A caller remains where at least one condition of every `Deny` that covers it fails. So each
//! condition of a `Deny`, turned around, is one way to remain: deny-unless-organization leaves the
//! organization.

use super::narrow::Constraint;
use super::party::{self, Entry};
use super::{Admission, Doubt, Party, Who, admission};
use crate::logic::Match;
use crate::pattern::{self, Grammar};
use crate::policy::{Effect, Policy, Principals, Statement};
use crate::view::View;
use maremma_model::Text;

/// Ways to remain that are followed; beyond it the answer is unknown.
const MAX_WAYS: usize = 64;

/// Whom `statement` admits when the other statements of its policy deny what they deny.
///
/// A `Deny` counts where it covers every action and resource of `statement`; one that covers some of
/// them leaves the rest to the same parties. Where it is not decided whether a `Deny` takes a party
/// away, the party is unknown.
pub fn admits_after_denies(policy: &Policy, statement: &Statement, view: &View) -> Admission {
    let mut sure = Vec::new();
    let mut doubtful = Vec::new();
    for deny in policy.denies() {
        match weight(deny, statement) {
            Match::Yes => sure.push(deny),
            Match::Unknown => doubtful.push(deny),
            Match::No => {}
        }
    }
    let own: Vec<_> = statement.conditions.iter().map(Constraint::holds).collect();
    let mut parties = Vec::new();
    for entry in party::entries(statement) {
        let remain = |denies: &[&Statement]| remaining(&entry, &own, denies, statement, view);
        let Some(now) = remain(&sure) else {
            parties.extend(undecided(
                party::parties(&entry, &own, statement, view),
                statement,
                None,
            ));
            continue;
        };
        let all: Vec<_> = sure.iter().chain(&doubtful).copied().collect();
        let then = if doubtful.is_empty() {
            Some(now.clone())
        } else {
            remain(&all)
        };
        let stays = |party: &Party| {
            then.as_ref()
                .is_some_and(|then| then.iter().any(|p| p.who == party.who))
        };
        let (kept, lost): (Vec<_>, Vec<_>) = now.into_iter().partition(stays);
        parties.extend(kept);
        parties.extend(undecided(lost, statement, doubtful.first().copied()));
    }
    admission(statement, parties)
}

/// Whether a `Deny` covers all that the statement allows, leaving principals and conditions aside.
fn weight(deny: &Statement, statement: &Statement) -> Match {
    let Some(_) = statement.world.and(&deny.world) else {
        return Match::No;
    };
    let exists = if statement.world.implies(&deny.world) && deny.effect == Effect::Deny {
        Match::Yes
    } else {
        Match::Unknown
    };
    let whole = if deny.conditions_unknown.is_none() {
        Match::Yes
    } else {
        Match::Unknown
    };
    let actions = selects_all(&statement.actions.items, statement.actions.negated, |text| {
        deny.actions_cover(text)
    });
    let resources = match &statement.resources {
        Some(resources) => selects_all(&resources.items, resources.negated, |text| deny.covers_resources(text)),
        None => Match::Yes,
    };
    Match::all([actions, resources, exists, whole])
}

fn selects_all(items: &[crate::policy::Leaf], negated: bool, covered: impl Fn(&Text) -> Match) -> Match {
    if negated {
        return covered(&Text::literal("*"));
    }
    Match::all(items.iter().map(|item| covered(&item.text)))
}

impl Statement {
    fn actions_cover(&self, pattern: &Text) -> Match {
        let everything = pattern.as_literal() == Some("*");
        let covers = |item: &Text| {
            let all = item.as_literal() == Some("*");
            if all {
                Match::Yes
            } else {
                pattern::covers(item, pattern, Grammar::ACTION)
            }
        };
        if everything {
            return self.covers_every_action();
        }
        let items = self.actions.items.iter().map(|item| &item.text);
        if self.actions.negated {
            !Match::any(items.map(|item| pattern::overlaps(item, pattern, Grammar::ACTION)))
        } else {
            Match::any(items.map(covers))
        }
    }
}

/// What the denies leave of an entry; `None` where there are too many ways to follow.
fn remaining(
    entry: &Entry<'_>,
    own: &[Constraint<'_>],
    denies: &[&Statement],
    statement: &Statement,
    view: &View,
) -> Option<Vec<Party>> {
    let mut ways: Vec<Vec<Constraint<'_>>> = vec![own.to_vec()];
    let mut entries = vec![entry.clone()];
    for deny in denies {
        match hits(deny, entry) {
            Hit::Misses => continue,
            Hit::AllBut(spared) if deny.conditions.is_empty() => {
                entries = spared;
                continue;
            }
            Hit::AllBut(_) | Hit::Undecided => return None,
            Hit::Hits => {}
        }
        let mut next = Vec::new();
        for way in &ways {
            for condition in &deny.conditions {
                let mut way = way.clone();
                way.push(Constraint::fails(condition));
                next.push(way);
            }
            if next.len() > MAX_WAYS {
                return None;
            }
        }
        ways = next;
    }
    let mut parties: Vec<Party> = Vec::new();
    for entry in &entries {
        for way in &ways {
            for party in party::parties(entry, way, statement, view) {
                if parties.len() > MAX_WAYS || !parties.contains(&party) {
                    parties.push(party);
                }
            }
        }
    }
    Some(parties)
}

/// Whether a `Deny` is about an entry of the `Allow`.
enum Hit<'a> {
    Hits,
    Misses,
    /// About everyone but these.
    AllBut(Vec<Entry<'a>>),
    /// Whether one is part of the other (a role of a spared account) asks for more than texts.
    Undecided,
}

fn hits<'a>(deny: &'a Statement, entry: &Entry<'_>) -> Hit<'a> {
    let names = |principal: &crate::policy::Principal| match (party::entry(principal), entry) {
        (Entry::Everyone { .. }, _) => true,
        (Entry::One(denied), Entry::One(allowed)) => denied.kind == allowed.kind && denied.text == allowed.text,
        (Entry::One(_), Entry::Everyone { .. }) => false,
    };
    match &deny.principals {
        Principals::Only(principals) if principals.iter().any(names) => Hit::Hits,
        Principals::Only(_) | Principals::Unstated => Hit::Misses,
        Principals::AllBut(spared) => match entry {
            Entry::Everyone { .. } => Hit::AllBut(spared.iter().map(party::entry).collect()),
            Entry::One(_) if spared.iter().any(names) => Hit::Misses,
            Entry::One(_) => Hit::Undecided,
        },
    }
}

fn undecided(parties: Vec<Party>, statement: &Statement, deny: Option<&Statement>) -> Vec<Party> {
    let words = match deny {
        Some(deny) => format!("whether {} denies it is not known", deny.name()),
        None => "the Deny statements of the policy are too many to follow".to_owned(),
    };
    let why = deny.and_then(first_why);
    let at = deny.map_or(&statement.at, |deny| &deny.at);
    parties
        .into_iter()
        .map(|party| Party {
            who: Who::Unknown(Doubt {
                words: words.clone(),
                why: why.clone(),
                at: at.clone(),
            }),
            ..party
        })
        .collect()
}

fn first_why(statement: &Statement) -> Option<maremma_model::Why> {
    if let Effect::Unknown(why) = &statement.effect {
        return Some(why.clone());
    }
    let actions = statement.actions.items.iter();
    let resources = statement.resources.iter().flat_map(|resources| &resources.items);
    actions
        .chain(resources)
        .find_map(|leaf| leaf.text.why().cloned())
        .or_else(|| statement.conditions_unknown.clone())
}
