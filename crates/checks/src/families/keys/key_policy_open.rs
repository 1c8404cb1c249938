//! A key that a function depends on, and that others may use.

use crate::access::harm::{Harm, always};
use crate::access::resource_policy::{Ask, judge_policy};
use crate::access::role::functions;
use crate::context::dependents::Dependents;
use crate::context::relations::items;
use crate::verdict::answer::few;
use crate::{Check, Context, Findings};
use maremma_model::noun::AnyLink;
use maremma_model::{AnyId, Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "key-policy-open",
        title: "Key open to others",
        tier: Tier::Core,
        severity: Severity::High,
        confidence: Confidence::High,
        subject: "AWS::KMS::Key",
        controls: &[Control::nist("AC-3"), Control::nist("AC-6"), Control::owasp("SAS-7")],
        equivalents: &[
            Equivalent::near(Peer::Checkov, "CKV_AWS_33"),
            Equivalent::near(Peer::CfnNag, "F76"),
            Equivalent::near(Peer::Prowler, "kms_key_not_publicly_accessible"),
        ],
        page: include_str!("key_policy_open.md"),
    },
    run,
};

/// Use it, or change who may.
const ACTIONS: &[&str] = &[
    "kms:Decrypt",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:ReEncryptFrom",
    "kms:Sign",
    "kms:CreateGrant",
    "kms:PutKeyPolicy",
    "kms:DisableKey",
    "kms:ScheduleKeyDeletion",
];

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let dependents = Dependents::new(context);
    for (id, row) in context.estate.resource_policies.iter() {
        let mut keys = items(&row.on).filter_map(|on| match on {
            AnyLink::Here(AnyId::Key(key)) => Some(*key),
            _ => None,
        });
        let Some(key) = keys.next() else { continue };
        let name = context.name(key);
        let check = Ask {
            bad: format!("Others can use key {name}"),
            functions: &|| dependents.of_key(key),
            unconcerned: "no function of this input depends on the key",
            actions: ACTIONS,
            target: Some((key.into(), "")),
            question: &|statement, opens, party, users| {
                let users = functions(context, users);
                let actions = few(&statement.actions);
                let deed = format!("can do {actions} with key {name}, on which {users} depends");
                harm(deed).by(statement, opens, party)
            },
        };
        judge_policy(context, findings, (id, row), &check);
    }
    dependents.tell(findings);
}

fn harm(deed: String) -> Harm<'static> {
    Harm {
        deed,
        by_everybody: Severity::High,
        by_stranger: Severity::Medium,
        by_services: false,
        open: &always,
        fix: Fix::new("Admit the own account, or the roles that use the key")
            .snippet("Principal:\n  AWS: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:root"),
    }
}
