//! An alias that keeps sending events to an older version.

use crate::subject::version::Named;
use crate::verdict::answer::{Answer, Carrier};
use crate::verdict::judge::whole;
use crate::{Check, Context, Draft, Findings};
use maremma_model::noun::VersionWeight;
use maremma_model::{
    Alias, Confidence, Control, Fact, Fix, Id, Location, Rule, Setting, Severity, State, Text, Tier, Verdict,
};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "alias-weight-to-old",
        title: "Alias that still runs an older version",
        tier: Tier::Hardening,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Alias",
        controls: &[Control::nist("CM-2"), Control::owasp("SAS-11")],
        equivalents: &[],
        page: include_str!("alias_weight_to_old.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, row) in context.estate.aliases.iter() {
        let function = row.function.value().and_then(|reference| reference.function.here());
        let mut tell = |draft: Draft| findings.add(draft.affects(function));
        let answers = match settled(row) {
            Some(says) => {
                tell(Draft::new(id, Verdict::NotApplicable, says, whole(&row.resource, says)));
                continue;
            }
            None => answers(context, id, row),
        };
        if answers.is_empty() {
            let says = "RoutingConfig names no other version";
            tell(Draft::new(id, Verdict::Pass, says, whole(&row.resource, says)));
        }
        for (detail, answer) in answers {
            tell(Carrier::of(id, &row.resource).draft(answer, None).detail(detail));
        }
    }
}

/// Why the weights of an alias are not the template's to say.
fn settled(row: &Alias) -> Option<&'static str> {
    (!row.deployment_group.is_unset()).then_some("CodeDeploy shifts the weights and takes them back")
}

/// One answer a version that has a weight, the gravest of its worlds.
fn answers(context: &Context<'_>, id: Id<Alias>, row: &Alias) -> BTreeMap<Arc<str>, Answer> {
    let name = context.name(id);
    let alias = row.name.value().map_or(name, |name| name.to_string().into());
    let mut told: BTreeMap<Arc<str>, Answer> = BTreeMap::new();
    let mut tell = |weights: &[VersionWeight], when: Option<&str>| {
        for weight in weights {
            let answer = of_weight(context, &alias, row, weight);
            let answer = when.map_or(answer.clone(), |when| answer.only_when(when));
            let detail = weight
                .version
                .possible()
                .next()
                .map_or("AdditionalVersionWeights".into(), shown);
            match told.get(&detail) {
                Some(graver) if graver.weight() <= answer.weight() => {}
                _ => drop(told.insert(detail, answer)),
            }
        }
    };
    match &row.weights.state {
        State::Unset => {}
        State::Set(weights) | State::Default(weights) => tell(weights, None),
        State::Unknown(unknown) => {
            for candidate in &unknown.candidates {
                tell(
                    candidate.state.value().map_or(&[], Vec::as_slice),
                    Some(&candidate.when),
                );
            }
            if unknown.candidates.is_empty() {
                let doubt = unknown.why.to_string();
                let answer = Answer::undetermined(&row.weights.at, &bad(&alias), &doubt, Some(unknown.why.clone()));
                told.insert("AdditionalVersionWeights".into(), answer);
            }
        }
    }
    told
}

fn shown(version: &Text) -> Arc<str> {
    version.to_string().into()
}

fn bad(alias: &str) -> String {
    format!("Alias {alias} still sends events to an older version")
}

fn of_weight(context: &Context<'_>, alias: &str, row: &Alias, weight: &VersionWeight) -> Answer {
    let at = &weight.version.at;
    let bad = bad(alias);
    let fact = Fact::Attribute {
        name: "AdditionalVersionWeights".into(),
        value: weight.version.value().map(ToString::to_string),
    };
    if share(&weight.weight) == Some(0.0) {
        return Answer::pass(at, "the version has no weight").fact(fact);
    }
    let undecided = || {
        let doubt = "which versions it names is not known";
        unknown(at, &bad, doubt, [&weight.version, &row.version])
    };
    let (Some(version), Some(primary)) = (weight.version.value(), row.version.value()) else {
        return undecided().fact(fact);
    };
    let (Some(own), Some(other)) = (Named::of(version), Named::of(primary)) else {
        return undecided().fact(fact);
    };
    let says = format!("{version} has weight {}", words(&weight.weight));
    let answer = match own.is_older_than(other) {
        Some(false) => Answer::pass(at, format!("{says}, and is not older than {primary}")),
        Some(true) => {
            let message = format!(
                "Alias {alias} still sends {} of its events to {}, which is older than {primary}",
                percent(&weight.weight),
                own.words(context)
            );
            Answer::fail(at, message, says).fix(fix(primary))
        }
        None => {
            let doubt = format!(
                "whether {} or {} is newer is not known",
                own.words(context),
                other.words(context)
            );
            unknown(at, &bad, &doubt, [&weight.version, &row.version])
        }
    };
    answer.fact(fact)
}

fn unknown(at: &Location, bad: &str, doubt: &str, of: [&Setting<Text>; 2]) -> Answer {
    let why = of.into_iter().find_map(|setting| match &setting.state {
        State::Unknown(unknown) => Some(unknown.why.clone()),
        state => state.value()?.why().cloned(),
    });
    Answer::undetermined(at, bad, doubt, why)
}

fn share(weight: &Setting<Text>) -> Option<f64> {
    weight.value()?.as_literal()?.parse().ok()
}

fn words(weight: &Setting<Text>) -> String {
    weight
        .value()
        .map_or_else(|| "that is not known".to_owned(), ToString::to_string)
}

fn percent(weight: &Setting<Text>) -> String {
    match share(weight) {
        Some(share) => format!("{} %", (share * 1000.0).round() / 10.0),
        None => "a part".to_owned(),
    }
}

fn fix(primary: &Text) -> Fix {
    Fix::new("Leave RoutingConfig out once the newer version is to run").snippet(match primary.as_literal() {
        Some(number) => format!("FunctionVersion: \"{number}\""),
        None => "FunctionVersion: !GetAtt NewVersion.Version".to_owned(),
    })
}
