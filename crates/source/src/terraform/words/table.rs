//! What a table of words says: which type and attributes of Terraform are which type and properties of
//! CloudFormation.

use super::translation::Translation;
use crate::terraform::instance::Instance;

/// One type of Terraform.
#[derive(Clone, Copy)]
pub(crate) struct Word {
    pub(crate) ty: &'static str,
    pub(crate) into: Into,
    pub(crate) entries: &'static [Entry],
    /// What entries cannot say: of a resource of its own before others are found by name, of a part of
    /// another one after that.
    pub(super) then: Option<Hook>,
    /// What can be done only when everything else is in its place.
    pub(super) last: Option<Hook>,
}

pub(super) type Hook = fn(&mut Translation<'_>, &Instance);

/// What a type becomes.
#[derive(Clone, Copy)]
pub(crate) enum Into {
    /// A resource of this CloudFormation type.
    Own(&'static str),
    /// Properties of a resource of a CloudFormation type, which the attribute `by` names.
    Onto { by: &'static str, cfn: &'static str },
    /// An item of a list of a resource of a CloudFormation type, which the attribute `by` names.
    Item {
        by: &'static str,
        cfn: &'static str,
        list: &'static str,
    },
}

impl Word {
    /// A type that is a resource of its own.
    pub(super) const fn own(ty: &'static str, cfn: &'static str, entries: &'static [Entry]) -> Self {
        Word {
            ty,
            into: Into::Own(cfn),
            entries,
            then: None,
            last: None,
        }
    }

    /// A type that sets properties of another resource.
    pub(super) const fn onto(ty: &'static str, by: &'static str, cfn: &'static str, entries: &'static [Entry]) -> Self {
        Word {
            into: Into::Onto { by, cfn },
            ..Word::own(ty, cfn, entries)
        }
    }

    /// A type that is an item of a list of another resource: a map of its entries, or the value of its
    /// only one, which then is named by the list.
    pub(super) const fn item(
        ty: &'static str,
        (by, cfn, list): (&'static str, &'static str, &'static str),
        entries: &'static [Entry],
    ) -> Self {
        Word {
            into: Into::Item { by, cfn, list },
            ..Word::own(ty, cfn, entries)
        }
    }

    pub(super) const fn then(self, hook: Hook) -> Self {
        Word {
            then: Some(hook),
            ..self
        }
    }

    pub(super) const fn last(self, hook: Hook) -> Self {
        Word {
            last: Some(hook),
            ..self
        }
    }

    pub(super) const fn is_own(&self) -> bool {
        matches!(self.into, Into::Own(_))
    }

    /// The CloudFormation type whose properties the entries are.
    pub(crate) fn cfn(&self) -> &'static str {
        match self.into {
            Into::Own(cfn) | Into::Onto { cfn, .. } | Into::Item { cfn, .. } => cfn,
        }
    }
}

/// One attribute. Both paths are dotted; one of Terraform leads through the first of each block, one of
/// CloudFormation through maps.
#[derive(Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    pub(crate) shape: Shape,
}

/// How the value of an attribute becomes that of a property.
#[derive(Clone, Copy)]
pub(crate) enum Shape {
    /// A string, number or boolean; a map or list is the JSON text of it, and the empty text is nothing.
    Text,
    /// As [`Shape::Text`], where the provider has a default of its own.
    Or(&'static str),
    /// As [`Shape::Text`], where a value says that nothing is set.
    Unless(&'static str),
    /// A boolean as one of two words.
    Switch(&'static str, &'static str),
    /// The known beginning of a name to which Terraform adds an ending; nothing where the name is given.
    Prefix,
    List,
    /// A map of strings, whose keys are the user's.
    Map,
    /// A document as it is.
    Json,
    /// As [`Shape::Json`], where the empty text is a value too.
    Kept,
    /// The blocks of a kind as a list of maps.
    Each(&'static [Entry]),
    Tags,
    /// What is in code beside the table.
    Hook,
}

const fn entry(from: &'static str, to: &'static str, shape: Shape) -> Entry {
    Entry { from, to, shape }
}

pub(super) const fn text(from: &'static str, to: &'static str) -> Entry {
    entry(from, to, Shape::Text)
}

pub(super) const fn text_or(from: &'static str, to: &'static str, default: &'static str) -> Entry {
    entry(from, to, Shape::Or(default))
}

pub(super) const fn unless(from: &'static str, to: &'static str, nothing: &'static str) -> Entry {
    entry(from, to, Shape::Unless(nothing))
}

pub(super) const fn switch(from: &'static str, to: &'static str, on: &'static str, off: &'static str) -> Entry {
    entry(from, to, Shape::Switch(on, off))
}

pub(super) const fn prefix(from: &'static str, to: &'static str) -> Entry {
    entry(from, to, Shape::Prefix)
}

pub(super) const fn list(from: &'static str, to: &'static str) -> Entry {
    entry(from, to, Shape::List)
}

pub(super) const fn map(from: &'static str, to: &'static str) -> Entry {
    entry(from, to, Shape::Map)
}

pub(super) const fn json(from: &'static str, to: &'static str) -> Entry {
    entry(from, to, Shape::Json)
}

pub(super) const fn kept(from: &'static str, to: &'static str) -> Entry {
    entry(from, to, Shape::Kept)
}

pub(super) const fn each(from: &'static str, to: &'static str, entries: &'static [Entry]) -> Entry {
    entry(from, to, Shape::Each(entries))
}

pub(super) const fn tags() -> Entry {
    entry("tags", "Tags", Shape::Tags)
}

pub(super) const fn by_hook(from: &'static str, to: &'static str) -> Entry {
    entry(from, to, Shape::Hook)
}

/// Where a property of CloudFormation is written in Terraform.
#[cfg(test)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path {
    /// The type of the resource: another one than that of the resource itself where Terraform writes the
    /// property on a resource of its own.
    pub(crate) ty: &'static str,
    /// Blocks and the attribute in them, dotted.
    pub(crate) attribute: String,
    /// Whether it stands on the resource itself.
    pub(crate) own: bool,
}

/// Every place where Terraform writes a property of a type, those of the resource itself first. What is in
/// a list is addressed as if the list were a map: `Policies.PolicyDocument`.
#[cfg(test)]
pub(crate) fn terraform_paths(cfn: &str, property: &str) -> Vec<Path> {
    let mut found: Vec<Path> = Vec::new();
    for word in super::words().filter(|word| word.cfn() == cfn) {
        let (own, inner) = match word.into {
            Into::Own(_) => (true, Some(property)),
            Into::Onto { .. } => (false, Some(property)),
            Into::Item { list, .. } if property == list => (false, Some("")),
            Into::Item { list, .. } => (false, below(property, list)),
        };
        let Some(inner) = inner else { continue };
        let attributes = reverse(word.entries, inner).into_iter();
        found.extend(attributes.map(|attribute| Path {
            ty: word.ty,
            attribute,
            own,
        }));
    }
    found.sort_by_key(|path| !path.own);
    found
}

/// The place where a property is written best: on the resource itself where that can be.
#[cfg(test)]
pub(crate) fn terraform_path(cfn: &str, property: &str) -> Option<Path> {
    terraform_paths(cfn, property).into_iter().next()
}

/// What of a dotted path lies below another one.
fn below<'p>(path: &'p str, above: &str) -> Option<&'p str> {
    path.strip_prefix(above)?.strip_prefix('.')
}

#[cfg(test)]
fn reverse(entries: &[Entry], property: &str) -> Vec<String> {
    let mut found = Vec::new();
    for entry in entries {
        if entry.to == property {
            found.push(entry.from.to_owned());
            continue;
        }
        let Some(rest) = below(property, entry.to) else {
            continue;
        };
        match entry.shape {
            Shape::Each(inner) => found.extend(inside(entry, reverse(inner, rest))),
            Shape::Map | Shape::Json | Shape::Kept => found.push(format!("{}.{rest}", entry.from)),
            Shape::Tags | Shape::Hook => found.push(entry.from.to_owned()),
            _ => {}
        }
    }
    found
}

fn inside(entry: &Entry, attributes: Vec<String>) -> impl Iterator<Item = String> {
    attributes
        .into_iter()
        .map(|attribute| format!("{}.{attribute}", entry.from))
}

impl Word {
    /// The attributes that are read, dotted.
    pub(crate) fn attributes(&self) -> Vec<String> {
        let by = match self.into {
            Into::Own(_) => None,
            Into::Onto { by, .. } | Into::Item { by, .. } => Some(by.to_owned()),
        };
        let mut all: Vec<_> = by.into_iter().chain(attributes(self.entries)).collect();
        all.sort();
        all.dedup();
        all
    }
}

/// Whether a path of Terraform leads to a block, among what is read.
pub(super) fn is_block(entries: &[Entry], path: &str) -> bool {
    entries.iter().any(|entry| match entry.shape {
        Shape::Each(_) if entry.from == path => true,
        Shape::Each(inner) => {
            below(entry.from, path).is_some() || below(path, entry.from).is_some_and(|rest| is_block(inner, rest))
        }
        _ => below(entry.from, path).is_some(),
    })
}

fn attributes(entries: &[Entry]) -> Vec<String> {
    let of = |entry: &Entry| match entry.shape {
        Shape::Each(inner) => inside(entry, attributes(inner)).collect(),
        _ => vec![entry.from.to_owned()],
    };
    entries.iter().flat_map(of).collect()
}
