//! `Fn::ForEach` (AWS::LanguageExtensions): loops over a collection, written out before anything
//! else is read.

use super::resolve::TEXT_WEIGHT;
use super::template::call;
use super::world::{StackId, World};
use maremma_model::{Entry, GapKind, Node, NodeValue, Value};
use std::sync::Arc;

/// How many nodes the loops of one template may make.
const MAX_MADE: usize = 1_000_000;

/// The template of a stack with its loops written out. A loop over what is not known is left away,
/// with a gap.
pub(super) fn expand(world: &World<'_>, stack: StackId) -> Node {
    let mut loops = Loops {
        world,
        stack,
        bindings: Vec::new(),
        made: 0,
        full: false,
    };
    loops.node(&world.stack(stack).root)
}

struct Loops<'a, 'b> {
    world: &'a World<'b>,
    stack: StackId,
    /// The identifiers in force, innermost last.
    bindings: Vec<(Arc<str>, Arc<str>)>,
    made: usize,
    full: bool,
}

impl Loops<'_, '_> {
    fn node(&mut self, node: &Node) -> Node {
        self.made += 1;
        if let Some(text) = self.bound_reference(node) {
            return Node::string(&text, node.place);
        }
        let value = match &node.value {
            NodeValue::Null => NodeValue::Null,
            NodeValue::Scalar { text, quoted } => NodeValue::Scalar {
                text: self.substituted(text),
                quoted: *quoted,
            },
            NodeValue::Seq(items) => NodeValue::Seq(items.iter().map(|item| self.node(item)).collect()),
            NodeValue::Map(entries) => {
                let mut made = Vec::with_capacity(entries.len());
                entries.iter().for_each(|entry| self.entry(entry, &mut made));
                NodeValue::Map(made)
            }
        };
        Node {
            value,
            tag: node.tag.clone(),
            place: node.place,
        }
    }

    fn entry(&mut self, entry: &Entry, made: &mut Vec<Entry>) {
        if entry.key.starts_with("Fn::ForEach::") {
            self.unroll(entry, made);
        } else {
            let key = self.substituted(&entry.key);
            let value = self.node(&entry.value);
            made.push(Entry {
                key,
                key_place: entry.key_place,
                value,
            });
        }
    }

    /// `Ref` of an identifier is its value.
    fn bound_reference(&self, node: &Node) -> Option<Arc<str>> {
        let call = call(node)?;
        let name = (call.name == "Ref").then(|| call.argument.as_str())??;
        self.bindings
            .iter()
            .rev()
            .find(|(identifier, _)| &**identifier == name)
            .map(|(_, value)| value.clone())
    }

    /// `${Identifier}` and `&{Identifier}` (which keeps only letters and digits) in keys and texts.
    fn substituted(&mut self, text: &Arc<str>) -> Arc<str> {
        if self.bindings.is_empty() || !text.contains('{') {
            return text.clone();
        }
        let mut result = text.to_string();
        for (identifier, value) in self.bindings.iter().rev() {
            result = result.replace(&format!("${{{identifier}}}"), value);
            let plain: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
            result = result.replace(&format!("&{{{identifier}}}"), &plain);
        }
        self.made += result.len() / TEXT_WEIGHT;
        result.into()
    }

    fn unroll(&mut self, entry: &Entry, made: &mut Vec<Entry>) {
        let [identifier, collection, body] = entry.value.items() else {
            let reason = format!("{}: expected [Identifier, Collection, {{OutputKey: ...}}]", entry.key);
            return self.world.gap(GapKind::Unparsed, reason, entry.key_place);
        };
        let (Some(identifier), Some(values)) = (identifier.as_str(), self.collection(collection)) else {
            let reason = format!(
                "{}: the collection is not known, so what the loop makes is not read",
                entry.key
            );
            return self.world.gap(GapKind::Unsupported, reason, collection.place);
        };
        for value in values {
            if self.made > MAX_MADE {
                if !std::mem::replace(&mut self.full, true) {
                    let reason = format!(
                        "{}: the loops of this template make more than {MAX_MADE} values",
                        entry.key
                    );
                    self.world.gap(GapKind::Bounds, reason, entry.key_place);
                }
                return;
            }
            self.bindings.push((identifier.into(), value));
            body.entries().iter().for_each(|entry| self.entry(entry, made));
            self.bindings.pop();
        }
    }

    fn collection(&mut self, node: &Node) -> Option<Vec<Arc<str>>> {
        let node = self.node(node);
        let resolved = self.world.resolve(self.stack, &node);
        let Value::List(items) = resolved.value else {
            return None;
        };
        let mut values = Vec::new();
        for item in &items {
            match &item.value {
                Value::List(inner) => values.extend(inner.iter().map(|item| item.as_str().map(Arc::from))),
                _ => values.push(item.as_str().map(Arc::from)),
            }
        }
        self.made += values.len();
        values.into_iter().collect()
    }
}
