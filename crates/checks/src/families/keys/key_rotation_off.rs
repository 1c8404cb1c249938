//! A key that a function depends on, and whose material stays the same for ever.

use crate::access::role::functions;
use crate::context::dependents::Dependents;
use crate::verdict::judge::{judge, whole};
use crate::verdict::possible::is;
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::noun::Key;
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Setting, Severity, Text, Tier, Verdict, Why};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "key-rotation-off",
        title: "Key without rotation",
        tier: Tier::Hygiene,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::KMS::Key",
        controls: &[
            Control::fsbp("KMS.4"),
            Control::nist("SC-12"),
            Control::nist("SC-12(2)"),
            Control::pci("3.7.4"),
            Control::owasp("SAS-7"),
        ],
        equivalents: &[
            Equivalent::exact(Peer::Checkov, "CKV_AWS_7"),
            Equivalent::near(Peer::Prowler, "kms_cmk_rotation_enabled"),
            Equivalent::near(Peer::SecurityHub, "FSBP KMS.4"),
            Equivalent::near(Peer::Config, "cmk-backing-key-rotation-enabled"),
            Equivalent::near(Peer::ControlTower, "CT.KMS.PR.1"),
            Equivalent::near(Peer::CfnNag, "F19"),
        ],
        page: include_str!("key_rotation_off.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let dependents = Dependents::new(context);
    for (id, row) in context.estate.keys.iter() {
        let mut judgement = judge(&row.resource, "EnableKeyRotation", &row.rotation, |rotation| {
            Some(rotation != Some(&true))
        });
        let bad = matches!(judgement.verdict, Verdict::Fail | Verdict::Undetermined);
        let (rotates, why) = can_rotate(row);
        let users = if bad && !rotates.is_no() {
            dependents.of_key(id)
        } else {
            Vec::new()
        };
        let excused = match bad {
            true if rotates.is_no() => {
                Some("AWS KMS rotates only enabled symmetric keys with material of its own making")
            }
            true if users.is_empty() => Some("no function of this input depends on the key"),
            _ => None,
        };
        if let Some(says) = excused {
            let draft = Draft::new(id, Verdict::NotApplicable, says, whole(&row.resource, says));
            findings.add(draft);
            continue;
        }
        if judgement.verdict == Verdict::Fail && rotates.is_unknown() {
            judgement.verdict = Verdict::Undetermined;
            judgement.evidence.says += ", and what kind of key it is, is not known";
            judgement.undecided.extend(why.cloned());
        }
        let message = format!(
            "Key {}, on which {} depends, keeps the same material for ever",
            context.name(id),
            functions(context, &users)
        );
        let fix = Fix::new("Let AWS KMS change the material every year; what was encrypted stays readable")
            .snippet("EnableKeyRotation: true");
        findings.add(Draft::judged(id, judgement, message).affects(users).fix(fix));
    }
    dependents.tell(findings);
}

/// Whether rotation can be switched on for the key at all. A replica follows its primary key.
/// Source: AWS KMS API reference, "EnableKeyRotation".
fn can_rotate(key: &Key) -> (Match, Option<&Why>) {
    if &*key.resource.kind == "AWS::KMS::ReplicaKey" {
        return (Match::No, None);
    }
    let equals = |setting, wanted: &'static str| {
        let ask = move |value: Option<&Text>| match value.map(Text::as_literal) {
            Some(Some(text)) => Match::from(text == wanted),
            _ => Match::Unknown,
        };
        let told = is::<Text>(setting, &ask);
        (told.is, told.why.or_else(|| why(setting)))
    };
    let enabled = is(&key.enabled, &|enabled| Match::from(enabled != Some(&false)));
    let (spec, spec_why) = equals(&key.key_spec, "SYMMETRIC_DEFAULT");
    let (origin, origin_why) = equals(&key.origin, "AWS_KMS");
    let why = [(spec, spec_why), (origin, origin_why), (enabled.is, enabled.why)];
    let why = why.into_iter().find(|(is, _)| is.is_unknown()).and_then(|(_, why)| why);
    (spec.and(origin).and(enabled.is), why)
}

fn why(setting: &Setting<Text>) -> Option<&Why> {
    setting.value().and_then(Text::why)
}
