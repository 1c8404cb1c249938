//! What a resource sees while it is read: its stack, the names of the run, and where to put what it
//! makes beside itself.

use super::world::{StackId, World};
use crate::names::Names;
use crate::props::Surroundings;
use maremma_model::noun::{AnyLink, Authorizer, FunctionRef, HttpRoute, ResourcePolicy, RestMethod, Trigger};
use maremma_model::{GapKind, Location, Text};
use std::cell::RefCell;

/// Rows that a resource makes beside its own: the triggers that a bucket configures, the methods of
/// an OpenAPI body, the policy that a key carries.
#[derive(Default)]
pub(crate) struct Beside {
    pub(crate) triggers: Vec<Trigger>,
    pub(crate) rest_methods: Vec<RestMethod>,
    pub(crate) http_routes: Vec<HttpRoute>,
    pub(crate) authorizers: Vec<Authorizer>,
    pub(crate) resource_policies: Vec<ResourcePolicy>,
}

pub(crate) struct Cx<'a> {
    pub(crate) world: &'a World<'a>,
    pub(crate) names: &'a Names,
    pub(crate) stack: StackId,
    pub(crate) beside: &'a RefCell<Beside>,
}

impl Cx<'_> {
    pub(crate) fn trigger(&self, trigger: Trigger) {
        self.beside.borrow_mut().triggers.push(trigger);
    }

    pub(crate) fn resource_policy(&self, policy: ResourcePolicy) {
        self.beside.borrow_mut().resource_policies.push(policy);
    }
}

impl Surroundings for Cx<'_> {
    fn link(&self, text: &Text, noun: Option<&'static str>) -> AnyLink {
        self.names.link(self.world.stack(self.stack).unit, text, noun)
    }

    fn function(&self, text: &Text) -> FunctionRef {
        self.names.function(self.world.stack(self.stack).unit, text)
    }

    fn problem(&self, reason: String, at: &Location) {
        if let Location::File(place) = at {
            self.world.gap(GapKind::Unparsed, reason, *place);
        }
    }
}
