//! A permission whose conditions no call can meet.

use crate::access::permission::{Case, judge_permissions, of_parties};
use crate::verdict::answer::Answer;
use crate::{Check, Context, Findings};
use maremma_iam::{Admission, Arn, Leaf, Party, Statement, Who};
use maremma_model::{Confidence, Control, Equivalent, Fix, Peer, Rule, Severity, Text, Tier};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "policy-principal-sourcearn-mismatch",
        title: "Permission whose source does not fit its principal",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Permission",
        controls: &[Control::nist("CM-6"), Control::owasp("SAS-3")],
        equivalents: &[Equivalent::near(Peer::CfnLint, "W3664")],
        page: include_str!("policy_principal_sourcearn_mismatch.md"),
    },
    run,
};

/// The service in the ARNs by which each principal names its sources. One that is not here may name
/// others, and is not judged.
/// Sources: AWS Lambda developer guide, "Invoking Lambda with events from other AWS services", and the
/// page on Lambda in the guide of each service.
const SOURCES: &[(&str, &str)] = &[
    ("apigateway", "execute-api"),
    ("bedrock", "bedrock"),
    ("cloudfront", "cloudfront"),
    ("codecommit", "codecommit"),
    ("cognito-idp", "cognito-idp"),
    ("config", "config"),
    ("elasticloadbalancing", "elasticloadbalancing"),
    ("events", "events"),
    ("iot", "iot"),
    ("lambda.alarms.cloudwatch", "cloudwatch"),
    ("lexv2", "lex"),
    ("logs", "logs"),
    ("s3", "s3"),
    ("secretsmanager", "secretsmanager"),
    ("ses", "ses"),
    ("sns", "sns"),
    ("vpc-lattice", "vpc-lattice"),
];

/// The service in the ARNs of resources whose ARN is known only after deployment.
const KINDS: &[(&str, &str)] = &[
    ("AWS::CloudWatch::", "cloudwatch"),
    ("AWS::CodeCommit::", "codecommit"),
    ("AWS::Cognito::UserPool", "cognito-idp"),
    ("AWS::Config::", "config"),
    ("AWS::DynamoDB::", "dynamodb"),
    ("AWS::ElasticLoadBalancingV2::", "elasticloadbalancing"),
    ("AWS::Events::", "events"),
    ("AWS::IoT::", "iot"),
    ("AWS::Kinesis::", "kinesis"),
    ("AWS::Logs::", "logs"),
    ("AWS::S3::Bucket", "s3"),
    ("AWS::SNS::Topic", "sns"),
    ("AWS::SQS::Queue", "sqs"),
    ("AWS::Scheduler::", "scheduler"),
    ("AWS::SecretsManager::Secret", "secretsmanager"),
    ("AWS::StepFunctions::", "states"),
];

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    let bad = |case: &Case| format!("A permission of {} lets nobody in", case.function);
    judge_permissions(context, findings, bad, |case, statement, admission| {
        answer(context, case, statement, admission)
    });
}

fn answer(context: &Context<'_>, case: &Case, statement: &Statement, admission: &Admission) -> Answer {
    let sources = values(statement, "aws:SourceArn");
    if let Some(answer) = of_accounts(context, case, &sources, &values(statement, "aws:SourceAccount")) {
        return answer;
    }
    let parties = admission.parties.iter();
    of_parties(statement, parties.map(|party| of_party(context, case, party, &sources)))
}

/// The values that a condition asks for.
fn values<'s>(statement: &'s Statement, key: &str) -> Vec<&'s Leaf> {
    let conditions = statement.conditions.iter();
    let asking = conditions.filter(|condition| condition.is_on(key) && !condition.operator.negated());
    asking.flat_map(|condition| &condition.values).collect()
}

fn of_party(context: &Context<'_>, case: &Case, party: &Party, sources: &[&Leaf]) -> Answer {
    let Who::Service { name: Some(name), .. } = &party.who else {
        return Answer::not_applicable(&party.at, "Principal is no service");
    };
    let Some((_, expected)) = SOURCES.iter().find(|(principal, _)| is_of(name, principal)) else {
        return Answer::not_applicable(&party.at, format!("which sources {name} names is not known to maremma"));
    };
    let services = sources.iter().map(|source| service_of(context, &source.text));
    let services: Option<Vec<_>> = services.collect();
    let fits = |services: &Vec<String>| services.iter().any(|service| service == expected);
    let (Some(source), Some(services)) = (sources.first(), services.filter(|services| !fits(services))) else {
        return Answer::pass(
            &party.at,
            format!("Principal is {name}, and its source may be one of that service"),
        );
    };
    let message = format!(
        "The permission for {name} to invoke {} never applies: {} is of {}, and {name} calls for {expected}",
        case.function,
        source.text,
        services.first().map(String::as_str).unwrap_or_default(),
    );
    let says = format!("SourceArn is {}, and Principal is {name}", source.text);
    let fix = Fix::new("Name the service that owns the source, or the source that the service calls for");
    let fix = match SOURCES
        .iter()
        .find(|(_, service)| services.iter().any(|found| found == service))
    {
        Some((principal, _)) => fix.snippet(format!("Principal: {principal}.amazonaws.com")),
        None => fix,
    };
    Answer::fail(&source.at, message, says).fix(fix)
}

/// `logs.amazonaws.com` and `logs.eu-west-1.amazonaws.com` are `logs`.
fn is_of(name: &Text, principal: &str) -> bool {
    let rest = name.prefix().strip_prefix(principal);
    let rest = rest.and_then(|rest| rest.strip_prefix('.'));
    // `lambda.alarms.cloudwatch` begins with another service's name.
    rest.is_some_and(|rest| !rest.starts_with("alarms."))
}

/// The service in an ARN; `None` where it is open or not known.
fn service_of(context: &Context<'_>, arn: &Text) -> Option<String> {
    if let Some(parsed) = Arn::parse(arn) {
        let service = parsed.service.as_literal()?;
        return (!service.contains(['*', '?'])).then(|| service.to_owned());
    }
    let kind = &context.resource(arn.as_attribute()?.of)?.kind;
    let known = KINDS.iter().find(|(start, _)| kind.starts_with(start));
    known.map(|(_, service)| (*service).to_owned())
}

/// `SourceAccount` and the account in `SourceArn` must both hold.
fn of_accounts(context: &Context<'_>, case: &Case, sources: &[&Leaf], accounts: &[&Leaf]) -> Option<Answer> {
    let (source, wanted) = (sources.first()?, accounts.first()?);
    let owners: Option<Vec<Text>> = sources.iter().map(|source| account_of(context, &source.text)).collect();
    let owners = owners?;
    let pairs = || {
        owners
            .iter()
            .flat_map(|owner| accounts.iter().map(move |account| (owner, &account.text)))
    };
    if pairs().any(|(owner, account)| owner == account) {
        return None;
    }
    let owner = owners.first()?;
    let bad = format!(
        "The permission to invoke {} never applies: SourceArn is of account {owner}, and SourceAccount is {}",
        case.function, wanted.text
    );
    let open = pairs().find_map(|(owner, account)| owner.why().or_else(|| account.why()));
    if let Some(why) = open {
        let doubt = format!("whether {owner} and {} are the same account is not known", wanted.text);
        return Some(Answer::undetermined(&wanted.at, &bad, &doubt, Some(why.clone())));
    }
    let says = format!(
        "SourceAccount is {}, and {} is of account {owner}",
        wanted.text, source.text
    );
    let fix = Fix::new("Name the account that owns the source").snippet(format!("SourceAccount: \"{owner}\""));
    Some(Answer::fail(&wanted.at, bad, says).fix(fix))
}

/// The account in an ARN; `None` where there is none, or any.
fn account_of(context: &Context<'_>, arn: &Text) -> Option<Text> {
    let account = match Arn::parse(arn) {
        Some(parsed) => parsed.account,
        None => Arn::parse(&context.resource(arn.as_attribute()?.of)?.arn)?.account,
    };
    let open = account
        .as_literal()
        .is_some_and(|id| id.is_empty() || id.contains(['*', '?']));
    (!open).then_some(account)
}
