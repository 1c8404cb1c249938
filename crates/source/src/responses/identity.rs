//! Which resource of the run a text in an answer or a call is about.

use super::answer::Call;
use super::reading::Reading;
use super::select::last;
use maremma_model::{AnyId, UnitId};
use std::collections::HashMap;
use std::sync::Arc;

/// The resources that answers declare, by their type and what names them.
#[derive(Default)]
pub(super) struct Identities {
    by_arn: HashMap<(&'static str, Arc<str>), AnyId>,
    by_name: HashMap<(UnitId, &'static str, Arc<str>), AnyId>,
}

impl Identities {
    pub(super) fn by_arn(&self, cfn: &'static str, arn: &str) -> Option<AnyId> {
        self.by_arn.get(&(cfn, arn.into())).copied()
    }

    fn by_name(&self, unit: UnitId, cfn: &'static str, name: &str) -> Option<AnyId> {
        self.by_name.get(&(unit, cfn, name.into())).copied()
    }

    pub(super) fn add(&mut self, cfn: &'static str, arn: Arc<str>, id: AnyId) {
        self.by_arn.entry((cfn, arn)).or_insert(id);
    }

    pub(super) fn call(&mut self, unit: UnitId, cfn: &'static str, name: Arc<str>, id: AnyId) {
        self.by_name.entry((unit, cfn, name)).or_insert(id);
    }
}

impl Reading<'_> {
    /// The resource of a type that a text names: by its ARN, or by a name or an id in the account and region of the
    /// call. A function may be named with a qualifier, a queue by its URL.
    pub(super) fn find(&mut self, call: &Call, cfn: &'static str, text: &str) -> Option<AnyId> {
        let text = match cfn {
            "AWS::Lambda::Function" => unqualified(text),
            _ => text.strip_suffix(":*").unwrap_or(text),
        };
        if text.starts_with("arn:") {
            return self.identities.by_arn(cfn, text);
        }
        let unit = self.unit(&call.account, call.region.as_ref());
        self.identities
            .by_name(unit, cfn, text)
            .or_else(|| self.identities.by_name(unit, cfn, last(text)))
    }

    /// What a call is about, by its arguments or by what its answer names.
    pub(super) fn subject(&mut self, call: &Call, named: Option<&str>) -> Option<AnyId> {
        let of = call.operation.of;
        if of.is_empty() {
            return None;
        }
        if let (Some(first), Some(second)) = (call.argument(0), call.argument(1))
            && let Some(id) = self.find_within(call, of, second, first)
        {
            return Some(id);
        }
        let text = call.argument(0).or(named)?;
        self.find(call, of, text)
    }

    /// As [`Reading::find`], of what is named within another: a rule of an event bus.
    fn find_within(&mut self, call: &Call, cfn: &'static str, outer: &str, name: &str) -> Option<AnyId> {
        let unit = self.unit(&call.account, call.region.as_ref());
        self.identities.by_name(unit, cfn, &format!("{}/{name}", last(outer)))
    }
}

/// A function's name or ARN without the alias or version behind it.
pub(super) fn unqualified(text: &str) -> &str {
    qualified(text).0
}

/// A function's name or ARN, and the alias or version behind it.
pub(super) fn qualified(text: &str) -> (&str, Option<&str>) {
    let colons = if text.starts_with("arn:") { 7 } else { 1 };
    match text.match_indices(':').nth(colons - 1) {
        Some((at, _)) => (text.get(..at).unwrap_or(text), text.get(at + 1..)),
        None => (text, None),
    }
}
