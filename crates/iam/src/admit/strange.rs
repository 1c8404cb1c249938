//! ARNs that a stranger can have, among those that conditions name or leave open.

use super::caller::{filled, stranger};
use super::narrow::{Constraint, OWN};
use crate::pattern::{self, Grammar};
use maremma_model::{Piece, Text};
use std::collections::HashSet;

/// How the ARNs of a kind look where a pattern leaves them open.
struct Kind<'a> {
    service: &'a str,
    region: &'a str,
    resource: &'a str,
    /// An ARN of another service is of another kind.
    exact: bool,
}

const fn principal(service: &'static str, resource: &'static str) -> Kind<'static> {
    Kind {
        service,
        region: "",
        resource,
        exact: true,
    }
}

const fn resource<'a>(service: &'a str, resource: &'a str) -> Kind<'a> {
    Kind {
        service,
        region: "us-east-1",
        resource,
        exact: false,
    }
}

/// `aws:PrincipalArn`: the session of a role shows its role, that of a federated user itself.
pub(super) fn principals(constraints: &[&Constraint<'_>]) -> Vec<String> {
    const KINDS: &[Kind<'static>] = &[
        principal("iam", "role/stranger"),
        principal("iam", "user/stranger"),
        principal("iam", "root"),
        principal("sts", "federated-user/stranger"),
    ];
    arns(constraints, KINDS)
}

pub(super) fn access_points(constraints: &[&Constraint<'_>]) -> Vec<String> {
    arns(constraints, &[resource("s3", "accesspoint/stranger")])
}

/// `aws:SourceArn`: ARNs name a service as its principal does, near enough: `s3` of
/// `s3.amazonaws.com`.
pub(super) fn sources(name: Option<&Text>, constraints: &[&Constraint<'_>]) -> Vec<String> {
    // Some that act for the resources of others, where it is not known which service does.
    const ANY: &[&str] = &["lambda", "events", "s3", "sns"];
    let label = name.and_then(Text::as_literal).and_then(|name| name.split('.').next());
    let services = label.as_ref().map_or(ANY, std::slice::from_ref);
    let kinds: Vec<_> = services.iter().map(|service| resource(service, "stranger")).collect();
    arns(constraints, &kinds)
}

/// Of each kind a plain one, and one for each pattern that leaves the account open or a name that
/// nobody holds yet.
fn arns(constraints: &[&Constraint<'_>], kinds: &[Kind<'_>]) -> Vec<String> {
    let account = stranger(constraints);
    let values = constraints.iter().flat_map(|constraint| &constraint.condition.values);
    let patterns = values.map(|leaf| at_its_widest(&leaf.text));
    let mut seen = HashSet::new();
    let mut arns = Vec::new();
    for pattern in std::iter::once("*".to_owned()).chain(patterns) {
        let strange = kinds.iter().filter_map(|kind| strange_arn(&pattern, account, kind));
        arns.extend(strange.filter(|arn| seen.insert(arn.clone())));
    }
    arns
}

/// The value with a wildcard for each hole that may hold one.
fn at_its_widest(text: &Text) -> String {
    let widest = |piece: &Piece| match piece {
        Piece::Literal(text) => text.to_string(),
        Piece::Hole(hole) if pattern::holds_no_wildcard(hole) => OWN.to_owned(),
        Piece::Hole(_) => "*".to_owned(),
    };
    match text {
        Text::Literal(text) => text.to_string(),
        Text::Holed(pieces) => pieces.iter().map(widest).collect(),
    }
}

/// Services whose resources are named by ids that AWS makes.
const ASSIGNED: &[&str] = &[
    "cloudfront",
    "cognito-identity",
    "cognito-idp",
    "ec2",
    "execute-api",
    "kms",
];

/// An ARN that the pattern covers and that a stranger can own, where there is one; of the kind, as
/// far as the pattern leaves it open.
fn strange_arn(pattern: &str, account: &str, kind: &Kind<'_>) -> Option<String> {
    const SEGMENTS: usize = 6;
    let mut segments: Vec<&str> = pattern.splitn(SEGMENTS, ':').collect();
    if segments.len() < SEGMENTS && !pattern.ends_with('*') {
        // A string pattern such as `*:role/deploy`.
        let tail = segments.pop().filter(|_| pattern.contains('*'))?;
        segments = vec!["*", "*", "*", "*", "*", tail];
    }
    segments.resize(SEGMENTS, "*");
    let [_, partition, service, region, owner, name] = <[&str; SEGMENTS]>::try_from(segments).ok()?;
    let partition = fitting(partition, "aws");
    let service = fitting(service, kind.service);
    if kind.exact && service != kind.service {
        return None;
    }
    let resource = fitting(name, kind.resource);
    // The ARN of a bucket has neither region nor account.
    let bucket = service == "s3" && !resource.starts_with("accesspoint");
    let region = fitting(region, if bucket { "" } else { kind.region });
    let owner = if bucket && is_open(owner) { "" } else { owner };
    // Objects of a bucket belong to whoever has the bucket.
    let name = match service.as_str() {
        "s3" => name.split('/').next().unwrap_or_default(),
        _ => name,
    };
    // Nobody can choose an id that AWS makes.
    if ASSIGNED.contains(&service.as_str()) && !name.starts_with(['*', '?']) {
        return None;
    }
    let (open, owner) = if owner.is_empty() {
        (name, owner)
    } else {
        (owner, account)
    };
    is_open(open).then(|| format!("arn:{partition}:{service}:{region}:{owner}:{resource}"))
}

fn is_open(segment: &str) -> bool {
    segment.contains(['*', '?'])
}

/// What is usual, where the pattern covers it; otherwise something that it does.
fn fitting(pattern: &str, usual: &str) -> String {
    let covered = pattern::matches(&Text::literal(pattern), &Text::literal(usual), Grammar::STRING);
    if covered.is_yes() {
        usual.to_owned()
    } else {
        filled(pattern)
    }
}

/// Whether a string pattern covers ARNs of a stranger, in whatever way.
pub(super) fn may_be_strange(pattern: &Text, constraints: &[&Constraint<'_>]) -> bool {
    const SEGMENTS: usize = 5;
    let short = pattern
        .as_literal()
        .is_some_and(|text| text.matches(':').count() < SEGMENTS);
    let strange = Text::literal(format!("arn:*:*:*:{}:*", stranger(constraints)));
    short && !pattern::meet(pattern, Grammar::STRING, &strange, Grammar::ARN).is_no()
}
