//! OpenAPI bodies, while routes, authorizers and settings are written into them.

use super::super::make::{self, Make};
use super::super::{Sam, source::Source};
use maremma_model::{Entry, GapKind, Node, NodeValue};
use std::collections::{HashMap, HashSet};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

pub(in super::super) const ANY_METHOD: &str = "x-amazon-apigateway-any-method";
pub(in super::super) const INTEGRATION: &str = "x-amazon-apigateway-integration";
/// What a path holds beside methods.
const NO_METHODS: [&str; 3] = ["summary", "description", "parameters"];

/// A body while it is written into.
pub(in super::super) struct Body {
    pub(in super::super) node: Node,
    /// Where its paths are, when there were as many of them as `indexed`.
    at: HashMap<Arc<str>, usize>,
    indexed: usize,
    /// What the statements of its policy say, once that has been asked.
    pub(in super::super) said: Option<HashSet<String>>,
}

impl Deref for Body {
    type Target = Node;

    fn deref(&self) -> &Node {
        &self.node
    }
}

impl DerefMut for Body {
    fn deref_mut(&mut self) -> &mut Node {
        &mut self.node
    }
}

impl Body {
    pub(in super::super) fn of(node: Node) -> Self {
        Body {
            node,
            at: HashMap::new(),
            indexed: 0,
            said: None,
        }
    }

    /// The body that an API begins with, and whether SAM manages it: its `own`, or that of the author;
    /// `None` where it lies on S3.
    pub(in super::super) fn begin(
        source: Source<'_>,
        implicit: &str,
        own: impl FnOnce() -> Node,
    ) -> Option<(Self, bool)> {
        let written = source.property("DefinitionBody");
        match written.filter(|_| source.id != implicit) {
            Some(body) => Some((Body::of(body.clone()), false)),
            None if written.is_none() && source.property("DefinitionUri").is_some() => None,
            None => Some((Body::of(own()), true)),
        }
    }

    /// What stands at a path.
    pub(in super::super) fn item_mut(&mut self, path: &str) -> Option<&mut Node> {
        let Body { node, at, indexed, .. } = self;
        let NodeValue::Map(entries) = &mut paths_mut(node)?.value else {
            return None;
        };
        if entries.len() != *indexed {
            *indexed = entries.len();
            let all = entries.iter().enumerate().rev();
            *at = all.map(|(at, entry)| (entry.key.clone(), at)).collect();
        }
        let entry = entries.get_mut(*at.get(path)?)?;
        (&*entry.key == path).then_some(&mut entry.value)
    }

    /// The map that stands at a path, made where nothing does.
    pub(in super::super) fn room(&mut self, path: &str, make: Make) -> Option<&mut Node> {
        match self.item_mut(path) {
            Some(item) if item.is_null() => *item = make.map(Vec::new()),
            Some(_) => {}
            None => {
                let NodeValue::Map(entries) = &mut paths_mut(&mut self.node)?.value else {
                    return None;
                };
                self.at.insert(path.into(), entries.len());
                entries.push(Entry {
                    key: path.into(),
                    key_place: make.0,
                    value: make.map(Vec::new()),
                });
                self.indexed = entries.len();
            }
        }
        self.item_mut(path)
    }
}

/// Tells of settings that have no effect, as the body is not known here.
pub(in super::super) fn tell_needed(sam: &Sam<'_>, source: Source<'_>, settings: &[&str]) {
    for (name, property) in settings.iter().filter_map(|name| Some((name, source.property(name)?))) {
        let reason = format!(
            "{}: {name} cannot be written into a body that is not known here",
            source.id
        );
        sam.gap(GapKind::Unsupported, reason, property.place);
    }
}

/// A body without paths.
pub(in super::super) fn skeleton(make: Make, (language, version): (&str, &str)) -> Node {
    let info = make.map(vec![
        ("version", make.text("1.0")),
        ("title", make.reference("AWS::StackName")),
    ]);
    make.map(vec![
        (language, make.text(version)),
        ("info", info),
        ("paths", make.map(Vec::new())),
    ])
}

/// Whether a body is a Swagger or OpenAPI document with paths, so that it can be written into.
pub(in super::super) fn is_document(body: &Node) -> bool {
    let swagger = body.get("swagger").is_some_and(|version| !version.is_null());
    body.get("paths").is_some_and(Node::is_map) && (swagger || is_third(body))
}

/// Whether a body says that it is written in OpenAPI 3.
pub(in super::super) fn is_third(body: &Node) -> bool {
    body.get("openapi").and_then(Node::as_str).is_some_and(is_third_version)
}

/// Whether a version is one of OpenAPI 3.
pub(in super::super) fn is_third_version(version: &str) -> bool {
    let parts: Vec<&str> = version.split('.').collect();
    let digit = |part: &&str| part.len() == 1 && part.bytes().all(|byte| byte.is_ascii_digit());
    matches!(parts.as_slice(), ["3", rest @ ..] if matches!(rest.len(), 1 | 2) && rest.iter().all(digit))
}

/// A method as a body names it.
pub(in super::super) fn method_name(method: &str) -> String {
    let lower = method.to_lowercase();
    if lower == "any" { ANY_METHOD.to_owned() } else { lower }
}

/// What a node can be: itself, or the branches of the `Fn::If` that it is.
pub(in super::super) fn contents(node: &Node) -> Vec<&Node> {
    if !is_choice(node) {
        return vec![node];
    }
    let items = match &node.value {
        NodeValue::Map(entries) => entries.first().map_or(&[][..], |entry| entry.value.items()),
        _ => node.items(),
    };
    let branches = items.iter().skip(1).filter(|item| !make::is_no_value(item));
    branches.flat_map(contents).collect()
}

/// As [`contents`], to change it.
pub(in super::super) fn contents_mut(node: &mut Node) -> Vec<&mut Node> {
    if !is_choice(node) {
        return vec![node];
    }
    let argument = match &mut node.value {
        NodeValue::Map(entries) => entries.first_mut().map(|entry| &mut entry.value.value),
        value => Some(value),
    };
    let Some(NodeValue::Seq(items)) = argument else {
        return Vec::new();
    };
    let branches = items.iter_mut().skip(1).filter(|item| !make::is_no_value(item));
    branches.flat_map(contents_mut).collect()
}

fn is_choice(node: &Node) -> bool {
    node.tag.as_deref() == Some("If")
        || (node.tag.is_none() && matches!(node.entries(), [entry] if &*entry.key == "Fn::If"))
}

/// A node under a condition.
pub(in super::super) fn conditional(condition: Option<&str>, node: Node) -> Node {
    let Some(condition) = condition else {
        return node;
    };
    let make = Make(node.place);
    let branches = vec![make.text(condition), node, make.reference("AWS::NoValue")];
    make.map(vec![("Fn::If", make.list(branches))])
}

/// The paths of a body.
pub(in super::super) fn paths_mut(body: &mut Node) -> Option<&mut Node> {
    make::get_mut(body, "paths").filter(|paths| paths.is_map())
}

/// The names of the paths of a body.
pub(in super::super) fn path_names(body: &Node) -> Vec<String> {
    let paths = body.get("paths").map_or(&[][..], Node::entries);
    paths.iter().map(|entry| entry.key.to_string()).collect()
}

/// The path items at a path, in every world.
pub(in super::super) fn items_mut<'n>(body: &'n mut Body, path: &str) -> Vec<&'n mut Node> {
    let item = body.item_mut(path);
    item.map(contents_mut)
        .unwrap_or_default()
        .into_iter()
        .filter(|item| item.is_map())
        .collect()
}

/// The operations at a method of a path that have an integration, in every world.
pub(in super::super) fn operations_at<'n>(body: &'n mut Body, path: &str, method: &str) -> Vec<&'n mut Node> {
    let name = method_name(method);
    let items = items_mut(body, path).into_iter();
    items
        .filter_map(|item| make::get_mut(item, &name))
        .flat_map(contents_mut)
        .filter(|operation| has_integration(operation))
        .collect()
}

/// Every operation that has an integration, with the name of its method.
pub(in super::super) fn operations_mut(body: &mut Node) -> Vec<(String, &mut Node)> {
    let Some(NodeValue::Map(paths)) = paths_mut(body).map(|paths| &mut paths.value) else {
        return Vec::new();
    };
    let mut operations = Vec::new();
    for item in paths.iter_mut().flat_map(|entry| contents_mut(&mut entry.value)) {
        let NodeValue::Map(methods) = &mut item.value else {
            continue;
        };
        for entry in methods.iter_mut().filter(|entry| !NO_METHODS.contains(&&*entry.key)) {
            let name = method_name(&entry.key);
            let found = contents_mut(&mut entry.value).into_iter();
            let found = found.filter(|operation| has_integration(operation));
            operations.extend(found.map(|operation| (name.clone(), operation)));
        }
    }
    operations
}

pub(in super::super) fn has_integration(operation: &Node) -> bool {
    operation
        .get(INTEGRATION)
        .is_some_and(|integration| !integration.is_null())
}

/// Whether every world of a path's method has an integration.
pub(in super::super) fn is_integrated(body: &mut Body, path: &str, method: &str) -> bool {
    let Some(item) = body.item_mut(path).map(|item| &*item) else {
        return false;
    };
    let name = method_name(method);
    let integrated = |item: &Node| {
        let operation = item.get(&name);
        operation.is_some_and(|operation| contents(operation).into_iter().any(has_integration))
    };
    contents(item).into_iter().all(integrated)
}

/// Adds an empty operation where a path has none at a method. `false` where the body has no place for it.
pub(in super::super) fn add_operation(body: &mut Body, path: &str, method: &str, make: Make) -> bool {
    let name = method_name(method);
    let Some(item) = body.room(path, make) else {
        return false;
    };
    let mut added = false;
    for item in contents_mut(item).into_iter().filter(|item| item.is_map()) {
        if item.get(&name).is_none_or(Node::is_null) {
            make::set(item, &name, make.map(Vec::new()));
        }
        added = true;
    }
    added
}

/// A map at a dotted path, made where it is missing.
pub(in super::super) fn map_at<'n>(node: &'n mut Node, path: &[&str]) -> Option<&'n mut Node> {
    let mut at = node;
    for key in path {
        at = make::slot(at, key, |make| make.map(Vec::new()))?;
    }
    at.is_map().then_some(at)
}
