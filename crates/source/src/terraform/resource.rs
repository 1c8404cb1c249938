//! Resources and data sources: their instances, and what others may ask of them.

use super::block;
use super::body::Block;
use super::data::{self, Query, Target};
use super::directory::{Declared, Directory};
use super::each::{By, Each, Slots, slots};
use super::evaluation::{Evaluation, Key, What};
use super::module::{Module, both, index_of, referred, whole};
use super::names::Names;
use super::scope::Step;
use super::value::{Kind, Reference, Value};
use maremma_model::{AnyId, Attribute, Existence, GapKind, Hole, Piece, Place, Text, Why};
use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::Arc;

/// Instances of resources and data sources in one root.
const MAX_RESIDENTS: usize = 200_000;

/// An instance of a resource or data source.
pub(super) struct Resident<'a> {
    pub(super) number: usize,
    /// Its row in the estate; a data source has none.
    pub(super) id: Option<AnyId>,
    pub(super) ty: Arc<str>,
    pub(super) address: Arc<str>,
    pub(super) module: Rc<Module>,
    pub(super) block: &'a Block,
    pub(super) each: Rc<Each>,
    pub(super) exists: Existence,
    /// It has siblings.
    among: bool,
}

/// The instances of a resource or data source; `residents` goes with the slots.
pub(super) struct Expansion<'a> {
    pub(super) slots: Slots,
    pub(super) residents: Vec<Rc<Resident<'a>>>,
    whole: OnceCell<Value>,
}

/// Arguments that are Terraform's own, in every resource.
const OWN_ARGUMENTS: [&str; 4] = ["count", "for_each", "provider", "depends_on"];
/// Blocks that are Terraform's own, or say nothing of what is made.
const OWN_BLOCKS: [&str; 4] = ["lifecycle", "provisioner", "connection", "timeouts"];

/// The name of an attribute as the estate knows it. Where it is another one than Terraform's, the
/// translation of the type says so.
fn attribute_name(_ty: &str, name: &str) -> Arc<str> {
    name.into()
}

pub(super) fn is_own_argument(name: &str) -> bool {
    OWN_ARGUMENTS.contains(&name)
}

pub(super) fn is_own_block(kind: &str) -> bool {
    OWN_BLOCKS.contains(&kind)
}

impl<'a> Resident<'a> {
    pub(super) fn names<'s>(&'s self, world: &'s Evaluation<'a>) -> Names<'s, 'a> {
        Names {
            each: &self.each,
            instance: if self.among { &self.address } else { "" },
            off: matches!(self.exists, Existence::OffByDefault(_)),
            ..Names::of_module(world, &self.module)
        }
    }

    pub(super) fn key(&self, what: What, row: usize) -> Key {
        Key {
            what,
            of: self.number,
            row,
            undecided: false,
        }
    }

    /// The resource as a whole.
    fn object(&self, at: Place) -> Value {
        let reference = Reference {
            of: self.id,
            address: self.address.clone(),
            path: "".into(),
        };
        Value::new(Kind::Object(reference), at)
    }

    /// A text that only the provider decides, and that still names the resource.
    fn hole(&self, path: &str, why: Option<Why>, at: Place) -> Value {
        let stands_for = self.id.map(|of| Attribute {
            of,
            name: attribute_name(&self.ty, path),
        });
        let why = why.unwrap_or_else(|| Why::Attribute(format!("{}.{path}", self.address).into()));
        let text = Text::from_pieces([Piece::Hole(Hole { why, stands_for })]);
        Value::new(Kind::Text(text), at)
    }
}

impl<'a> Evaluation<'a> {
    pub(super) fn directory(&self, module: &Module) -> Option<&'a Directory> {
        self.loaded.directories.get(module.directory)
    }

    /// Whether a name is that of a type: those of resources have an underscore, or are declared here.
    pub(super) fn is_resource(&self, module: &Module, name: &str) -> bool {
        name.contains('_')
            || self
                .directory(module)
                .is_some_and(|directory| directory.resources.has_type(name))
    }

    /// The instances of a resource or, with [`What::Data`], of a data source.
    pub(super) fn instances(
        &self,
        module: &Rc<Module>,
        what: What,
        row: usize,
        at: Place,
    ) -> Option<Rc<Expansion<'a>>> {
        let key = Key {
            what,
            of: module.number,
            row,
            undecided: false,
        };
        let directory = self.directory(module)?;
        let block = declared(directory, what).blocks.get(row)?;
        self.expansion(key, at, || {
            let room = MAX_RESIDENTS.saturating_sub(self.residents.borrow().len());
            let slots = slots(&block.body, &Names::of_module(self, module), room);
            if room == 0 {
                let reason = format!("more than {MAX_RESIDENTS} instances in all: those after them are not read");
                self.gap_once(GapKind::Bounds, reason, block.at);
            }
            let residents = slots.slots.iter().take(room).map(|slot| {
                let suffix = slot.key.suffix();
                self.resident(
                    module,
                    what,
                    block,
                    &suffix,
                    &slot.each,
                    both(&module.exists, &slot.exists),
                )
            });
            let residents = residents.collect();
            Expansion {
                slots,
                residents,
                whole: OnceCell::new(),
            }
        })
    }

    fn resident(
        &self,
        module: &Rc<Module>,
        what: What,
        block: &'a Block,
        suffix: &str,
        each: &Rc<Each>,
        exists: Existence,
    ) -> Rc<Resident<'a>> {
        let ty: Arc<str> = block.label(0).into();
        let data = what == What::Data;
        let kind = if data { "data." } else { "" };
        let address: Arc<str> = module
            .addressed(&format!("{kind}{ty}.{}{suffix}", block.label(1)))
            .into();
        let mut residents = self.residents.borrow_mut();
        let resident = Rc::new(Resident {
            number: residents.len(),
            id: (!data).then(|| self.promise(&ty)),
            ty,
            address: address.clone(),
            module: module.clone(),
            block,
            each: each.clone(),
            exists,
            among: !suffix.is_empty(),
        });
        residents.push(resident.clone());
        self.by_address.borrow_mut().insert(address, resident.clone());
        resident
    }

    /// `aws_s3_bucket.a`, or what the first of the steps behind it lead to; with how many of them that took.
    pub(super) fn resource_value(&self, names: &Names<'_, 'a>, ty: &str, steps: &[Step], at: Place) -> (Value, usize) {
        self.instance_value(names, What::Resources, ty, steps, at)
    }

    /// The same behind `data`.
    pub(super) fn data_value(&self, names: &Names<'_, 'a>, steps: &[Step], at: Place) -> (Value, usize) {
        let [Step::Attribute(ty), rest @ ..] = steps else {
            return (Value::unresolved("data: expected a type behind it", at), steps.len());
        };
        let (value, taken) = self.instance_value(names, What::Data, ty, rest, at);
        (value, taken + 1)
    }

    fn instance_value(&self, names: &Names<'_, 'a>, what: What, ty: &str, steps: &[Step], at: Place) -> (Value, usize) {
        let kind = if what == What::Data { "data." } else { "" };
        let [Step::Attribute(name), rest @ ..] = steps else {
            let words = format!("{kind}{ty}: expected the name of a resource behind it");
            names.refuse(&words, at);
            return (Value::unresolved(words, at), steps.len());
        };
        let row = self
            .directory(names.module)
            .and_then(|directory| declared(directory, what).row(ty, name));
        let Some(row) = row else {
            let words = format!("{kind}{ty}.{name} is not declared");
            names.refuse(&words, at);
            return (Value::unresolved(words, at), steps.len());
        };
        let Some(expansion) = self.instances(names.module, what, row, at) else {
            return (
                Value::unresolved(format!("{kind}{ty}.{name} depends on itself"), at),
                steps.len(),
            );
        };
        let (resident, rest, taken) = match (expansion.slots.by, rest) {
            (By::Nothing, rest) => (expansion.residents.first(), rest, 1),
            // In an undecided world the list is asked, which may be empty in it.
            (_, [index, rest @ ..]) if expansion.slots.worlds.is_empty() => {
                let off = || expansion.slots.off().filter(|_| names.off);
                let row = expansion.slots.row(&index_of(index, at)).or_else(off);
                (row.and_then(|row| expansion.residents.get(row)), rest, 2)
            }
            _ => (None, rest, 1),
        };
        let Some(resident) = resident else {
            return (expansion.value(at), 1);
        };
        match rest {
            [Step::Attribute(attribute), rest @ ..] => {
                let (value, further) = self.deep(resident, attribute, rest, at);
                (value, taken + 1 + further)
            }
            _ => (resident.object(at), taken),
        }
    }

    /// An attribute with the steps behind it: of a nested block, attributes that are not written are the
    /// provider's to decide.
    fn deep(&self, resident: &Resident<'a>, name: &str, rest: &[Step], at: Place) -> (Value, usize) {
        let value = self.attribute_of(resident, name, at);
        if let ([Step::Index(index), Step::Attribute(inner), ..], Kind::List(items)) = (rest, &value.kind)
            && let Kind::Number(number) = &index.kind
            && let Some(item) = number.0.parse().ok().and_then(|row: usize| items.get(row))
            && let Kind::Map(entries) = &item.kind
            && entries.get(inner).is_none_or(|value| value.kind == Kind::Null)
            && resident.block.body.argument(name).is_none()
        {
            let path = format!("{name}[{}].{inner}", number.0);
            return (resident.hole(&path, None, at), 2);
        }
        (value, 0)
    }

    /// One step into an object.
    pub(super) fn attribute(&self, names: &Names<'_, 'a>, of: &Reference, step: &Step, at: Place) -> Value {
        let resident = self.by_address.borrow().get(&of.address).cloned();
        match (step, resident) {
            (Step::Attribute(name), Some(resident)) => self.attribute_of(&resident, name, at),
            (Step::Index(index), Some(resident)) => match &index.kind {
                Kind::Text(text) if text.as_literal().is_some() => {
                    self.attribute_of(&resident, text.as_literal().unwrap_or_default(), at)
                }
                // Something that exists once has no index.
                _ => {
                    let words = format!("{} is one, and has no index", of.address);
                    names.refuse(&words, at);
                    Value::unresolved(words, at)
                }
            },
            (_, None) => Value::unresolved(format!("{} is not declared", of.address), at),
        }
    }

    /// An attribute of an instance, as Terraform knows it before anything is made.
    pub(super) fn attribute_of(&self, resident: &Resident<'a>, name: &str, at: Place) -> Value {
        let body = &resident.block.body;
        if is_own_argument(name) {
            return Value::unresolved(format!("{}.{name} is no attribute", resident.address), at);
        }
        if resident.id.is_none() {
            return referred(self.read(resident, name), at);
        }
        let row = body.arguments.iter().position(|argument| &*argument.name == name);
        let written = match row {
            Some(row) => Some(self.argument(resident, row)),
            None => self.blocks(resident, name),
        };
        let Some(value) = written.filter(|value| value.kind != Kind::Null) else {
            return resident.hole(name, None, at);
        };
        let value = referred(value, at);
        // What is not known of it is decided where it is made: it stands for the attribute itself, unless it
        // passes on that of another.
        let why = match &value.kind {
            Kind::Unknown(why) => why.clone(),
            Kind::Text(text) if text.as_literal().is_none() && text.as_attribute().is_none() => {
                text.why().cloned().unwrap_or(Why::NotKept)
            }
            _ => return value,
        };
        Value {
            sensitive: value.sensitive,
            by: value.by.clone(),
            ..resident.hole(name, Some(why), at)
        }
    }

    /// An attribute of a data source.
    fn read(&self, resident: &Resident<'a>, name: &str) -> Value {
        let at = resident.block.at;
        let key = resident.key(What::Read, self.name(name));
        self.value(key, at, || {
            let names = resident.names(self);
            let key = resident.key(What::Asked, 0);
            let body = self.value(key, at, || block::asked(&names, &resident.block.body, at));
            let target = Target {
                account: self.deployment.account.as_deref().map(Arc::from),
                region: self
                    .region(resident)
                    .or_else(|| self.deployment.region.as_deref().map(Arc::from)),
            };
            let query = Query {
                kind: &resident.ty,
                body: &body,
                target: &target,
                scope: &names,
                at,
            };
            data::attribute(&query, name).unwrap_or_else(|| resident.hole(name, None, at))
        })
    }

    /// What is written for an argument.
    pub(super) fn argument(&self, resident: &Resident<'a>, row: usize) -> Value {
        let Some(argument) = resident.block.body.arguments.get(row) else {
            return Value::new(Kind::Null, resident.block.at);
        };
        let key = resident.key(What::Argument, row);
        self.value(key, argument.at, || resident.names(self).evaluate(&argument.value))
    }
}

impl Expansion<'_> {
    /// All instances as one value.
    fn value(&self, at: Place) -> Value {
        let made = self.whole.get_or_init(|| {
            let object = |row: usize| match self.residents.get(row) {
                Some(resident) => resident.object(at),
                None => Value::unresolved("there are too many instances", at),
            };
            whole(&self.slots, &object, at)
        });
        referred(made.clone(), at)
    }
}

fn declared(directory: &Directory, what: What) -> &Declared {
    if what == What::Data {
        &directory.data
    } else {
        &directory.resources
    }
}
