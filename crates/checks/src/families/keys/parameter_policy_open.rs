//! A parameter that a function reads, and that others may read.

use crate::access::harm::{Harm, always};
use crate::access::resource_policy::{Ask, judge_policy};
use crate::access::role::functions;
use crate::context::dependents::Dependents;
use crate::context::relations::items;
use crate::{Check, Context, Findings};
use maremma_model::noun::AnyLink;
use maremma_model::{AnyId, Confidence, Control, Fix, Rule, Severity, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "parameter-policy-open",
        title: "Parameter open to others",
        tier: Tier::Core,
        severity: Severity::High,
        confidence: Confidence::High,
        subject: "AWS::SSM::ResourcePolicy",
        controls: &[Control::nist("AC-3"), Control::nist("AC-6"), Control::owasp("SAS-7")],
        equivalents: &[],
        page: include_str!("parameter_policy_open.md"),
    },
    run,
};

/// Read it, now or as it was, or change it.
const ACTIONS: &[&str] = &[
    "ssm:GetParameter",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
    "ssm:GetParameterHistory",
    "ssm:PutParameter",
    "ssm:PutResourcePolicy",
];

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let dependents = Dependents::new(context);
    for (id, row) in context.estate.resource_policies.iter() {
        let mut parameters = items(&row.on).filter_map(|on| match on {
            AnyLink::Here(AnyId::Parameter(parameter)) => Some(*parameter),
            _ => None,
        });
        let Some(parameter) = parameters.next() else { continue };
        let name = context.name(parameter);
        let check = Ask {
            bad: format!("Others can read parameter {name}"),
            functions: &|| dependents.of_parameter(parameter),
            unconcerned: "no function of this input depends on the parameter",
            actions: ACTIONS,
            target: Some((parameter.into(), "")),
            question: &|statement, opens, party, users| {
                let users = functions(context, users);
                let deed = format!("can read or change parameter {name}, on which {users} depends");
                harm(deed).by(statement, opens, party)
            },
        };
        judge_policy(context, findings, (id, row), &check);
    }
    dependents.tell(findings);
}

fn harm(deed: String) -> Harm<'static> {
    Harm {
        deed,
        by_everybody: Severity::High,
        by_stranger: Severity::Medium,
        by_services: false,
        open: &always,
        fix: Fix::new("Name the accounts or roles that need the parameter")
            .snippet("Principal:\n  AWS: !Sub arn:${AWS::Partition}:iam::${AWS::AccountId}:root"),
    }
}
