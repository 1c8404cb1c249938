//! A root module while it is evaluated: what has been worked out, what it costs, and what is wrong.

use super::directory::Directory;
use super::expression;
use super::loaded::{Given, Loaded, Root};
use super::module::{Calls, Module};
use super::resource::{Expansion, Resident};
use super::value::{Kind, Value};
use crate::site::Deployment;
use maremma_model::{AnyId, Gap, GapKind, Location, Place};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

/// Work that one root may take, in expressions evaluated and values made.
const MAX_WORK: usize = 30_000_000;
/// What is wrong may be wrong everywhere.
const MAX_GAPS: usize = 2_000;
/// Values nested deeper are not kept: what reads them recurses.
const MAX_LEVELS: usize = 200;
/// The stack that the evaluation of a root gets, and how much of it references may take: one leads to another.
pub(super) const STACK: usize = 256 << 20;
const MAX_STACK: usize = STACK / 4 * 3;

/// Promises a resource of a type its row in the estate.
pub(crate) type Promise<'p> = &'p mut (dyn FnMut(&str) -> AnyId + Send);

/// What a name stands for; worked out once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) what: What,
    /// The number of the module or the resident.
    pub(super) of: usize,
    pub(super) row: usize,
    /// Where the defaults of the root's variables decide nothing.
    pub(super) undecided: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum What {
    Variable,
    Local,
    Output,
    Argument,
    Blocks,
    /// What a data source is asked, and what is read of it.
    Asked,
    Read,
    Resources,
    Data,
    Calls,
    Tags,
}

pub(super) struct Evaluation<'a> {
    pub(super) loaded: &'a Loaded,
    pub(super) deployment: &'a Deployment,
    pub(super) given: &'a [Given],
    root: &'a Root,
    within: &'a Path,
    pub(super) modules: RefCell<Vec<Rc<Module>>>,
    pub(super) residents: RefCell<Vec<Rc<Resident<'a>>>>,
    pub(super) by_address: RefCell<HashMap<Arc<str>, Rc<Resident<'a>>>>,
    /// `None` while it is being worked out.
    values: RefCell<HashMap<Key, Option<Value>>>,
    expansions: RefCell<HashMap<Key, Option<Rc<Expansion<'a>>>>>,
    calls: RefCell<HashMap<Key, Option<Rc<Calls>>>>,
    /// What is being worked out, each because of the one before.
    chain: RefCell<Vec<Key>>,
    /// How deep lists and maps are that are kept, by where they are kept.
    levels: RefCell<HashMap<usize, usize>>,
    /// The names of attributes that data sources were asked for, with their rows.
    asked: RefCell<HashMap<Box<str>, usize>>,
    promise: RefCell<Promise<'a>>,
    pub(super) gaps: RefCell<BTreeSet<Gap>>,
    spent: Cell<usize>,
    stack: usize,
}

impl<'a> Evaluation<'a> {
    pub(super) fn new(
        loaded: &'a Loaded,
        deployment: &'a Deployment,
        root: &'a Root,
        within: &'a Path,
        promise: Promise<'a>,
    ) -> Self {
        Evaluation {
            loaded,
            deployment,
            given: &root.given,
            root,
            within,
            modules: RefCell::default(),
            residents: RefCell::default(),
            by_address: RefCell::default(),
            values: RefCell::default(),
            expansions: RefCell::default(),
            calls: RefCell::default(),
            chain: RefCell::default(),
            levels: RefCell::default(),
            asked: RefCell::default(),
            promise: RefCell::new(promise),
            gaps: RefCell::default(),
            spent: Cell::new(0),
            stack: here(),
        }
    }

    /// The directory of the root module.
    pub(super) fn root_directory(&self) -> Option<&'a Directory> {
        let called = self.loaded.called.get(self.root.called)?;
        self.loaded.directories.get(called.directory)
    }

    /// The directory that nothing outside of is read.
    pub(super) fn within_directory(&self) -> &'a Path {
        self.within
    }

    /// What is wrong, where all has been asked.
    pub(super) fn into_gaps(self) -> Vec<Gap> {
        let mut gaps = self.gaps.take();
        if !self.within() {
            let at = self
                .root_directory()
                .and_then(|directory| self.loaded.sources.get(directory.sources.start));
            let at = at.map(|source| Location::File(source.start()));
            gaps.insert(Gap {
                kind: GapKind::Bounds,
                reason: "the configuration takes more work to evaluate than is given to it: a part of it is not known"
                    .into(),
                at,
                affects: Vec::new(),
            });
        }
        gaps.into_iter().collect()
    }

    pub(super) fn promise(&self, ty: &str) -> AnyId {
        (self.promise.borrow_mut())(ty)
    }

    pub(super) fn gap(&self, kind: GapKind, reason: impl Into<Arc<str>>, at: Place) {
        let mut gaps = self.gaps.borrow_mut();
        if gaps.len() < MAX_GAPS {
            gaps.insert(Gap {
                kind,
                reason: reason.into(),
                at: Some(Location::File(at)),
                affects: Vec::new(),
            });
        }
    }

    /// Tells of a bound of the whole root where it is first met.
    pub(super) fn gap_once(&self, kind: GapKind, reason: String, at: Place) {
        let told = self.gaps.borrow().iter().any(|gap| *gap.reason == *reason);
        if !told {
            self.gap(kind, reason, at);
        }
    }

    /// Counts work; false where there has been enough of it.
    pub(super) fn spend(&self, amount: usize) -> bool {
        self.spent.set(self.spent.get().saturating_add(amount));
        self.within()
    }

    pub(super) fn within(&self) -> bool {
        self.spent.get() <= MAX_WORK
    }

    /// The value of a name, made when it is first asked for.
    pub(super) fn value(&self, key: Key, at: Place, make: impl FnOnce() -> Value) -> Value {
        let known = self.values.borrow().get(&key).cloned();
        match known {
            Some(Some(value)) => return value,
            Some(None) => return Value::unresolved(self.cycle(key, at), at),
            None => {}
        }
        if !self.within() || !self.room(at) {
            return Value::unresolved("evaluating this takes more than is given to it", at);
        }
        self.values.borrow_mut().insert(key, None);
        self.chain.borrow_mut().push(key);
        let mut value = expression::anew(make);
        self.chain.borrow_mut().pop();
        if self.depth(&value) > MAX_LEVELS {
            let reason = format!("a value nested deeper than {MAX_LEVELS} levels: it is not known");
            self.gap(GapKind::Bounds, reason.clone(), at);
            value = Value::unresolved(reason, at);
        }
        self.values.borrow_mut().insert(key, Some(value.clone()));
        value
    }

    /// The row of an attribute's name.
    pub(super) fn name(&self, name: &str) -> usize {
        let mut asked = self.asked.borrow_mut();
        if let Some(row) = asked.get(name) {
            return *row;
        }
        let row = asked.len();
        asked.insert(name.into(), row);
        row
    }

    /// The instances of a resource; `None` where they depend on themselves.
    pub(super) fn expansion(
        &self,
        key: Key,
        at: Place,
        make: impl FnOnce() -> Expansion<'a>,
    ) -> Option<Rc<Expansion<'a>>> {
        self.once(&self.expansions, key, at, make)
    }

    /// The instances of a module; `None` where they depend on themselves.
    pub(super) fn calls(&self, key: Key, at: Place, make: impl FnOnce() -> Calls) -> Option<Rc<Calls>> {
        self.once(&self.calls, key, at, make)
    }

    fn once<T>(
        &self,
        memo: &RefCell<HashMap<Key, Option<Rc<T>>>>,
        key: Key,
        at: Place,
        make: impl FnOnce() -> T,
    ) -> Option<Rc<T>> {
        let known = memo.borrow().get(&key).cloned();
        match known {
            Some(Some(made)) => return Some(made),
            Some(None) => {
                self.cycle(key, at);
                return None;
            }
            None => {}
        }
        if !self.room(at) {
            return None;
        }
        memo.borrow_mut().insert(key, None);
        self.chain.borrow_mut().push(key);
        let made = Rc::new(expression::anew(make));
        self.chain.borrow_mut().pop();
        memo.borrow_mut().insert(key, Some(made.clone()));
        Some(made)
    }

    /// Whether the stack has room for what one more name leads to.
    fn room(&self, at: Place) -> bool {
        let within = self.stack.abs_diff(here()) < MAX_STACK;
        if !within {
            let reason = "references lead from one to the next more often than is followed: this is not known";
            self.gap(GapKind::Bounds, reason, at);
        }
        within
    }

    /// Tells of names that depend on themselves.
    fn cycle(&self, key: Key, at: Place) -> String {
        let chain = self.chain.borrow();
        let start = chain.iter().position(|known| *known == key).unwrap_or(0);
        let all: Vec<Key> = chain.iter().skip(start).chain([&key]).copied().collect();
        // The ends of a long one tell enough.
        const SHOWN: usize = 8;
        let mut shown: Vec<String> = all.iter().take(SHOWN).map(|key| self.describe(*key)).collect();
        if all.len() > SHOWN {
            shown.push("...".to_owned());
            shown.push(self.describe(key));
        }
        let reason = format!("depends on itself: {}", shown.join(" -> "));
        self.gap(GapKind::Unparsed, reason.clone(), at);
        reason
    }

    fn describe(&self, key: Key) -> String {
        if matches!(key.what, What::Argument | What::Blocks | What::Asked | What::Read) {
            let residents = self.residents.borrow();
            let Some(resident) = residents.get(key.of) else {
                return String::new();
            };
            let name = match key.what {
                What::Argument => resident.block.body.arguments.get(key.row).map(|one| &one.name),
                What::Blocks => resident.block.body.blocks.get(key.row).map(|one| &one.kind),
                _ => None,
            };
            return match name {
                Some(name) => format!("{}.{name}", resident.address),
                None => resident.address.to_string(),
            };
        }
        let modules = self.modules.borrow();
        let Some(module) = modules.get(key.of) else {
            return String::new();
        };
        let Some(directory) = self.loaded.directories.get(module.directory) else {
            return String::new();
        };
        let label = |blocks: &[super::body::Block]| blocks.get(key.row).map_or("", |block| block.label(0)).to_owned();
        let typed = |blocks: &[super::body::Block]| {
            let block = blocks.get(key.row);
            block.map_or(String::new(), |block| format!("{}.{}", block.label(0), block.label(1)))
        };
        let name = match key.what {
            What::Variable => format!("var.{}", label(&directory.variables.blocks)),
            What::Output => format!("output.{}", label(&directory.outputs.blocks)),
            What::Calls => format!("module.{}", label(&directory.calls.blocks)),
            What::Resources => typed(&directory.resources.blocks),
            What::Data => format!("data.{}", typed(&directory.data.blocks)),
            What::Local => {
                let local = directory.locals.get(key.row);
                format!("local.{}", local.map_or("", |local| &local.name))
            }
            _ => "provider.default_tags".to_owned(),
        };
        module.addressed(&name)
    }

    /// How deep a value is. What is kept stays where it is, so that it is looked at once.
    fn depth(&self, value: &Value) -> usize {
        match &value.kind {
            Kind::List(items) => self.deepest(Rc::as_ptr(items).addr(), &mut items.iter()),
            Kind::Map(entries) => self.deepest(Rc::as_ptr(entries).addr(), &mut entries.values()),
            Kind::Choice(branches) => {
                let mut values = branches.iter().map(|branch| &branch.value);
                self.deepest(Rc::as_ptr(branches).addr(), &mut values)
            }
            Kind::Json(inner) => 1 + self.depth(inner),
            _ => 0,
        }
    }

    fn deepest(&self, kept: usize, values: &mut dyn Iterator<Item = &Value>) -> usize {
        if let Some(known) = self.levels.borrow().get(&kept) {
            return *known;
        }
        let depth = 1 + values.map(|value| self.depth(value)).max().unwrap_or(0);
        self.levels.borrow_mut().insert(kept, depth);
        depth
    }
}

/// Where the stack is, about.
#[inline(never)]
fn here() -> usize {
    let mark = 0_u8;
    std::ptr::from_ref(&mark).addr()
}
