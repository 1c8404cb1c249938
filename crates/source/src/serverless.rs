//! The Serverless Framework: a service (`serverless.yml`) to the CloudFormation template that the framework makes of it.
//!
//! Variables are put in first (`resolver.rs`). What only the deployment knows becomes a parameter of the template
//! (`open.rs`), so that it is unknown in the estate, and can be given by `--parameter`. Then functions, their events
//! and roles are compiled into resources with the framework's logical ids; every node stands at the property that
//! causes it. `DependsOn` and outputs, which change nothing that is read, are left out.

mod bucket;
mod custom;
mod event;
mod function;
mod include;
mod layer;
mod merge;
mod naming;
mod open;
mod resolver;
mod role;
mod service;
mod source;
mod syntax;
#[cfg(test)]
mod tests;

pub(crate) use include::Includes;

use crate::cloudformation::make::Make;
use crate::site::Deployment;

use maremma_model::{Entry, GapKind, Node, NodeValue};
use open::joined;
use resolver::Resolver;
use service::{Function, Service, deep, part};
use std::path::Path;
use std::sync::Arc;

/// The sections that are read, and what becomes of them.
const SECTIONS: [&str; 8] = [
    "provider",
    "functions",
    "layers",
    "package",
    "plugins",
    "resources",
    "custom",
    "service",
];

/// Whether a parsed file is a service of the framework that is deployed to AWS.
pub(crate) fn is_service(root: &Node) -> bool {
    let Some(provider) = root.get("provider") else {
        return false;
    };
    let named = root
        .get("service")
        .is_some_and(|service| service.as_str().is_some() || service.get("name").is_some());
    let name = provider.get("name").unwrap_or(provider).as_str();
    let aws = match name {
        Some(name) => name == "aws" || name.contains("${"),
        None => false,
    };
    named && aws
}

/// Whether an unparseable text looks like a service, so that it becomes a gap and is not passed over.
pub(crate) fn looks_like_service(text: &str) -> bool {
    let top = |key: &str| {
        let json = format!("\"{key}\"");
        text.lines().any(|line| {
            let yaml = line
                .strip_prefix(key)
                .is_some_and(|rest| rest.trim_start().starts_with(':'));
            yaml || line.trim_start().starts_with(&json)
        }) || text.trim_start().starts_with('{') && text.contains(&json)
    };
    text.contains("service") && text.contains("provider") && top("service") && top("provider")
}

/// Whether a file is a service that is written in code, by its name.
pub(crate) fn is_code(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| {
        let rest = name.strip_prefix("serverless.");
        matches!(rest, Some("ts" | "js" | "mjs" | "cjs"))
    })
}

/// A template that was made of a service, and the region that the service names.
pub(crate) struct Made {
    pub(crate) root: Node,
    pub(crate) region: Option<String>,
}

/// The template of a service that stands at `path`.
pub(crate) fn template(root: &Arc<Node>, path: &Path, includes: &mut Includes, deployment: &Deployment) -> Made {
    let directory = path.parent().unwrap_or(Path::new("")).to_owned();
    let region = deployment.region.as_deref();
    let mut resolver = Resolver::new(root.clone(), directory, includes, &deployment.parameters, region);
    let stage = resolver.stage();
    let mut sections: Vec<Option<Entry>> = SECTIONS.iter().map(|name| resolver.section(name)).collect();
    let mut take = |name: &str| {
        let at = SECTIONS.iter().position(|section| *section == name)?;
        sections.get_mut(at)?.take()
    };
    let Resolver { mut open, includes, .. } = resolver;
    let place = root.entry("service").map_or(root.place, |entry| entry.key_place);
    // They may be given whether or not the service asks for them.
    for name in ["stage", "region"] {
        open.declare(name, place);
    }
    let mut service = Service::new(includes, open, place);
    service.stage = stage;
    if let Some(entry) = take("service") {
        service.name = part(&entry.value, "name").unwrap_or(&entry.value).clone();
    }
    if let Some(entry) = take("provider") {
        service.provider_place = entry.key_place;
        service.provider = bounded(&mut service, entry.value).into();
    }
    let mut value = |name: &str| take(name).map(|entry| entry.value);
    let nothing = || Node::new(NodeValue::Null, place);
    service.custom = value("custom").unwrap_or_else(nothing);
    let plugins = value("plugins").unwrap_or_else(nothing);
    let modules = part(&plugins, "modules").unwrap_or(&plugins).items();
    service.plugin = modules.iter().any(|plugin| plugin.as_str() == Some(role::PLUGIN));
    service.package = value("package").unwrap_or_else(nothing);
    service.version = root.get("frameworkVersion").and_then(Node::as_str).and_then(major);
    let (layers, resources) = (value("layers"), value("resources"));
    if let Some(layers) = layers {
        service.layers = merge::one_map(&mut service, "layers", layers);
    }
    let functions = value("functions").map(|functions| merge::one_map(&mut service, "functions", functions));
    let own = resources.map(|resources| merge::one_map(&mut service, "resources", resources));
    compile(&mut service, functions.as_ref());
    let region = deep(&service.provider, &["region"]).and_then(|region| service.text(region));
    let own = own.unwrap_or_else(|| Node::map(Vec::new(), place));
    let root = merge::template(&mut service, own);
    Made { root, region }
}

/// How many settings a provider may have: every function asks for some of them.
const MAX_SETTINGS: usize = 1_000;

fn bounded(service: &mut Service<'_>, mut provider: Node) -> Node {
    if let NodeValue::Map(entries) = &mut provider.value
        && entries.len() > MAX_SETTINGS
    {
        entries.truncate(MAX_SETTINGS);
        let reason = format!("the provider has more than {MAX_SETTINGS} settings: the rest is not read");
        service.gap(GapKind::Bounds, reason, provider.place);
    }
    provider
}

fn compile(service: &mut Service<'_>, written: Option<&Node>) {
    let mut functions = Vec::new();
    for entry in written.map_or(&[][..], Node::entries) {
        let at = Make(entry.key_place);
        let name = part(&entry.value, "name").cloned();
        let name = name.unwrap_or_else(|| {
            let parts = vec![service.prefixed(at, "-"), at.text(&entry.key)];
            joined(at.0, parts)
        });
        let mut function = Function::new(&entry.key, entry.value.clone(), entry.key_place, name);
        function.alias = function::alias(service, &function);
        functions.push(function);
    }
    service.take(functions);
    bucket::compile(service);
    layer::compile(service);
    for number in 0..service.functions.len() {
        function::compile(service, number);
    }
    event::compile(service);
    role::compile(service);
}

/// The major version in `3`, `^3.38.0`, `>=4`.
fn major(version: &str) -> Option<u32> {
    let digits = version.trim_start_matches(|c: char| !c.is_ascii_digit());
    digits.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}
