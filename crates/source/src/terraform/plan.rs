//! Terraform's plans and states as JSON: `terraform show -json`, and a state file as it is stored.

mod body;
mod configuration;
#[cfg(test)]
mod tests;

use super::instance::Instance;
use super::{sensitive, words};
use crate::tree::TreeError;
use crate::tree::part::{Part, Whole};
use body::Body;
use configuration::{Configuration, Known};
use maremma_model::{AnyId, Document, Existence, FileId, Gap, GapKind, Location, Node, NodeValue, Place, Text, Value};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// The members of an object that has not been looked into.
type Members<'t> = BTreeMap<Cow<'t, str>, Part<'t>>;

/// How deep modules may nest; each is one level of the JSON.
const MAX_MODULES: usize = 50;

/// What a JSON text of Terraform's is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// `terraform show -json PLAN`.
    Plan,
    /// `terraform show -json`, of a state.
    State,
    /// `terraform.tfstate`, as it is stored.
    Stored,
}

impl Form {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Form::Plan => "terraform plan",
            Form::State | Form::Stored => "terraform state",
        }
    }
}

/// What a plan or a state holds.
#[derive(Debug, Default)]
pub(crate) struct Planned {
    pub(crate) instances: Vec<Instance>,
    /// Values that nobody is to see, by the name of the hole that stands for each.
    pub(crate) hidden: Vec<(Arc<str>, Text)>,
    /// Where values stand that nobody is to see.
    pub(crate) sensitive: Vec<Place>,
    pub(crate) gaps: Vec<Gap>,
}

impl Planned {
    fn gap(&mut self, kind: GapKind, reason: impl Into<Arc<str>>, at: Place) {
        self.gaps.push(Gap {
            kind,
            reason: reason.into(),
            at: Some(Location::File(at)),
            affects: Vec::new(),
        });
    }
}

/// Whether a text may be a plan or a state, before it is parsed.
pub(crate) fn looks_planned(text: &str) -> bool {
    text.trim_start().starts_with('{') && text.contains("\"terraform_version\"")
}

/// What a parsed text is; `None` where it is neither a plan nor a state.
fn form(top: &Members<'_>) -> Option<Form> {
    top.get("terraform_version")?;
    if top.contains_key("format_version") {
        let plan = top.contains_key("planned_values") || top.contains_key("resource_changes");
        return if plan {
            Some(Form::Plan)
        } else {
            // A state without resources has no values.
            Some(Form::State)
        };
    }
    let stored = top.get("version").is_some_and(|version| version.get().trim() == "4");
    (stored && top.contains_key("resources")).then_some(Form::Stored)
}

/// Reads a plan or a state; `None` where the text is another JSON. `promise` gives the row of a resource of a
/// type.
///
/// # Errors
/// The text is no JSON.
pub(crate) fn read(
    text: &str,
    file: FileId,
    promise: &mut dyn FnMut(&str) -> AnyId,
) -> Result<Option<(Form, Planned)>, TreeError> {
    let (whole, root) = Whole::new(text, file)?;
    let Some(top) = whole.members(root) else {
        return Ok(None);
    };
    let Some(form) = form(&top) else { return Ok(None) };
    let mut planned = Planned::default();
    version(&whole, &top, form, root, &mut planned);
    let mut reading = Reading {
        whole: &whole,
        planned: &mut planned,
        found: Vec::new(),
    };
    match form {
        Form::Plan => {
            reading.values(&top, "planned_values");
        }
        Form::State => reading.values(&top, "values"),
        Form::Stored => {
            reading.stored(&top);
            reading.hide(&top, "resources");
        }
    }
    let found = reading.found;
    let changes = changes(&whole, &top);
    let configuration = Configuration::read(&whole, &top);
    finish(found, &changes, &configuration, &mut planned, promise);
    Ok(Some((form, planned)))
}

/// Another major version may mean anything by the same names.
/// Source: Terraform, "JSON Output Format", on `format_version`.
fn version(whole: &Whole<'_>, top: &Members<'_>, form: Form, root: Part<'_>, planned: &mut Planned) {
    if form == Form::Stored {
        return;
    }
    let written = top.get("format_version").and_then(|version| whole.string(version));
    let major = written.as_deref().and_then(|version| version.split('.').next());
    if !matches!(major, Some("0" | "1")) {
        let told = written.unwrap_or_default();
        let reason = format!(
            "format_version {told:?} of `terraform show -json` is not known here: what is read of it may be wrong"
        );
        let at = top.get("format_version").copied().unwrap_or(root);
        planned.gap(GapKind::Unsupported, reason, whole.place(at));
    }
}

/// A resource as the JSON holds it.
struct Found {
    ty: Arc<str>,
    address: Arc<str>,
    /// The address of the module that it stands in, empty for the root.
    module: Arc<str>,
    name: Arc<str>,
    index: Option<Arc<str>>,
    data: bool,
    at: Place,
    values: Option<Node>,
    sensitive: Option<Node>,
}

struct Reading<'a, 't> {
    whole: &'a Whole<'t>,
    planned: &'a mut Planned,
    found: Vec<Found>,
}

impl<'t> Reading<'_, 't> {
    /// The resources of the values of a plan or a state.
    fn values(&mut self, top: &Members<'t>, name: &str) {
        let values = top.get(name).copied();
        self.module(values, "root_module");
        self.hide(top, name);
        if let Some(members) = values.and_then(|part| self.whole.members(part)) {
            self.hide(&members, "root_module");
        }
    }

    /// The values of a resource. Of one that nobody reads nobody knows which are secrets.
    fn attributes(&mut self, ty: &str, part: Option<&Part<'t>>) -> Option<Node> {
        if !words::is_read(ty) {
            self.planned.sensitive.extend(part.map(|part| self.whole.place(part)));
            return None;
        }
        let node = self.node(part)?;
        sensitive::in_json(&node, &mut self.planned.sensitive);
        Some(node)
    }

    /// The resources of a member that is a module, and of the modules that it calls.
    fn module(&mut self, within: Option<Part<'t>>, member: &str) {
        let Some(root) = within
            .and_then(|part| self.whole.members(part))
            .and_then(|members| members.get(member).copied())
        else {
            return;
        };
        let mut open = vec![(root, 0)];
        while let Some((part, depth)) = open.pop() {
            let Some(members) = self.whole.members(part) else {
                let at = self.whole.place(part);
                self.planned
                    .gap(GapKind::Unparsed, "expected a module as an object", at);
                continue;
            };
            for resource in self.items(&members, "resources") {
                self.resource(resource, &members);
            }
            if depth >= MAX_MODULES {
                let at = self.whole.place(part);
                self.planned.gap(GapKind::Bounds, "modules are nested too deep", at);
                continue;
            }
            let children = self.items(&members, "child_modules");
            open.extend(children.into_iter().rev().map(|child| (child, depth + 1)));
        }
    }

    fn items(&mut self, members: &Members<'t>, name: &str) -> Vec<Part<'t>> {
        let Some(part) = members.get(name) else {
            return Vec::new();
        };
        if !part.get().starts_with('[') && part.get() != "null" {
            let at = self.whole.place(part);
            self.planned
                .gap(GapKind::Unparsed, format!("{name}: expected a list"), at);
        }
        self.whole.items(part)
    }

    fn text(&self, members: &Members<'t>, name: &str) -> Option<Arc<str>> {
        Some(self.whole.string(members.get(name)?)?.into())
    }

    fn node(&mut self, part: Option<&Part<'t>>) -> Option<Node> {
        let part = part?;
        match self.whole.node(part) {
            Ok(node) => Some(node),
            Err(error) => {
                let kind = if error.bounds {
                    GapKind::Bounds
                } else {
                    GapKind::Unparsed
                };
                let at = self.whole.place(part);
                self.planned.gap(kind, error.what, at);
                None
            }
        }
    }

    fn resource(&mut self, part: Part<'t>, module: &Members<'t>) {
        let at = self.whole.place(part);
        let Some(members) = self.whole.members(part) else {
            self.planned
                .gap(GapKind::Unparsed, "expected a resource as an object", at);
            return;
        };
        let (Some(ty), Some(name), Some(address)) = (
            self.text(&members, "type"),
            self.text(&members, "name"),
            self.text(&members, "address"),
        ) else {
            let reason = "expected a resource with a type, a name and an address";
            self.planned.gap(GapKind::Unparsed, reason, at);
            return;
        };
        let found = Found {
            values: self.attributes(&ty, members.get("values")),
            ty,
            name,
            address,
            module: self.text(module, "address").unwrap_or_else(|| "".into()),
            index: members.get("index").and_then(|index| index_of(index)),
            data: self.text(&members, "mode").is_some_and(|mode| &*mode == "data"),
            at,
            sensitive: self.node(members.get("sensitive_values")),
        };
        self.found.push(found);
    }

    /// The instances of a state as it is stored.
    fn stored(&mut self, top: &Members<'t>) {
        for part in self.items(top, "resources") {
            let at = self.whole.place(part);
            let members = self.whole.members(part).unwrap_or_default();
            let (Some(ty), Some(name)) = (self.text(&members, "type"), self.text(&members, "name")) else {
                let reason = "expected a resource with a type and a name";
                self.planned.gap(GapKind::Unparsed, reason, at);
                continue;
            };
            let module = self.text(&members, "module").unwrap_or_else(|| "".into());
            let data = self.text(&members, "mode").is_some_and(|mode| &*mode == "data");
            for instance in self.items(&members, "instances") {
                let own = self.whole.members(instance).unwrap_or_default();
                let index = own.get("index_key").and_then(|index| index_of(index));
                let base = if module.is_empty() {
                    format!("{ty}.{name}")
                } else {
                    format!("{module}.{ty}.{name}")
                };
                let address = match own.get("index_key").zip(index.as_ref()) {
                    Some((written, _)) => format!("{base}[{}]", written.get()),
                    None => base,
                };
                self.hide(&own, "attributes");
                let found = Found {
                    ty: ty.clone(),
                    name: name.clone(),
                    address: address.into(),
                    module: module.clone(),
                    index,
                    data,
                    at: self.whole.place(instance),
                    values: self.attributes(&ty, own.get("attributes")),
                    sensitive: None,
                };
                self.found.push(found);
            }
        }
    }

    /// What else stands beside what is read repeats its values, or is Terraform's own: it is shown to nobody.
    fn hide(&mut self, top: &Members<'t>, read: &str) {
        let others = top.iter().filter(|(name, _)| &***name != read);
        let objects = others.filter(|(_, part)| part.get().starts_with(['{', '[']));
        self.planned
            .sensitive
            .extend(objects.map(|(_, part)| self.whole.place(part)));
    }
}

/// The key of an instance: a number or a string.
fn index_of(part: Part<'_>) -> Option<Arc<str>> {
    match part.get() {
        "null" => None,
        text if text.starts_with('"') => serde_json::from_str::<String>(text).ok().map(Into::into),
        text => Some(text.into()),
    }
}

/// What is not known of each resource until it is applied, by address.
fn changes(whole: &Whole<'_>, top: &Members<'_>) -> HashMap<String, Node> {
    let Some(part) = top.get("resource_changes") else {
        return HashMap::new();
    };
    let of = |part| {
        let members = whole.members(part)?;
        let address = whole.string(members.get("address")?)?.into_owned();
        let change = whole.members(members.get("change")?)?;
        Some((address, whole.node(change.get("after_unknown")?).ok()?))
    };
    whole.items(part).into_iter().filter_map(of).collect()
}

/// Promises every resource its row, and then makes the bodies, whose references lead to rows.
fn finish(
    found: Vec<Found>,
    changes: &HashMap<String, Node>,
    configuration: &Configuration,
    planned: &mut Planned,
    promise: &mut dyn FnMut(&str) -> AnyId,
) {
    let mut known = Known::default();
    let mut ids = Vec::with_capacity(found.len());
    for one in &found {
        let id = (!one.data).then(|| promise(&one.ty));
        if let Some(id) = id {
            known.add(&one.module, &one.ty, &one.name, one.index.clone(), id);
        }
        ids.push(id);
    }
    for (one, id) in found.into_iter().zip(ids) {
        let Some(id) = id else { continue };
        let own = configuration.resource(&one.module, &one.ty, &one.name);
        let mut body = Body {
            known: &known,
            configuration,
            module: &one.module,
            index: one.index.as_deref(),
            ty: &one.ty,
            address: &one.address,
            only: true,
            hidden: &mut planned.hidden,
            sensitive: &mut planned.sensitive,
        };
        let empty = Node::new(NodeValue::Map(Vec::new()), one.at);
        let values = one.values.as_ref().unwrap_or(&empty);
        let unknown = changes.get(&*one.address);
        let document: Document = body.of(
            values,
            unknown,
            one.sensitive.as_ref(),
            own.map(|own| &own.expressions),
            "",
        );
        let body = match document.value {
            Value::Map(_) => document,
            _ => Document::new(Value::Map(Vec::new()), one.at),
        };
        planned.instances.push(Instance {
            id,
            region: region(&body).or_else(|| own.and_then(|own| own.region.clone())),
            ty: one.ty,
            address: one.address,
            at: one.at,
            exists: Existence::Always,
            body,
        });
    }
}

/// The region that a resource itself says: version 6 of the provider lets each name one.
fn region(body: &Document) -> Option<Arc<str>> {
    body.get("region").and_then(Document::as_str).map(Arc::from)
}
