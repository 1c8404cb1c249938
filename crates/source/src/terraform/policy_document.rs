//! `data "aws_iam_policy_document"`: the policy that the AWS provider makes of its blocks.

mod merge;
mod statement;
#[cfg(test)]
mod tests;

use super::expression;
use super::scope::Scope;
use super::value::{Kind, Value};
use maremma_model::{Place, Why};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// What is written where no version is: <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document>.
const VERSION: &str = "2012-10-17";

/// The attributes of which each may decide the whole document.
const DECIDING: [&str; 7] = [
    "statement",
    "source_policy_documents",
    "override_policy_documents",
    "source_json",
    "override_json",
    "version",
    "policy_id",
];

type Fields = BTreeMap<Arc<str>, Value>;

/// The value of `json`, and of `minified_json`: the document itself, whose statements stand where their blocks
/// do. `body` holds the attributes and, as lists of maps, the blocks.
pub(crate) fn document(body: &Value, scope: &dyn Scope, at: Place) -> Value {
    let fields = match &body.kind {
        Kind::Map(fields) => fields,
        _ => return Value::unknown(why(body), at),
    };
    let given: Vec<&str> = DECIDING.into_iter().filter(|name| fields.contains_key(*name)).collect();
    let values = given.iter().filter_map(|name| fields.get(*name).cloned()).collect();
    expression::in_every(values, scope, at, &mut |values, scope| {
        let fields = given.iter().map(|name| Arc::from(*name)).zip(values).collect();
        decided(&fields, scope, at)
    })
}

fn decided(fields: &Fields, scope: &dyn Scope, at: Place) -> Value {
    let present = |name: &str| fields.get(name).filter(|value| !matches!(value.kind, Kind::Null));
    let mut whole = merge::Document::default();
    for source in present("source_json")
        .into_iter()
        .chain(listed(present("source_policy_documents")))
    {
        whole.take(source, scope, at);
    }
    let version = present("version").cloned().unwrap_or_else(|| Value::text(VERSION, at));
    whole.version(&version);
    if let Some(id) = present("policy_id") {
        whole.identified(id);
    }
    for statement in listed(present("statement")) {
        whole.add(statement::of(statement));
    }
    for source in listed(present("override_policy_documents")).chain(present("override_json")) {
        whole.take(source, scope, at);
    }
    whole.written(scope, at)
}

/// The elements of a list; what is no list, or not known, as a whole.
fn listed(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    let items = match value.map(|value| &value.kind) {
        Some(Kind::List(items)) => items.as_slice(),
        _ => value.map(std::slice::from_ref).unwrap_or_default(),
    };
    items.iter().filter(|item| !matches!(item.kind, Kind::Null))
}

/// Why nothing, or not all, of a value is known.
fn why(value: &Value) -> Why {
    match &value.kind {
        Kind::Unknown(why) => why.clone(),
        Kind::Choice(branches) => Why::Condition(branches.first().map_or("".into(), |branch| branch.when.clone())),
        Kind::Object(reference) => Why::Attribute(reference.address.clone()),
        Kind::Text(text) => text.why().cloned().unwrap_or(Why::NotKept),
        _ => Why::Unresolved("what stands here is no part of a policy".into()),
    }
}

/// A map, as sensitive as what it holds.
fn map(fields: Fields, at: Place) -> Value {
    let sensitive = fields.values().any(|field| field.sensitive);
    Value {
        sensitive,
        ..Value::new(Kind::Map(Rc::new(fields)), at)
    }
}

fn list(items: Vec<Value>, at: Place) -> Value {
    let sensitive = items.iter().any(|item| item.sensitive);
    Value {
        sensitive,
        ..Value::new(Kind::List(Rc::new(items)), at)
    }
}
