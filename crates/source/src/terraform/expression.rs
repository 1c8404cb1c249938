//! Terraform's expression language: what an expression comes to in a scope.

mod attempt;
mod build;
mod call;
mod compare;
mod comprehension;
mod conditional;
mod convert;
mod json;
mod layer;
mod number;
mod operator;
mod parse;
mod scan;
mod settle;
mod template;
mod traversal;
mod world;

#[cfg(test)]
mod tests;

pub(crate) use json::json_text;
pub(crate) use parse::parse;
pub(crate) use template::{embedded, template};
pub(super) use world::in_every;

use super::scope::Scope;
use super::value::{Kind, Number, Value};
use hcl_edit::Span;
use hcl_edit::expr::{Expression, Traversal};
use maremma_model::Place;
use std::cell::Cell;
use std::sync::Arc;

/// Expressions inside of each other, also by reference: each takes up to 13 kB of the stack in a
/// debug build.
const MAX_DEPTH: usize = 200;

thread_local! {
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// One expression that is being evaluated.
struct Level;

impl Level {
    fn enter() -> Option<Level> {
        let depth = DEPTH.get();
        (depth < MAX_DEPTH).then(|| {
            DEPTH.set(depth + 1);
            Level
        })
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get().saturating_sub(1));
    }
}

/// Evaluates what an expression refers to, for a scope that has seen to it itself that there is room for one more
/// on the stack.
pub(crate) fn anew<T>(run: impl FnOnce() -> T) -> T {
    let depth = DEPTH.replace(0);
    let made = run();
    DEPTH.set(depth);
    made
}

/// Told where the evaluation has had enough.
const ENOUGH: &str = "evaluating this takes more than is given to it";

/// What an expression comes to. What is wrong with it is told to the scope, and not known; the rest of it is
/// evaluated all the same.
pub(crate) fn evaluate(expression: &Expression, scope: &dyn Scope) -> Value {
    let at = place(expression, scope);
    if !scope.spend(1) {
        return enough(at);
    }
    let Some(_level) = Level::enter() else {
        return Value::unresolved("expressions refer to each other too deeply to be evaluated", at);
    };
    match expression {
        Expression::Null(_) => Value::new(Kind::Null, at),
        Expression::Bool(value) => Value::new(Kind::Bool(*value.value()), at),
        Expression::Number(written) => match Number::parse(&number::written(written)) {
            Some(number) => Value::new(Kind::Number(number), at),
            None => Value::unresolved("a number of this size is not evaluated", at),
        },
        Expression::String(text) => Value::text(text.value().as_str(), at),
        Expression::Array(items) => build::list(items, scope, at),
        Expression::Object(items) => build::map(items, scope, at),
        Expression::StringTemplate(template) => template::evaluate(template, scope, at),
        Expression::HeredocTemplate(heredoc) => template::evaluate(&heredoc.template, scope, at),
        Expression::Parenthesis(inner) => evaluate(inner.inner(), scope),
        Expression::Variable(_) => traversal::evaluate(expression, &[], scope, at),
        Expression::Traversal(traversal) => {
            let Traversal { expr, operators, .. } = &**traversal;
            traversal::evaluate(expr, operators, scope, at)
        }
        Expression::Conditional(conditional) => conditional::evaluate(conditional, scope, at),
        Expression::FuncCall(called) => call::evaluate(called, scope, at),
        Expression::UnaryOp(operation) => operator::unary(operation, scope, at),
        Expression::BinaryOp(operation) => operator::binary(operation, scope, at),
        Expression::ForExpr(comprehension) => comprehension::evaluate(comprehension, scope, at),
    }
}

fn place(expression: &Expression, scope: &dyn Scope) -> Place {
    scope.place(expression.span().unwrap_or_default())
}

fn enough(at: Place) -> Value {
    Value::unresolved(ENOUGH, at)
}

/// Tells what Terraform refuses; what it would have come to is not known.
fn refuse(words: impl Into<String>, scope: &dyn Scope, at: Place) -> Value {
    let words = words.into();
    scope.problem(words.clone(), at);
    Value::unresolved(words, at)
}

/// Longest condition that is told whole.
const MAX_WORDS: usize = 120;

/// An expression as it was written, on one line.
fn words(expression: &Expression) -> String {
    let expression = match expression {
        Expression::Parenthesis(inner) => inner.inner(),
        other => other,
    };
    let written = expression.to_string();
    let mut words = String::new();
    for word in written.split_whitespace() {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
        if words.len() > MAX_WORDS {
            let cut = words.char_indices().map(|(at, _)| at).take_while(|at| *at <= MAX_WORDS);
            words.truncate(cut.last().unwrap_or_default());
            words.push('…');
            break;
        }
    }
    words
}

/// Most that is told of how a value came about.
const MAX_BY: usize = 240;

/// How two things came about, once each.
fn joined(left: Option<Arc<str>>, right: Option<Arc<str>>) -> Option<Arc<str>> {
    let (left, right) = match (left, right) {
        (Some(left), Some(right)) => (left, right),
        (one, other) => return one.or(other),
    };
    let mut all = left.to_string();
    for way in right.split("; ") {
        let told = all.split("; ").any(|told| told == way);
        if !told && all.len() + way.len() < MAX_BY {
            all.push_str("; ");
            all.push_str(way);
        }
    }
    Some(all.into())
}

impl Value {
    /// This value, which came of `from`: it is as secret, and came about the same way.
    fn made_of(mut self, from: &Value) -> Value {
        self.sensitive |= from.sensitive;
        self.by = joined(self.by.take(), from.by.clone());
        self
    }

    fn at(mut self, at: Place) -> Value {
        self.at = at;
        self
    }
}
