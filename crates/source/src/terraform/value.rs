//! A value of the Terraform language: what is known of it, and where it was written.

use maremma_model::{AnyId, Place, Text, Why};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// A value, known wholly, in part, or not at all.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Value {
    pub(crate) kind: Kind,
    /// Where it stands. What a list or map holds stands where that is written, also when the whole comes by
    /// a reference; a scalar that comes by a reference stands where it is referred to, and what comes by a
    /// module's argument where the call gives it.
    pub(crate) at: Place,
    /// How a value that is not written there came about: `by the default of variable stage`.
    pub(crate) by: Option<Arc<str>>,
    /// Nobody is to see it: `sensitive = true`, `sensitive(...)`.
    pub(crate) sensitive: bool,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    Null,
    Bool(bool),
    Number(Number),
    /// A string, with holes for what the configuration does not decide.
    Text(Text),
    /// A list, tuple or set.
    List(Rc<Vec<Value>>),
    /// A map or object. Terraform orders both by key.
    Map(Rc<BTreeMap<Arc<str>, Value>>),
    /// The text that `jsonencode` makes of a value, kept as that value, so that what a policy says stands
    /// where it is written.
    Json(Rc<Value>),
    /// A resource or data source as a whole, or the attributes of a nested block of one that only the
    /// provider decides. Which attributes it has is asked of the scope.
    Object(Reference),
    /// Several worlds that the configuration does not decide between (`var.x ? a : b`); never empty.
    Choice(Rc<Vec<Branch>>),
    Unknown(Why),
}

/// A number as Terraform prints it: `5`, `0.5`. Equal numbers have equal texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Number(pub(crate) Arc<str>);

/// One world of a choice.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Branch {
    /// The condition in words: `var.public`, `not var.public`.
    pub(crate) when: Arc<str>,
    pub(crate) value: Value,
}

/// An instance of a resource or data source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    /// Its row in the estate; a data source has none.
    pub(crate) of: Option<AnyId>,
    /// As Terraform addresses it: `module.api.aws_lambda_function.orders["eu"]`.
    pub(crate) address: Arc<str>,
    /// The attribute path below it, where this is not the whole: `vpc_config[0]`.
    pub(crate) path: Arc<str>,
}

impl Value {
    pub(crate) fn new(kind: Kind, at: Place) -> Self {
        Value {
            kind,
            at,
            by: None,
            sensitive: false,
        }
    }

    pub(crate) fn text(text: impl Into<Arc<str>>, at: Place) -> Self {
        Value::new(Kind::Text(Text::literal(text)), at)
    }

    pub(crate) fn unknown(why: Why, at: Place) -> Self {
        Value::new(Kind::Unknown(why), at)
    }

    /// Not known, for a reason in words.
    pub(crate) fn unresolved(words: impl Into<Arc<str>>, at: Place) -> Self {
        Value::unknown(Why::Unresolved(words.into()), at)
    }
}
