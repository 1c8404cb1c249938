//! Every stack of a run, in its place: what a reference can reach.

use super::condition::Truth;
use super::foreach;
use super::parameter::Declared;
use super::template;
use crate::site::{Deployment, Site};
use maremma_model::{AnyId, Document, Entry, Existence, Gap, GapKind, Location, Node, Place, UnitId};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;

/// The row of a stack in [`World::stacks`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct StackId(pub(crate) usize);

/// One template in its place: a root, or a nested stack under the resource that makes it.
pub(crate) struct Stack {
    pub(crate) unit: UnitId,
    pub(crate) root: Arc<Node>,
    pub(crate) parameters: HashMap<Arc<str>, Declared>,
    /// The stack above and the logical id of the resource that makes this one.
    pub(crate) parent: Option<(StackId, Arc<str>)>,
    pub(crate) children: HashMap<Arc<str>, StackId>,
    /// `Outer/Inner/` before the logical ids of a nested stack.
    pub(crate) prefix: Arc<str>,
    /// The resources that exist or may exist.
    pub(crate) resources: HashMap<Arc<str>, Resident>,
    /// Stands in a `cdk.out` directory: addresses are construct paths.
    pub(crate) synthesized: bool,
}

/// A declared resource.
pub(crate) struct Resident {
    pub(crate) id: AnyId,
    pub(crate) exists: Existence,
    /// Its place in the template's `Resources`.
    pub(crate) entry: usize,
}

impl Stack {
    pub(crate) fn section(&self, name: &str) -> &[Entry] {
        self.root.get(name).map_or(&[], Node::entries)
    }

    pub(crate) fn resource(&self, logical_id: &str) -> Option<&Node> {
        match self.resources.get(logical_id) {
            Some(resident) => self.section("Resources").get(resident.entry).map(|entry| &entry.value),
            None => self.root.get("Resources")?.get(logical_id),
        }
    }
}

/// What has been worked out of names in stacks; `None` while it is being worked out.
type Known<T> = HashMap<(StackId, Arc<str>), Option<T>>;

/// How many nodes references and nested stacks may repeat, beyond those that are written.
const MAX_REPEATED: usize = 1_000_000;

/// Where the entries of a section stand by key.
type Places = HashMap<Arc<str>, usize>;

/// All stacks of a run, and what has been worked out about them.
pub(crate) struct World<'a> {
    pub(crate) deployment: &'a Deployment,
    pub(crate) stacks: Vec<Stack>,
    pub(super) sites: HashMap<UnitId, Site>,
    /// Exports of this run by name; `None` where two stacks export the same name.
    pub(crate) exports: HashMap<String, Option<(StackId, Arc<str>)>>,
    pub(crate) gaps: RefCell<BTreeSet<Gap>>,
    /// Where the resource of a row is written.
    pub(crate) homes: HashMap<AnyId, (StackId, usize)>,
    pub(super) truths: RefCell<Known<Truth>>,
    pub(super) values: RefCell<Known<Document>>,
    /// What outputs come to.
    pub(super) outputs: RefCell<Known<Document>>,
    pub(super) depth: Cell<usize>,
    /// A condition is being decided: what nobody is to see counts, and is told to nobody.
    pub(super) deciding: Cell<bool>,
    /// How much references and nested stacks have repeated, in nodes.
    repeated: Cell<usize>,
    /// Properties of resources that others asked for.
    pub(super) properties: RefCell<HashMap<AnyId, Option<Rc<Document>>>>,
    /// Those of the sections that were asked for something.
    places: RefCell<HashMap<(StackId, &'static str), Places>>,
}

impl<'a> World<'a> {
    pub(crate) fn new(deployment: &'a Deployment) -> Self {
        World {
            deployment,
            stacks: Vec::new(),
            sites: HashMap::new(),
            exports: HashMap::new(),
            gaps: RefCell::default(),
            homes: HashMap::new(),
            truths: RefCell::default(),
            values: RefCell::default(),
            outputs: RefCell::default(),
            depth: Cell::new(0),
            deciding: Cell::new(false),
            repeated: Cell::new(0),
            properties: RefCell::default(),
            places: RefCell::default(),
        }
    }

    /// Counts what is there once more because something refers to it: a chain of references may double
    /// it at every step. False where that is more than any template needs; the first time that is told.
    pub(super) fn repeat(&self, nodes: usize, place: Place) -> bool {
        let before = self.repeated.get();
        self.repeated.set(before.saturating_add(nodes));
        let within = self.repeated.get() <= MAX_REPEATED;
        if !within && before <= MAX_REPEATED {
            let reason = format!(
                "references and nested stacks repeat more than {MAX_REPEATED} values: what is repeated from here on is not known"
            );
            self.gap(GapKind::Bounds, reason, place);
        }
        within
    }

    /// What a section of a stack's template declares under a name.
    pub(super) fn declared(&self, stack: StackId, section: &'static str, name: &str) -> Option<&Node> {
        let entries = self.stack(stack).section(section);
        let mut places = self.places.borrow_mut();
        let index = places.entry((stack, section)).or_insert_with(|| {
            let entries = entries.iter().enumerate();
            entries.map(|(at, entry)| (entry.key.clone(), at)).collect()
        });
        let found = entries.get(*index.get(name)?)?;
        (&*found.key == name).then_some(&found.value)
    }

    /// Where a stack is deployed.
    pub(crate) fn site(&self, stack: StackId) -> &Site {
        self.sites.get(&self.stack(stack).unit).unwrap_or(&Site::NOWHERE)
    }

    #[expect(clippy::indexing_slicing, reason = "a StackId is made only by `add`")]
    pub(crate) fn stack(&self, id: StackId) -> &Stack {
        &self.stacks[id.0]
    }

    /// Takes in a template, with its loops expanded. Its SAM resources are expanded later, when the
    /// parameters of every stack can be asked.
    pub(crate) fn add(
        &mut self,
        unit: UnitId,
        root: Arc<Node>,
        parent: Option<(StackId, Arc<str>)>,
        synthesized: bool,
    ) -> StackId {
        let id = StackId(self.stacks.len());
        let extensions = template::transforms(&root).any(|name| name == "AWS::LanguageExtensions");
        let prefix = parent.as_ref().map_or_else(
            || "".into(),
            |(above, logical_id)| format!("{}{logical_id}/", self.stack(*above).prefix).into(),
        );
        let parameters = super::parameter::declared(&root, &mut self.gaps.borrow_mut());
        if let Some((above, logical_id)) = &parent
            && let Some(stack) = self.stacks.get_mut(above.0)
        {
            stack.children.insert(logical_id.clone(), id);
        }
        self.stacks.push(Stack {
            unit,
            root,
            parameters,
            parent,
            children: HashMap::new(),
            prefix,
            resources: HashMap::new(),
            synthesized,
        });
        if extensions {
            let expanded = foreach::expand(self, id);
            self.replace(id, expanded);
        }
        id
    }

    /// Puts another tree in place of a stack's template. What was looked up in the old one is looked up anew.
    pub(super) fn replace(&mut self, id: StackId, root: Node) {
        self.places.borrow_mut().retain(|(stack, _), _| *stack != id);
        if let Some(stack) = self.stacks.get_mut(id.0) {
            stack.root = Arc::new(root);
        }
    }

    pub(crate) fn gap(&self, kind: GapKind, reason: impl Into<Arc<str>>, place: Place) {
        let gap = Gap {
            kind,
            reason: reason.into(),
            at: Some(Location::File(place)),
            affects: Vec::new(),
        };
        self.gaps.borrow_mut().insert(gap);
    }

    /// The stack of a row's resource, and the resource as written.
    pub(crate) fn home(&self, id: AnyId) -> Option<(StackId, &Node)> {
        let (stack, entry) = *self.homes.get(&id)?;
        let entry = self.stack(stack).section("Resources").get(entry)?;
        Some((stack, &entry.value))
    }
}
