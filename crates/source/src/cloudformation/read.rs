//! Templates to rows: stacks first, then names, then every resource.

use super::after;
use super::cx::{Beside, Cx};
use super::kinds::{Counts, Kind, kind_of, other};
use super::sam;
use super::sensitive;
use super::stacks::stacks;
use super::template;
use super::world::{Deployment, Resident, StackId, World};
use crate::arn;
use crate::names::{Names, bare};
use crate::props::Props;
use crate::reader::Template;
use maremma_model::{
    Alias, AnyId, Authorizer, Document, Entry, Estate, Existence, GapKind, Node, Noun, Resource, Text, Value, Version,
    resource::Ignore,
};
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// Longer logical ids are refused, with what is under them: it would stand in the address of all that
/// a nested stack holds. Source: AWS CloudFormation user guide, "Understand CloudFormation quotas".
pub(super) const MAX_LOGICAL_ID: usize = 255;

/// Reads the templates of a run into the estate.
pub(crate) fn read(templates: Vec<Template>, deployment: &Deployment, estate: &mut Estate) {
    let mut world = World::new(deployment);
    stacks(templates, &mut world, estate);
    expand_sam(&mut world);
    exports(&mut world);
    let mut names = Names::new(deployment.account.clone(), deployment.region.clone());
    let mut counts = Counts::default();
    let declared = declare(&mut world, &mut names, &mut counts);
    let beside = RefCell::new(Beside {
        authorizers_before: counts.of(Authorizer::NAME),
        ..Beside::default()
    });
    for one in &declared {
        resource(&world, &names, &beside, one, estate);
    }
    push(beside.into_inner(), estate);
    after::edge_functions(estate);
    estate.gaps.extend(world.gaps.take());
    estate.sensitive.extend(sensitive::places(&world));
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
    /// Its place in the template's `Resources`.
    entry: usize,
    kind: Kind,
    id: AnyId,
}

/// Promises every resource its id, so that references can be resolved whatever the order, and
/// collects the physical names.
fn declare(world: &mut World<'_>, names: &mut Names, counts: &mut Counts) -> Vec<Declared> {
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
                let id = counts.next(&kind);
                let exists = if own == Existence::Always { around.clone() } else { own };
                let resident = Resident { id, exists, entry: at };
                residents.insert(entry.key.clone(), resident);
                declared.push(Declared {
                    stack,
                    logical_id: entry.key.clone(),
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
    for one in &declared {
        name(world, one, names);
    }
    for one in &declared {
        qualify(world, one, names);
    }
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

fn name(world: &World<'_>, one: &Declared, names: &mut Names) {
    let unit = world.stack(one.stack).unit;
    if let Some(written) = one.kind.name.and_then(|name| property(world, one, name))
        && let Some(name) = world.resolve(one.stack, written).as_str()
    {
        names.add(unit, one.kind.noun, bare(one.kind.noun, name), one.id);
    }
    let refers_to = |property_name: &str| {
        let text = world.resolve(one.stack, property(world, one, property_name)?);
        Some(text.as_text()?.as_attribute()?.of)
    };
    match entry(world, one).and_then(|entry| entry.value.get("Type")?.as_str()) {
        // A key is named by its alias, which is a resource of its own.
        Some("AWS::KMS::Alias") => {
            let Some(key) = refers_to("TargetKeyId") else { return };
            names.same(one.id, key);
            if let Some(alias) = property(world, one, "AliasName")
                && let Some(alias) = world.resolve(one.stack, alias).as_str()
            {
                names.add(unit, maremma_model::Key::NAME, alias, key);
            }
        }
        // `Ref` of an attachment gives the ARN of its secret.
        Some("AWS::SecretsManager::SecretTargetAttachment") => {
            if let Some(secret) = refers_to("SecretId") {
                names.same(one.id, secret);
            }
        }
        _ => {}
    }
}

/// Aliases and versions stand for their function.
fn qualify(world: &World<'_>, one: &Declared, names: &mut Names) {
    if one.kind.noun != Alias::NAME && one.kind.noun != Version::NAME {
        return;
    }
    if let Some(function) = property(world, one, "FunctionName")
        && let Some(text) = world.resolve(one.stack, function).as_text()
    {
        let function = names.function(world.stack(one.stack).unit, text);
        names.qualify(one.id, function);
    }
}

fn resource(world: &World<'_>, names: &Names, beside: &RefCell<Beside>, one: &Declared, estate: &mut Estate) {
    let stack = world.stack(one.stack);
    let Some(entry) = entry(world, one) else { return };
    let at = entry.key_place.into();
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
    let cfn: Arc<str> = entry.value.get("Type").and_then(Node::as_str).unwrap_or("").into();
    let written = one.kind.name.and_then(|name| Some((name, properties.get(name)?)));
    if let Some((property, found)) = written
        && matches!(found.value, Value::List(_) | Value::Map(_))
        && let maremma_model::Location::File(place) = found.at
    {
        world.gap(GapKind::Unparsed, format!("{property}: expected a string"), place);
    }
    let name = written
        .and_then(|(_, found)| found.as_text().cloned())
        .unwrap_or_else(|| arn::name(&cfn, one.id, &one.logical_id));
    let site = world.site(one.stack);
    let own = || Text::attribute(one.id, "Arn", format!("{}.Arn", one.logical_id));
    let arn = arn::arn(&cfn, &name, one.id, site.account.as_deref(), site.region.as_deref()).unwrap_or_else(own);
    let head = Resource {
        unit: stack.unit,
        address: address(world, one, &entry.value),
        kind: cfn,
        name,
        arn,
        at,
        exists: stack
            .resources
            .get(&one.logical_id)
            .map_or(Existence::Always, |resident| resident.exists.clone()),
        ignores: ignores(world, &entry.value),
    };
    let cx = Cx {
        world,
        names,
        stack: one.stack,
        own: one.id,
        node: &entry.value,
        beside,
    };
    let at = head.at.clone();
    (one.kind.read)(&cx, head, &Props::new(&cx, &properties, at), estate);
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

fn push(beside: Beside, estate: &mut Estate) {
    for row in beside.triggers {
        estate.triggers.push(row);
    }
    for row in beside.forwardings {
        estate.forwardings.push(row);
    }
    for row in beside.rest_methods {
        estate.rest_methods.push(row);
    }
    for row in beside.http_routes {
        estate.http_routes.push(row);
    }
    for row in beside.authorizers {
        estate.authorizers.push(row);
    }
    for row in beside.stages {
        estate.stages.push(row);
    }
    for row in beside.resource_policies {
        estate.resource_policies.push(row);
    }
    for amendment in beside.amendments {
        amendment(estate);
    }
}
