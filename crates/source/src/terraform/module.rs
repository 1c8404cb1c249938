//! Modules in their places: the root, and every instance of a call.

use super::body::Block;
use super::each::{By, Each, SlotKey, Slots, slots};
use super::evaluation::{Evaluation, Key, What};
use super::names::Names;
use super::value::{Branch, Kind, Value};
use maremma_model::{Existence, GapKind, Place};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// Instances of modules in one root.
const MAX_MODULES: usize = 20_000;

/// A module in its place.
pub(super) struct Module {
    pub(super) number: usize,
    pub(super) directory: usize,
    pub(super) called: usize,
    /// `module.api["x"]`; empty for the root.
    pub(super) address: Arc<str>,
    /// The module that calls this one, and the row of the call.
    pub(super) parent: Option<(Rc<Module>, usize)>,
    /// What the call sees of itself.
    pub(super) each: Rc<Each>,
    pub(super) exists: Existence,
}

/// The instances of a call; `modules` goes with the slots.
pub(super) struct Calls {
    pub(super) slots: Slots,
    pub(super) modules: Vec<Rc<Module>>,
    /// What is called is on disk.
    known: bool,
}

impl Module {
    /// What the module calls by a name, as Terraform addresses it.
    pub(super) fn addressed(&self, name: &str) -> String {
        if self.address.is_empty() {
            name.to_owned()
        } else {
            format!("{}.{name}", self.address)
        }
    }
}

/// Something that exists where both of two things do.
pub(super) fn both(outer: &Existence, inner: &Existence) -> Existence {
    match (outer, inner) {
        (Existence::Always, one) | (one, Existence::Always) => one.clone(),
        (Existence::OffByDefault(words), _) | (_, Existence::OffByDefault(words)) => {
            Existence::OffByDefault(words.clone())
        }
        (Existence::When(a), Existence::When(b)) if a == b => Existence::When(a.clone()),
        (Existence::When(a), Existence::When(b)) => Existence::When(format!("{a} and {b}").into()),
    }
}

impl<'a> Evaluation<'a> {
    pub(super) fn add_module(
        &self,
        called: usize,
        address: Arc<str>,
        parent: Option<(Rc<Module>, usize)>,
        each: Rc<Each>,
        exists: Existence,
    ) -> Rc<Module> {
        let mut modules = self.modules.borrow_mut();
        let directory = self.loaded.called.get(called).map_or(0, |called| called.directory);
        let module = Rc::new(Module {
            number: modules.len(),
            directory,
            called,
            address,
            parent,
            each,
            exists,
        });
        modules.push(module.clone());
        module
    }

    /// The block of a module's call.
    pub(super) fn call(&self, module: &Module, row: usize) -> Option<&'a Block> {
        self.directory(module)?.calls.blocks.get(row)
    }

    /// The instances of a call.
    pub(super) fn called(&self, module: &Rc<Module>, row: usize, at: Place) -> Option<Rc<Calls>> {
        let key = Key {
            what: What::Calls,
            of: module.number,
            row,
            undecided: false,
        };
        let block = self.call(module, row)?;
        self.calls(key, at, || {
            let called = self.loaded.called.get(module.called);
            let inner = called.and_then(|called| called.calls.get(row).copied().flatten());
            let room = MAX_MODULES.saturating_sub(self.modules.borrow().len());
            let slots = slots(&block.body, &Names::of_module(self, module), room);
            if room == 0 {
                let reason = format!("more than {MAX_MODULES} instances of modules: those after them are not read");
                self.gap_once(GapKind::Bounds, reason, block.at);
            }
            let made = |inner: usize| {
                let made = slots.slots.iter().take(room).map(|slot| {
                    let name = format!("module.{}{}", block.label(0), slot.key.suffix());
                    let address = module.addressed(&name).into();
                    let exists = both(&module.exists, &slot.exists);
                    self.add_module(inner, address, Some((module.clone(), row)), slot.each.clone(), exists)
                });
                made.collect()
            };
            Calls {
                modules: inner.map_or_else(Vec::new, made),
                known: inner.is_some(),
                slots,
            }
        })
    }

    /// An output of an instance.
    pub(super) fn output(&self, module: &Rc<Module>, row: usize, at: Place) -> Value {
        let Some(block) = self
            .directory(module)
            .and_then(|directory| directory.outputs.blocks.get(row))
        else {
            return Value::new(Kind::Null, at);
        };
        let key = Key {
            what: What::Output,
            of: module.number,
            row,
            undecided: false,
        };
        self.value(key, at, || {
            let Some(written) = block.body.value("value") else {
                return Value::unresolved(format!("output {} has no value", block.label(0)), block.at);
            };
            let mut value = Names::of_module(self, module).evaluate(written);
            value.sensitive |= flag(block, "sensitive");
            value
        })
    }

    /// `module.api`, or what the first of the steps behind it lead to; with how many of them that took.
    pub(super) fn module_value(
        &self,
        names: &Names<'_, 'a>,
        steps: &[super::scope::Step],
        at: Place,
    ) -> (Value, usize) {
        use super::scope::Step;
        let [Step::Attribute(name), rest @ ..] = steps else {
            names.refuse("module: expected the name of a call behind it", at);
            return (Value::unresolved("modules as a whole", at), steps.len());
        };
        let row = self
            .directory(names.module)
            .and_then(|directory| directory.calls.row(name));
        let Some(row) = row else {
            let words = format!("module.{name} is not declared");
            names.refuse(&words, at);
            return (Value::unresolved(words, at), steps.len());
        };
        let Some(calls) = self.called(names.module, row, at) else {
            return (
                Value::unresolved(format!("module.{name} depends on itself"), at),
                steps.len(),
            );
        };
        if !calls.known {
            return (
                Value::unresolved(format!("module.{name} was not read"), at),
                steps.len(),
            );
        }
        // One output of one instance is asked for without looking at the others.
        match (calls.slots.by, rest) {
            (By::Nothing, [Step::Attribute(output), ..]) => {
                let value = calls
                    .modules
                    .first()
                    .map(|module| self.named_output(module, output, names, at));
                (value.unwrap_or_else(|| too_many(at)), 2)
            }
            (By::Count | By::ForEach, [index, Step::Attribute(output), ..]) => {
                let index = index_of(index, at);
                let off = || calls.slots.off().filter(|_| names.off);
                let row = calls.slots.row(&index).or_else(off);
                match row.and_then(|row| calls.modules.get(row)) {
                    Some(module) => (self.named_output(module, output, names, at), 3),
                    None => (self.all_instances(&calls, at), 1),
                }
            }
            _ => (self.all_instances(&calls, at), 1),
        }
    }

    fn named_output(&self, module: &Rc<Module>, name: &str, names: &Names<'_, 'a>, at: Place) -> Value {
        match self.directory(module).and_then(|directory| directory.outputs.row(name)) {
            Some(row) => referred(self.output(module, row, at), at),
            None => {
                let words = format!("{} has no output {name}", module.address);
                names.refuse(&words, at);
                Value::unresolved(words, at)
            }
        }
    }

    /// A call as a whole, as a list or map of what its instances give.
    fn all_instances(&self, calls: &Calls, at: Place) -> Value {
        let outputs = |row: usize| {
            let Some(module) = calls.modules.get(row) else {
                return too_many(at);
            };
            let blocks = self
                .directory(module)
                .map_or(&[][..], |directory| &directory.outputs.blocks[..]);
            let outputs = blocks
                .iter()
                .enumerate()
                .map(|(row, block)| (Arc::from(block.label(0)), self.output(module, row, at)));
            Value::new(Kind::Map(Rc::new(outputs.collect())), at)
        };
        whole(&calls.slots, &outputs, at)
    }
}

fn too_many(at: Place) -> Value {
    Value::unresolved("there are too many modules", at)
}

/// A step behind something of many instances, as the index that it is: `a.b` is `a["b"]`.
pub(super) fn index_of(step: &super::scope::Step, at: Place) -> Value {
    match step {
        super::scope::Step::Attribute(name) => Value::text(name.clone(), at),
        super::scope::Step::Index(index) => index.clone(),
    }
}

/// All instances of a block as one value.
pub(super) fn whole(slots: &Slots, instance: &dyn Fn(usize) -> Value, at: Place) -> Value {
    if !slots.worlds.is_empty() {
        let branches = slots.worlds.iter().map(|world| Branch {
            when: world.when.clone(),
            value: some(slots, &|key| world.keys.contains(key), instance, at),
        });
        return Value::new(Kind::Choice(Rc::new(branches.collect())), at);
    }
    some(slots, &|_| true, instance, at)
}

fn some(slots: &Slots, is_in: &dyn Fn(&SlotKey) -> bool, instance: &dyn Fn(usize) -> Value, at: Place) -> Value {
    let rows = || {
        let rows = slots.slots.iter().enumerate();
        rows.filter(|(_, slot)| is_in(&slot.key) && !matches!(slot.exists, Existence::OffByDefault(_)))
    };
    if rows().any(|(_, slot)| slot.key == SlotKey::Open) {
        return Value::unresolved("which instances there are is not known", at);
    }
    match slots.by {
        By::Nothing => instance(0),
        By::Count => Value::new(Kind::List(Rc::new(rows().map(|(row, _)| instance(row)).collect())), at),
        By::ForEach => {
            let entries: BTreeMap<Arc<str>, Value> = rows()
                .filter_map(|(row, slot)| match &slot.key {
                    SlotKey::Text(key) => Some((key.clone(), instance(row))),
                    _ => None,
                })
                .collect();
            Value::new(Kind::Map(Rc::new(entries)), at)
        }
    }
}

/// A value that comes by a reference: a scalar stands where it is referred to.
pub(super) fn referred(mut value: Value, at: Place) -> Value {
    if !matches!(
        value.kind,
        Kind::List(_) | Kind::Map(_) | Kind::Json(_) | Kind::Choice(_)
    ) {
        value.at = at;
    }
    value
}

pub(super) fn flag(block: &Block, name: &str) -> bool {
    block
        .body
        .value(name)
        .and_then(super::body::Written::flag)
        .unwrap_or(false)
}
