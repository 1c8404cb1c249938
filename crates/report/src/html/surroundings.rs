//! What stands around functions: their URLs, triggers and routes, found once.

use maremma_model::noun::{Function, FunctionRef, HttpRoute, RestMethod, Trigger, Url};
use maremma_model::{
    AnyId, AnyLink, Estate, Id, Items, Link, Noun, Resource, Setting, State, Table, Text, TriggerKind,
};

/// Rows of other tables, by the row of the function.
#[derive(Debug)]
pub(super) struct Surroundings {
    pub(super) urls: Vec<Vec<Id<Url>>>,
    pub(super) triggers: Vec<Vec<Id<Trigger>>>,
    pub(super) http_routes: Vec<Vec<Id<HttpRoute>>>,
    pub(super) rest_methods: Vec<Vec<Id<RestMethod>>>,
}

impl Surroundings {
    pub(super) fn of(estate: &Estate) -> Self {
        Surroundings {
            urls: by_function(estate, &estate.urls, |row| &row.function),
            triggers: by_function(estate, &estate.triggers, |row| &row.function),
            http_routes: by_function(estate, &estate.http_routes, |row| &row.integration.function),
            rest_methods: by_function(estate, &estate.rest_methods, |row| &row.integration.function),
        }
    }
}

fn by_function<T: Noun>(
    estate: &Estate,
    table: &Table<T>,
    function: impl Fn(&T) -> &Setting<FunctionRef>,
) -> Vec<Vec<Id<T>>> {
    let mut rows = vec![Vec::new(); estate.functions.len()];
    for (id, row) in table.iter() {
        for named in function(row).possible() {
            let of: Option<Id<Function>> = named.function.here();
            let list: Option<&mut Vec<Id<T>>> = of.and_then(|of| rows.get_mut(of.row()));
            if let Some(list) = list
                && list.last() != Some(&id)
            {
                list.push(id);
            }
        }
    }
    rows
}

/// What is known of a setting, in words; `None` where it is not set.
pub(super) fn words<T>(setting: &Setting<T>, show: &impl Fn(&T) -> String) -> Option<String> {
    let by = setting.by.as_ref().map(|by| format!(" ({by})")).unwrap_or_default();
    state(&setting.state, show).map(|words| words + &by)
}

fn state<T>(known: &State<T>, show: &impl Fn(&T) -> String) -> Option<String> {
    match known {
        State::Set(value) => Some(show(value)),
        State::Default(value) => Some(format!("{} (default)", show(value))),
        State::Unset => None,
        State::Unknown(unknown) if unknown.candidates.is_empty() => Some(format!("unknown: {}", unknown.why)),
        State::Unknown(unknown) => {
            let of = |candidate: &maremma_model::Candidate<T>| {
                let words = state(&candidate.state, show).unwrap_or_else(|| "not set".to_owned());
                format!("{words} when {}", candidate.when)
            };
            Some(unknown.candidates.iter().map(of).collect::<Vec<_>>().join(", or "))
        }
    }
}

pub(super) fn text(setting: &Setting<Text>) -> Option<String> {
    words(setting, &|text| text.to_string())
}

/// A list in words, one entry each; a list of which nothing is known is one entry.
pub(super) fn list<T>(items: &Items<T>, show: &impl Fn(&T) -> String) -> Vec<String> {
    match &items.state {
        State::Set(entries) | State::Default(entries) => {
            entries.iter().filter_map(|entry| words(entry, show)).collect()
        }
        _ => words(items, &|entries: &Vec<Setting<T>>| {
            let words: Vec<_> = entries.iter().filter_map(|entry| words(entry, show)).collect();
            words.join(", ")
        })
        .into_iter()
        .collect(),
    }
}

/// The resource that a link leads to, by its address.
pub(super) fn link<T: Noun>(estate: &Estate, link: &Link<T>) -> String {
    match link {
        Link::Here(id) => address(estate.resource(T::any(*id))),
        Link::Outside(text) => text.to_string(),
        Link::Unknown(why) => format!("unknown: {why}"),
    }
}

/// As [`link()`], with the kind of the resource.
pub(super) fn any_link(estate: &Estate, link: &AnyLink) -> String {
    match link {
        AnyLink::Here(id) => named(estate, *id),
        AnyLink::Outside(text) => text.to_string(),
        AnyLink::Unknown(why) => format!("unknown: {why}"),
    }
}

fn named(estate: &Estate, id: AnyId) -> String {
    let resource = estate.resource(id);
    let kind = resource.map_or("", |resource| &resource.kind);
    format!("{} ({kind})", address(resource))
}

fn address(resource: Option<&Resource>) -> String {
    resource.map_or_else(|| "?".to_owned(), |resource| resource.address.to_string())
}

/// `event source mapping`.
pub(super) fn trigger_words(kind: TriggerKind) -> String {
    let word = serde_json::to_value(kind).unwrap_or_default();
    word.as_str().unwrap_or("trigger").replace('_', " ")
}
