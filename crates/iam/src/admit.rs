//! Whom a statement admits, under which limits.
//!
//! The question is answered by value: three callers of no standing (a principal of an unknown AWS
//! account, an anonymous caller, an AWS service that acts for an unknown account) are put to the
//! statement's conditions with the best values that such a caller can bring. If one of them passes,
//! the statement is public. If none does, the values that the conditions name say who is left.

mod caller;
mod deny;
mod key;
mod limit;
mod narrow;
#[cfg(test)]
mod oracle;
mod party;
mod strange;
#[cfg(test)]
mod tests;

use crate::logic::Match;
use crate::policy::{Effect, Policy, Statement};
use crate::view::{Account, Standing, View};
use crate::world::World;
pub use deny::admits_after_denies;
pub use limit::{Limit, LimitKind};
use maremma_model::{Location, Text, Why};
use narrow::Constraint;
use std::sync::Arc;

/// Whom a statement admits.
#[derive(Clone, Debug, PartialEq)]
pub struct Admission {
    /// Nobody, where it is empty: a `Deny`, or conditions that cannot hold.
    pub parties: Vec<Party>,
    /// The worlds of the template in which it holds.
    pub world: World,
}

/// One party that a statement admits.
#[derive(Clone, Debug, PartialEq)]
pub struct Party {
    /// To whom the limits apply.
    pub who: Who,
    /// What else must hold for the party: conditions that keep some of its requests out.
    pub limits: Vec<Limit>,
    /// Conditions that look like limits and keep nobody out: `aws:SourceIp` of `0.0.0.0/0`,
    /// `StringLike` `*`, `...IfExists` on a key that the caller may leave out.
    pub idle: Vec<Limit>,
    /// The entry of `Principal`; where there is none, the statement.
    pub at: Location,
}

/// Who is admitted.
#[derive(Clone, Debug, PartialEq)]
pub enum Who {
    /// Callers of no standing.
    Public(Public),
    /// Everyone who calls from certain networks or with a certain secret; [`Party::limits`] says which.
    Limited,
    /// All accounts of these organizations, or of parts of them.
    Organization {
        /// Ids (`o-...`) or paths (`o-.../r-.../ou-...`).
        ids: Vec<Text>,
        standing: Standing,
    },
    /// Every principal of an account to whom the account grants it.
    Account(Account),
    /// One user, role or session; or several, where the ARN has wildcards.
    Principal { arn: Text, account: Account },
    /// A service of AWS.
    Service {
        /// `s3.amazonaws.com`; `None` for any service.
        name: Option<Text>,
        scope: Arc<Scope>,
    },
    /// An identity provider; the limits say which of its identities.
    Federated { provider: Text },
    /// The canonical id of an account, as S3 uses it.
    Canonical { id: Text, standing: Standing },
    /// What is known does not decide it.
    Unknown(Doubt),
}

/// Which callers of no standing are admitted.
#[derive(Clone, Debug, PartialEq)]
pub struct Public {
    /// Callers without credentials; whether the service takes unsigned requests at all is its own.
    pub anonymous: bool,
    /// Principals of any AWS account.
    pub any_account: bool,
    /// Those who are left out, as written: `NotPrincipal`, or values of a negated condition.
    pub except: Vec<Text>,
}

/// On whose behalf a service may act. All parts hold together; an empty part does not limit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scope {
    /// `aws:SourceArn`: one of these.
    pub arns: Vec<Source>,
    /// `aws:SourceAccount` (or `aws:SourceOwner`): one of these.
    pub accounts: Vec<Account>,
    /// `aws:SourceOrgID` or `aws:SourceOrgPaths`: one of these.
    pub organizations: Vec<Text>,
    /// `lambda:EventSourceToken`: the service must present it.
    pub token: bool,
    /// Set where a condition on the source may or may not limit.
    pub doubt: Option<Doubt>,
}

/// The resource that a service acts for.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    pub arn: Text,
    pub owner: Owner,
}

/// Whose resource an ARN names.
#[derive(Clone, Debug, PartialEq)]
pub enum Owner {
    Account(Account),
    /// The ARN has no account (`arn:aws:s3:::bucket`): whoever holds the name.
    NameHolder,
    /// A wildcard stands in the place of the account.
    AnyAccount,
    Unknown,
}

/// Why something is not known.
#[derive(Clone, Debug, PartialEq)]
pub struct Doubt {
    /// For a message: `aws:PrincipalOrgID is parameter Org, which ...`.
    pub words: String,
    /// The hole to fill, where one decides.
    pub why: Option<Why>,
    pub at: Location,
}

/// Whom `statement` admits, by itself: other statements may deny it again, see
/// [`admits_after_denies`].
///
/// A statement without `Principal` (an identity policy) admits nobody; neither does a `Deny`.
pub fn admits(statement: &Statement, view: &View) -> Admission {
    let constraints: Vec<_> = statement.conditions.iter().map(Constraint::holds).collect();
    let mut parties = Vec::new();
    for entry in party::entries(statement) {
        parties.extend(party::parties(&entry, &constraints, statement, view));
    }
    admission(statement, parties)
}

fn admission(statement: &Statement, parties: Vec<Party>) -> Admission {
    let mut parties = match &statement.effect {
        Effect::Allow => parties,
        Effect::Deny => Vec::new(),
        Effect::Unknown(why) => parties
            .into_iter()
            .map(|party| party.doubted("the effect of the statement is not known", why, &statement.effect_at))
            .collect(),
    };
    let mut kept: Vec<Party> = Vec::with_capacity(parties.len());
    for party in parties.drain(..) {
        if kept.len() < 64 && kept.contains(&party) {
            continue;
        }
        kept.push(party);
    }
    Admission {
        parties: kept,
        world: statement.world.clone(),
    }
}

impl Policy {
    /// Whom each statement that allows admits, after the denies of the policy.
    pub fn admissions<'a>(&'a self, view: &'a View) -> impl Iterator<Item = (&'a Statement, Admission)> + 'a {
        self.allows()
            .map(move |statement| (statement, admits_after_denies(self, statement, view)))
    }
}

impl Admission {
    /// Whether callers of no standing are admitted: anyone, any account, or everyone but some.
    pub fn is_public(&self) -> Match {
        Match::any(self.parties.iter().map(|party| match &party.who {
            Who::Public(_) => Match::Yes,
            Who::Unknown(_) => Match::Unknown,
            _ => Match::No,
        }))
    }

    /// Whether the statement admits no one at all.
    pub fn is_nobody(&self) -> bool {
        self.parties.is_empty()
    }

    /// The parties that are not decided, with the reason.
    pub fn doubts(&self) -> impl Iterator<Item = (&Party, &Doubt)> {
        self.parties.iter().filter_map(|party| match &party.who {
            Who::Unknown(doubt) => Some((party, doubt)),
            _ => None,
        })
    }

    /// The services that are admitted, by name (`None`: any), with their scope.
    pub fn services(&self) -> impl Iterator<Item = (&Party, Option<&Text>, &Scope)> {
        self.parties.iter().filter_map(|party| match &party.who {
            Who::Service { name, scope } => Some((party, name.as_ref(), scope.as_ref())),
            _ => None,
        })
    }
}

impl Party {
    /// What the party is to the estate, by account or organization; `None` where it is neither (a
    /// service, an identity provider, the public).
    pub fn standing(&self) -> Option<Standing> {
        match &self.who {
            Who::Account(account) | Who::Principal { account, .. } => Some(account.standing),
            Who::Organization { standing, .. } | Who::Canonical { standing, .. } => Some(*standing),
            _ => None,
        }
    }

    fn doubted(self, words: &str, why: &Why, at: &Location) -> Party {
        let doubt = Doubt {
            words: words.to_owned(),
            why: Some(why.clone()),
            at: at.clone(),
        };
        Party {
            who: Who::Unknown(doubt),
            ..self
        }
    }

    /// The remaining conditions in words: `limited to source arn:aws:s3:::orders`. Empty where there
    /// are none.
    pub fn limits_in_words(&self) -> String {
        let words: Vec<_> = self.limits.iter().map(ToString::to_string).collect();
        words.join(", ")
    }
}

impl Scope {
    /// Whether anything limits for whom the service acts. `No`: anybody can make it call (the
    /// confused deputy).
    pub fn limits(&self) -> Match {
        if !self.arns.is_empty() || !self.accounts.is_empty() || !self.organizations.is_empty() || self.token {
            Match::Yes
        } else if self.doubt.is_some() {
            Match::Unknown
        } else {
            Match::No
        }
    }

    /// Whether the scope says which account the service acts for. `No` for a bare S3 bucket: the name
    /// can pass to another account.
    pub fn names_account(&self) -> Match {
        if !self.accounts.is_empty() || !self.organizations.is_empty() || self.token {
            return Match::Yes;
        }
        if self.arns.is_empty() {
            return self.limits();
        }
        Match::all(self.arns.iter().map(|source| match &source.owner {
            Owner::Account(_) => Match::Yes,
            Owner::NameHolder | Owner::AnyAccount => Match::No,
            Owner::Unknown => Match::Unknown,
        }))
    }

    /// The accounts that the scope names, by `aws:SourceAccount` or else by the ARNs.
    pub fn named_accounts(&self) -> Vec<&Account> {
        if !self.accounts.is_empty() {
            return self.accounts.iter().collect();
        }
        self.arns
            .iter()
            .filter_map(|source| match &source.owner {
                Owner::Account(account) => Some(account),
                _ => None,
            })
            .collect()
    }
}
