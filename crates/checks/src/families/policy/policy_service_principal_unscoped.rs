//! An AWS service may invoke, on whosever behalf.

use super::policy_s3_without_sourceaccount::is_s3;
use crate::access::permission::{Case, deed, judge_permissions, of_parties, source_arn};
use crate::verdict::answer::Answer;
use crate::{Check, Context, Findings};
use maremma_iam::{Admission, Party, Statement, Who};
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, Text, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "policy-service-principal-unscoped",
        title: "Service principal without source",
        tier: Tier::Core,
        severity: Severity::High,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Permission",
        controls: &[Control::nist("AC-3"), Control::owasp("SAS-2")],
        equivalents: &[
            Equivalent::exact(Peer::Checkov, "CKV_AWS_364"),
            Equivalent::near(Peer::Trivy, "AWS-0067"),
            Equivalent::near(Peer::ControlTower, "CT.LAMBDA.PR.2"),
        ],
        page: include_str!("policy_service_principal_unscoped.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let bad = |case: &Case| format!("An AWS service can invoke {} on anybody's behalf", case.function);
    judge_permissions(context, findings, bad, answer);
}

fn answer(case: &Case, statement: &Statement, admission: &Admission) -> Answer {
    of_parties(
        statement,
        admission.parties.iter().map(|party| of_party(case, statement, party)),
    )
}

fn of_party(case: &Case, statement: &Statement, party: &Party) -> Answer {
    let at = &party.at;
    let (name, scope) = match &party.who {
        Who::Service {
            name: Some(name),
            scope,
        } => (name, scope),
        Who::Unknown(doubt) => {
            let bad = format!("An AWS service can invoke {} on anybody's behalf", case.function);
            return Answer::undetermined(&doubt.at, &bad, &doubt.words, doubt.why.clone());
        }
        _ => return Answer::not_applicable(at, "Principal is not a service"),
    };
    if is_s3(name) {
        return Answer::not_applicable(
            at,
            "Principal is Amazon S3, which policy-s3-without-sourceaccount judges",
        );
    }
    if acts_for_the_function(name) {
        return Answer::not_applicable(
            at,
            format!("{name} copies and runs functions at the edge for their owner"),
        );
    }
    let whose = if is_alexa(name) {
        "for anybody's skill"
    } else {
        "on behalf of any AWS account"
    };
    let bad = format!("{name} can {} {whose}", deed(case, statement));
    let limited = scope.limits();
    if limited.is_yes() || limited.is_unknown() && source_arn(party).is_some() {
        Answer::pass(at, format!("Principal is {name}, and its source is limited"))
    } else if limited.is_unknown() {
        let doubt = scope.doubt.as_ref();
        let words = doubt.map_or("its source is not known", |doubt| &doubt.words);
        Answer::undetermined(at, &bad, words, doubt.and_then(|doubt| doubt.why.clone())).fix(fix(case, name))
    } else {
        let severity = if same_account(name) {
            Severity::Low
        } else {
            Severity::High
        };
        let idle = party
            .idle
            .iter()
            .find(|limit| limit.key.eq_ignore_ascii_case("aws:SourceArn"));
        let says = match idle.and_then(|limit| limit.values.first()) {
            Some(source) => format!("Principal is {name}, and SourceArn {source} leaves the account open"),
            None => format!("Principal is {name}, and nothing limits its source"),
        };
        Answer::fail(at, bad, says).severity(severity).fix(fix(case, name))
    }
}

/// Lambda@Edge: AWS documents no source for its principals.
/// Source: Amazon CloudFront developer guide, "Set up IAM permissions and roles for Lambda@Edge".
fn acts_for_the_function(name: &Text) -> bool {
    let name = name.prefix();
    name.starts_with("edgelambda.") || name.starts_with("replicator.lambda.")
}

fn is_alexa(name: &Text) -> bool {
    name.prefix().starts_with("alexa-")
}

/// A target group takes functions of its own account only.
/// Source: Elastic Load Balancing user guide, "Lambda functions as targets".
fn same_account(name: &Text) -> bool {
    name.prefix().starts_with("elasticloadbalancing.")
}

/// The ARNs by which services name themselves to a function, with the region and account to be filled in.
/// Source: Service Authorization Reference, "Resource types" of each service.
const SOURCES: &[(&str, &str)] = &[
    ("apigateway", "execute-api:${AWS::Region}:${AWS::AccountId}:*"),
    ("cloudfront", "cloudfront::${AWS::AccountId}:distribution/*"),
    ("cognito-idp", "cognito-idp:${AWS::Region}:${AWS::AccountId}:userpool/*"),
    (
        "elasticloadbalancing",
        "elasticloadbalancing:${AWS::Region}:${AWS::AccountId}:targetgroup/*",
    ),
    ("events", "events:${AWS::Region}:${AWS::AccountId}:rule/*"),
    ("iot", "iot:${AWS::Region}:${AWS::AccountId}:rule/*"),
    ("logs", "logs:${AWS::Region}:${AWS::AccountId}:log-group:*"),
    (
        "secretsmanager",
        "secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:*",
    ),
    ("sns", "sns:${AWS::Region}:${AWS::AccountId}:*"),
];

fn fix(case: &Case, name: &Text) -> Fix {
    let label = name.prefix().split('.').next().unwrap_or_default();
    if is_alexa(name) {
        let property = if case.by_event { "SkillId" } else { "EventSourceToken" };
        return Fix::new("Say which skill may call").snippet(format!("{property}: amzn1.ask.skill.YOUR-SKILL-ID"));
    }
    let known = SOURCES.iter().find(|(service, _)| *service == label);
    match known {
        Some((_, source)) => Fix::new("Say which source may have the service call; name it as narrowly as you can")
            .snippet(format!("SourceArn: !Sub arn:${{AWS::Partition}}:{source}")),
        None => Fix::new("Say for which account the service may call").snippet("SourceAccount: !Ref AWS::AccountId"),
    }
}
