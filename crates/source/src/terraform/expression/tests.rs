//! The language against what Terraform's own console answers.

mod console;
mod hostile;
mod parsing;
mod unknown;

use super::parse::Parsed;
use super::{evaluate, json_text, parse};
use crate::terraform::scope::{Scope, Step};
use crate::terraform::value::{Kind, Number, Reference, Value};
use hcl_edit::expr::Expression;
use maremma_model::{AnyId, Place, Pos, Span, Text, Why};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

/// A scope of variables, of which `var.` are some and `aws_lambda_function.f` is a resource.
struct Names {
    variables: BTreeMap<Arc<str>, Value>,
    left: Cell<usize>,
    problems: RefCell<Vec<String>>,
    /// What `again` is, each time anew.
    again: Option<Expression>,
}

impl Names {
    fn new() -> Names {
        Names {
            variables: BTreeMap::new(),
            left: Cell::new(2_000_000),
            problems: RefCell::default(),
            again: None,
        }
    }

    fn with(mut self, name: &str, kind: Kind) -> Names {
        self.variables.insert(name.into(), Value::new(kind, Place::default()));
        self
    }

    fn with_default(mut self, name: &str, kind: Kind) -> Names {
        let mut value = Value::new(kind, Place::default());
        value.by = Some(format!("by the default of variable {name}").into());
        self.variables.insert(name.into(), value);
        self
    }

    /// A variable without a value.
    fn unknown(self, name: &str) -> Names {
        self.with(name, Kind::Unknown(Why::Parameter(name.into())))
    }

    fn evaluate(&self, expression: &str) -> Value {
        let Parsed { body, faults } = parse(&format!("x = {expression}\n"));
        assert_eq!(faults, [], "{expression}");
        evaluate(&body.get_attribute("x").expect("x").value, self)
    }

    /// What an expression comes to, or what is wrong with it.
    fn shown(&self, expression: &str) -> String {
        let value = self.evaluate(expression);
        match self.problems.take().first() {
            Some(problem) => format!("! {problem}"),
            None => shown(&value),
        }
    }
}

/// As Terraform prints it, on one line; `?` what is not known.
fn shown(value: &Value) -> String {
    match &value.kind {
        Kind::Text(text) => format!("\"{text}\""),
        Kind::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Kind::Map(fields) => {
            let fields: Vec<_> = fields
                .iter()
                .map(|(key, value)| format!("{key} = {}", shown(value)))
                .collect();
            format!("{{{}}}", fields.join(", "))
        }
        Kind::Choice(branches) => {
            let branches: Vec<_> = branches
                .iter()
                .map(|branch| format!("{}: {}", branch.when, shown(&branch.value)))
                .collect();
            format!("<{}>", branches.join(" | "))
        }
        Kind::Object(reference) => format!("{}{}", reference.address, reference.path),
        Kind::Json(value) => format!("json({})", shown(value)),
        Kind::Unknown(why) => format!("?{}", why.name()),
        Kind::Null | Kind::Bool(_) | Kind::Number(_) => json_text(value).to_string(),
    }
}

fn function() -> AnyId {
    serde_json::from_str("{\"function\": 0}").expect("an id")
}

impl Scope for Names {
    fn name(&self, root: &str, steps: &[Step], at: Place) -> Option<(Value, usize)> {
        match (root, steps) {
            ("var", [Step::Attribute(name), ..]) => Some((self.variables.get(name)?.clone(), 1)),
            ("aws_lambda_function", [Step::Attribute(name), ..]) => {
                let of = Reference {
                    of: Some(function()),
                    address: format!("aws_lambda_function.{name}").into(),
                    path: "".into(),
                };
                Some((Value::new(Kind::Object(of), at), 1))
            }
            ("again", _) => Some((evaluate(self.again.as_ref()?, self), steps.len())),
            (name, _) => Some((self.variables.get(name)?.clone(), 0)),
        }
    }

    fn attribute(&self, of: &Reference, step: &Step, at: Place) -> Value {
        match step {
            Step::Attribute(name) if &**name == "timeout" => Value::new(Kind::Number(Number("3".into())), at),
            Step::Attribute(name) => {
                let text = Text::attribute(of.of.expect("a resource"), name, format!("{}.{name}", of.address));
                Value::new(Kind::Text(text), at)
            }
            Step::Index(_) => Value::unresolved("no index", at),
        }
    }

    fn place(&self, span: Range<usize>) -> Place {
        let pos = |offset: usize| Pos {
            offset: u32::try_from(offset).expect("small"),
            line: 1,
            column: 1,
        };
        Place {
            span: Span {
                start: pos(span.start),
                end: pos(span.end),
            },
            ..Place::default()
        }
    }

    fn directory(&self) -> &Path {
        Path::new(".")
    }

    fn root(&self) -> &Path {
        Path::new(".")
    }

    fn spend(&self, amount: usize) -> bool {
        self.left.set(self.left.get().saturating_sub(amount));
        self.left.get() > 0
    }

    fn problem(&self, reason: String, _at: Place) {
        self.problems.borrow_mut().push(reason);
    }
}

fn list(items: &[&str]) -> Kind {
    Kind::List(Rc::new(
        items.iter().map(|item| Value::text(*item, Place::default())).collect(),
    ))
}
