//! A secret that a function uses, and that others may read.

use crate::access::harm::{Harm, always};
use crate::access::resource_policy::{Ask, judge_policy};
use crate::access::role::functions;
use crate::context::dependents::Dependents;
use crate::context::relations::items;
use crate::{Check, Context, Findings};
use maremma_model::noun::AnyLink;
use maremma_model::{AnyId, Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "secret-policy-open",
        title: "Secret open to others",
        tier: Tier::Core,
        severity: Severity::High,
        confidence: Confidence::High,
        subject: "AWS::SecretsManager::ResourcePolicy",
        controls: &[Control::nist("AC-3"), Control::nist("AC-6"), Control::owasp("SAS-7")],
        equivalents: &[Equivalent::near(
            Peer::Prowler,
            "secretsmanager_not_publicly_accessible",
        )],
        page: include_str!("secret_policy_open.md"),
    },
    run,
};

/// Read it, change it, or open it further.
const ACTIONS: &[&str] = &[
    "secretsmanager:GetSecretValue",
    "secretsmanager:BatchGetSecretValue",
    "secretsmanager:PutSecretValue",
    "secretsmanager:UpdateSecret",
    "secretsmanager:PutResourcePolicy",
];

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let dependents = Dependents::new(context);
    for (id, row) in context.estate.resource_policies.iter() {
        let mut secrets = items(&row.on).filter_map(|on| match on {
            AnyLink::Here(AnyId::ManagedSecret(secret)) => Some(*secret),
            _ => None,
        });
        let Some(secret) = secrets.next() else { continue };
        let name = context.name(secret);
        let check = Ask {
            bad: format!("Others can read secret {name}"),
            functions: &|| dependents.of_secret(secret),
            unconcerned: "no function of this input depends on the secret",
            actions: ACTIONS,
            target: Some((secret.into(), "")),
            question: &|statement, opens, party, users| {
                let users = functions(context, users);
                let deed = format!("can read or change secret {name}, on which {users} depends");
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
        by_everybody: Severity::Critical,
        by_stranger: Severity::High,
        by_services: false,
        open: &always,
        fix: Fix::new("Name the roles of the own account that need the secret")
            .snippet("Principal:\n  AWS: !GetAtt FunctionRole.Arn"),
    }
}
