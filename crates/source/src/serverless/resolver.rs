//! The values of variables: a service with every `${...}` put in, as far as the files decide it.

use super::include::Includes;
use super::open::{Open, joined};
use super::syntax::{Parser, Piece, Source};
use crate::cloudformation::{call, make::Make};
use maremma_model::secret::INTERPRETER_HOOKS;
use maremma_model::{Entry, GapKind, Node, NodeValue, Place};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

/// How deep values may stand in each other, those of variables included. The tree itself has a bound; this
/// bounds what variables make of it.
const MAX_DEPTH: usize = 220;
/// How many values variables may make of a service, beyond those that are written.
const MAX_VALUES: usize = 250_000;
/// How many bytes of text weigh as much as a value.
const TEXT_WEIGHT: usize = 64;
/// A longer text is not kept.
const MAX_TEXT: usize = 1 << 20;

/// Keys whose values may be secrets.
const SECRET: [&str; 5] = [
    "environment",
    "Variables",
    "SecretString",
    "EventSourceToken",
    "clientSecret",
];

/// What is known of a value under one name.
enum Known {
    /// It is being worked out.
    Busy,
    Value {
        node: Arc<Node>,
        height: usize,
        size: usize,
    },
}

pub(super) struct Resolver<'a> {
    pub(super) root: Arc<Node>,
    pub(super) directory: PathBuf,
    pub(super) includes: &'a mut Includes,
    /// What `--parameter` gives.
    pub(super) given: &'a BTreeMap<String, String>,
    /// What `--region` gives.
    pub(super) region: Option<&'a str>,
    pub(super) open: Open,
    parser: Parser,
    known: HashMap<String, Known>,
    depth: usize,
    spent: usize,
    /// How many values are written, in the service and in the files that it includes.
    written: usize,
    included: HashSet<String>,
    told_bounds: bool,
    /// The value that is looked at may be a secret: its places are kept.
    secret: bool,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(
        root: Arc<Node>,
        directory: PathBuf,
        includes: &'a mut Includes,
        given: &'a BTreeMap<String, String>,
        region: Option<&'a str>,
    ) -> Self {
        Resolver {
            written: root.size(),
            included: HashSet::new(),
            root,
            directory,
            includes,
            given,
            region,
            open: Open::default(),
            parser: Parser::default(),
            known: HashMap::new(),
            depth: 0,
            spent: 0,
            told_bounds: false,
            secret: false,
        }
    }

    pub(super) fn gap(&mut self, kind: GapKind, reason: impl Into<Arc<str>>, place: Place) {
        self.includes.gap(kind, reason, place);
    }

    /// A top-level section of the service, with its variables put in.
    pub(super) fn section(&mut self, name: &str) -> Option<Entry> {
        let root = self.root.clone();
        let entry = root.entry(name).filter(|entry| !entry.value.is_null())?;
        Some(self.entry(entry))
    }

    fn entry(&mut self, entry: &Entry) -> Entry {
        let before = self.secret;
        if SECRET.contains(&&*entry.key) {
            self.secret = true;
        } else if INTERPRETER_HOOKS.contains(&&*entry.key) || matches!(&*entry.key, "Ref" | "Fn::GetAtt") {
            // What an interpreter acts on is configuration.
            self.secret = false;
        }
        let value = self.node(&entry.value);
        self.secret = before;
        Entry {
            key: entry.key.clone(),
            key_place: entry.key_place,
            value,
        }
    }

    /// A value with its variables put in.
    pub(super) fn node(&mut self, node: &Node) -> Node {
        if self.depth >= MAX_DEPTH || !self.spend(1, node.place) {
            return self.cut(node.place);
        }
        self.depth += 1;
        let value = self.value(node);
        self.depth -= 1;
        value
    }

    fn value(&mut self, node: &Node) -> Node {
        if let Some(called) = call(node)
            && let Some(made) = self.called(node, called.name)
        {
            return made;
        }
        let value = match &node.value {
            NodeValue::Null => NodeValue::Null,
            NodeValue::Scalar { text, .. } => {
                if self.secret {
                    self.includes.sensitive.push(node.place);
                }
                if !text.contains("${") {
                    return node.clone();
                }
                let pieces = self.parser.parse(text);
                return self.words(&pieces, node.place);
            }
            NodeValue::Seq(items) => NodeValue::Seq(items.iter().map(|item| self.node(item)).collect()),
            NodeValue::Map(entries) => NodeValue::Map(entries.iter().map(|entry| self.entry(entry)).collect()),
        };
        Node {
            value,
            tag: node.tag.clone(),
            place: node.place,
        }
    }

    /// A call whose argument is a text with variables; `None` where it is to be read like any value.
    fn called(&mut self, node: &Node, name: &str) -> Option<Node> {
        let argument = match (&node.tag, node.entries()) {
            (Some(_), _) => Node {
                tag: None,
                ..node.clone()
            },
            (None, [entry]) => entry.value.clone(),
            _ => return None,
        };
        if name == "Sub" {
            return self.substitution(&argument, node.place);
        }
        let text = argument.as_str()?;
        if !text.contains("${") {
            return node.tag.is_some().then(|| node.clone());
        }
        let pieces = self.parser.parse(text);
        let made = self.words(&pieces, node.place);
        let at = Make(node.place);
        let key = if name == "Ref" {
            "Ref".to_owned()
        } else {
            format!("Fn::{name}")
        };
        if matches!(name, "Ref" | "GetAtt" | "Condition") {
            return Some(match self.open.text(&made) {
                Some(text) => at.map(vec![(key.as_str(), at.text(&text))]),
                // Nobody knows what is referred to.
                None => self.unknown(&said(&pieces), node.place),
            });
        }
        Some(at.map(vec![(key.as_str(), made)]))
    }

    /// `Fn::Sub` whose text holds variables: what is not written out becomes a variable of its own.
    fn substitution(&mut self, argument: &Node, place: Place) -> Option<Node> {
        let (text, own) = match argument.items() {
            [text, own] => (text.as_str()?, Some(own)),
            _ => (argument.as_str()?, None),
        };
        if self.secret {
            self.includes.sensitive.push(place);
        }
        let own = own.map(|own| self.node(own));
        let pieces = self.parser.parse(text);
        let mut variables = own.map_or_else(Vec::new, |own| own.entries().to_vec());
        let mut whole = String::new();
        for piece in &pieces {
            match piece {
                Piece::Text(text) => whole.push_str(text),
                Piece::Variable(sources) => {
                    let value = self.variable(sources, place);
                    let value = self.in_text(value, sources, place);
                    match value.as_str() {
                        Some(text) => whole.push_str(text),
                        None => {
                            let name = format!("variable{}", variables.len());
                            whole.push_str(&format!("${{{name}}}"));
                            variables.push(Entry::new(&name, value));
                        }
                    }
                    if whole.len() > MAX_TEXT {
                        return Some(self.cut(place));
                    }
                }
            }
        }
        if !self.spend(whole.len() / TEXT_WEIGHT, place) {
            return Some(self.cut(place));
        }
        let at = Make(place);
        let text = at.text(&whole);
        let argument = if variables.is_empty() {
            text
        } else {
            at.list(vec![text, Node::map(variables, place)])
        };
        Some(at.map(vec![("Fn::Sub", argument)]))
    }

    /// Pieces one after the other; a variable alone keeps what it comes to, a map too.
    pub(super) fn words(&mut self, pieces: &[Piece], place: Place) -> Node {
        if self.parser.is_exhausted() {
            self.tell_bounds(place);
        }
        if let [Piece::Variable(sources)] = pieces {
            return self.variable(sources, place);
        }
        let mut parts = Vec::with_capacity(pieces.len());
        let mut length = 0;
        for piece in pieces {
            let part = match piece {
                Piece::Text(text) => Node::string(text, place),
                Piece::Variable(sources) => {
                    let value = self.variable(sources, place);
                    self.in_text(value, sources, place)
                }
            };
            length += part.as_str().map_or(1, str::len);
            parts.push(part);
            if length > MAX_TEXT {
                return self.cut(place);
            }
        }
        if !self.spend(length / TEXT_WEIGHT, place) {
            return self.cut(place);
        }
        joined(place, parts)
    }

    /// A value as a part of a text, where a map or a list has no place.
    fn in_text(&mut self, value: Node, sources: &[Source], place: Place) -> Node {
        if value.as_str().is_some() || call(&value).is_some() {
            return value;
        }
        let name = source_said(sources.first());
        let reason = format!("${{{name}}}: expected a text, found {}", value.describe());
        self.gap(GapKind::Unparsed, reason, place);
        self.unknown(&name, place)
    }

    /// What a value under a name is, worked out once: `find` is asked when it is not known yet.
    pub(super) fn once(
        &mut self,
        name: String,
        place: Place,
        find: impl FnOnce(&mut Self) -> Option<Node>,
    ) -> Option<Node> {
        match self.known.get(&name) {
            Some(Known::Busy) => {
                self.gap(GapKind::Unparsed, format!("${{{name}}} refers to itself"), place);
                return Some(self.unknown(&name, place));
            }
            // Of a secret every place is kept, also on the way to it.
            Some(Known::Value { node, height, size }) if !self.secret => {
                let (node, height, size) = (node.clone(), *height, *size);
                if self.depth + height > MAX_DEPTH || !self.spend(size, place) {
                    return Some(self.cut(place));
                }
                return Some(Node::clone(&node));
            }
            _ => {}
        }
        self.known.insert(name.clone(), Known::Busy);
        let found = self.deeper(find);
        match &found {
            Some(node) => {
                let known = Known::Value {
                    node: Arc::new(node.clone()),
                    height: height(node),
                    size: node.size(),
                };
                self.known.insert(name, known);
            }
            None => _ = self.known.remove(&name),
        }
        found
    }

    fn deeper(&mut self, find: impl FnOnce(&mut Self) -> Option<Node>) -> Option<Node> {
        self.depth += 1;
        let found = find(self);
        self.depth -= 1;
        found
    }

    /// A value that only the deployment knows, by the name under which `--parameter` gives it.
    pub(super) fn unknown(&mut self, name: &str, place: Place) -> Node {
        self.opened(name, None, place)
    }

    /// As [`Resolver::unknown`], with a default.
    pub(super) fn opened(&mut self, name: &str, default: Option<&str>, place: Place) -> Node {
        if let Some(given) = self.given.get(name) {
            self.open.declare(name, place);
            return Node::plain(given, place);
        }
        self.open.reference(name, default, place)
    }

    /// Lets the values of a file be read once.
    pub(super) fn allow(&mut self, path: String, root: &Node) {
        if !self.included.contains(&path) {
            self.written = self.written.saturating_add(root.size());
            self.included.insert(path);
        }
    }

    fn spend(&mut self, values: usize, place: Place) -> bool {
        self.spent = self.spent.saturating_add(values);
        let within = self.spent <= MAX_VALUES.saturating_add(self.written);
        if !within {
            self.tell_bounds(place);
        }
        within
    }

    /// What stands where a bound is reached.
    fn cut(&mut self, place: Place) -> Node {
        self.tell_bounds(place);
        self.open
            .reference("what lies beyond the bounds of a service", None, place)
    }

    fn tell_bounds(&mut self, place: Place) {
        if !std::mem::replace(&mut self.told_bounds, true) {
            let reason = format!(
                "variables make more than {MAX_VALUES} values of this service, too long ones, or too deep ones: the rest is not known"
            );
            self.gap(GapKind::Bounds, reason, place);
        }
    }
}

fn height(node: &Node) -> usize {
    let items = node.items().iter().map(height);
    let entries = node.entries().iter().map(|entry| height(&entry.value));
    1 + items.chain(entries).max().unwrap_or(0)
}

/// Pieces as they were written, or near it.
pub(super) fn said(pieces: &[Piece]) -> String {
    let said = pieces.iter().map(|piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Variable(sources) => format!("${{{}}}", source_said(sources.first())),
    });
    said.collect()
}

/// A source as it was written, or near it.
pub(super) fn source_said(source: Option<&Source>) -> String {
    match source {
        Some(Source::Named {
            kind,
            parameters,
            address,
        }) => {
            let parameters = parameters
                .as_ref()
                .map_or_else(String::new, |all| format!("({})", said(all)));
            let address = if address.is_empty() {
                String::new()
            } else {
                format!(":{}", said(address))
            };
            format!("{kind}{parameters}{address}")
        }
        Some(Source::Literal { text, .. }) => text.clone(),
        None => String::new(),
    }
}
