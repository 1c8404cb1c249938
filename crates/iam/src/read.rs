//! Reads a resolved document into a [`Policy`]; what is malformed becomes a problem, what is not
//! known stays unknown, and the rest is read all the same.

mod element;
mod json;
mod path;
#[cfg(test)]
mod tests;
mod worlds;

use crate::error::PolicyError;
use crate::policy::{Policy, Statement, Unread, Version};
use crate::world::World;
use maremma_model::{Document, Location, Text, Value, Why};
use path::Path;
use std::sync::Arc;

impl Policy {
    /// Reads a policy document: a map with `Version` and `Statement`, or the same as JSON text.
    pub fn read(document: &Document) -> Policy {
        let mut reader = Reader::new(document);
        reader.document(document, &World::ALWAYS);
        reader.policy
    }

    /// Reads one statement, or a list of them, that stands without a policy around it, such as the
    /// statement of a `Permission`. Policy variables count in it.
    pub fn read_statement(document: &Document) -> Policy {
        let mut reader = Reader::new(document);
        reader.policy.version = Version::V2012;
        reader.statements(document, &World::ALWAYS);
        reader.policy
    }
}

/// No policy of AWS has room for as many.
const MAX_STATEMENTS: usize = 1_024;

struct Reader {
    policy: Policy,
    /// The strings read so far, which are bounded.
    items: usize,
}

impl Reader {
    fn new(document: &Document) -> Self {
        Reader {
            policy: Policy {
                version: Version::default(),
                id: None,
                statements: Vec::new(),
                problems: Vec::new(),
                unread: Vec::new(),
                at: document.at.clone(),
            },
            items: 0,
        }
    }

    fn problem(&mut self, problem: PolicyError) {
        // The worlds of a choice share what is wrong outside of it.
        if !self.policy.problems.contains(&problem) {
            self.policy.problems.push(problem);
        }
    }

    fn expected(&mut self, path: &Path<'_>, expected: &'static str, found: &Document) {
        self.problem(PolicyError::Expected {
            path: path.into(),
            expected,
            found: describe(found),
            at: found.at.clone(),
        });
    }

    fn unread(&mut self, path: &Path<'_>, why: &Why, world: &World, at: &Location) {
        let unread = Unread {
            path: path.into(),
            why: why.clone(),
            world: world.clone(),
            at: at.clone(),
        };
        if !self.policy.unread.contains(&unread) {
            self.policy.unread.push(unread);
        }
    }

    fn document(&mut self, document: &Document, world: &World) {
        match &document.value {
            Value::Map(_) => self.map(document, world),
            Value::Choice(branches) => {
                for branch in branches {
                    if let Some(world) = world.with(&branch.when) {
                        self.document(&branch.value, &world);
                    }
                }
            }
            Value::Unknown(why) => self.unread(&Path::POLICY, why, world, &document.at),
            Value::Absent => {}
            Value::Scalar { text, .. } => self.json_text(text, world, &document.at),
            Value::Null | Value::List(_) => self.expected(&Path::POLICY, "a policy document", document),
        }
    }

    fn json_text(&mut self, text: &Text, world: &World, at: &Location) {
        match json::parse(text, at) {
            Ok(parsed) => {
                if let Some(key) = parsed.twice {
                    self.problem(PolicyError::Twice {
                        path: (&Path::POLICY).into(),
                        key,
                        at: at.clone(),
                    });
                }
                self.map(&parsed.document, world);
            }
            Err(json::NotRead::Unknown(why)) => self.unread(&Path::POLICY, &why, world, at),
            Err(json::NotRead::Malformed(reason)) => self.problem(PolicyError::NotJson {
                path: (&Path::POLICY).into(),
                reason,
                at: at.clone(),
            }),
        }
    }

    fn map(&mut self, document: &Document, world: &World) {
        for field in document.fields() {
            match &*field.key {
                "Version" => self.version(&field.value),
                "Id" => self.policy.id = element::leaf(&field.value),
                "Statement" => {}
                other => self.problem(PolicyError::UnknownElement {
                    path: (&Path::root(other)).into(),
                    at: field.key_at.clone(),
                }),
            }
        }
        match document.get("Statement") {
            Some(statement) if !statement.is_absent() => self.statements(statement, world),
            _ => self.problem(PolicyError::Expected {
                path: (&Path::POLICY).into(),
                expected: "the element Statement",
                found: "none".into(),
                at: document.at.clone(),
            }),
        }
    }

    fn version(&mut self, document: &Document) {
        self.policy.version = match (document.as_text(), document.as_str()) {
            (_, Some("2012-10-17")) => Version::V2012,
            (_, Some("2008-10-17")) => Version::V2008,
            (Some(_), None) => Version::Unknown,
            _ if matches!(document.value, Value::Unknown(_) | Value::Choice(_)) => Version::Unknown,
            _ if document.is_absent() => Version::V2008,
            _ => {
                self.expected(&Path::root("Version"), "2012-10-17 or 2008-10-17", document);
                Version::Unknown
            }
        };
    }

    fn statements(&mut self, document: &Document, world: &World) {
        match &document.value {
            Value::List(items) => {
                if items.len() > MAX_STATEMENTS {
                    self.too_many(&Path::STATEMENT, "statements", MAX_STATEMENTS, document);
                }
                for (index, item) in items.iter().enumerate().take(MAX_STATEMENTS) {
                    self.statement(item, index, world);
                }
            }
            Value::Choice(branches) => {
                for branch in branches {
                    if let Some(world) = world.with(&branch.when) {
                        self.statements(&branch.value, &world);
                    }
                }
            }
            Value::Unknown(why) => self.unread(&Path::STATEMENT, why, world, &document.at),
            _ => self.statement(document, 0, world),
        }
    }

    /// One statement in each of its worlds.
    fn statement(&mut self, document: &Document, index: usize, world: &World) {
        let path = Path::STATEMENT.index(index);
        // Of worlds that exclude each other the largest counts.
        let (before, mut most) = (self.items, self.items);
        for (world, document) in worlds::expand(document, world) {
            self.items = before;
            match &document.value {
                Value::Map(_) => {
                    if let Some(statement) = self.read_one(&document, &path, index, world) {
                        self.policy.statements.push(statement);
                    }
                }
                Value::Unknown(why) => self.unread(&path, why, &world, &document.at),
                Value::Scalar { text, .. } if text.as_literal().is_none() => {
                    let why = text.why().cloned().unwrap_or(Why::NotKept);
                    self.unread(&path, &why, &world, &document.at);
                }
                Value::Absent => {}
                _ => self.expected(&path, "a statement", &document),
            }
            most = most.max(self.items);
        }
        self.items = most;
    }

    fn read_one(&mut self, document: &Document, path: &Path<'_>, index: usize, world: World) -> Option<Statement> {
        for field in document.fields() {
            if !element::NAMES.contains(&&*field.key) {
                self.problem(PolicyError::UnknownElement {
                    path: (&path.name(&field.key)).into(),
                    at: field.key_at.clone(),
                });
            }
        }
        let (effect, effect_at) = self.effect(document, path)?;
        let principals = self.principals(document, path)?;
        let Some(actions) = self.selection(document, path, "Action", "NotAction")? else {
            self.problem(PolicyError::Missing {
                path: path.into(),
                element: "Action or NotAction",
                at: document.at.clone(),
            });
            return None;
        };
        let resources = self.selection(document, path, "Resource", "NotResource")?;
        let (conditions, conditions_unknown) = self.conditions(document, path)?;
        Some(Statement {
            index,
            sid: document.get("Sid").and_then(element::leaf),
            effect,
            effect_at,
            principals,
            actions,
            resources,
            conditions,
            conditions_unknown,
            version: self.policy.version,
            world,
            at: document.at.clone(),
        })
    }
}

/// What was found, in the words of a message.
fn describe(document: &Document) -> Arc<str> {
    match &document.value {
        Value::Absent => "nothing".into(),
        Value::Null => "null".into(),
        Value::Scalar { text, .. } => shorten(&text.to_string()),
        Value::List(items) if items.is_empty() => "an empty list".into(),
        Value::List(_) => "a list".into(),
        Value::Map(fields) if fields.is_empty() => "an empty map".into(),
        Value::Map(_) => "a map".into(),
        Value::Choice(_) => "a choice".into(),
        Value::Unknown(why) => why.to_string().into(),
    }
}

/// Keeps hostile input from flooding a message.
fn shorten(text: &str) -> Arc<str> {
    const LIMIT: usize = 80;
    match text.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{:?}...", text.get(..end).unwrap_or_default()).into(),
        None => format!("{text:?}").into(),
    }
}
