//! A layer that may become another without a change of the template.

use crate::context::lookup::{is_of_aws, newest, newest_in};
use crate::subject::layers::{Named, is_version, judge_layers, words};
use crate::verdict::answer::Answer;
use crate::{Check, Context, Findings};
use maremma_model::noun::LayerVersion;
use maremma_model::{Confidence, Control, Fix, Link, Rule, Severity, Text, Tier, Why};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "layer-version-not-pinned",
        title: "Layer without a fixed version",
        tier: Tier::Hardening,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Function",
        controls: &[Control::nist("CM-2"), Control::nist("SI-7"), Control::owasp("SAS-6")],
        equivalents: &[],
        page: include_str!("layer_version_not_pinned.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    judge_layers(context, findings, |named| {
        let answer = answer(named, &words(context, &named.link));
        let of_aws = looked_up(&named.link).is_some_and(is_of_aws);
        answer.severity(if of_aws { Severity::Low } else { CHECK.rule.severity })
    });
}

fn looked_up(link: &Link<LayerVersion>) -> Option<&str> {
    match link {
        Link::Here(_) => None,
        Link::Outside(text) => newest_in(text),
        Link::Unknown(why) => newest(why),
    }
}

/// What is known of the version of a layer.
enum Version {
    Fixed(&'static str),
    Missing,
    /// No layer is named.
    Nothing,
    Unknown(Why),
}

fn answer(named: &Named<'_>, layer: &str) -> Answer {
    let (at, function) = (named.at, named.function);
    let says = format!("Layers names {layer}");
    if let Some(reference) = looked_up(&named.link) {
        return newest_of(named, reference);
    }
    match version(&named.link) {
        Version::Fixed(words) => Answer::pass(at, format!("{says}, {words}")),
        Version::Nothing => Answer::not_applicable(at, "Layers names nothing"),
        Version::Missing => {
            let message = format!("{function} loads {layer}, which names no version");
            let fix = Fix::new("End the ARN with the number of the version that you reviewed");
            Answer::fail(at, message, says).fix(fix)
        }
        Version::Unknown(why) => {
            let bad = format!("{function} loads {layer}, which may change without this template");
            Answer::undetermined(at, &bad, &why.to_string(), Some(why))
        }
    }
}

fn newest_of(named: &Named<'_>, reference: &str) -> Answer {
    let message = format!(
        "{} loads whatever layer {reference} names at the next deployment",
        named.function
    );
    let fix = Fix::new("Name the ARN of the version that you reviewed, or the version of the parameter");
    let fix = match reference.strip_suffix("}}") {
        Some(reference) if !is_of_aws(reference) && !reference.contains('$') => {
            fix.snippet(format!("\"{reference}:VERSION}}}}\""))
        }
        _ => fix.snippet("arn:aws:lambda:REGION:ACCOUNT:layer:NAME:VERSION"),
    };
    Answer::fail(named.at, message, format!("Layers names {reference}")).fix(fix)
}

fn version(link: &Link<LayerVersion>) -> Version {
    match link {
        Link::Here(_) => Version::Fixed("a version that this input makes"),
        Link::Outside(text) => text
            .holes()
            .find_map(|hole| undecided(&hole.why))
            .unwrap_or_else(|| written(text)),
        Link::Unknown(why) => undecided(why).unwrap_or_else(|| by_deployer(why)),
    }
}

/// A hole that may hold another value at each deployment of one template and one set of parameters.
fn undecided(why: &Why) -> Option<Version> {
    match why {
        Why::Attribute(_) | Why::Macro(_) | Why::Unresolved(_) | Why::NotKept => Some(Version::Unknown(why.clone())),
        Why::Dynamic(reference) if !reference.starts_with("{{resolve:ssm:") => Some(Version::Unknown(why.clone())),
        Why::Dynamic(_) | Why::Parameter(_) | Why::NoEcho(_) | Why::Condition(_) | Why::Pseudo(_) | Why::Import(_) => {
            None
        }
    }
}

/// Lambda takes no layer without a version, so whoever gives the ARN names one.
fn by_deployer(why: &Why) -> Version {
    Version::Fixed(match why {
        Why::Parameter(_) | Why::NoEcho(_) => "a parameter that whoever deploys gives",
        Why::Import(_) => "an export, which CloudFormation keeps as it is while it is imported",
        Why::Dynamic(_) => "a fixed version of a parameter",
        _ => "which the template decides",
    })
}

fn written(text: &Text) -> Version {
    if text.as_literal() == Some("") {
        return Version::Nothing;
    }
    let end = text.suffix();
    match end.rsplit(':').next() {
        Some(last) if end.is_empty() || is_version(last) => Version::Fixed("a fixed version"),
        _ => Version::Missing,
    }
}
