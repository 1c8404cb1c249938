//! What a resource sees while it is read: its format, the names of the run, and where to put what it
//! makes beside itself.

use crate::names::Names;
use crate::props::Surroundings;
use crate::site::Site;
use maremma_model::noun::*;
use maremma_model::{AnyId, Document, Estate, GapKind, Id, Location, Noun, Setting, Table, Text, UnitId};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// A format, as those ask it who read rows off its resources.
pub(crate) trait Origin {
    /// The type and the properties of a resource of the run.
    fn peer(&self, id: AnyId) -> Option<Peer>;
    /// A text of a resource with the values that nobody is to see.
    fn reveal(&self, own: AnyId, text: &Text) -> Text;
    /// Whether a parameter that a resource refers to is one that nobody is to see.
    fn is_hidden(&self, own: AnyId, parameter: &str) -> bool;
    fn gap(&self, kind: GapKind, reason: String, at: &Location);
    /// Where the code that a property holds stands on disk, where that is said beside the property.
    fn asset(&self, _own: AnyId, _property: &str) -> Option<Setting<Text>> {
        None
    }
    /// Whether an expansion may have written what stands in a resource.
    fn expands(&self) -> bool {
        false
    }
    /// What is done at an update of a resource, where that is said beside its properties.
    fn update_policy(&self, _own: AnyId) -> Option<Document> {
        None
    }
}

/// Another resource, as its format gives it.
pub(crate) struct Peer {
    /// The CloudFormation type.
    pub(crate) kind: Arc<str>,
    pub(crate) properties: Rc<Document>,
}

/// What is done when every row is there.
pub(crate) type Amendment = Box<dyn FnOnce(&mut Estate)>;

/// Rows that a resource makes beside its own: the triggers that a bucket configures, the methods of
/// an OpenAPI body, the policy that a key carries.
#[derive(Default)]
pub(crate) struct Beside {
    triggers: Vec<Trigger>,
    forwardings: Vec<Forwarding>,
    rest_methods: Vec<RestMethod>,
    http_routes: Vec<HttpRoute>,
    authorizers: Vec<Authorizer>,
    stages: Vec<Stage>,
    resource_policies: Vec<ResourcePolicy>,
    amendments: Vec<Amendment>,
    /// How many authorizers are resources of their own: those beside come after them.
    authorizers_before: usize,
}

impl Beside {
    pub(crate) fn new(authorizers_before: usize) -> Self {
        Beside {
            authorizers_before,
            ..Beside::default()
        }
    }

    pub(crate) fn push(self, estate: &mut Estate) {
        fn all<T: Noun>(rows: Vec<T>, estate: &mut Estate) {
            for row in rows {
                T::table_mut(estate).push(row);
            }
        }
        all(self.triggers, estate);
        all(self.forwardings, estate);
        all(self.rest_methods, estate);
        all(self.http_routes, estate);
        all(self.authorizers, estate);
        all(self.stages, estate);
        all(self.resource_policies, estate);
        self.amendments.into_iter().for_each(|amendment| amendment(estate));
    }
}

pub(crate) struct Cx<'a> {
    pub(crate) origin: &'a dyn Origin,
    pub(crate) names: &'a Names,
    pub(crate) unit: UnitId,
    /// Where the resource is deployed.
    pub(crate) site: &'a Site,
    /// The row that this resource will get.
    pub(crate) own: AnyId,
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

    /// The properties of a resource of the run, where it is of a type.
    pub(crate) fn peer(&self, id: AnyId, kind: &str) -> Option<Rc<Document>> {
        let peer = self.origin.peer(id)?;
        (&*peer.kind == kind).then_some(peer.properties)
    }
}

impl Surroundings for Cx<'_> {
    fn link(&self, text: &Text, noun: Option<&'static str>) -> AnyLink {
        self.names.link(self.unit, text, noun)
    }

    fn function(&self, text: &Text) -> FunctionRef {
        self.names.function(self.unit, text)
    }

    fn target(&self, text: &Text) -> Option<FunctionRef> {
        self.names.target(self.unit, text)
    }

    fn reveal(&self, text: &Text) -> Text {
        self.origin.reveal(self.own, text)
    }

    fn problem(&self, reason: String, at: &Location) {
        self.origin.gap(GapKind::Unparsed, reason, at);
    }
}
