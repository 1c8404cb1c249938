//! Values of which the configuration leaves several open: what is made of them is made in every world.

use super::layer::Layer;
use super::{Kind, Scope, Value, enough};
use crate::terraform::value::Branch;
use maremma_model::{Place, Why};
use std::rc::Rc;
use std::sync::Arc;

/// Worlds that are told apart. Where there are more, nothing is known.
pub(super) const MAX_WORLDS: usize = 16;

const AND: &str = " and ";

/// The conditions that hold in a world.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct World(Vec<Arc<str>>);

impl World {
    /// This world where also `when` holds; `None` where it cannot.
    pub(super) fn and(&self, when: &str) -> Option<World> {
        let mut world = self.clone();
        for atom in when.split(AND) {
            let opposite = |held: &Arc<str>| is_not(held, atom) || is_not(atom, held);
            if world.0.iter().any(opposite) {
                return None;
            }
            if !world.0.iter().any(|held| **held == *atom) {
                world.0.push(atom.into());
            }
        }
        Some(world)
    }

    pub(super) fn when(&self) -> Arc<str> {
        match self.0.as_slice() {
            [only] => only.clone(),
            all => all.join(AND).into(),
        }
    }
}

/// The opposite of a condition, in words.
pub(super) fn not(words: &str) -> String {
    let simple = !words.contains([' ', '(']);
    match words.strip_prefix("not ") {
        Some(opposite) if !words.contains(AND) => opposite.to_owned(),
        _ if simple => format!("not {words}"),
        _ => format!("not ({words})"),
    }
}

fn is_not(one: &str, other: &str) -> bool {
    not(other) == one
}

/// The values that a value may be, with the world of each.
pub(super) fn branches(value: &Value) -> Vec<(Option<Arc<str>>, Value)> {
    match &value.kind {
        Kind::Choice(branches) => {
            let inherit = |branch: &Branch| (Some(branch.when.clone()), branch.value.clone().made_of(value));
            branches.iter().map(inherit).collect()
        }
        _ => vec![(None, value.clone())],
    }
}

/// What `make` makes of values in every world that they leave open. A world in which it is refused is
/// one that Terraform stops in: nothing is deployed in it, so that the others decide; where all are, that
/// is told.
pub(in crate::terraform) fn in_every(
    values: Vec<Value>,
    scope: &dyn Scope,
    at: Place,
    make: &mut dyn FnMut(Vec<Value>, &dyn Scope) -> Value,
) -> Value {
    if !values.iter().any(|value| matches!(value.kind, Kind::Choice(_))) {
        return make(values, scope);
    }
    let mut worlds = vec![(World::default(), Vec::with_capacity(values.len()))];
    for value in &values {
        if !scope.spend(worlds.len()) {
            return enough(at);
        }
        let Some(next) = split(worlds, &branches(value), |made, value| made.push(value.clone())) else {
            return too_many(value, at);
        };
        worlds = next;
    }
    let mut made = Vec::new();
    for (world, values) in worlds {
        let trial = Layer::trial(scope);
        let value = make(values, &trial);
        made.push((world, value, trial));
    }
    collapse(made, scope, at)
}

/// Every world once for each option that is possible in it; `None` where there are too many.
pub(super) fn split<T: Clone, O>(
    worlds: Vec<(World, T)>,
    options: &[(Option<Arc<str>>, O)],
    take: impl Fn(&mut T, &O),
) -> Option<Vec<(World, T)>> {
    let mut next = Vec::new();
    for (world, made) in worlds {
        for (when, option) in options {
            let world = match when {
                Some(when) => world.and(when),
                None => Some(world.clone()),
            };
            let Some(world) = world else { continue };
            if next.len() == MAX_WORLDS {
                return None;
            }
            let mut made = made.clone();
            take(&mut made, option);
            next.push((world, made));
        }
    }
    Some(next)
}

/// One value of those of all worlds.
pub(super) fn collapse(made: Vec<(World, Value, Layer<'_>)>, scope: &dyn Scope, at: Place) -> Value {
    let all = made.iter().all(|(_, _, trial)| trial.failure().is_some());
    let mut branches: Vec<(World, Value)> = Vec::new();
    for (index, (world, value, trial)) in made.into_iter().enumerate() {
        if !all && trial.failure().is_some() {
            scope.refused_in(&world.when());
            continue;
        }
        if all && index == 0 {
            trial
                .failures()
                .into_iter()
                .for_each(|(reason, at)| scope.problem(reason, at));
        }
        if !flatten(world, value, &mut branches) {
            return Value::unknown(Why::Condition("of several".into()), at);
        }
    }
    choice(branches, at)
}

/// The value of a world, or those that it leaves open itself; false where they are too many.
fn flatten(world: World, value: Value, into: &mut Vec<(World, Value)>) -> bool {
    let Kind::Choice(branches) = &value.kind else {
        into.push((world, value));
        return into.len() <= MAX_WORLDS;
    };
    branches.iter().all(|branch| match world.and(&branch.when) {
        Some(world) => flatten(world, branch.value.clone().made_of(&value), into),
        None => true,
    })
}

/// One value where all worlds agree, else a choice.
pub(super) fn choice(mut worlds: Vec<(World, Value)>, at: Place) -> Value {
    let agree = match worlds.split_first() {
        Some(((_, first), rest)) => rest.iter().all(|(_, value)| value == first),
        None => return Value::unresolved("no world in which this has a value", at),
    };
    if agree || worlds.len() == 1 {
        return worlds.swap_remove(0).1;
    }
    let sensitive = worlds.iter().any(|(_, value)| value.sensitive);
    let branch = |(world, value): (World, Value)| Branch {
        when: world.when(),
        value,
    };
    let branches = worlds.into_iter().map(branch).collect();
    let mut value = Value::new(Kind::Choice(Rc::new(branches)), at);
    value.sensitive = sensitive;
    value
}

fn too_many(value: &Value, at: Place) -> Value {
    let when = match &value.kind {
        Kind::Choice(branches) => branches.first().map(|branch| branch.when.clone()),
        _ => None,
    };
    Value::unknown(Why::Condition(when.unwrap_or_else(|| "of several".into())), at)
}

/// A choice whose branches are no choices themselves.
pub(super) fn flat(value: Value) -> Value {
    let mut worlds = Vec::new();
    match flatten(World::default(), value.clone(), &mut worlds) {
        true => choice(worlds, value.at),
        false => too_many(&value, value.at),
    }
}
