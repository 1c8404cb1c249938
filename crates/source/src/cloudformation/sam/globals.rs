//! stub
use super::super::world::{StackId, World};
use maremma_model::Node;

pub(super) fn merged(world: &World<'_>, stack: StackId) -> Node {
    world.stack(stack).root.clone()
}
