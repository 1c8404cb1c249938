//! A key that a function depends on, and that nobody can use.

use crate::access::role::functions;
use crate::context::dependents::Dependents;
use crate::verdict::judge::{judge, whole};
use crate::{Check, Context, Draft, Findings};
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, Tier, Verdict};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "key-disabled",
        title: "Disabled key",
        tier: Tier::Hygiene,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::KMS::Key",
        controls: &[Control::nist("SC-12")],
        equivalents: &[Equivalent::near(Peer::Checkov, "CKV_AWS_227")],
        page: include_str!("key_disabled.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let dependents = Dependents::new(context);
    for (id, row) in context.estate.keys.iter() {
        let judgement = judge(&row.resource, "Enabled", &row.enabled, |enabled| {
            Some(enabled == Some(&false))
        });
        let bad = matches!(judgement.verdict, Verdict::Fail | Verdict::Undetermined);
        let users = if bad { dependents.of_key(id) } else { Vec::new() };
        if bad && users.is_empty() {
            let says = "no function of this input depends on the key";
            let draft = Draft::new(id, Verdict::NotApplicable, says, whole(&row.resource, says));
            findings.add(draft);
            continue;
        }
        let message = format!(
            "Key {} is disabled: nothing that it encrypts can be read, and {} depends on it",
            context.name(id),
            functions(context, &users)
        );
        let fix = Fix::new("Enable the key, or let the functions use another").snippet("Enabled: true");
        findings.add(Draft::judged(id, judgement, message).affects(users).fix(fix));
    }
    dependents.tell(findings);
}
