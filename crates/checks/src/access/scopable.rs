//! What a statement gives for every resource, of rights that can be given for named ones.

mod table;

use crate::access::role::{Case, Effect};
use maremma_iam::{Leaf, On, Question, Selection, Statement};
use maremma_model::{Location, Why};
use std::collections::BTreeSet;
use table::{GROUPS, Group};

/// What a statement gives for every resource of a kind.
#[derive(Debug)]
pub(crate) struct Unscoped<'s> {
    /// The items of `Action` that give it, as written.
    actions: Vec<String>,
    /// The kinds of resources, in words.
    kinds: Vec<&'static str>,
    pub(crate) takes_over: bool,
    /// A statement that gives the rights of the first kind for one resource.
    pub(crate) narrowed: String,
    /// The item of `Resource` that is to blame.
    pub(crate) at: &'s Location,
    /// Set where nothing of it is granted for sure.
    pub(crate) doubt: Option<(String, Option<Why>)>,
}

impl<'s> Unscoped<'s> {
    /// The rights of the table that the statement gives for every resource. Those of a service of which
    /// it gives all rights are left to `role-wildcard-action`, and what `NotAction` and `NotResource`
    /// leave to `role-notaction`.
    pub(crate) fn by(case: &Case<'_, '_>, statement: &'s Statement) -> Option<Self> {
        let resources = statement.resources.as_ref().filter(|resources| !resources.negated)?;
        let wildcard = |item: &Leaf| item.text.marked(' ').contains('*');
        if statement.actions.negated || !resources.items.iter().any(wildcard) {
            return None;
        }
        let services = services(&statement.actions);
        let about = |action: &str| {
            services
                .as_ref()
                .is_none_or(|services| services.contains(service_of(action)))
        };
        let mut sure = Gathered::default();
        let mut maybe = Gathered::default();
        for group in GROUPS {
            let mut actions = group
                .actions
                .iter()
                .filter(|action| about(action) && covers(statement, action))
                .peekable();
            if actions.peek().is_none() || !statement.covers_every(group.service, group.resource).is_yes() {
                continue;
            }
            for action in actions {
                let question = Question {
                    actions: action,
                    on: On::Every {
                        service: group.service,
                        resource: group.resource,
                    },
                };
                match case.effect(statement, &question) {
                    Effect::Full | Effect::Confined(_) => sure.add(action, group, None),
                    Effect::Unknown { doubt, why } => maybe.add(action, group, Some((doubt, why))),
                    Effect::Partial | Effect::Nothing => {}
                }
            }
        }
        let found = if sure.groups.is_empty() { maybe } else { sure };
        let first = found.groups.first()?;
        let mut kinds: Vec<_> = found.groups.iter().map(|group| group.what).collect();
        kinds.dedup();
        Some(Unscoped {
            actions: written(&statement.actions, &found.actions),
            kinds,
            narrowed: narrowed(&statement.actions, first, &found.actions),
            takes_over: found.groups.iter().any(|group| group.takes_over),
            at: item(statement, resources, first),
            doubt: found.doubt,
        })
    }

    /// `dynamodb:GetItem, s3:Get*`.
    pub(crate) fn actions(&self) -> String {
        few(&self.actions, "")
    }

    /// `every table and every bucket of the account`.
    pub(crate) fn reach(&self) -> String {
        let kinds: Vec<_> = self.kinds.iter().map(|kind| (*kind).to_owned()).collect();
        format!("{} of the account", few(&kinds, "every "))
    }
}

#[derive(Default)]
struct Gathered {
    actions: Vec<&'static str>,
    groups: Vec<&'static Group>,
    doubt: Option<(String, Option<Why>)>,
}

impl Gathered {
    fn add(&mut self, action: &'static str, group: &'static Group, doubt: Option<(String, Option<Why>)>) {
        self.actions.push(action);
        if !self.groups.last().is_some_and(|last| std::ptr::eq(*last, group)) {
            self.groups.push(group);
        }
        self.doubt = self.doubt.take().or(doubt);
    }
}

/// Whether the statement names the action, and not with all others of its service.
fn covers(statement: &Statement, action: &str) -> bool {
    let whole = || statement.covers_actions(&format!("{}:*", service_of(action)));
    statement.covers_action(action).is_yes() && !whole().is_yes()
}

/// The services that the items of `Action` name; `None` where one may be of any.
fn services(actions: &Selection) -> Option<BTreeSet<String>> {
    let service = |item: &Leaf| {
        let (service, _) = item.text.prefix().split_once(':')?;
        (!service.contains(['*', '?'])).then(|| service.to_ascii_lowercase())
    };
    actions.items.iter().map(service).collect()
}

fn service_of(action: &str) -> &str {
    action.split(':').next().unwrap_or_default()
}

/// The items as they are written that cover one of the actions.
fn written(selection: &Selection, actions: &[&str]) -> Vec<String> {
    let covering = selection.items.iter().filter(|item| {
        let alone = Selection {
            negated: false,
            items: vec![(*item).clone()],
            at: selection.at.clone(),
        };
        actions.iter().any(|action| alone.covers_action(action).is_yes())
    });
    covering.map(|item| item.text.to_string()).collect()
}

/// A statement for one resource of the group, with the items as they are written.
fn narrowed(selection: &Selection, group: &Group, found: &[&str]) -> String {
    let own: Vec<_> = group
        .actions
        .iter()
        .filter(|action| found.contains(action))
        .copied()
        .collect();
    let plain = |text: &String| text.chars().all(|c| c.is_ascii_alphanumeric() || ":*?-".contains(c));
    let items: Vec<_> = written(selection, &own).into_iter().filter(plain).collect();
    let items = match items.as_slice() {
        [] => own.join(", "),
        items => items.join(", "),
    };
    format!(
        "- Effect: Allow\n  Action: [{items}]\n  Resource: !Sub \"{}\"",
        group.arn()
    )
}

/// The place of the item that covers every resource of the group.
fn item<'s>(statement: &Statement, resources: &'s Selection, group: &Group) -> &'s Location {
    let covers = |selection: Selection| {
        let alone = Statement {
            resources: Some(selection),
            ..statement.clone()
        };
        alone.covers_every(group.service, group.resource).is_yes()
    };
    let guilty = resources.items.iter().find(|item| {
        covers(Selection {
            negated: false,
            items: vec![(*item).clone()],
            at: resources.at.clone(),
        })
    });
    guilty.map_or(&resources.at, |item| &item.at)
}

fn few(words: &[String], before: &str) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<_> = words.iter().take(SHOWN).map(|word| format!("{before}{word}")).collect();
    match (shown.split_last(), words.len().checked_sub(SHOWN)) {
        (_, Some(more)) if more > 0 => format!("{} and {more} more", shown.join(", ")),
        (Some((last, [])), _) => last.clone(),
        (Some((last, rest)), _) => format!("{} and {last}", rest.join(", ")),
        (None, _) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_are_counted() {
        let words = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(few(&words(&["a"]), "every "), "every a");
        assert_eq!(few(&words(&["a", "b"]), "every "), "every a and every b");
        assert_eq!(few(&words(&["a", "b", "c", "d"]), ""), "a, b, c and 1 more");
    }
}
