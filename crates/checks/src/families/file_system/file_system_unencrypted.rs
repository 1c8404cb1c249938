//! A file system that a function mounts, and that is not encrypted.

use crate::access::role::functions;
use crate::subject::mount::{access_points, mounted_by};
use crate::verdict::judge::{judge, whole};
use crate::{Check, Context, Draft, Findings};
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, State, Tier, Verdict};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "file-system-unencrypted",
        title: "File system without encryption",
        tier: Tier::Hygiene,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::EFS::FileSystem",
        controls: &[
            Control::fsbp("EFS.1"),
            Control::nist("SC-28"),
            Control::pci("3.5.1"),
            Control::owasp("SAS-7"),
        ],
        equivalents: &[
            Equivalent::exact(Peer::Checkov, "CKV_AWS_42"),
            Equivalent::near(Peer::Prowler, "efs_encryption_at_rest_enabled"),
            Equivalent::near(Peer::SecurityHub, "FSBP EFS.1"),
            Equivalent::near(Peer::Config, "efs-encrypted-check"),
            Equivalent::near(Peer::CfnNag, "F32"),
            Equivalent::near(Peer::Trivy, "AWS-0037"),
        ],
        page: include_str!("file_system_unencrypted.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, row) in context.estate.file_systems.iter() {
        let points = access_points(context, id);
        let mounting: Vec<_> = points.flat_map(|(point, _)| mounted_by(context, point)).collect();
        if mounting.is_empty() {
            let says = "no function of this input mounts the file system";
            findings.add(Draft::new(id, Verdict::NotApplicable, says, whole(&row.resource, says)));
            continue;
        }
        let judgement = judge(&row.resource, "Encrypted", &row.encrypted, |encrypted| {
            Some(encrypted != Some(&true))
        });
        let bad = format!(
            "File system {}, which {} mounts, is not encrypted",
            context.name(id),
            functions(context, &mounting)
        );
        let fix = Fix::new("Encrypt the file system, which makes a new one");
        let fix = match row.encrypted.state {
            State::Set(_) => fix.replace(&row.encrypted.at, "true"),
            _ => fix.snippet("Encrypted: true"),
        };
        findings.add(Draft::judged(id, judgement, bad).affects(mounting).fix(fix));
    }
}
