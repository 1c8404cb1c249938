//! How many instances `count` and `for_each` make, and what each of them sees.

use super::body::{Body, Written};
use super::names::Names;
use super::value::{Kind, Number, Value};
use super::scope::Scope;
use maremma_model::{Existence, GapKind, Why};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// Instances of one block.
const MAX_INSTANCES: usize = 50_000;

/// What an instance sees of itself.
#[derive(Default)]
pub(super) struct Each {
    pub(super) index: Option<Value>,
    pub(super) key: Option<Value>,
    pub(super) value: Option<Value>,
}

/// How an instance is told from its siblings.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SlotKey {
    Single,
    Number(usize),
    Text(Arc<str>),
    /// One or many, whose keys are not known.
    Open,
}

pub(super) struct Slot {
    pub(super) key: SlotKey,
    pub(super) each: Rc<Each>,
    pub(super) exists: Existence,
}

/// The instances of a block.
pub(super) struct Slots {
    pub(super) by: By,
    pub(super) slots: Vec<Slot>,
    /// Which of them exist in which world, where the configuration does not decide that.
    pub(super) worlds: Vec<World>,
}

/// What makes the instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    Nothing,
    Count,
    ForEach,
}

pub(super) struct World {
    pub(super) when: Arc<str>,
    pub(super) keys: Vec<SlotKey>,
}

impl SlotKey {
    /// As it stands at the end of an address.
    pub(super) fn suffix(&self) -> String {
        match self {
            SlotKey::Single => String::new(),
            SlotKey::Number(at) => format!("[{at}]"),
            SlotKey::Text(key) => format!("[\"{}\"]", key.replace('\\', "\\\\").replace('"', "\\\"")),
            SlotKey::Open => "[?]".to_owned(),
        }
    }

    /// What an index means; `None` where it is not known.
    pub(super) fn of(index: &Value) -> Option<SlotKey> {
        match &index.kind {
            Kind::Number(number) => number.0.parse().ok().map(SlotKey::Number),
            // Terraform takes a string for a number where a number is expected, and the other way round.
            Kind::Text(text) => Some(SlotKey::Text(text.to_string().into())),
            _ => None,
        }
    }
}

impl Slots {
    pub(super) fn is_open(&self) -> bool {
        self.slots.iter().any(|slot| slot.key == SlotKey::Open)
    }

    /// The row of the instance that an index asks for. Where the keys are not known, it is the one that stands
    /// for all of them.
    pub(super) fn row(&self, index: &Value) -> Option<usize> {
        let Some(key) = SlotKey::of(index) else {
            // One that is not known is one of those that are not known.
            let open = self.slots.iter().position(|slot| slot.key == SlotKey::Open);
            return open.filter(|_| self.slots.len() == 1);
        };
        let key = match (key, self.by) {
            (SlotKey::Text(text), By::Count) => SlotKey::Number(text.parse().ok()?),
            (SlotKey::Number(number), By::ForEach) => SlotKey::Text(number.to_string().into()),
            (key, _) => key,
        };
        // Those of a long list are in order.
        let direct = match &key {
            SlotKey::Number(at) => self.slots.get(*at).filter(|slot| slot.key == key).map(|_| *at),
            _ => self.slots.binary_search_by(|slot| slot.key.cmp(&key)).ok(),
        };
        let direct = direct.filter(|at| {
            let slot = self.slots.get(*at);
            slot.is_some_and(|slot| !matches!(slot.exists, Existence::OffByDefault(_)))
        });
        let open = || self.slots.last().filter(|slot| slot.key == SlotKey::Open).map(|_| self.slots.len() - 1);
        direct.or_else(open)
    }

    /// The instance that is switched off by defaults, as one that is switched off with it sees it.
    pub(super) fn off(&self) -> Option<usize> {
        let off = |slot: &Slot| matches!(slot.exists, Existence::OffByDefault(_));
        self.slots.iter().position(off)
    }

    fn of(by: By) -> Slots {
        Slots {
            by,
            slots: Vec::new(),
            worlds: Vec::new(),
        }
    }

    fn single() -> Slots {
        Slots {
            slots: vec![Slot {
                key: SlotKey::Single,
                each: Rc::default(),
                exists: Existence::Always,
            }],
            ..Slots::of(By::Nothing)
        }
    }
}

/// The instances of a block, by its `count` or `for_each`; of `room` at most.
pub(super) fn slots(body: &Body, names: &Names<'_, '_>, room: usize) -> Slots {
    let most = room.min(MAX_INSTANCES);
    if let Some(written) = body.value("count") {
        return count(written, names, most);
    }
    match body.value("for_each") {
        Some(written) => for_each(written, names, most),
        None => Slots::single(),
    }
}

/// How many instances a number makes; `None` where that is not known.
fn number(value: &Value) -> Option<usize> {
    match &value.kind {
        Kind::Number(number) => number.0.parse().ok(),
        Kind::Text(text) => text.as_literal()?.parse().ok(),
        _ => None,
    }
}

fn count(written: &Written, names: &Names<'_, '_>, most: usize) -> Slots {
    let value = names.evaluate(written);
    let mut worlds: Vec<(Arc<str>, Option<usize>)> = match &value.kind {
        Kind::Choice(branches) => {
            let worlds = branches.iter().map(|branch| (branch.when.clone(), number(&branch.value)));
            worlds.collect()
        }
        Kind::Unknown(_) => vec![("".into(), None)],
        Kind::Text(text) if text.as_literal().is_none() => vec![("".into(), None)],
        _ => match number(&value) {
            Some(0) => return off(written, names),
            Some(count) => vec![("".into(), Some(count))],
            None => {
                names.problem("count: expected a number".to_owned(), written.at);
                vec![("".into(), None)]
            }
        },
    };
    for (_, count) in &mut worlds {
        if count.is_some_and(|count| count > most) {
            too_many(most, written, names);
            *count = Some(most);
        }
    }
    let all = worlds.iter().filter_map(|(_, count)| *count).max().unwrap_or(0);
    let mut made = Slots::of(By::Count);
    for at in 0..all {
        if !names.world.spend(1) {
            break;
        }
        let index = Value::new(Kind::Number(Number(at.to_string().into())), written.at);
        made.slots.push(Slot {
            key: SlotKey::Number(at),
            each: Rc::new(Each {
                index: Some(index),
                ..Each::default()
            }),
            exists: existence(&worlds, |count| count.is_some_and(|count| count > at)),
        });
    }
    if worlds.iter().any(|(_, count)| count.is_none()) {
        let why = value_why(&value);
        made.slots.push(Slot {
            key: SlotKey::Open,
            each: Rc::new(Each {
                index: Some(Value::unknown(why, written.at)),
                ..Each::default()
            }),
            exists: open(&worlds, Option::is_none, names, &format!("{} > 0", names.words(written))),
        });
    }
    if worlds.len() > 1 {
        made.worlds = worlds.into_iter().map(|(when, count)| World {
            when,
            keys: count.map_or_else(|| vec![SlotKey::Open], |count| (0..count).map(SlotKey::Number).collect()),
        }).collect();
    }
    made
}

/// No instance: by what the configuration says, or only by what variables are by default.
fn off(written: &Written, names: &Names<'_, '_>) -> Slots {
    let mut made = Slots::of(By::Count);
    if names.undecided {
        return made;
    }
    let value = names.without_defaults().evaluate(written);
    let words: Option<Arc<str>> = match &value.kind {
        Kind::Choice(branches) => {
            let on = branches.iter().find(|branch| number(&branch.value) != Some(0));
            on.map(|branch| branch.when.clone())
        }
        Kind::Unknown(_) => Some(names.condition(&format!("{} > 0", names.words(written)))),
        _ => None,
    };
    if let Some(words) = words {
        let index = Value::new(Kind::Number(Number("0".into())), written.at);
        made.slots.push(Slot {
            key: SlotKey::Number(0),
            each: Rc::new(Each {
                index: Some(index),
                ..Each::default()
            }),
            exists: Existence::OffByDefault(words),
        });
    }
    made
}

/// The entries that a value makes instances of; `None` where they are not known.
type Entries = Option<Vec<(Arc<str>, Value, Value)>>;

fn too_many(most: usize, written: &Written, names: &Names<'_, '_>) {
    // Where there is no room at all, that has been told.
    if most > 0 {
        let reason = format!("more than {most} instances: those after them are not read");
        names.world.gap(GapKind::Bounds, reason, written.at);
    }
}

fn for_each(written: &Written, names: &Names<'_, '_>, most: usize) -> Slots {
    let value = names.evaluate(written);
    let worlds: Vec<(Arc<str>, Entries)> = match &value.kind {
        Kind::Choice(branches) => {
            let worlds = branches.iter().map(|branch| (branch.when.clone(), entries(&branch.value, written, names)));
            worlds.collect()
        }
        _ => vec![("".into(), entries(&value, written, names))],
    };
    let mut all: BTreeMap<Arc<str>, Vec<(Arc<str>, Value, Value)>> = BTreeMap::new();
    for (when, entries) in &worlds {
        if entries.as_ref().is_some_and(|entries| entries.len() > most) {
            too_many(most, written, names);
        }
        for (key, shown, value) in entries.iter().flatten().take(most) {
            if !names.world.spend(1) {
                break;
            }
            let same = all.entry(key.clone()).or_default();
            same.push((when.clone(), shown.clone(), value.clone()));
        }
    }
    let mut made = Slots::of(By::ForEach);
    for (key, same) in all {
        let whens: Vec<(Arc<str>, bool)> = worlds
            .iter()
            .map(|(when, _)| (when.clone(), same.iter().any(|(own, ..)| own == when)))
            .collect();
        made.slots.push(Slot {
            exists: existence(&whens, |exists| *exists),
            each: Rc::new(of_worlds(same)),
            key: SlotKey::Text(key),
        });
    }
    if worlds.iter().any(|(_, entries)| entries.is_none()) {
        let why = value_why(&value);
        let words = format!("{} is not empty", names.words(written));
        made.slots.push(Slot {
            key: SlotKey::Open,
            each: Rc::new(Each {
                key: Some(Value::unknown(why.clone(), written.at)),
                value: Some(Value::unknown(why, written.at)),
                ..Each::default()
            }),
            exists: open(&worlds, Option::is_none, names, &words),
        });
    }
    if worlds.len() > 1 {
        let keys = |entries: Entries| match entries {
            Some(entries) => entries.into_iter().map(|(key, ..)| SlotKey::Text(key)).collect(),
            None => vec![SlotKey::Open],
        };
        made.worlds = worlds.into_iter().map(|(when, entries)| World { when, keys: keys(entries) }).collect();
    }
    made
}

/// An instance that exists in several worlds has a value in each.
fn of_worlds(mut same: Vec<(Arc<str>, Value, Value)>) -> Each {
    let first = same.first().cloned();
    let key = first.as_ref().map(|(_, key, _)| key.clone());
    let equal = same.windows(2).all(|pair| matches!(pair, [a, b] if a.2.kind == b.2.kind));
    let value = if equal {
        same.pop().map(|(_, _, value)| value)
    } else {
        first.map(|(_, _, first)| {
            let branches = same.into_iter().map(|(when, _, value)| super::value::Branch { when, value });
            Value::new(Kind::Choice(Rc::new(branches.collect())), first.at)
        })
    };
    Each {
        index: None,
        key,
        value,
    }
}

fn entries(value: &Value, written: &Written, names: &Names<'_, '_>) -> Entries {
    match &value.kind {
        Kind::Map(map) => {
            let entries = map.iter().map(|(key, value)| {
                let shown = Value::text(key.clone(), value.at);
                (key.clone(), shown, value.clone())
            });
            Some(entries.collect())
        }
        // A set: what it holds is key and value. A key of which a part is not known is told by that.
        Kind::List(items) => items
            .iter()
            .map(|item| match &item.kind {
                Kind::Text(text) => Some((text.to_string().into(), item.clone(), item.clone())),
                _ => None,
            })
            .collect(),
        Kind::Unknown(_) | Kind::Object(_) => None,
        Kind::Text(text) if text.as_literal().is_none() => None,
        _ => {
            names.problem("for_each: expected a map, or a set of strings".to_owned(), written.at);
            None
        }
    }
}

/// Whether an instance exists, by the worlds in which it does.
fn existence<T>(worlds: &[(Arc<str>, T)], exists: impl Fn(&T) -> bool) -> Existence {
    let whens: Vec<&str> = worlds.iter().filter(|(_, world)| exists(world)).map(|(when, _)| &**when).collect();
    if whens.len() == worlds.len() {
        return Existence::Always;
    }
    Existence::When(whens.join(" or ").into())
}

/// When there are instances whose keys are not known.
fn open<T>(
    worlds: &[(Arc<str>, T)],
    is_open: impl Fn(&T) -> bool,
    names: &Names<'_, '_>,
    words: &str,
) -> Existence {
    match existence(worlds, is_open) {
        Existence::When(when) => Existence::When(when),
        _ => Existence::When(names.condition(words)),
    }
}

fn value_why(value: &Value) -> Why {
    match &value.kind {
        Kind::Unknown(why) => why.clone(),
        Kind::Text(text) => text.why().cloned().unwrap_or(Why::NotKept),
        Kind::Choice(branches) => branches
            .iter()
            .find_map(|branch| match &branch.value.kind {
                Kind::Unknown(why) => Some(why.clone()),
                _ => None,
            })
            .unwrap_or(Why::NotKept),
        _ => Why::Unresolved("which instances there are is not known".into()),
    }
}
