//! A function that keeps tenants apart, and mounts one file system for all of them.

use crate::verdict::judge::{judge, whole};
use crate::{Check, Context, Draft, Findings};
use maremma_model::{Confidence, Control, Fact, Fix, Function, Id, Rule, Severity, Tier, Verdict};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "tenant-file-system-shared",
        title: "File system that isolated tenants share",
        tier: Tier::Hardening,
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        subject: "AWS::Lambda::Function",
        controls: &[Control::nist("SC-4"), Control::owasp("SAS-12")],
        equivalents: &[],
        page: include_str!("tenant_file_system_shared.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, row) in context.estate.functions.iter() {
        findings.add(draft(context, id, row).affects([id]));
    }
}

fn draft(context: &Context<'_>, id: Id<Function>, row: &Function) -> Draft {
    let excused = |verdict, says: &str| Draft::new(id, verdict, says, whole(&row.resource, says));
    let isolated = judge(
        &row.resource,
        "TenantIsolationMode",
        &row.tenant_isolation,
        |mode| match mode {
            None => Some(false),
            Some(mode) => Some(mode.as_literal()? == "PER_TENANT"),
        },
    );
    if isolated.verdict == Verdict::Pass {
        return excused(Verdict::NotApplicable, "it does not keep tenants apart");
    }
    let Some(mount) = row.file_systems.first() else {
        return excused(Verdict::Pass, "it mounts no file system");
    };
    let bad = format!(
        "{} runs apart for each tenant, but the file system that it mounts is one for all",
        context.name(id)
    );
    let mut judgement = isolated;
    if judgement.verdict == Verdict::Fail {
        judgement.evidence.at = mount.access_point.at.clone();
        judgement.evidence.says = "mounted for every tenant".to_owned();
        judgement.evidence.fact = Fact::Attribute {
            name: "FileSystemConfigs".into(),
            value: mount.local_mount_path.value().map(ToString::to_string),
        };
    }
    Draft::judged(id, judgement, bad).fix(Fix::new(
        "Keep what belongs to one tenant under keys that only its own credentials open, or give each tenant a function \
         with an access point of its own",
    ))
}
