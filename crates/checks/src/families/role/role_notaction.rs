//! An execution role that is allowed all but what its author thought of.

use crate::access::role::{Ask, Case, Effect, is_admin, judge_roles};
use crate::verdict::answer::{Answer, few};
use crate::{Check, Context, Findings};
use maremma_iam::{On, Question, Statement};
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "role-notaction",
        title: "Execution role allowed by NotAction or NotResource",
        tier: Tier::Hardening,
        severity: Severity::High,
        confidence: Confidence::High,
        subject: "AWS::IAM::Role",
        controls: &[Control::nist("AC-6"), Control::owasp("SAS-4")],
        equivalents: &[
            Equivalent::near(Peer::CfnNag, "W15"),
            Equivalent::near(Peer::CfnNag, "W16"),
            Equivalent::near(Peer::CfnNag, "W17"),
            Equivalent::near(Peer::CfnNag, "W21"),
        ],
        page: include_str!("role_notaction.md"),
    },
    run,
};

/// Rights that show whether a statement with `NotAction` grants anything that hurts.
const PROBES: &[&str] = &[
    "s3:*",
    "ec2:*",
    "lambda:*",
    "secretsmanager:*",
    "dynamodb:*",
    "kms:*",
    "sqs:*",
    "ssm:*",
    "sts:AssumeRole",
    "logs:*",
];

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let check = Ask {
        bad: &|role| format!("Role {role} is allowed all but what a statement names"),
        excused: &|identity| is_admin(identity).then_some("the role has administrator rights, which role-admin says"),
        question: &question,
        good: "no statement allows by NotAction or NotResource",
        minds_unseen: true,
    };
    judge_roles(context, findings, &check);
}

pub(super) fn question(case: &Case<'_, '_>, statement: &Statement) -> Option<Answer> {
    let resources = statement.resources.as_ref();
    let all_but_resources = resources.filter(|resources| resources.negated);
    if case.source.aws.is_some_and(|aws| aws.for_service) || !(statement.actions.negated || all_but_resources.is_some())
    {
        return None;
    }
    let at = match all_but_resources {
        Some(resources) if !statement.actions.negated => &resources.at,
        _ => &statement.actions.at,
    };
    let what = if statement.actions.negated {
        format!("every action but {}", few(&statement.actions))
    } else {
        few(&statement.actions)
    };
    let on = match (all_but_resources, resources) {
        (Some(resources), _) => format!("every resource but {}", few(resources)),
        (None, Some(_)) if statement.covers_every_resource().is_yes() => "every resource".to_owned(),
        (None, Some(resources)) => few(resources),
        (None, None) => String::new(),
    };
    let wide = all_but_resources.is_some() || statement.covers_every_resource().is_yes();
    let severity = match statement.actions.negated {
        true if wide => Severity::High,
        _ => Severity::Medium,
    };
    let bad = format!(
        "{} allows {what} on {on}: whoever takes over {} has rights that nobody listed, and those that AWS adds",
        case.subject(),
        case.functions()
    );
    let says = format!("{what} on {on}");
    let fix = Fix::new("Write Action and Resource with what the function calls; to take something away, add a Deny");
    Some(match granted(case, statement) {
        Effect::Full => Answer::fail(at, bad, says).severity(severity).fix(fix),
        Effect::Confined(_) | Effect::Partial => Answer::fail(at, bad, says)
            .severity(severity.min(Severity::Medium))
            .fix(fix),
        Effect::Unknown { doubt, why } => Answer::undetermined(at, &bad, &doubt, why).severity(severity).fix(fix),
        Effect::Nothing => return None,
    })
}

/// The widest of what the statement grants of the rights that count.
fn granted(case: &Case<'_, '_>, statement: &Statement) -> Effect {
    let own = statement.actions.items.iter().filter_map(|item| item.text.as_literal());
    let asked: Vec<&str> = match statement.actions.negated {
        true => PROBES.to_vec(),
        false => own.collect(),
    };
    let effects = asked.into_iter().map(|actions| {
        let question = Question {
            actions,
            on: On::Anything,
        };
        case.effect(statement, &question)
    });
    let rank = |effect: &Effect| match effect {
        Effect::Full => 0,
        Effect::Confined(_) => 1,
        Effect::Partial => 2,
        Effect::Unknown { .. } => 3,
        Effect::Nothing => 4,
    };
    effects.min_by_key(rank).unwrap_or(Effect::Nothing)
}
