//! The operations whose answers are read, each once, with what they tell.

/// An operation by its service and name, the type of what it is about (or `""`) and its lists; other fields may follow.
macro_rules! operation {
    ($service:literal, $name:literal, $of:expr, [$(($path:literal, $shape:expr)),* $(,)?] $(, $field:ident: $value:expr)* $(,)?) => {
        Operation {
            service: $service,
            name: $name,
            of: $of,
            lists: &[$(($path, &$shape)),*],
            $($field: $value,)*
            ..OPERATION
        }
    };
}

mod api;
mod balancer;
mod caller;
mod data;
mod delivery;
mod event;
mod iam;
mod key;
mod lambda;
mod layer;
mod messaging;
mod network;
mod policy;
mod storage;
mod watch;

use super::operation::Operation;
use std::collections::HashMap;
use std::sync::LazyLock;

/// In the order in which answers are read: a list before what is asked of one of its members.
const TABLES: &[&[Operation]] = &[
    lambda::OPERATIONS,
    layer::OPERATIONS,
    iam::OPERATIONS,
    network::OPERATIONS,
    key::OPERATIONS,
    storage::OPERATIONS,
    data::OPERATIONS,
    messaging::OPERATIONS,
    event::OPERATIONS,
    api::OPERATIONS,
    balancer::OPERATIONS,
    watch::OPERATIONS,
    delivery::OPERATIONS,
    caller::OPERATIONS,
];

/// Operations by their names, with their places among all.
type Places = HashMap<(&'static str, &'static str), (usize, &'static Operation)>;

static PLACES: LazyLock<Places> = LazyLock::new(|| {
    let places = all().enumerate();
    places
        .map(|(place, operation)| ((operation.service, operation.name), (place, operation)))
        .collect()
});

/// Every operation.
pub(super) fn all() -> impl Iterator<Item = &'static Operation> {
    TABLES.iter().flat_map(|table| table.iter())
}

pub(super) fn find(service: &str, name: &str) -> Option<&'static Operation> {
    PLACES.get(&(service, name)).map(|(_, operation)| *operation)
}

/// Where an operation stands among all.
pub(super) fn place(operation: &Operation) -> usize {
    PLACES
        .get(&(operation.service, operation.name))
        .map_or(usize::MAX, |(place, _)| *place)
}
