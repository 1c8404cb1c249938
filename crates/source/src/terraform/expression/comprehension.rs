//! `for` expressions: a list or a map of what a collection holds.

use super::build::weigh;
use super::conditional::opened;
use super::convert::{Trouble, key, kind, truth};
use super::layer::Layer;
use super::operator::one_hole;
use super::world::{World, branches, choice, in_every, split};
use super::{Kind, Number, Scope, Value, enough, evaluate as evaluate_expression, joined, refuse, words};
use hcl_edit::expr::{Expression, ForExpr};
use maremma_model::{Place, Why};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// What a `for` goes through: the key and the value of each round.
pub(super) type Rounds = Vec<(Value, Value)>;

pub(super) fn evaluate(expression: &ForExpr, scope: &dyn Scope, at: Place) -> Value {
    let collection = evaluate_expression(&expression.intro.collection_expr, scope);
    let set = is_set(&expression.intro.collection_expr);
    in_every(vec![collection], scope, at, &mut |collections, scope| {
        let Some(collection) = collections.into_iter().next() else {
            return Value::new(Kind::Null, at);
        };
        match rounds(&collection, set) {
            Ok(rounds) => {
                let mut value = gather(expression, rounds, scope, at);
                value.sensitive |= collection.sensitive;
                value.by = joined(value.by.take(), collection.by);
                value
            }
            Err(trouble) => trouble.value(scope, collection.at).made_of(&collection),
        }
    })
}

/// What a collection holds. The elements of a set are their own keys; which lists are sets, only the
/// expression says.
pub(super) fn rounds(collection: &Value, set: bool) -> Result<Rounds, Trouble> {
    match &collection.kind {
        Kind::List(items) => Ok(items
            .iter()
            .enumerate()
            .map(|(index, item)| {
                let index = Value::new(Kind::Number(Number::of(index)), item.at);
                (if set { item.clone() } else { index }, item.clone())
            })
            .collect()),
        Kind::Map(fields) => {
            let round = |(key, value): (&Arc<str>, &Value)| (Value::text(key.clone(), value.at), value.clone());
            Ok(fields.iter().map(round).collect())
        }
        Kind::Unknown(why) => Err(Trouble::Unknown(why.clone())),
        Kind::Object(reference) => Err(Trouble::Unknown(Why::Attribute(reference.address.clone()))),
        Kind::Text(text) => match one_hole(text) {
            Some(hole) => Err(Trouble::Unknown(hole.why.clone())),
            None => Err(not_iterable(collection)),
        },
        _ => Err(not_iterable(collection)),
    }
}

fn not_iterable(collection: &Value) -> Trouble {
    Trouble::Wrong(format!(
        "expected a list or map to go through, and this is {}",
        kind(collection)
    ))
}

pub(super) fn is_set(collection: &Expression) -> bool {
    match collection {
        Expression::FuncCall(call) => {
            let name = call.name.name.as_str();
            !call.name.is_namespaced() && (name == "toset" || name.starts_with("set") && name != "setproduct")
        }
        Expression::Parenthesis(inner) => is_set(inner.inner()),
        _ => false,
    }
}

/// The variables of one round, and what tells it from the others.
pub(super) fn bound<'a>(
    names: (Option<&'a str>, &'a str),
    (key, value): (Value, Value),
    scope: &'a dyn Scope,
) -> Layer<'a> {
    // Where only the value has a name, the value is what a condition may hang on.
    let told = if names.0.is_none() && matches!(value.kind, Kind::Text(_) | Kind::Number(_)) {
        &value
    } else {
        &key
    };
    let told = super::convert::text(told)
        .map(|text| text.to_string())
        .unwrap_or_default();
    let round = format!("{} {told}", names.0.unwrap_or(names.1));
    let mut variables = Vec::with_capacity(2);
    variables.extend(names.0.map(|name| (name, key)));
    variables.push((names.1, value));
    Layer::bound(scope, variables, round)
}

/// What has been gathered in one world.
#[derive(Clone)]
enum Gathered {
    List(Vec<Value>),
    Map(BTreeMap<Arc<str>, Value>),
    Groups(BTreeMap<Arc<str>, Vec<Value>>),
}

fn gather(expression: &ForExpr, rounds: Rounds, scope: &dyn Scope, at: Place) -> Value {
    let empty = match (&expression.key_expr, expression.grouping) {
        (None, _) => Gathered::List(Vec::new()),
        (Some(_), false) => Gathered::Map(BTreeMap::new()),
        (Some(_), true) => Gathered::Groups(BTreeMap::new()),
    };
    let names = (
        expression.intro.key_var.as_ref().map(|name| name.as_str()),
        expression.intro.value_var.as_str(),
    );
    let mut worlds = vec![(World::default(), empty)];
    let mut origin = Value::new(Kind::Null, at);
    for round in rounds {
        if !scope.spend(1 + worlds.len()) {
            return enough(at);
        }
        let layer = bound(names, round, scope);
        let options = match options(expression, &layer, &mut origin) {
            Ok(options) => options,
            Err(value) => return value.made_of(&origin),
        };
        let mut twice = None;
        for (_, option) in &options {
            if let (Some((Some(key), value)), [(_, Gathered::Map(fields))]) = (option, worlds.as_slice())
                && fields.contains_key(key)
            {
                twice = Some((key.clone(), value.at));
            }
        }
        if let Some((key, at)) = twice {
            refuse(format!("two rounds of this for give the key \"{key}\""), scope, at);
        }
        // A round that is decided is taken in place: copying the others would be quadratic.
        match options.as_slice() {
            [(None, option)] => worlds.iter_mut().for_each(|(_, gathered)| take(gathered, option)),
            options => match split(worlds, options, take) {
                Some(next) => worlds = next,
                None => return Value::unknown(Why::Condition(undecided(expression)), at),
            },
        }
    }
    let made = worlds
        .into_iter()
        .map(|(world, gathered)| (world, whole(gathered, at)))
        .collect();
    choice(made, at).made_of(&origin)
}

fn undecided(expression: &ForExpr) -> Arc<str> {
    let condition = expression.cond.as_ref().map(|condition| words(&condition.expr));
    condition.unwrap_or_else(|| "of several".to_owned()).into()
}

type Entry = Option<(Option<Arc<str>>, Value)>;

/// What holds under a condition, or always.
type Under<T> = Vec<(Option<Arc<str>>, T)>;

/// What a round adds, with the conditions under which it does.
fn options(expression: &ForExpr, scope: &Layer<'_>, origin: &mut Value) -> Result<Under<Entry>, Value> {
    let mut options = Vec::new();
    for (when, kept) in kept(expression, scope, origin)? {
        if !kept {
            options.push((when, None));
            continue;
        }
        let (value, keys) = entry(expression, scope, when.is_some());
        if !weigh(&value, scope) {
            return Err(enough(value.at));
        }
        let Some(keys) = keys else {
            options.push((when, Some((None, value))));
            continue;
        };
        *origin = origin.clone().made_of(&keys);
        for (world, name) in branches(&keys) {
            let when = match (&when, world) {
                (Some(when), Some(world)) => Some(format!("{when} and {world}").into()),
                (when, world) => when.clone().or(world),
            };
            match key(&name) {
                Ok(key) => options.push((when, Some((Some(key), value.clone())))),
                Err(trouble) => return Err(trouble.value(scope, name.at)),
            }
        }
    }
    Ok(options)
}

/// The value of a round and its key. What is wrong with a round that may be left out is not told.
fn entry(expression: &ForExpr, scope: &Layer<'_>, in_doubt: bool) -> (Value, Option<Value>) {
    let trial = Layer::trial(scope);
    let inner: &dyn Scope = if in_doubt { &trial } else { scope };
    let key = expression.key_expr.as_ref().map(|key| evaluate_expression(key, inner));
    (evaluate_expression(&expression.value_expr, inner), key)
}

/// Whether a round is kept, in every world.
fn kept(expression: &ForExpr, scope: &Layer<'_>, origin: &mut Value) -> Result<Under<bool>, Value> {
    let Some(condition) = &expression.cond else {
        return Ok(vec![(None, true)]);
    };
    let decided = opened(
        evaluate_expression(&condition.expr, scope),
        &words(&condition.expr),
        scope,
    );
    *origin = origin.clone().made_of(&decided);
    let mut kept = Vec::new();
    for (when, value) in branches(&decided) {
        match truth(&value) {
            Ok(truth) => kept.push((when, truth)),
            Err(trouble) => return Err(trouble.value(scope, value.at)),
        }
    }
    Ok(kept)
}

fn take(gathered: &mut Gathered, entry: &Entry) {
    let Some((key, value)) = entry else { return };
    match (gathered, key) {
        (Gathered::List(items), _) => items.push(value.clone()),
        (Gathered::Map(fields), Some(key)) => {
            fields.insert(key.clone(), value.clone());
        }
        (Gathered::Groups(groups), Some(key)) => groups.entry(key.clone()).or_default().push(value.clone()),
        (Gathered::Map(_) | Gathered::Groups(_), None) => {}
    }
}

fn whole(gathered: Gathered, at: Place) -> Value {
    let list = |items: Vec<Value>| Value::new(Kind::List(Rc::new(items)), at);
    match gathered {
        Gathered::List(items) => list(items),
        Gathered::Map(fields) => Value::new(Kind::Map(Rc::new(fields)), at),
        Gathered::Groups(groups) => {
            let groups = groups.into_iter().map(|(key, items)| (key, list(items))).collect();
            Value::new(Kind::Map(Rc::new(groups)), at)
        }
    }
}
