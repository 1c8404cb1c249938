//! References: names, attributes, indices and splats.

use super::convert::{Trouble, key, kind, text};
use super::operator::one_hole;
use super::world::in_every;
use super::{Kind, Number, Scope, Value, enough, evaluate as evaluate_expression, refuse};
use crate::terraform::scope::Step;
use crate::terraform::value::Branch;
use hcl_edit::Decorated;
use hcl_edit::expr::{Expression, TraversalOperator};
use maremma_model::{Attribute, Hole, Piece, Place, Text, Why};
use std::rc::Rc;

pub(super) fn evaluate(
    root: &Expression,
    operators: &[Decorated<TraversalOperator>],
    scope: &dyn Scope,
    at: Place,
) -> Value {
    let splat = operators.iter().position(is_splat).unwrap_or(operators.len());
    let (plain, rest) = operators.split_at_checked(splat).unwrap_or((operators, &[]));
    let steps: Vec<Step> = plain
        .iter()
        .filter_map(|operator| step_of(operator, scope, at))
        .collect();
    let value = match root {
        Expression::Variable(name) => named(name.as_str(), &steps, scope, at),
        other => walk(evaluate_expression(other, scope), &steps, scope, at),
    };
    splatted(value, rest, scope, at)
}

fn is_splat(operator: &Decorated<TraversalOperator>) -> bool {
    matches!(
        operator.value(),
        TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_)
    )
}

fn step_of(operator: &TraversalOperator, scope: &dyn Scope, at: Place) -> Option<Step> {
    match operator {
        TraversalOperator::GetAttr(name) => Some(Step::Attribute(name.as_str().into())),
        TraversalOperator::Index(index) => Some(Step::Index(evaluate_expression(index, scope))),
        TraversalOperator::LegacyIndex(index) => {
            let number = Number(index.value().to_string().into());
            Some(Step::Index(Value::new(Kind::Number(number), at)))
        }
        TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => None,
    }
}

fn named(name: &str, steps: &[Step], scope: &dyn Scope, at: Place) -> Value {
    let Some((value, taken)) = scope.name(name, steps, at) else {
        let first = match steps.first() {
            Some(Step::Attribute(first)) => format!(".{first}"),
            _ => String::new(),
        };
        return refuse(format!("{name}{first} is declared nowhere"), scope, at);
    };
    let rest = steps.get(taken..).unwrap_or_default();
    let weight = match &value.kind {
        Kind::Text(Text::Holed(pieces)) => pieces.len(),
        _ => 1,
    };
    if !scope.spend(weight) {
        return enough(at);
    }
    if rest.is_empty() {
        return value;
    }
    let value = walk(value, rest, scope, at);
    // A scalar that comes by a reference stands where it is referred to. The variable of a `for` stands for
    // many, each of which is written somewhere.
    match &value.kind {
        _ if taken == 0 => value,
        Kind::List(_) | Kind::Map(_) | Kind::Json(_) | Kind::Object(_) | Kind::Choice(_) => value,
        Kind::Null | Kind::Bool(_) | Kind::Number(_) | Kind::Text(_) | Kind::Unknown(_) => value.at(at),
    }
}

/// What a value comes to, step by step.
pub(crate) fn walk(value: Value, steps: &[Step], scope: &dyn Scope, at: Place) -> Value {
    steps.iter().fold(value, |value, step| {
        let index = match step {
            Step::Attribute(name) => Value::text(name.clone(), at),
            Step::Index(index) => index.clone(),
        };
        let attribute = matches!(step, Step::Attribute(_));
        in_every(
            vec![value, index],
            scope,
            at,
            &mut |values, scope| match <[Value; 2]>::try_from(values) {
                Ok([value, index]) => one_step(&value, &index, attribute, scope, at).made_of(&value),
                Err(_) => Value::new(Kind::Null, at),
            },
        )
    })
}

fn one_step(value: &Value, index: &Value, attribute: bool, scope: &dyn Scope, at: Place) -> Value {
    let told = |value: &Value| match text(value) {
        Ok(text) => text.to_string(),
        Err(_) => kind(value).to_owned(),
    };
    match &value.kind {
        Kind::Unknown(why) => Trouble::Unknown(why.clone()).value(scope, at),
        Kind::Object(of) => {
            let step = match (attribute, key(index)) {
                (true, Ok(name)) => Step::Attribute(name),
                _ => Step::Index(index.clone()),
            };
            scope.attribute(of, &step, at)
        }
        Kind::Map(fields) => match key(index) {
            Ok(key) => match fields.get(&key) {
                Some(value) => value.clone(),
                None => refuse(format!("this map has no \"{key}\""), scope, at),
            },
            Err(trouble) => {
                let candidates = fields.iter().map(|(key, value)| (format!("\"{key}\""), value));
                any_of(index, candidates.collect(), scope, at).unwrap_or_else(|| trouble.value(scope, index.at))
            }
        },
        Kind::List(items) if !attribute => match key(index) {
            Ok(key) => match Number::parse(&key)
                .and_then(|number| number.as_index())
                .and_then(|at| items.get(at))
            {
                Some(value) => value.clone(),
                None => refuse(format!("this list of {} has no element {key}", items.len()), scope, at),
            },
            Err(trouble) => {
                let candidates = items
                    .iter()
                    .enumerate()
                    .map(|(index, value)| (index.to_string(), value));
                any_of(index, candidates.collect(), scope, at).unwrap_or_else(|| trouble.value(scope, index.at))
            }
        },
        Kind::Text(holed) if one_hole(holed).is_some() => inside_hole(holed, index, attribute, at),
        _ => refuse(format!("{} has no {}", kind(value), told(index)), scope, at),
    }
}

/// Whichever element an index names that is not known: one of those that are there.
fn any_of(index: &Value, candidates: Vec<(String, &Value)>, scope: &dyn Scope, at: Place) -> Option<Value> {
    let why = match &index.kind {
        Kind::Unknown(why) => why,
        Kind::Text(text) => &one_hole(text)?.why,
        _ => return None,
    };
    if candidates.is_empty() || candidates.len() > super::world::MAX_WORLDS || matches!(why, Why::Unresolved(_)) {
        return None;
    }
    scope.doubt();
    let branch = |(key, value): (String, &Value)| Branch {
        when: format!("{} == {key}", why.name()).into(),
        value: value.clone(),
    };
    let branches: Vec<Branch> = candidates.into_iter().map(branch).collect();
    let choice = super::world::flat(Value::new(Kind::Choice(Rc::new(branches)), at));
    Some(choice.made_of(index))
}

/// A part of an attribute that is known only after apply: it still names the resource.
fn inside_hole(holed: &Text, index: &Value, attribute: bool, at: Place) -> Value {
    let Some(hole) = one_hole(holed) else {
        return Value::new(Kind::Text(holed.clone()), at);
    };
    let part = |whole: &str, key: &str| match attribute {
        true => format!("{whole}.{key}"),
        false => format!("{whole}[{key}]"),
    };
    let stands_for = match (&hole.stands_for, key(index)) {
        (Some(whole), Ok(key)) => Some(Attribute {
            of: whole.of,
            name: part(&whole.name, &key).into(),
        }),
        // What is read is no resource; it is told by its name.
        (None, Ok(key)) => match &hole.why {
            Why::Attribute(whole) => return Value::unknown(Why::Attribute(part(whole, &key).into()), at),
            _ => None,
        },
        _ => None,
    };
    match stands_for {
        Some(part) => {
            let hole = Hole {
                why: hole.why.clone(),
                stands_for: Some(part),
            };
            Value::new(Kind::Text(Text::from_pieces([Piece::Hole(hole)])), at)
        }
        None => Value::unknown(hole.why.clone(), at),
    }
}

/// A value with all that begins with a splat behind it.
fn splatted(value: Value, operators: &[Decorated<TraversalOperator>], scope: &dyn Scope, at: Place) -> Value {
    let Some((splat, rest)) = operators.split_first() else {
        return value;
    };
    // `.*` reaches over the attributes behind it, `[*]` over everything.
    let reach = match splat.value() {
        TraversalOperator::AttrSplat(_) => rest.iter().position(|operator| {
            !matches!(
                operator.value(),
                TraversalOperator::GetAttr(_) | TraversalOperator::LegacyIndex(_)
            )
        }),
        _ => None,
    };
    let (inner, outer) = rest
        .split_at_checked(reach.unwrap_or(rest.len()))
        .unwrap_or((rest, &[]));
    let all = in_every(
        vec![value],
        scope,
        at,
        &mut |values, scope| match values.into_iter().next() {
            Some(value) => each(&value, inner, scope, at).made_of(&value),
            None => Value::new(Kind::Null, at),
        },
    );
    outermost(all, outer, scope, at)
}

/// Every element of a list; a value that is no list is one of one.
fn each(value: &Value, operators: &[Decorated<TraversalOperator>], scope: &dyn Scope, at: Place) -> Value {
    let items = match &value.kind {
        Kind::Null => &[][..],
        Kind::List(items) => items,
        Kind::Unknown(why) => return Trouble::Unknown(why.clone()).value(scope, at),
        // What stands there may be a list.
        Kind::Text(text) if let Some(hole) = one_hole(text) => {
            return Trouble::Unknown(hole.why.clone()).value(scope, at);
        }
        _ => std::slice::from_ref(value),
    };
    let mut values = Vec::with_capacity(items.len());
    for item in items {
        if !scope.spend(1) {
            return enough(at);
        }
        values.push(outermost(item.clone(), operators, scope, at));
    }
    Value::new(Kind::List(Rc::new(values)), at)
}

/// A value with steps behind it, up to the next splat and from there.
fn outermost(value: Value, operators: &[Decorated<TraversalOperator>], scope: &dyn Scope, at: Place) -> Value {
    let splat = operators.iter().position(is_splat).unwrap_or(operators.len());
    let (plain, rest) = operators.split_at_checked(splat).unwrap_or((operators, &[]));
    let steps: Vec<Step> = plain
        .iter()
        .filter_map(|operator| step_of(operator, scope, at))
        .collect();
    splatted(walk(value, &steps, scope, at), rest, scope, at)
}
