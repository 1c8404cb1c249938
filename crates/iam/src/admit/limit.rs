//! A condition as it limits a party, in words.

use super::key::{Key, classify};
use super::narrow::Constraint;
use crate::condition::Network;
use crate::policy::Condition;
use maremma_model::{Location, Text};
use std::fmt;
use std::sync::Arc;

/// One condition on a party.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    pub kind: LimitKind,
    /// The condition key as written.
    pub key: Arc<str>,
    /// The operator, or `not ...` where a `Deny` states the opposite.
    pub operator: String,
    /// The values must match; otherwise they must not.
    pub positive: bool,
    /// Empty for a token, which is a secret.
    pub values: Arc<[Text]>,
    pub at: Location,
}

/// What a limit is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LimitKind {
    /// The calling principal, its account or organization.
    Principal,
    /// The resource, account or organization that a service acts for.
    Source,
    /// Addresses, VPCs, VPC endpoints.
    Network,
    /// A token that the caller must present.
    Token,
    /// What is asked for, or what any caller can arrange.
    Request,
    /// A key that these tables do not know.
    Unknown,
}

impl Limit {
    pub(crate) fn of_condition(condition: &Condition) -> Limit {
        Limit::of(&Constraint::holds(condition))
    }

    pub(super) fn of(constraint: &Constraint<'_>) -> Limit {
        let condition = constraint.condition;
        let operator = if constraint.negated {
            format!("not {}", condition.operator)
        } else {
            condition.operator.to_string()
        };
        Limit {
            kind: kind(classify(&condition.key)),
            key: condition.key.clone(),
            operator,
            positive: condition.operator.negated() == constraint.negated,
            values: match classify(&condition.key) {
                // The token is a secret.
                Key::Token => Arc::default(),
                _ => condition.values.iter().map(|leaf| leaf.text.clone()).collect(),
            },
            at: condition.at.clone(),
        }
    }
}

fn kind(key: Key) -> LimitKind {
    match key {
        Key::PrincipalAccount
        | Key::PrincipalArn
        | Key::PrincipalId
        | Key::PrincipalOrg
        | Key::PrincipalOrgPath
        | Key::IsService
        | Key::ServiceName
        | Key::AccessPointAccount
        | Key::AccessPointArn => LimitKind::Principal,
        Key::SourceAccount | Key::SourceOwner | Key::SourceArn | Key::SourceOrg | Key::SourceOrgPath => {
            LimitKind::Source
        }
        Key::SourceIp | Key::Network | Key::MountTarget => LimitKind::Network,
        Key::Token => LimitKind::Token,
        Key::Request | Key::UrlAuth => LimitKind::Request,
        Key::Unknown => LimitKind::Unknown,
    }
}

/// `limited to source arn:aws:s3:::orders`, `not from address 10.0.0.0/8`.
impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let noun = match classify(&self.key) {
            Key::PrincipalAccount => "account",
            Key::PrincipalArn | Key::PrincipalId => "principal",
            Key::PrincipalOrg | Key::PrincipalOrgPath => "organization",
            Key::ServiceName => "service",
            Key::SourceAccount | Key::SourceOwner => "source account",
            Key::SourceArn => "source",
            Key::SourceOrg | Key::SourceOrgPath => "source organization",
            Key::AccessPointAccount => "access points of account",
            Key::AccessPointArn => "access point",
            Key::SourceIp => "address",
            Key::Network => "network",
            Key::Token => return f.write_str("limited to callers with the event source token"),
            Key::IsService | Key::MountTarget | Key::UrlAuth | Key::Request | Key::Unknown => {
                write!(f, "when {} {}", self.key, self.operator)?;
                return self.write_values(f);
            }
        };
        let start = if self.positive { "limited to" } else { "not for" };
        write!(f, "{start} {noun}")?;
        self.write_values(f)
    }
}

impl Limit {
    /// Whether it asks for addresses that no request from the internet has: `10.0.0.0/8`.
    pub fn is_private_network(&self) -> bool {
        let private = |text: &Text| {
            let network = text.as_literal().and_then(Network::parse);
            network.is_some_and(|network| network.is_private())
        };
        classify(&self.key) == Key::SourceIp && self.positive && self.values.iter().all(private)
    }

    fn write_values(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 3;
        for (index, value) in self.values.iter().take(SHOWN).enumerate() {
            write!(f, "{}{value}", if index == 0 { " " } else { " or " })?;
        }
        match self.values.len().checked_sub(SHOWN) {
            Some(more) if more > 0 => write!(f, " or {more} more"),
            _ => Ok(()),
        }
    }
}
