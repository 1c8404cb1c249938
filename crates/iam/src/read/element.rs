//! The elements of one statement. `None` from a reader here means: reported, and the statement is
//! not kept.

use super::Reader;
use super::path::Path;
use crate::condition::Operator;
use crate::error::PolicyError;
use crate::policy::{Condition, Effect, Leaf, Principal, PrincipalKind, Principals, Selection};
use maremma_model::{Document, Location, Text, Value, Why};

/// Every element that a statement may have.
pub(super) const NAMES: &[&str] = &[
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// The largest policy of AWS has 32,768 characters; one with more strings than that is hostile input.
pub(super) const MAX_ITEMS: usize = 8_192;

/// A scalar; what is unknown is a text of one hole.
pub(super) fn leaf(document: &Document) -> Option<Leaf> {
    let text = match &document.value {
        Value::Scalar { text, .. } => text.clone(),
        Value::Unknown(why) => Text::hole(why.clone()),
        _ => return None,
    };
    Some(Leaf {
        text,
        at: document.at.clone(),
    })
}

impl Reader {
    pub(super) fn effect(&mut self, document: &Document, path: &Path<'_>) -> Option<(Effect, Location)> {
        let Some(effect) = present(document, "Effect") else {
            self.problem(PolicyError::Missing {
                path: path.into(),
                element: "Effect",
                at: document.at.clone(),
            });
            return None;
        };
        let read = match (effect.as_str(), leaf(effect)) {
            (Some("Allow"), _) => Effect::Allow,
            (Some("Deny"), _) => Effect::Deny,
            (None, Some(leaf)) => Effect::Unknown(leaf.text.why().cloned().unwrap_or(Why::NotKept)),
            _ => {
                self.expected(&path.name("Effect"), "Allow or Deny", effect);
                return None;
            }
        };
        Some((read, effect.at.clone()))
    }

    pub(super) fn selection(
        &mut self,
        document: &Document,
        path: &Path<'_>,
        name: &'static str,
        not_name: &'static str,
    ) -> Option<Option<Selection>> {
        let (element, negated) = match (present(document, name), present(document, not_name)) {
            (Some(element), Some(_)) => return self.both(path, name, element),
            (Some(element), None) => (element, false),
            (None, Some(element)) => (element, true),
            (None, None) => return Some(None),
        };
        let path = path.name(if negated { not_name } else { name });
        let items = self.leaves(element, &path)?;
        if items.is_empty() {
            self.expected(&path, "at least one string", element);
            return None;
        }
        Some(Some(Selection {
            negated,
            items,
            at: element.at.clone(),
        }))
    }

    fn both<T>(&mut self, path: &Path<'_>, element: &'static str, found: &Document) -> Option<T> {
        self.problem(PolicyError::Both {
            path: path.into(),
            element,
            at: found.at.clone(),
        });
        None
    }

    /// One string or a list of strings.
    fn leaves(&mut self, document: &Document, path: &Path<'_>) -> Option<Vec<Leaf>> {
        let Value::List(items) = &document.value else {
            let Some(leaf) = leaf(document) else {
                self.expected(path, "a string or a list of strings", document);
                return None;
            };
            return Some(vec![leaf]);
        };
        self.items += items.len();
        if self.items > MAX_ITEMS {
            self.too_many(path, "strings", MAX_ITEMS, document);
            return None;
        }
        let mut leaves = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            match (leaf(item), &item.value) {
                (Some(leaf), _) => leaves.push(leaf),
                (None, Value::Absent) => {}
                // What CloudFormation makes of a list inside a list is refused by IAM.
                (None, _) => {
                    self.expected(&path.index(index), "a string", item);
                    return None;
                }
            }
        }
        Some(leaves)
    }

    pub(super) fn principals(&mut self, document: &Document, path: &Path<'_>) -> Option<Principals> {
        let (name, element) = match (present(document, "Principal"), present(document, "NotPrincipal")) {
            (Some(element), Some(_)) => return self.both(path, "Principal", element),
            (Some(element), None) => ("Principal", element),
            (None, Some(element)) => ("NotPrincipal", element),
            (None, None) => return Some(Principals::Unstated),
        };
        let path = path.name(name);
        let principals = match &element.value {
            Value::Map(_) => self.principal_map(element, &path)?,
            _ => match leaf(element) {
                Some(leaf) => vec![Principal {
                    kind: kind_of_bare(&leaf.text),
                    text: leaf.text,
                    at: leaf.at,
                }],
                None => {
                    self.expected(&path, "\"*\" or a map of principals", element);
                    return None;
                }
            },
        };
        if principals.is_empty() {
            self.expected(&path, "at least one principal", element);
            return None;
        }
        Some(if name == "Principal" {
            Principals::Only(principals)
        } else {
            Principals::AllBut(principals)
        })
    }

    fn principal_map(&mut self, element: &Document, path: &Path<'_>) -> Option<Vec<Principal>> {
        let mut principals = Vec::new();
        for field in element.fields() {
            let path = path.name(&field.key);
            let kind = match &*field.key {
                "AWS" => PrincipalKind::Aws,
                "Service" => PrincipalKind::Service,
                "Federated" => PrincipalKind::Federated,
                "CanonicalUser" => PrincipalKind::CanonicalUser,
                _ => {
                    self.problem(PolicyError::UnknownElement {
                        path: (&path).into(),
                        at: field.key_at.clone(),
                    });
                    return None;
                }
            };
            if field.value.is_absent() {
                continue;
            }
            principals.extend(self.leaves(&field.value, &path)?.into_iter().map(|leaf| Principal {
                kind: kind.clone(),
                text: leaf.text,
                at: leaf.at,
            }));
        }
        Some(principals)
    }

    /// The conditions, and why there may be more of them.
    pub(super) fn conditions(&mut self, document: &Document, path: &Path<'_>) -> Option<(Vec<Condition>, Option<Why>)> {
        let Some(block) = present(document, "Condition") else {
            return Some((Vec::new(), None));
        };
        let path = path.name("Condition");
        let mut conditions = Vec::new();
        let mut unknown = None;
        if !self.is_map_or_unknown(block, &path, "a map of condition operators", &mut unknown) {
            return None;
        }
        for operator in block.fields() {
            let path = path.name(&operator.key);
            if operator.value.is_absent() {
                continue;
            }
            if !self.is_map_or_unknown(&operator.value, &path, "a map of condition keys", &mut unknown) {
                return None;
            }
            self.items += operator.value.fields().len();
            if self.items > MAX_ITEMS {
                self.too_many(&path, "condition keys", MAX_ITEMS, &operator.value);
                return None;
            }
            let parsed = Operator::parse(&operator.key);
            for key in operator.value.fields() {
                if key.value.is_absent() {
                    continue;
                }
                let values = self.leaves(&key.value, &path.name(&key.key))?;
                conditions.push(Condition {
                    operator: parsed.clone(),
                    key: key.key.clone(),
                    values,
                    at: key.value.at.clone(),
                });
            }
        }
        Some((conditions, unknown))
    }

    pub(super) fn too_many(&mut self, path: &Path<'_>, what: &'static str, limit: usize, found: &Document) {
        self.problem(PolicyError::TooMany {
            path: path.into(),
            what,
            limit,
            at: found.at.clone(),
        });
    }

    fn is_map_or_unknown(
        &mut self,
        document: &Document,
        path: &Path<'_>,
        expected: &'static str,
        unknown: &mut Option<Why>,
    ) -> bool {
        match (&document.value, leaf(document).map(|leaf| leaf.text)) {
            (Value::Map(_), _) => true,
            (_, Some(text @ Text::Holed(_))) => {
                *unknown = text.why().cloned();
                true
            }
            _ => {
                self.expected(path, expected, document);
                false
            }
        }
    }
}

/// The element, unless it is left out (also by `AWS::NoValue`).
fn present<'a>(document: &'a Document, name: &str) -> Option<&'a Document> {
    document.get(name).filter(|element| !element.is_absent())
}

/// `Principal` of `AWS::Lambda::Permission` and of layer permissions is a bare string; its value
/// says what kind it is. (IAM itself takes only `*` so.)
fn kind_of_bare(text: &Text) -> PrincipalKind {
    match text.as_literal() {
        Some("*") => PrincipalKind::Everyone,
        Some(name) if is_service(name) => PrincipalKind::Service,
        Some(_) => PrincipalKind::Aws,
        None if text.prefix().starts_with("arn:") => PrincipalKind::Aws,
        None if is_service(text.suffix()) => PrincipalKind::Service,
        None => match text.holes().next() {
            Some(hole) if hole.stands_for.is_some() => PrincipalKind::Aws,
            Some(hole) if matches!(&hole.why, Why::Pseudo(name) if &**name == "AWS::AccountId") => PrincipalKind::Aws,
            _ => PrincipalKind::Unknown,
        },
    }
}

/// `s3.amazonaws.com`, `alexa-appkit.amazon.com`, `states.eu-west-1.amazonaws.com.cn`.
fn is_service(name: &str) -> bool {
    [".amazonaws.com", ".amazonaws.com.cn", ".amazon.com", ".aws.internal"]
        .iter()
        .any(|suffix| name.ends_with(suffix))
}
