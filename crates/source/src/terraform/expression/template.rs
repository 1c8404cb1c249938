//! Templates: strings with `${ }` and `%{ }`.

use super::build::length;
use super::comprehension::{bound, is_set, rounds};
use super::conditional::{decide, nothing};
use super::convert::text;
use super::layer::Layer;
use super::world::in_every;
use super::{Kind, Scope, Value, enough, evaluate as evaluate_expression, refuse};
use hcl_edit::template::{Directive, Element, ForDirective, IfDirective, Template};
use maremma_model::{Place, Text};
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) fn evaluate(template: &Template, scope: &dyn Scope, at: Place) -> Value {
    // `"${x}"` is x, of whatever type it is.
    if let Some(Element::Interpolation(only)) = template.as_single_element() {
        return evaluate_expression(&only.expr, scope);
    }
    concatenated(template, scope, at)
}

/// A template of a text that is not part of the configuration: `templatefile`. It sees the variables that
/// it is given and nothing else, and stands where the call stands.
pub(crate) fn template(text: &str, variables: BTreeMap<Arc<str>, Value>, scope: &dyn Scope, at: Place) -> Value {
    if !scope.spend(text.len()) {
        return enough(at);
    }
    match super::parse::template(text) {
        Ok(template) => {
            let variable = |name: &str| variables.get(name).cloned();
            evaluate(&template, &Layer::template(scope, &variable, at), at)
        }
        Err(fault) => {
            let line = text
                .get(..fault.span.start)
                .map_or(1, |before| before.matches('\n').count() + 1);
            refuse(
                format!("the template does not parse, in its line {line}: {}", fault.expected),
                scope,
                at,
            )
        }
    }
}

/// A template in a string of the JSON syntax. It sees what an expression in its place sees.
pub(crate) fn embedded(text: &str, scope: &dyn Scope, at: Place) -> Value {
    if !scope.spend(text.len() / 16 + 1) {
        return enough(at);
    }
    match super::parse::template(text) {
        Ok(template) => evaluate(&template, scope, at),
        Err(fault) => refuse(format!("this is no template: {}", fault.expected), scope, at),
    }
}

fn concatenated(template: &Template, scope: &dyn Scope, at: Place) -> Value {
    let mut parts = Vec::with_capacity(template.len());
    for element in template.iter() {
        parts.push(match element {
            Element::Literal(literal) => Value::text(literal.as_str(), at),
            Element::Interpolation(interpolation) => evaluate_expression(&interpolation.expr, scope),
            Element::Directive(directive) => match &**directive {
                Directive::If(directive) => either(directive, scope, at),
                Directive::For(directive) => repeated(directive, scope, at),
            },
        });
    }
    join(parts, scope, at)
}

/// Parts one after the other, in every world that they leave open.
fn join(parts: Vec<Value>, scope: &dyn Scope, at: Place) -> Value {
    in_every(parts, scope, at, &mut |parts, scope| {
        let mut texts = Vec::with_capacity(parts.len());
        let mut whole = nothing(at);
        for part in &parts {
            match text(part) {
                Ok(text) if scope.spend(length(&text)) => texts.push(text),
                Ok(_) => return enough(at),
                Err(trouble) => return trouble.value(scope, part.at).made_of(&whole),
            }
            if part.sensitive || part.by.is_some() {
                whole = whole.made_of(part);
            }
        }
        whole.kind = Kind::Text(Text::concat(&texts));
        whole
    })
}

fn either(directive: &IfDirective, scope: &dyn Scope, at: Place) -> Value {
    let side = |truth: bool, scope: &dyn Scope| match (truth, &directive.else_expr) {
        (true, _) => concatenated(&directive.if_expr.template, scope, at),
        (false, Some(other)) => concatenated(&other.template, scope, at),
        (false, None) => nothing(at),
    };
    decide(&directive.if_expr.cond_expr, &side, scope, at)
}

fn repeated(directive: &ForDirective, scope: &dyn Scope, at: Place) -> Value {
    let directive = &directive.for_expr;
    let collection = evaluate_expression(&directive.collection_expr, scope);
    let set = is_set(&directive.collection_expr);
    let names = (
        directive.key_var.as_ref().map(|name| name.as_str()),
        directive.value_var.as_str(),
    );
    in_every(vec![collection], scope, at, &mut |collections, scope| {
        let Some(collection) = collections.into_iter().next() else {
            return nothing(at);
        };
        let rounds = match rounds(&collection, set) {
            Ok(rounds) => rounds,
            Err(trouble) => return trouble.value(scope, collection.at).made_of(&collection),
        };
        let mut parts = Vec::with_capacity(rounds.len());
        for round in rounds {
            if !scope.spend(1) {
                return enough(at);
            }
            let layer = bound(names, round, scope);
            parts.push(concatenated(&directive.template, &layer, at));
        }
        join(parts, scope, at).made_of(&collection)
    })
}
