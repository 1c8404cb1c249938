//! The callers that are put to a statement's conditions, and the values that each can bring.

use super::key::Key;
use super::narrow::{Constraint, OWN};
use super::strange;
use crate::arn::Arn;
use crate::condition::{Context, Network, Presence};
use crate::pattern::{self, Grammar};
use crate::view::Account;
use maremma_model::Text;

/// Who calls.
#[derive(Clone, Copy, Debug)]
pub(super) enum Caller<'a> {
    /// A principal of an AWS account of no standing.
    Signed,
    /// A caller without credentials.
    Anonymous,
    /// A service of AWS, acting for an account of no standing.
    Service(Option<&'a Text>),
    /// A principal that the statement names; `arn` where it is one user, role or session.
    Known {
        account: &'a Account,
        arn: Option<&'a Text>,
    },
    /// An identity provider or a canonical user, of whom no key is known.
    Other,
}

/// What a caller can bring for a key.
pub(super) enum Bring {
    /// Whatever is asked.
    Anything,
    /// It is not known what.
    Undecided,
    /// One of these.
    Of(Vec<Presence>),
}

/// An account that the statement does not name, and that no trusted wildcard is meant for.
const STRANGERS: &[&str] = &["907153846213", "618340927155", "350771628498", "149236580774"];
const STRANGE_ORG: &str = "o-zq7w3x9k1v";

impl Caller<'_> {
    /// Whether a caller of this kind exists for each value that the conditions on `key` name: the
    /// named ones are then who is admitted.
    pub(super) fn can_be_named(&self, key: Key) -> bool {
        use Key::*;
        match self {
            Caller::Signed => matches!(
                key,
                PrincipalAccount
                    | PrincipalArn
                    | PrincipalId
                    | PrincipalOrg
                    | PrincipalOrgPath
                    | SourceOwner
                    | AccessPointAccount
                    | AccessPointArn
                    | SourceIp
                    | Network
                    | MountTarget
                    | Token
            ),
            Caller::Anonymous => matches!(key, SourceIp | Network | MountTarget | Token),
            // A service that the statement names has a name already.
            Caller::Service(name) if key == ServiceName => name.is_none(),
            Caller::Service(_) => matches!(
                key,
                SourceAccount
                    | SourceOwner
                    | SourceArn
                    | SourceOrg
                    | SourceOrgPath
                    | SourceIp
                    | Network
                    | MountTarget
                    | Token
            ),
            Caller::Known { .. } | Caller::Other => true,
        }
    }

    pub(super) fn brings(&self, key: Key, constraints: &[&Constraint<'_>]) -> Bring {
        match (key, self) {
            (Key::Request, _) | (_, Caller::Other) => Bring::Anything,
            (Key::Unknown, Caller::Known { .. }) => Bring::Anything,
            (Key::Unknown, _) => Bring::Undecided,
            (_, Caller::Known { account, arn }) => known(key, account, *arn),
            (_, Caller::Signed) => signed(key, constraints),
            (_, Caller::Anonymous) => anonymous(key, constraints),
            (_, Caller::Service(name)) => service(key, *name, constraints),
        }
    }
}

fn known(key: Key, account: &Account, arn: Option<&Text>) -> Bring {
    match (key, arn) {
        (Key::PrincipalAccount, _) => one(account.id.clone()),
        (Key::PrincipalArn, Some(arn)) => one(arn.clone()),
        (Key::IsService, _) => one("false"),
        // These are there only where a service calls.
        (Key::ServiceName | Key::SourceAccount | Key::SourceArn | Key::SourceOrg | Key::SourceOrgPath, _) => absent(),
        _ => Bring::Anything,
    }
}

fn signed(key: Key, constraints: &[&Constraint<'_>]) -> Bring {
    match key {
        Key::PrincipalAccount => one(stranger(constraints)),
        Key::PrincipalArn => of(strange::principals(constraints)),
        Key::PrincipalId => of(ids(constraints)),
        Key::PrincipalOrg => or_absent([STRANGE_ORG.to_owned()]),
        Key::PrincipalOrgPath => or_absent([format!("{STRANGE_ORG}/r-zq7w/ou-zq7w-3x9k1v2b/")]),
        Key::IsService => one("false"),
        Key::ServiceName
        | Key::SourceAccount
        | Key::SourceOwner
        | Key::SourceArn
        | Key::SourceOrg
        | Key::SourceOrgPath => absent(),
        Key::AccessPointAccount => or_absent([stranger(constraints).to_owned()]),
        Key::AccessPointArn => or_absent(strange::access_points(constraints)),
        Key::SourceIp | Key::Network | Key::MountTarget | Key::Token => from_anywhere(key, constraints),
        Key::UrlAuth => of(["NONE".to_owned(), "AWS_IAM".to_owned()]),
        Key::Request => Bring::Anything,
        Key::Unknown => Bring::Undecided,
    }
}

fn anonymous(key: Key, constraints: &[&Constraint<'_>]) -> Bring {
    match key {
        Key::PrincipalAccount => or_absent(["anonymous".to_owned()]),
        Key::PrincipalArn | Key::PrincipalOrg | Key::PrincipalOrgPath | Key::IsService => absent(),
        Key::PrincipalId => or_absent(["anonymous".to_owned()]),
        Key::UrlAuth => or_absent(["NONE".to_owned()]),
        _ => signed(key, constraints),
    }
}

fn service(key: Key, name: Option<&Text>, constraints: &[&Constraint<'_>]) -> Bring {
    match key {
        Key::IsService => one("true"),
        Key::ServiceName => match name {
            // A service has names for regions too, which this key lists.
            Some(_) if are_on(constraints, "aws:PrincipalServiceNamesList") => Bring::Undecided,
            Some(name) => one(name.clone()),
            None => Bring::Anything,
        },
        // A service belongs to no organization; which account and ARN it shows is not documented.
        Key::PrincipalOrg | Key::PrincipalOrgPath => absent(),
        Key::PrincipalAccount | Key::PrincipalArn | Key::PrincipalId => Bring::Undecided,
        Key::SourceAccount | Key::SourceOwner => or_absent([stranger(constraints).to_owned()]),
        Key::SourceArn => or_absent(strange::sources(name, constraints)),
        Key::SourceOrg => or_absent([STRANGE_ORG.to_owned()]),
        Key::SourceOrgPath => or_absent([format!("{STRANGE_ORG}/r-zq7w/ou-zq7w-3x9k1v2b/")]),
        _ => signed(key, constraints),
    }
}

fn from_anywhere(key: Key, constraints: &[&Constraint<'_>]) -> Bring {
    match key {
        Key::SourceIp => or_absent(addresses(constraints)),
        Key::Network => or_absent([network(constraints)]),
        Key::MountTarget => or_absent(["false".to_owned()]),
        _ => or_absent(["not-the-token".to_owned()]),
    }
}

/// A network of a stranger, in the form that the key has.
fn network(constraints: &[&Constraint<'_>]) -> String {
    let on = |key| are_on(constraints, key);
    if on("aws:VpceAccount") {
        stranger(constraints).to_owned()
    } else if on("aws:VpceOrgID") {
        STRANGE_ORG.to_owned()
    } else if on("aws:VpceOrgPaths") {
        format!("{STRANGE_ORG}/r-zq7w/ou-zq7w-3x9k1v2b/")
    } else if on("aws:SourceVpcArn") {
        format!(
            "arn:aws:ec2:us-east-1:{}:vpc/vpc-0a9b8c7d6e5f40312",
            stranger(constraints)
        )
    } else if on("aws:SourceVpce") {
        "vpce-0a9b8c7d6e5f40312".to_owned()
    } else {
        "vpc-0a9b8c7d6e5f40312".to_owned()
    }
}

/// Whether the constraints, which are on one key, are on this one.
fn are_on(constraints: &[&Constraint<'_>], key: &str) -> bool {
    constraints
        .first()
        .is_some_and(|constraint| constraint.condition.is_on(key))
}

fn one(value: impl Into<Text>) -> Bring {
    Bring::Of(vec![Presence::Values(vec![value.into()])])
}

fn absent() -> Bring {
    Bring::Of(vec![Presence::Absent])
}

fn of(values: impl IntoIterator<Item = String>) -> Bring {
    Bring::Of(values.into_iter().map(|value| present(&value)).collect())
}

fn or_absent(values: impl IntoIterator<Item = String>) -> Bring {
    let values = values.into_iter().map(|value| present(&value));
    Bring::Of(values.chain([Presence::Absent]).collect())
}

fn present(value: &str) -> Presence {
    Presence::Values(vec![Text::literal(value)])
}

fn literals<'a>(constraints: &'a [&Constraint<'_>]) -> impl Iterator<Item = &'a str> {
    constraints
        .iter()
        .flat_map(|constraint| &constraint.condition.values)
        .filter_map(|leaf| leaf.text.as_literal())
}

/// An account id that the conditions do not name, nor by a part of it: `9071*`.
pub(super) fn stranger(constraints: &[&Constraint<'_>]) -> &'static str {
    let partly = |segment: &&str| segment.contains(['*', '?']) && segment.contains(|c: char| c.is_ascii_digit());
    let parts: Vec<_> = literals(constraints)
        .flat_map(|value| value.split(':'))
        .filter(partly)
        .map(Text::literal)
        .collect();
    let is_named = |id: &str| {
        let by_part = |part| pattern::matches(part, &Text::literal(id), Grammar::STRING).is_yes();
        literals(constraints).any(|value| value.contains(id)) || parts.iter().any(by_part)
    };
    let mut strangers = STRANGERS.iter().copied();
    strangers.find(|id| !is_named(id)).unwrap_or("268495037716")
}

/// Unique ids that a stranger can have: of a role, whose session may have any name, of a user, of a
/// root user.
fn ids(constraints: &[&Constraint<'_>]) -> Vec<String> {
    const ROLE: &str = "AROAZQ7W3X9K1VSTRANGER";
    let sessions = literals(constraints).filter_map(|value| value.split_once(':'));
    let sessions = sessions.map(|(_, session)| format!("{ROLE}:{}", filled(session)));
    let others = [
        format!("{ROLE}:session"),
        "AIDAZQ7W3X9K1VSTRANGER".to_owned(),
        stranger(constraints).to_owned(),
    ];
    others.into_iter().chain(sessions).collect()
}

/// A string that the pattern covers.
pub(super) fn filled(pattern: &str) -> String {
    pattern.replace(['*', '?'], "x")
}

/// Addresses of the internet that the conditions do not hold, where there are any.
fn addresses(constraints: &[&Constraint<'_>]) -> Vec<String> {
    const PROBES: &[&str] = &[
        "198.41.0.4",
        "93.184.215.14",
        "8.8.8.8",
        "45.33.32.156",
        "2606:4700::1111",
    ];
    let (broad, networks): (Vec<_>, Vec<_>) = literals(constraints)
        .filter_map(Network::parse)
        .partition(Network::is_broad);
    let outside = |probe: &&str| {
        Network::parse(probe).is_some_and(|probe| !networks.iter().any(|network| network.contains(&probe)))
    };
    let mut probes: Vec<String> = PROBES.iter().copied().filter(outside).map(str::to_owned).collect();
    // An address that the conditions do hold counts for a stranger only where they hold them all.
    if probes.is_empty() || Network::cover_everything(&networks) {
        probes.extend(PROBES.iter().map(|probe| (*probe).to_owned()));
    }
    // Anybody can rent an address of a block that large.
    probes.extend(broad.iter().map(|network| network.an_address().to_string()));
    probes
}

/// The request that variables in the values are taken from: what is known of every caller.
pub(super) fn request() -> Context {
    Context::unknown()
        .with("aws:ResourceAccount", OWN)
        .with("aws:ResourceOrgID", OWN)
}

/// Whether a principal's ARN can be of the account.
pub(super) fn is_of(arn: &Text, account: &Account) -> bool {
    match Arn::parse(arn) {
        Some(arn) => !pattern::overlaps(&arn.account, &account.id, Grammar::STRING).is_no(),
        None => true,
    }
}
