//! The nested blocks of a resource as lists of maps, with those of `dynamic` written out.

use super::body::{Argument, Block, Body, Syntax, Written};
use super::evaluation::{Evaluation, What};
use super::names::{Iterator, Names};
use super::resource::{Resident, is_own_argument, is_own_block};
use super::value::{Branch, Kind, Number, Value};
use hcl_edit::expr::Expression;
use maremma_model::Place;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// The kind that a block is of: that which a `dynamic` block makes.
fn kind_of(block: &Block) -> &str {
    if &*block.kind == "dynamic" {
        block.label(0)
    } else {
        &block.kind
    }
}

/// The kinds of the blocks of a body, each with the row of its first.
pub(super) fn kinds(body: &Body) -> Vec<(usize, &str)> {
    let mut found: Vec<(usize, &str)> = Vec::new();
    for (row, block) in body.blocks.iter().enumerate() {
        let kind = kind_of(block);
        if !is_own_block(kind) && !found.iter().any(|(_, known)| *known == kind) {
            found.push((row, kind));
        }
    }
    found
}

impl<'a> Evaluation<'a> {
    /// The blocks of a kind, as a list of maps; `None` where there are none.
    pub(super) fn blocks(&self, resident: &Resident<'a>, kind: &str) -> Option<Value> {
        let body = &resident.block.body;
        let row = body.blocks.iter().position(|block| kind_of(block) == kind)?;
        if is_own_block(kind) {
            return None;
        }
        let at = body.blocks.get(row).map_or(resident.block.at, |block| block.at);
        let key = resident.key(What::Blocks, row);
        Some(self.value(key, at, || list(&resident.names(self), body, kind, at)))
    }
}

/// The blocks of a kind in a body.
fn list(names: &Names<'_, '_>, body: &Body, kind: &str, at: Place) -> Value {
    let mut items = Vec::new();
    for block in body.blocks.iter().filter(|block| kind_of(block) == kind) {
        if &*block.kind == "dynamic" {
            dynamic(names, block, &mut items);
        } else {
            items.push(map(names, &block.body, block.at));
        }
    }
    Value::new(Kind::List(Rc::new(items)), at)
}

/// What a data source is asked: all but what is Terraform's own.
pub(super) fn asked(names: &Names<'_, '_>, body: &Body, at: Place) -> Value {
    contents(names, body, at, &|argument| !is_own_argument(&argument.name))
}

/// The contents of a block.
fn map(names: &Names<'_, '_>, body: &Body, at: Place) -> Value {
    contents(names, body, at, &|_| true)
}

fn contents(names: &Names<'_, '_>, body: &Body, at: Place, counts: &dyn Fn(&Argument) -> bool) -> Value {
    if !names.world.spend(1) {
        return Value::unresolved("evaluating this takes more than is given to it", at);
    }
    let mut entries: BTreeMap<Arc<str>, Value> = BTreeMap::new();
    for argument in body.arguments.iter().filter(|argument| counts(argument)) {
        entries.insert(argument.name.clone(), names.evaluate(&argument.value));
    }
    for (_, kind) in kinds(body) {
        let at = body
            .blocks
            .iter()
            .find(|block| kind_of(block) == kind)
            .map_or(at, |block| block.at);
        entries.insert(kind.into(), list(names, body, kind, at));
    }
    Value::new(Kind::Map(Rc::new(entries)), at)
}

/// Writes out a `dynamic` block. Source: Terraform's language reference, "dynamic Blocks".
fn dynamic(names: &Names<'_, '_>, block: &Block, items: &mut Vec<Value>) {
    let (Some(written), Some(content)) = (block.body.value("for_each"), block.body.block("content")) else {
        names.refuse("dynamic: expected a for_each and a content block", block.at);
        return;
    };
    let name: Arc<str> = match block.body.value("iterator") {
        Some(written) => written.dotted(&names.world.loaded.sources).into(),
        None => block.label(0).into(),
    };
    let one = |key: Value, value: Value| {
        let iterator = Iterator {
            name: name.clone(),
            key,
            value,
            outer: names.iterators,
        };
        let names = Names {
            iterators: Some(&iterator),
            ..*names
        };
        map(&names, &content.body, content.at)
    };
    let value = names.evaluate(written);
    let Kind::Choice(branches) = &value.kind else {
        match entries(&value, written) {
            Some(entries) => items.extend(entries.into_iter().map(|(key, value)| one(key, value))),
            None => items.push(unknown(&value, block.at)),
        }
        return;
    };
    let worlds: Option<Vec<(Arc<str>, Vec<Value>)>> = branches
        .iter()
        .map(|branch| {
            let entries = entries(&branch.value, written)?;
            let blocks = entries.into_iter().map(|(key, value)| one(key, value));
            Some((branch.when.clone(), blocks.collect()))
        })
        .collect();
    match worlds {
        Some(worlds) => in_worlds(&worlds, block.at, items),
        None => items.push(unknown(&value, block.at)),
    }
}

/// Every world has its own blocks; one that has fewer than another has nothing in the place of the last.
fn in_worlds(worlds: &[(Arc<str>, Vec<Value>)], at: Place, items: &mut Vec<Value>) {
    let most = worlds.iter().map(|(_, blocks)| blocks.len()).max().unwrap_or(0);
    for row in 0..most {
        let branches = worlds.iter().map(|(when, blocks)| Branch {
            when: when.clone(),
            value: blocks.get(row).cloned().unwrap_or(Value::new(Kind::Null, at)),
        });
        items.push(Value::new(Kind::Choice(Rc::new(branches.collect())), at));
    }
}

/// Keys and values of what a `dynamic` block goes over; `None` where they are not known.
fn entries(value: &Value, written: &Written) -> Option<Vec<(Value, Value)>> {
    match &value.kind {
        Kind::Map(map) => {
            let entries = map
                .iter()
                .map(|(key, value)| (Value::text(key.clone(), value.at), value.clone()));
            Some(entries.collect())
        }
        Kind::List(items) => {
            let entries = items.iter().enumerate().map(|(at, item)| {
                let number = Number(at.to_string().into());
                let key = match (order(written), &item.kind) {
                    (Order::Set, _) => item.clone(),
                    (Order::Either, Kind::Text(_)) => {
                        Value::unresolved("the key in a list or a set, whichever it is", item.at)
                    }
                    _ => Value::new(Kind::Number(number), item.at),
                };
                (key, item.clone())
            });
            Some(entries.collect())
        }
        Kind::Null => Some(Vec::new()),
        _ => None,
    }
}

/// Whether the key of an element is its place, as in a list, or itself, as in a set.
enum Order {
    List,
    Set,
    Either,
}

fn order(written: &Written) -> Order {
    match &written.syntax {
        Syntax::Hcl(Expression::FuncCall(call)) => match call.name.name.as_str() {
            "toset" | "setunion" | "setintersection" | "setsubtract" => Order::Set,
            _ => Order::List,
        },
        Syntax::Hcl(Expression::Variable(_) | Expression::Traversal(_) | Expression::Conditional(_)) => Order::Either,
        _ => Order::List,
    }
}

/// Blocks of which not even the number is known.
fn unknown(value: &Value, at: Place) -> Value {
    let why = match &value.kind {
        Kind::Unknown(why) => why.clone(),
        _ => maremma_model::Why::Unresolved("how many of these blocks there are is not known".into()),
    };
    Value::unknown(why, at)
}
