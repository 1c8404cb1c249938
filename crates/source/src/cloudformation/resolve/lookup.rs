//! Functions that look something up: `Fn::Select`, `Fn::FindInMap`, `Fn::ImportValue`.

use super::super::condition::joined;
use super::super::template::Argument;
use super::super::world::{StackId, World};
use super::{MAX_BRANCHES, unresolved, weight, why_of};
use maremma_model::{Branch, Document, GapKind, Node, Place, Text, Value, Why};
use std::sync::Arc;

impl World<'_> {
    pub(super) fn select(&self, stack: StackId, argument: Argument<'_>, place: Place) -> Document {
        let [index, list] = argument.items() else {
            return self.malformed("Fn::Select", "[index, list]", argument, place);
        };
        let index = self.resolve(stack, index);
        let list = self.resolve(stack, list);
        let index = index.as_str().and_then(|index| index.trim().parse::<usize>().ok());
        match (index, &list.value) {
            (Some(index), Value::List(items)) => items.get(index).cloned().map_or_else(
                || unresolved(&format!("Fn::Select: the list has no item {index}"), place),
                |item| Document {
                    at: place.into(),
                    by: item.by.or(list.by),
                    ..item
                },
            ),
            // Equal places are equal zones: which one it is, is known at deployment.
            (Some(index), Value::Unknown(Why::Pseudo(function))) if &**function == "Fn::GetAZs" => {
                Document::text(Text::hole(Why::Pseudo(format!("Fn::GetAZs[{index}]").into())), place)
            }
            _ => Document::text(
                Text::hole(why_of(&list).unwrap_or(Why::Unresolved("Fn::Select of a list that is not known".into()))),
                place,
            ),
        }
    }

    pub(super) fn find_in_map(&self, stack: StackId, argument: Argument<'_>, place: Place) -> Document {
        let (keys, options) = match argument.items() {
            [map, top, second] => ([map, top, second], None),
            [map, top, second, options] => ([map, top, second], options.get("DefaultValue")),
            _ => return self.malformed("Fn::FindInMap", "[map, key, key]", argument, place),
        };
        let [map, top, second] = keys.map(|key| self.resolve(stack, key));
        let Some(name) = map.as_str() else {
            return unresolved("the map that Fn::FindInMap names is not known", place);
        };
        let Some(table) = self.declared(stack, "Mappings", name) else {
            self.gap(
                GapKind::Absent,
                format!("Fn::FindInMap: {name} is not declared in Mappings"),
                place,
            );
            return unresolved(&format!("mapping {name} is not declared"), place);
        };
        let by: Vec<_> = top.by.iter().chain(&second.by).cloned().collect();
        let any = || {
            Document::text(
                Text::hole(Why::Unresolved(format!("a value of mapping {name}").into())),
                place,
            )
        };
        let Some(mut branches) = self.cells(stack, (name, table), [&top, &second], place) else {
            return any();
        };
        let decided = top.as_str().is_some() && second.as_str().is_some();
        if branches.is_empty()
            && let Some(default) = options
        {
            return self.resolve(stack, default);
        }
        match branches.as_mut_slice() {
            [] => unresolved(&format!("mapping {name} has no such key"), place),
            [(_, only)] if decided => Document {
                at: place.into(),
                by: joined(by, "; "),
                ..only.clone()
            },
            many => {
                let first = many.first().map(|(_, value)| value.value.clone());
                if options.is_none()
                    && many.iter().all(|(_, value)| Some(&value.value) == first.as_ref())
                    && let Some(value) = first
                {
                    return Document {
                        value,
                        at: place.into(),
                        by: joined(by, "; "),
                    };
                }
                if many.len() > MAX_BRANCHES {
                    return any();
                }
                if let Some(default) = options {
                    branches.push((None, self.resolve(stack, default)));
                }
                let branches = branches.into_iter().map(|(key, value)| Branch {
                    when: key.unwrap_or_else(|| format!("no key of {name}")).into(),
                    value,
                });
                Document::new(Value::Choice(branches.collect()), place)
            }
        }
    }

    /// The cells of a mapping that two keys may mean, each under its keys. `None` where there are too many
    /// of different values; of those that are alike only the first ones are kept.
    fn cells(
        &self,
        stack: StackId,
        (name, table): (&str, &Node),
        [top, second]: [&Document; 2],
        place: Place,
    ) -> Option<Vec<(Option<String>, Document)>> {
        let mut found: Vec<(Option<String>, Document)> = Vec::new();
        let mut alike = true;
        for row in table.entries().iter().filter(|row| may_be(top, &row.key)) {
            for cell in row.value.entries().iter().filter(|cell| may_be(second, &cell.key)) {
                let value = self.resolve(stack, &cell.value);
                alike = alike && found.first().is_none_or(|(_, first)| first.value == value.value);
                if !self.repeat(weight(&value).saturating_sub(1), place) || (found.len() > MAX_BRANCHES && !alike) {
                    return None;
                }
                if found.len() <= MAX_BRANCHES {
                    let cell_name = || format!("{name}.{}.{}", row.key, cell.key);
                    let worlds = [asked(top, &row.key), asked(second, &cell.key)];
                    let worlds: Vec<_> = worlds.into_iter().flatten().collect();
                    let when = joined(worlds, " and ").map_or_else(cell_name, |when| when.to_string());
                    found.push((Some(when), value));
                } else if !self.repeat(1, place) {
                    return None;
                }
            }
        }
        Some(found)
    }

    pub(super) fn import(&self, stack: StackId, argument: Argument<'_>, place: Place) -> Document {
        let name = self.resolve_argument(stack, argument);
        let Some(name) = name.as_text() else {
            return unresolved("the name that Fn::ImportValue imports is not known", place);
        };
        if let Some(Some((exporter, output))) = name.as_literal().and_then(|name| self.exports.get(name))
            && let Some(value) = self.output(*exporter, output, place)
        {
            return value;
        }
        Document::text(Text::hole(Why::Import(name.to_string().into())), place)
    }
}

/// The world in which a key is this one: `AWS::Region = eu-west-1`. `None` where the key is known, or by
/// more than one name.
fn asked(key: &Document, candidate: &str) -> Option<Arc<str>> {
    match &key.value {
        Value::Scalar { text, .. } if text.prefix().is_empty() && text.suffix().is_empty() => match text.why()? {
            Why::Pseudo(name) | Why::Parameter(name) => Some(format!("{name} = {candidate}").into()),
            _ => None,
        },
        Value::Choice(branches) => {
            let of = branches.iter().find(|branch| branch.value.as_str() == Some(candidate));
            of.map(|branch| branch.when.clone())
        }
        _ => None,
    }
}

/// Whether a key that may be known only in part may be this one.
fn may_be(key: &Document, candidate: &str) -> bool {
    match &key.value {
        Value::Scalar { text, .. } => match text.as_literal() {
            Some(text) => text == candidate,
            None => candidate.starts_with(text.prefix()) && candidate.ends_with(text.suffix()),
        },
        Value::Choice(branches) => branches.iter().any(|branch| may_be(&branch.value, candidate)),
        _ => true,
    }
}
