//! AWS SAM: serverless resources written out as the CloudFormation resources that AWS's transform
//! makes of them, tree to tree.
//!
//! A made resource has the transform's logical id, and every node of it stands at the SAM property
//! that caused it, so that evidence points at what the author wrote. Functions and state machines
//! come first: their events ask for routes, which the APIs then write into their bodies.

mod api;
mod application;
mod capacity_provider;
mod connector;
mod event;
mod function;
mod globals;
mod graphql_api;
mod handed_on;
mod http_api;
mod layer;
pub(crate) mod make;
mod rewrite;
mod shape;
mod shared;
mod simple_table;
mod source;
mod state_machine;
mod web_socket_api;

use super::resolve::partition;
use super::template::{Argument, call};
use super::world::{StackId, World};
use make::Make;
use maremma_model::{Document, Entry, GapKind, Node, NodeValue, Place};
use source::Source;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// Writes out one kind of serverless resource.
type Expander = fn(&mut Sam<'_>, Source<'_>);

/// The kinds in the order in which they are written out, and how.
const KINDS: &[(&str, Expander)] = &[
    ("AWS::Serverless::LayerVersion", layer::expand),
    ("AWS::Serverless::SimpleTable", simple_table::expand),
    ("AWS::Serverless::CapacityProvider", capacity_provider::expand),
    ("AWS::Serverless::Application", application::expand),
    ("AWS::Serverless::Function", function::expand),
    ("AWS::Serverless::StateMachine", state_machine::expand),
    ("AWS::Serverless::Api", api::expand),
    ("AWS::Serverless::HttpApi", http_api::expand),
    ("AWS::Serverless::WebSocketApi", web_socket_api::expand),
    ("AWS::Serverless::GraphQLApi", graphql_api::expand),
];

/// One template while it is written out.
pub(super) struct Sam<'a> {
    world: &'a World<'a>,
    stack: StackId,
    /// The resources as written, with `Globals` merged into the serverless ones.
    resources: &'a [Entry],
    written_at: HashMap<&'a str, &'a Entry>,
    made: Vec<Entry>,
    made_at: HashMap<Arc<str>, usize>,
    /// What `Ref` and `Fn::GetAtt` of a serverless resource mean afterwards: `Tools` is
    /// `Tools0123456789`, `Orders.Version` is `OrdersVersion0123456789`.
    renamed: BTreeMap<Arc<str>, Arc<str>>,
    /// Conditions that the template needs besides its own.
    conditions: BTreeMap<Arc<str>, Node>,
    /// Routes that events ask of APIs, for the APIs to take up.
    routes: api::Routes,
    /// The destinations of `EventInvokeConfig` by where they are written: what one function makes for a
    /// destination in `Globals`, the next ones find there.
    destinations: HashMap<Place, Node>,
    /// What notifications the buckets of events have, by bucket.
    notified: HashMap<Arc<str>, HashSet<String>>,
    /// The event source mappings, once all are made.
    mappings: connector::depend::Mappings,
    /// The usage plan that REST APIs share.
    plan: api::usage_plan::Shared,
    /// Those whose deployments CodeDeploy does.
    deployed: shared::Sharers,
}

/// The template of a stack without its serverless resources: what AWS's transform makes of it.
pub(super) fn expand(world: &World<'_>, stack: StackId) -> Node {
    let root = globals::merged(world, stack);
    let resources = root.get("Resources").map_or(&[][..], Node::entries);
    let mut sam = Sam {
        world,
        stack,
        resources,
        // Of two with one logical id the first counts.
        written_at: resources.iter().rev().map(|entry| (&*entry.key, entry)).collect(),
        made: Vec::with_capacity(resources.len() * 2),
        made_at: HashMap::new(),
        renamed: BTreeMap::new(),
        conditions: BTreeMap::new(),
        routes: api::Routes::default(),
        destinations: HashMap::new(),
        notified: HashMap::new(),
        mappings: connector::depend::Mappings::default(),
        plan: api::usage_plan::Shared::default(),
        deployed: shared::Sharers::default(),
    };
    sam.keep();
    for (kind, expander) in KINDS {
        for source in resources
            .iter()
            .filter_map(Source::of)
            .filter(|source| source.kind == *kind)
        {
            expander(&mut sam, source);
        }
    }
    function::finish(&mut sam);
    api::implicit(&mut sam);
    http_api::implicit(&mut sam);
    connector::expand(&mut sam);
    let (made, conditions, renamed) = (sam.made, sam.conditions, sam.renamed);
    rewrite::finished(&root, made, conditions, &renamed)
}

impl<'a> Sam<'a> {
    /// Takes over what is no serverless resource; a serverless kind that is not known is told.
    fn keep(&mut self) {
        for entry in self.resources {
            let kind = entry.value.get("Type").and_then(Node::as_str).unwrap_or("");
            let known = KINDS.iter().any(|(known, _)| *known == kind) || kind == connector::KIND;
            if kind.starts_with("AWS::Serverless::") && !known {
                let reason = format!("{}: {kind} is not a serverless resource that is known here", entry.key);
                self.world.gap(GapKind::Unsupported, reason, entry.key_place);
            }
            match Source::of(entry).filter(|_| known) {
                Some(source) => shape::of_resource(self, source),
                None => self.insert(entry.clone()),
            }
        }
    }

    /// Adds a resource that is made of `source`: it exists when that does.
    fn add(&mut self, source: Source<'_>, id: &str, mut resource: Node) {
        for attribute in ["Condition", "DeletionPolicy", "UpdateReplacePolicy"] {
            if let Some(value) = source.node.get(attribute)
                && resource.get(attribute).is_none()
            {
                make::set(&mut resource, attribute, value.clone());
            }
        }
        let key_place = resource.place;
        self.insert(Entry {
            key: id.into(),
            key_place,
            value: resource,
        });
    }

    /// Adds the resource that keeps the logical id of `source`, with the metadata and dependencies
    /// that are written on it. It stands where the source stands.
    fn add_main(&mut self, source: Source<'_>, resource: Node) {
        self.add_main_as(source, source.id, resource);
    }

    /// As [`Sam::add_main`], with a logical id of its own. AWS's transform drops the metadata of these, but
    /// suppressions are written there.
    fn add_main_as(&mut self, source: Source<'_>, id: &str, mut resource: Node) {
        for attribute in ["Metadata", "DependsOn"] {
            if let Some(value) = source.node.get(attribute) {
                // What it says counts for all that is written on the source.
                let value = Node {
                    place: source.node.place,
                    ..value.clone()
                };
                make::set(&mut resource, attribute, value);
            }
        }
        resource.place = source.place;
        self.add(source, id, resource);
    }

    /// Adds a resource that exists under a condition of its own, or always.
    fn add_apart(&mut self, id: &str, mut resource: Node, condition: Option<&str>) {
        let key_place = resource.place;
        if let Some(condition) = condition {
            let condition = Node::string(condition, key_place);
            make::set(&mut resource, "Condition", condition);
        }
        self.insert(Entry {
            key: id.into(),
            key_place,
            value: resource,
        });
    }

    /// Puts a resource in; one with the same logical id gives way.
    fn insert(&mut self, entry: Entry) {
        match self.made_at.get(&entry.key).and_then(|at| self.made.get_mut(*at)) {
            Some(present) => *present = entry,
            None => {
                self.made_at.insert(entry.key.clone(), self.made.len());
                self.made.push(entry);
            }
        }
    }

    /// A resource that has been made or kept.
    fn made(&self, id: &str) -> Option<&Node> {
        self.made.get(*self.made_at.get(id)?).map(|entry| &entry.value)
    }

    /// As [`Sam::made`], to change it.
    fn made_mut(&mut self, id: &str) -> Option<&mut Node> {
        self.made.get_mut(*self.made_at.get(id)?).map(|entry| &mut entry.value)
    }

    /// A resource as written, serverless or not.
    fn written(&self, id: &str) -> Option<&'a Entry> {
        self.written_at.get(id).copied()
    }

    /// Makes `Ref` and `Fn::GetAtt` of `name` mean `id`. `name` is a logical id, or one with an
    /// attribute that only SAM has: `Orders.Alias`.
    fn rename(&mut self, name: &str, id: &str) {
        self.renamed.insert(name.into(), id.into());
    }

    /// The value of a node that parameters, mappings and conditions decide alone, as AWS's transform
    /// knows it too; `None` where it stands for a resource.
    fn resolved(&self, node: &Node) -> Option<Document> {
        self.decidable(node).then(|| self.world.resolve(self.stack, node))
    }

    /// The text of a node as [`Sam::resolved`] knows it.
    fn text(&self, node: &Node) -> Option<Arc<str>> {
        match node.as_str() {
            Some(text) => Some(text.into()),
            None => self.resolved(node)?.as_str().map(Arc::from),
        }
    }

    /// `true` or `false`, as [`Sam::resolved`] knows it.
    fn truth(&self, node: &Node) -> Option<bool> {
        maremma_model::text::parse_bool(&self.text(node)?)
    }

    fn decidable(&self, node: &Node) -> bool {
        if let Some(call) = call(node) {
            let known = match call.name {
                "Ref" => call.argument.as_str().is_some_and(|name| {
                    name.starts_with("AWS::") || self.world.stack(self.stack).parameters.contains_key(name)
                }),
                "Sub" => self.substitutes(call.argument),
                "FindInMap" | "Join" | "Select" | "Split" | "If" => true,
                _ => false,
            };
            return known && call.argument.items().iter().all(|item| self.decidable(item));
        }
        match &node.value {
            NodeValue::Null | NodeValue::Scalar { .. } => true,
            NodeValue::Seq(items) => items.iter().all(|item| self.decidable(item)),
            NodeValue::Map(entries) => entries.iter().all(|entry| self.decidable(&entry.value)),
        }
    }

    /// The name of the condition that holds where `condition` does not.
    fn not(&mut self, condition: &str, make: Make) -> String {
        self.not_named(format!("NOT{condition}"), condition, make)
    }

    /// As [`Sam::not`], under the longer name that the transform gives where it makes destinations.
    fn not_apart(&mut self, condition: &str, make: Make) -> String {
        let name = format!("NOT{condition}{}", make::digest(&make.text(condition)));
        self.not_named(name, condition, make)
    }

    fn not_named(&mut self, name: String, condition: &str, make: Make) -> String {
        let operand = make.map(vec![("Condition", make.text(condition))]);
        let not = make.map(vec![("Fn::Not", make.list(vec![operand]))]);
        self.add_condition(&name, not);
        name
    }

    /// The name of the condition that holds where both do.
    fn both(&mut self, one: &str, other: &str, make: Make) -> String {
        let operands = [one, other].map(|name| make.map(vec![("Condition", make.text(name))]));
        let list = make.list(operands.to_vec());
        let name = format!("{one}AND{other}{}", make::digest(&list));
        self.add_condition(&name, make.map(vec![("Fn::And", list)]));
        name
    }

    fn add_condition(&mut self, name: &str, value: Node) {
        self.conditions.entry(name.into()).or_insert(value);
    }

    /// Whether `Fn::Sub` names parameters and variables of its own alone.
    fn substitutes(&self, argument: Argument<'_>) -> bool {
        let (text, variables) = match argument.items() {
            [text, variables] => (text.as_str(), Some(variables)),
            _ => (argument.as_str(), None),
        };
        let known = |name: &str| {
            let own = variables.is_some_and(|variables| variables.get(name).is_some());
            own || name.starts_with('!') || self.world.stack(self.stack).parameters.contains_key(name)
        };
        let names = |text: &str| {
            let mut names = text.split("${").skip(1).filter_map(|rest| rest.split('}').next());
            names.all(|name| known(name.trim()))
        };
        text.is_some_and(names)
    }

    /// The partition of the deployment, where AWS's transform writes it out: `aws` where it is not known.
    fn partition(&self) -> &'static str {
        let region = self.world.deployment.region.as_deref();
        region.map_or("aws", |region| partition(region).0)
    }

    /// The policy by which a role may send traces to X-Ray.
    fn traces(&self, make: Make) -> Node {
        make.managed_policy(match self.partition() {
            "aws" => "AWSXrayWriteOnlyAccess",
            _ => "AWSXRayDaemonWriteAccess",
        })
    }

    /// Something that cannot be written out.
    fn gap(&self, kind: GapKind, reason: impl Into<Arc<str>>, place: Place) {
        self.world.gap(kind, reason, place);
    }
}

impl Source<'_> {
    /// Makes nodes at a property of the resource, or at the resource where it is not written.
    fn make(self, property: &str) -> Make {
        Make(self.property(property).map_or(self.place, |node| node.place))
    }
}
