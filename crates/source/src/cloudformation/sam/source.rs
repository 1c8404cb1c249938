//! A serverless resource as written, and the events of one.

use maremma_model::{Entry, Node, Place};

/// A serverless resource, with the template's `Globals` merged in.
#[derive(Clone, Copy)]
pub(super) struct Source<'n> {
    pub(super) id: &'n str,
    pub(super) kind: &'n str,
    pub(super) node: &'n Node,
    /// Its logical id in the template.
    pub(super) place: Place,
}

impl<'n> Source<'n> {
    pub(super) fn of(entry: &'n Entry) -> Option<Self> {
        Some(Source {
            id: &entry.key,
            kind: entry.value.get("Type")?.as_str()?,
            node: &entry.value,
            place: entry.key_place,
        })
    }

    /// A property that is written and not null.
    pub(super) fn property(self, name: &str) -> Option<&'n Node> {
        self.node.get("Properties")?.get(name).filter(|node| !node.is_null())
    }

    /// The condition under which the resource exists.
    pub(super) fn condition(self) -> Option<&'n str> {
        self.node.get("Condition")?.as_str()
    }
}

/// One entry of `Events`.
#[derive(Clone, Copy)]
pub(super) struct Event<'n> {
    pub(super) id: &'n str,
    pub(super) kind: &'n str,
    pub(super) properties: Option<&'n Node>,
    /// Its key in the template.
    pub(super) place: Place,
}

impl<'n> Event<'n> {
    pub(super) fn of(entry: &'n Entry) -> Option<Self> {
        Some(Event {
            id: &entry.key,
            kind: entry.value.get("Type")?.as_str()?,
            properties: entry.value.get("Properties"),
            place: entry.key_place,
        })
    }

    /// A property that is written and not null.
    pub(super) fn property(self, name: &str) -> Option<&'n Node> {
        self.properties?.get(name).filter(|node| !node.is_null())
    }
}
