//! How many instances `count` and `for_each` make, and what each of them sees.

use super::body::{Body, Written};
use super::names::Names;
use super::scope::Scope;
use super::value::{Branch, Kind, Number, Value};
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
        let open = || {
            self.slots
                .last()
                .filter(|slot| slot.key == SlotKey::Open)
                .map(|_| self.slots.len() - 1)
        };
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
    let (by, written) = match (body.value("count"), body.value("for_each")) {
        (Some(written), _) => (By::Count, written),
        (None, Some(written)) => (By::ForEach, written),
        (None, None) => return Slots::single(),
    };
    let value = names.evaluate(written);
    if by == By::Count && number(&value) == Some(0) {
        return off(written, names);
    }
    let block = Counted {
        by,
        written,
        names,
        most: room.min(MAX_INSTANCES),
    };
    block.slots(&value)
}

/// How many instances a number makes; `None` where that is not known.
fn number(value: &Value) -> Option<usize> {
    match &value.kind {
        Kind::Number(number) => number.0.parse().ok(),
        Kind::Text(text) => text.as_literal()?.parse().ok(),
        _ => None,
    }
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
        made.slots.push(Slot {
            key: SlotKey::Number(0),
            each: Rc::new(Each::numbered(0, written)),
            exists: Existence::OffByDefault(words),
        });
    }
    made
}

impl Each {
    fn numbered(at: usize, written: &Written) -> Each {
        let number = Number(at.to_string().into());
        Each {
            index: Some(Value::new(Kind::Number(number), written.at)),
            ..Each::default()
        }
    }
}

/// The instances that a value makes in one world, by their keys; `None` where they are not known.
type Made = Option<Vec<(SlotKey, Each)>>;

/// A block with a `count` or a `for_each`.
struct Counted<'s, 'a> {
    by: By,
    written: &'s Written,
    names: &'s Names<'s, 'a>,
    most: usize,
}

impl Counted<'_, '_> {
    fn slots(&self, value: &Value) -> Slots {
        let (whens, worlds): (Vec<Arc<str>>, Vec<Made>) = match &value.kind {
            Kind::Choice(branches) => branches
                .iter()
                .map(|branch| (branch.when.clone(), self.made(&branch.value)))
                .unzip(),
            _ => (vec!["".into()], vec![self.made(value)]),
        };
        let mut made = Slots::of(self.by);
        if worlds.len() > 1 {
            let keys = |world: &Made| match world {
                Some(made) => made.iter().map(|(key, _)| key.clone()).collect(),
                None => vec![SlotKey::Open],
            };
            let worlds = whens.iter().zip(&worlds);
            made.worlds = worlds
                .map(|(when, world)| World {
                    when: when.clone(),
                    keys: keys(world),
                })
                .collect();
        }
        let open: Vec<bool> = worlds.iter().map(Option::is_none).collect();
        let mut by_key: BTreeMap<SlotKey, Vec<(usize, Each)>> = BTreeMap::new();
        for (world, instances) in worlds.into_iter().enumerate() {
            for (key, each) in instances.into_iter().flatten() {
                by_key.entry(key).or_default().push((world, each));
            }
        }
        for (key, same) in by_key {
            let within: Vec<bool> = (0..whens.len())
                .map(|world| same.iter().any(|(own, _)| *own == world))
                .collect();
            made.slots.push(Slot {
                key,
                each: Rc::new(of_worlds(same, &whens)),
                exists: existence(&whens, &within),
            });
        }
        if open.contains(&true) {
            made.slots.push(self.open(value, existence(&whens, &open)));
        }
        made
    }

    /// What stands for the instances whose keys are not known.
    fn open(&self, value: &Value, exists: Existence) -> Slot {
        let (by_count, at) = (self.by == By::Count, self.written.at);
        let words = self.names.words(self.written);
        let words = if by_count {
            format!("{words} > 0")
        } else {
            format!("{words} is not empty")
        };
        let unknown = || Some(Value::unknown(why(value), at));
        Slot {
            key: SlotKey::Open,
            each: Rc::new(Each {
                index: unknown().filter(|_| by_count),
                key: unknown().filter(|_| !by_count),
                value: unknown().filter(|_| !by_count),
            }),
            exists: match exists {
                Existence::When(when) => Existence::When(when),
                _ => Existence::When(self.names.condition(&words)),
            },
        }
    }

    fn made(&self, value: &Value) -> Made {
        match &value.kind {
            Kind::Unknown(_) | Kind::Object(_) => return None,
            Kind::Text(text) if text.as_literal().is_none() => return None,
            _ => {}
        }
        let Some(count) = self.count(value) else {
            let expected = if self.by == By::Count {
                "count: expected a number"
            } else {
                "for_each: expected a map, or a set of strings"
            };
            self.names.problem(expected.to_owned(), self.written.at);
            return None;
        };
        if count > self.most && self.most > 0 {
            let reason = format!("more than {} instances: those after them are not read", self.most);
            self.names.world.gap(GapKind::Bounds, reason, self.written.at);
        }
        let count = count.min(self.most);
        if !self.names.spend(count) {
            return None;
        }
        match &value.kind {
            Kind::Map(map) => Some(map.iter().take(count).map(keyed).collect()),
            // A set: what it holds is key and value.
            Kind::List(items) => items.iter().take(count).map(of_set).collect(),
            _ => {
                let numbered = |at| (SlotKey::Number(at), Each::numbered(at, self.written));
                Some((0..count).map(numbered).collect())
            }
        }
    }

    /// How many instances a value makes; `None` where it cannot make any.
    fn count(&self, value: &Value) -> Option<usize> {
        match (self.by, &value.kind) {
            (By::ForEach, Kind::Map(map)) => Some(map.len()),
            (By::ForEach, Kind::List(items)) => Some(items.len()),
            (By::Count, _) => number(value),
            _ => None,
        }
    }
}

fn keyed((key, value): (&Arc<str>, &Value)) -> (SlotKey, Each) {
    let each = Each {
        index: None,
        key: Some(Value::text(key.clone(), value.at)),
        value: Some(value.clone()),
    };
    (SlotKey::Text(key.clone()), each)
}

/// A key of which a part is not known is told by that; `None` where all of it is not.
fn of_set(item: &Value) -> Option<(SlotKey, Each)> {
    let Kind::Text(text) = &item.kind else { return None };
    let each = Each {
        index: None,
        key: Some(item.clone()),
        value: Some(item.clone()),
    };
    Some((SlotKey::Text(text.to_string().into()), each))
}

/// What an instance that exists in several worlds sees: a value in each.
fn of_worlds(mut same: Vec<(usize, Each)>, whens: &[Arc<str>]) -> Each {
    let value = |each: &Each| each.value.as_ref().map(|value| value.kind.clone());
    let equal = same
        .windows(2)
        .all(|pair| matches!(pair, [(_, a), (_, b)] if value(a) == value(b)));
    let branches: Vec<Branch> = same
        .iter()
        .filter_map(|(world, each)| {
            Some(Branch {
                when: whens.get(*world)?.clone(),
                value: each.value.clone()?,
            })
        })
        .collect();
    let mut each = same.pop().map(|(_, each)| each).unwrap_or_default();
    if !equal && let Some(value) = &mut each.value {
        *value = Value::new(Kind::Choice(Rc::new(branches)), value.at);
    }
    each
}

/// Whether an instance exists, by the worlds in which it does.
fn existence(whens: &[Arc<str>], within: &[bool]) -> Existence {
    if within.iter().all(|within| *within) {
        return Existence::Always;
    }
    let whens = whens.iter().zip(within).filter(|(_, within)| **within);
    let whens: Vec<&str> = whens.map(|(when, _)| &**when).collect();
    Existence::When(whens.join(" or ").into())
}

fn why(value: &Value) -> Why {
    match &value.kind {
        Kind::Unknown(why) => why.clone(),
        Kind::Text(text) => text.why().cloned().unwrap_or(Why::NotKept),
        Kind::Choice(branches) => {
            let open = branches
                .iter()
                .find(|branch| matches!(branch.value.kind, Kind::Unknown(_)));
            open.map_or_else(unknown_instances, |branch| why(&branch.value))
        }
        _ => unknown_instances(),
    }
}

fn unknown_instances() -> Why {
    Why::Unresolved("which instances there are is not known".into())
}
