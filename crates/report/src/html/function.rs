//! Functions as pages: what each is, what it runs as, what reaches it, and what was found.

use super::Page;
use super::escape::fragment;
use super::finding::{Item, Status};
use super::surroundings::{self as around, Surroundings};
use askama::Template;
use maremma_model::noun::Function;
use maremma_model::{Estate, Existence, Finding, Id, Noun, Setting, Severity, Table, Text};
use std::collections::HashMap;

/// Every function of the estate, by the addresses that findings have for them.
#[derive(Debug)]
pub(super) struct Functions<'a> {
    pub(super) rows: Vec<Row<'a>>,
    /// The worst first.
    order: Vec<usize>,
    by_id: HashMap<String, usize>,
    surroundings: Surroundings,
}

#[derive(Debug)]
pub(super) struct Row<'a> {
    pub(super) at: usize,
    pub(super) function: &'a Function,
    pub(super) fragment: String,
    pub(super) name: &'a str,
    /// Positions in the list of findings.
    pub(super) findings: Vec<usize>,
    /// Failed findings by severity, the gravest first.
    pub(super) counts: Vec<(Severity, usize)>,
    pub(super) undetermined: usize,
}

impl<'a> Functions<'a> {
    pub(super) fn of(estate: &'a Estate) -> Self {
        let mut by_id = HashMap::new();
        let mut rows = Vec::new();
        for (at, (_, function)) in estate.functions.iter().enumerate() {
            let resource = &function.resource;
            let unit = estate.unit(resource.unit).map_or("", |unit| &unit.name);
            let id = format!("{unit}#{}", resource.address);
            rows.push(Row {
                at,
                function,
                fragment: fragment("function", &id),
                name: &resource.address,
                findings: Vec::new(),
                counts: Vec::new(),
                undetermined: 0,
            });
            by_id.insert(id, at);
            if let Text::Literal(arn) = &resource.arn {
                by_id.entry(arn.to_string()).or_insert(at);
            }
        }
        Functions {
            order: (0..rows.len()).collect(),
            rows,
            by_id,
            surroundings: Surroundings::of(estate),
        }
    }

    /// The rows of the functions that a finding touches.
    pub(super) fn touched(&self, finding: &Finding) -> Vec<usize> {
        let ids = finding.affects.iter().chain([&finding.subject.id]);
        let mut rows: Vec<usize> = ids.filter_map(|id| self.by_id.get(&**id).copied()).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }

    /// Files the findings under the functions.
    pub(super) fn count(&mut self, items: &[Item<'_>]) {
        for (at, item) in items.iter().enumerate() {
            for row in &item.functions {
                let Some(row) = self.rows.get_mut(*row) else { continue };
                row.findings.push(at);
                row.undetermined += usize::from(item.status == Status::Undetermined);
                if item.status != Status::Fail {
                    continue;
                }
                let severity = item.finding.severity;
                match row.counts.iter_mut().find(|(other, _)| *other == severity) {
                    Some((_, n)) => *n += 1,
                    None => row.counts.push((severity, 1)),
                }
            }
        }
        let rows = &self.rows;
        self.order.sort_by_cached_key(|at| {
            let row = rows.get(*at);
            let weight: Vec<_> = row.map(|row| row.counts.clone()).unwrap_or_default();
            let undetermined = row.map_or(0, |row| row.undetermined);
            (std::cmp::Reverse((weight, undetermined)), row.map(|row| row.name))
        });
    }

    /// The rows, the worst first.
    pub(super) fn ordered(&self) -> impl Iterator<Item = &Row<'a>> {
        self.order.iter().filter_map(|at| self.rows.get(*at))
    }

    /// The address and the name of a function.
    pub(super) fn link(&self, row: usize) -> Option<(&str, &str)> {
        self.rows.get(row).map(|row| (row.fragment.as_str(), row.name))
    }
}

#[derive(Template)]
#[template(path = "function.html")]
pub(super) struct Card<'a> {
    row: &'a Row<'a>,
    place: String,
    runtime: String,
    facts: Vec<(&'static str, Vec<String>)>,
    findings: Vec<&'a Item<'a>>,
}

pub(super) fn card<'a>(page: &'a Page<'a>, row: &'a Row<'a>) -> Card<'a> {
    Card {
        row,
        place: page.sources.words(&row.function.resource.at),
        runtime: around::text(&row.function.runtime).unwrap_or_default(),
        facts: facts(page, row),
        findings: row.findings.iter().filter_map(|at| page.items.get(*at)).collect(),
    }
}

/// What is known of a function, with what may be a secret masked; what is not set is left out.
fn facts(page: &Page<'_>, row: &Row<'_>) -> Vec<(&'static str, Vec<String>)> {
    let mut facts = configuration(page.run.estate, row.function);
    facts.extend(reached(page.run.estate, &page.functions.surroundings, row.at));
    facts.retain(|(_, words)| !words.is_empty());
    for word in facts.iter_mut().flat_map(|(_, words)| words) {
        let masked = page.sources.masks.scrub(word).into_owned();
        *word = masked;
    }
    facts
}

fn configuration(estate: &Estate, function: &Function) -> Vec<(&'static str, Vec<String>)> {
    let unit = estate.unit(function.resource.unit);
    let name = Some(&function.resource.name).filter(|name| name.as_literal().is_some());
    let exists = match &function.resource.exists {
        Existence::Always => None,
        Existence::When(words) => Some(format!("when {words}")),
        Existence::OffByDefault(words) => Some(format!("not by the defaults: {words}")),
    };
    let names = function.environment.iter().map(|variable| variable.name.to_string());
    let one = |words: Option<String>| words.into_iter().collect::<Vec<_>>();
    vec![
        ("Name", one(name.map(Text::to_string))),
        ("Exists", one(exists)),
        ("Unit", one(unit.map(|unit| format!("{} ({})", unit.name, unit.format)))),
        ("Runtime", one(around::text(&function.runtime))),
        ("Package", one(around::text(&function.package_type))),
        ("Handler", one(around::text(&function.handler))),
        ("Image", one(around::text(&function.code.image_uri))),
        ("Code", one(around::text(&function.code.local_path))),
        (
            "Execution role",
            one(around::words(&function.role, &|role| around::link(estate, role))),
        ),
        (
            "Layers",
            around::list(&function.layers, &|layer| around::link(estate, layer)),
        ),
        (
            "Security groups",
            around::list(&function.vpc.security_groups, &|group| around::any_link(estate, group)),
        ),
        (
            "Subnets",
            around::list(&function.vpc.subnets, &|subnet| around::link(estate, subnet)),
        ),
        ("Environment variables", names.collect()),
        (
            "Key",
            one(around::words(&function.kms_key, &|key| around::any_link(estate, key))),
        ),
        (
            "Log group",
            one(around::words(&function.logging.log_group, &|group| {
                around::link(estate, group)
            })),
        ),
        ("Runs at the edge", one(function.edge.then(|| "yes".to_owned()))),
    ]
}

/// What reaches a function, each with how it is guarded.
fn reached(estate: &Estate, around: &Surroundings, at: usize) -> Vec<(&'static str, Vec<String>)> {
    fn each<T: Noun>(table: &Table<T>, ids: &[Vec<Id<T>>], at: usize, show: impl Fn(&T) -> String) -> Vec<String> {
        let ids = ids.get(at).into_iter().flatten();
        ids.filter_map(|id| table.get(*id)).map(show).collect()
    }
    let mut routes = each(&estate.http_routes, &around.http_routes, at, |row| {
        let api = around::words(&row.api, &|api| around::link(estate, api));
        route(around::text(&row.route_key), api, &row.authorization_type)
    });
    routes.extend(each(&estate.rest_methods, &around.rest_methods, at, |row| {
        let api = around::words(&row.api, &|api| around::link(estate, api));
        let verb = around::text(&row.method).map(|verb| format!("{verb} {}", row.path));
        route(verb, api, &row.authorization_type)
    }));
    let urls = each(&estate.urls, &around.urls, at, |row| {
        let guard = or_not_set(around::text(&row.auth_type));
        format!("{}: AuthType {guard}", row.resource.address)
    });
    let triggers = each(&estate.triggers, &around.triggers, at, |row| {
        let by = format!("{} {}", around::trigger_words(row.kind), row.resource.address);
        match around::words(&row.source, &|link| around::any_link(estate, link)) {
            Some(source) => format!("{source}, by {by}"),
            None => by,
        }
    });
    vec![("Function URLs", urls), ("API routes", routes), ("Triggers", triggers)]
}

fn route(key: Option<String>, api: Option<String>, guard: &Setting<Text>) -> String {
    let guard = or_not_set(around::text(guard));
    let (key, api) = (or_not_set(key), or_not_set(api));
    format!("{key} of {api}: AuthorizationType {guard}")
}

fn or_not_set(words: Option<String>) -> String {
    words.unwrap_or_else(|| "not set".to_owned())
}
