//! What members there are and of what type, learnt from the types of the model.

use super::relate;
use super::trace::Trace;
use maremma_model::Estate;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, LazyLock};

/// What an expression comes to. Anything may also be null, and not known.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Type {
    /// Known only when it is looked at: what is in a policy document, or null.
    Any,
    Bool,
    Number,
    Text,
    List(Box<Type>),
    Record(Arc<Record>),
    /// A row of a noun's table, or of one that is not known beforehand.
    Row(Option<&'static str>),
    /// All tables.
    Estate,
    /// Nothing that can be asked about.
    Nothing,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Record {
    pub(crate) name: &'static str,
    pub(crate) members: Vec<(&'static str, Type)>,
}

/// What every row has besides its noun's own members.
pub(crate) const HEAD: &[&str] = &["name", "arn", "address", "kind", "account", "region"];

/// Lists that are not empty where they are not set: AWS, or the image, has something else in their place.
const FILLED: &[(&str, &str)] = &[
    ("Function", "architectures"),
    ("ImageConfig", "command"),
    ("ImageConfig", "entry_point"),
    ("RestApi", "endpoint_types"),
    ("SecurityGroup", "egress"),
];

static NOUNS: LazyLock<BTreeMap<&'static str, Arc<Record>>> = LazyLock::new(|| {
    let nouns = Estate::TABLES.iter().filter_map(|(_, noun)| {
        let mut traced = Type::Nothing;
        Estate::deserialize_row(noun, Trace(&mut traced))?.ok()?;
        let Type::Record(record) = traced else { return None };
        let mut members: Vec<(&'static str, Type)> = record
            .members
            .iter()
            .filter(|(name, of)| *name != "resource" && *of != Type::Nothing)
            .cloned()
            .collect();
        for name in HEAD {
            // A noun's own word goes before that of its head.
            if members.iter().all(|(own, _)| own != name) {
                members.push((name, Type::Text));
            }
        }
        members.extend(relate::members(noun));
        Some((*noun, Arc::new(Record { name: noun, members })))
    });
    nouns.collect()
});

/// The members of a noun's rows.
pub(crate) fn noun(name: &str) -> Option<&'static Arc<Record>> {
    NOUNS.get(name)
}

/// The table of the estate that is called so: its noun.
pub(crate) fn table(name: &str) -> Option<&'static str> {
    let found = Estate::TABLES.iter().find(|(table, _)| *table == name);
    found.map(|(_, noun)| *noun)
}

/// The name by which an expression calls its subject, whatever that is: CEL keeps `function` for itself.
pub(crate) const SUBJECT: &str = "self";

/// A noun in the words of messages and documents: `function`, `layer_version`.
pub(crate) fn variable(noun: &str) -> String {
    let mut name = String::new();
    for c in noun.chars() {
        if c.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(c.to_ascii_lowercase());
    }
    name
}

impl Type {
    /// The type of a member; `None` where there is none of that name.
    pub(crate) fn member(&self, name: &str) -> Option<Type> {
        let of = |record: &Record| {
            let found = record.members.iter().find(|(own, _)| *own == name);
            found.map(|(_, of)| of.clone())
        };
        match self {
            Type::Any => Some(Type::Any),
            Type::Record(record) => of(record),
            Type::Row(Some(noun)) => NOUNS.get(noun).and_then(|record| of(record)),
            Type::Row(None) => HEAD.contains(&name).then_some(Type::Text),
            Type::Estate => table(name).map(|noun| Type::List(Box::new(Type::Row(Some(noun))))),
            Type::Bool | Type::Number | Type::Text | Type::List(_) | Type::Nothing => None,
        }
    }

    /// Whether a member is a list that is empty where it is not set.
    pub(crate) fn lacks_nothing(&self, name: &str, member: &Type) -> bool {
        let of = match self {
            Type::Record(record) => record.name,
            Type::Row(Some(noun)) => noun,
            _ => "",
        };
        matches!(member, Type::List(_)) && !FILLED.contains(&(of, name))
    }

    /// The members that there are.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        let of = |record: &Record| record.members.iter().map(|(name, _)| *name).collect();
        match self {
            Type::Record(record) => of(record),
            Type::Row(Some(noun)) => NOUNS.get(noun).map_or_else(Vec::new, |record| of(record)),
            Type::Row(None) => HEAD.to_vec(),
            Type::Estate => Estate::TABLES.iter().map(|(table, _)| *table).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether values of the two can be equal.
    pub(crate) fn meets(&self, other: &Type) -> bool {
        match (self, other) {
            (Type::Any, _) | (_, Type::Any) => true,
            (Type::List(one), Type::List(other)) => one.meets(other),
            (Type::Row(one), Type::Row(other)) => one.is_none() || other.is_none() || one == other,
            // A link may be compared with the ARN or the name of what it leads to.
            (Type::Row(_), Type::Text) | (Type::Text, Type::Row(_)) => true,
            (Type::Bool, Type::Bool) | (Type::Number, Type::Number) | (Type::Text, Type::Text) => true,
            _ => false,
        }
    }
}

/// In the words of a message and of the table of members.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Any => f.write_str("document"),
            Type::Bool => f.write_str("boolean"),
            Type::Number => f.write_str("number"),
            Type::Text => f.write_str("text"),
            Type::List(of) => write!(f, "list of {of}"),
            Type::Record(record) => write!(f, "{}", variable(record.name)),
            Type::Row(Some(noun)) => write!(f, "{}", variable(noun)),
            Type::Row(None) => f.write_str("resource"),
            Type::Estate => f.write_str("estate"),
            Type::Nothing => f.write_str("nothing"),
        }
    }
}
