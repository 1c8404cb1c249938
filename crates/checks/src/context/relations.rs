//! What hangs on what, worked out once: from a function to its URLs, from a role to its functions.

use crate::context::dependents::named_in_environment;
use maremma_model::noun::*;
use maremma_model::{AnyId, Estate, Id, Noun, Setting, Table, UnitId};
use std::collections::HashMap;

/// Rows by what they refer to. Links that are unknown or lead outside are not in it: a check that
/// minds them looks at the setting.
#[derive(Debug, Default)]
pub struct Relations {
    permissions: HashMap<Id<Function>, Vec<Id<Permission>>>,
    urls: HashMap<Id<Function>, Vec<Id<Url>>>,
    triggers: HashMap<Id<Function>, Vec<Id<Trigger>>>,
    functions_of_role: HashMap<Id<Role>, Vec<Id<Function>>>,
    functions_of_layer: HashMap<Id<LayerVersion>, Vec<Id<Function>>>,
    policies_of_role: HashMap<Id<Role>, Vec<Id<Policy>>>,
    resource_policies: HashMap<AnyId, Vec<Id<ResourcePolicy>>>,
    triggers_from: HashMap<Named, Vec<Id<Trigger>>>,
    functions_that_name: HashMap<AnyId, Vec<Id<Function>>>,
    rotations: HashMap<Id<ManagedSecret>, Vec<Id<SecretRotation>>>,
}

/// A link as a key: names outside of the estate join nothing across units.
pub(crate) type Named = (Option<UnitId>, AnyLink);

/// The key of a link that a row of a unit has; `None` where nothing is known of it.
pub(crate) fn named(unit: UnitId, link: &AnyLink) -> Option<Named> {
    match link {
        AnyLink::Here(_) => Some((None, link.clone())),
        AnyLink::Outside(_) => Some((Some(unit), link.clone())),
        AnyLink::Unknown(_) => None,
    }
}

impl Relations {
    pub(crate) fn of(estate: &Estate) -> Self {
        let mut relations = Relations::default();
        let function = |setting: &Setting<FunctionRef>| setting.value().and_then(|reference| reference.function.here());
        group(&estate.permissions, &mut relations.permissions, |row| {
            function(&row.function).into_iter().collect()
        });
        group(&estate.urls, &mut relations.urls, |row| {
            function(&row.function).into_iter().collect()
        });
        group(&estate.triggers, &mut relations.triggers, |row| {
            function(&row.function).into_iter().collect()
        });
        group(&estate.functions, &mut relations.functions_of_role, |row| {
            row.role.possible().filter_map(|link| link.here()).collect()
        });
        group(&estate.functions, &mut relations.functions_of_layer, |row| {
            items(&row.layers).filter_map(|link| link.here()).collect()
        });
        group(&estate.policies, &mut relations.policies_of_role, |row| {
            items(&row.roles).filter_map(|link| link.here()).collect()
        });
        group(&estate.resource_policies, &mut relations.resource_policies, |row| {
            items(&row.on).filter_map(|link| link.here()).collect()
        });
        group(&estate.triggers, &mut relations.triggers_from, |row| {
            let unit = row.resource.unit;
            row.source.possible().filter_map(|link| named(unit, link)).collect()
        });
        group(
            &estate.functions,
            &mut relations.functions_that_name,
            named_in_environment,
        );
        group(&estate.secret_rotations, &mut relations.rotations, |row| {
            row.secret.possible().filter_map(|link| link.here()).collect()
        });
        relations
    }

    /// The triggers that a source of events has, as a row of a unit names it.
    pub fn triggers_from(&self, unit: UnitId, source: &AnyLink) -> &[Id<Trigger>] {
        named(unit, source).map_or(&[], |named| listed(&self.triggers_from, &named))
    }

    /// The functions whose environment stands for a resource: its ARN, its name, or another attribute.
    pub fn functions_that_name(&self, id: AnyId) -> &[Id<Function>] {
        listed(&self.functions_that_name, &id)
    }

    /// The statements of a function's resource-based policy, whatever their qualifier.
    pub fn permissions(&self, function: Id<Function>) -> &[Id<Permission>] {
        listed(&self.permissions, &function)
    }

    /// The schedules that rotate, or may rotate, a secret.
    pub fn rotations(&self, secret: Id<ManagedSecret>) -> &[Id<SecretRotation>] {
        listed(&self.rotations, &secret)
    }

    pub fn urls(&self, function: Id<Function>) -> &[Id<Url>] {
        listed(&self.urls, &function)
    }

    pub fn triggers(&self, function: Id<Function>) -> &[Id<Trigger>] {
        listed(&self.triggers, &function)
    }

    /// The functions that run, or may run, as a role.
    pub fn functions_of_role(&self, role: Id<Role>) -> &[Id<Function>] {
        listed(&self.functions_of_role, &role)
    }

    pub fn functions_of_layer(&self, layer: Id<LayerVersion>) -> &[Id<Function>] {
        listed(&self.functions_of_layer, &layer)
    }

    /// The policies that name a role themselves; those that the role carries are on its row.
    pub fn policies_of_role(&self, role: Id<Role>) -> &[Id<Policy>] {
        listed(&self.policies_of_role, &role)
    }

    /// The policies of a bucket, queue, topic, key, secret, ...
    pub fn resource_policies(&self, on: AnyId) -> &[Id<ResourcePolicy>] {
        listed(&self.resource_policies, &on)
    }
}

/// Every possible member of a list setting.
pub(crate) fn items<T>(list: &Items<T>) -> impl Iterator<Item = &T> {
    list.possible().flatten().flat_map(Setting::possible)
}

fn listed<'a, K: Eq + std::hash::Hash, V>(groups: &'a HashMap<K, Vec<V>>, key: &K) -> &'a [V] {
    groups.get(key).map_or(&[], Vec::as_slice)
}

fn group<T: Noun, K: Eq + std::hash::Hash>(
    table: &Table<T>,
    groups: &mut HashMap<K, Vec<Id<T>>>,
    keys: impl Fn(&T) -> Vec<K>,
) {
    for (id, row) in table.iter() {
        for key in keys(row) {
            let rows = groups.entry(key).or_default();
            if rows.last() != Some(&id) {
                rows.push(id);
            }
        }
    }
}
