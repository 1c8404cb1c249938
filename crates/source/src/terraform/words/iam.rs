//! IAM.

use super::read::{at, texts};
use super::table::*;
use super::translation::Translation;
use crate::terraform::instance::Instance;
use maremma_model::{AnyId, Document, Value};
use std::collections::HashSet;
use std::sync::Arc;

const ROLE: &str = "AWS::IAM::Role";
const USER: &str = "AWS::IAM::User";
const GROUP: &str = "AWS::IAM::Group";
const MANAGED: &str = "AWS::IAM::ManagedPolicy";

pub(super) const WORDS: &[Word] = &[
    Word::own("aws_iam_role", ROLE, ROLE_ENTRIES),
    Word::own("aws_iam_user", USER, USER_ENTRIES),
    Word::own(
        "aws_iam_group",
        GROUP,
        &[text("name", "GroupName"), text("path", "Path")],
    ),
    Word::own("aws_iam_policy", MANAGED, POLICY),
    Word::own("aws_iam_role_policy", "AWS::IAM::RolePolicy", ROLE_POLICY),
    Word::own("aws_iam_user_policy", "AWS::IAM::UserPolicy", USER_POLICY),
    Word::own("aws_iam_group_policy", "AWS::IAM::GroupPolicy", GROUP_POLICY),
    Word::item(
        "aws_iam_role_policy_attachment",
        ("role", ROLE, ARNS),
        &[text("policy_arn", "")],
    )
    .then(attachment),
    Word::item(
        "aws_iam_user_policy_attachment",
        ("user", USER, ARNS),
        &[text("policy_arn", "")],
    )
    .then(attachment),
    Word::item(
        "aws_iam_group_policy_attachment",
        ("group", GROUP, ARNS),
        &[text("policy_arn", "")],
    )
    .then(attachment),
    Word::item(
        "aws_iam_policy_attachment",
        ("roles", ROLE, ARNS),
        &[text("policy_arn", "")],
    )
    .then(attachments),
    Word::onto(
        "aws_iam_role_policy_attachments_exclusive",
        "role_name",
        ROLE,
        &[list("policy_arns", ARNS)],
    )
    .then(exclusive),
    Word::onto(
        "aws_iam_user_group_membership",
        "user",
        USER,
        &[list("groups", "Groups")],
    )
    .then(memberships),
    Word::item(
        "aws_iam_group_membership",
        ("users", USER, "Groups"),
        &[text("group", "")],
    )
    .then(members),
];

const ARNS: &str = "ManagedPolicyArns";

const ROLE_ENTRIES: &[Entry] = &[
    text("name", "RoleName"),
    prefix("name_prefix", "RoleName"),
    text("path", "Path"),
    json("assume_role_policy", "AssumeRolePolicyDocument"),
    each(
        "inline_policy",
        "Policies",
        &[text("name", "PolicyName"), json("policy", "PolicyDocument")],
    ),
    list("managed_policy_arns", ARNS),
    text("permissions_boundary", "PermissionsBoundary"),
    text("max_session_duration", "MaxSessionDuration"),
];

const USER_ENTRIES: &[Entry] = &[
    text("name", "UserName"),
    text("path", "Path"),
    text("permissions_boundary", "PermissionsBoundary"),
];

const POLICY: &[Entry] = &[
    text("name", "ManagedPolicyName"),
    prefix("name_prefix", "ManagedPolicyName"),
    text("path", "Path"),
    json("policy", "PolicyDocument"),
];

const ROLE_POLICY: &[Entry] = &[
    text("name", "PolicyName"),
    prefix("name_prefix", "PolicyName"),
    json("policy", "PolicyDocument"),
    text("role", "RoleName"),
];

const USER_POLICY: &[Entry] = &[
    text("name", "PolicyName"),
    prefix("name_prefix", "PolicyName"),
    json("policy", "PolicyDocument"),
    text("user", "UserName"),
];

const GROUP_POLICY: &[Entry] = &[
    text("name", "PolicyName"),
    prefix("name_prefix", "PolicyName"),
    json("policy", "PolicyDocument"),
    text("group", "GroupName"),
];

/// The attributes that name principals, with the type of those and the list of a policy that names them.
const PRINCIPALS: [(&str, &str, &str, &str); 3] = [
    ("role", "roles", ROLE, "Roles"),
    ("user", "users", USER, "Users"),
    ("group", "groups", GROUP, "Groups"),
];

/// A policy attached to one principal.
fn attachment(translation: &mut Translation<'_>, instance: &Instance) {
    let Some(policy) = at(&instance.body, "policy_arn") else {
        return;
    };
    for (one, _, cfn, list) in PRINCIPALS {
        if let Some(principal) = at(&instance.body, one) {
            attach(translation, instance, (&policy, &principal, one), cfn, list);
        }
    }
}

/// A policy attached to lists of principals.
fn attachments(translation: &mut Translation<'_>, instance: &Instance) {
    let Some(policy) = at(&instance.body, "policy_arn") else {
        return;
    };
    for (_, many, cfn, list) in PRINCIPALS {
        let Some(principals) = at(&instance.body, many) else {
            continue;
        };
        for one in items(&principals) {
            if translation.is_full() {
                return;
            }
            attach(translation, instance, (&policy, one, many), cfn, list);
        }
    }
}

/// Says it of the principal where that is here, else of the policy.
fn attach(
    translation: &mut Translation<'_>,
    instance: &Instance,
    (policy, principal, by): (&Document, &Document, &str),
    cfn: &'static str,
    list: &str,
) {
    let found = translation.targets(cfn, principal);
    for target in &found {
        translation.append(instance, target.clone(), ARNS, policy.clone());
    }
    if !found.is_empty() {
        return;
    }
    let policies: Vec<(AnyId, Option<Arc<str>>)> = translation.targets(MANAGED, policy);
    for target in &policies {
        translation.append(instance, target.clone(), list, principal.clone());
    }
    if policies.is_empty() {
        translation.adrift(instance, by, principal);
    }
}

/// The policies of a role that nobody else attaches: those that others here do attach are the same ones.
fn exclusive(translation: &mut Translation<'_>, instance: &Instance) {
    let (Some(role), Some(policies)) = (at(&instance.body, "role_name"), at(&instance.body, "policy_arns")) else {
        return;
    };
    let found = translation.targets(ROLE, &role);
    if found.is_empty() {
        translation.adrift(instance, "role_name", &role);
    }
    for target in found {
        let there = translation.get(target.0, ARNS);
        let there: HashSet<&Value> = there.iter().flat_map(Document::items).map(|one| &one.value).collect();
        let fresh = items(&policies).iter().filter(|policy| !there.contains(&policy.value));
        let fresh: Vec<_> = fresh.cloned().collect();
        translation.append_all(instance, target, ARNS, fresh);
    }
}

/// The groups of one user.
fn memberships(translation: &mut Translation<'_>, instance: &Instance) {
    let (Some(user), Some(groups)) = (at(&instance.body, "user"), at(&instance.body, "groups")) else {
        return;
    };
    let found = translation.targets(USER, &user);
    if found.is_empty() {
        translation.adrift(instance, "user", &user);
    }
    for target in found {
        translation.append_all(instance, target, "Groups", items(&groups).to_vec());
    }
}

/// The items of a list, or what stands in its place.
fn items(list: &Document) -> &[Document] {
    match &list.value {
        Value::List(items) => items,
        _ => std::slice::from_ref(list),
    }
}

/// The users of one group.
fn members(translation: &mut Translation<'_>, instance: &Instance) {
    let (Some(group), Some(users)) = (at(&instance.body, "group"), at(&instance.body, "users")) else {
        return;
    };
    if texts(&users).is_empty() && users.items().is_empty() {
        translation.adrift(instance, "users", &users);
    }
    for user in users.items() {
        if translation.is_full() {
            return;
        }
        for target in translation.targets(USER, user) {
            translation.append(instance, target, "Groups", group.clone());
        }
    }
}
