//! Where a configuration holds values that nobody is to see, whether or not they come to anything: a report
//! shows the lines next to a finding.

use super::body::{Body, Syntax, Written};
use super::loaded::Loaded;
use super::module::flag;
use hcl_edit::Span;
use hcl_edit::expr::{Expression, ObjectKey};
use maremma_model::secret::INTERPRETER_HOOKS;
use maremma_model::{Node, NodeValue, Place};

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
    search.found.sort();
    search.found.dedup();
    search.found
}

struct Search<'l> {
    loaded: &'l Loaded,
    found: Vec<Place>,
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
            Syntax::Json(node) => self.node(node),
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

    fn node(&mut self, node: &Node) {
        node.items().iter().for_each(|item| self.node(item));
        for entry in node.entries() {
            if MAPS.contains(&&*entry.key) || SCALARS.contains(&&*entry.key) {
                self.json_scalars(&entry.value);
            } else {
                self.node(&entry.value);
            }
        }
    }

    /// Every scalar of a value.
    fn values(&mut self, written: &Written) {
        match &written.syntax {
            Syntax::Hcl(expression) => self.scalars(expression, written.source),
            Syntax::Json(node) => self.json_scalars(node),
        }
    }

    /// Every scalar that is written in an expression; names that are referred to are none.
    fn scalars(&mut self, expression: &Expression, source: usize) {
        match expression {
            Expression::String(_) | Expression::Number(_) => self.found(expression, source),
            // A template of nothing but a reference says nothing.
            Expression::StringTemplate(template) if template.iter().any(|element| element.is_literal()) => {
                self.found(expression, source);
            }
            Expression::HeredocTemplate(_) => self.found(expression, source),
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

    fn found(&mut self, expression: &Expression, source: usize) {
        if let (Some(source), Some(span)) = (self.loaded.sources.get(source), expression.span()) {
            self.found.push(source.place(span));
        }
    }

    fn json_scalars(&mut self, node: &Node) {
        match &node.value {
            NodeValue::Null => {}
            NodeValue::Scalar { .. } => self.found.push(node.place),
            NodeValue::Seq(items) => items.iter().for_each(|item| self.json_scalars(item)),
            NodeValue::Map(entries) => {
                for entry in entries.iter().filter(|entry| !INTERPRETER_HOOKS.contains(&&*entry.key)) {
                    self.json_scalars(&entry.value);
                }
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
