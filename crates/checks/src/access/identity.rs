//! What a role may do: its policies of every kind, each with the resource that carries it.

use crate::context::Context;
use crate::verdict::answer::Carrier;
use maremma_facts::sources;
use maremma_iam::condition::Context as Request;
use maremma_iam::{Arn, Boundary, IdentityPolicies, Policy, PrincipalKind, Principals};
use maremma_model::noun::{Items, Role};
use maremma_model::{Estate, Existence, Function, Id, Link, Location, State, Text, Why};
use std::collections::HashMap;
use std::sync::Arc;

/// An AWS managed policy that a role of the estate names.
#[derive(Debug)]
pub(crate) struct AwsPolicy {
    pub(crate) name: Arc<str>,
    /// Whether AWS made it for a service to work as it documents: `service-role/...`.
    pub(crate) for_service: bool,
    policy: Policy,
}

/// The AWS managed policies that the roles name, by ARN in the `aws` partition.
pub(crate) fn aws_policies(estate: &Estate) -> HashMap<Arc<str>, AwsPolicy> {
    let mut found = HashMap::new();
    for role in estate.roles.values() {
        let managed = attachments(&role.policies.managed).filter_map(|attachment| attachment.link.ok());
        for link in managed.chain(role.policies.boundary.value()) {
            let Some(arn) = aws_arn(link).filter(|arn| !found.contains_key(arn.as_str())) else {
                continue;
            };
            if let Some(fact) = maremma_facts::managed_policy(&arn) {
                let document = maremma_model::Document::string(&fact.document, role.resource.at.clone());
                let policy = AwsPolicy {
                    name: fact.name.as_str().into(),
                    for_service: matches!(fact.path.as_str(), "/service-role/" | "/aws-service-role/"),
                    policy: Policy::read(&document),
                };
                found.insert(arn.into(), policy);
            }
        }
    }
    found
}

/// The ARN of a policy of AWS, in the `aws` partition.
fn aws_arn(link: &Link<maremma_model::Policy>) -> Option<String> {
    let Link::Outside(text) = link else { return None };
    let arn = Arn::parse(text)?;
    is_of_aws(&arn).then(|| format!("arn:aws:iam::aws:{}", arn.resource))
}

fn is_of_aws(arn: &Arn) -> bool {
    arn.service.as_literal() == Some("iam") && arn.account.as_literal() == Some("aws")
}

/// One entry of `ManagedPolicyArns`.
struct Attachment<'a> {
    link: Result<&'a Link<maremma_model::Policy>, &'a Why>,
    at: &'a Location,
    /// In which world, where that is not decided.
    when: Option<&'a Arc<str>>,
}

fn attachments(managed: &Items<Link<maremma_model::Policy>>) -> impl Iterator<Item = Attachment<'_>> {
    worlds(&managed.state, &managed.at, None).flat_map(|(items, at, outer)| {
        let (items, why) = match items {
            Ok(items) => (items.as_slice(), None),
            Err(why) => (&[][..], Some(why)),
        };
        let unknown = why.map(|why| Attachment {
            link: Err(why),
            at,
            when: outer,
        });
        let known = items.iter().flat_map(move |item| {
            worlds(&item.state, &item.at, outer).map(|(link, at, when)| Attachment { link, at, when })
        });
        known.chain(unknown)
    })
}

type InWorld<'a, T> = (Result<&'a T, &'a Why>, &'a Location, Option<&'a Arc<str>>);

/// The values of a setting, each with its world; those that are not known with the reason.
fn worlds<'a, T>(
    state: &'a State<T>,
    at: &'a Location,
    outer: Option<&'a Arc<str>>,
) -> impl Iterator<Item = InWorld<'a, T>> {
    let mut found = Vec::new();
    match state {
        State::Set(value) | State::Default(value) => found.push((Ok(value), at, outer)),
        State::Unset => {}
        State::Unknown(unknown) if unknown.candidates.is_empty() => found.push((Err(&unknown.why), at, outer)),
        State::Unknown(unknown) => found.extend(unknown.candidates.iter().filter_map(|candidate| {
            let value = match &candidate.state {
                State::Set(value) | State::Default(value) => Ok(value),
                State::Unset => return None,
                State::Unknown(inner) => Err(&inner.why),
            };
            Some((value, &candidate.at, Some(&candidate.when)))
        })),
    }
    found.into_iter()
}

/// One policy of a role.
#[derive(Clone, Debug)]
pub(crate) struct Source<'a> {
    pub(crate) carrier: Carrier<'a>,
    pub(crate) policy: &'a Policy,
    pub(crate) aws: Option<&'a AwsPolicy>,
    /// Attached only in this world.
    pub(crate) when: Option<&'a Arc<str>>,
}

/// A policy of which nothing is known but that it is there.
#[derive(Clone, Debug)]
pub(crate) struct Unseen {
    pub(crate) at: Location,
    pub(crate) doubt: String,
    pub(crate) why: Why,
}

/// An execution role with all of its policies.
#[derive(Debug)]
pub(crate) struct Identity<'a> {
    pub(crate) id: Id<Role>,
    pub(crate) row: &'a Role,
    pub(crate) sources: Vec<Source<'a>>,
    pub(crate) unseen: Vec<Unseen>,
    pub(crate) policies: IdentityPolicies<'a>,
    pub(crate) functions: &'a [Id<Function>],
}

/// The roles under which functions run, or may run because the role trusts Lambda; `None` for others.
pub(crate) fn identity<'c>(context: &'c Context<'_>, id: Id<Role>, row: &'c Role) -> Option<Identity<'c>> {
    let functions = context.relations.functions_of_role(id);
    if functions.is_empty() && !trusts_lambda(context, id) {
        return None;
    }
    let mut identity = Identity {
        id,
        row,
        sources: inline(context, id, row),
        unseen: Vec::new(),
        policies: IdentityPolicies::default(),
        functions,
    };
    for attachment in attachments(&row.policies.managed) {
        identity.attach(context, attachment);
    }
    for policy in context.relations.policies_of_role(id) {
        identity.sources.extend(separate(context, *policy, None));
    }
    // A policy that may not be there takes nothing away for sure.
    let there = |source: &&Source<'_>| {
        let exists = &source.carrier.resource.exists;
        source.when.is_none() && (*exists == Existence::Always || *exists == row.resource.exists)
    };
    identity.policies = IdentityPolicies {
        policies: identity
            .sources
            .iter()
            .filter(there)
            .map(|source| source.policy)
            .collect(),
        boundary: boundary(context, row),
        request: of_a_session(),
    };
    Some(identity)
}

/// What every request has that code makes with the credentials of its execution role: it is of a
/// role's session, and no service's. That it comes by TLS is the caller's choice.
/// Source: IAM user guide, "AWS global condition context keys", availability of each key.
fn of_a_session() -> Request {
    const ABSENT: &[&str] = &[
        "aws:FederatedProvider",
        "aws:PrincipalServiceName",
        "aws:PrincipalServiceNamesList",
        "aws:SourceAccount",
        "aws:SourceArn",
        "aws:SourceOrgID",
        "aws:SourceOrgPaths",
        "aws:username",
    ];
    let known = Request::unknown()
        .with("aws:PrincipalIsAWSService", "false")
        .with("aws:PrincipalType", "AssumedRole")
        .with("aws:SecureTransport", "true");
    ABSENT.iter().fold(known, |request, key| request.without(key))
}

fn trusts_lambda(context: &Context<'_>, id: Id<Role>) -> bool {
    let statements = context
        .policies
        .trust(id)
        .into_iter()
        .flat_map(|policy| policy.allows());
    let principals = statements.flat_map(|statement| match &statement.principals {
        Principals::Only(principals) => principals.as_slice(),
        Principals::Unstated | Principals::AllBut(_) => &[],
    });
    let mut services = principals.filter(|principal| principal.kind == PrincipalKind::Service);
    services.any(|service| is_lambda(&service.text))
}

/// `lambda.amazonaws.com` and the service that runs functions at the edge, whatever the suffix.
pub(crate) fn is_lambda(service: &Text) -> bool {
    let name = service.prefix();
    name.starts_with("lambda.") || name.starts_with("edgelambda.")
}

fn inline<'c>(context: &'c Context<'_>, id: Id<Role>, row: &'c Role) -> Vec<Source<'c>> {
    let policies = row.policies.inline.iter().zip(context.policies.inline(id));
    policies
        .filter_map(|(inline, policy)| {
            let name = inline
                .name
                .value()
                .map_or_else(|| "inline".to_owned(), ToString::to_string);
            Some(Source {
                carrier: Carrier {
                    id: id.into(),
                    resource: &row.resource,
                    policy: name.into(),
                    attached_at: None,
                },
                policy: policy.as_ref()?,
                aws: None,
                when: None,
            })
        })
        .collect()
}

fn separate<'c>(
    context: &'c Context<'_>,
    id: Id<maremma_model::Policy>,
    when: Option<&'c Arc<str>>,
) -> Option<Source<'c>> {
    let resource = &context.estate.policies.get(id)?.resource;
    Some(Source {
        carrier: Carrier {
            id: id.into(),
            resource,
            policy: context.name(id),
            attached_at: None,
        },
        policy: context.policies.attached(id)?,
        aws: None,
        when,
    })
}

impl<'c> Identity<'c> {
    fn attach(&mut self, context: &'c Context<'_>, attachment: Attachment<'c>) {
        let link = match attachment.link {
            Ok(Link::Unknown(why)) | Err(why) => return self.unseen(attachment.at, "a managed policy", why.clone()),
            Ok(link) => link,
        };
        if let Some(id) = link.here() {
            let named = context.relations.policies_of_role(self.id);
            if !named.contains(&id) {
                self.sources.extend(separate(context, id, attachment.when));
            }
            return;
        }
        let Some(aws) = aws_arn(link).and_then(|arn| context.policies.aws(&arn)) else {
            let Link::Outside(arn) = link else { return };
            return self.unseen(attachment.at, &format!("the managed policy {arn}"), unread(arn));
        };
        self.sources.push(Source {
            carrier: Carrier {
                id: self.id.into(),
                resource: &self.row.resource,
                policy: aws.name.clone(),
                attached_at: Some(attachment.at),
            },
            policy: &aws.policy,
            aws: Some(aws),
            when: attachment.when,
        });
    }

    fn unseen(&mut self, at: &Location, what: &str, why: Why) {
        self.unseen.push(Unseen {
            at: at.clone(),
            doubt: format!("the document of {what} is not known"),
            why,
        });
    }
}

fn boundary<'c>(context: &'c Context<'_>, row: &'c Role) -> Boundary<'c> {
    let setting = &row.policies.boundary;
    let link = match &setting.state {
        State::Unset => return Boundary::Unbounded,
        State::Unknown(unknown) => return Boundary::Unknown(unknown.why.clone()),
        State::Set(link) | State::Default(link) => link,
    };
    let known = match link {
        Link::Here(id) => context.policies.attached(*id),
        Link::Outside(_) => aws_arn(link)
            .and_then(|arn| context.policies.aws(&arn))
            .map(|aws| &aws.policy),
        Link::Unknown(why) => return Boundary::Unknown(why.clone()),
    };
    match (known, link) {
        (Some(policy), _) => Boundary::Policy(policy),
        (None, Link::Outside(arn)) => Boundary::Unknown(unread(arn)),
        (None, _) => Boundary::Unknown(Why::NotKept),
    }
}

/// Why the document of a managed policy outside of the input is not known.
fn unread(named: &Text) -> Why {
    let arn = Arn::parse(named);
    let words = match (&arn, named.why()) {
        (None, Some(why)) => return why.clone(),
        (Some(arn), _) if is_of_aws(arn) => {
            let dated = sources()
                .iter()
                .find(|source| source.name == "managed-policies")
                .map_or_else(String::new, |source| format!(" of {}", source.date));
            format!("{named} is not in the facts{dated}: AWS may have withdrawn it, or added it since")
        }
        (Some(arn), _) if arn.service.as_literal().is_none_or(|service| service == "iam") => {
            format!("{named} is not in this input")
        }
        _ => format!("{named} is not a well-formed ARN of a policy"),
    };
    Why::Unresolved(words.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_a_policy_is_not_read_is_said_of_each_kind() {
        let why = |arn: &str| unread(&Text::literal(arn)).to_string();
        let newer = why("arn:aws:iam::aws:policy/AWSOrdersFullAccess");
        let facts = "arn:aws:iam::aws:policy/AWSOrdersFullAccess is not in the facts of 20";
        assert!(newer.starts_with(facts), "{newer}");
        assert!(
            newer.ends_with(": AWS may have withdrawn it, or added it since"),
            "{newer}"
        );
        let unfilled = "arn:{AWS::Partition}:iam::aws:policy/AdministratorAccess";
        assert_eq!(
            why(unfilled),
            format!("{unfilled} is not a well-formed ARN of a policy")
        );
        assert_eq!(why("OrdersPolicy"), "OrdersPolicy is not a well-formed ARN of a policy");
        let bucket = "arn:aws:s3:::orders";
        assert_eq!(why(bucket), format!("{bucket} is not a well-formed ARN of a policy"));
        let own = "arn:aws:iam::123456789012:policy/orders";
        assert_eq!(why(own), format!("{own} is not in this input"));
        let import = Why::Import("OrdersPolicy".into());
        assert_eq!(unread(&Text::hole(import.clone())), import);
    }
}
