//! Type constraints of variables, and values as they are converted to them.

use super::body::{Syntax, Written};
use super::value::{Branch, Kind, Number, Value};
use hcl_edit::expr::{Expression, FuncCall, Object, ObjectKey};
use maremma_model::{Text, Why};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

/// A type constraint. Source: Terraform's language reference, "Type Constraints".
#[derive(Debug, Default, PartialEq)]
pub(super) enum Type {
    #[default]
    Any,
    String,
    Number,
    Bool,
    List(Box<Type>),
    Set(Box<Type>),
    Map(Box<Type>),
    Tuple(Vec<Type>),
    Object(Vec<Attribute>),
}

#[derive(Debug, PartialEq)]
pub(super) struct Attribute {
    name: Arc<str>,
    ty: Type,
    optional: bool,
    /// What it is where it is not given; already of the type.
    default: Option<Value>,
}

impl Type {
    /// The constraint as it is written. `constant` gives the value of a default. What is no type takes any value.
    pub(super) fn read(written: &Written, constant: &dyn Fn(&Expression) -> Value) -> Type {
        match &written.syntax {
            Syntax::Hcl(expression) => of(expression, constant),
            Syntax::Json(node) => {
                let text = node.as_str().unwrap_or_default();
                hcl_edit::parser::parse_expr(text).map_or(Type::Any, |expression| of(&expression, constant))
            }
        }
    }

    pub(super) fn is_primitive(&self) -> bool {
        matches!(self, Type::String | Type::Number | Type::Bool)
    }

    /// The value as Terraform converts it.
    ///
    /// # Errors
    /// What was expected, in words.
    pub(super) fn convert(&self, value: Value) -> Result<Value, String> {
        match (&value.kind, self) {
            (_, Type::Any) | (Kind::Unknown(_) | Kind::Null | Kind::Object(_), _) => Ok(value),
            (Kind::Choice(branches), _) => {
                let converted = branches.iter().map(|branch| {
                    self.convert(branch.value.clone()).map(|value| Branch {
                        when: branch.when.clone(),
                        value,
                    })
                });
                let branches = converted.collect::<Result<Vec<_>, _>>()?;
                Ok(with(value, Kind::Choice(Rc::new(branches))))
            }
            (_, Type::String) => text(value),
            (_, Type::Number) => number(value),
            (_, Type::Bool) => boolean(value),
            (Kind::List(items), Type::List(inner)) => {
                let items = each(items, inner)?;
                Ok(with(value, Kind::List(items)))
            }
            (Kind::List(items), Type::Set(inner)) => {
                let items = unique(&each(items, inner)?);
                Ok(with(value, Kind::List(Rc::new(items))))
            }
            (Kind::List(items), Type::Tuple(types)) if items.len() == types.len() => {
                let items = items.iter().zip(types).map(|(item, ty)| ty.convert(item.clone()));
                let items = items.collect::<Result<Vec<_>, _>>()?;
                Ok(with(value, Kind::List(Rc::new(items))))
            }
            (Kind::Map(entries), Type::Map(inner)) => {
                let entries = entries
                    .iter()
                    .map(|(key, value)| Ok((key.clone(), inner.convert(value.clone())?)));
                let entries = entries.collect::<Result<BTreeMap<_, _>, String>>()?;
                Ok(with(value, Kind::Map(Rc::new(entries))))
            }
            (Kind::Map(entries), Type::Object(attributes)) => {
                let entries = object(entries, attributes)?;
                Ok(with(value, Kind::Map(Rc::new(entries))))
            }
            _ => Err(self.expected()),
        }
    }

    fn expected(&self) -> String {
        let words = match self {
            Type::Any => "any value",
            Type::String => "a string",
            Type::Number => "a number",
            Type::Bool => "true or false",
            Type::List(_) => "a list",
            Type::Set(_) => "a set",
            Type::Map(_) => "a map",
            Type::Tuple(types) => return format!("expected a list of {} values", types.len()),
            Type::Object(_) => "an object",
        };
        format!("expected {words}")
    }
}

fn of(expression: &Expression, constant: &dyn Fn(&Expression) -> Value) -> Type {
    match expression {
        Expression::Variable(name) => named(name.as_str()),
        // As Terraform 0.11 wrote it.
        Expression::String(name) => named(name.as_str()),
        Expression::Parenthesis(inner) => of(inner.inner(), constant),
        Expression::FuncCall(call) => {
            let inner = || Box::new(call.args.iter().next().map_or(Type::Any, |inner| of(inner, constant)));
            match call.name.name.as_str() {
                "list" => Type::List(inner()),
                "set" => Type::Set(inner()),
                "map" => Type::Map(inner()),
                "tuple" => {
                    let types = call.args.iter().next().and_then(Expression::as_array);
                    let types = types.into_iter().flat_map(|types| types.iter());
                    Type::Tuple(types.map(|inner| of(inner, constant)).collect())
                }
                "object" => {
                    let attributes = call.args.iter().next().and_then(Expression::as_object);
                    Type::Object(attributes.map_or_else(Vec::new, |object| attributes_of(object, constant)))
                }
                _ => Type::Any,
            }
        }
        _ => Type::Any,
    }
}

fn named(name: &str) -> Type {
    match name {
        "string" => Type::String,
        "number" => Type::Number,
        "bool" => Type::Bool,
        "list" => Type::List(Box::new(Type::Any)),
        "set" => Type::Set(Box::new(Type::Any)),
        "map" => Type::Map(Box::new(Type::Any)),
        _ => Type::Any,
    }
}

fn attributes_of(object: &Object, constant: &dyn Fn(&Expression) -> Value) -> Vec<Attribute> {
    let attributes = object.iter().map(|(key, value)| {
        let name = match key {
            ObjectKey::Ident(name) => name.as_str(),
            ObjectKey::Expression(expression) => expression.as_str().unwrap_or_default(),
        };
        attribute(name, value.expr(), constant)
    });
    attributes.collect()
}

fn attribute(name: &str, written: &Expression, constant: &dyn Fn(&Expression) -> Value) -> Attribute {
    let mut made = Attribute {
        name: name.into(),
        ty: Type::Any,
        optional: false,
        default: None,
    };
    match optional(written) {
        None => made.ty = of(written, constant),
        Some(call) => {
            let mut arguments = call.args.iter();
            made.ty = arguments.next().map_or(Type::Any, |inner| of(inner, constant));
            made.optional = true;
            let default = arguments.next().map(constant);
            made.default = default.and_then(|value| made.ty.convert(value).ok());
        }
    }
    made
}

fn optional(written: &Expression) -> Option<&FuncCall> {
    match written {
        Expression::FuncCall(call) if call.name.name.as_str() == "optional" => Some(call),
        _ => None,
    }
}

fn with(value: Value, kind: Kind) -> Value {
    Value { kind, ..value }
}

fn each(items: &[Value], inner: &Type) -> Result<Rc<Vec<Value>>, String> {
    let items = items.iter().map(|item| inner.convert(item.clone()));
    Ok(Rc::new(items.collect::<Result<Vec<_>, _>>()?))
}

/// The values of a set, in the order in which Terraform takes them: strings by what they say.
fn unique(items: &[Value]) -> Vec<Value> {
    let literals: Option<Vec<&str>> = items.iter().map(literal).collect();
    let Some(literals) = literals else {
        let mut kept: Vec<Value> = Vec::new();
        for item in items {
            // What is not known may be anything; so large a set of such values is no set that anyone writes.
            if kept.len() > 200 || !kept.iter().any(|known| known.kind == item.kind) {
                kept.push(item.clone());
            }
        }
        return kept;
    };
    let mut seen = BTreeSet::new();
    let mut kept: Vec<(&str, &Value)> = literals
        .into_iter()
        .zip(items)
        .filter(|(text, _)| seen.insert(*text))
        .collect();
    kept.sort_by_key(|(text, _)| *text);
    kept.into_iter().map(|(_, value)| value.clone()).collect()
}

fn literal(value: &Value) -> Option<&str> {
    match &value.kind {
        Kind::Text(text) => text.as_literal(),
        _ => None,
    }
}

fn object(given: &BTreeMap<Arc<str>, Value>, attributes: &[Attribute]) -> Result<BTreeMap<Arc<str>, Value>, String> {
    let mut made = BTreeMap::new();
    for attribute in attributes {
        let name = &attribute.name;
        let value = match given
            .get(name)
            .filter(|value| value.kind != Kind::Null || attribute.default.is_none())
        {
            Some(value) => attribute
                .ty
                .convert(value.clone())
                .map_err(|expected| format!("attribute {name}: {expected}"))?,
            None => match &attribute.default {
                Some(default) => default.clone(),
                None if attribute.optional => null(given),
                None => return Err(format!("expected an attribute {name}")),
            },
        };
        made.insert(name.clone(), value);
    }
    Ok(made)
}

/// What an optional attribute is that is not given; it stands nowhere, or where its neighbours do.
fn null(given: &BTreeMap<Arc<str>, Value>) -> Value {
    let at = given.values().next().map(|value| value.at).unwrap_or_default();
    Value::new(Kind::Null, at)
}

fn text(value: Value) -> Result<Value, String> {
    let text = match &value.kind {
        Kind::Text(_) | Kind::Json(_) => return Ok(value),
        Kind::Number(number) => Text::literal(number.0.clone()),
        Kind::Bool(flag) => Text::literal(if *flag { "true" } else { "false" }),
        _ => return Err(Type::String.expected()),
    };
    Ok(with(value, Kind::Text(text)))
}

fn number(value: Value) -> Result<Value, String> {
    match &value.kind {
        Kind::Number(_) => Ok(value),
        Kind::Text(text) => match text.as_literal() {
            None => Ok(undecided(value)),
            Some(written) => match Number::parse(written) {
                Some(number) => Ok(with(value, Kind::Number(number))),
                None => Err(Type::Number.expected()),
            },
        },
        _ => Err(Type::Number.expected()),
    }
}

fn boolean(value: Value) -> Result<Value, String> {
    match &value.kind {
        Kind::Bool(_) => Ok(value),
        Kind::Text(text) => match text.as_literal() {
            None => Ok(undecided(value)),
            Some("true" | "1") => Ok(with(value, Kind::Bool(true))),
            Some("false" | "0") => Ok(with(value, Kind::Bool(false))),
            Some(_) => Err(Type::Bool.expected()),
        },
        _ => Err(Type::Bool.expected()),
    }
}

/// A text of which a part is not known, as anything but a text.
fn undecided(value: Value) -> Value {
    let why = match &value.kind {
        Kind::Text(text) => text.why().cloned(),
        _ => None,
    };
    with(value, Kind::Unknown(why.unwrap_or(Why::NotKept)))
}
