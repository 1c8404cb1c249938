//! Terraform's expression language: what an expression comes to in a scope.

use super::scope::Scope;
use super::value::Value;
use maremma_model::Place;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A template of another file, or of another string, with the variables that it is given.
pub(crate) fn template(text: &str, variables: BTreeMap<Arc<str>, Value>, _scope: &dyn Scope, at: Place) -> Value {
    if text.contains("${") || text.contains("%{") {
        return Value::unresolved(format!("a template of {} variables", variables.len()), at);
    }
    Value::text(text, at)
}
