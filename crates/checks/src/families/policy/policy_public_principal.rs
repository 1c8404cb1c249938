//! A resource-based policy that admits callers of no standing.

use crate::access::party::{limits, principal};
use crate::access::permission::{Case, deed, judge_permissions, of_parties, serves_open_url};
use crate::verdict::answer::Answer;
use crate::{Check, Context, Findings};
use maremma_iam::{Admission, Party, Public, Statement, Who};
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "policy-public-principal",
        title: "Resource-based policy open to everybody",
        tier: Tier::Core,
        severity: Severity::Critical,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Permission",
        controls: &[
            Control::cis("4.6"),
            Control::fsbp("Lambda.1"),
            Control::nist("AC-3"),
            Control::nist("AC-6"),
            Control::owasp("SAS-2"),
        ],
        equivalents: &[
            Equivalent::exact(Peer::Checkov, "CKV_AWS_301"),
            Equivalent::exact(Peer::Prowler, "awslambda_function_not_publicly_accessible"),
            Equivalent::near(Peer::ControlTower, "CT.LAMBDA.PR.2"),
            Equivalent::near(Peer::CfnNag, "F13"),
            Equivalent::near(Peer::Kics, "1d6e16f1-5d8a-4379-bfb3-2dadd38ed5a7"),
            Equivalent::near(Peer::Config, "lambda-function-public-access-prohibited"),
            Equivalent::near(Peer::SecurityHub, "FSBP Lambda.1"),
        ],
        page: include_str!("policy_public_principal.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let bad = |case: &Case| format!("The resource-based policy opens {} to everybody", case.function);
    judge_permissions(context, findings, bad, answer);
}

fn answer(case: &Case, statement: &Statement, admission: &Admission) -> Answer {
    if serves_open_url(statement) {
        let says = "the statement serves a function URL without authentication, which url-auth-none judges";
        return Answer::not_applicable(&statement.at, says);
    }
    of_parties(
        statement,
        admission.parties.iter().map(|party| of_party(case, statement, party)),
    )
}

fn of_party(case: &Case, statement: &Statement, party: &Party) -> Answer {
    let (at, says) = principal(party);
    match &party.who {
        Who::Public(public) => {
            let message = format!("{} can {}{}", everybody(public), deed(case, statement), limits(party));
            Answer::fail(at, message, says).fix(scoped())
        }
        // A condition on the source that every source meets: any account can have a service call.
        Who::Service { name: None, scope } if scope.limits().is_no() => {
            let deed = deed(case, statement);
            let message = format!("Any AWS account can {deed} by way of an AWS service, such as a bucket's events");
            Answer::fail(at, message, says).fix(scoped())
        }
        Who::Unknown(doubt) => {
            let bad = format!("Any AWS account can {}", deed(case, statement));
            Answer::undetermined(&doubt.at, &bad, &doubt.words, doubt.why.clone())
        }
        _ => Answer::pass(at, format!("{says}{}", limits(party))),
    }
}

fn scoped() -> Fix {
    Fix::new("Name the account, the organization or the service that may call")
        .snippet("Principal: !Ref AWS::AccountId")
}

/// Lambda's API takes signed requests only: everybody is every account of AWS.
fn everybody(public: &Public) -> String {
    let except: Vec<_> = public.except.iter().map(ToString::to_string).collect();
    match except.as_slice() {
        [] => "Any AWS account".to_owned(),
        except => format!("Any AWS account except {}", except.join(", ")),
    }
}
