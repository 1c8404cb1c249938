//! A layer version of an account that nobody has said to trust.

use crate::context::lookup::is_of_aws;
use crate::subject::layers::{Named, judge_layers, words};
use crate::verdict::answer::Answer;
use crate::{Check, Context, Findings};
use maremma_iam::{Arn, Standing};
use maremma_model::{Confidence, Control, Equivalent, Fix, Link, Peer, Rule, Severity, Text, Tier, Why};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "layer-cross-account",
        title: "Layer of a foreign account",
        tier: Tier::Core,
        severity: Severity::High,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Function",
        controls: &[Control::nist("SR-3"), Control::nist("SI-7"), Control::owasp("SAS-6")],
        equivalents: &[Equivalent::near(
            Peer::Prowler,
            "awslambda_function_using_cross_account_layers",
        )],
        page: include_str!("layer_cross_account.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    judge_layers(context, findings, |named| answer(context, named));
}

fn answer(context: &Context<'_>, named: &Named<'_>) -> Answer {
    let layer = words(context, &named.link);
    match &named.link {
        Link::Here(_) => Answer::pass(named.at, format!("Layers names {layer}, which this input makes")),
        Link::Outside(text) => match Arn::parse(text) {
            Some(arn) => of_account(context, named, &layer, &arn.account),
            None if text.as_literal() == Some("") => Answer::not_applicable(named.at, "Layers names nothing"),
            None => unknown(named, &layer, text.why()),
        },
        Link::Unknown(Why::Dynamic(reference)) if is_of_aws(reference) => {
            let says = format!("Layers names {layer}, a public parameter that only AWS writes");
            Answer::pass(named.at, says)
        }
        Link::Unknown(why) => unknown(named, &layer, Some(why)),
    }
}

fn of_account(context: &Context<'_>, named: &Named<'_>, layer: &str, account: &Text) -> Answer {
    let says = format!("Layers names {layer}");
    if let Some(publisher) = account.as_literal().and_then(maremma_facts::layer_publisher) {
        let products = publisher.products.join(", ");
        let says = format!(
            "{says}, published by {} ({products}) from account {account}",
            publisher.name
        );
        return Answer::pass(named.at, says);
    }
    let trusted = &context.trust.layer_publishers;
    if account
        .as_literal()
        .is_some_and(|id| trusted.iter().any(|trusted| trusted == id))
    {
        return Answer::pass(named.at, format!("{says}, of a publisher that [trust] names"));
    }
    let bad = format!("{} loads {layer}, whose account is foreign", named.function);
    match context.view(named.unit).account(account).standing {
        Standing::Own => Answer::pass(named.at, format!("{says}, of the own account")),
        Standing::Trusted => Answer::pass(named.at, format!("{says}, of a trusted account")),
        Standing::Foreign => {
            let message = format!(
                "{} loads {layer}: account {account} is neither own nor trusted nor a known publisher",
                named.function
            );
            Answer::fail(named.at, message, says).fix(fix(account))
        }
        Standing::Unknown => {
            let own = || Why::Pseudo("AWS::AccountId".into());
            let why = account.why().cloned().unwrap_or_else(own);
            let doubt = match account {
                Text::Literal(id) => {
                    format!("which account is own is not known, and {id} is neither trusted nor a known publisher")
                }
                Text::Holed(_) => format!("the account is not known: {why}"),
            };
            Answer::undetermined(named.at, &bad, &doubt, Some(why)).fix(fix(account))
        }
    }
}

fn unknown(named: &Named<'_>, layer: &str, why: Option<&Why>) -> Answer {
    let bad = format!("{} loads a layer of a foreign account", named.function);
    let doubt = match why {
        Some(why) => format!("who publishes {layer} is not known: {why}"),
        None => format!("{layer} is no ARN of a layer version"),
    };
    let no_arn = || Why::Unresolved("a layer is not named by its ARN".into());
    Answer::undetermined(named.at, &bad, &doubt, Some(why.cloned().unwrap_or_else(no_arn)))
}

fn fix(account: &Text) -> Fix {
    let fix =
        Fix::new("Publish the layer from your own account, or, where the publisher is meant, name it in maremma.toml");
    match account {
        Text::Literal(id) => fix.snippet(format!("[trust]\nlayer_publishers = [\"{id}\"]")),
        Text::Holed(_) => fix,
    }
}
