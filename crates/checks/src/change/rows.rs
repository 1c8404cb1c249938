//! Which row of the new estate is which of the old one, whatever file or format each was read from.

use crate::context::Context;
use maremma_model::{AnyId, Estate, Function, Id, Link, Resource, Text, UnitId};
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::mem::Discriminant;
use std::sync::Arc;

/// Units without an equal name are compared by what they hold; with more of them, only names count.
const MOST_UNITS: usize = 500;

/// Rows of both estates that are the same resource.
#[derive(Debug, Default)]
pub(super) struct Matches {
    forward: HashMap<AnyId, AnyId>,
    back: HashMap<AnyId, AnyId>,
}

/// Of which table a row is.
type Table = Discriminant<AnyId>;

impl Matches {
    /// By the name in AWS where that tells a resource from all others of its kind, else by the address: in the same
    /// unit, then in any. What has neither is known by its function.
    pub(super) fn of(old: &Context<'_>, new: &Context<'_>) -> Self {
        let units = units(old.estate, new.estate);
        let same_unit = |of: UnitId| units.get(&of).copied();
        let mut matches = Matches::default();
        matches.join(
            old,
            new,
            &|id, row| Some((table(id), same_unit(row.unit)?, row.kind.clone(), own_name(id, row)?)),
            &|id, row| Some((table(id), row.unit, row.kind.clone(), own_name(id, row)?)),
        );
        matches.join(
            old,
            new,
            &|id, row| Some((table(id), same_unit(row.unit)?, row.kind.clone(), row.address.clone())),
            &|id, row| Some((table(id), row.unit, row.kind.clone(), row.address.clone())),
        );
        let named = |id, row: &Resource| Some((table(id), row.kind.clone(), own_name(id, row)?));
        matches.join(old, new, &named, &named);
        let addressed = |id, row: &Resource| Some((table(id), row.kind.clone(), row.address.clone()));
        matches.join(old, new, &addressed, &addressed);
        matches.by_function(old, new);
        matches
    }

    pub(super) fn new_of(&self, old: impl Into<AnyId>) -> Option<AnyId> {
        self.forward.get(&old.into()).copied()
    }

    pub(super) fn old_of(&self, new: impl Into<AnyId>) -> Option<AnyId> {
        self.back.get(&new.into()).copied()
    }

    /// What the rows of the old estate are called in the new one.
    pub(super) fn names(&self, new: &Context<'_>) -> HashMap<AnyId, Arc<str>> {
        self.forward.iter().map(|(old, id)| (*old, new.name(*id))).collect()
    }

    fn add(&mut self, old: AnyId, new: AnyId) {
        if !self.forward.contains_key(&old) && !self.back.contains_key(&new) {
            self.forward.insert(old, new);
            self.back.insert(new, old);
        }
    }

    /// Joins the rows without a match that have a key in common, where it is of as many rows on both sides.
    fn join<K: Eq + Hash>(
        &mut self,
        old: &Context<'_>,
        new: &Context<'_>,
        old_key: &dyn Fn(AnyId, &Resource) -> Option<K>,
        new_key: &dyn Fn(AnyId, &Resource) -> Option<K>,
    ) {
        let left = grouped(old, old_key, &|id| !self.forward.contains_key(&id));
        let mut right = grouped(new, new_key, &|id| !self.back.contains_key(&id));
        for (key, ids) in left {
            let others = right.remove(&key).unwrap_or_default();
            if ids.len() == others.len() {
                ids.into_iter().zip(others).for_each(|(old, new)| self.add(old, new));
            }
        }
    }

    /// Execution roles of the same function; and its URLs, permissions and triggers, where one of either is left.
    fn by_function(&mut self, old: &Context<'_>, new: &Context<'_>) {
        for (id, row) in old.estate.functions.iter() {
            let Some(AnyId::Function(other)) = self.new_of(id) else {
                continue;
            };
            let Some(twin) = new.estate.functions.get(other) else {
                continue;
            };
            if let (Some(Link::Here(a)), Some(Link::Here(b))) = (row.role.value(), twin.role.value()) {
                self.add(AnyId::Role(*a), AnyId::Role(*b));
            }
            for (mut own, mut others) in hangers(old, id).into_iter().zip(hangers(new, other)) {
                own.retain(|id| !self.forward.contains_key(id));
                others.retain(|id| !self.back.contains_key(id));
                if let ([own], [other]) = (own.as_slice(), others.as_slice()) {
                    self.add(*own, *other);
                }
            }
        }
    }
}

fn table(id: AnyId) -> Table {
    std::mem::discriminant(&id)
}

/// The rows that hang on a function, by table.
fn hangers(context: &Context<'_>, id: Id<Function>) -> [Vec<AnyId>; 3] {
    let relations = &context.relations;
    [
        relations.urls(id).iter().map(|id| (*id).into()).collect(),
        relations.permissions(id).iter().map(|id| (*id).into()).collect(),
        relations.triggers(id).iter().map(|id| (*id).into()).collect(),
    ]
}

fn grouped<K: Eq + Hash>(
    context: &Context<'_>,
    key: &dyn Fn(AnyId, &Resource) -> Option<K>,
    wanted: &dyn Fn(AnyId) -> bool,
) -> HashMap<K, Vec<AnyId>> {
    let mut groups: HashMap<K, Vec<AnyId>> = HashMap::new();
    for (id, row) in context.estate.resources().filter(|(id, _)| wanted(*id)) {
        if let Some(key) = key(id, row) {
            groups.entry(key).or_default().push(id);
        }
    }
    groups
}

/// The name, where no other resource of the kind has it in an account and region.
fn own_name(id: AnyId, row: &Resource) -> Option<Arc<str>> {
    let unique = matches!(
        id,
        AnyId::Function(_)
            | AnyId::Role(_)
            | AnyId::User(_)
            | AnyId::Group(_)
            | AnyId::Bucket(_)
            | AnyId::Queue(_)
            | AnyId::Topic(_)
            | AnyId::DataTable(_)
            | AnyId::Stream(_)
            | AnyId::Bus(_)
            | AnyId::StateMachine(_)
            | AnyId::ManagedSecret(_)
            | AnyId::Parameter(_)
            | AnyId::Repository(_)
            | AnyId::LogGroup(_)
            | AnyId::Trail(_)
    );
    match &row.name {
        Text::Literal(name) if unique && !name.is_empty() => Some(name.clone()),
        _ => None,
    }
}

/// Which unit of the new estate is which of the old one: of the same name; else the one that has most of the same
/// addresses, half of them at least: a file was renamed.
fn units(old: &Estate, new: &Estate) -> HashMap<UnitId, UnitId> {
    let ids = |estate: &Estate| -> HashMap<Arc<str>, UnitId> {
        let numbered = (0u32..).zip(&estate.units);
        numbered.map(|(row, unit)| (unit.name.clone(), UnitId(row))).collect()
    };
    let (left, right) = (ids(old), ids(new));
    let mut matched: HashMap<UnitId, UnitId> = left
        .iter()
        .filter_map(|(name, id)| Some((*id, *right.get(name)?)))
        .collect();
    let taken: HashSet<UnitId> = matched.values().copied().collect();
    let mut left = held(old, &|unit| !matched.contains_key(&unit));
    let right = held(new, &|unit| !taken.contains(&unit));
    if left.len().max(right.len()) > MOST_UNITS {
        return matched;
    }
    let mut likely = Vec::new();
    for (old, own) in &mut left {
        for (new, others) in &right {
            let shared = own.intersection(others).count();
            if shared > 0 && shared * 2 >= own.len().max(others.len()) {
                likely.push((shared, *old, *new));
            }
        }
    }
    likely.sort_by_key(|(shared, old, new)| (std::cmp::Reverse(*shared), *old, *new));
    let mut taken = HashSet::new();
    for (_, old, new) in likely {
        if !matched.contains_key(&old) && taken.insert(new) {
            matched.insert(old, new);
        }
    }
    matched
}

type Addresses = HashSet<(Arc<str>, Arc<str>)>;

/// What each unit holds, by kind and address.
fn held(estate: &Estate, wanted: &dyn Fn(UnitId) -> bool) -> Vec<(UnitId, Addresses)> {
    let mut all: HashMap<UnitId, Addresses> = HashMap::new();
    for (_, row) in estate.resources().filter(|(_, row)| wanted(row.unit)) {
        let address = (row.kind.clone(), row.address.clone());
        all.entry(row.unit).or_default().insert(address);
    }
    let mut all: Vec<_> = all.into_iter().collect();
    all.sort_by_key(|(unit, _)| *unit);
    all
}
