//! The permission by which a service may invoke the function.

use super::super::Sam;
use super::super::make::{self, Make};
use super::super::source::Event;
use super::Host;
use maremma_model::Node;

impl Host<'_> {
    /// `Ref` of what an event invokes: the alias or the function.
    pub(super) fn function(&self, at: Make) -> Node {
        match make::named(&self.invoked) {
            Some(id) => at.reference(&id),
            None => self.invoked.clone(),
        }
    }

    /// What an event invokes, standing at `at`.
    pub(super) fn target(&self, at: Make) -> Node {
        Node {
            place: at.0,
            ..self.invoked.clone()
        }
    }
}

/// Lets a service invoke the function, with what narrows the permission. Answers its logical id.
pub(super) fn permit(
    sam: &mut Sam<'_>,
    host: &Host<'_>,
    event: Event<'_>,
    principal: &str,
    narrowed: Vec<(&str, Node)>,
) -> String {
    let id = host.id(event, "Permission");
    sam.add(
        host.source,
        &id,
        permission(host, Make(event.place), principal, narrowed),
    );
    id
}

pub(super) fn permission(host: &Host<'_>, at: Make, principal: &str, narrowed: Vec<(&str, Node)>) -> Node {
    let mut properties = vec![
        ("Action", at.text("lambda:InvokeFunction")),
        ("FunctionName", host.function(at)),
        ("Principal", at.text(principal)),
    ];
    properties.extend(narrowed);
    at.resource("AWS::Lambda::Permission", properties)
}
