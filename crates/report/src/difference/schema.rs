//! The shape of the JSON report of a difference. The JSON Schema is generated from these types.

use crate::json::schema::{Facts, Finding, Gap, Location, NotAssessed, Severities, Severity, Tool, Unit};
use schemars::JsonSchema;
use serde::Serialize;
use std::borrow::Cow;

/// One run of `maremma diff`. Objects may gain fields within a version of the schema.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "maremma.diff/1")]
pub(super) struct Diff<'a> {
    /// Always `maremma.diff/1`.
    #[schemars(extend("const" = "maremma.diff/1"))]
    pub schema: &'a str,
    pub tool: Tool<'a>,
    /// The date that stood for today, `YYYY-MM-DD`.
    pub as_of: &'a str,
    /// The facts about AWS that the run relied on.
    pub facts: Vec<Facts<'a>>,
    pub old: Side<'a>,
    pub new: Side<'a>,
    pub summary: Summary,
    pub findings: Findings<'a>,
    /// Functions that are in one of the targets only, or that differ; by name.
    pub functions: Vec<Function<'a>>,
    /// What execution roles may do, where that differs.
    pub roles: Vec<Role<'a>>,
}

/// One of the two targets.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Side<'a> {
    pub target: &'a str,
    /// What was recognised in it.
    pub units: Vec<Unit<'a>>,
    pub functions: usize,
    /// What could not be read.
    pub gaps: Vec<Gap<'a>>,
    /// Checks that the target cannot answer.
    pub not_assessed: Vec<NotAssessed<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Summary {
    /// New findings that fail, by severity.
    pub new: Severities,
    pub new_undetermined: usize,
    pub gone: usize,
    pub changed: usize,
    /// Open in both targets alike.
    pub same: usize,
    pub functions_added: usize,
    pub functions_removed: usize,
    pub functions_changed: usize,
    /// Doors that let callers in without credentials and did not before.
    pub opened: usize,
    /// Differences that may be none, because something is not known of one of the targets.
    pub unknown: usize,
    /// Findings of this severity or above that are new fail the run.
    pub fail_on: Severity,
    /// How many do.
    pub failing: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Findings<'a> {
    /// Only of the new target.
    pub new: Vec<Finding<'a>>,
    /// Only of the old target.
    pub gone: Vec<Gone<'a>>,
    /// Of both, with another verdict, severity or suppression.
    pub changed: Vec<Changed<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Gone<'a> {
    /// `fixed`: the resource is there and does not fail; `removed`: the resource is there no more; `not_read`: what it
    /// stood in could not be read; `not_assessed`: the new target does not hold what the check needs.
    pub reason: Reason,
    pub finding: Finding<'a>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Changed<'a> {
    pub before: Finding<'a>,
    pub after: Finding<'a>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Function<'a> {
    pub name: &'a str,
    pub change: Turn,
    /// `null` where the function is new.
    pub old: Option<Stand<'a>>,
    /// `null` where it is there no more; nothing else is told of it then.
    pub new: Option<Stand<'a>>,
    pub differences: Vec<Difference<'a>>,
}

/// Where a function is in one of the targets.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Stand<'a> {
    pub unit: &'a str,
    pub address: &'a str,
    pub location: Location<'a>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Role<'a> {
    /// The names of the role before and after; `null` where it is in no input.
    pub old: Option<&'a str>,
    pub new: Option<&'a str>,
    /// The functions that run as it, by name.
    pub functions: Vec<&'a str>,
    pub differences: Vec<Difference<'a>>,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Difference<'a> {
    pub aspect: Aspect,
    pub change: Turn,
    /// Which one, where there may be several: a statement, a route, the name of a variable.
    pub what: Option<Cow<'a, str>>,
    pub before: Option<Cow<'a, str>>,
    pub after: Option<Cow<'a, str>>,
    /// Callers get in without credentials who did not before.
    pub opens: bool,
    /// In the old target for what only that one has, else in the new one.
    pub location: Location<'a>,
}

/// The words of a type of the model, for the schema; the values are written by the model itself.
macro_rules! words {
    ($($name:ident = $of:ident),+ $(,)?) => {
        $(
            #[derive(Debug, Serialize)]
            #[serde(transparent)]
            pub(super) struct $name(pub maremma_model::change::$of);

            impl JsonSchema for $name {
                fn schema_name() -> Cow<'static, str> {
                    stringify!($name).into()
                }

                fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                    let words: Vec<&str> = maremma_model::change::$of::ALL.iter().map(|value| value.word()).collect();
                    schemars::json_schema!({ "type": "string", "enum": words })
                }
            }
        )+
    };
}

words!(Aspect = Aspect, Turn = Turn, Reason = Gone);
