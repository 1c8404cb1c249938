//! What several serverless resources share: it exists when one of them does.

use super::Sam;
use super::make::{self, Make};
use maremma_model::Place;
use std::collections::BTreeSet;

/// The conditions of those that share something.
#[derive(Default)]
pub(super) struct Sharers {
    conditions: BTreeSet<String>,
    /// Whether one of them always exists.
    always: bool,
}

impl Sharers {
    pub(super) fn join(&mut self, condition: Option<&str>) {
        match condition {
            Some(condition) => _ = self.conditions.insert(condition.to_owned()),
            None => self.always = true,
        }
    }

    /// The one condition that all of them have.
    pub(super) fn only(&self) -> Option<&str> {
        let mut conditions = self.conditions.iter();
        let first = conditions.next().filter(|_| !self.always)?;
        conditions.next().is_none().then_some(first)
    }

    /// The condition under which one of them exists, added as `name` where they have several; `None`
    /// where there is always one.
    pub(super) fn condition(&self, sam: &mut Sam<'_>, place: Place, name: &str) -> Option<String> {
        let all: BTreeSet<&str> = self.conditions.iter().map(String::as_str).collect();
        if self.always {
            None
        } else {
            combined(sam, place, name, &all)
        }
    }
}

impl Sam<'_> {
    /// Puts resources that are shared under a condition.
    pub(super) fn hang(&mut self, ids: &[&str], condition: &str) {
        for id in ids {
            if let Some(resource) = self.made_mut(id) {
                let condition = Make(resource.place).text(condition);
                make::set(resource, "Condition", condition);
            }
        }
    }
}

/// The condition under which one of several holds. More than ten are joined in steps, as `Fn::Or` takes
/// no more.
pub(super) fn combined(sam: &mut Sam<'_>, place: Place, name: &str, conditions: &BTreeSet<&str>) -> Option<String> {
    let mut rest: Vec<String> = conditions.iter().map(|&condition| condition.to_owned()).collect();
    if rest.len() < 2 {
        return rest.pop();
    }
    let make = Make(place);
    // Every step takes ten and puts back one.
    let mut number = (rest.len() - 1).div_ceil(9) - 1;
    while rest.len() > 1 {
        let step = if number > 0 {
            format!("{name}{number}")
        } else {
            name.to_owned()
        };
        number = number.saturating_sub(1);
        let taken: Vec<String> = rest.drain(..rest.len().min(10)).collect();
        let each = taken
            .iter()
            .map(|condition| make.map(vec![("Condition", make.text(condition))]));
        let or = make.map(vec![("Fn::Or", make.list(each.collect()))]);
        sam.conditions.insert(step.as_str().into(), or);
        rest.push(step);
    }
    rest.pop()
}
