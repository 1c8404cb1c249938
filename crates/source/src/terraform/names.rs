//! The names that an expression of a configuration may refer to.

use super::body::{self, Syntax, Written};
use super::directory::Directory;
use super::each::Each;
use super::evaluation::{Evaluation, Key, What};
use super::expression;
use super::module::{Module, referred};
use super::scope::{Scope, Step};
use super::value::{Kind, Number, Reference, Value};
use maremma_model::{Existence, GapKind, Node, NodeValue, Place};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

/// Where an expression stands, and what it sees there.
#[derive(Clone, Copy)]
pub(super) struct Names<'s, 'a> {
    pub(super) world: &'s Evaluation<'a>,
    pub(super) module: &'s Rc<Module>,
    pub(super) each: &'s Each,
    /// What tells the instance from its siblings, where there are some.
    pub(super) instance: &'s str,
    pub(super) iterators: Option<&'s Iterator<'s>>,
    /// The row of the file.
    pub(super) source: usize,
    /// Where all of it stands, for what is written in a string of JSON.
    pub(super) fixed: Option<Place>,
    /// The defaults of the root's variables decide nothing.
    pub(super) undecided: bool,
    /// It is in something that is switched off by default.
    pub(super) off: bool,
}

/// The iterator of a `dynamic` block.
pub(super) struct Iterator<'s> {
    pub(super) name: Arc<str>,
    pub(super) key: Value,
    pub(super) value: Value,
    pub(super) outer: Option<&'s Iterator<'s>>,
}

/// What the run is told the workspace by.
pub(super) const WORKSPACE: &str = "terraform.workspace";

const NOTHING: &Each = &Each {
    index: None,
    key: None,
    value: None,
};

impl<'s, 'a> Names<'s, 'a> {
    /// What a module as such sees.
    pub(super) fn of_module(world: &'s Evaluation<'a>, module: &'s Rc<Module>) -> Self {
        Names {
            world,
            module,
            each: NOTHING,
            instance: "",
            iterators: None,
            source: 0,
            fixed: None,
            undecided: false,
            off: matches!(module.exists, Existence::OffByDefault(_)),
        }
    }

    pub(super) fn without_defaults(self) -> Self {
        Names {
            undecided: true,
            ..self
        }
    }

    /// What an expression comes to here.
    pub(super) fn evaluate(self, written: &Written) -> Value {
        let names = Names {
            source: written.source,
            ..self
        };
        match &written.syntax {
            Syntax::Hcl(expression) => expression::evaluate(expression, &names),
            Syntax::Json(node) => names.json(node),
        }
    }

    /// An expression in JSON syntax: strings are templates. Its depth is bounded by the reader of JSON.
    fn json(self, node: &Node) -> Value {
        if !self.spend(1) {
            return Value::unresolved("evaluating this takes more than is given to it", node.place);
        }
        let kind = match &node.value {
            NodeValue::Null => Kind::Null,
            NodeValue::Scalar { text, quoted: true } => return self.json_text(text, node.place),
            NodeValue::Scalar { text, .. } => match &**text {
                "true" => Kind::Bool(true),
                "false" => Kind::Bool(false),
                number => match Number::parse(number) {
                    Some(number) => Kind::Number(number),
                    None => return Value::unresolved("a number of this size is not evaluated", node.place),
                },
            },
            NodeValue::Seq(items) => Kind::List(Rc::new(items.iter().map(|item| self.json(item)).collect())),
            NodeValue::Map(entries) => {
                let mut made = BTreeMap::new();
                for entry in entries.iter().filter(|entry| &*entry.key != "//") {
                    let key = match self.json_text(&entry.key, entry.key_place).kind {
                        Kind::Text(text) => text.as_literal().map(Arc::from),
                        _ => None,
                    };
                    match key {
                        Some(key) => made.insert(key, self.json(&entry.value)),
                        None => return Value::unresolved("a map of which not all keys are known", node.place),
                    };
                }
                Kind::Map(Rc::new(made))
            }
        };
        Value::new(kind, node.place)
    }

    fn json_text(self, text: &Arc<str>, at: Place) -> Value {
        if !body::is_template(text) {
            return Value::text(text.clone(), at);
        }
        let names = Names {
            fixed: Some(at),
            ..self
        };
        expression::embedded(text, &names, at)
    }

    /// What is written, on one line.
    pub(super) fn words(&self, written: &Written) -> String {
        let source = self.world.loaded.sources.get(written.source);
        let mut words = source.map_or(String::new(), |source| source.words(written.at));
        if let Some((end, _)) = words.char_indices().nth(120) {
            words.truncate(end);
            words.push('…');
        }
        words
    }

    /// Tells what Terraform refuses.
    pub(super) fn refuse(&self, words: &str, at: Place) {
        self.world.gap(GapKind::Unparsed, words, at);
    }

    fn refused(&self, words: String, at: Place) -> Value {
        self.refuse(&words, at);
        Value::unresolved(words, at)
    }

    fn undeclared(&self, name: &str, at: Place) -> Value {
        self.refused(format!("{name} is not declared"), at)
    }

    fn local(&self, name: &str, at: Place) -> Value {
        let Some((row, local)) = self.declared().and_then(|directory| directory.local(name)) else {
            return self.undeclared(&format!("local.{name}"), at);
        };
        let key = Key {
            what: What::Local,
            of: self.module.number,
            row,
            undecided: self.undecided,
        };
        let value = self.world.value(key, at, || {
            let names = Names {
                undecided: self.undecided,
                ..Names::of_module(self.world, self.module)
            };
            names.evaluate(&local.value)
        });
        self.come(value, at)
    }

    fn variable(&self, name: &str, at: Place) -> Value {
        let Some(row) = self.declared().and_then(|directory| directory.variables.row(name)) else {
            return self.undeclared(&format!("var.{name}"), at);
        };
        let value = self.world.variable(self.module, row, self.undecided, at);
        self.come(value, at)
    }

    /// A scalar stands where it is referred to, unless an argument of the module's call has brought it.
    fn come(&self, value: Value, at: Place) -> Value {
        let brought = self.module.parent.is_some() && !self.is_own(value.at);
        if brought { value } else { referred(value, at) }
    }

    fn is_own(&self, place: Place) -> bool {
        let sources = &self.world.loaded.sources;
        let own = self
            .declared()
            .and_then(|directory| sources.get(directory.sources.clone()));
        own.is_some_and(|own| own.iter().any(|source| source.file == place.file))
    }

    fn declared(&self) -> Option<&'a Directory> {
        self.world.directory(self.module)
    }

    /// `path.module` and its neighbours, relative to where Terraform is run, which is in the root.
    fn path(&self, name: &str, at: Place) -> Value {
        match name {
            "root" => Value::text(".", at),
            "module" => {
                let own = self.declared().map_or(Path::new(""), |directory| &directory.path);
                Value::text(relative(self.directory_of_root(), own), at)
            }
            _ => Value::unresolved("where Terraform is run is not known", at),
        }
    }

    fn directory_of_root(&self) -> &Path {
        self.world
            .root_directory()
            .map_or(Path::new(""), |directory| &directory.path)
    }

    fn workspace(&self, at: Place) -> Value {
        match self.world.deployment.parameters.get(WORKSPACE) {
            Some(given) => Value::text(given.as_str(), at),
            None => Value {
                by: Some("by the default workspace".into()),
                ..Value::text("default", at)
            },
        }
    }

    fn of_each(&self, name: &str, at: Place) -> Value {
        let value = match name {
            "key" => &self.each.key,
            _ => &self.each.value,
        };
        match value {
            Some(value) if name == "key" => referred(value.clone(), at),
            Some(value) => value.clone(),
            None => self.refused(format!("each.{name}: there is no for_each here"), at),
        }
    }

    fn index(&self, at: Place) -> Value {
        match &self.each.index {
            Some(index) => referred(index.clone(), at),
            None => self.refused("count.index: there is no count here".to_owned(), at),
        }
    }

    fn iterator(&self, root: &str) -> Option<&'s Iterator<'s>> {
        let mut next = self.iterators;
        while let Some(iterator) = next {
            if &*iterator.name == root {
                return Some(iterator);
            }
            next = iterator.outer;
        }
        None
    }
}

impl Scope for Names<'_, '_> {
    fn name(&self, root: &str, steps: &[Step], at: Place) -> Option<(Value, usize)> {
        let first = match steps.first()? {
            Step::Attribute(name) => &**name,
            // `var["name"]` is not how it is written, but says the same.
            Step::Index(index) => match &index.kind {
                Kind::Text(text) => text.as_literal()?,
                _ => return None,
            },
        };
        if let Some(iterator) = self.iterator(root) {
            let value = match first {
                "key" => referred(iterator.key.clone(), at),
                "value" => iterator.value.clone(),
                _ => self.refused(format!("{root}: expected .key or .value"), at),
            };
            return Some((value, 1));
        }
        let value = match (root, first) {
            ("var", name) => self.variable(name, at),
            ("local", name) => self.local(name, at),
            ("each", "key" | "value") => self.of_each(first, at),
            ("count", "index") => self.index(at),
            ("path", name) => self.path(name, at),
            ("terraform" | "tofu", "workspace") => self.workspace(at),
            ("self" | "ephemeral", _) => {
                return Some((
                    Value::unresolved(format!("{root}.{first} is not kept"), at),
                    steps.len(),
                ));
            }
            ("module", _) => return Some(self.world.module_value(self, steps, at)),
            ("data", _) => return Some(self.world.data_value(self, steps, at)),
            ("resource", ty) => {
                let rest = steps.get(1..).unwrap_or_default();
                let (value, taken) = self.world.resource_value(self, ty, rest, at);
                return Some((value, taken + 1));
            }
            _ if self.world.is_resource(self.module, root) => {
                return Some(self.world.resource_value(self, root, steps, at));
            }
            _ => return None,
        };
        Some((value, 1))
    }

    fn attribute(&self, of: &Reference, step: &Step, at: Place) -> Value {
        self.world.attribute(self, of, step, at)
    }

    /// Conditions of a module that is called several times, and of an instance among others, are its own.
    fn condition(&self, words: &str) -> Arc<str> {
        let own = ["each.", "count."].iter().any(|name| words.contains(name));
        let mut told = words.to_owned();
        if own && !self.instance.is_empty() {
            told = format!("{told} for {}", self.instance);
        } else if !self.module.address.is_empty() {
            told = format!("{told} in {}", self.module.address);
        }
        told.into()
    }

    fn place(&self, span: Range<usize>) -> Place {
        match self.fixed {
            Some(place) => place,
            None => self
                .world
                .loaded
                .sources
                .get(self.source)
                .map(|source| source.place(span))
                .unwrap_or_default(),
        }
    }

    fn directory(&self) -> &Path {
        self.directory_of_root()
    }

    fn root(&self) -> &Path {
        self.world.within_directory()
    }

    fn spend(&self, amount: usize) -> bool {
        self.world.spend(amount)
    }

    fn problem(&self, reason: String, at: Place) {
        self.world.gap(GapKind::Unparsed, reason, at);
    }
}

/// The way from one directory to another, as Terraform writes it.
fn relative(from: &Path, to: &Path) -> String {
    let (mut from, mut to) = (from.components().peekable(), to.components().peekable());
    while let (Some(a), Some(b)) = (from.peek(), to.peek()) {
        if a != b {
            break;
        }
        from.next();
        to.next();
    }
    let up = from.map(|_| Component::ParentDir);
    let way: PathBuf = up.chain(to).collect();
    let parts: Vec<_> = way
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    match parts.as_slice() {
        [] => ".".to_owned(),
        parts => parts.join("/"),
    }
}
