//! The layer versions that functions name, in every world that `Layers` may be in.

use crate::context::Context;
use crate::verdict::answer::{Answer, Carrier};
use crate::verdict::findings::Findings;
use maremma_model::noun::{Items, LayerVersion};
use maremma_model::{Fact, Function, Link, Location, Setting, State, UnitId, Verdict};
use std::collections::{BTreeMap, BTreeSet};

/// One layer as a function names it.
pub(crate) struct Named<'a> {
    pub(crate) link: Link<LayerVersion>,
    pub(crate) at: &'a Location,
    /// The name of the function, for messages.
    pub(crate) function: &'a str,
    pub(crate) unit: UnitId,
}

/// A layer in one world.
struct Use<'a> {
    link: Link<LayerVersion>,
    at: &'a Location,
    by: Option<&'a str>,
    when: Option<String>,
    /// The world, where it is one of those that are counted.
    world: Option<usize>,
}

/// What stands for the same thing in different worlds, and how many worlds there are.
struct Group<'a> {
    uses: Vec<Use<'a>>,
    worlds: usize,
}

/// Judges every layer of every function: one entry a layer. Bad in every world is a fail, bad in some
/// is undetermined.
pub(crate) fn judge_layers(
    context: &Context<'_>,
    findings: &mut Findings<'_>,
    question: impl Fn(&Named<'_>) -> Answer,
) {
    for (id, row) in context.estate.functions.iter() {
        let name = context.name(id);
        let mut told: BTreeMap<String, Answer> = BTreeMap::new();
        for group in groups(context, row) {
            let ask = |used: &Use<'_>| {
                let named = Named {
                    link: used.link.clone(),
                    at: used.at,
                    function: &name,
                    unit: row.resource.unit,
                };
                question(&named).fact(Fact::Attribute {
                    name: "Layers".into(),
                    value: Some(words(context, &used.link)),
                })
            };
            let Some((detail, answer)) = together(context, &group, ask) else {
                continue;
            };
            match told.get(&detail) {
                Some(graver) if graver.weight() <= answer.weight() => {}
                _ => drop(told.insert(detail, answer)),
            }
        }
        let carrier = Carrier::of(id, &row.resource);
        for (detail, answer) in told {
            findings.add(carrier.draft(answer, None).detail(detail).affects([id]));
        }
    }
}

fn together(context: &Context<'_>, group: &Group<'_>, ask: impl Fn(&Use<'_>) -> Answer) -> Option<(String, Answer)> {
    let answers: Vec<_> = group.uses.iter().map(|used| (used, ask(used))).collect();
    let failing: BTreeSet<usize> = answers
        .iter()
        .filter(|(_, answer)| answer.verdict == Verdict::Fail)
        .filter_map(|(used, _)| used.world)
        .collect();
    let always = failing.len() == group.worlds;
    let settled = answers.into_iter().map(|(used, answer)| {
        let answer = match &used.when {
            Some(when) if !always => answer.only_when(when),
            _ => answer,
        };
        let answer = match used.by {
            Some(by) => answer.by(by),
            None => answer,
        };
        (detail(context, &used.link), answer)
    });
    settled.min_by_key(|(_, answer)| answer.weight())
}

fn groups<'a>(context: &Context<'_>, function: &'a Function) -> Vec<Group<'a>> {
    let layers: &'a Items<Link<LayerVersion>> = &function.layers;
    match &layers.state {
        State::Unset => Vec::new(),
        State::Set(items) | State::Default(items) => items.iter().map(of_item).collect(),
        State::Unknown(unknown) if unknown.candidates.is_empty() => vec![Group {
            uses: vec![Use {
                link: Link::Unknown(unknown.why.clone()),
                at: &layers.at,
                by: layers.by.as_deref(),
                when: None,
                world: Some(0),
            }],
            worlds: 1,
        }],
        State::Unknown(unknown) => {
            let mut by_layer: BTreeMap<String, Vec<Use<'a>>> = BTreeMap::new();
            for (world, candidate) in unknown.candidates.iter().enumerate() {
                let uses = match &candidate.state {
                    State::Set(items) | State::Default(items) => {
                        items.iter().flat_map(|item| of_item(item).uses).collect()
                    }
                    State::Unset => Vec::new(),
                    State::Unknown(inner) => vec![Use {
                        link: Link::Unknown(inner.why.clone()),
                        at: &candidate.at,
                        by: None,
                        when: None,
                        world: Some(0),
                    }],
                };
                for used in uses {
                    let inner = used.when.as_ref();
                    let when = inner.map_or_else(
                        || candidate.when.to_string(),
                        |inner| format!("{} and {inner}", candidate.when),
                    );
                    let used = Use {
                        world: inner.is_none().then_some(world),
                        when: Some(when),
                        ..used
                    };
                    by_layer.entry(detail(context, &used.link)).or_default().push(used);
                }
            }
            let worlds = unknown.candidates.len();
            by_layer.into_values().map(|uses| Group { uses, worlds }).collect()
        }
    }
}

fn of_item(item: &Setting<Link<LayerVersion>>) -> Group<'_> {
    let (at, by) = (&item.at, item.by.as_deref());
    let only = |link| Group {
        uses: vec![Use {
            link,
            at,
            by,
            when: None,
            world: Some(0),
        }],
        worlds: 1,
    };
    match &item.state {
        State::Set(link) | State::Default(link) => only(link.clone()),
        State::Unset => Group {
            uses: Vec::new(),
            worlds: 1,
        },
        State::Unknown(unknown) if unknown.candidates.is_empty() => only(Link::Unknown(unknown.why.clone())),
        State::Unknown(unknown) => {
            let candidates = unknown.candidates.iter().enumerate();
            let uses = candidates.filter_map(|(world, candidate)| {
                let link = match &candidate.state {
                    State::Set(link) | State::Default(link) => link.clone(),
                    State::Unset => return None,
                    State::Unknown(inner) => Link::Unknown(inner.why.clone()),
                };
                Some(Use {
                    link,
                    at: &candidate.at,
                    by,
                    when: Some(candidate.when.to_string()),
                    world: Some(world),
                })
            });
            Group {
                uses: uses.collect(),
                worlds: unknown.candidates.len(),
            }
        }
    }
}

/// A layer as it is written.
pub(crate) fn words(context: &Context<'_>, link: &Link<LayerVersion>) -> String {
    match link {
        Link::Here(id) => context.name(*id).to_string(),
        Link::Outside(text) => text.to_string(),
        Link::Unknown(why) => match why.name() {
            "?" => "Layers".to_owned(),
            name => name.to_owned(),
        },
    }
}

/// The layer without its version: a finding outlives an update of what it is about.
fn detail(context: &Context<'_>, link: &Link<LayerVersion>) -> String {
    let words = words(context, link);
    match words.rsplit_once(':') {
        Some((layer, version)) if is_version(version) && layer.contains(":layer:") => layer.to_owned(),
        _ => words,
    }
}

pub(crate) fn is_version(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}
