//! Whether a trust policy says which identities of a shared identity provider it means.

use maremma_iam::{Limit, Match, Party};
use maremma_model::{Text, Why};

/// A provider that vouches for identities of everybody, and the claims that tell ours from others'.
struct Shared {
    issuer: &'static str,
    /// Whether an identity begins with a name that its owner chose, and not with an id of the provider.
    by_name: bool,
    claims: &'static [&'static str],
}

/// Sources: AWS IAM user guide, "Create a role for OpenID Connect federation" and "IAM and AWS STS
/// condition context keys"; each provider's page on the claims of its tokens.
const SHARED: &[Shared] = &[
    Shared {
        issuer: "token.actions.githubusercontent.com",
        by_name: true,
        claims: &[
            "sub",
            "enterprise",
            "enterprise_id",
            "job_workflow_ref",
            "repository",
            "repository_id",
            "repository_owner",
            "repository_owner_id",
        ],
    },
    Shared {
        issuer: "gitlab.com",
        by_name: true,
        claims: &["sub"],
    },
    Shared {
        issuer: "app.terraform.io",
        by_name: true,
        claims: &["sub"],
    },
    Shared {
        issuer: "agent.buildkite.com",
        by_name: true,
        claims: &["sub"],
    },
    Shared {
        issuer: "cognito-identity.amazonaws.com",
        by_name: false,
        claims: &["aud", "sub"],
    },
    Shared {
        issuer: "accounts.google.com",
        by_name: false,
        claims: &["aud", "oaud", "sub"],
    },
    Shared {
        issuer: "www.amazon.com",
        by_name: false,
        claims: &["app_id", "user_id"],
    },
    Shared {
        issuer: "graph.facebook.com",
        by_name: false,
        claims: &["app_id", "id"],
    },
];

/// Whether strangers' identities of the provider are let in, and the hole that decides it.
pub(crate) fn strangers(provider: &Text, party: &Party) -> (Match, Option<Why>) {
    let Some(shared) = SHARED.iter().find(|shared| is_of(provider, shared.issuer)) else {
        return (Match::No, None);
    };
    let telling = party
        .limits
        .iter()
        .filter(|limit| limit.positive && tells(limit, shared));
    let mut open = (Match::Yes, None);
    for limit in telling {
        let one = values(limit, shared);
        open = match (one.0, open.0) {
            (Match::No, _) => return one,
            (Match::Unknown, _) => one,
            (Match::Yes, _) => open,
        };
    }
    open
}

/// Whether an identity pool's guests are let in: everybody who knows the id of the pool, which is in the
/// code of every page and app that uses it.
/// Source: Amazon Cognito developer guide, "IAM roles" of identity pools.
pub(crate) fn admits_guests(provider: &Text, party: &Party) -> bool {
    let guests = |limit: &&Limit| {
        let named = |value: &Text| value.as_literal() == Some("unauthenticated");
        limit.positive
            && limit.key.eq_ignore_ascii_case("cognito-identity.amazonaws.com:amr")
            && limit.values.iter().any(named)
    };
    is_of(provider, "cognito-identity.amazonaws.com") && party.limits.iter().any(|limit| guests(&limit))
}

/// `arn:aws:iam::123456789012:oidc-provider/gitlab.com`, or the name of a provider that IAM knows. What
/// has a path behind it (`token.actions.githubusercontent.com/octo-enterprise`) vouches for one customer.
fn is_of(provider: &Text, issuer: &str) -> bool {
    let end = provider.suffix();
    let name = end.rsplit_once("oidc-provider/").map_or(end, |(_, name)| name);
    name == issuer
}

fn tells(limit: &Limit, shared: &Shared) -> bool {
    // `Null` asks only whether the claim is there.
    let claim = limit.key.rsplit_once(':').map(|(_, claim)| claim);
    let claim = claim.filter(|_| !limit.operator.ends_with("Null"));
    claim.is_some_and(|claim| shared.claims.iter().any(|telling| telling.eq_ignore_ascii_case(claim)))
}

/// Whether one of the values is met by anybody's identity.
fn values(limit: &Limit, shared: &Shared) -> (Match, Option<Why>) {
    if !limit.operator.contains("Like") {
        return (Match::No, None);
    }
    let undecided = limit
        .values
        .iter()
        .find_map(|value| (owner(value) == Some("")).then(|| value.why().cloned())?);
    let any = limit
        .values
        .iter()
        .any(|value| owner(value).is_some_and(|owner| leaves_owner_open(owner, shared)));
    match (any, undecided) {
        (true, _) => (Match::Yes, None),
        (false, Some(why)) => (Match::Unknown, Some(why)),
        (false, None) => (Match::No, None),
    }
}

/// Whether the pattern leaves open whose it is: `*`, and as others can take a name that begins like
/// ours, `octo*` too, but not `octo/*`.
fn leaves_owner_open(owner: &str, shared: &Shared) -> bool {
    match owner.find(['*', '?']) {
        Some(0) => true,
        Some(at) => shared.by_name && !owner.get(..at).is_some_and(|known| known.contains(['/', ':'])),
        None => false,
    }
}

/// What is known of a subject behind its first label: of `repo:orders/site:*` what begins with `orders`.
fn owner(value: &Text) -> Option<&str> {
    let known = value.prefix();
    match known.split_once(':') {
        Some((_, owner)) if !known.starts_with('*') => Some(owner),
        _ => Some(known),
    }
}
