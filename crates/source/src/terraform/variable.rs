//! What variables are: given by a call, by files of the root or by the run, or by their defaults.

use super::body::{Block, Written};
use super::constraint::Type;
use super::evaluation::{Evaluation, Key, What};
use super::expression;
use super::module::{Module, flag};
use super::names::Names;
use super::scope::{Scope, Step};
use super::value::{Kind, Reference, Value};
use maremma_model::{GapKind, Place, Why};
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

/// A value that was given, and whether it is a text that the type decides about how to read.
enum Given {
    Value(Value),
    Text(String),
}

/// A scope for what may refer to nothing: defaults, and values in files.
struct Constant<'s, 'a> {
    world: &'s Evaluation<'a>,
    source: usize,
    fixed: Option<Place>,
}

impl Scope for Constant<'_, '_> {
    fn name(&self, _: &str, _: &[Step], _: Place) -> Option<(Value, usize)> {
        None
    }

    fn attribute(&self, of: &Reference, _: &Step, at: Place) -> Value {
        Value::unresolved(format!("{} is not known here", of.address), at)
    }

    fn place(&self, span: Range<usize>) -> Place {
        let source = || self.world.loaded.sources.get(self.source);
        self.fixed
            .or_else(|| source().map(|source| source.place(span)))
            .unwrap_or_default()
    }

    fn directory(&self) -> &Path {
        self.world.within_directory()
    }

    fn root(&self) -> &Path {
        self.world.within_directory()
    }

    fn spend(&self, amount: usize) -> bool {
        self.world.spend(amount)
    }

    fn problem(&self, reason: String, at: Place) {
        self.world.gap(GapKind::Unparsed, reason, at);
    }
}

impl<'a> Evaluation<'a> {
    /// The value of a variable of a module. Where the root's defaults are to decide nothing, one that has but a
    /// default is not known.
    pub(super) fn variable(&self, module: &Rc<Module>, row: usize, undecided: bool, at: Place) -> Value {
        let Some(block) = self
            .directory(module)
            .and_then(|directory| directory.variables.blocks.get(row))
        else {
            return Value::new(Kind::Null, at);
        };
        let key = Key {
            what: What::Variable,
            of: module.number,
            row,
            undecided,
        };
        self.value(key, at, || {
            let ty = self.constraint(block);
            let mut value = self.given_or_default(module, block, &ty, undecided);
            value.sensitive |= flag(block, "sensitive") || flag(block, "ephemeral");
            value
        })
    }

    fn constraint(&self, block: &Block) -> Type {
        block.body.value("type").map_or(Type::Any, |written| {
            let scope = Constant {
                world: self,
                source: written.source,
                fixed: None,
            };
            Type::read(written, &|expression| expression::evaluate(expression, &scope))
        })
    }

    fn given_or_default(&self, module: &Rc<Module>, block: &Block, ty: &Type, undecided: bool) -> Value {
        let name = block.label(0);
        let given = match &module.parent {
            Some((parent, row)) => self
                .argument_of_call(parent, *row, module, name, undecided)
                .map(Given::Value),
            None => self.given_to_root(name, block.at),
        };
        let nullable = block.body.value("nullable").and_then(Written::flag).unwrap_or(true);
        let given = given.map(|given| match given {
            Given::Value(value) => value,
            Given::Text(text) => self.parsed(&text, block, ty),
        });
        if let Some(value) = given.filter(|value| nullable || value.kind != Kind::Null) {
            return self.converted(value, name, ty, block.at);
        }
        let Some(default) = block.body.value("default") else {
            let at = block.at;
            return match &module.parent {
                None => Value::unknown(Why::Parameter(name.into()), at),
                Some(_) => {
                    let reason = format!("{} does not say {name}, which has no default", module.address);
                    let call = module.parent.as_ref().and_then(|(parent, row)| self.call(parent, *row));
                    self.gap(GapKind::Unparsed, reason.clone(), call.map_or(at, |call| call.at));
                    Value::unresolved(reason, at)
                }
            };
        };
        let mut value = self.constant(default);
        let scalar = matches!(value.kind, Kind::Bool(_) | Kind::Number(_) | Kind::Text(_));
        if undecided && scalar && module.parent.is_none() {
            return Value::unknown(Why::Parameter(name.into()), block.at);
        }
        value = self.converted(value, name, ty, default.at);
        value.by = Some(format!("by the default of variable {name}").into());
        value
    }

    /// What is written without references.
    fn constant(&self, written: &Written) -> Value {
        match &written.syntax {
            super::body::Syntax::Hcl(expression) => {
                let scope = Constant {
                    world: self,
                    source: written.source,
                    fixed: None,
                };
                expression::evaluate(expression, &scope)
            }
            super::body::Syntax::Json(node) => literal(node),
        }
    }

    fn argument_of_call(
        &self,
        parent: &Rc<Module>,
        row: usize,
        module: &Module,
        name: &str,
        undecided: bool,
    ) -> Option<Value> {
        let written = self.call(parent, row)?.body.value(name)?;
        let names = Names {
            each: &module.each,
            instance: &module.address,
            undecided,
            ..Names::of_module(self, parent)
        };
        Some(names.evaluate(written))
    }

    /// What the run says of a root's variable, else the last of its files that says something.
    fn given_to_root(&self, name: &str, at: Place) -> Option<Given> {
        if let Some(given) = self.deployment.parameters.get(name) {
            let text = given.clone();
            return Some(Given::Text(text));
        }
        let mut files = self.given.iter().rev();
        let (file, argument) = files.find_map(|file| Some((file, file.body.argument(name)?)))?;
        let mut value = self.constant(&argument.value);
        value.by = Some(format!("given in {}", file.name).into());
        if value.at == Place::default() {
            value.at = at;
        }
        Some(Given::Value(value))
    }

    /// A value as it is given on a command line: a string, where the variable is one or says nothing of itself,
    /// and else an expression. Source: Terraform's language reference, "Variables on the Command Line".
    fn parsed(&self, text: &str, block: &Block, ty: &Type) -> Value {
        let (name, at) = (block.label(0), block.at);
        if ty.is_primitive() || block.body.argument("type").is_none() {
            return Value::text(text, at);
        }
        let scope = Constant {
            world: self,
            source: 0,
            fixed: Some(at),
        };
        let parsed = expression::parse(&format!("value = {text}"));
        match parsed.body.get_attribute("value") {
            Some(given) if parsed.faults.is_empty() => expression::evaluate(&given.value, &scope),
            _ => {
                let reason = format!("--parameter {name}: expected an expression of Terraform's language");
                self.gap(GapKind::Unparsed, reason.clone(), at);
                Value::unresolved(reason, at)
            }
        }
    }

    fn converted(&self, value: Value, name: &str, ty: &Type, at: Place) -> Value {
        let place = value.at;
        match ty.convert(value) {
            Ok(value) => value,
            Err(expected) => {
                let reason = format!("variable {name}: {expected}");
                self.gap(GapKind::Unparsed, reason.clone(), place);
                Value::unresolved(reason, at)
            }
        }
    }
}

/// JSON as it is, where strings are no templates.
fn literal(node: &maremma_model::Node) -> Value {
    use maremma_model::NodeValue;
    let kind = match &node.value {
        NodeValue::Null => Kind::Null,
        NodeValue::Scalar { text, quoted: true } => return Value::text(text.clone(), node.place),
        NodeValue::Scalar { text, .. } => match &**text {
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            number => match super::value::Number::parse(number) {
                Some(number) => Kind::Number(number),
                None => return Value::unresolved("a number of this size is not evaluated", node.place),
            },
        },
        NodeValue::Seq(items) => Kind::List(Rc::new(items.iter().map(literal).collect())),
        NodeValue::Map(entries) => {
            let entries = entries
                .iter()
                .map(|entry| (Arc::clone(&entry.key), literal(&entry.value)));
            Kind::Map(Rc::new(entries.collect()))
        }
    };
    Value::new(kind, node.place)
}
