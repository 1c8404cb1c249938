//! Two estates side by side: what a change adds, removes and opens, and how an account drifted from its templates.
//!
//! Rows are matched first, by name and address; then findings of the matched rows, what every function has, and what
//! the execution roles may do. What is not known of one of the estates is no difference: it may be the same.

mod findings;
mod function;
mod pair;
mod role;
mod rows;
mod told;

#[cfg(test)]
mod tests;

pub use findings::Said;

use crate::context::Context;
use function::Routes;
use maremma_model::change::{Aspect, Change, Difference, FunctionChange, RoleChange, Stand, Turn};
use maremma_model::{AnyId, Estate, Extent, Function, Id, Link, Role, UnitId};
use pair::Features;
use rows::Matches;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use told::Side;

/// What lies between two estates and what is said of them.
pub fn compare<'f>(old: (&Context<'_>, Said<'f>), new: (&Context<'_>, Said<'f>)) -> Change<'f> {
    let (old, old_said) = old;
    let (new, new_said) = new;
    let matches = Matches::of(old, new);
    let findings = findings::changes(&matches, (old_said, new_said), (old.estate, new.estate));
    let between = Between {
        old: Side {
            names: matches.names(new),
            context: old,
        },
        new: Side {
            names: HashMap::new(),
            context: new,
        },
        matches,
    };
    Change {
        findings,
        functions: between.functions(),
        roles: between.roles(),
    }
}

struct Between<'c> {
    old: Side<'c>,
    new: Side<'c>,
    matches: Matches,
}

/// A function in the old and in the new estate.
type Pair = (Option<Id<Function>>, Option<Id<Function>>);

/// The role that a function runs as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum RunsAs {
    Here(Id<Role>),
    /// One of another input, or not known.
    Elsewhere,
    /// There is no such role yet.
    Nothing,
}

impl Between<'_> {
    /// Functions with a match in the other estate, and those without.
    fn pairs(&self) -> Vec<Pair> {
        let twin = |id: Id<Function>| match self.matches.new_of(id) {
            Some(AnyId::Function(new)) => Some(new),
            _ => None,
        };
        let old = self.old.context.estate.functions.iter();
        let mut pairs: Vec<_> = old.map(|(id, _)| (Some(id), twin(id))).collect();
        let new = self.new.context.estate.functions.iter();
        let alone = new.filter(|(id, _)| self.matches.old_of(*id).is_none());
        pairs.extend(alone.map(|(id, _)| (None, Some(id))));
        pairs
    }

    fn functions(&self) -> Vec<FunctionChange> {
        let routes = (Routes::of(&self.old), Routes::of(&self.new));
        let mut changes = Vec::new();
        for (old, new) in self.pairs() {
            let mut before = old.map_or_else(Features::default, |id| function::features(&self.old, &routes.0, id));
            let mut after = new.map_or_else(Features::default, |id| function::features(&self.new, &routes.1, id));
            let differences = match (old, new) {
                (Some(_), Some(_)) => {
                    function::settle_code(&mut before, &mut after);
                    self.covered(pair::differences(before, after))
                }
                (None, Some(_)) => pair::differences(before, after),
                _ => Vec::new(),
            };
            if old.is_some() && new.is_some() && differences.is_empty() {
                continue;
            }
            let name = new
                .map(|id| self.new.label(id.into()))
                .or(old.map(|id| self.old.label(id.into())));
            changes.push(FunctionChange {
                name: name.unwrap_or_default(),
                old: old.and_then(|id| stand(self.old.context.estate, id)),
                new: new.and_then(|id| stand(self.new.context.estate, id)),
                differences,
            });
        }
        changes.sort_by(|a, b| (&a.name, address(a)).cmp(&(&b.name, address(b))));
        changes
    }

    /// The absence of a row is evidence only where the input would hold it: an input that says what it covers may
    /// lack a whole table.
    fn covered(&self, mut differences: Vec<Difference>) -> Vec<Difference> {
        for difference in &mut differences {
            let lacking = match difference.turn {
                Turn::Added => &self.old,
                Turn::Removed => &self.new,
                Turn::Changed | Turn::Unknown => continue,
            };
            if !holds(lacking.context.estate, difference.aspect) {
                difference.turn = Turn::Unknown;
                difference.opens = false;
            }
        }
        differences
    }

    fn roles(&self) -> Vec<RoleChange> {
        let mut of_pairs: BTreeMap<(RunsAs, RunsAs), Vec<Arc<str>>> = BTreeMap::new();
        for (old, new) in self.pairs() {
            let Some(new) = new else { continue };
            let after = runs_as(&self.new, new);
            let before = match old {
                Some(old) => runs_as(&self.old, old),
                None => self.before(after),
            };
            of_pairs
                .entry((before, after))
                .or_default()
                .push(self.new.label(new.into()));
        }
        let name = |side: &Side<'_>, runs_as: RunsAs| match runs_as {
            RunsAs::Here(id) => Some(side.label(id.into())),
            RunsAs::Elsewhere | RunsAs::Nothing => None,
        };
        let mut changes = Vec::new();
        for ((old, new), mut functions) in of_pairs {
            let differences = self.role_differences(old, new);
            if differences.is_empty() {
                continue;
            }
            functions.sort();
            changes.push(RoleChange {
                old: name(&self.old, old),
                new: name(&self.new, new),
                functions,
                differences,
            });
        }
        changes.sort_by(|a, b| (&a.new, &a.old, &a.functions).cmp(&(&b.new, &b.old, &b.functions)));
        changes
    }

    /// What the role of a new function was before there was the function.
    fn before(&self, after: RunsAs) -> RunsAs {
        match after {
            RunsAs::Here(id) => match self.matches.old_of(id) {
                Some(AnyId::Role(old)) => RunsAs::Here(old),
                _ => RunsAs::Nothing,
            },
            RunsAs::Elsewhere | RunsAs::Nothing => after,
        }
    }

    fn role_differences(&self, old: RunsAs, new: RunsAs) -> Vec<Difference> {
        match (old, new) {
            (RunsAs::Here(old), RunsAs::Here(new)) => {
                pair::differences(role::features(&self.old, old), role::features(&self.new, new))
            }
            (RunsAs::Nothing, RunsAs::Here(new)) => {
                pair::differences(Features::default(), role::features(&self.new, new))
            }
            (RunsAs::Here(id), _) => unseen(&self.old, id, true).into_iter().collect(),
            (RunsAs::Elsewhere, RunsAs::Here(id)) => unseen(&self.new, id, false).into_iter().collect(),
            _ => Vec::new(),
        }
    }
}

fn runs_as(side: &Side<'_>, id: Id<Function>) -> RunsAs {
    let row = side.context.estate.functions.get(id);
    match row.and_then(|row| row.role.value()) {
        Some(Link::Here(role)) => RunsAs::Here(*role),
        _ => RunsAs::Elsewhere,
    }
}

/// Of one of two roles nothing is known but its name; that it is another is told of the function.
fn unseen(side: &Side<'_>, id: Id<Role>, in_old: bool) -> Option<Difference> {
    Some(Difference {
        aspect: Aspect::PolicyStatement,
        turn: Turn::Unknown,
        what: Some(format!(
            "only the policies of {} are in its input",
            side.label(id.into())
        )),
        before: None,
        after: None,
        opens: false,
        at: side.context.estate.roles.get(id)?.resource.at.clone(),
        in_old,
    })
}

fn address(change: &FunctionChange) -> Option<&Arc<str>> {
    let stand = change.new.as_ref().or(change.old.as_ref());
    stand.map(|stand| &stand.address)
}

fn stand(estate: &Estate, id: Id<Function>) -> Option<Stand> {
    let resource = &estate.functions.get(id)?.resource;
    let UnitId(row) = resource.unit;
    Some(Stand {
        unit: estate
            .units
            .get(row as usize)
            .map_or_else(|| "".into(), |unit| unit.name.clone()),
        address: resource.address.clone(),
        at: resource.at.clone(),
    })
}

/// Whether an input would hold the rows of an aspect. A source is all that there is of it; an account says what was
/// asked for.
fn holds(estate: &Estate, aspect: Aspect) -> bool {
    let tables: &[&str] = match aspect {
        Aspect::FunctionUrl => &["AWS::Lambda::Url"],
        Aspect::Permission => &["AWS::Lambda::Permission"],
        Aspect::Route => &["AWS::ApiGateway::Method", "AWS::ApiGatewayV2::Route"],
        Aspect::Trigger => &["AWS::Lambda::EventSourceMapping"],
        _ => return true,
    };
    let asked = |table: &str| {
        let rows = estate.coverage.iter().filter(|coverage| *coverage.table == *table);
        let mut rows = rows.peekable();
        rows.peek().is_some() && rows.all(|coverage| coverage.extent != Extent::Absent)
    };
    estate.coverage.is_empty() || tables.iter().all(|table| asked(table))
}
