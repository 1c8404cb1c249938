//! The finished template: references to what SAM renames mean what it was renamed to.

use super::super::template::call;
use super::make;
use maremma_model::{Entry, Node, NodeValue};
use std::collections::BTreeMap;
use std::sync::Arc;

type Renamed = BTreeMap<Arc<str>, Arc<str>>;

/// The template with `made` as its resources, with `conditions` besides its own, without `Globals`, and
/// with every reference renamed.
pub(super) fn finished(
    root: &Node,
    mut made: Vec<Entry>,
    mut conditions: BTreeMap<Arc<str>, Node>,
    renamed: &Renamed,
) -> Node {
    for entry in &mut made {
        if let Some(ids) = make::get_mut(&mut entry.value, "DependsOn") {
            depend(ids, renamed);
        }
    }
    let mut resources = Some(made);
    let mut entries = Vec::with_capacity(root.entries().len());
    for entry in root.entries() {
        let value = match &*entry.key {
            "Globals" => continue,
            "Resources" => Node::map(resources.take().unwrap_or_default(), entry.value.place),
            _ => entry.value.clone(),
        };
        entries.push(Entry {
            key: entry.key.clone(),
            key_place: entry.key_place,
            value,
        });
    }
    let mut finished = Node::map(entries, root.place);
    if !conditions.is_empty()
        && let Some(all) = make::slot(&mut finished, "Conditions", |make| make.map(Vec::new()))
        && let NodeValue::Map(entries) = &mut all.value
    {
        for entry in entries.iter_mut() {
            if let Some(value) = conditions.remove(&entry.key) {
                entry.value = value;
            }
        }
        entries.extend(conditions.into_iter().map(|(name, value)| Entry::new(&name, value)));
    }
    if !renamed.is_empty() {
        rename(&mut finished, renamed);
    }
    finished
}

/// Renames the logical ids of `DependsOn`: one, or a list.
fn depend(ids: &mut Node, renamed: &Renamed) {
    if let NodeValue::Seq(items) = &mut ids.value {
        items.iter_mut().for_each(|item| depend(item, renamed));
    } else if let Some(id) = ids.as_str().and_then(|id| renamed.get(id)) {
        *ids = Node::string(id, ids.place);
    }
}

fn rename(node: &mut Node, renamed: &Renamed) {
    if let Some(new) = renamed_call(node, renamed) {
        *node = new;
        return;
    }
    match &mut node.value {
        NodeValue::Null | NodeValue::Scalar { .. } => {}
        NodeValue::Seq(items) => items.iter_mut().for_each(|item| rename(item, renamed)),
        NodeValue::Map(entries) => entries.iter_mut().for_each(|entry| rename(&mut entry.value, renamed)),
    }
}

/// A `Ref`, `Fn::GetAtt` or `Fn::Sub` with what it names renamed; `None` where nothing is.
fn renamed_call(node: &Node, renamed: &Renamed) -> Option<Node> {
    let call = call(node)?;
    let own = |name: &str, value: Node| Node::map(vec![Entry::new(name, value)], node.place);
    match call.name {
        "Ref" => {
            let id = renamed.get(call.argument.as_str()?)?;
            Some(own("Ref", Node::string(id, node.place)))
        }
        "GetAtt" => {
            let path = make::attribute(call.argument)?;
            let (id, rest) = longest(&path, renamed)?;
            // `Orders.Version` alone means the version itself.
            let name = if rest.is_empty() { "Ref" } else { "Fn::GetAtt" };
            let text = if rest.is_empty() {
                id.to_string()
            } else {
                format!("{id}.{rest}")
            };
            Some(own(name, Node::string(&text, node.place)))
        }
        "Sub" => {
            let text = match (call.argument.as_str(), call.argument.items()) {
                (Some(text), _) => text,
                (None, [text, ..]) => text.as_str()?,
                _ => return None,
            };
            let text = Node::string(&substituted(text, renamed)?, node.place);
            match call.argument.items() {
                [_, variables, ..] => {
                    let mut variables = variables.clone();
                    rename(&mut variables, renamed);
                    Some(own("Fn::Sub", Node::seq(vec![text, variables], node.place)))
                }
                _ => Some(own("Fn::Sub", text)),
            }
        }
        _ => None,
    }
}

/// What the longest known beginning of a dotted path is renamed to, and the rest of the path.
fn longest<'p, 'r>(path: &'p str, renamed: &'r Renamed) -> Option<(&'r str, &'p str)> {
    if let Some(id) = renamed.get(path) {
        return Some((id, ""));
    }
    let cuts = path.rmatch_indices('.').map(|(at, _)| at);
    cuts.filter_map(|at| Some((path.get(..at)?, path.get(at + 1..)?)))
        .find_map(|(name, rest)| Some((&**renamed.get(name)?, rest)))
}

/// The text of `Fn::Sub` with its references renamed; `None` where there are none.
fn substituted(text: &str, renamed: &Renamed) -> Option<String> {
    let mut changed = false;
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, behind)) = after.split_once('}') else {
            break;
        };
        result.push_str(before);
        match longest(name.trim(), renamed) {
            Some((id, "")) => {
                changed = true;
                result.push_str(&format!("${{{id}}}"));
            }
            Some((id, attribute)) => {
                changed = true;
                result.push_str(&format!("${{{id}.{attribute}}}"));
            }
            None => result.push_str(&format!("${{{name}}}")),
        }
        rest = behind;
    }
    result.push_str(rest);
    changed.then_some(result)
}
