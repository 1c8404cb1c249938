//! Documents that are put together: a statement replaces the one with the same Sid before it.

use super::super::function;
use super::super::scope::Scope;
use super::super::value::{Kind, Value};
use super::{Fields, list, map, why};
use maremma_model::{Place, Text, Why};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

#[derive(Default)]
pub(super) struct Document {
    version: Option<Value>,
    id: Option<Value>,
    statements: Vec<Value>,
    /// Where the statement of a Sid stands.
    by_sid: HashMap<Arc<str>, usize>,
}

impl Document {
    /// Adds another document, given as its text.
    pub(super) fn take(&mut self, source: &Value, scope: &dyn Scope, at: Place) {
        let decoded = match &source.kind {
            Kind::Json(inner) => Some((**inner).clone()),
            Kind::Text(text) if text.as_literal() == Some("") => return,
            Kind::Text(text) => function::json_value(text, at),
            _ => None,
        };
        let Some(Kind::Map(fields)) = decoded.as_ref().map(|value| &value.kind) else {
            let why = match &source.kind {
                Kind::Text(Text::Literal(_)) | Kind::Json(_) | Kind::List(_) | Kind::Map(_) => {
                    scope.problem("expected the text of a policy in JSON".to_owned(), source.at);
                    Why::Unresolved("a document that is no policy in JSON".into())
                }
                _ => why(source),
            };
            return self.unknown(why, source.at);
        };
        if let Some(version) = fields.get("Version") {
            self.version(version);
        }
        if let Some(id) = fields.get("Id") {
            self.identified(id);
        }
        let statements = match fields.get("Statement") {
            Some(Value {
                kind: Kind::List(items),
                ..
            }) => items.to_vec(),
            Some(one) if !matches!(one.kind, Kind::Null) => vec![one.clone()],
            _ => Vec::new(),
        };
        if !scope.spend(statements.len() + 1) {
            return self.unknown(Why::Unresolved("more statements than are put together here".into()), at);
        }
        for mut statement in statements {
            statement.sensitive |= source.sensitive;
            self.add(statement);
        }
    }

    /// A document of which nothing is known adds statements, and may replace any that has a Sid.
    fn unknown(&mut self, why: Why, at: Place) {
        for at in std::mem::take(&mut self.by_sid).into_values() {
            if let Some(statement) = self.statements.get_mut(at) {
                *statement = Value::unknown(why.clone(), statement.at);
            }
        }
        self.statements.push(Value::unknown(why, at));
    }

    /// The newer of two versions holds.
    pub(super) fn version(&mut self, version: &Value) {
        let literal = |value: &Value| match &value.kind {
            Kind::Text(text) => text.as_literal().map(str::to_owned),
            _ => None,
        };
        let older = match &self.version {
            Some(known) => literal(known)
                .zip(literal(version))
                .is_none_or(|(known, version)| known < version),
            None => true,
        };
        if older {
            self.version = Some(version.clone());
        }
    }

    pub(super) fn identified(&mut self, id: &Value) {
        if !matches!(&id.kind, Kind::Text(text) if text.as_literal() == Some("")) {
            self.id = Some(id.clone());
        }
    }

    pub(super) fn add(&mut self, statement: Value) {
        let sid = match &statement.kind {
            Kind::Map(fields) => match fields.get("Sid").map(|sid| &sid.kind) {
                Some(Kind::Text(Text::Literal(sid))) if !sid.is_empty() => Some(sid.clone()),
                _ => None,
            },
            _ => None,
        };
        let Some(sid) = sid else {
            return self.statements.push(statement);
        };
        match self.by_sid.get(&sid).and_then(|at| self.statements.get_mut(*at)) {
            Some(replaced) => *replaced = statement,
            None => {
                self.by_sid.insert(sid, self.statements.len());
                self.statements.push(statement);
            }
        }
    }

    pub(super) fn written(self, scope: &dyn Scope, at: Place) -> Value {
        if !scope.spend(self.statements.len() + 1) {
            return Value::unresolved("more statements than are put together here", at);
        }
        let mut fields = Fields::new();
        fields.extend(self.version.map(|version| ("Version".into(), version)));
        fields.extend(self.id.map(|id| ("Id".into(), id)));
        if !self.statements.is_empty() {
            fields.insert("Statement".into(), list(self.statements, at));
        }
        let document = map(fields, at);
        Value {
            sensitive: document.sensitive,
            ..Value::new(Kind::Json(Rc::new(document)), at)
        }
    }
}
