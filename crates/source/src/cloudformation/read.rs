//! Templates to rows: stacks first, then names, then every resource.

use super::sam;
use super::sensitive;
use super::stacks::stacks;
use super::template;
use super::world::{Resident, StackId, World};
use crate::cx::{Origin, Peer};
use crate::kinds::{Kind, kind_of, other};
use crate::reader::Template;
use crate::rows::{Head, Rows};
use crate::site::Deployment;
use maremma_model::resource::Ignore;
use maremma_model::{AnyId, Document, Entry, Estate, Existence, GapKind, Location, Node, Setting, Text, Value};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// Longer logical ids are refused, with what is under them: it would stand in the address of all that
/// a nested stack holds. Source: AWS CloudFormation user guide, "Understand CloudFormation quotas".
pub(super) const MAX_LOGICAL_ID: usize = 255;

/// The stacks of a run, with the resources that they declare.
pub(crate) struct Stacks<'a> {
    world: World<'a>,
    declared: Vec<Declared>,
}

impl<'a> Stacks<'a> {
    /// Takes in the templates of a run, and promises every resource its id.
    pub(crate) fn declare(
        templates: Vec<Template>,
        deployment: &'a Deployment,
        rows: &mut Rows,
        estate: &mut Estate,
    ) -> Self {
        let mut world = World::new(deployment);
        stacks(templates, &mut world, estate);
        expand_sam(&mut world);
        exports(&mut world);
        for (unit, site) in &world.sites {
            rows.names.settle(*unit, site.clone());
        }
        let declared = declare(&mut world, rows);
        Stacks { world, declared }
    }

    /// Collects the physical names.
    pub(crate) fn name(&self, rows: &mut Rows) {
        let world = &self.world;
        for one in &self.declared {
            let property = |name: &str| Some(world.resolve(one.stack, property(world, one, name)?));
            rows.name(world.stack(one.stack).unit, &one.kind, &one.cfn, one.id, &property);
        }
    }

    /// Says which function aliases and versions stand for.
    pub(crate) fn qualify(&self, rows: &mut Rows) {
        let world = &self.world;
        for one in &self.declared {
            let property = |name: &str| Some(world.resolve(one.stack, property(world, one, name)?));
            rows.qualify(world.stack(one.stack).unit, &one.kind, one.id, &property);
        }
    }

    /// Reads every resource.
    pub(crate) fn read(self, rows: &Rows, estate: &mut Estate) {
        for one in &self.declared {
            resource(&self.world, rows, one, estate);
        }
        estate.gaps.extend(self.world.gaps.take());
        estate.sensitive.extend(sensitive::places(&self.world));
    }
}

/// Writes out the serverless resources of every template that AWS's transform would write out.
fn expand_sam(world: &mut World<'_>) {
    for at in 0..world.stacks.len() {
        let id = StackId(at);
        if template::is_serverless(&world.stack(id).root) {
            let expanded = sam::expand(world, id);
            world.replace(id, expanded);
        }
    }
}

/// A template as AWS's transform makes it: loops and serverless resources written out, the rest as
/// it is written. For comparing with what AWS makes.
pub(crate) fn expanded(template: Template, deployment: &Deployment) -> Option<Node> {
    let mut world = World::new(deployment);
    stacks(vec![template], &mut world, &mut Estate::default());
    expand_sam(&mut world);
    world
        .stacks
        .into_iter()
        .next()
        .map(|stack| Arc::unwrap_or_clone(stack.root))
}

/// The exports of the run, by name.
fn exports(world: &mut World<'_>) {
    let mut found: HashMap<String, Option<(StackId, Arc<str>)>> = HashMap::new();
    for at in 0..world.stacks.len() {
        let id = StackId(at);
        for output in world.stack(id).section("Outputs") {
            let Some(name) = output.value.get("Export").and_then(|export| export.get("Name")) else {
                continue;
            };
            let name = world.resolve(id, name);
            if let Some(name) = name.as_str() {
                found
                    .entry(name.to_owned())
                    .and_modify(|known| *known = None)
                    .or_insert(Some((id, output.key.clone())));
            }
        }
    }
    world.exports = found;
}

/// A resource to read.
struct Declared {
    stack: StackId,
    logical_id: Arc<str>,
    /// Its type.
    cfn: Arc<str>,
    /// Its place in the template's `Resources`.
    entry: usize,
    kind: Kind,
    id: AnyId,
}

/// Promises every resource its id, so that references can be resolved whatever the order.
fn declare(world: &mut World<'_>, rows: &mut Rows) -> Vec<Declared> {
    let mut declared = Vec::new();
    for at in 0..world.stacks.len() {
        let stack = StackId(at);
        let mut residents = HashMap::new();
        let around = surrounding(world, stack);
        if let Some(around) = around {
            empty(world, stack);
            for (at, entry) in world.stack(stack).section("Resources").iter().enumerate() {
                let Some(own) = exists(world, stack, entry) else {
                    continue;
                };
                let cfn = entry.value.get("Type").and_then(Node::as_str).unwrap_or("");
                let kind = kind_of(cfn).unwrap_or_else(other);
                let id = rows.counts.next(&kind);
                let exists = if own == Existence::Always { around.clone() } else { own };
                let resident = Resident { id, exists, entry: at };
                residents.insert(entry.key.clone(), resident);
                declared.push(Declared {
                    stack,
                    logical_id: entry.key.clone(),
                    cfn: cfn.into(),
                    entry: at,
                    kind,
                    id,
                });
            }
        }
        if let Some(stack) = world.stacks.get_mut(at) {
            stack.resources = residents;
        }
    }
    world.homes = declared.iter().map(|one| (one.id, (one.stack, one.entry))).collect();
    declared
}

/// A template says nothing where it has no resources: that is told rather than passed over.
fn empty(world: &World<'_>, stack: StackId) {
    let root = &world.stack(stack).root;
    match root.entry("Resources") {
        Some(entry) if entry.value.is_map() && !entry.value.entries().is_empty() => {}
        Some(entry) if !entry.value.is_map() && !entry.value.is_null() => {
            let reason = format!("Resources: expected a map, found {}", entry.value.describe());
            world.gap(GapKind::Unparsed, reason, entry.value.place);
        }
        _ => world.gap(GapKind::Absent, "the template has no Resources", root.place),
    }
}

/// Whether a nested stack exists at all; a root always does.
fn surrounding(world: &World<'_>, stack: StackId) -> Option<Existence> {
    match &world.stack(stack).parent {
        None => Some(Existence::Always),
        Some((above, logical_id)) => world
            .stack(*above)
            .resources
            .get(logical_id)
            .map(|resident| resident.exists.clone()),
    }
}

fn exists(world: &World<'_>, stack: StackId, entry: &Entry) -> Option<Existence> {
    if entry.key.len() > MAX_LOGICAL_ID {
        let reason = format!("a logical id of more than {MAX_LOGICAL_ID} characters, which CloudFormation refuses");
        world.gap(GapKind::Bounds, reason, entry.key_place);
        return None;
    }
    if !entry.value.is_map() {
        let reason = format!(
            "resource {}: expected a map with a Type, found {}",
            entry.key,
            entry.value.describe()
        );
        world.gap(GapKind::Unparsed, reason, entry.key_place);
        return None;
    }
    if entry.value.get("Type").and_then(Node::as_str).is_none() {
        world.gap(
            GapKind::Unparsed,
            format!("resource {}: expected a Type", entry.key),
            entry.key_place,
        );
        return None;
    }
    world.existence(stack, &entry.value)
}

/// The resource as written, with its logical id.
fn entry<'a>(world: &'a World<'_>, one: &Declared) -> Option<&'a Entry> {
    world.stack(one.stack).section("Resources").get(one.entry)
}

fn property<'a>(world: &'a World<'_>, one: &Declared, name: &str) -> Option<&'a Node> {
    entry(world, one)?.value.get("Properties")?.get(name)
}

fn resource(world: &World<'_>, rows: &Rows, one: &Declared, estate: &mut Estate) {
    let stack = world.stack(one.stack);
    let Some(entry) = entry(world, one) else { return };
    let properties = match entry.value.get("Properties") {
        Some(node) => world.resolve(one.stack, node),
        None => Document::new(Value::Map(Vec::new()), entry.key_place),
    };
    let properties = Document {
        value: if matches!(properties.value, Value::Null) {
            Value::Map(Vec::new())
        } else {
            properties.value
        },
        ..properties
    };
    if !matches!(properties.value, Value::Map(_) | Value::Choice(_) | Value::Unknown(_)) {
        world.gap(
            GapKind::Unparsed,
            format!("resource {}: expected Properties to be a map", one.logical_id),
            entry.key_place,
        );
    }
    let head = Head {
        id: one.id,
        unit: stack.unit,
        address: address(world, one, &entry.value),
        called: one.logical_id.clone(),
        cfn: one.cfn.clone(),
        arn: None,
        name: None,
        at: entry.key_place.into(),
        exists: stack
            .resources
            .get(&one.logical_id)
            .map_or(Existence::Always, |resident| resident.exists.clone()),
        ignores: ignores(world, &entry.value),
    };
    rows.read(world, world.site(one.stack), &one.kind, head, &properties, estate);
}

impl Origin for World<'_> {
    fn peer(&self, id: AnyId) -> Option<Peer> {
        let (stack, node) = self.home(id)?;
        let kind = node.get("Type")?.as_str()?.into();
        let known = self.properties.borrow().get(&id).cloned();
        let properties = known.unwrap_or_else(|| {
            let found = node.get("Properties").map(|node| Rc::new(self.resolve(stack, node)));
            self.properties.borrow_mut().insert(id, found.clone());
            found
        });
        Some(Peer {
            kind,
            properties: properties?,
        })
    }

    fn reveal(&self, own: AnyId, text: &Text) -> Text {
        match self.home(own) {
            Some((stack, _)) => self.reveal_in(stack, text),
            None => text.clone(),
        }
    }

    fn is_hidden(&self, own: AnyId, parameter: &str) -> bool {
        self.home(own)
            .is_some_and(|(stack, _)| self.is_no_echo(stack, parameter))
    }

    fn gap(&self, kind: GapKind, reason: String, at: &Location) {
        if let Location::File(place) = at {
            World::gap(self, kind, reason, *place);
        }
    }

    /// The CDK says in a resource's metadata where the asset of a property stands.
    fn asset(&self, own: AnyId, property: &str) -> Option<Setting<Text>> {
        let (_, node) = self.home(own)?;
        let metadata = node.get("Metadata")?;
        let path = metadata.get("aws:asset:path")?;
        let of = metadata.get("aws:asset:property").and_then(Node::as_str);
        let own = of.is_none_or(|of| of == property || of.starts_with(&format!("{property}.")));
        own.then(|| Some(Setting::set(Text::literal(path.as_str()?), path.place)))?
    }

    fn expands(&self) -> bool {
        true
    }

    fn update_policy(&self, own: AnyId) -> Option<Document> {
        let (stack, node) = self.home(own)?;
        Some(self.resolve(stack, node.get("UpdatePolicy")?))
    }
}

/// The construct path where the template was synthesized by the CDK, else the logical id.
fn address(world: &World<'_>, one: &Declared, node: &Node) -> Arc<str> {
    let stack = world.stack(one.stack);
    let path = node
        .get("Metadata")
        .and_then(|metadata| metadata.get("aws:cdk:path")?.as_str());
    match path {
        Some(path) if stack.synthesized => path.into(),
        _ => format!("{}{}", stack.prefix, one.logical_id).into(),
    }
}

/// `Metadata: {maremma: {ignore: [{check, reason, until}]}}`, and Checkov's
/// `Metadata: {checkov: {skip: [{id, comment}]}}`.
fn ignores(world: &World<'_>, node: &Node) -> Vec<Ignore> {
    let Some(metadata) = node.get("Metadata") else {
        return Vec::new();
    };
    let items = |tool: &str, list: &str| {
        metadata
            .get(tool)
            .and_then(|tool| tool.get(list))
            .map_or(&[][..], Node::items)
    };
    let inside = node.place.span.start.offset <= metadata.place.span.start.offset
        && metadata.place.span.end.offset <= node.place.span.end.offset;
    // What is made of a serverless resource is no longer than its cause: there the metadata stands for it.
    let over = if inside { node.place } else { metadata.place };
    let mut ignores = Vec::new();
    for item in items("checkov", "skip") {
        let text = |key: &str| item.get(key).and_then(Node::as_str).map(Arc::from);
        ignores.extend(text("id").map(|check| Ignore {
            check,
            reason: text("comment").unwrap_or_else(|| "skipped for Checkov".into()),
            until: None,
            at: item.place.into(),
            over: Some(over.into()),
        }));
    }
    for item in items("maremma", "ignore") {
        let text = |key: &str| item.get(key).and_then(Node::as_str).map(Arc::from);
        match (text("check"), text("reason")) {
            (Some(check), Some(reason)) => ignores.push(Ignore {
                check,
                reason,
                until: text("until"),
                at: item.place.into(),
                over: Some(over.into()),
            }),
            _ => world.gap(
                GapKind::Unparsed,
                "maremma.ignore: expected {check, reason}: this one does not count",
                item.place,
            ),
        }
    }
    ignores
}
