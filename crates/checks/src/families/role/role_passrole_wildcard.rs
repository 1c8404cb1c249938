//! An execution role that may hand any role to a service.

use crate::access::role::{Ask, Case, Effect, is_admin, judge_roles};
use crate::verdict::answer::{Answer, few};
use crate::{Check, Context, Findings};
use maremma_iam::{Question, Statement};
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "role-passrole-wildcard",
        title: "Execution role may pass any role",
        tier: Tier::Core,
        severity: Severity::High,
        confidence: Confidence::High,
        subject: "AWS::IAM::Role",
        controls: &[Control::nist("AC-6"), Control::owasp("SAS-4")],
        equivalents: &[
            Equivalent::near(Peer::CfnNag, "F38"),
            Equivalent::near(Peer::CfnNag, "F39"),
            Equivalent::near(Peer::CfnNag, "F40"),
            Equivalent::near(Peer::Checkov, "CKV_AWS_286"),
        ],
        page: include_str!("role_passrole_wildcard.md"),
    },
    run,
};

const SNIPPET: &str = "\
- Effect: Allow
  Action: iam:PassRole
  Resource: !GetAtt TheRole.Arn
  Condition:
    StringEquals:
      iam:PassedToService: lambda.amazonaws.com";

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let check = Ask {
        bad: &|role| format!("Role {role} may pass any role to a service"),
        excused: &|identity| is_admin(identity).then_some("the role has administrator rights, which role-admin says"),
        question: &question,
        good: "no statement allows iam:PassRole on every role without limiting the service",
        minds_unseen: true,
    };
    judge_roles(context, findings, &check);
}

fn question(case: &Case<'_, '_>, statement: &Statement) -> Option<Answer> {
    let by_aws = case.source.aws.is_some_and(|aws| aws.for_service);
    if by_aws || statement.actions.negated || statement.covers_actions("iam:*").is_yes() {
        return None;
    }
    let effect = case.effect(statement, &Question::PASS_ANY_ROLE);
    if matches!(effect, Effect::Partial | Effect::Nothing) {
        return None;
    }
    let at = &statement.actions.at;
    let bad = format!(
        "{} allows iam:PassRole on every role: whoever takes over {} can run code as the strongest role of the account",
        case.subject(),
        case.functions()
    );
    let on = statement.resources.as_ref().map(few).unwrap_or_default();
    let says = format!("{} on {on}, without iam:PassedToService", few(&statement.actions));
    let fix = Fix::new("Name the roles that are passed and the service that receives them").snippet(SNIPPET);
    Some(match effect {
        Effect::Confined(words) => Answer::fail(at, format!("{bad}, {words}"), says).fix(fix),
        Effect::Unknown { doubt, why } => Answer::undetermined(at, &bad, &doubt, why).fix(fix),
        _ => Answer::fail(at, bad, says).fix(fix),
    })
}
