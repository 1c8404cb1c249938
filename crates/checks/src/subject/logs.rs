//! Where functions write their logs: the log group that they name, or the one that Lambda names for them.

use crate::context::Context;
use crate::verdict::given::given;
use maremma_iam::Match;
use maremma_model::noun::LogGroup;
use maremma_model::{Function, Id, Link, Noun, Piece, Setting, Text, UnitId};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Source: AWS Lambda developer guide, "Sending Lambda function logs to CloudWatch Logs".
const PREFIX: &str = "/aws/lambda/";

/// The CDK's own resource, which sets the retention of a log group.
const RETENTION: &str = "Custom::LogRetention";

/// The log groups of an estate, by what they are called.
pub(crate) struct Logs<'c> {
    context: &'c Context<'c>,
    /// Groups that are called after a function here, by reference.
    of_function: HashMap<Id<Function>, Vec<Id<LogGroup>>>,
    by_name: HashMap<(UnitId, Text), Vec<Id<LogGroup>>>,
    /// Every name that is not by reference; a hole where nothing is known of it.
    names: HashMap<UnitId, Vec<Text>>,
}

impl<'c> Logs<'c> {
    pub(crate) fn of(context: &'c Context<'c>) -> Self {
        let mut logs = Logs {
            context,
            of_function: HashMap::new(),
            by_name: HashMap::new(),
            names: HashMap::new(),
        };
        for (id, group) in context.estate.log_groups.iter() {
            let unit = group.resource.unit;
            for name in possible_names(&group.given_name) {
                match called_after(&name) {
                    Some(function) => logs.of_function.entry(function).or_default().push(id),
                    None => {
                        logs.by_name.entry((unit, name.clone())).or_default().push(id);
                        logs.names.entry(unit).or_default().push(name);
                    }
                }
            }
        }
        logs
    }

    /// The log groups here whose name is the one that Lambda gives to the function's.
    pub(crate) fn by_name(&self, id: Id<Function>, function: &Function) -> Vec<Id<LogGroup>> {
        let called = self.of_function.get(&id).into_iter().flatten().copied();
        let unit = function.resource.unit;
        let named = possible_names(&function.given_name)
            .into_iter()
            .filter_map(|name| self.by_name.get(&(unit, default_name(&name))));
        called.chain(named.flatten().copied()).collect()
    }

    /// Whether a log group is declared in the function's template under the name that Lambda gives.
    pub(crate) fn declared(&self, id: Id<Function>, function: &Function) -> Match {
        if !self.by_name(id, function).is_empty() {
            return Match::Yes;
        }
        let names = self.names.get(&function.resource.unit);
        let own: Vec<_> = possible_names(&function.given_name).iter().map(default_name).collect();
        let maybe = names
            .into_iter()
            .flatten()
            .any(|name| own.iter().any(|own| may_be_equal(name, own)));
        if maybe { Match::Unknown } else { Match::No }
    }

    /// The functions of each log group that any function here writes to.
    pub(crate) fn writers(&self) -> BTreeMap<Id<LogGroup>, BTreeSet<Id<Function>>> {
        let mut writers: BTreeMap<Id<LogGroup>, BTreeSet<Id<Function>>> = BTreeMap::new();
        for (id, function) in self.context.estate.functions.iter().filter(|(_, row)| !row.edge) {
            let named = &function.logging.log_group;
            let by_name = match named.value() {
                Some(_) => Vec::new(),
                None => self.by_name(id, function),
            };
            for group in named.possible().filter_map(Link::here).chain(by_name) {
                writers.entry(group).or_default().insert(id);
            }
        }
        writers
    }

    /// Whether a resource of the CDK's sets, or may set, the retention of a group that another resource
    /// makes.
    pub(crate) fn retained_by_another(&self, id: Id<LogGroup>, group: &LogGroup) -> bool {
        let names = possible_names(&group.given_name);
        let others = self
            .context
            .estate
            .log_groups
            .values()
            .filter(|other| only_retention(other) && other.resource.unit == group.resource.unit);
        let mut setting = others.filter(|other| given(&other.retention_days.state, &|_| false).0 != Some(false));
        setting.any(|other| {
            let by_reference = other
                .given_name
                .possible()
                .any(|name| name.as_attribute().is_some_and(|attribute| attribute.of == id.into()));
            by_reference
                || possible_names(&other.given_name)
                    .iter()
                    .any(|name| names.contains(name))
        })
    }
}

/// Whether the row is the CDK's way to set the retention of a group, and no group itself.
pub(crate) fn only_retention(group: &LogGroup) -> bool {
    &*group.resource.kind == RETENTION
}

/// Every name that may be written; a hole where nothing is known of it, and none where AWS makes one.
fn possible_names(given: &Setting<Text>) -> Vec<Text> {
    let known: Vec<_> = given.possible().cloned().collect();
    match &given.state {
        maremma_model::State::Unknown(unknown) if known.is_empty() => vec![Text::hole(unknown.why.clone())],
        _ => known,
    }
}

fn default_name(function: &Text) -> Text {
    Text::concat([&Text::literal(PREFIX), function])
}

/// The function of this estate whose name a group's name holds by reference.
pub(super) fn called_after(name: &Text) -> Option<Id<Function>> {
    let pieces = name.pieces();
    let [Piece::Literal(prefix), Piece::Hole(hole)] = pieces.as_slice() else {
        return None;
    };
    let of = hole.stands_for.as_ref().filter(|_| &**prefix == PREFIX)?;
    Function::from_any(of.of).filter(|_| &*of.name == "Ref")
}

/// Whether holes may be filled so that both texts say the same, as far as their known ends go.
fn may_be_equal(one: &Text, other: &Text) -> bool {
    if let (Some(one), Some(other)) = (one.as_literal(), other.as_literal()) {
        return one == other;
    }
    let (start, other_start) = (one.prefix(), other.prefix());
    let (end, other_end) = (one.suffix(), other.suffix());
    (start.starts_with(other_start) || other_start.starts_with(start))
        && (end.ends_with(other_end) || other_end.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use maremma_model::{Hole, Why};

    fn text(pieces: &[&str]) -> Text {
        let piece = |piece: &&str| match *piece {
            "*" => Piece::Hole(Hole {
                why: Why::Parameter("P".into()),
                stands_for: None,
            }),
            literal => Piece::Literal(literal.into()),
        };
        Text::from_pieces(pieces.iter().map(piece))
    }

    #[test]
    fn ends_that_differ_cannot_be_equal() {
        let name = text(&["/aws/lambda/orders"]);
        assert!(may_be_equal(&text(&["*"]), &name));
        assert!(may_be_equal(&text(&["/aws/lambda/", "*"]), &name));
        assert!(may_be_equal(
            &text(&["/aws/", "*", "-orders"]),
            &text(&["/aws/lambda/", "*"])
        ));
        assert!(!may_be_equal(&text(&["/aws/lambda/", "*", "-log"]), &name));
        assert!(!may_be_equal(&text(&["/app/", "*"]), &name));
        assert!(!may_be_equal(&text(&["/aws/lambda/orders/aws/lambda/orders"]), &name));
    }
}
