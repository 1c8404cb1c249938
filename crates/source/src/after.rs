//! What is known only when every row is there.

use maremma_model::{Document, Estate, TriggerKind, Value};
use std::collections::HashSet;

/// Marks the functions that run at the edge: a distribution uses them, or Lambda@Edge may assume
/// their role. Source: Amazon CloudFront developer guide, "Set up IAM permissions and roles for
/// Lambda@Edge".
pub(crate) fn edge_functions(estate: &mut Estate) {
    let associated: HashSet<_> = estate
        .triggers
        .values()
        .filter(|trigger| trigger.kind == TriggerKind::CloudFrontAssociation)
        .flat_map(|trigger| trigger.function.possible().filter_map(|target| target.function.here()))
        .collect();
    let trusted: HashSet<_> = estate
        .roles
        .iter()
        .filter(|(_, role)| {
            role.trust
                .possible()
                .any(|trust| mentions(trust, "edgelambda.amazonaws.com"))
        })
        .map(|(id, _)| id)
        .collect();
    let ids: Vec<_> = estate.functions.iter().map(|(id, _)| id).collect();
    for (id, function) in ids.into_iter().zip(estate.functions.values_mut()) {
        let mut roles = function.role.possible().filter_map(|role| role.here());
        function.edge = associated.contains(&id) || roles.any(|role| trusted.contains(&role));
    }
}

fn mentions(document: &Document, service: &str) -> bool {
    match &document.value {
        Value::Scalar { text, .. } => text.as_literal() == Some(service),
        Value::List(items) => items.iter().any(|item| mentions(item, service)),
        Value::Map(fields) => fields.iter().any(|field| mentions(&field.value, service)),
        Value::Choice(branches) => branches.iter().any(|branch| mentions(&branch.value, service)),
        Value::Absent | Value::Null | Value::Unknown(_) => false,
    }
}
