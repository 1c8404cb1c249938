//! A resource-based policy that gives more than the right to invoke.

use crate::access::party::{Reach, reach, who};
use crate::access::permission::{Case, judge_permissions, of_parties};
use crate::verdict::answer::{Answer, few};
use crate::{Check, Context, Findings};
use maremma_iam::{Admission, Party, Statement, Who};
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "policy-action-not-invoke",
        title: "Resource-based policy that allows more than invoking",
        tier: Tier::Core,
        severity: Severity::High,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Permission",
        controls: &[Control::nist("AC-6"), Control::owasp("SAS-4")],
        equivalents: &[
            Equivalent::exact(Peer::CfnNag, "W24"),
            Equivalent::near(Peer::Guard, "LAMBDA_PERMISSION_INVOKE_FUNCTION_ACTION"),
            Equivalent::near(Peer::Kics, "75ec6890-83af-4bf1-9f16-e83726df0bd0"),
        ],
        page: include_str!("policy_action_not_invoke.md"),
    },
    run,
};

/// By these a principal changes the code, how it runs, or who else may.
const TAKEOVER: &[&str] = &[
    "lambda:AddPermission",
    "lambda:CreateAlias",
    "lambda:CreateEventSourceMapping",
    "lambda:CreateFunctionUrlConfig",
    "lambda:DeleteFunction*",
    "lambda:Put*",
    "lambda:RemovePermission",
    "lambda:Update*",
];

/// By these it reads the environment or the code.
const DISCLOSURE: &[&str] = &["lambda:GetFunction", "lambda:GetFunctionConfiguration"];

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let bad = |case: &Case| format!("The resource-based policy allows more than invoking {}", case.function);
    judge_permissions(context, findings, bad, answer);
}

fn answer(case: &Case, statement: &Statement, admission: &Admission) -> Answer {
    let only = statement.only_actions(&["lambda:Invoke*"]);
    let (at, says) = (&statement.actions.at, format!("Action is {}", few(&statement.actions)));
    if only.is_yes() {
        return Answer::pass(at, says);
    }
    if only.is_unknown() {
        let hole = statement.actions.items.iter().find_map(|item| item.text.why().cloned());
        let bad = format!("The resource-based policy allows more than invoking {}", case.function);
        return Answer::undetermined(at, &bad, &format!("{says}, which is not known"), hole);
    }
    let strangers = admission.parties.iter().filter(|party| !replicates(party));
    of_parties(
        statement,
        strangers.map(|party| {
            let (severity, harm) = harm(statement, case);
            let message = format!(
                "{} can do {} on {}, {harm}",
                who(party),
                few(&statement.actions),
                case.function
            );
            let fix = Fix::new("Allow only to invoke").replace(at, "lambda:InvokeFunction");
            Answer::fail(at, message, says.clone())
                .severity(lower_for_ours(severity, party))
                .fix(fix)
        }),
    )
}

fn harm(statement: &Statement, case: &Case) -> (Severity, String) {
    let touches = |actions: &[&str]| actions.iter().any(|action| statement.touches_actions(action).is_yes());
    if touches(TAKEOVER) {
        let harm = "so it can replace the code or open the function to others";
        (Severity::High, harm.to_owned())
    } else if touches(DISCLOSURE) {
        (Severity::Medium, "which shows the environment and the code".to_owned())
    } else {
        (
            Severity::Low,
            format!("where only the right to invoke {} is needed", case.function),
        )
    }
}

/// What an own or trusted account may do here it could also be given by its identity policies.
fn lower_for_ours(severity: Severity, party: &Party) -> Severity {
    match reach(party) {
        Reach::Ours => severity.min(Severity::Medium),
        _ => severity,
    }
}

/// Lambda@Edge copies the function to its locations, for which AWS itself adds a statement.
/// Source: Amazon CloudFront developer guide, "Set up IAM permissions and roles for Lambda@Edge".
fn replicates(party: &Party) -> bool {
    matches!(&party.who, Who::Service { name: Some(name), .. } if name.prefix().starts_with("replicator.lambda."))
}
