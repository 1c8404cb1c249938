//! An access point that hands a function the whole file system, or the rights of root.

use crate::access::role::functions;
use crate::subject::mount::{access_points, mounted_by};
use crate::subject::traffic::is_one_of;
use crate::verdict::judge::{attribute, whole};
use crate::verdict::possible::why;
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::noun::AccessPoint;
use maremma_model::{
    Confidence, Control, Equivalent, Evidence, Fix, Function, Id, Peer, Rule, Severity, Tier, Verdict, Why,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "file-system-root-access",
        title: "Access point to the whole file system",
        tier: Tier::Hardening,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::EFS::AccessPoint",
        controls: &[
            Control::fsbp("EFS.3"),
            Control::fsbp("EFS.4"),
            Control::nist("AC-6"),
            Control::pci("10.3.2"),
            Control::owasp("SAS-4"),
        ],
        equivalents: &[
            Equivalent::near(Peer::Checkov, "CKV_AWS_329"),
            Equivalent::near(Peer::Checkov, "CKV_AWS_330"),
            Equivalent::near(Peer::Prowler, "efs_access_point_enforce_root_directory"),
            Equivalent::near(Peer::Prowler, "efs_access_point_enforce_user_identity"),
            Equivalent::near(Peer::SecurityHub, "FSBP EFS.3"),
            Equivalent::near(Peer::SecurityHub, "FSBP EFS.4"),
            Equivalent::near(Peer::Config, "efs-access-point-enforce-root-directory"),
            Equivalent::near(Peer::Config, "efs-access-point-enforce-user-identity"),
        ],
        page: include_str!("file_system_root_access.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, row) in context.estate.access_points.iter() {
        let mounting = mounted_by(context, id);
        if mounting.is_empty() {
            let says = "no function of this input mounts the access point";
            findings.add(Draft::new(id, Verdict::NotApplicable, says, whole(&row.resource, says)));
            continue;
        }
        findings.add(judged(context, id, row, &mounting).affects(mounting));
    }
}

fn judged(context: &Context<'_>, id: Id<AccessPoint>, row: &AccessPoint, mounting: &[Id<Function>]) -> Draft {
    let whole_tree = is_one_of(&row.root_path, &["/"], Match::Yes);
    let root = is_one_of(&row.posix_uid, &["0"], Match::No);
    let shared = is_shared(context, id, row, mounting);
    let path = || {
        attribute(
            &row.resource,
            "RootDirectory.Path",
            &row.root_path,
            &ToString::to_string,
        )
    };
    let user = || attribute(&row.resource, "PosixUser.Uid", &row.posix_uid, &ToString::to_string);
    let whom = functions(context, mounting);
    let (severity, bad) = match (whole_tree, root) {
        (Match::Yes, Match::Yes) => (Severity::Medium, format!("{whom} has the whole file system, as root")),
        (Match::Yes, _) if shared => {
            let bad = format!("{whom} has the whole file system, also what others keep there");
            (Severity::Medium, bad)
        }
        (Match::Yes, _) => (Severity::Low, format!("{whom} has the whole file system")),
        (_, Match::Yes) => {
            let severity = if shared { Severity::Medium } else { Severity::Low };
            (severity, format!("{whom} uses the file system as root"))
        }
        _ => (
            Severity::Low,
            format!("{whom} has the whole file system, or uses it as root"),
        ),
    };
    let (verdict, evidence, undecided): (_, Evidence, Option<Why>) = match (whole_tree, root) {
        (Match::Yes, Match::Yes) => (Verdict::Fail, path(), None),
        (Match::Yes, _) => (Verdict::Fail, path(), None),
        (_, Match::Yes) => (Verdict::Fail, user(), None),
        (Match::Unknown, _) => (Verdict::Undetermined, path(), why(&row.root_path).cloned()),
        (_, Match::Unknown) => (Verdict::Undetermined, user(), why(&row.posix_uid).cloned()),
        (Match::No, Match::No) => (Verdict::Pass, path(), None),
    };
    let message = match verdict {
        Verdict::Fail => bad,
        Verdict::Undetermined => format!("not known whether {bad}: {}", evidence.says),
        Verdict::Pass | Verdict::NotApplicable => evidence.says.clone(),
    };
    let related = (whole_tree.is_yes() && root.is_yes()).then(user);
    Draft::new(id, verdict, message, evidence)
        .severity(severity)
        .related(related)
        .undecided(undecided)
        .fix(fix())
}

/// Whether others than functions of one role use the file system: over another access point, or this
/// one.
fn is_shared(context: &Context<'_>, id: Id<AccessPoint>, row: &AccessPoint, mounting: &[Id<Function>]) -> bool {
    let roles: Vec<_> = mounting
        .iter()
        .filter_map(|function| context.estate.functions.get(*function))
        .map(|function| &function.role.state)
        .collect();
    let differ = roles
        .first()
        .is_some_and(|first| roles.iter().any(|role| role != first));
    let file_systems = row.file_system.possible().filter_map(|link| link.here());
    let mut others = file_systems.flat_map(|file_system| access_points(context, file_system));
    differ || others.any(|(other, _)| other != id)
}

fn fix() -> Fix {
    Fix::new("Give the function a directory and a user of its own").snippet(
        "RootDirectory:\n  \
           Path: /orders\n  \
           CreationInfo: {OwnerUid: \"1001\", OwnerGid: \"1001\", Permissions: \"0750\"}\n\
         PosixUser: {Uid: \"1001\", Gid: \"1001\"}",
    )
}
