//! Where a configuration holds values that nobody is to see, whether or not they come to anything: a report
//! shows the lines next to a finding.

use super::body::{Body, Syntax, Written};
use super::loaded::Loaded;
use super::module::flag;
use hcl_edit::Span;
use hcl_edit::expr::{Expression, ObjectKey, Traversal, TraversalOperator};
use hcl_edit::template::{Directive, Element, Template};
use maremma_model::secret::INTERPRETER_HOOKS;
use maremma_model::{Node, NodeValue, Place};
use std::collections::HashSet;

/// Arguments that hold maps of values which may be secrets.
const MAPS: [&str; 3] = ["variables", "environment_variables", "stage_variables"];
/// Arguments that hold one.
const SCALARS: [&str; 12] = [
    "auth_token",
    "client_secret",
    "event_source_token",
    "master_password",
    "master_user_password",
    "password",
    "private_key",
    "secret_access_key",
    "secret_binary",
    "secret_key",
    "secret_string",
    "token",
];

/// The places of such values in everything that was read.
pub(super) fn places(loaded: &Loaded) -> Vec<Place> {
    let mut search = Search {
        loaded,
        found: Vec::new(),
        seen: HashSet::new(),
        open: Vec::new(),
    };
    for directory in &loaded.directories {
        let named = [
            &directory.resources.blocks,
            &directory.data.blocks,
            &directory.calls.blocks,
        ];
        for block in named.into_iter().flatten().chain(&directory.providers) {
            search.body(&block.body, block.label(0) == "aws_ssm_parameter");
        }
        for variable in directory
            .variables
            .blocks
            .iter()
            .filter(|block| flag(block, "sensitive"))
        {
            if let Some(default) = variable.body.value("default") {
                search.values(default);
            }
        }
        for local in &directory.locals {
            search.argument(&local.name, &local.value, false);
        }
    }
    for root in &loaded.roots {
        search.given(root);
    }
    while let Some(name) = search.open.pop() {
        search.behind(&name);
    }
    search.found.sort();
    search.found.dedup();
    search.found
}

/// A local or a variable of a directory.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Name {
    directory: usize,
    variable: bool,
    name: String,
}

struct Search<'l> {
    loaded: &'l Loaded,
    found: Vec<Place>,
    /// Names that such values refer to: what they come to is to be seen no more.
    seen: HashSet<Name>,
    /// Those that nobody has looked behind yet.
    open: Vec<Name>,
}

impl Search<'_> {
    fn given(&mut self, root: &super::loaded::Root) {
        let called = self.loaded.called.get(root.called);
        let directory = called.and_then(|called| self.loaded.directories.get(called.directory));
        let Some(directory) = directory else { return };
        for argument in root.given.iter().flat_map(|given| &given.body.arguments) {
            // What is declared nowhere nobody knows to be harmless.
            let declared = directory.variables.get(&argument.name);
            if declared.is_none_or(|block| flag(block, "sensitive")) {
                self.values(&argument.value);
            } else {
                self.argument(&argument.name, &argument.value, false);
            }
        }
    }

    fn body(&mut self, body: &Body, parameter: bool) {
        for argument in &body.arguments {
            self.argument(&argument.name, &argument.value, parameter);
        }
        for block in &body.blocks {
            self.body(&block.body, false);
        }
    }

    fn argument(&mut self, name: &str, written: &Written, parameter: bool) {
        if MAPS.contains(&name) || SCALARS.contains(&name) || parameter && name == "value" {
            self.values(written);
            return;
        }
        match &written.syntax {
            Syntax::Hcl(expression) => self.expression(expression, written.source),
            Syntax::Json(node) => in_json(node, &mut self.found),
        }
    }

    /// Looks for such arguments in a value, and for what is marked as sensitive.
    fn expression(&mut self, expression: &Expression, source: usize) {
        match expression {
            Expression::Array(items) => items.iter().for_each(|item| self.expression(item, source)),
            Expression::Object(object) => {
                for (key, value) in object.iter() {
                    let key = key_of(key);
                    if MAPS.contains(&key) || SCALARS.contains(&key) {
                        self.scalars(value.expr(), source);
                    } else {
                        self.expression(value.expr(), source);
                    }
                }
            }
            Expression::Parenthesis(inner) => self.expression(inner.inner(), source),
            Expression::Conditional(conditional) => {
                self.expression(&conditional.true_expr, source);
                self.expression(&conditional.false_expr, source);
            }
            Expression::FuncCall(call) if call.name.name.as_str() == "sensitive" => {
                call.args.iter().for_each(|argument| self.scalars(argument, source));
            }
            Expression::FuncCall(call) => call.args.iter().for_each(|argument| self.expression(argument, source)),
            _ => {}
        }
    }

    /// Every scalar of a value.
    fn values(&mut self, written: &Written) {
        match &written.syntax {
            Syntax::Hcl(expression) => self.scalars(expression, written.source),
            Syntax::Json(node) => json_scalars(node, &mut self.found),
        }
    }

    /// Every scalar that is written in an expression; names that are referred to are none.
    fn scalars(&mut self, expression: &Expression, source: usize) {
        match expression {
            Expression::String(_) | Expression::Number(_) => self.found(expression, source),
            // A template of nothing but a reference says nothing.
            Expression::StringTemplate(template) => {
                if template.iter().any(|element| element.is_literal()) {
                    self.found(expression, source);
                }
                template.iter().for_each(|element| self.element(element, source));
            }
            Expression::HeredocTemplate(heredoc) => {
                self.found(expression, source);
                self.template(&heredoc.template, source);
            }
            Expression::Traversal(traversal) => self.refer(traversal, source),
            Expression::Array(items) => items.iter().for_each(|item| self.scalars(item, source)),
            Expression::Object(object) => {
                for (key, value) in object.iter() {
                    // What an interpreter acts on is configuration.
                    if !INTERPRETER_HOOKS.contains(&key_of(key)) {
                        self.scalars(value.expr(), source);
                    }
                }
            }
            Expression::Parenthesis(inner) => self.scalars(inner.inner(), source),
            Expression::Conditional(conditional) => {
                self.scalars(&conditional.true_expr, source);
                self.scalars(&conditional.false_expr, source);
            }
            Expression::FuncCall(call) => call.args.iter().for_each(|argument| self.scalars(argument, source)),
            Expression::BinaryOp(operation) => {
                self.scalars(&operation.lhs_expr, source);
                self.scalars(&operation.rhs_expr, source);
            }
            Expression::ForExpr(comprehension) => self.scalars(&comprehension.value_expr, source),
            _ => {}
        }
    }

    fn template(&mut self, template: &Template, source: usize) {
        template.iter().for_each(|element| self.element(element, source));
    }

    fn element(&mut self, element: &Element, source: usize) {
        match element {
            Element::Literal(_) => {}
            Element::Interpolation(interpolation) => self.scalars(&interpolation.expr, source),
            Element::Directive(directive) => match &**directive {
                Directive::If(directive) => {
                    self.template(&directive.if_expr.template, source);
                    if let Some(otherwise) = &directive.else_expr {
                        self.template(&otherwise.template, source);
                    }
                }
                Directive::For(directive) => {
                    self.scalars(&directive.for_expr.collection_expr, source);
                    self.template(&directive.for_expr.template, source);
                }
            },
        }
    }

    /// Notes the local or the variable that a value refers to.
    fn refer(&mut self, traversal: &Traversal, source: usize) {
        let variable = match &traversal.expr {
            Expression::Variable(root) if root.as_str() == "local" => false,
            Expression::Variable(root) if root.as_str() == "var" => true,
            inner => return self.scalars(inner, source),
        };
        let first = traversal.operators.first().map(|operator| operator.value());
        let directories = self.loaded.directories.iter();
        let directory = directories.enumerate().find(|(_, one)| one.sources.contains(&source));
        if let (Some(TraversalOperator::GetAttr(name)), Some((directory, _))) = (first, directory) {
            let name = Name {
                directory,
                variable,
                name: name.as_str().to_owned(),
            };
            if self.seen.insert(name.clone()) {
                self.open.push(name);
            }
        }
    }

    /// Looks at what a local or a variable comes to: its value, its default, and what calls and files give.
    fn behind(&mut self, name: &Name) {
        let loaded = self.loaded;
        let Some(directory) = loaded.directories.get(name.directory) else {
            return;
        };
        if !name.variable {
            if let Some((_, local)) = directory.local(&name.name) {
                self.values(&local.value);
            }
            return;
        }
        let block = directory.variables.get(&name.name);
        if let Some(default) = block.and_then(|block| block.body.value("default")) {
            self.values(default);
        }
        for called in &loaded.called {
            let calls = loaded
                .directories
                .get(called.directory)
                .map(|caller| &caller.calls.blocks);
            for (inner, block) in called.calls.iter().zip(calls.into_iter().flatten()) {
                let inner = inner.and_then(|inner| loaded.called.get(inner));
                if inner.is_some_and(|inner| inner.directory == name.directory)
                    && let Some(given) = block.body.value(&name.name)
                {
                    self.values(given);
                }
            }
        }
        let roots = loaded.roots.iter().filter(|root| {
            let called = loaded.called.get(root.called);
            called.is_some_and(|called| called.directory == name.directory)
        });
        for given in roots.flat_map(|root| &root.given) {
            if let Some(value) = given.body.value(&name.name) {
                self.values(value);
            }
        }
    }

    fn found(&mut self, expression: &Expression, source: usize) {
        if let (Some(source), Some(span)) = (self.loaded.sources.get(source), expression.span()) {
            self.found.push(source.place(span));
        }
    }
}

/// The places of such values in JSON.
pub(super) fn in_json(node: &Node, found: &mut Vec<Place>) {
    node.items().iter().for_each(|item| in_json(item, found));
    for entry in node.entries() {
        if MAPS.contains(&&*entry.key) || SCALARS.contains(&&*entry.key) {
            json_scalars(&entry.value, found);
        } else {
            in_json(&entry.value, found);
        }
    }
}

fn json_scalars(node: &Node, found: &mut Vec<Place>) {
    match &node.value {
        NodeValue::Null => {}
        NodeValue::Scalar { .. } => found.push(node.place),
        NodeValue::Seq(items) => items.iter().for_each(|item| json_scalars(item, found)),
        NodeValue::Map(entries) => {
            for entry in entries.iter().filter(|entry| !INTERPRETER_HOOKS.contains(&&*entry.key)) {
                json_scalars(&entry.value, found);
            }
        }
    }
}

fn key_of(key: &ObjectKey) -> &str {
    match key {
        ObjectKey::Ident(name) => name.as_str(),
        ObjectKey::Expression(expression) => expression.as_str().unwrap_or_default(),
    }
}
