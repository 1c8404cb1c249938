//! A key that a function depends on, and that others may use.

use crate::answer::few;
use crate::dependents::Dependents;
use crate::harm::{Harm, always};
use crate::relations::items;
use crate::resource_policy::{Ask, judge_policy};
use crate::role::functions;
use crate::{Check, Context, Findings};
use maremma_model::noun::AnyLink;
use maremma_model::{AnyId, Confidence, Control, Equivalent, Fix, Rule, Severity, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "key-policy-open",
        title: "Key open to others",
        tier: Tier::Core,
        severity: Severity::High,
        confidence: Confidence::High,
        subject: "AWS::KMS::Key",
        controls: &[
            Control::new("nist", "AC-3"),
            Control::new("nist", "AC-6"),
            Control::new("owasp", "SAS-7"),
        ],
        equivalents: &[
            Equivalent::near("CKV_AWS_33"),
            Equivalent::near("F76"),
            Equivalent::near("kms_key_not_publicly_accessible"),
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
