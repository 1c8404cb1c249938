//! An execution role that may do to every resource what it should do to some.

use super::role_admin;
use crate::access::role::{Ask, Case, is_admin, judge_roles};
use crate::access::scopable::Unscoped;
use crate::verdict::answer::{Answer, few};
use crate::{Check, Context, Findings};
use maremma_iam::Statement;
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "role-wildcard-resource",
        title: "Execution role with rights over every resource",
        tier: Tier::Hardening,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::IAM::Role",
        controls: &[Control::cis("4.4"), Control::nist("AC-6"), Control::owasp("SAS-4")],
        equivalents: &[
            Equivalent::near(Peer::CfnNag, "W11"),
            Equivalent::near(Peer::CfnNag, "W12"),
            Equivalent::near(Peer::CfnNag, "W13"),
            Equivalent::near(Peer::Checkov, "CKV_AWS_107"),
            Equivalent::near(Peer::Checkov, "CKV_AWS_108"),
            Equivalent::near(Peer::Checkov, "CKV_AWS_109"),
            Equivalent::near(Peer::Checkov, "CKV_AWS_111"),
            Equivalent::near(Peer::Checkov, "CKV_AWS_287"),
            Equivalent::near(Peer::Checkov, "CKV_AWS_288"),
            Equivalent::near(Peer::Checkov, "CKV_AWS_289"),
            Equivalent::near(Peer::Checkov, "CKV_AWS_290"),
            Equivalent::near(Peer::Checkov, "CKV_AWS_355"),
            Equivalent::near(Peer::Checkov, "CKV_AWS_356"),
            Equivalent::near(Peer::CdkNag, "AwsSolutions-IAM5"),
        ],
        page: include_str!("role_wildcard_resource.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let check = Ask {
        bad: &|role| format!("Role {role} has rights over every resource of a kind"),
        excused: &|identity| is_admin(identity).then_some("the role has administrator rights, which role-admin says"),
        question: &question,
        good: "what the role may do to data and to other functions is limited to some of them",
        minds_unseen: true,
    };
    judge_roles(context, findings, &check);
}

fn question(case: &Case<'_, '_>, statement: &Statement) -> Option<Answer> {
    if case.source.aws.is_some() || role_admin::question(case, statement).is_some() {
        return None;
    }
    let unscoped = Unscoped::by(case, statement)?;
    let on = statement.resources.as_ref().map(few).unwrap_or_default();
    let actions = unscoped.actions();
    let bad = format!(
        "{} allows {actions} on {on}: whoever takes over {} reaches {}",
        case.subject(),
        case.functions(),
        unscoped.reach()
    );
    let severity = match unscoped.takes_over {
        true => Severity::High,
        false => Severity::Medium,
    };
    let fix = Fix::new("Name the resources that the function works on").snippet(unscoped.narrowed);
    let answer = match unscoped.doubt {
        None => Answer::fail(unscoped.at, bad, format!("{actions} on every one")),
        Some((doubt, why)) => Answer::undetermined(unscoped.at, &bad, &doubt, why),
    };
    Some(answer.severity(severity).fix(fix))
}
