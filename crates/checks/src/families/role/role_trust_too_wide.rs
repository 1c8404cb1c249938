//! An execution role that others than Lambda may assume.

use crate::access::federation::{admits_guests, strangers};
use crate::access::identity::{Identity, identity, is_lambda};
use crate::access::narrowed::{Denying, admitted};
use crate::access::party::{Reach, limits, principal, reach, who};
use crate::access::role::role;
use crate::verdict::answer::{Answer, Carrier, ask, gravest};
use crate::{Check, Context, Findings};
use maremma_iam::{LimitKind, Party, Policy, Principal, PrincipalKind, Principals, Standing, Statement, Who};
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, Text, Tier, Verdict, Why};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "role-trust-too-wide",
        title: "Execution role that others may assume",
        tier: Tier::Core,
        severity: Severity::High,
        confidence: Confidence::High,
        subject: "AWS::IAM::Role",
        controls: &[Control::nist("AC-3"), Control::nist("AC-6"), Control::owasp("SAS-4")],
        equivalents: &[
            Equivalent::near(Peer::Checkov, "CKV_AWS_60"),
            Equivalent::near(Peer::Checkov, "CKV_AWS_61"),
            Equivalent::near(Peer::CfnNag, "F6"),
            Equivalent::near(Peer::CfnNag, "F2"),
        ],
        page: include_str!("role_trust_too_wide.md"),
    },
    run,
};

const SNIPPET: &str = "\
AssumeRolePolicyDocument:
  Version: \"2012-10-17\"
  Statement:
    - Effect: Allow
      Principal:
        Service: lambda.amazonaws.com
      Action: sts:AssumeRole";

/// By each of these a session of the role is had.
const ASSUME: &[&str] = &[
    "sts:AssumeRole",
    "sts:AssumeRoleWithSAML",
    "sts:AssumeRoleWithWebIdentity",
];

/// Services that run what a user of the account brings, with the credentials of the role.
const RUN_CODE: &[&str] = &[
    "batch",
    "cloudformation",
    "codebuild",
    "datapipeline",
    "ec2",
    "ecs-tasks",
    "elasticmapreduce",
    "glue",
    "sagemaker",
    "ssm",
];

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, row) in context.estate.roles.iter() {
        match identity(context, id, row) {
            Some(identity) => judge_trust(context, findings, &identity),
            None => {
                let says = "no function of this input runs as the role";
                findings.add(role(id, row).draft(Answer::not_applicable(&row.resource.at, says), None));
            }
        }
    }
}

fn judge_trust(context: &Context<'_>, findings: &mut Findings<'_>, identity: &Identity<'_>) {
    let (id, row) = (identity.id, identity.row);
    let name = context.name(id);
    let carrier = Carrier {
        policy: "AssumeRolePolicyDocument".into(),
        ..role(id, row)
    };
    let Some(policy) = context.policies.trust(id) else {
        let answer = Answer::not_applicable(&row.resource.at, "AssumeRolePolicyDocument is not set");
        return findings.add(carrier.draft(answer, None));
    };
    let view = context.view(row.resource.unit);
    let denying = Denying::of(policy, None, ASSUME);
    let without_lambda = shuts_lambda_out(policy);
    let answers = ask(policy, &format!("Role {name} can be assumed by others"), |statement| {
        let parties = admitted(policy, denying.as_ref(), statement, ASSUME, view);
        let answers = parties.iter().map(|(party, _)| of_party(&name, party, without_lambda));
        gravest(answers).unwrap_or_else(|| Answer::pass(&statement.at, "the statement lets nobody assume the role"))
    });
    let mut clean = true;
    for (statement, answer) in answers {
        if matches!(answer.verdict, Verdict::Fail | Verdict::Undetermined) {
            clean = false;
            let detail = statement.map_or_else(|| "AssumeRolePolicyDocument".to_owned(), Statement::name);
            let draft = carrier.draft(answer, statement).detail(detail);
            findings.add(draft.affects(identity.functions.iter().copied()));
        }
    }
    if clean {
        let answer = Answer::pass(
            &row.trust.at,
            "only Lambda and principals of the own account may assume the role",
        );
        findings.add(carrier.draft(answer, None).affects(identity.functions.iter().copied()));
    }
}

/// Whether the policy names whom it admits, and Lambda is not among them: a function cannot run as the role.
/// Source: Lambda developer guide, "Defining Lambda function permissions with an execution role".
fn shuts_lambda_out(policy: &Policy) -> bool {
    let other = |principal: &Principal| match principal.kind {
        PrincipalKind::Service => {
            let name = principal.text.prefix();
            !is_lambda(&principal.text) && name.contains('.') && !name.contains('*')
        }
        PrincipalKind::Everyone | PrincipalKind::Unknown => false,
        _ => principal.text.as_literal().is_some_and(|text| text != "*"),
    };
    policy.is_complete()
        && policy.allows().all(|statement| match &statement.principals {
            Principals::Only(principals) => principals.iter().all(other),
            Principals::Unstated | Principals::AllBut(_) => false,
        })
}

fn of_party(role: &str, party: &Party, without_lambda: bool) -> Answer {
    let (at, says) = principal(party);
    let instead = match &party.who {
        Who::Service { .. } if without_lambda => "; Lambda itself cannot",
        _ => "",
    };
    let bad = format!(
        "{} can assume role {role}, with all that it may do{}{instead}",
        who(party),
        limits(party)
    );
    match risk(party) {
        Risk::Known(severity) => {
            let fix = Fix::new("Let only Lambda assume the role").snippet(SNIPPET);
            Answer::fail(at, bad, says).severity(severity).fix(fix)
        }
        Risk::Unknown(doubt, why) => Answer::undetermined(at, &bad, &doubt, why).severity(Severity::High),
        Risk::None => Answer::pass(at, says),
    }
}

enum Risk {
    None,
    Known(Severity),
    Unknown(String, Option<Why>),
}

fn risk(party: &Party) -> Risk {
    match &party.who {
        Who::Public(_) => Risk::Known(Severity::Critical),
        Who::Limited => Risk::Known(Severity::High),
        Who::Account(account) => match account.standing {
            // The account's own policies decide who: all that have sts:AssumeRole on `*`.
            Standing::Own => Risk::Known(Severity::Low),
            standing => of_standing(standing, party, &account.id),
        },
        Who::Principal { account, .. } => match account.standing {
            Standing::Own => Risk::None,
            standing => of_standing(standing, party, &account.id),
        },
        Who::Organization { ids, standing } => match (standing, reach(party)) {
            (Standing::Unknown, Reach::Undecided { doubt, why }) => Risk::Unknown(doubt, why),
            _ => of_standing(*standing, party, ids.first().unwrap_or(&Text::literal(""))),
        },
        Who::Service { name, .. } => of_service(name.as_ref()),
        Who::Federated { provider } if admits_guests(provider, party) => Risk::Known(Severity::Critical),
        Who::Federated { provider } => match strangers(provider, party) {
            (open, _) if open.is_yes() => Risk::Known(Severity::High),
            (open, why) if open.is_unknown() => {
                Risk::Unknown("whose identities the condition names is not known".to_owned(), why)
            }
            _ => Risk::None,
        },
        Who::Canonical { .. } => Risk::None,
        Who::Unknown(doubt) => Risk::Unknown(doubt.words.clone(), doubt.why.clone()),
    }
}

/// An external id does not make a stranger one of us, but keeps others from borrowing him.
fn of_standing(standing: Standing, party: &Party, id: &Text) -> Risk {
    let external_id =
        |kind: LimitKind, key: &str| kind == LimitKind::Request && key.eq_ignore_ascii_case("sts:ExternalId");
    match standing {
        Standing::Own | Standing::Trusted => Risk::None,
        Standing::Foreign if party.limits.iter().any(|limit| external_id(limit.kind, &limit.key)) => {
            Risk::Known(Severity::Medium)
        }
        Standing::Foreign => Risk::Known(Severity::High),
        Standing::Unknown => {
            let why = id
                .why()
                .cloned()
                .unwrap_or_else(|| Why::Pseudo("AWS::AccountId".into()));
            Risk::Unknown(format!("whether {id} is foreign is not known"), Some(why))
        }
    }
}

/// Services that only call on the function's behalf are as good as Lambda.
fn of_service(name: Option<&Text>) -> Risk {
    let Some(name) = name else {
        return Risk::Known(Severity::High);
    };
    let label = name.prefix().split('.').next().unwrap_or_default();
    if label.starts_with('*') {
        Risk::Known(Severity::High)
    } else if !is_lambda(name) && RUN_CODE.contains(&label) {
        Risk::Known(Severity::Low)
    } else {
        Risk::None
    }
}
