//! Values of Terraform's language as documents of the estate.

use super::evaluation::Evaluation;
use super::expression::json_text;
use super::value::{Kind, Value};
use maremma_model::document::{Branch, Field, Value as Made};
use maremma_model::{Document, Text, Why};
use std::collections::HashMap;
use std::fmt::{self, Write as _};
use std::sync::Arc;

/// Arguments whose value is a text, also where it is JSON: nothing reads it as a document.
const TEXTS: [&str; 5] = ["variables", "environment_variables", "tags", "secret_string", "value"];

/// Values of a root that nobody is to see, by the name that stands for them.
pub(crate) type Hidden = HashMap<Arc<str>, Text>;

pub(super) struct Lowering<'s, 'a> {
    pub(super) world: &'s Evaluation<'a>,
    pub(super) hidden: &'s mut Hidden,
    /// Where the value is: `aws_lambda_function.orders.environment[0].variables`.
    pub(super) path: String,
}

impl Lowering<'_, '_> {
    /// The value of an argument. What is null is not there.
    pub(super) fn argument(&mut self, name: &str, value: &Value) -> Document {
        self.under(format_args!(".{name}"), |lowering| {
            lowering.value(value, TEXTS.contains(&name), false, value.sensitive)
        })
    }

    fn value(&mut self, value: &Value, text: bool, json: bool, sensitive: bool) -> Document {
        let sensitive = sensitive || value.sensitive;
        let made = if self.world.spend(1) {
            self.kind(value, text, json, sensitive)
        } else {
            Made::Unknown(Why::Unresolved("evaluating this takes more than is given to it".into()))
        };
        Document {
            value: made,
            at: value.at.into(),
            by: value.by.clone(),
        }
    }

    fn kind(&mut self, value: &Value, text: bool, json: bool, sensitive: bool) -> Made {
        match &value.kind {
            Kind::Null if json => Made::Null,
            Kind::Null => Made::Absent,
            Kind::Bool(flag) => self.scalar(Text::literal(if *flag { "true" } else { "false" }), false, sensitive),
            Kind::Number(number) => self.scalar(Text::literal(number.0.clone()), false, sensitive),
            Kind::Text(text) => self.scalar(text.clone(), true, sensitive),
            Kind::Json(_) if text || sensitive => self.scalar(json_text_of(value), true, sensitive),
            Kind::Json(inner) => self.value(inner, false, true, sensitive).value,
            Kind::List(items) => {
                let items = items.iter().enumerate().map(|(at, item)| {
                    self.under(format_args!("[{at}]"), |lowering| {
                        lowering.value(item, text, json, sensitive)
                    })
                });
                Made::List(items.collect())
            }
            Kind::Map(entries) => {
                let fields = entries.iter().map(|(key, value)| {
                    let text = text || TEXTS.contains(&&**key);
                    Field {
                        key: key.clone(),
                        key_at: value.at.into(),
                        value: self.under(format_args!(".{key}"), |lowering| {
                            lowering.value(value, text, json, sensitive)
                        }),
                    }
                });
                Made::Map(fields.collect())
            }
            Kind::Choice(branches) => {
                let branches = branches.iter().enumerate().map(|(at, branch)| Branch {
                    when: branch.when.clone(),
                    value: self.under(format_args!("?{at}"), |lowering| {
                        lowering.value(&branch.value, text, json, sensitive)
                    }),
                });
                Made::Choice(branches.collect())
            }
            Kind::Object(of) => {
                let words = format!("{} as a whole is known only after deployment", of.address);
                Made::Unknown(Why::Unresolved(words.into()))
            }
            Kind::Unknown(why) => Made::Unknown(why.clone()),
        }
    }

    fn under<T>(&mut self, step: fmt::Arguments<'_>, make: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        // Writing into a text does not fail.
        let _ = self.path.write_fmt(step);
        let made = make(self);
        self.path.truncate(length);
        made
    }

    /// What nobody is to see is a hole; what it stands for is kept apart. An empty text tells nothing.
    fn scalar(&mut self, text: Text, quoted: bool, sensitive: bool) -> Made {
        let hide = sensitive && text.as_literal() != Some("") && text.as_attribute().is_none();
        if !hide {
            return Made::Scalar { text, quoted };
        }
        let name: Arc<str> = self.path.as_str().into();
        self.hidden.insert(name.clone(), text);
        Made::Scalar {
            text: Text::hole(Why::NoEcho(name)),
            quoted,
        }
    }
}

fn json_text_of(value: &Value) -> Text {
    match &value.kind {
        Kind::Json(inner) => json_text(inner),
        _ => Text::literal(""),
    }
}
