//! Policies that answers hold as texts.

use crate::json;
use crate::responses::reading::{Member, Reading, value};
use maremma_model::{Document, Value};

/// The statements of a policy, which a text may hold.
pub(super) fn statements(policy: &Document) -> Vec<Document> {
    let policy = json::embedded(policy).unwrap_or_else(|| policy.clone());
    match policy.get("Statement").map(|found| (&found.value, found)) {
        Some((Value::List(items), _)) => items.clone(),
        Some((Value::Map(_), one)) => vec![one.clone()],
        _ => Vec::new(),
    }
}

/// A policy that AWS keeps beside a resource becomes a resource of its own, as templates have it.
pub(super) struct Beside {
    pub(super) cfn: &'static str,
    /// Where the answer holds it.
    pub(super) from: &'static str,
    /// The properties of what it is of, and of the document.
    pub(super) on: &'static str,
    pub(super) document: &'static str,
}

/// Declares the policy of what a call is about.
pub(super) fn beside(reading: &mut Reading<'_>, member: &Member<'_>, of: &Beside) {
    let (Some(policy), Some(id)) = (value(member, of.from), member.id) else {
        return;
    };
    if policy.as_str() == Some("") {
        return;
    }
    let Some(address) = reading.resources.get(id).map(|declared| declared.address.clone()) else {
        return;
    };
    let own = reading.declare(member.call, of.cfn, &format!("{address}/policy"), &policy.at);
    if let Some(declared) = reading.declared_mut(own) {
        declared.set(of.on, Document::string(&address, policy.at.clone()));
        declared.set(of.document, policy);
    }
}
