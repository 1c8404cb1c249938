//! Events of a function that come from an account, or go to one, that nobody has said to trust.

use crate::subject::flow::{Flow, flows};
use crate::verdict::answer::{Answer, in_worlds};
use crate::{Check, Context, Findings};
use maremma_iam::{Arn, Standing};
use maremma_model::noun::AnyLink;
use maremma_model::{Confidence, Control, Fact, Fix, Location, Rule, Severity, Text, Tier, Why};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "cross-account-flow",
        title: "Events from or to a foreign account",
        tier: Tier::Core,
        severity: Severity::High,
        confidence: Confidence::High,
        subject: "AWS::Lambda::EventSourceMapping",
        controls: &[Control::nist("AC-4"), Control::owasp("SAS-1"), Control::owasp("SAS-3")],
        equivalents: &[],
        page: include_str!("cross_account_flow.md"),
    },
    run,
};

/// Accounts of AWS whose topics are there to be subscribed to, each with what they tell. Sources: Amazon VPC
/// user guide, "AWS IP address ranges"; AWS Marketplace seller guide, "Amazon SNS notifications"; Amazon EC2
/// user guides, "Subscribe to Amazon SNS notifications for new AMIs"; Amazon ECS developer guide,
/// "Subscribing to Amazon ECS-optimized AMI update notifications"; AWS Billing user guide, "Setting up price
/// update notifications".
const TOPICS_OF_AWS: [(&str, &str); 7] = [
    ("137112412989", "new images of Amazon Linux"),
    ("177427601217", "new images for Amazon ECS"),
    ("278350005181", "changes of its prices"),
    ("287250355862", "subscriptions of AWS Marketplace"),
    ("626627529009", "prices of Savings Plans"),
    ("801119661308", "new images of Windows"),
    ("806199016981", "changes of AWS's address ranges"),
];

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for flow in flows(context) {
        let answer = in_worlds(flow.setting, |link, at| {
            let (answer, value) = match link {
                Ok(AnyLink::Here(_)) => {
                    let says = format!("{} names a resource of this input", flow.attribute);
                    (Answer::pass(at, says), None)
                }
                Ok(AnyLink::Outside(text)) => (of_text(context, &flow, text, at), Some(text.to_string())),
                Ok(AnyLink::Unknown(why)) | Err(why) => (unknown(&flow, why, at), None),
            };
            answer.fact(Fact::Attribute {
                name: flow.attribute.into(),
                value,
            })
        });
        if let Some(answer) = answer {
            let draft = flow.carrier.draft(answer, None);
            findings.add(draft.detail(flow.detail).affects(flow.affects));
        }
    }
}

fn of_text(context: &Context<'_>, flow: &Flow<'_>, text: &Text, at: &Location) -> Answer {
    let says = format!("{} names {text}", flow.attribute);
    let Some(arn) = Arn::parse(text) else {
        return match text.why() {
            Some(why) => unknown(flow, why, at),
            None => Answer::not_applicable(at, format!("{says}, which is no ARN")),
        };
    };
    let account = &arn.account;
    let of_aws = TOPICS_OF_AWS.iter().find(|(id, _)| account.as_literal() == Some(id));
    if let Some((_, what)) = of_aws.filter(|_| arn.service.as_literal() == Some("sns")) {
        return Answer::pass(at, format!("{says}, where AWS tells of {what}"));
    }
    if account.as_literal() == Some("") {
        return Answer::pass(at, format!("{says}, which says no account"));
    }
    let sentence = &flow.sentence;
    match context.view(flow.carrier.resource.unit).account(account).standing {
        Standing::Own => Answer::pass(at, format!("{says}, of the own account")),
        Standing::Trusted => Answer::pass(at, format!("{says}, of a trusted account")),
        Standing::Foreign => {
            let message = format!("{sentence} account {account}, which is neither own nor trusted");
            Answer::fail(at, message, says).fix(fix(account))
        }
        Standing::Unknown => {
            let own = || Why::Pseudo("AWS::AccountId".into());
            let why = account.why().cloned().unwrap_or_else(own);
            let doubt = match account {
                Text::Literal(id) => format!("which account is own is not known, and {id} is not trusted"),
                Text::Holed(_) => format!("the account in {} is not known: {why}", flow.attribute),
            };
            Answer::undetermined(at, &format!("{sentence} a foreign account"), &doubt, Some(why)).fix(fix(account))
        }
    }
}

/// What another stack exports is of the same account and region.
fn unknown(flow: &Flow<'_>, why: &Why, at: &Location) -> Answer {
    if matches!(why, Why::Import(_)) {
        let says = format!("{} names what another stack of the own account exports", flow.attribute);
        return Answer::pass(at, says);
    }
    let bad = format!("{} a foreign account", flow.sentence);
    let doubt = format!("{} is not known: {why}", flow.attribute);
    Answer::undetermined(at, &bad, &doubt, Some(why.clone()))
}

fn fix(account: &Text) -> Fix {
    let fix = Fix::new("Name a resource of your own account, or, where the other is meant, trust it in maremma.toml");
    match account {
        Text::Literal(id) => fix.snippet(format!("[trust]\naccounts = [\"{id}\"]")),
        Text::Holed(_) => fix,
    }
}
