//! What a resource sees while it is read: its stack, the names of the run, and where to put what it
//! makes beside itself.

use super::world::{StackId, World};
use crate::names::Names;
use crate::props::Surroundings;
use maremma_model::noun::*;
use maremma_model::{AnyId, Document, Estate, GapKind, Id, Location, Node, Table, Text};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// What is done when every row is there.
pub(crate) type Amendment = Box<dyn FnOnce(&mut Estate)>;

/// Rows that a resource makes beside its own: the triggers that a bucket configures, the methods of
/// an OpenAPI body, the policy that a key carries.
#[derive(Default)]
pub(crate) struct Beside {
    pub(crate) triggers: Vec<Trigger>,
    pub(crate) forwardings: Vec<Forwarding>,
    pub(crate) rest_methods: Vec<RestMethod>,
    pub(crate) http_routes: Vec<HttpRoute>,
    pub(crate) authorizers: Vec<Authorizer>,
    pub(crate) stages: Vec<Stage>,
    pub(crate) resource_policies: Vec<ResourcePolicy>,
    pub(crate) amendments: Vec<Amendment>,
    /// How many authorizers are resources of their own: those beside come after them.
    pub(crate) authorizers_before: usize,
    /// Properties of resources that others asked for.
    pub(super) properties: HashMap<AnyId, Option<Rc<Document>>>,
}

pub(crate) struct Cx<'a> {
    pub(crate) world: &'a World<'a>,
    pub(crate) names: &'a Names,
    pub(crate) stack: StackId,
    /// The row that this resource will get.
    pub(crate) own: AnyId,
    /// The resource as written.
    pub(crate) node: &'a Node,
    pub(crate) beside: &'a RefCell<Beside>,
}

impl Cx<'_> {
    pub(crate) fn trigger(&self, trigger: Trigger) {
        self.beside.borrow_mut().triggers.push(trigger);
    }

    pub(crate) fn forwarding(&self, forwarding: Forwarding) {
        self.beside.borrow_mut().forwardings.push(forwarding);
    }

    pub(crate) fn rest_method(&self, method: RestMethod) {
        self.beside.borrow_mut().rest_methods.push(method);
    }

    pub(crate) fn http_route(&self, route: HttpRoute) {
        self.beside.borrow_mut().http_routes.push(route);
    }

    pub(crate) fn stage(&self, stage: Stage) {
        self.beside.borrow_mut().stages.push(stage);
    }

    pub(crate) fn authorizer(&self, authorizer: Authorizer) -> Id<Authorizer> {
        let mut beside = self.beside.borrow_mut();
        beside.authorizers.push(authorizer);
        Table::<Authorizer>::id_at(beside.authorizers_before + beside.authorizers.len() - 1)
    }

    pub(crate) fn resource_policy(&self, policy: ResourcePolicy) {
        self.beside.borrow_mut().resource_policies.push(policy);
    }

    /// Does something when every row is there.
    pub(crate) fn amend(&self, amendment: impl FnOnce(&mut Estate) + 'static) {
        self.beside.borrow_mut().amendments.push(Box::new(amendment));
    }

    /// A scalar of the resource's metadata.
    pub(crate) fn metadata(&self, key: &str) -> Option<&Node> {
        self.node.get("Metadata")?.get(key)
    }

    /// The type and the properties of another resource of the run.
    pub(crate) fn peer(&self, id: AnyId) -> Option<(&str, Rc<Document>)> {
        let (stack, node) = self.world.home(id)?;
        let kind = node.get("Type")?.as_str()?;
        let known = self.beside.borrow().properties.get(&id).cloned();
        let properties = known.unwrap_or_else(|| {
            let found = node
                .get("Properties")
                .map(|node| Rc::new(self.world.resolve(stack, node)));
            self.beside.borrow_mut().properties.insert(id, found.clone());
            found
        });
        Some((kind, properties?))
    }
}

impl Surroundings for Cx<'_> {
    fn link(&self, text: &Text, noun: Option<&'static str>) -> AnyLink {
        self.names.link(self.world.stack(self.stack).unit, text, noun)
    }

    fn function(&self, text: &Text) -> FunctionRef {
        self.names.function(self.world.stack(self.stack).unit, text)
    }

    fn target(&self, text: &Text) -> Option<FunctionRef> {
        self.names.target(self.world.stack(self.stack).unit, text)
    }

    fn reveal(&self, text: &Text) -> Text {
        self.world.reveal(self.stack, text)
    }

    fn problem(&self, reason: String, at: &Location) {
        if let Location::File(place) = at {
            self.world.gap(GapKind::Unparsed, reason, *place);
        }
    }
}
