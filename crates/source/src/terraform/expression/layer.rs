//! A scope inside of another: the variables of a `for`, the arguments of a template, what `try` listens to.

use crate::terraform::scope::{Scope, Step};
use crate::terraform::value::{Reference, Value};
use maremma_model::Place;
use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// What a layer changes.
enum Change<'a> {
    /// The variables of one round of a `for`; `round` tells the rounds apart.
    Bound {
        variables: Vec<(&'a str, Value)>,
        round: String,
    },
    /// A template elsewhere, which sees its arguments alone, and whose every place is that of the call.
    Template {
        variables: &'a dyn Fn(&str) -> Option<Value>,
        at: Place,
    },
    /// Nothing is told before it is known whether it matters.
    Trial {
        told: RefCell<Vec<(String, Place)>>,
        doubt: Cell<bool>,
        /// The worlds in which it is refused, where others go on.
        refused: RefCell<Vec<Arc<str>>>,
    },
}

pub(super) struct Layer<'a> {
    outer: &'a dyn Scope,
    change: Change<'a>,
}

impl<'a> Layer<'a> {
    pub(super) fn bound(outer: &'a dyn Scope, variables: Vec<(&'a str, Value)>, round: String) -> Self {
        let change = Change::Bound { variables, round };
        Layer { outer, change }
    }

    pub(super) fn template(outer: &'a dyn Scope, variables: &'a dyn Fn(&str) -> Option<Value>, at: Place) -> Self {
        let change = Change::Template { variables, at };
        Layer { outer, change }
    }

    pub(super) fn trial(outer: &'a dyn Scope) -> Self {
        let change = Change::Trial {
            told: RefCell::default(),
            doubt: Cell::new(false),
            refused: RefCell::default(),
        };
        Layer { outer, change }
    }

    /// All that was wrong.
    pub(super) fn failures(&self) -> Vec<(String, Place)> {
        match &self.change {
            Change::Trial { told, .. } => told.borrow().clone(),
            Change::Bound { .. } | Change::Template { .. } => Vec::new(),
        }
    }

    /// What was wrong first, where something was.
    pub(super) fn failure(&self) -> Option<(String, Place)> {
        self.failures().into_iter().next()
    }

    /// Whether something may be wrong once all is known.
    pub(super) fn in_doubt(&self) -> bool {
        matches!(&self.change, Change::Trial { doubt, .. } if doubt.get())
    }

    /// The world in which it is refused, where there is one and nothing else is in doubt.
    pub(super) fn refused(&self) -> Option<Arc<str>> {
        match &self.change {
            Change::Trial { refused, .. } => match refused.borrow().as_slice() {
                [world] => Some(world.clone()),
                _ => None,
            },
            Change::Bound { .. } | Change::Template { .. } => None,
        }
    }
}

impl Scope for Layer<'_> {
    fn name(&self, root: &str, steps: &[Step], at: Place) -> Option<(Value, usize)> {
        match &self.change {
            Change::Bound { variables, .. } => match variables.iter().rev().find(|(name, _)| *name == root) {
                Some((_, value)) => Some((value.clone(), 0)),
                None => self.outer.name(root, steps, at),
            },
            Change::Template { variables, .. } => variables(root).map(|value| (value, 0)),
            Change::Trial { .. } => self.outer.name(root, steps, at),
        }
    }

    fn attribute(&self, of: &Reference, step: &Step, at: Place) -> Value {
        self.outer.attribute(of, step, at)
    }

    fn condition(&self, words: &str) -> Arc<str> {
        let outer = self.outer.condition(words);
        match &self.change {
            Change::Bound { variables, round } if variables.iter().any(|(name, _)| names(words, name)) => {
                format!("{outer} for {round}").into()
            }
            Change::Template { at, .. } => format!("{outer} in the template of line {}", at.span.start.line).into(),
            _ => outer,
        }
    }

    fn doubt(&self) {
        if let Change::Trial { doubt, refused, .. } = &self.change {
            doubt.set(true);
            // No single world decides it any more.
            refused.borrow_mut().extend(["".into(), "".into()]);
        }
        // What a world leaves open, its `try` leaves open.
        self.outer.doubt();
    }

    fn refused_in(&self, world: &str) {
        if let Change::Trial { doubt, refused, .. } = &self.change {
            doubt.set(true);
            refused.borrow_mut().push(world.into());
        }
        self.outer.refused_in(world);
    }

    fn place(&self, span: Range<usize>) -> Place {
        match &self.change {
            Change::Template { at, .. } => *at,
            _ => self.outer.place(span),
        }
    }

    fn directory(&self) -> &Path {
        self.outer.directory()
    }

    fn root(&self) -> &Path {
        self.outer.root()
    }

    fn templates(&self) -> usize {
        self.outer.templates() + usize::from(matches!(self.change, Change::Template { .. }))
    }

    fn spend(&self, amount: usize) -> bool {
        self.outer.spend(amount)
    }

    fn problem(&self, reason: String, at: Place) {
        match &self.change {
            // The first ones tell enough.
            Change::Trial { told, .. } if told.borrow().len() < 100 => told.borrow_mut().push((reason, at)),
            Change::Trial { .. } => {}
            _ => self.outer.problem(reason, at),
        }
    }
}

/// Whether a word stands in an expression. What stands in a string counts too, which does no harm.
fn names(words: &str, name: &str) -> bool {
    let part_of_name = |char: char| char.is_alphanumeric() || char == '_' || char == '-';
    words.split(|char| !part_of_name(char)).any(|word| word == name)
}
