//! Variables that the service does not decide: each is a parameter of the template that is made.
//!
//! A variable of the deployment (`${env:TABLE, 'orders'}`) becomes a parameter, with the fallback as its
//! default. So the CloudFormation reader knows all the rest: what `--parameter` gives, what holds by a
//! default, and what is not known.

use crate::cloudformation::{call, make::Make};
use maremma_model::{Entry, Node, Place};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many defaults of one name are told apart.
const MAX_DEFAULTS: usize = 20;

struct Opened {
    place: Place,
    default: Option<Arc<str>>,
}

/// The parameters that variables become, by name.
#[derive(Default)]
pub(super) struct Open(BTreeMap<String, Opened>);

impl Open {
    /// Makes the name one that `--parameter` may give.
    pub(super) fn declare(&mut self, name: &str, place: Place) {
        let opened = Opened { place, default: None };
        self.0.entry(name.to_owned()).or_insert(opened);
    }

    /// A reference to the parameter of a name, which has the default where it is not given.
    pub(super) fn reference(&mut self, name: &str, default: Option<&str>, place: Place) -> Node {
        for number in 1..=MAX_DEFAULTS {
            // Two places may name two fallbacks of one variable.
            let key = if number == 1 {
                name.to_owned()
            } else {
                format!("{name} ({number})")
            };
            match self.0.get(&key) {
                Some(known) if known.default.as_deref() == default => return Make(place).reference(&key),
                Some(_) => {}
                None => {
                    let default = default.map(Arc::from);
                    self.0.insert(key.clone(), Opened { place, default });
                    return Make(place).reference(&key);
                }
            }
        }
        match default {
            Some(default) => Node::string(default, place),
            None => Make(place).reference(name),
        }
    }

    /// Whether a node refers to a variable whose value is not known at all.
    pub(super) fn is_hole(&self, node: &Node) -> bool {
        self.opened(node).is_some_and(|opened| opened.default.is_none())
    }

    fn opened(&self, node: &Node) -> Option<&Opened> {
        let call = call(node).filter(|call| call.name == "Ref")?;
        self.0.get(call.argument.as_str()?)
    }

    /// The text of a scalar, or what a reference to a variable or a text of several pieces comes to.
    pub(super) fn text<'n>(&'n self, node: &'n Node) -> Option<Cow<'n, str>> {
        if let Some(text) = node.as_str() {
            return Some(Cow::Borrowed(text));
        }
        if let Some(opened) = self.opened(node) {
            return opened.default.as_deref().map(Cow::Borrowed);
        }
        let call = call(node).filter(|call| call.name == "Join")?;
        let [delimiter, list] = call.argument.items() else {
            return None;
        };
        let mut whole = String::new();
        for (at, item) in list.items().iter().enumerate() {
            if at > 0 {
                whole.push_str(delimiter.as_str()?);
            }
            // Pieces are texts and references: a join of joins was flattened when it was made.
            match item.as_str() {
                Some(text) => whole.push_str(text),
                None => whole.push_str(self.opened(item)?.default.as_deref()?),
            }
        }
        Some(Cow::Owned(whole))
    }

    /// The section of parameters of the template.
    pub(super) fn section(&self, place: Place) -> Node {
        let entries = self.0.iter().map(|(name, opened)| {
            let at = Make(opened.place);
            let mut declared = vec![("Type", at.text("String"))];
            declared.extend(opened.default.as_deref().map(|default| ("Default", at.text(default))));
            Entry {
                key: name.as_str().into(),
                key_place: opened.place,
                value: at.map(declared),
            }
        });
        Node::map(entries.collect(), place)
    }
}

/// Texts and calls one after the other: a scalar where all of it is written out.
pub(super) fn joined(place: Place, parts: Vec<Node>) -> Node {
    let mut pieces: Vec<Node> = Vec::new();
    let mut run = String::new();
    let flat = parts.into_iter().flat_map(|part| {
        let pieces = call(&part).filter(|call| call.name == "Join").and_then(|call| {
            let [delimiter, list] = call.argument.items() else {
                return None;
            };
            (delimiter.as_str() == Some("")).then(|| list.items().to_vec())
        });
        pieces.unwrap_or_else(|| vec![part])
    });
    for part in flat {
        match part.as_str() {
            Some(text) => run.push_str(text),
            None => {
                if !run.is_empty() {
                    pieces.push(Node::string(&std::mem::take(&mut run), place));
                }
                pieces.push(Node { place, ..part });
            }
        }
    }
    if pieces.is_empty() {
        return Node::string(&run, place);
    }
    if !run.is_empty() {
        pieces.push(Node::string(&run, place));
    }
    let at = Make(place);
    match pieces.as_mut_slice() {
        [only] => only.clone(),
        _ => at.map(vec![("Fn::Join", at.list(vec![at.text(""), at.list(pieces)]))]),
    }
}
