//! IAM: roles, users, groups and policies.

use crate::responses::operation::{OPERATION, Operation, SHAPE, Shape, Which};
use crate::responses::reading::{Member, Reading, members, value};
use maremma_model::{Document, Value, Why};

const ROLE: &str = "AWS::IAM::Role";
const POLICY: &str = "AWS::IAM::ManagedPolicy";

/// Source: IAM API reference, "RoleDetail".
static ROLE_DETAIL: Shape = Shape {
    cfn: ROLE,
    arn: "{Arn}",
    names: "{RoleName}",
    properties: "RoleName Path AssumeRolePolicyDocument Policies=RolePolicyList \
        ManagedPolicyArns=AttachedManagedPolicies.*.PolicyArn \
        PermissionsBoundary=PermissionsBoundary.PermissionsBoundaryArn",
    ..SHAPE
};

static USER_DETAIL: Shape = Shape {
    cfn: "AWS::IAM::User",
    arn: "{Arn}",
    names: "{UserName}",
    properties: "UserName Groups=GroupList Policies=UserPolicyList \
        ManagedPolicyArns=AttachedManagedPolicies.*.PolicyArn \
        PermissionsBoundary=PermissionsBoundary.PermissionsBoundaryArn",
    ..SHAPE
};

static GROUP_DETAIL: Shape = Shape {
    cfn: "AWS::IAM::Group",
    arn: "{Arn}",
    names: "{GroupName}",
    properties: "GroupName Policies=GroupPolicyList ManagedPolicyArns=AttachedManagedPolicies.*.PolicyArn",
    ..SHAPE
};

static POLICY_DETAIL: Shape = Shape {
    properties: "ManagedPolicyName=PolicyName PolicyDocument=()",
    run: Some(default_version),
    ..LISTED_POLICY
};

const LISTED_POLICY: Shape = Shape {
    cfn: POLICY,
    arn: "{Arn}",
    names: "{PolicyName}",
    properties: "ManagedPolicyName=PolicyName",
    which: Some(own_policy),
    ..SHAPE
};

static LISTED: Shape = LISTED_POLICY;

/// Lists of roles leave the boundary out. Source: IAM API reference, "ListRoles".
static LISTED_ROLE: Shape = Shape {
    properties: "RoleName Path AssumeRolePolicyDocument MaxSessionDuration",
    ..WHOLE_ROLE
};

const WHOLE_ROLE: Shape = Shape {
    cfn: ROLE,
    arn: "{Arn}",
    names: "{RoleName}",
    properties: "RoleName Path AssumeRolePolicyDocument MaxSessionDuration \
        PermissionsBoundary=PermissionsBoundary.PermissionsBoundaryArn",
    ..SHAPE
};

static ONE_ROLE: Shape = WHOLE_ROLE;

const IAM: Operation = Operation {
    service: "iam",
    ..OPERATION
};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        name: "get-account-authorization-details",
        lists: &[
            ("RoleDetailList", &ROLE_DETAIL),
            ("UserDetailList", &USER_DETAIL),
            ("GroupDetailList", &GROUP_DETAIL),
            ("Policies", &POLICY_DETAIL),
        ],
        ..IAM
    },
    Operation {
        name: "list-roles",
        lists: &[("Roles", &LISTED_ROLE)],
        ..IAM
    },
    Operation {
        name: "get-role",
        of: ROLE,
        lists: &[("Role", &ONE_ROLE)],
        ..IAM
    },
    Operation {
        name: "list-policies",
        lists: &[("Policies", &LISTED)],
        part: "iam list-policies may have been asked for some of the policies only",
        ..IAM
    },
    Operation {
        name: "get-policy",
        of: POLICY,
        lists: &[("Policy", &LISTED)],
        ..IAM
    },
    Operation {
        name: "list-attached-role-policies",
        of: ROLE,
        tells: "ManagedPolicyArns=AttachedPolicies.*.PolicyArn",
        ..IAM
    },
    Operation {
        name: "list-role-policies",
        of: ROLE,
        tells: "Policies=()",
        run: Some(inline_names),
        ..IAM
    },
    Operation {
        name: "get-role-policy",
        of: ROLE,
        named_by: "RoleName",
        run: Some(inline_policy),
        ..IAM
    },
    Operation {
        name: "get-policy-version",
        of: POLICY,
        tells: "PolicyDocument=()",
        run: Some(policy_version),
        ..IAM
    },
];

/// A policy of AWS is known by its ARN, and its document with the facts.
fn own_policy(_: &mut Reading<'_>, member: &Document) -> Which {
    match member.get("Arn").and_then(Document::as_str) {
        Some(arn) if arn.contains(":iam::aws:") => Which::Neither,
        _ => Which::Itself,
    }
}

fn default_version(reading: &mut Reading<'_>, member: &Member<'_>) {
    let versions = members(member.body, "PolicyVersionList");
    let is_default = |version: &&&Document| version.get("IsDefaultVersion").and_then(Document::as_str) == Some("true");
    let document = versions
        .iter()
        .find(is_default)
        .and_then(|version| version.get("Document"));
    if let Some(document) = document
        && let Some(declared) = member.id.and_then(|id| reading.declared_mut(id))
    {
        declared.set("PolicyDocument", document.clone());
    }
}

fn policy_version(reading: &mut Reading<'_>, member: &Member<'_>) {
    let is_default = value(member, "PolicyVersion.IsDefaultVersion");
    if is_default.is_some_and(|is| is.as_str() == Some("false")) {
        return;
    }
    if let Some(document) = value(member, "PolicyVersion.Document")
        && let Some(declared) = member.id.and_then(|id| reading.declared_mut(id))
    {
        declared.set("PolicyDocument", document);
    }
}

/// The names of a role's inline policies: what is in each is told by another call.
fn inline_names(reading: &mut Reading<'_>, member: &Member<'_>) {
    let Some(declared) = member.id.and_then(|id| reading.declared_mut(id)) else {
        return;
    };
    if declared.properties.get("Policies").is_some() {
        return;
    }
    let names = members(member.body, "PolicyNames");
    declared.set(
        "Policies",
        Document::new(Value::List(Vec::new()), member.body.at.clone()),
    );
    for name in names {
        let why = Why::Unresolved("iam get-role-policy was not asked".into());
        let unknown = Document::new(Value::Unknown(why), name.at.clone());
        let fields = vec![("PolicyName", name.clone()), ("PolicyDocument", unknown)];
        declared.append("Policies", Document::map(fields, name.at.clone()));
    }
}

/// An inline policy takes the place of its name.
fn inline_policy(reading: &mut Reading<'_>, member: &Member<'_>) {
    let (Some(name), Some(document)) = (value(member, "PolicyName"), value(member, "PolicyDocument")) else {
        return;
    };
    let Some(declared) = member.id.and_then(|id| reading.declared_mut(id)) else {
        return;
    };
    let fields = vec![("PolicyName", name.clone()), ("PolicyDocument", document)];
    let own = Document::map(fields, name.at.clone());
    let known = declared.properties.get("Policies").cloned();
    let Some(known) = known else {
        // Whether there are others nobody was asked.
        let why = Why::Unresolved("iam list-role-policies was not asked".into());
        let others = Document::new(Value::Unknown(why), name.at.clone());
        return declared.set(
            "Policies",
            Document::new(Value::List(vec![own, others]), name.at.clone()),
        );
    };
    let mut items = known.items().to_vec();
    let same = |item: &Document| item.get("PolicyName").and_then(Document::as_str) == name.as_str();
    match items.iter_mut().find(|item| same(item)) {
        Some(item) => *item = own,
        None => items.push(own),
    }
    declared.set("Policies", Document::new(Value::List(items), known.at));
}
