//! Roles, users, groups and their policies.

use super::*;
use maremma_model::{GapKind, Group, Items, Link, Policy, Role, User};
use serde_json::json;

/// What is attached: the address of a policy of the estate, or the ARN of one elsewhere.
fn managed(estate: &Estate, items: &Items<Link<Policy>>) -> Vec<String> {
    let one = |item: &Setting<Link<Policy>>| match item.value() {
        Some(Link::Here(id)) => estate.policies[*id].resource.address.to_string(),
        Some(Link::Outside(text)) => text.to_string(),
        _ => format!("{:?}", item.possible().collect::<Vec<_>>()),
    };
    items
        .value()
        .map_or(Vec::new(), |items| items.iter().map(one).collect())
}

#[test]
fn attachments_are_said_of_the_role() {
    let estate = estate(json!({
        "aws_iam_role.run": {
            "name": "run", "assume_role_policy": {"Statement": [{"Effect": "Allow"}]},
            "inline_policy": [{"name": "p", "policy": {"Statement": []}}, {"name": "", "policy": ""}, {}],
            "managed_policy_arns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"], "permissions_boundary": "arn:aws:iam::111122223333:policy/b"
        },
        "aws_iam_policy.own": {"name": "own", "policy": r#"{"Statement": [{"Effect": "Allow", "Action": "s3:*"}]}"#},
        "aws_iam_policy.wide": {"name": "wide", "policy": {"Statement": []}},
        "aws_iam_role_policy_attachment.a": {"role": "${aws_iam_role.run.name}", "policy_arn": "${aws_iam_policy.own.arn}"},
        // A plan has only names.
        "aws_iam_role_policy_attachment.b": {"role": "run", "policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess"},
        "aws_iam_role_policy_attachment.c": {"role": "elsewhere", "policy_arn": "${aws_iam_policy.wide.arn}"},
        "aws_iam_role_policy_attachments_exclusive.a": {"role_name": "run", "policy_arns": ["${aws_iam_policy.own.arn}", "arn:aws:iam::aws:policy/Other"]},
        "aws_iam_role_policy.inline": {"role": "${aws_iam_role.run.id}", "name": "inline", "policy": {"Statement": []}},
    }));
    let role: &Role = only(&estate);
    assert_eq!(role.policies.inline.len(), 1);
    assert_eq!(
        managed(&estate, &role.policies.managed),
        [
            "arn:aws:iam::aws:policy/ReadOnlyAccess",
            "aws_iam_policy.own",
            "arn:aws:iam::aws:policy/AdministratorAccess",
            "arn:aws:iam::aws:policy/Other"
        ]
    );
    let wide: &Policy = row(&estate, "aws_iam_policy.wide");
    let roles = wide.roles.value().unwrap();
    assert_eq!(roles[0].value(), Some(&Link::Outside(Text::literal("elsewhere"))));
    let inline: &Policy = row(&estate, "aws_iam_role_policy.inline");
    assert!(!inline.managed && matches!(inline.roles.value().unwrap()[0].value(), Some(Link::Here(_))));
}

#[test]
fn an_attachment_that_may_not_be_there_is_not_decided() {
    let estate = estate(json!({
        "aws_iam_role.run": {"name": "run"},
        "aws_iam_role_policy_attachment.a": {"count": "var.admin", "role": "run", "policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess"},
        "aws_iam_role_policy_attachment.b": {"role": {"when": "var.own", "then": "run", "else": "other"}, "policy_arn": "arn:aws:iam::aws:policy/B"},
    }));
    let role: &Role = only(&estate);
    let items = role.policies.managed.value().unwrap();
    let whens: Vec<_> = items
        .iter()
        .map(|item| match &item.state {
            State::Unknown(unknown) => unknown
                .candidates
                .iter()
                .map(|one| one.when.to_string())
                .collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(whens, [["var.admin", "not (var.admin)"], ["var.own", "not (var.own)"]]);
}

#[test]
fn an_attachment_to_nobody_knows_whom_is_told() {
    let estate = with_gaps(json!({
        "aws_iam_role.run": {"name": "run"},
        "aws_iam_role_policy_attachment.a": {"role": {"?": "known after apply"}, "policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess"},
        "aws_iam_role_policy_attachment.b": {"role": "elsewhere", "policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess"},
    }));
    let kinds: Vec<_> = estate
        .gaps
        .iter()
        .map(|gap| (gap.kind, gap.reason.contains("role")))
        .collect();
    assert_eq!(kinds, [(GapKind::Unsupported, true)]);
    // Nothing is lost: the rows are there.
    assert_eq!(estate.others.len(), 2);
}

#[test]
fn users_and_groups_have_each_other() {
    let estate = estate(json!({
        "aws_iam_user.deploy": {"name": "deploy"},
        "aws_iam_user.ops": {"name": "ops"},
        "aws_iam_group.admins": {"name": "admins"},
        "aws_iam_user_group_membership.a": {"user": "deploy", "groups": ["${aws_iam_group.admins.name}", "others"]},
        "aws_iam_group_membership.a": {"group": "admins", "name": "x", "users": ["ops"]},
        "aws_iam_group_policy_attachment.a": {"group": "admins", "policy_arn": "arn:aws:iam::aws:policy/A"},
        "aws_iam_user_policy_attachment.a": {"user": "deploy", "policy_arn": "arn:aws:iam::aws:policy/A"},
        "aws_iam_policy_attachment.all": {"name": "all", "policy_arn": "arn:aws:iam::aws:policy/B", "users": ["ops"], "groups": ["admins"], "roles": []},
        "aws_iam_user_policy.a": {"user": "deploy", "name": "p", "policy": {"Statement": []}},
        "aws_iam_group_policy.a": {"group": "admins", "name": "p", "policy": {"Statement": []}},
    }));
    let deploy: &User = row(&estate, "aws_iam_user.deploy");
    let groups = deploy.groups.value().unwrap();
    assert!(matches!(groups[0].value(), Some(Link::Here(_))) && groups.len() == 2);
    assert_eq!(
        managed(&estate, &deploy.policies.managed),
        ["arn:aws:iam::aws:policy/A"]
    );
    let ops: &User = row(&estate, "aws_iam_user.ops");
    assert!(matches!(ops.groups.value().unwrap()[0].value(), Some(Link::Here(_))));
    assert_eq!(managed(&estate, &ops.policies.managed), ["arn:aws:iam::aws:policy/B"]);
    let admins: &Group = only(&estate);
    let attached = managed(&estate, &admins.policies.managed);
    assert_eq!(attached, ["arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/B"]);
    assert_eq!(estate.policies.len(), 2);
}

#[test]
fn a_prefix_is_the_beginning_of_a_name() {
    let estate = estate(json!({
        "aws_iam_role.a": {"name_prefix": "run-", "name": ""},
        "aws_iam_role.b": {"name_prefix": "run-", "name": "whole"},
    }));
    let a: &Role = row(&estate, "aws_iam_role.a");
    assert!(a.resource.name.prefix() == "run-" && a.resource.name.as_literal().is_none());
    let b: &Role = row(&estate, "aws_iam_role.b");
    assert_eq!(b.resource.name.as_literal(), Some("whole"));
}
