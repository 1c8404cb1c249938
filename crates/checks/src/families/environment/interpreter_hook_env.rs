//! A variable that makes the runtime run code which is not the function's own.

use crate::context::relations::items;
use crate::subject::hooks::{Loaded, Place, loaded};
use crate::verdict::judge::{evidence, whole};
use crate::verdict::possible::{Told, any, is};
use crate::{Check, Context, Draft, Findings};
use maremma_iam::{Arn, Match, Standing};
use maremma_model::noun::{LayerVersion, Variable};
use maremma_model::{
    Confidence, Control, EnvValue, Fact, Fix, Function, Id, Link, Rule, Severity, Text, Tier, Verdict, Why,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "interpreter-hook-env",
        title: "Environment variable that loads foreign code",
        tier: Tier::Core,
        severity: Severity::High,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Function",
        controls: &[
            Control::owasp("SAS-3"),
            Control::owasp("SAS-6"),
            Control::nist("CM-7"),
            Control::nist("SI-7"),
        ],
        equivalents: &[],
        page: include_str!("interpreter_hook_env.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, function) in context.estate.functions.iter() {
        for draft in of_function(context, id, function) {
            findings.add(draft.affects([id]));
        }
    }
}

fn of_function(context: &Context<'_>, id: Id<Function>, function: &Function) -> Vec<Draft> {
    let resource = &function.resource;
    if function.edge {
        let says = "a function at the edge has no environment variables";
        return vec![Draft::new(id, Verdict::NotApplicable, says, whole(resource, says))];
    }
    if let (true, maremma_model::State::Unknown(unknown)) =
        (function.environment.is_empty(), &function.environment_at.state)
    {
        let says = format!("Environment.Variables is not known: {}", unknown.why);
        let at = &function.environment_at.at;
        let message = format!("not known whether a variable makes the runtime load foreign code: {says}");
        let draft = Draft::new(
            id,
            Verdict::Undetermined,
            message,
            evidence(resource, at, says, Fact::Resource),
        );
        return vec![draft.undecided([unknown.why.clone()])];
    }
    let layers = any(&function.layers, &|layer| foreign(context, function, layer));
    let of_variable = |variable| judge_variable(id, function, &layers, variable);
    let drafts: Vec<_> = function.environment.iter().filter_map(of_variable).collect();
    if drafts.is_empty() {
        let says = "no variable makes the runtime load other code";
        return vec![Draft::new(id, Verdict::Pass, says, whole(resource, says))];
    }
    drafts
}

/// `None` for a variable that loads no code, whatever its value.
fn judge_variable(
    id: Id<Function>,
    function: &Function,
    layers: &Told<'_, Link<LayerVersion>>,
    variable: &Variable,
) -> Option<Draft> {
    loaded(&variable.name, &"".into())?;
    let bad = |loaded: &Loaded| match loaded.place {
        Place::Temporary => Match::Yes,
        Place::Layers => layers.is,
        Place::Own => Match::No,
        Place::Unknown => Match::Unknown,
    };
    let paths = |value: &EnvValue| value.reveal().and_then(|text| loaded(&variable.name, text));
    let told = is(&variable.value, &|value| match value.map(paths) {
        Some(Some(paths)) => Match::any(paths.iter().map(bad)),
        Some(None) => Match::Unknown,
        None => Match::No,
    });
    let found = told.value.and_then(paths).unwrap_or_default();
    let minded = found.into_iter().filter(|loaded| !bad(loaded).is_no());
    let worst = minded.min_by_key(|loaded| bad(loaded).is_unknown());
    let value = told.value.and_then(EnvValue::reveal);
    let says = match value {
        Some(value) => format!("{} is {value}", variable.name),
        None => format!("the value of {} is not known", variable.name),
    };
    let fact = Fact::Attribute {
        name: format!("Environment.Variables.{}", variable.name).into(),
        value: value.map(ToString::to_string),
    };
    let evidence = evidence(&function.resource, told.at, says.clone(), fact);
    let (verdict, message, why) = match told.is {
        Match::No => (Verdict::Pass, format!("{says}, which loads no foreign code"), None),
        Match::Yes => (Verdict::Fail, bad_news(&variable.name, worst.as_ref(), layers), None),
        Match::Unknown => {
            let (doubt, why) = doubt(&told, worst.as_ref(), layers);
            let bad = format!("{} makes the runtime load foreign code", variable.name);
            (Verdict::Undetermined, format!("not known whether {bad}: {doubt}"), why)
        }
    };
    let draft = Draft::new(id, verdict, message, evidence).undecided(why);
    // Of several layers, another one may be what fills the path.
    let shared = worst.is_some_and(|loaded| loaded.place == Place::Layers) && items(&function.layers).count() > 1;
    let draft = if shared {
        draft.confidence(Confidence::Medium)
    } else {
        draft
    };
    let fix = Fix::new(
        "Ship the code in the function's package or in a layer of your own, or name the layer's publisher in [trust]",
    );
    Some(draft.detail(variable.name.clone()).fix(fix))
}

fn bad_news(variable: &str, worst: Option<&Loaded>, layers: &Told<'_, Link<LayerVersion>>) -> String {
    let path = worst.map_or("", |loaded| &loaded.path);
    match (worst.map(|loaded| loaded.place), layers.value.and_then(account)) {
        (Some(Place::Layers), Some(account)) => {
            format!(
                "{variable} makes the runtime run {path}, which a layer of the foreign account {account} can put there"
            )
        }
        _ => {
            format!(
                "{variable} makes the runtime load code from {path}, where what the function is made to write stays and runs"
            )
        }
    }
}

fn doubt(
    told: &Told<'_, EnvValue>,
    worst: Option<&Loaded>,
    layers: &Told<'_, Link<LayerVersion>>,
) -> (String, Option<Why>) {
    if let Some(why) = told.why {
        let words = match (told.when, worst) {
            (Some(when), Some(loaded)) => format!("it loads {} when {when}", loaded.path),
            _ => why.to_string(),
        };
        return (words, Some(why.clone()));
    }
    match worst {
        Some(loaded) if loaded.place == Place::Layers => match (layers.why, layers.value.and_then(account)) {
            (Some(why), _) => (
                format!("which layers fill {} is not known: {why}", loaded.path),
                Some(why.clone()),
            ),
            (None, Some(account)) => {
                let words = format!(
                    "whether account {account}, whose layer can fill {}, is foreign is not known",
                    loaded.path
                );
                (words, Some(Why::Pseudo("AWS::AccountId".into())))
            }
            (None, None) => (format!("whose layer fills {} is not known", loaded.path), None),
        },
        Some(loaded) => {
            let why = told
                .value
                .and_then(EnvValue::reveal)
                .and_then(|text| text.why().cloned());
            (format!("where {} leads is not known", loaded.path), why)
        }
        None => ("its value was not kept".to_owned(), Some(Why::NotKept)),
    }
}

/// Whether a layer is of a stranger: no account of ours, and no publisher of layers that is known.
fn foreign(context: &Context<'_>, function: &Function, layer: &Link<LayerVersion>) -> Match {
    let account = match layer {
        Link::Here(_) => return Match::No,
        Link::Outside(_) => account(layer),
        Link::Unknown(_) => None,
    };
    let Some(account) = account else { return Match::Unknown };
    let published = account.as_literal().is_some_and(|account| {
        let trusted = context
            .trust
            .layer_publishers
            .iter()
            .any(|publisher| publisher == account);
        trusted || maremma_facts::layer_publisher(account).is_some()
    });
    if published {
        return Match::No;
    }
    match context.view(function.resource.unit).account(&account).standing {
        Standing::Own | Standing::Trusted => Match::No,
        Standing::Foreign => Match::Yes,
        Standing::Unknown => Match::Unknown,
    }
}

fn account(layer: &Link<LayerVersion>) -> Option<Text> {
    match layer {
        Link::Outside(arn) => Some(Arn::parse(arn)?.account),
        Link::Here(_) | Link::Unknown(_) => None,
    }
}
