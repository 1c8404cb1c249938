//! Where events go from a resource: to the functions that it triggers, and to other resources.

use super::place::{kind_of, words};
use super::{Doubt, Hop, Node, Step};
use crate::context::Context;
use crate::context::relations::{Named, named};
use crate::subject::events::{fires, shown};
use crate::verdict::judge::evidence;
use crate::verdict::presence::{Presence, presence};
use maremma_model::noun::{AnyLink, Items, Trigger, TriggerKind};
use maremma_model::{Existence, Fact, Resource, Setting, State, Text, UnitId, Why};
use std::collections::HashMap;

pub(super) fn hops(context: &Context<'_>) -> HashMap<Named, Vec<Hop>> {
    let mut hops: HashMap<Named, Vec<Hop>> = HashMap::new();
    for row in context.estate.triggers.values().filter(|row| fires(row)) {
        for (place, hop) in of_trigger(context, row) {
            hops.entry(place).or_default().push(hop);
        }
    }
    for row in context.estate.forwardings.values() {
        let Some(way) = way(&row.resource, row.kind, &row.enabled, &row.filters) else {
            continue;
        };
        let evidence = evidence(&row.resource, &row.target.at, "the events go on here", Fact::Resource);
        for target in row.target.possible() {
            let Some((to, kind)) = named(row.resource.unit, target).zip(kind_of(target)) else {
                continue;
            };
            let step = Step {
                words: format!("passes its events on to {}", words(context, target, kind)),
                evidence: evidence.clone(),
                doubt: way.doubt.clone().or_else(|| several(&row.target)),
                followed: followed(row.kind) && kind.followed,
            };
            for place in sources(row.resource.unit, &row.source) {
                let hop = Hop {
                    to: Node::Place(to.clone(), None),
                    step: step.clone(),
                    asynchronous: false,
                    keys: way.keys.clone(),
                };
                hops.entry(place).or_default().push(hop);
            }
        }
    }
    hops
}

fn of_trigger(context: &Context<'_>, row: &Trigger) -> Vec<(Named, Hop)> {
    let Some(way) = way(&row.resource, row.kind, &row.enabled, &row.filters) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for function in row
        .function
        .possible()
        .filter_map(|reference| reference.function.here())
    {
        for place in sources(row.resource.unit, &row.source) {
            let Some(kind) = kind_of(&place.1) else { continue };
            let doubt = way.doubt.clone();
            let doubt = doubt
                .or_else(|| several(&row.source))
                .or_else(|| several(&row.function));
            let hop = Hop {
                to: Node::Function(function),
                step: Step {
                    words: format!("triggers {}", context.name(function)),
                    evidence: shown(row, "the events trigger the function here"),
                    doubt,
                    followed: followed(row.kind) && kind.followed,
                },
                asynchronous: row.kind.is_asynchronous(),
                keys: way.keys.clone(),
            };
            found.push((place, hop));
        }
    }
    found
}

fn sources(unit: UnitId, source: &Setting<AnyLink>) -> impl Iterator<Item = Named> {
    let places = source.possible().filter(|link| kind_of(link).is_some());
    places.filter_map(move |link| named(unit, link))
}

fn followed(kind: TriggerKind) -> bool {
    matches!(
        kind,
        TriggerKind::EventSourceMapping | TriggerKind::S3Notification | TriggerKind::SnsSubscription
    )
}

/// It names one thing in one world and another in the next.
fn several<T>(setting: &Setting<T>) -> Option<Doubt> {
    match &setting.state {
        State::Unknown(unknown) => Some(Doubt {
            words: format!("where events go is not decided: {}", unknown.why),
            why: Some(unknown.why.clone()),
        }),
        _ => None,
    }
}

/// A way that nothing guards.
struct Way {
    doubt: Option<Doubt>,
    keys: Option<Text>,
}

/// `None` where a filter guards it, or where it is not for what is written.
fn way(resource: &Resource, kind: TriggerKind, enabled: &Setting<bool>, filters: &Items<Text>) -> Option<Way> {
    let exists = match &resource.exists {
        Existence::Always => None,
        Existence::When(words) => Some(Doubt {
            words: format!("{} exists when {words}", resource.address),
            why: Some(Why::Condition(words.clone())),
        }),
        Existence::OffByDefault(_) => return None,
    };
    let enabled = match enabled.value() {
        Some(true) => None,
        Some(false) => return None,
        None => several(enabled),
    };
    let (guard, keys) = match kind {
        TriggerKind::S3Notification => of_bucket(filters)?,
        TriggerKind::EventRule => (of_pattern(filters)?, None),
        TriggerKind::LogSubscription => (of_lines(filters)?, None),
        _ => match presence(filters) {
            Presence::Never => (None, None),
            Presence::Always => return None,
            Presence::NotWhen(when, why) => {
                let words = format!("no filter selects events when {when}");
                let why = Some(why.clone());
                (Some(Doubt { words, why }), None)
            }
        },
    };
    let doubt = exists.or(enabled).or(guard);
    Some(Way { doubt, keys })
}

/// Whether a notification is for new objects, and for which keys.
fn of_bucket(filters: &Items<Text>) -> Option<(Option<Doubt>, Option<Text>)> {
    let (mut prefix, mut suffix, mut doubt) = (Text::literal(""), Text::literal(""), None);
    for filter in filters.value().into_iter().flatten() {
        let text = match &filter.state {
            State::Set(text) | State::Default(text) => text,
            State::Unset => continue,
            State::Unknown(unknown) => {
                let words = format!("the filter of the notification is not known: {}", unknown.why);
                let why = Some(unknown.why.clone());
                doubt = Some(Doubt { words, why });
                continue;
            }
        };
        if let Some(rest) = after(text, "prefix=") {
            prefix = rest;
        } else if let Some(rest) = after(text, "suffix=") {
            suffix = rest;
        } else if text.prefix().starts_with("s3:") && !text.prefix().starts_with("s3:ObjectCreated:") {
            return None;
        }
    }
    let keys = Text::concat([&prefix, &"*".into(), &suffix]);
    Some((doubt, Some(keys)))
}

fn after(text: &Text, name: &str) -> Option<Text> {
    let rest = text.prefix().strip_prefix(name)?.to_owned();
    let pieces = text.pieces().into_iter().skip(1);
    let first = std::iter::once(maremma_model::Piece::Literal(rest.into()));
    Some(Text::from_pieces(first.chain(pieces)))
}

/// Whether an event pattern lets through what anybody puts into the bus. One that selects by `source`,
/// `detail-type`, `detail` or `resources` is a guard: those who put events choose their own.
fn of_pattern(filters: &Items<Text>) -> Option<Option<Doubt>> {
    filters.value().into_iter().flatten().find_map(|pattern| {
        let State::Unknown(unknown) = &pattern.state else {
            return pattern.value().is_some_and(is_loose).then_some(None);
        };
        let open = unknown.candidates.is_empty() || pattern.possible().any(is_loose);
        let words = format!("the event pattern is not known: {}", unknown.why);
        let why = Some(unknown.why.clone());
        open.then_some(Some(Doubt { words, why }))
    })
}

/// Whether a filter of log events lets through every line: the empty pattern does.
fn of_lines(filters: &Items<Text>) -> Option<Option<Doubt>> {
    let empty = |pattern: &Text| pattern.as_literal().is_some_and(|text| text.trim().is_empty());
    let Some(pattern) = filters.value().into_iter().flatten().next() else {
        return Some(None);
    };
    let (open, why) = match &pattern.state {
        State::Unknown(unknown) => (
            unknown.candidates.is_empty() || pattern.possible().any(empty),
            Some(&unknown.why),
        ),
        state => match state.value()? {
            Text::Literal(_) => return pattern.value().is_some_and(empty).then_some(None),
            text => (text.prefix().is_empty(), text.why()),
        },
    };
    let words = "whether FilterPattern selects anything is not known".to_owned();
    let why = why.cloned();
    open.then_some(Some(Doubt { words, why }))
}

fn is_loose(pattern: &Text) -> bool {
    let Ok(serde_json::Value::Object(fields)) = serde_json::from_str(&pattern.marked('?')) else {
        return false;
    };
    let everything = |tests: &serde_json::Value| *tests == serde_json::json!([{"prefix": ""}]);
    let guards = ["source", "detail-type", "detail", "resources"];
    let mut guards = guards.iter().filter_map(|name| fields.get(*name));
    guards.all(everything)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_that_selects_is_a_guard() {
        assert!(is_loose(&r#"{"account": ["111122223333"]}"#.into()));
        assert!(is_loose(&r#"{"source": [{"prefix": ""}]}"#.into()));
        assert!(!is_loose(
            &r#"{"source": ["shop"], "account": ["111122223333"]}"#.into()
        ));
        assert!(!is_loose(&r#"{"detail-type": ["Order"]}"#.into()));
        assert!(!is_loose(&"rate(1 day)".into()));
    }
}
