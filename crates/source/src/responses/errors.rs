//! What the errors of calls mean: something is not there, may not be seen, or could not be asked.

use super::answer::Call;
use super::reading::{Key, key};
use crate::resources::Resources;
use maremma_model::{AnyId, GapKind, Location, Why};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outcome {
    /// AWS says that there is none, which is evidence.
    Absent,
    Denied,
    Failed,
}

impl Outcome {
    /// Source: the "Errors" and "Common errors" of the services' API references.
    pub(super) fn of(code: &str) -> Self {
        const ABSENT: &[&str] = &[
            "NoSuch",
            "NotFound",
            "NonExistent",
            "DoesNotExist",
            "UnsupportedOperation",
        ];
        const DENIED: &[&str] = &[
            "AccessDenied",
            "Unauthorized",
            "AuthorizationError",
            "NotAuthorized",
            "Forbidden",
        ];
        let has = |words: &[&str]| words.iter().any(|word| code.contains(word));
        if has(DENIED) {
            Outcome::Denied
        } else if has(ABSENT) {
            Outcome::Absent
        } else {
            Outcome::Failed
        }
    }
}

/// The calls that came to nothing, told once for an operation and code.
#[derive(Default)]
pub(super) struct Errors {
    found: BTreeMap<(Key, Arc<str>), Group>,
    /// Of which resource a call came to nothing, and how.
    of: HashMap<(AnyId, Key), Arc<str>>,
    /// In which account and region a list could not be had, and why.
    pub(super) lists: HashMap<(super::reading::Home, Key), Arc<str>>,
}

struct Group {
    words: String,
    unknown: String,
    at: Location,
    more: usize,
}

impl Errors {
    pub(super) fn add(&mut self, call: &Call, id: Option<AnyId>, code: &Arc<str>, at: &Location) {
        let operation = call.operation;
        let types = operation.tables().chain([operation.of]).filter(|cfn| !cfn.is_empty());
        let unknown = match super::reading::listed(types) {
            types if types.is_empty() => types,
            types => format!(" of {types}"),
        };
        if let Some(id) = id {
            self.of.insert((id, key(operation)), code.clone());
        }
        let home = (call.account.clone(), call.region.clone());
        self.lists.insert((home, key(operation)), code.clone());
        if !operation.is_of_use() {
            return;
        }
        self.found
            .entry((key(operation), code.clone()))
            .and_modify(|group| group.more += 1)
            .or_insert_with(|| Group {
                words: call.words(),
                unknown,
                at: at.clone(),
                more: 0,
            });
    }

    /// Why nothing is known that only certain operations tell of a resource.
    pub(super) fn why(&self, id: AnyId, by: &[Key]) -> Why {
        let failed = by
            .iter()
            .find_map(|operation| Some((operation, self.of.get(&(id, *operation))?)));
        let words = match (failed, by.first()) {
            (Some(((service, name), code)), _) => format!("{service} {name} answered {code}"),
            (None, Some((service, name))) => format!("{service} {name} was not asked"),
            (None, None) => "no call tells it".to_owned(),
        };
        Why::Unresolved(words.into())
    }

    pub(super) fn tell(self, resources: &Resources) {
        for ((_, code), group) in self.found {
            let kind = match Outcome::of(&code) {
                Outcome::Denied => GapKind::Denied,
                Outcome::Absent | Outcome::Failed => GapKind::Failed,
            };
            let more = match group.more {
                0 => String::new(),
                more => format!(" (and of {more} more)"),
            };
            let remedy = match kind {
                GapKind::Denied => "allow the call, and collect again",
                _ => "collect again",
            };
            let reason = format!(
                "{}{more} answered {code}: what it tells{} is not known; {remedy}",
                group.words, group.unknown
            );
            resources.gap(kind, reason, group.at);
        }
    }
}
