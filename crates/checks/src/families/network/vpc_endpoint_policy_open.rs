//! A VPC endpoint through which everybody may bring data to anybody's resources.

use crate::access::narrowed::{Denying, admitted};
use crate::access::party::principal;
use crate::access::role::functions;
use crate::subject::vpc::{Residents, here};
use crate::verdict::answer::{Answer, Carrier, ask, gravest};
use crate::verdict::judge::whole;
use crate::{Check, Context, Draft, Findings};
use maremma_iam::{Match, Party, Policy, Statement, Who};
use maremma_model::noun::VpcEndpoint;
use maremma_model::{
    AnyId, Confidence, Control, Equivalent, Fact, Fix, Function, Id, Location, Peer, Rule, Severity, State, Tier,
    Verdict, Why,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "vpc-endpoint-policy-open",
        title: "VPC endpoint open to foreign data stores",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::EC2::VPCEndpoint",
        controls: &[
            Control::nist("AC-4"),
            Control::nist("SC-7(10)"),
            Control::owasp("SAS-3"),
        ],
        equivalents: &[Equivalent::near(
            Peer::Prowler,
            "vpc_endpoint_connections_trust_boundaries",
        )],
        page: include_str!("vpc_endpoint_policy_open.md"),
    },
    run,
};

/// Services by the last part of their endpoints' names, the prefix of their actions, and an action that
/// carries data away. All of them mind endpoint policies. Source: AWS PrivateLink guide, "AWS services
/// that integrate with AWS PrivateLink".
const SERVICES: &[(&str, &str, &str)] = &[
    ("s3", "s3", "s3:PutObject"),
    ("dynamodb", "dynamodb", "dynamodb:PutItem"),
    ("events", "events", "events:PutEvents"),
    ("execute-api", "execute-api", "execute-api:Invoke"),
    ("kinesis-firehose", "firehose", "firehose:PutRecord"),
    ("kinesis-streams", "kinesis", "kinesis:PutRecord"),
    ("kms", "kms", "kms:Encrypt"),
    ("lambda", "lambda", "lambda:InvokeFunction"),
    ("logs", "logs", "logs:PutLogEvents"),
    ("secretsmanager", "secretsmanager", "secretsmanager:PutSecretValue"),
    ("sns", "sns", "sns:Publish"),
    ("sqs", "sqs", "sqs:SendMessage"),
    ("states", "states", "states:StartExecution"),
    ("sts", "sts", "sts:AssumeRole"),
];

/// Conditions that every request through the endpoint meets, wherever it leads.
const IDLE: &[&str] = &[
    "aws:SecureTransport",
    "aws:SourceVpc",
    "aws:SourceVpcArn",
    "aws:SourceVpce",
    "aws:VpcSourceIp",
];

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let residents = Residents::of(context);
    for (id, row) in context.estate.vpc_endpoints.iter() {
        let within: Vec<_> = here(&row.vpc).flat_map(|vpc| residents.of_vpc(vpc)).collect();
        let not_applicable = |says: &str| Draft::new(id, Verdict::NotApplicable, says, whole(&row.resource, says));
        let draft = match service(row) {
            _ if within.is_empty() => not_applicable("no function of this input is known to run in the VPC"),
            None => not_applicable("no data is brought out by the service of the endpoint, or it minds no policy"),
            Some(service) => judged(context, id, row, service, &within),
        };
        findings.add(draft.affects(within));
    }
}

type Service = (&'static str, &'static str, &'static str);

fn service(row: &VpcEndpoint) -> Option<&'static Service> {
    let name = row.service.value()?.suffix();
    let last = name.rsplit('.').next()?;
    let of_aws = row.service.value()?.prefix().starts_with("com.amazonaws.");
    SERVICES.iter().find(|(ending, ..)| of_aws && *ending == last)
}

fn judged(
    context: &Context<'_>,
    id: Id<VpcEndpoint>,
    row: &VpcEndpoint,
    service: &Service,
    within: &[Id<Function>],
) -> Draft {
    let carrier = Carrier {
        id: id.into(),
        resource: &row.resource,
        policy: context.name(id),
        attached_at: None,
    };
    let deed = format!(
        "Any credentials can carry data of {} through endpoint {} to resources of anybody",
        functions(context, within),
        context.name(id)
    );
    if let State::Unset = row.policy.state {
        let fact = Fact::Attribute {
            name: "PolicyDocument".into(),
            value: None,
        };
        let says = "PolicyDocument is not set, so everything is let through";
        let answer = Answer::fail(&row.policy.at, deed, says).fact(fact).fix(fix(service));
        return carrier.draft(answer, None);
    }
    let policies = context.relations.resource_policies(AnyId::from(id)).iter();
    let mut policies = policies.filter_map(|policy| context.policies.resource(*policy));
    let answers = policies.next().map(|policy| {
        let question = |statement: &Statement| {
            let told = opened(context, row, policy, statement, service);
            told.map_or_else(
                || {
                    Answer::pass(
                        &statement.at,
                        "the statement leads to known resources, or is for known callers",
                    )
                },
                |(is, at, says)| match is {
                    Match::Yes => Answer::fail(&at, deed.as_str(), says).fix(fix(service)),
                    _ => Answer::undetermined(
                        &at,
                        &deed,
                        "what the statement lets through is not known",
                        why(statement),
                    ),
                },
            )
        };
        ask(policy, &deed, question)
    });
    let answers = answers.unwrap_or_default();
    let statement = answers
        .iter()
        .min_by_key(|(_, answer)| answer.weight())
        .and_then(|(statement, _)| *statement);
    let answer = gravest(answers.into_iter().map(|(_, answer)| answer));
    carrier.draft(
        answer.unwrap_or_else(|| Answer::pass(&row.policy.at, "the policy lets nothing through")),
        statement,
    )
}

/// Whether a statement lets everybody carry data to resources of anybody, and the place that says so.
fn opened(
    context: &Context<'_>,
    row: &VpcEndpoint,
    policy: &Policy,
    statement: &Statement,
    (_, prefix, action): &Service,
) -> Option<(Match, Location, String)> {
    let everything = statement
        .covers_every_resource()
        .or(statement.covers_every(prefix, "*"));
    let actions = [*action];
    let denying = Denying::of(policy, None, &actions);
    let view = context.view(row.resource.unit);
    let parties = admitted(policy, denying.as_ref(), statement, &actions, view);
    let told = parties.iter().filter_map(|(party, allowed)| {
        let is = everybody(party).and(*allowed).and(everything);
        let (at, says) = principal(party);
        (!is.is_no()).then(|| (is, at.clone(), says))
    });
    told.min_by_key(|(is, ..)| !is.is_yes())
}

/// Whether a party is everybody with any resource: no condition says whose either is.
fn everybody(party: &Party) -> Match {
    let idle = |key: &str| IDLE.iter().any(|name| name.eq_ignore_ascii_case(key));
    let bound = party.limits.iter().any(|limit| !idle(&limit.key));
    match &party.who {
        Who::Public(public) => (public.except.is_empty() && !bound).into(),
        Who::Limited => (!bound).into(),
        Who::Unknown(_) if !bound => Match::Unknown,
        _ => Match::No,
    }
}

fn why(statement: &Statement) -> Option<Why> {
    let items = statement.actions.items.iter();
    let mut items = items.chain(statement.resources.iter().flat_map(|resources| &resources.items));
    let values = statement.conditions.iter().flat_map(|condition| &condition.values);
    items
        .find_map(|item| item.text.why().cloned())
        .or_else(|| values.filter_map(|leaf| leaf.text.why()).next().cloned())
}

fn fix((_, prefix, _): &Service) -> Fix {
    Fix::new("Let only your own principals through, and only to your own resources").snippet(format!(
        "PolicyDocument:\n  \
           Version: \"2012-10-17\"\n  \
           Statement:\n    \
             - Effect: Allow\n      \
               Principal: \"*\"\n      \
               Action: \"{prefix}:*\"\n      \
               Resource: \"*\"\n      \
               Condition:\n        \
                 StringEquals:\n          \
                   aws:PrincipalAccount: !Ref AWS::AccountId\n          \
                   aws:ResourceAccount: !Ref AWS::AccountId"
    ))
}
