//! A policy of AWS, made for people, on a role that a function runs as.

use super::{role_admin, role_notaction, role_wildcard_action};
use crate::access::role::{Ask, Case, is_admin, judge_roles};
use crate::access::scopable::Unscoped;
use crate::verdict::answer::Answer;
use crate::{Check, Context, Findings};
use maremma_iam::Statement;
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "role-elevated-managed-policy",
        title: "Execution role with a broad policy of AWS",
        tier: Tier::Hardening,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::IAM::Role",
        controls: &[Control::nist("AC-6"), Control::owasp("SAS-4")],
        equivalents: &[
            Equivalent::near(Peer::CloudCustodian, "has-specific-managed-policy"),
            Equivalent::near(Peer::CdkNag, "AwsSolutions-IAM4"),
        ],
        page: include_str!("role_elevated_managed_policy.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let check = Ask {
        bad: &|role| format!("Role {role} has a broad policy of AWS"),
        excused: &|identity| is_admin(identity).then_some("the role has administrator rights, which role-admin says"),
        question: &question,
        good: "no policy of AWS gives the role rights over every resource, but for what other checks say",
        minds_unseen: false,
    };
    judge_roles(context, findings, &check);
}

/// AWS calls it the default of a service role, but all that it gives is to invoke every function.
const INVOKES_ALL: &str = "AWSLambdaRole";

fn question(case: &Case<'_, '_>, statement: &Statement) -> Option<Answer> {
    let aws = case.source.aws?;
    if aws.for_service && &*aws.name != INVOKES_ALL {
        return None;
    }
    let unscoped = Unscoped::by(case, statement)?;
    if case.source.policy.allows().any(|statement| is_told(case, statement)) {
        return None;
    }
    let bad = format!(
        "{} allows {} on every resource: whoever takes over {} reaches {}",
        case.subject(),
        unscoped.actions(),
        case.functions(),
        unscoped.reach()
    );
    let severity = match unscoped.takes_over {
        true => Severity::High,
        false => Severity::Medium,
    };
    let fix = Fix::new("Write a policy with the actions that the function calls, and the ARNs that it calls them on")
        .snippet(snippet(&unscoped.narrowed));
    let answer = match unscoped.doubt {
        None => Answer::fail(unscoped.at, bad, format!("{} is attached", aws.name)),
        Some((doubt, why)) => Answer::undetermined(unscoped.at, &bad, &doubt, why),
    };
    Some(answer.severity(severity).fix(fix))
}

/// For a role, and for a function of AWS SAM.
fn snippet(statement: &str) -> String {
    format!(
        "Policies:\n  \
           - PolicyName: own\n    \
             PolicyDocument:\n      \
               Version: \"2012-10-17\"\n      \
               Statement:\n        {}\n\n\
         # AWS SAM, in the function\n\
         Policies:\n  \
           - Statement:\n      {}",
        statement.replace('\n', "\n        "),
        statement.replace('\n', "\n      ")
    )
}

/// Whether another check says as much of the attachment; what is said of measuring and logging is less.
fn is_told(case: &Case<'_, '_>, statement: &Statement) -> bool {
    let others = [
        role_admin::question,
        role_notaction::question,
        role_wildcard_action::question,
    ];
    let mut answers = others.into_iter().filter_map(|question| question(case, statement));
    answers.any(|answer| answer.is_graver_than(Severity::Low))
}
