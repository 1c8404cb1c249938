//! A resource-based policy that admits an account which is neither own nor trusted.

use crate::access::party::{Reach, limits, principal, reach};
use crate::access::permission::{Case, deed, judge_permissions, of_parties, source_arn};
use crate::verdict::answer::Answer;
use crate::{Check, Context, Findings};
use maremma_iam::{Admission, Party, Statement, Who};
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "policy-cross-account",
        title: "Resource-based policy open to a foreign account",
        tier: Tier::Core,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Permission",
        controls: &[
            Control::cis("4.10"),
            Control::nist("AC-3"),
            Control::nist("AC-6"),
            Control::owasp("SAS-2"),
        ],
        equivalents: &[Equivalent::near(Peer::ControlTower, "CT.LAMBDA.PV.2")],
        page: include_str!("policy_cross_account.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let bad = |case: &Case| format!("The resource-based policy opens {} to a foreign account", case.function);
    judge_permissions(context, findings, bad, answer);
}

fn answer(case: &Case, statement: &Statement, admission: &Admission) -> Answer {
    of_parties(
        statement,
        admission.parties.iter().map(|party| of_party(case, statement, party)),
    )
}

fn of_party(case: &Case, statement: &Statement, party: &Party) -> Answer {
    let (at, says) = principal(party);
    let deed = deed(case, statement);
    match reach(party) {
        Reach::Everybody => Answer::not_applicable(at, format!("{says}, which policy-public-principal judges")),
        Reach::Unscoped(_) => Answer::not_applicable(at, format!("{says}, on behalf of no particular account")),
        Reach::Ours => Answer::pass(at, format!("{says}{}", limits(party))),
        Reach::Foreign(stranger) => {
            let message = format!(
                "{}, which is not trusted, can {deed}{}",
                capital(&stranger),
                limits(party)
            );
            let fix = Fix::new(
                "Remove the statement, or, where the account is meant, add it to [trust] accounts in maremma.toml",
            );
            Answer::fail(at, message, says).fix(fix)
        }
        Reach::Undecided { .. } if by_unseen_source(party) => Answer::not_applicable(
            at,
            format!("{says} for one source, which SourceArn names and this input does not show"),
        ),
        Reach::Undecided { doubt, why } => {
            Answer::undetermined(at, &format!("A foreign account can {deed}"), &doubt, why)
        }
    }
}

/// A service that acts for one source, of which nothing is known here, not even that it is a stranger's.
fn by_unseen_source(party: &Party) -> bool {
    match &party.who {
        Who::Service { scope, .. } => scope.limits().is_unknown() && source_arn(party).is_some(),
        _ => false,
    }
}

fn capital(words: &str) -> String {
    match words.strip_prefix("account") {
        Some(rest) => format!("Account{rest}"),
        None => match words.strip_prefix("organization") {
            Some(rest) => format!("Organization{rest}"),
            None => words.to_owned(),
        },
    }
}
