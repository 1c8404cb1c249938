//! IAM.

use crate::cx::Cx;
use crate::props::Props;
use maremma_model::Resource;
use maremma_model::noun::*;

pub(crate) fn role(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Role {
    Role {
        path: p.text("Path").or_default("/".into()),
        trust: p.document("AssumeRolePolicyDocument"),
        policies: attached(p),
        max_session_duration: p.number("MaxSessionDuration").or_default(3600),
        resource,
    }
}

fn attached(p: &Props<'_>) -> AttachedPolicies {
    let inline = |policy: &Props<'_>| InlinePolicy {
        name: policy.text("PolicyName"),
        document: policy.document("PolicyDocument"),
    };
    AttachedPolicies {
        inline: p.list("Policies").iter().map(inline).collect(),
        managed: p.links("ManagedPolicyArns"),
        boundary: p.link("PermissionsBoundary"),
    }
}

pub(crate) fn user(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> User {
    User {
        policies: attached(p),
        groups: p.links("Groups"),
        resource,
    }
}

pub(crate) fn group(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Group {
    Group {
        policies: attached(p),
        resource,
    }
}

pub(crate) fn managed_policy(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Policy {
    Policy {
        managed: true,
        document: p.document("PolicyDocument"),
        roles: p.links("Roles"),
        users: p.links("Users"),
        groups: p.links("Groups"),
        resource,
    }
}

/// `AWS::IAM::Policy` names lists; `RolePolicy` and its siblings name one.
pub(crate) fn inline_policy(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Policy {
    let one_or_many = |many: &str, one: &str| if p.has(one) { one.to_owned() } else { many.to_owned() };
    Policy {
        managed: false,
        document: p.document("PolicyDocument"),
        roles: p.links(&one_or_many("Roles", "RoleName")),
        users: p.links(&one_or_many("Users", "UserName")),
        groups: p.links(&one_or_many("Groups", "GroupName")),
        resource,
    }
}
