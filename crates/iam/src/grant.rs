//! What the policies of one principal grant: the identity side.
//!
//! A question is about all that it names, and is answered from one `Allow` statement at a time: what
//! several statements grant together is not added up. What a `Deny` of the same principal, or its
//! permissions boundary, takes away again counts.

#[cfg(test)]
mod tests;

use crate::admit::{Doubt, Limit};
use crate::condition::{Context, Network, Operator, Test, evaluate};
use crate::logic::Match;
use crate::pattern::Grammar;
use crate::policy::{Condition, Effect, Policy, Statement};
use maremma_model::{Text, Why};

/// The policies of a user or role.
#[derive(Clone, Debug, Default)]
pub struct IdentityPolicies<'a> {
    /// Inline and managed, of groups too.
    pub policies: Vec<&'a Policy>,
    pub boundary: Boundary<'a>,
    /// What is known of every request that the principal makes: a role's session has no
    /// `aws:username`.
    pub request: Context,
}

/// The permissions boundary: what it does not allow is not granted.
#[derive(Clone, Debug, Default)]
pub enum Boundary<'a> {
    #[default]
    Unbounded,
    Policy(&'a Policy),
    Unknown(Why),
}

/// What is asked for: all of these actions on all of these resources.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// A pattern: `iam:PassRole`, `s3:*`, `*:*`.
    pub actions: &'a str,
    pub on: On<'a>,
}

/// The resources of a question.
#[derive(Clone, Copy, Debug)]
pub enum On<'a> {
    /// Every resource there is.
    Everything,
    /// Every resource of one kind in the caller's account: `iam`, `role/*`.
    Every { service: &'a str, resource: &'a str },
    /// One resource, or those of an ARN pattern.
    These(&'a Text),
    /// Any resource at all.
    Anything,
}

impl Question<'static> {
    /// Everything on everything. An `Allow` with `NotAction` that leaves all of IAM counts: who may
    /// change policies may give itself the rest.
    pub const ADMIN: Question<'static> = Question {
        actions: "*:*",
        on: On::Everything,
    };

    /// Hand any role of the account to a service.
    pub const PASS_ANY_ROLE: Question<'static> = Question {
        actions: "iam:PassRole",
        on: On::Every {
            service: "iam",
            resource: "role/*",
        },
    };
}

/// The answer, with the statements that determine it.
#[derive(Clone, Debug)]
pub enum Grant<'a> {
    /// Granted without a condition that limits.
    Granted(Granted<'a>),
    /// Granted while conditions hold.
    Conditional {
        granted: Granted<'a>,
        /// Conditions of the `Allow` (or of the boundary's) that must hold.
        limits: Vec<Limit>,
        /// `Deny` statements that take it away while their conditions hold.
        denied_when: Vec<&'a Statement>,
    },
    /// No statement allows all of it.
    NotGranted,
    /// Allowed by one statement and denied by another.
    Denied {
        by: &'a Statement,
        denied_by: &'a Statement,
    },
    /// Allowed by a statement; the permissions boundary does not allow it.
    Capped {
        by: &'a Statement,
    },
    Unknown {
        by: Option<&'a Statement>,
        doubt: Doubt,
    },
}

/// The statement that grants.
#[derive(Clone, Debug)]
pub struct Granted<'a> {
    pub by: &'a Statement,
    /// `Deny` statements that take away a part of it.
    pub but: Vec<&'a Statement>,
}

/// Whether the policies grant all that the question names.
pub fn grants<'a>(identity: &IdentityPolicies<'a>, question: &Question<'_>) -> Grant<'a> {
    bounded(
        answer(&identity.policies, &identity.request, question),
        identity,
        question,
    )
}

/// As [`grants`], of what one `Allow` statement of the policies grants: their denies and the boundary
/// count, their other `Allow` statements do not.
pub fn grants_by<'a>(identity: &IdentityPolicies<'a>, statement: &'a Statement, question: &Question<'_>) -> Grant<'a> {
    let denies: Vec<&'a Statement> = identity.policies.iter().flat_map(|policy| policy.denies()).collect();
    bounded(
        judge(statement, question, &denies, &identity.request),
        identity,
        question,
    )
}

fn bounded<'a>(grant: Grant<'a>, identity: &IdentityPolicies<'a>, question: &Question<'_>) -> Grant<'a> {
    let (Some(by), true) = (grant.statement(), grant.may_be_granted()) else {
        return grant;
    };
    match identity.boundary {
        Boundary::Unbounded => grant,
        Boundary::Unknown(ref why) => Grant::Unknown {
            by: Some(by),
            doubt: Doubt {
                words: format!("the permissions boundary is not known: {why}"),
                why: Some(why.clone()),
                at: by.at.clone(),
            },
        },
        Boundary::Policy(boundary) => capped(grant, by, answer(&[boundary], &identity.request, question)),
    }
}

/// A grant within a boundary that has its own answer to the question.
fn capped<'a>(grant: Grant<'a>, by: &'a Statement, boundary: Grant<'a>) -> Grant<'a> {
    match (grant, boundary) {
        (_, Grant::NotGranted | Grant::Denied { .. } | Grant::Capped { .. }) => Grant::Capped { by },
        (Grant::Unknown { by, doubt }, _) => Grant::Unknown { by, doubt },
        (_, Grant::Unknown { doubt, .. }) => Grant::Unknown { by: Some(by), doubt },
        (grant, Grant::Granted(within)) => grant.with(&within.but, &[], &[]),
        (
            grant,
            Grant::Conditional {
                granted,
                limits,
                denied_when,
            },
        ) => grant.with(&granted.but, &limits, &denied_when),
    }
}

fn answer<'a>(policies: &[&'a Policy], request: &Context, question: &Question<'_>) -> Grant<'a> {
    let denies: Vec<&'a Statement> = policies.iter().flat_map(|policy| policy.denies()).collect();
    let mut best = Grant::NotGranted;
    for policy in policies {
        for statement in policy.allows() {
            let grant = judge(statement, question, &denies, request);
            if grant.rank() > best.rank() {
                best = grant;
            }
        }
    }
    let unread = policies.iter().flat_map(|policy| &policy.unread).next();
    match (unread, &best) {
        (Some(unread), Grant::NotGranted) => Grant::Unknown {
            by: None,
            doubt: Doubt {
                words: format!("{} is not known: {}", unread.path, unread.why),
                why: Some(unread.why.clone()),
                at: unread.at.clone(),
            },
        },
        _ => best,
    }
}

fn judge<'a>(
    statement: &'a Statement,
    question: &Question<'_>,
    denies: &[&'a Statement],
    request: &Context,
) -> Grant<'a> {
    let allowed = question.allowed_by(statement).and(match statement.effect {
        Effect::Unknown(_) => Match::Unknown,
        _ => Match::Yes,
    });
    let (met, limits) = open_conditions(statement, request);
    match allowed.and(if met.is_no() { Match::No } else { Match::Yes }) {
        Match::No => return Grant::NotGranted,
        Match::Unknown => return unknown(statement, statement),
        Match::Yes => {}
    }
    if let Some(why) = &statement.conditions_unknown {
        return Grant::Unknown {
            by: Some(statement),
            doubt: Doubt {
                words: format!("its conditions are not all known: {why}"),
                why: Some(why.clone()),
                at: statement.at.clone(),
            },
        };
    }
    let limits = limits.into_iter().filter(|condition| limits_requests(condition));
    let mut grant = Grant::Granted(Granted {
        by: statement,
        but: Vec::new(),
    })
    .with(&[], &limits.map(Limit::of_condition).collect::<Vec<_>>(), &[]);
    for deny in denies.iter().copied() {
        let (met, when) = open_conditions(deny, request);
        if met.is_no() || statement.world.and(&deny.world).is_none() {
            continue;
        }
        let sure = statement.world.implies(&deny.world) && deny.effect == Effect::Deny;
        match question
            .taken_by(deny)
            .and(if sure { Match::Yes } else { Match::Unknown })
        {
            Match::Yes if when.is_empty() && deny.conditions_unknown.is_none() => {
                return Grant::Denied {
                    by: statement,
                    denied_by: deny,
                };
            }
            Match::Yes => grant = grant.with(&[], &[], &[deny]),
            Match::Unknown => return unknown(statement, deny),
            Match::No if !question.touched_by(deny).is_no() => grant = grant.with(&[deny], &[], &[]),
            Match::No => {}
        }
    }
    grant
}

/// Whether the conditions hold as far as the request is known, and those that it leaves open.
fn open_conditions<'s>(statement: &'s Statement, request: &Context) -> (Match, Vec<&'s Condition>) {
    let mut open = Vec::new();
    let met = statement.conditions.iter().map(|condition| {
        let holds = evaluate(condition, request, statement.version);
        if holds.is_unknown() {
            open.push(condition);
        }
        holds
    });
    (Match::all(met), open)
}

fn unknown<'a>(statement: &'a Statement, cause: &Statement) -> Grant<'a> {
    let leaves = cause.actions.items.iter();
    let resources = cause.resources.iter().flat_map(|resources| &resources.items);
    let hole = leaves
        .chain(resources)
        .find_map(|leaf| Some((leaf, leaf.text.why()?.clone())));
    let doubt = match (hole, &cause.effect) {
        (_, Effect::Unknown(why)) => Doubt {
            words: format!("the effect of {} is not known: {why}", cause.name()),
            why: Some(why.clone()),
            at: cause.effect_at.clone(),
        },
        (Some((leaf, why)), _) => Doubt {
            words: format!("{} has {}: {why}", cause.name(), leaf.text),
            why: Some(why),
            at: leaf.at.clone(),
        },
        (None, _) => Doubt {
            words: format!("whether {} applies is not known", cause.name()),
            why: None,
            at: cause.at.clone(),
        },
    };
    Grant::Unknown {
        by: Some(statement),
        doubt,
    }
}

impl Question<'_> {
    fn is_admin(&self) -> bool {
        self.actions == "*:*" && matches!(self.on, On::Everything)
    }

    /// Whether the statement names all that is asked. `NotAction` and `NotResource` that leave out
    /// some resources, or for the administrator some services other than IAM, still do.
    fn allowed_by(&self, statement: &Statement) -> Match {
        let actions = if self.is_admin() && statement.actions.negated {
            statement.covers_actions("iam:*")
        } else {
            statement.covers_actions(self.actions)
        };
        if actions.is_no() {
            return Match::No;
        }
        let resources = match &statement.resources {
            Some(resources) if resources.negated && !matches!(self.on, On::These(_)) => {
                !resources.names_every_resource(Grammar::ARN)
            }
            _ => self.on(statement),
        };
        actions.and(resources)
    }

    /// Whether a `Deny` takes all of it away; of the administrator's, IAM suffices.
    fn taken_by(&self, deny: &Statement) -> Match {
        let actions = if self.is_admin() { "iam:*" } else { self.actions };
        match (deny.covers_actions(actions), self.on) {
            (Match::No, _) => Match::No,
            (actions, On::Anything) => actions.and(deny.covers_every_resource()),
            (actions, _) => actions.and(self.on(deny)),
        }
    }

    fn on(&self, statement: &Statement) -> Match {
        match self.on {
            // All of the own account is all that a caller needs, where IAM's is among it.
            On::Everything => statement
                .covers_every_resource()
                .or(statement.covers_every("iam", "*").and(statement.covers_every("*", "*"))),
            On::Every { service, resource } => statement.covers_every(service, resource),
            On::These(arn) => statement.covers_resources(arn),
            On::Anything => Match::Yes,
        }
    }

    fn touched_by(&self, deny: &Statement) -> Match {
        let resources = match self.on {
            On::These(arn) => deny.touches_resources(arn),
            _ => Match::Yes,
        };
        deny.touches_actions(self.actions).and(resources)
    }
}

impl<'a> Grant<'a> {
    /// The `Allow` statement that determines the answer.
    pub fn statement(&self) -> Option<&'a Statement> {
        match self {
            Grant::Granted(granted) | Grant::Conditional { granted, .. } => Some(granted.by),
            Grant::Denied { by, .. } | Grant::Capped { by } => Some(by),
            Grant::Unknown { by, .. } => *by,
            Grant::NotGranted => None,
        }
    }

    /// Granted without a limit.
    pub fn is_granted(&self) -> bool {
        matches!(self, Grant::Granted(_))
    }

    fn may_be_granted(&self) -> bool {
        matches!(
            self,
            Grant::Granted(_) | Grant::Conditional { .. } | Grant::Unknown { .. }
        )
    }

    fn rank(&self) -> u8 {
        match self {
            Grant::NotGranted => 0,
            Grant::Denied { .. } | Grant::Capped { .. } => 1,
            Grant::Unknown { .. } => 2,
            Grant::Conditional { .. } => 3,
            Grant::Granted(_) => 4,
        }
    }

    /// The grant with more that keeps parts of it out.
    fn with(self, but: &[&'a Statement], more_limits: &[Limit], when: &[&'a Statement]) -> Grant<'a> {
        let (mut granted, mut limits, mut denied_when) = match self {
            Grant::Granted(granted) => (granted, Vec::new(), Vec::new()),
            Grant::Conditional {
                granted,
                limits,
                denied_when,
            } => (granted, limits, denied_when),
            other => return other,
        };
        granted.but.extend(but);
        limits.extend_from_slice(more_limits);
        denied_when.extend(when);
        if limits.is_empty() && denied_when.is_empty() {
            return Grant::Granted(granted);
        }
        Grant::Conditional {
            granted,
            limits,
            denied_when,
        }
    }
}

/// Whether a condition keeps any request of the principal out. One that takes every value does not,
/// nor does the demand for TLS.
fn limits_requests(condition: &Condition) -> bool {
    if condition.is_on("aws:SecureTransport") {
        return false;
    }
    let literals = || condition.values.iter().filter_map(|leaf| leaf.text.as_literal());
    let Operator { test, .. } = &condition.operator;
    match test {
        Test::Ip { negated: false } => {
            !Network::cover_everything(&literals().filter_map(Network::parse).collect::<Vec<_>>())
        }
        _ if condition.operator.negated() => true,
        _ if condition.operator.has_wildcards() => {
            let services = condition.is_on("iam:PassedToService");
            !literals().any(|value| value.bytes().all(|b| b == b'*') || (services && value == "*.amazonaws.com"))
        }
        _ => true,
    }
}
