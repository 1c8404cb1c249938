//! What the `Deny` statements of a policy leave of what a statement admits.
//!
//! A caller remains where at least one condition of every `Deny` that covers it fails. So each
//! condition of a `Deny`, turned around, is one way to remain: deny-unless-organization leaves the
//! organization.

use super::narrow::Constraint;
use super::party::{self, Entry};
use super::{Admission, Doubt, Party, Who, admission};
use crate::arn::Arn;
use crate::logic::Match;
use crate::pattern;
use crate::policy::{Condition, Effect, Leaf, Policy, Principal, PrincipalKind, Principals, Statement};
use crate::view::{View, is_account_id};
use maremma_model::{Location, Text, Why};

/// Ways to remain that are followed; beyond it the answer is unknown.
const MAX_WAYS: usize = 64;
/// Comparisons of entries that are made for one statement; beyond it the answer is unknown.
const MAX_PAIRS: usize = 1 << 20;

/// The answer is open because of this `Deny`, or because there are too many to follow.
struct Open<'a>(Option<&'a Statement>);

/// Whom `statement` admits when the other statements of its policy deny what they deny.
///
/// A `Deny` counts where it covers every action and resource of `statement`; one that covers some of
/// them leaves the rest to the same parties. Where it is not decided whether a `Deny` takes a party
/// away, or where the input does not show a statement that may, the party is unknown.
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
    let remain = |entry: &Entry<'_>, denies: &[&Statement]| {
        let own = statement.conditions.iter().map(Constraint::holds).collect();
        remaining(entry, vec![own], denies, statement, view)
            .map_err(|Open(deny)| deny.map(|deny| (deny.name(), first_why(deny), deny.at.clone())))
    };
    let mut parties = Vec::new();
    for entry in party::entries(statement) {
        let now = match remain(&entry, &sure) {
            Ok(now) => now,
            Err(cause) => {
                let all = remain(&entry, &[]).unwrap_or_default();
                parties.extend(undecided(all, statement, cause));
                continue;
            }
        };
        let Some(doubt) = doubtful.first() else {
            parties.extend(now);
            continue;
        };
        let all: Vec<_> = sure.iter().chain(&doubtful).copied().collect();
        let then = remain(&entry, &all).unwrap_or_default();
        let (kept, lost): (Vec<_>, Vec<_>) = now
            .into_iter()
            .partition(|party| then.iter().any(|other| other.who == party.who));
        parties.extend(kept);
        let cause = (doubt.name(), first_why(doubt), doubt.at.clone());
        parties.extend(undecided(lost, statement, Some(cause)));
    }
    let unread = policy
        .unread
        .iter()
        .find(|unread| unread.world.and(&statement.world).is_some());
    if let Some(unread) = unread {
        let cause = (unread.path.to_string(), Some(unread.why.clone()), unread.at.clone());
        parties = undecided(parties, statement, Some(cause));
    }
    admission(statement, parties)
}

/// The entries of a statement.
fn size(statement: &Statement) -> usize {
    statement.actions.items.len()
        + statement
            .resources
            .as_ref()
            .map_or(0, |resources| resources.items.len())
}

/// Whether a `Deny` covers all that the statement allows, leaving principals and conditions aside.
fn weight(deny: &Statement, statement: &Statement) -> Match {
    if statement.world.and(&deny.world).is_none() {
        return Match::No;
    }
    if size(deny).saturating_mul(size(statement)) > MAX_PAIRS {
        return Match::Unknown;
    }
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
        deny.covers_action_pattern(text)
    });
    if actions.is_no() {
        return Match::No;
    }
    let resources = match &statement.resources {
        Some(resources) => selects_all(&resources.items, resources.negated, |text| deny.covers_resources(text)),
        None => Match::Yes,
    };
    Match::all([actions, resources, exists, whole])
}

fn same(one: &Condition, other: &Condition) -> bool {
    let values = |condition: &Condition| condition.values.len();
    one.operator == other.operator
        && one.key.eq_ignore_ascii_case(&other.key)
        && values(one) == values(other)
        && one.values.iter().zip(&other.values).all(|(a, b)| a.text == b.text)
}

fn selects_all(items: &[Leaf], negated: bool, covered: impl Fn(&Text) -> Match) -> Match {
    if negated {
        return covered(&Text::literal("*"));
    }
    Match::all(items.iter().map(|item| covered(&item.text)))
}

/// What the denies leave of an entry, by each of the ways so far.
fn remaining<'a>(
    entry: &Entry<'_>,
    mut ways: Vec<Vec<Constraint<'a>>>,
    denies: &[&'a Statement],
    statement: &'a Statement,
    view: &View,
) -> Result<Vec<Party>, Open<'a>> {
    for (index, deny) in denies.iter().copied().enumerate() {
        match hits(deny, entry) {
            Hit::Misses => {}
            Hit::Hits => ways = turned(&ways, deny).ok_or(Open(None))?,
            Hit::AllBut(spared) if deny.conditions.is_empty() => {
                let rest = denies.get(index + 1..).unwrap_or_default();
                let mut parties = Vec::new();
                for entry in &spared {
                    parties.extend(remaining(entry, ways.clone(), rest, statement, view)?);
                }
                return Ok(parties);
            }
            Hit::AllBut(_) | Hit::Undecided => return Err(Open(Some(deny))),
        }
    }
    let mut parties: Vec<Party> = Vec::new();
    for way in &ways {
        for party in party::parties(entry, way, statement, view) {
            if parties.len() > MAX_WAYS || !parties.contains(&party) {
                parties.push(party);
            }
        }
    }
    Ok(parties)
}

/// Every way, with each of the deny's conditions turned around; `None` where these are too many.
fn turned<'a>(ways: &[Vec<Constraint<'a>>], deny: &'a Statement) -> Option<Vec<Vec<Constraint<'a>>>> {
    if ways.len().saturating_mul(deny.conditions.len()) > MAX_WAYS {
        return None;
    }
    let with = |way: &Vec<Constraint<'a>>, condition| {
        let mut way = way.clone();
        // Many denies ask the same.
        if !way
            .iter()
            .any(|constraint| constraint.negated && same(constraint.condition, condition))
        {
            way.push(Constraint::fails(condition));
        }
        way
    };
    let ways = ways
        .iter()
        .flat_map(|way| deny.conditions.iter().map(move |condition| with(way, condition)));
    Some(ways.collect())
}

/// Whether a `Deny` is about an entry of the `Allow`.
enum Hit<'a> {
    Hits,
    Misses,
    /// About everyone but these.
    AllBut(Vec<Entry<'a>>),
    /// It depends on a hole, or on who belongs to whom.
    Undecided,
}

fn hits<'a>(deny: &'a Statement, entry: &Entry<'_>) -> Hit<'a> {
    let names = |principals: &[Principal]| Match::any(principals.iter().map(|denied| is_named(denied, entry)));
    match &deny.principals {
        Principals::Unstated => Hit::Misses,
        Principals::Only(principals) => match names(principals) {
            Match::Yes => Hit::Hits,
            Match::No => Hit::Misses,
            Match::Unknown => Hit::Undecided,
        },
        Principals::AllBut(spared) => match entry {
            Entry::Everyone { .. } => Hit::AllBut(spared.iter().map(party::entry).collect()),
            Entry::One(_) if names(spared).is_yes() => Hit::Misses,
            // IAM wants the account, the role and the session listed; texts do not tell.
            Entry::One(_) => Hit::Undecided,
        },
    }
}

/// Whether a principal of the `Deny` includes an entry of the `Allow`.
fn is_named(denied: &Principal, entry: &Entry<'_>) -> Match {
    let hole = match &denied.text {
        Text::Holed(pieces) => pieces.len() == 1 && !denied.text.holes().any(pattern::holds_no_wildcard),
        Text::Literal(_) => false,
    };
    let aws = matches!(denied.kind, PrincipalKind::Aws | PrincipalKind::Unknown);
    match (party::entry(denied), entry) {
        (Entry::Everyone { .. }, _) => Match::Yes,
        (Entry::One(_), Entry::Everyone { .. }) => {
            if hole && aws {
                Match::Unknown
            } else {
                Match::No
            }
        }
        (Entry::One(denied), Entry::One(allowed)) => {
            let same = denied.kind == allowed.kind && denied.text == allowed.text;
            let of_account = aws && allowed.kind == PrincipalKind::Aws && is_of(&allowed.text, &denied.text);
            if same || of_account {
                Match::Yes
            } else if hole {
                Match::Unknown
            } else {
                Match::No
            }
        }
    }
}

/// Whether the second is an account as a whole, and the first of it.
fn is_of(principal: &Text, whole: &Text) -> bool {
    if let (Some(principal), Some(whole)) = (principal.as_literal(), whole.as_literal()) {
        return match (written(principal), written(whole)) {
            (Some((account, _)), Some((other, true))) => account == other,
            _ => false,
        };
    }
    let account = account(whole);
    account.is_some() && account == owner(principal)
}

/// The account that a principal is written with, and whether it is the account as a whole.
fn written(principal: &str) -> Option<(&str, bool)> {
    if is_account_id(principal) {
        return Some((principal, true));
    }
    let mut segments = principal.splitn(6, ':');
    let scheme = segments.next();
    let account = segments.nth(3).filter(|_| scheme == Some("arn"))?;
    Some((account, segments.next()? == "root"))
}

/// The account, where the principal is an account as a whole.
fn account(principal: &Text) -> Option<Text> {
    match Arn::parse(principal) {
        Some(arn) => (arn.resource.as_literal() == Some("root")).then_some(arn.account),
        None => principal
            .as_literal()
            .is_some_and(is_account_id)
            .then(|| principal.clone()),
    }
}

/// The account that a principal is of.
fn owner(principal: &Text) -> Option<Text> {
    Arn::parse(principal)
        .map(|arn| arn.account)
        .or_else(|| account(principal))
}

/// What may deny it: its name, the hole to fill, and where it is.
type Cause = (String, Option<Why>, Location);

fn undecided(parties: Vec<Party>, statement: &Statement, cause: Option<Cause>) -> Vec<Party> {
    let (words, why, at) = match cause {
        Some((name, why, at)) => (format!("whether {name} denies it is not known"), why, at),
        None => (
            "the Deny statements of the policy are too many to follow".to_owned(),
            None,
            statement.at.clone(),
        ),
    };
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

fn first_why(statement: &Statement) -> Option<Why> {
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
