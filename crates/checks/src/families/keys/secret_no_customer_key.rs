//! A secret that a function depends on, encrypted with the key that all secrets of the account share.

use crate::access::role::functions;
use crate::context::dependents::Dependents;
use crate::verdict::judge::{judge_as, whole};
use crate::{Check, Context, Draft, Findings};
use maremma_model::noun::AnyLink;
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, Text, Tier, Verdict};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "secret-no-customer-key",
        title: "Secret without a customer managed key",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::SecretsManager::Secret",
        controls: &[Control::nist("SC-28"), Control::owasp("SAS-7")],
        equivalents: &[
            Equivalent::exact(Peer::Checkov, "CKV_AWS_149"),
            Equivalent::near(Peer::CfnNag, "W77"),
            Equivalent::near(Peer::Config, "secretsmanager-using-cmk"),
        ],
        page: include_str!("secret_no_customer_key.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let dependents = Dependents::new(context);
    for (id, row) in context.estate.secrets.iter() {
        let show = |key: &AnyLink| match key {
            AnyLink::Here(key) => context.name(*key).to_string(),
            AnyLink::Outside(text) => text.to_string(),
            AnyLink::Unknown(why) => why.to_string(),
        };
        let judgement = judge_as(&row.resource, "KmsKeyId", &row.kms_key, &show, |key| match key {
            Some(AnyLink::Outside(key)) => Some(is_of_aws(key)),
            Some(_) => Some(false),
            None => Some(true),
        });
        let bad = matches!(judgement.verdict, Verdict::Fail | Verdict::Undetermined);
        let users = if bad { dependents.of_secret(id) } else { Vec::new() };
        if bad && users.is_empty() {
            let says = "no function of this input depends on the secret";
            let draft = Draft::new(id, Verdict::NotApplicable, says, whole(&row.resource, says));
            findings.add(draft);
            continue;
        }
        let message = format!(
            "Secret {}, on which {} depends, is encrypted with aws/secretsmanager: no key policy of yours stands before it",
            context.name(id),
            functions(context, &users)
        );
        let fix = Fix::new("Encrypt the secret with a key of your own, and let only its readers decrypt with that")
            .snippet("KmsKeyId: !Ref SecretKey");
        findings.add(Draft::judged(id, judgement, message).affects(users).fix(fix));
    }
    dependents.tell(findings);
}

/// The key that Secrets Manager has in every account.
fn is_of_aws(key: &Text) -> bool {
    key.suffix().ends_with("alias/aws/secretsmanager")
}
