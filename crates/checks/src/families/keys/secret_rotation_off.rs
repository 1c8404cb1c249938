//! A secret that a function depends on, and that nobody changes.

use crate::access::role::functions;
use crate::context::dependents::Dependents;
use crate::verdict::answer::{Answer, Carrier};
use crate::{Check, Context, Findings};
use maremma_model::noun::{ManagedSecret, SecretRotation};
use maremma_model::{
    Confidence, Control, Equivalent, Existence, Fix, Id, Peer, Rule, Severity, State, Tier, Verdict, Why,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "secret-rotation-off",
        title: "Secret without rotation",
        tier: Tier::Hygiene,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::SecretsManager::Secret",
        controls: &[
            Control::fsbp("SecretsManager.1"),
            Control::nist("AC-2(1)"),
            Control::nist("AC-3(15)"),
            Control::pci("8.3.9"),
            Control::pci("8.6.3"),
            Control::owasp("SAS-7"),
        ],
        equivalents: &[
            Equivalent::exact(Peer::Checkov, "CKV2_AWS_57"),
            Equivalent::near(Peer::Prowler, "secretsmanager_automatic_rotation_enabled"),
            Equivalent::near(Peer::SecurityHub, "FSBP SecretsManager.1"),
            Equivalent::near(Peer::Config, "secretsmanager-rotation-enabled-check"),
            Equivalent::near(Peer::CdkNag, "AwsSolutions-SMG4"),
        ],
        page: include_str!("secret_rotation_off.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let dependents = Dependents::new(context);
    for (id, row) in context.estate.secrets.iter() {
        let carrier = Carrier::of(id, &row.resource);
        let at = &row.resource.at;
        if is_managed(row) {
            let says = "the service that made the secret rotates it";
            findings.add(carrier.draft(Answer::not_applicable(at, says), None));
            continue;
        }
        let mut answer = rotated(context, id, row, "");
        let mut users = Vec::new();
        if matches!(answer.verdict, Verdict::Fail | Verdict::Undetermined) {
            users = dependents.of_secret(id);
            answer = match users.is_empty() {
                true => Answer::not_applicable(at, "no function of this input depends on the secret"),
                false => rotated(context, id, row, &functions(context, &users)),
            };
        }
        findings.add(carrier.draft(answer, None).affects(users));
    }
    dependents.tell(findings);
}

/// Whether another service owns the secret: the names of such secrets begin with it (`rds!cluster-...`).
/// Source: AWS Secrets Manager user guide, "Secrets managed by other AWS services".
fn is_managed(row: &ManagedSecret) -> bool {
    row.resource.name.prefix().contains('!')
}

fn rotated(context: &Context<'_>, id: Id<ManagedSecret>, row: &ManagedSecret, users: &str) -> Answer {
    let at = &row.resource.at;
    let name = context.name(id);
    let bad = format!("Nobody changes secret {name}, on which {users} depends: who has learnt it once has it for ever");
    let schedules = context.relations.rotations(id).iter();
    let schedules: Vec<&SecretRotation> = schedules
        .filter_map(|schedule| context.estate.secret_rotations.get(*schedule))
        .collect();
    let sure = schedules.iter().find(|schedule| {
        let there = schedule.resource.exists == Existence::Always || schedule.resource.exists == row.resource.exists;
        there && schedule.secret.value().is_some()
    });
    if let Some(schedule) = sure {
        let says = format!("RotationSchedule {} rotates the secret", schedule.resource.address);
        return Answer::pass(&schedule.resource.at, says);
    }
    if let Some(schedule) = schedules.first() {
        let doubt = format!("{} rotates it only under a condition", schedule.resource.address);
        return Answer::undetermined(at, &bad, &doubt, when(schedule));
    }
    let unclear = context.estate.secret_rotations.values().find_map(|schedule| {
        let same = schedule.resource.unit == row.resource.unit;
        match &schedule.secret.state {
            State::Unknown(unknown) if same => Some((schedule, unknown.why.clone())),
            _ => None,
        }
    });
    if let Some((schedule, why)) = unclear {
        let doubt = format!("which secret {} rotates is not known", schedule.resource.address);
        return Answer::undetermined(at, &bad, &doubt, Some(why));
    }
    let logical = row.resource.address.rsplit('/').next().unwrap_or_default();
    let fix = Fix::new("Rotate the secret, by a function that knows how to change it where it is used").snippet(format!(
        "{logical}Rotation:\n  Type: AWS::SecretsManager::RotationSchedule\n  Properties:\n    SecretId: !Ref {logical}\n    RotationLambdaARN: !GetAtt RotationFunction.Arn\n    RotationRules: {{AutomaticallyAfterDays: 30}}"
    ));
    Answer::fail(at, bad, "no RotationSchedule of this input names the secret").fix(fix)
}

/// What decides whether the schedule rotates the secret.
fn when(schedule: &SecretRotation) -> Option<Why> {
    match (&schedule.resource.exists, &schedule.secret.state) {
        (Existence::When(words) | Existence::OffByDefault(words), _) => Some(Why::Condition(words.clone())),
        (Existence::Always, State::Unknown(unknown)) => Some(unknown.why.clone()),
        (Existence::Always, _) => None,
    }
}
