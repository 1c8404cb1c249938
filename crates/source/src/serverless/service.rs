//! A service while it is compiled: what is written, what has been made, and whom it lets do what.

use super::include::Includes;
use super::naming;
use super::open::{Open, joined};
use crate::cloudformation::{call, make, make::Make};
use maremma_model::{Entry, GapKind, Node, Place};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

/// How many values of the provider its functions may take over, all together.
const MAX_HANDED_DOWN: usize = 500_000;

/// A function as written.
pub(super) struct Function {
    /// Its key under `functions`.
    pub(super) key: String,
    /// The key as logical ids begin with it.
    pub(super) base: String,
    pub(super) node: Node,
    pub(super) place: Place,
    /// Its physical name.
    pub(super) name: Node,
    /// The logical id of its version. The digest in it need not be the framework's: nothing refers to it by name.
    pub(super) version: String,
    /// Name and logical id of the alias that events invoke.
    pub(super) alias: Option<(&'static str, String)>,
}

/// What a function needs of its role.
#[derive(Default)]
pub(super) struct Needs {
    pub(super) grants: Vec<Grant>,
    /// Services besides Lambda that take the role on.
    pub(super) trusted: Vec<&'static str>,
    /// How many schedules it has: they are numbered over all rates of all events.
    schedules: usize,
}

/// What a role must allow so that a function works.
pub(super) struct Grant {
    pub(super) statement: Node,
    /// The plugin for roles per function knows of it, too.
    pub(super) of_plugin: bool,
}

pub(super) struct Service<'a> {
    pub(super) includes: &'a mut Includes,
    pub(super) open: Open,
    pub(super) name: Node,
    pub(super) stage: Node,
    /// The key `service`, where what nothing else causes stands.
    pub(super) place: Place,
    pub(super) provider: Rc<Node>,
    pub(super) provider_place: Place,
    pub(super) custom: Node,
    /// The plugin for roles per function is there.
    pub(super) plugin: bool,
    pub(super) package: Node,
    pub(super) layers: Node,
    /// The major version of the framework that the service asks for.
    pub(super) version: Option<u32>,
    pub(super) functions: Rc<[Function]>,
    /// What each function needs, in the order of the functions.
    pub(super) needs: Vec<Needs>,
    numbers: HashMap<String, usize>,
    handed_down: usize,
    pub(super) made: Vec<Entry>,
    made_at: HashMap<Arc<str>, usize>,
}

/// A value that is written and not null.
pub(super) fn part<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    node.get(key).filter(|value| !value.is_null())
}

/// As [`part`], along a path.
pub(super) fn deep<'n>(node: &'n Node, path: &[&str]) -> Option<&'n Node> {
    path.iter().try_fold(node, |node, key| part(node, key))
}

/// The entries of a map; of a call none.
pub(super) fn entries(node: &Node) -> &[Entry] {
    if call(node).is_some() { &[] } else { node.entries() }
}

/// A list, or one value in its place.
pub(super) fn listed(node: &Node) -> Vec<Node> {
    if node.items().is_empty() && !node.is_null() && !matches!(node.value, maremma_model::NodeValue::Seq(_)) {
        vec![node.clone()]
    } else {
        node.items().to_vec()
    }
}

/// Properties that are handed on under another name.
pub(super) fn handed<'p>(from: &Node, names: &[(&str, &'p str)]) -> Vec<(&'p str, Node)> {
    let found = names
        .iter()
        .filter_map(|(name, property)| Some((*property, part(from, name)?.clone())));
    found.collect()
}

impl<'a> Service<'a> {
    pub(super) fn new(includes: &'a mut Includes, open: Open, place: Place) -> Self {
        let nothing = || Node::new(maremma_model::NodeValue::Null, place);
        Service {
            includes,
            open,
            name: nothing(),
            stage: nothing(),
            place,
            provider: Rc::new(nothing()),
            provider_place: place,
            custom: nothing(),
            plugin: false,
            package: nothing(),
            layers: nothing(),
            version: None,
            functions: Rc::new([]),
            needs: Vec::new(),
            numbers: HashMap::new(),
            handed_down: 0,
            made: Vec::new(),
            made_at: HashMap::new(),
        }
    }

    pub(super) fn gap(&mut self, kind: GapKind, reason: impl Into<Arc<str>>, place: Place) {
        self.includes.gap(kind, reason, place);
    }

    /// Something that is written and cannot be read.
    pub(super) fn unreadable(&mut self, what: &str, expected: &str, node: &Node) {
        let found = match call(node) {
            Some(_) => "a value that is not known",
            None => node.describe(),
        };
        let reason = format!("{what}: expected {expected}, found {found}");
        self.gap(GapKind::Unparsed, reason, node.place);
    }

    /// The text of a value, by the defaults of variables too.
    pub(super) fn text(&self, node: &Node) -> Option<String> {
        self.open.text(node).map(|text| text.into_owned())
    }

    pub(super) fn said(&self, node: &Node, key: &str) -> Option<String> {
        self.text(part(node, key)?)
    }

    /// Whether a value counts as set where the framework asks only that: `false`, `0` and an empty text do not.
    pub(super) fn on(&self, node: &Node) -> bool {
        !node.is_null() && !matches!(self.open.text(node).as_deref(), Some("" | "false" | "0"))
    }

    /// A value that counts as set.
    pub(super) fn set<'n>(&self, node: &'n Node, key: &str) -> Option<&'n Node> {
        node.get(key).filter(|value| self.on(value))
    }

    /// A value of the function that counts as set, else the provider's.
    pub(super) fn either(&mut self, function: &Function, key: &str) -> Option<Node> {
        if let Some(own) = self.set(&function.node, key) {
            return Some(own.clone());
        }
        let provider = self.provider.clone();
        let value = self.set(&provider, key)?;
        Some(self.hand_down(value))
    }

    /// A value of the provider for one of the functions. All of them have it: so often it may not be repeated.
    pub(super) fn hand_down(&mut self, value: &Node) -> Node {
        let before = self.handed_down;
        self.handed_down = before.saturating_add(value.size());
        if self.handed_down <= MAX_HANDED_DOWN {
            return value.clone();
        }
        if before <= MAX_HANDED_DOWN {
            let reason = format!(
                "functions take over more than {MAX_HANDED_DOWN} values of the provider: what they take over from here on is not known"
            );
            self.gap(GapKind::Bounds, reason, value.place);
        }
        self.open.reference("what the provider says", None, value.place)
    }

    /// Makes nodes where the provider says something, or where it stands.
    pub(super) fn at_provider(&self, path: &[&str]) -> Make {
        Make(deep(&self.provider, path).map_or(self.provider_place, |node| node.place))
    }

    /// Texts and values one after the other.
    pub(super) fn joined(&self, at: Make, parts: Vec<Node>) -> Node {
        joined(at.0, parts)
    }

    /// `service-stage`, with what follows.
    pub(super) fn prefixed(&self, at: Make, rest: &str) -> Node {
        let parts = vec![self.name.clone(), at.text("-"), self.stage.clone(), at.text(rest)];
        self.joined(at, parts)
    }

    /// `stage-service`, with what follows.
    pub(super) fn by_stage(&self, at: Make, rest: &str) -> Node {
        let parts = vec![self.stage.clone(), at.text("-"), self.name.clone(), at.text(rest)];
        self.joined(at, parts)
    }

    /// Puts a resource in; one with the same logical id gives way.
    pub(super) fn add(&mut self, id: &str, resource: Node) {
        self.add_at(id, resource.place, resource);
    }

    pub(super) fn add_at(&mut self, id: &str, place: Place, resource: Node) {
        let entry = Entry {
            key: id.into(),
            key_place: place,
            value: resource,
        };
        match self.made_at.get(&entry.key).and_then(|at| self.made.get_mut(*at)) {
            Some(present) => *present = entry,
            None => {
                self.made_at.insert(entry.key.clone(), self.made.len());
                self.made.push(entry);
            }
        }
    }

    /// Puts in what a function causes: it exists when that does.
    pub(super) fn add_for(&mut self, function: &Function, id: &str, mut resource: Node) {
        if let Some(condition) = self.set(&function.node, "condition") {
            make::set(&mut resource, "Condition", condition.clone());
        }
        self.add(id, resource);
    }

    pub(super) fn made(&self, id: &str) -> Option<&Node> {
        self.made.get(*self.made_at.get(id)?).map(|entry| &entry.value)
    }

    pub(super) fn made_mut(&mut self, id: &str) -> Option<&mut Node> {
        self.made.get_mut(*self.made_at.get(id)?).map(|entry| &mut entry.value)
    }

    pub(super) fn grant(&mut self, function: usize, statement: Node, of_plugin: bool) {
        if let Some(needs) = self.needs.get_mut(function) {
            needs.grants.push(Grant { statement, of_plugin });
        }
    }

    /// Lets a service take on the role of a function.
    pub(super) fn trust(&mut self, function: usize, service: &'static str) {
        if let Some(needs) = self.needs.get_mut(function)
            && !needs.trusted.contains(&service)
        {
            needs.trusted.push(service);
        }
    }

    /// The number of a function's next schedule.
    pub(super) fn next_schedule(&mut self, function: usize) -> usize {
        self.needs.get_mut(function).map_or(1, |needs| {
            needs.schedules += 1;
            needs.schedules
        })
    }

    /// Takes in the functions; their aliases depend on the service alone.
    pub(super) fn take(&mut self, functions: Vec<Function>) {
        self.needs = functions.iter().map(|_| Needs::default()).collect();
        let keys = functions.iter().enumerate();
        self.numbers = keys.map(|(number, function)| (function.key.clone(), number)).collect();
        self.functions = functions.into();
    }

    /// The number of the function of a key.
    pub(super) fn function(&self, key: &str) -> Option<usize> {
        self.numbers.get(key).copied()
    }

    /// What is last in the name of a resource that an ARN, a reference or an import names: logical ids are made of it.
    pub(super) fn named(&self, node: &Node, separator: char) -> String {
        if let Some(text) = self.text(node) {
            return text.rsplit(separator).next().unwrap_or_default().to_owned();
        }
        let called = call(node).and_then(|call| match call.name {
            "GetAtt" => make::attribute(call.argument)?.split('.').next().map(str::to_owned),
            "Join" => {
                let last = call.argument.items().get(1)?.items().last()?;
                Some(self.text(last)?.rsplit(separator).next()?.to_owned())
            }
            _ => Some(call.argument.as_str()?.rsplit(separator).next()?.to_owned()),
        });
        called.unwrap_or_else(|| make::digest(node))
    }
}

impl Function {
    pub(super) fn id(&self) -> String {
        format!("{}LambdaFunction", self.base)
    }

    /// What an event invokes: the alias, or the function.
    pub(super) fn target(&self, at: Make) -> Node {
        match &self.alias {
            Some((_, id)) => at.reference(id),
            None => at.get_att(&self.id(), "Arn"),
        }
    }

    /// The permission by which a service may invoke it.
    pub(super) fn permission(&self, at: Make, principal: Node, narrowed: Vec<(&str, Node)>) -> Node {
        permission(at, self.target(at), principal, narrowed)
    }

    pub(super) fn new(key: &str, node: Node, place: Place, name: Node) -> Self {
        let base = naming::normal(key);
        Function {
            key: key.to_owned(),
            version: format!("{base}LambdaVersion{}", make::digest(&node)),
            base,
            node,
            place,
            name,
            alias: None,
        }
    }
}

pub(super) fn permission(at: Make, function: Node, principal: Node, narrowed: Vec<(&str, Node)>) -> Node {
    let mut properties = vec![
        ("FunctionName", function),
        ("Action", at.text("lambda:InvokeFunction")),
        ("Principal", principal),
    ];
    properties.extend(narrowed);
    at.resource("AWS::Lambda::Permission", properties)
}
