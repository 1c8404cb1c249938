//! What the rows share that a resource makes beside its own.

use crate::props::Props;
use maremma_model::noun::*;
use maremma_model::{Existence, Location, Resource, Setting, Text};

/// A trigger of which nothing but its function and its source is known.
pub(crate) fn trigger(
    resource: &Resource,
    kind: TriggerKind,
    function: Setting<FunctionRef>,
    source: Setting<AnyLink>,
) -> Trigger {
    let at = || resource.at.clone();
    Trigger {
        kind,
        function,
        source,
        enabled: Setting::default(true, at()),
        on_failure: Setting::unset(at()),
        role: Setting::unset(at()),
        filters: Setting::unset(at()),
        mapping: None,
        resource: resource.clone(),
    }
}

/// Events that go from a source to something other than a function.
pub(crate) fn forwarding(
    resource: &Resource,
    kind: TriggerKind,
    source: Setting<AnyLink>,
    target: Setting<AnyLink>,
) -> Forwarding {
    let at = || resource.at.clone();
    Forwarding {
        kind,
        source,
        target,
        enabled: Setting::default(true, at()),
        filters: Setting::unset(at()),
        resource: resource.clone(),
    }
}

/// The head of a row that is written as a part of a resource, and the part in its own world.
pub(crate) fn part<'a>(resource: &Resource, p: &Props<'a>) -> (Resource, Props<'a>) {
    let (own, when) = p.in_its_world();
    let exists = match (&resource.exists, when) {
        (exists, None) => exists.clone(),
        (Existence::Always, Some(when)) => Existence::When(when),
        (Existence::When(outer), Some(when)) => Existence::When(format!("{outer} and {when}").into()),
        (off @ Existence::OffByDefault(_), Some(_)) => off.clone(),
    };
    let head = Resource {
        at: p.at().clone(),
        exists,
        ..resource.clone()
    };
    (head, own)
}

/// What selects events; unset where nothing does.
pub(crate) fn filters(found: impl IntoIterator<Item = Setting<Text>>, at: &Location) -> Items<Text> {
    let found: Vec<_> = found.into_iter().filter(|filter| !filter.is_unset()).collect();
    match found.first().map(|first| first.at.clone()) {
        Some(at) => Setting::set(found, at),
        None => Setting::unset(at.clone()),
    }
}
