//! What a plan says of its configuration: which resources an expression refers to.

use super::Members;
use crate::terraform::words;
use crate::tree::part::{Part, Whole};
use maremma_model::{AnyId, Node, Text};
use std::collections::HashMap;
use std::sync::Arc;

/// How many steps a reference may lead through modules.
const MAX_STEPS: usize = 40;

/// The expressions of all modules, by the module's path without instances: `api.table`, empty for the root.
#[derive(Default)]
pub(super) struct Configuration {
    modules: HashMap<String, Module>,
}

#[derive(Default)]
struct Module {
    /// By type and name: `aws_lambda_function.orders`.
    resources: HashMap<String, Own>,
    /// The arguments of the calls in it, by the name of the call.
    calls: HashMap<String, Node>,
    outputs: HashMap<String, Node>,
}

/// What is configured of a resource.
pub(super) struct Own {
    pub(super) expressions: Node,
    pub(super) region: Option<Arc<str>>,
}

impl Configuration {
    pub(super) fn read(whole: &Whole<'_>, top: &Members<'_>) -> Self {
        let mut configuration = Configuration::default();
        let Some(members) = top.get("configuration").and_then(|part| whole.members(part)) else {
            return configuration;
        };
        let regions = regions(whole, &members, top);
        let mut open: Vec<_> = members
            .get("root_module")
            .map(|root| (String::new(), *root))
            .into_iter()
            .collect();
        while let Some((path, part)) = open.pop() {
            if path.split('.').count() > super::MAX_MODULES {
                continue;
            }
            let Some(members) = whole.members(part) else { continue };
            let mut module = Module::default();
            for resource in members.get("resources").map_or_else(Vec::new, |part| whole.items(part)) {
                module.resource(whole, resource, &regions);
            }
            for (name, output) in members
                .get("outputs")
                .and_then(|part| whole.members(part))
                .unwrap_or_default()
            {
                let expression = whole
                    .members(output)
                    .and_then(|output| output.get("expression").copied());
                if let Some(node) = expression.and_then(|part| whole.node(part).ok()) {
                    module.outputs.insert(name.into_owned(), node);
                }
            }
            for (name, call) in members
                .get("module_calls")
                .and_then(|part| whole.members(part))
                .unwrap_or_default()
            {
                let Some(call) = whole.members(call) else { continue };
                if let Some(node) = call.get("expressions").and_then(|part| whole.node(part).ok()) {
                    module.calls.insert(name.to_string(), node);
                }
                if let Some(inner) = call.get("module") {
                    let path = if path.is_empty() {
                        name.to_string()
                    } else {
                        format!("{path}.{name}")
                    };
                    open.push((path, *inner));
                }
            }
            configuration.modules.insert(path, module);
        }
        configuration
    }

    pub(super) fn resource(&self, module: &str, ty: &str, name: &str) -> Option<&Own> {
        self.modules
            .get(&path_of(module))?
            .resources
            .get(&format!("{ty}.{name}"))
    }

    /// The attributes of resources that an expression refers to, as seen from an instance of a module.
    pub(super) fn named(&self, expression: &Node, module: &str, index: Option<&str>, known: &Known) -> Vec<Text> {
        let mut found = Vec::new();
        self.follow(expression, module, index, known, &mut found, 0);
        found
    }

    fn follow(
        &self,
        expression: &Node,
        module: &str,
        index: Option<&str>,
        known: &Known,
        found: &mut Vec<Text>,
        steps: usize,
    ) {
        if steps > MAX_STEPS || found.len() > MAX_STEPS {
            return;
        }
        let references: Vec<&str> = expression
            .get("references")
            .map_or(&[][..], Node::items)
            .iter()
            .filter_map(Node::as_str)
            .collect();
        for reference in &references {
            // `aws_iam_role.a.arn` comes with `aws_iam_role.a`.
            let longer = |other: &&str| other.len() > reference.len() && other.starts_with(*reference);
            if references.iter().any(longer) {
                continue;
            }
            let own = self.modules.get(&path_of(module));
            let mut parts = reference.splitn(3, '.');
            match (parts.next().unwrap_or(""), parts.next().unwrap_or("")) {
                ("var", name) => {
                    let Some((above, call)) = called(module) else { continue };
                    let call = self
                        .modules
                        .get(&path_of(above))
                        .and_then(|module| module.calls.get(call));
                    if let Some(argument) = call.and_then(|call| call.get(bare(name))) {
                        self.follow(argument, above, None, known, found, steps + 1);
                    }
                }
                ("module", call) => {
                    let (call, output) = (bare(call), bare(parts.next().unwrap_or("")));
                    let below = known.module(module, call);
                    let inner = below.and_then(|below| self.modules.get(&path_of(below)).zip(Some(below)));
                    if let Some((inner, below)) = inner
                        && let Some(expression) = inner.outputs.get(output)
                    {
                        self.follow(expression, below, None, known, found, steps + 1);
                    }
                }
                ("data" | "local" | "each" | "count" | "path" | "self" | "terraform", _) => {}
                (ty, name) => {
                    let configured = own.is_some_and(|own| own.resources.contains_key(&format!("{ty}.{}", bare(name))));
                    let attribute = bare(parts.next().unwrap_or(""));
                    if configured && let Some((id, address)) = known.instance(module, ty, name, index) {
                        found.push(words::attribute(ty, attribute, id, &address));
                    }
                }
            }
        }
    }
}

impl Module {
    fn resource(&mut self, whole: &Whole<'_>, part: Part<'_>, regions: &HashMap<String, Arc<str>>) {
        let Some(members) = whole.members(part) else { return };
        let text = |name: &str| members.get(name).and_then(|part| whole.string(part));
        let (Some(ty), Some(name)) = (text("type"), text("name")) else {
            return;
        };
        if text("mode").is_some_and(|mode| mode == "data") {
            return;
        }
        let Some(expressions) = members.get("expressions").and_then(|part| whole.node(part).ok()) else {
            return;
        };
        let region = text("provider_config_key").and_then(|key| regions.get(&*key).cloned());
        self.resources
            .insert(format!("{ty}.{name}"), Own { expressions, region });
    }
}

/// The regions of the provider's configurations, where they are written out or given by a variable.
fn regions(whole: &Whole<'_>, configuration: &Members<'_>, top: &Members<'_>) -> HashMap<String, Arc<str>> {
    let variables = top.get("variables").and_then(|part| whole.node(part).ok());
    let configurations = configuration
        .get("provider_config")
        .and_then(|part| whole.members(part));
    let region = |part| {
        let node = whole.node(part).ok()?;
        let region = node.get("expressions")?.get("region")?;
        if let Some(written) = region.get("constant_value").and_then(Node::as_str) {
            return Some(Arc::from(written));
        }
        let variable = region
            .get("references")?
            .items()
            .first()?
            .as_str()?
            .strip_prefix("var.")?;
        let value = variables.as_ref()?.get(variable)?.get("value")?.as_str()?;
        Some(Arc::from(value))
    };
    let each = configurations.unwrap_or_default().into_iter();
    each.filter_map(|(key, part)| Some((key.into_owned(), region(part)?)))
        .collect()
}

/// A resource by its module, type and name.
type Declared = (Arc<str>, Arc<str>, Arc<str>);

/// The row of an instance, with its key where it has one.
type Keyed = (Option<Arc<str>>, AnyId);

/// The instances of a plan.
#[derive(Default)]
pub(super) struct Known {
    /// By module, type and name: each key with its row.
    instances: HashMap<Declared, Vec<Keyed>>,
    /// The modules of the plan, by the address of the one that calls and the name of the call; `None` where
    /// the call has several instances.
    modules: HashMap<(String, String), Option<Arc<str>>>,
}

impl Known {
    pub(super) fn add(
        &mut self,
        module: &Arc<str>,
        ty: &Arc<str>,
        name: &Arc<str>,
        index: Option<Arc<str>>,
        id: AnyId,
    ) {
        let key = (module.clone(), ty.clone(), name.clone());
        self.instances.entry(key).or_default().push((index, id));
        let mut own: &str = module;
        while let Some((above, call)) = called(own) {
            let key = (above.to_owned(), call.to_owned());
            let known = self.modules.entry(key).or_insert_with(|| Some(own.into()));
            if known.as_deref().is_some_and(|known| known != own) {
                *known = None;
            }
            own = above;
        }
    }

    fn module(&self, above: &str, call: &str) -> Option<&str> {
        self.modules.get(&(above.to_owned(), call.to_owned()))?.as_deref()
    }

    /// The instance that a reference names: the one with the key that it says, or the only one, or the one with
    /// the key of the resource that refers to it.
    fn instance(&self, module: &str, ty: &str, name: &str, index: Option<&str>) -> Option<(AnyId, String)> {
        let own = bare(name);
        let instances = self.instances.get(&(module.into(), ty.into(), own.into()))?;
        let written = name
            .strip_prefix(own)
            .and_then(|key| key.strip_prefix('[')?.strip_suffix(']'));
        let key = written.map(|key| key.trim_matches('"')).or(index);
        let found = match instances.as_slice() {
            [only] => Some(only),
            several => several.iter().find(|(own, _)| own.as_deref() == key),
        };
        let prefix = if module.is_empty() {
            String::new()
        } else {
            format!("{module}.")
        };
        found.map(|(_, id)| (*id, format!("{prefix}{ty}.{name}")))
    }
}

/// A name without its key: `orders` of `orders["eu"]`.
fn bare(name: &str) -> &str {
    name.split(['[', '.']).next().unwrap_or(name)
}

/// The address of the module that calls another one, and the name of the call.
fn called(module: &str) -> Option<(&str, &str)> {
    let start = last_call(module)?;
    let name = module.get(start..)?.strip_prefix("module.")?;
    let above = module.get(..start)?.trim_end_matches('.');
    Some((above, name.split('[').next().unwrap_or(name)))
}

/// Where the last `module.` begins that stands in no key.
fn last_call(module: &str) -> Option<usize> {
    let (mut quoted, mut last) = (false, None);
    for (at, byte) in module.bytes().enumerate() {
        quoted ^= byte == b'"';
        let begins = at == 0 || module.as_bytes().get(at - 1) == Some(&b'.');
        if !quoted && begins && module.get(at..).is_some_and(|rest| rest.starts_with("module.")) {
            last = Some(at);
        }
    }
    last
}

/// The path of a module without instances: `api.table` of `module.api["x"].module.table`.
fn path_of(module: &str) -> String {
    let (mut names, mut rest) = (Vec::new(), module);
    while let Some((above, name)) = called(rest) {
        names.push(name);
        rest = above;
    }
    names.reverse();
    names.join(".")
}
