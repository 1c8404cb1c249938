//! Conditions: true, false, or not decided by what is known.

use super::template::{Argument, call};
use super::world::{StackId, World};
use maremma_model::{Document, Existence, GapKind, Node, Place, Text, Value};
use std::sync::Arc;

/// The truth of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    /// Decided; `by` says which defaults decided it, where it is not only what was given.
    Known {
        value: bool,
        by: Option<Arc<str>>,
    },
    Unknown,
}

impl Truth {
    fn known(value: bool) -> Self {
        Truth::Known { value, by: None }
    }

    fn not(self) -> Self {
        match self {
            Truth::Known { value, by } => Truth::Known { value: !value, by },
            Truth::Unknown => Truth::Unknown,
        }
    }
}

impl World<'_> {
    /// The truth of a named condition of a stack.
    pub(super) fn truth(&self, stack: StackId, name: &str, at: Place) -> Truth {
        let key = (stack, Arc::from(name));
        if let Some(known) = self.truths.borrow().get(&key) {
            if known.is_none() {
                self.gap(GapKind::Unparsed, format!("condition {name} refers to itself"), at);
            }
            return known.clone().unwrap_or(Truth::Unknown);
        }
        let Some(node) = self.declared(stack, "Conditions", name) else {
            self.gap(
                GapKind::Absent,
                format!("condition {name} is not declared in Conditions"),
                at,
            );
            return Truth::Unknown;
        };
        self.truths.borrow_mut().insert(key.clone(), None);
        let truth = self.evaluate(stack, node);
        self.truths.borrow_mut().insert(key, Some(truth.clone()));
        truth
    }

    fn evaluate(&self, stack: StackId, node: &Node) -> Truth {
        let Some(_deeper) = self.deeper() else {
            return Truth::Unknown;
        };
        if let [entry] = node.entries()
            && node.tag.is_none()
            && &*entry.key == "Condition"
        {
            // AWS's transform writes one such map inside another.
            return match entry.value.as_str() {
                Some(name) => self.truth(stack, name, entry.value.place),
                None => self.evaluate(stack, &entry.value),
            };
        }
        let Some(call) = call(node) else {
            return node.as_bool().map_or(Truth::Unknown, Truth::known);
        };
        let arguments = || call.argument.items().iter();
        match call.name {
            "Condition" => call
                .argument
                .as_str()
                .map_or(Truth::Unknown, |name| self.truth(stack, name, node.place)),
            "And" => all(arguments().map(|argument| self.evaluate(stack, argument))),
            "Or" => all(arguments().map(|argument| self.evaluate(stack, argument).not())).not(),
            "Not" => match call.argument {
                Argument::Node(argument) | Argument::Tagged(argument) if argument.items().is_empty() => {
                    self.evaluate(stack, argument)
                }
                _ => arguments()
                    .next()
                    .map_or(Truth::Unknown, |argument| self.evaluate(stack, argument))
                    .not(),
            },
            "Equals" => match call.argument.items() {
                [left, right] => {
                    let outer = self.deciding.replace(true);
                    let truth = equal(&self.resolve(stack, left), &self.resolve(stack, right));
                    self.deciding.set(outer);
                    truth
                }
                _ => Truth::Unknown,
            },
            _ => Truth::Unknown,
        }
    }

    /// Whether a resource with this `Condition` exists; `None` where what was given says it does not.
    pub(super) fn existence(&self, stack: StackId, resource: &Node) -> Option<Existence> {
        let Some(condition) = resource.get("Condition") else {
            return Some(Existence::Always);
        };
        let Some(name) = condition.as_str() else {
            self.gap(
                GapKind::Unparsed,
                "Condition: expected the name of a condition",
                condition.place,
            );
            return Some(Existence::When("a condition that cannot be read".into()));
        };
        match self.truth(stack, name, condition.place) {
            Truth::Known { value: true, .. } => Some(Existence::Always),
            Truth::Known {
                value: false,
                by: Some(by),
            } => Some(Existence::OffByDefault(format!("{name}, which is false {by}").into())),
            Truth::Known { value: false, by: None } => None,
            Truth::Unknown => Some(Existence::When(name.into())),
        }
    }
}

/// True when all are, false when one is, whatever the others.
fn all(truths: impl Iterator<Item = Truth>) -> Truth {
    let mut reasons: Vec<Arc<str>> = Vec::new();
    let mut undecided = false;
    for truth in truths {
        match truth {
            Truth::Known { value: false, .. } => return truth,
            Truth::Known { value: true, by } => reasons.extend(by),
            Truth::Unknown => undecided = true,
        }
    }
    if undecided {
        return Truth::Unknown;
    }
    Truth::Known {
        value: true,
        by: joined(reasons, " and "),
    }
}

/// How long the words may become that say which defaults decided: conditions that are made of the same
/// conditions would double them at every step.
const MAX_WORDS: usize = 400;

/// The reasons as one, each once.
pub(super) fn joined(mut reasons: Vec<Arc<str>>, between: &str) -> Option<Arc<str>> {
    reasons.sort();
    reasons.dedup();
    let mut words = reasons.first()?.to_string();
    for reason in reasons.iter().skip(1) {
        if words.len() + reason.len() > MAX_WORDS {
            if !words.ends_with("others") {
                words.push_str(between);
                words.push_str("others");
            }
            break;
        }
        words.push_str(between);
        words.push_str(reason);
    }
    Some(words.into())
}

/// How many pairs of worlds are compared.
const MAX_PAIRS: usize = 10_000;

/// `Fn::Equals` over values that may be known only in part.
fn equal(left: &Document, right: &Document) -> Truth {
    match (&left.value, &right.value) {
        (Value::Choice(a), Value::Choice(b)) if a.len().saturating_mul(b.len()) > MAX_PAIRS => Truth::Unknown,
        (Value::Choice(branches), _) => one_of(branches.iter().map(|branch| equal(&branch.value, right))),
        (_, Value::Choice(branches)) => one_of(branches.iter().map(|branch| equal(left, &branch.value))),
        (Value::Scalar { text: a, .. }, Value::Scalar { text: b, .. }) => match same(a, b) {
            Some(value) => Truth::Known {
                value,
                by: joined(left.by.iter().chain(&right.by).cloned().collect(), " and "),
            },
            None => Truth::Unknown,
        },
        _ => Truth::Unknown,
    }
}

/// The common truth of all worlds, where there is one.
fn one_of(mut truths: impl Iterator<Item = Truth>) -> Truth {
    let Some(first) = truths.next() else {
        return Truth::Unknown;
    };
    if truths.all(|truth| truth == first) {
        first
    } else {
        Truth::Unknown
    }
}

/// Whether two texts are equal, as far as their known parts tell.
fn same(a: &Text, b: &Text) -> Option<bool> {
    match (a.as_literal(), b.as_literal()) {
        (Some(a), Some(b)) => Some(a == b),
        _ => {
            let agree = |x: &str, y: &str| x.starts_with(y) || y.starts_with(x);
            let ends = |x: &str, y: &str| x.ends_with(y) || y.ends_with(x);
            (!agree(a.prefix(), b.prefix()) || !ends(a.suffix(), b.suffix())).then_some(false)
        }
    }
}
