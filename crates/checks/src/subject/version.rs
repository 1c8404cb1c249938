//! Versions as aliases, permissions and triggers name them.

use crate::context::Context;
use maremma_model::noun::Version;
use maremma_model::{AnyId, Function, Id, Setting, State, Text, Why};
use std::sync::Arc;

/// A version as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    /// By its number.
    Number(u64),
    /// One that this input publishes; its number is known only then.
    Published(Id<Version>),
}

impl Named {
    /// `None` for the name of an alias, and for what is not known.
    pub(crate) fn of(text: &Text) -> Option<Self> {
        if let Some(attribute) = text.as_attribute() {
            return match attribute.of {
                AnyId::Version(id) => Some(Named::Published(id)),
                _ => None,
            };
        }
        text.as_literal()?.parse().ok().map(Named::Number)
    }

    /// Whether this version is older than another; `None` where the numbers are not known.
    pub(crate) fn is_older_than(self, other: Named) -> Option<bool> {
        match (self, other) {
            (Named::Number(own), Named::Number(other)) => Some(own < other),
            (Named::Published(own), Named::Published(other)) if own == other => Some(false),
            _ => None,
        }
    }

    /// `version 3`, `the version that OrdersVersion publishes`.
    pub(crate) fn words(self, context: &Context<'_>) -> String {
        match self {
            Named::Number(number) => format!("version {number}"),
            Named::Published(id) => format!("the version that {} publishes", context.name(id)),
        }
    }
}

/// A function's version that runs behind an alias.
pub(crate) struct Target<'c> {
    pub(crate) alias: Arc<str>,
    pub(crate) version: &'c Text,
}

/// Every version that the aliases of a function may send events to, and why one of them is not known.
pub(crate) fn targets<'c>(context: &Context<'c>, function: Id<Function>) -> (Vec<Target<'c>>, Option<Why>) {
    let (mut targets, mut open) = (Vec::new(), None);
    for row in context.estate.aliases.values() {
        if row.function.value().and_then(|reference| reference.function.here()) != Some(function) {
            continue;
        }
        let name = row.name.value();
        let alias: Arc<str> = name.map_or_else(|| row.resource.address.clone(), |name| name.to_string().into());
        let weighted = row.weights.possible().flatten().map(|weight| &weight.version);
        for version in std::iter::once(&row.version).chain(weighted) {
            targets.extend(version.possible().map(|version| Target {
                alias: alias.clone(),
                version,
            }));
            open = open.or_else(|| without_candidates(version));
        }
        open = open.or_else(|| without_candidates(&row.weights));
    }
    (targets, open)
}

fn without_candidates<T>(setting: &Setting<T>) -> Option<Why> {
    match &setting.state {
        State::Unknown(unknown) if unknown.candidates.is_empty() => Some(unknown.why.clone()),
        _ => None,
    }
}
