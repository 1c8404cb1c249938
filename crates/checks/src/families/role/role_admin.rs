//! An execution role that may do everything.

use crate::access::role::{Ask, Case, Effect, judge_roles};
use crate::verdict::answer::{Answer, few};
use crate::{Check, Context, Findings};
use maremma_iam::{Question, Statement};
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "role-admin",
        title: "Execution role with administrator rights",
        tier: Tier::Core,
        severity: Severity::Critical,
        confidence: Confidence::High,
        subject: "AWS::IAM::Role",
        controls: &[
            Control::cis("4.9"),
            Control::fsbp("IAM.1"),
            Control::nist("AC-6"),
            Control::owasp("SAS-4"),
        ],
        equivalents: &[
            Equivalent::near(Peer::Checkov, "CKV_AWS_1"),
            Equivalent::near(Peer::Checkov, "CKV_AWS_62"),
            Equivalent::near(Peer::Checkov, "CKV_AWS_63"),
            Equivalent::near(Peer::Checkov, "CKV_AWS_274"),
            Equivalent::near(Peer::SecurityHub, "FSBP IAM.1"),
            Equivalent::near(Peer::CfnNag, "W43"),
        ],
        page: include_str!("role_admin.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let check = Ask {
        bad: &|role| format!("Role {role} has administrator rights"),
        excused: &|_| None,
        question: &question,
        good: "no statement allows every action on every resource",
        minds_unseen: true,
    };
    judge_roles(context, findings, &check);
}

pub(super) fn question(case: &Case<'_, '_>, statement: &Statement) -> Option<Answer> {
    let effect = case.effect(statement, &Question::ADMIN);
    if matches!(effect, Effect::Partial | Effect::Nothing) {
        return None;
    }
    let at = &statement.actions.at;
    let bad = format!(
        "{} allows {} on every resource: whoever takes over {} controls the account",
        case.subject(),
        actions(statement),
        case.functions()
    );
    let fix = Fix::new("List the actions that the function calls, and the ARNs that it calls them on");
    let says = format!("{} on every resource", actions(statement));
    Some(match effect {
        Effect::Confined(words) => Answer::fail(at, format!("{bad}, {words}"), format!("{says}, {words}"))
            .severity(Severity::High)
            .fix(fix),
        Effect::Unknown { doubt, why } => Answer::undetermined(at, &bad, &doubt, why).severity(Severity::Critical),
        _ => Answer::fail(at, bad, says).severity(Severity::Critical).fix(fix),
    })
}

fn actions(statement: &Statement) -> String {
    match statement.actions.negated {
        true => format!("every action but {}", few(&statement.actions)),
        false => "every action".to_owned(),
    }
}
