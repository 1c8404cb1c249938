//! Reads settings off a resolved document: the one place where *absent*, *unknown* and *of the wrong
//! type* become states of a [`Setting`].

use maremma_model::noun::{AnyLink, FunctionRef, Items};
use maremma_model::{
    Branch, Candidate, Document, EnvValue, Link, Location, Noun, Setting, State, Text, Unknown, Value, Why,
};
use std::borrow::Cow;
use std::sync::Arc;

/// What a reader knows around a document: which texts name which resources, and where to complain.
pub(crate) trait Surroundings {
    /// The resource that a text names: by reference, by ARN, or by the name of a resource of `noun`.
    fn link(&self, text: &Text, noun: Option<&'static str>) -> AnyLink;
    /// The function, and the alias or version of it, that a text names.
    fn function(&self, text: &Text) -> FunctionRef;
    /// Something is not of the type that was expected.
    fn problem(&self, reason: String, at: &Location);
}

/// A map of a document, with the place that stands for what it lacks.
#[derive(Clone)]
pub(crate) struct Props<'a> {
    cx: &'a dyn Surroundings,
    document: Option<Cow<'a, Document>>,
    at: Location,
}

/// Longest list of worlds that a setting keeps; beyond it the value is only unknown.
const MAX_CANDIDATES: usize = 64;

impl<'a> Props<'a> {
    pub(crate) fn new(cx: &'a dyn Surroundings, document: &'a Document, at: Location) -> Self {
        Props {
            cx,
            document: Some(Cow::Borrowed(document)),
            at,
        }
    }

    pub(crate) fn at(&self) -> &Location {
        &self.at
    }

    /// The value at a dotted path, with undecided worlds pushed down to it.
    pub(crate) fn get(&self, path: &str) -> Option<Cow<'_, Document>> {
        let start: Option<Cow<'_, Document>> = self.document.as_ref().map(|document| Cow::Borrowed(&**document));
        path.split('.').try_fold(start?, |document, key| match document {
            Cow::Borrowed(document) => descend(document, key),
            Cow::Owned(document) => descend(&document, key).map(|found| Cow::Owned(found.into_owned())),
        })
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.get(path).is_some_and(|document| !document.is_absent())
    }

    /// The map at a path. Where it is not there, what it lacks is told of the map around it.
    pub(crate) fn sub(&self, path: &str) -> Props<'a> {
        let document: Option<Cow<'a, Document>> = self.get(path).map(|found| Cow::Owned(found.into_owned()));
        let at = document
            .as_ref()
            .map_or_else(|| self.at.clone(), |document| document.at.clone());
        Props {
            cx: self.cx,
            document,
            at,
        }
    }

    /// The maps of a list at a path; those of undecided worlds are taken in.
    pub(crate) fn list(&self, path: &str) -> Vec<Props<'a>> {
        let mut items = Vec::new();
        if let Some(found) = self.get(path) {
            self.collect(&found, path, &mut items);
        }
        items
    }

    fn collect(&self, document: &Document, path: &str, items: &mut Vec<Props<'a>>) {
        match &document.value {
            Value::List(list) => list.iter().for_each(|item| match &item.value {
                Value::Choice(branches) => branches
                    .iter()
                    .for_each(|branch| self.collect_item(&branch.value, items)),
                _ => self.collect_item(item, items),
            }),
            Value::Choice(branches) => branches
                .iter()
                .for_each(|branch| self.collect(&branch.value, path, items)),
            Value::Map(_) => self.collect_item(document, items),
            Value::Absent | Value::Null | Value::Unknown(_) => {}
            Value::Scalar { .. } => self.cx.problem(
                format!("{path}: expected a list, found {}", describe(document)),
                &document.at,
            ),
        }
    }

    fn collect_item(&self, item: &Document, items: &mut Vec<Props<'a>>) {
        if !item.is_absent() {
            items.push(Props {
                cx: self.cx,
                document: Some(Cow::Owned(item.clone())),
                at: item.at.clone(),
            });
        }
    }

    /// The entries of a map at a path, name and value; those of undecided worlds are not taken in.
    pub(crate) fn entries(&self, path: &str) -> Vec<(Arc<str>, Document)> {
        let Some(found) = self.get(path) else { return Vec::new() };
        found
            .fields()
            .iter()
            .map(|field| (field.key.clone(), field.value.clone()))
            .collect()
    }

    /// A setting made of the document at a path by `read`, in every world.
    pub(crate) fn setting<T: PartialEq>(&self, path: &str, read: impl Fn(&Document) -> State<T>) -> Setting<T> {
        self.setting_of(self.get(path).as_deref(), &read)
    }

    pub(crate) fn setting_of<T: PartialEq>(
        &self,
        document: Option<&Document>,
        read: &dyn Fn(&Document) -> State<T>,
    ) -> Setting<T> {
        let Some(document) = document else {
            return Setting::unset(self.at.clone());
        };
        let (at, by) = (document.at.clone(), document.by.clone());
        match &document.value {
            Value::Absent | Value::Null => Setting {
                state: State::Unset,
                at: self.at.clone(),
                by,
            },
            Value::Unknown(why) => Setting::unknown(why.clone(), at),
            Value::Choice(branches) => {
                let mut candidates = Vec::new();
                worlds(branches, "", read, &mut candidates);
                Setting {
                    state: settled(candidates, branches),
                    at,
                    by,
                }
            }
            _ => Setting {
                state: read(document),
                at,
                by,
            },
        }
    }

    pub(crate) fn text(&self, path: &str) -> Setting<Text> {
        self.setting(path, |document| self.read_text(path, document))
    }

    fn read_text(&self, path: &str, document: &Document) -> State<Text> {
        match &document.value {
            Value::Scalar { text, .. } => known(text),
            _ => self.wrong(path, "a string", document),
        }
    }

    pub(crate) fn boolean(&self, path: &str) -> Setting<bool> {
        self.setting(path, |document| {
            self.parsed(path, "true or false", document, maremma_model::text::parse_bool)
        })
    }

    pub(crate) fn number(&self, path: &str) -> Setting<u32> {
        self.setting(path, |document| {
            self.parsed(path, "a whole number", document, |text| text.trim().parse().ok())
        })
    }

    fn parsed<T>(
        &self,
        path: &str,
        expected: &str,
        document: &Document,
        parse: impl Fn(&str) -> Option<T>,
    ) -> State<T> {
        let Value::Scalar { text, .. } = &document.value else {
            return self.wrong(path, expected, document);
        };
        match text.as_literal() {
            Some(literal) => parse(literal).map_or_else(|| self.wrong(path, expected, document), State::Set),
            None => unknown(text.why().cloned().unwrap_or(Why::NotKept)),
        }
    }

    /// A list whose items are read by `read`.
    pub(crate) fn items<T: PartialEq>(&self, path: &str, read: impl Fn(&Document) -> State<T>) -> Items<T> {
        self.setting(path, |document| match &document.value {
            Value::List(items) => State::Set(items.iter().map(|item| self.setting_of(Some(item), &read)).collect()),
            // CloudFormation takes a scalar where a list of one is meant.
            Value::Scalar { text, .. }
                if text.as_literal().is_none()
                    && text.as_attribute().is_none()
                    && matches!(text, Text::Holed(pieces) if pieces.len() == 1) =>
            {
                unknown(text.why().cloned().unwrap_or(Why::NotKept))
            }
            Value::Scalar { .. } => State::Set(vec![self.setting_of(Some(document), &read)]),
            _ => self.wrong(path, "a list", document),
        })
    }

    pub(crate) fn texts(&self, path: &str) -> Items<Text> {
        self.items(path, |document| self.read_text(path, document))
    }

    /// The document as it is, undecided worlds included: policies are read by `iam`.
    pub(crate) fn document(&self, path: &str) -> Setting<Document> {
        match self.get(path) {
            None => Setting::unset(self.at.clone()),
            Some(found) => match &found.value {
                Value::Absent | Value::Null => Setting::unset(self.at.clone()),
                Value::Unknown(why) => Setting::unknown(why.clone(), found.at.clone()),
                _ => Setting {
                    state: State::Set(found.clone().into_owned()),
                    at: found.at.clone(),
                    by: found.by.clone(),
                },
            },
        }
    }

    pub(crate) fn any(&self, path: &str) -> Setting<AnyLink> {
        self.setting(path, |document| self.read_any(path, document))
    }

    pub(crate) fn anys(&self, path: &str) -> Items<AnyLink> {
        self.items(path, |document| self.read_any(path, document))
    }

    fn read_any(&self, path: &str, document: &Document) -> State<AnyLink> {
        self.linked(
            path,
            document,
            |text| self.cx.link(text, None),
            |link| match link {
                AnyLink::Unknown(why) => Err(why),
                link => Ok(link),
            },
        )
    }

    pub(crate) fn link<T: Noun>(&self, path: &str) -> Setting<Link<T>> {
        self.setting(path, |document| self.read_link(path, document))
    }

    pub(crate) fn links<T: Noun>(&self, path: &str) -> Items<Link<T>> {
        self.items(path, |document| self.read_link(path, document))
    }

    fn read_link<T: Noun>(&self, path: &str, document: &Document) -> State<Link<T>> {
        self.linked(
            path,
            document,
            |text| {
                let link = match self.cx.link(text, Some(T::NAME)) {
                    AnyLink::Here(id) => T::from_any(id).map_or_else(|| Link::Outside(text.clone()), Link::Here),
                    AnyLink::Outside(text) => Link::Outside(text),
                    AnyLink::Unknown(why) => Link::Unknown(why),
                };
                link
            },
            |link| match link {
                Link::Unknown(why) => Err(why),
                link => Ok(link),
            },
        )
    }

    fn linked<L>(
        &self,
        path: &str,
        document: &Document,
        link: impl Fn(&Text) -> L,
        known: impl Fn(L) -> Result<L, Why>,
    ) -> State<L> {
        match &document.value {
            Value::Scalar { text, .. } => match known(link(text)) {
                Ok(link) => State::Set(link),
                Err(why) => unknown(why),
            },
            _ => self.wrong(path, "an ARN or a name", document),
        }
    }

    pub(crate) fn function(&self, path: &str) -> Setting<FunctionRef> {
        self.setting(path, |document| match &document.value {
            Value::Scalar { text, .. } => State::Set(self.cx.function(text)),
            _ => self.wrong(path, "a function's name or ARN", document),
        })
    }

    /// A value that may be a secret.
    pub(crate) fn value(&self, path: &str, name: &str) -> Setting<EnvValue> {
        self.value_of(self.get(path).as_deref(), name)
    }

    pub(crate) fn value_of(&self, document: Option<&Document>, name: &str) -> Setting<EnvValue> {
        self.setting_of(document, &|document| match &document.value {
            Value::Scalar { text, .. } => State::Set(EnvValue::read(name, text.clone())),
            _ => self.wrong(name, "a string", document),
        })
    }

    fn wrong<T>(&self, path: &str, expected: &str, found: &Document) -> State<T> {
        let name = path.rsplit('.').next().unwrap_or(path);
        let reason = format!("{name}: expected {expected}, found {}", describe(found));
        self.cx.problem(reason.clone(), &found.at);
        unknown(Why::Unresolved(reason.into()))
    }
}

/// One step down a path.
fn descend<'a>(document: &'a Document, key: &str) -> Option<Cow<'a, Document>> {
    match &document.value {
        Value::Map(_) => document.get(key).map(Cow::Borrowed),
        Value::Choice(branches) => {
            let absent = |branch: &Branch| Document::new(Value::Absent, branch.value.at.clone());
            let branches: Vec<_> = branches
                .iter()
                .map(|branch| Branch {
                    when: branch.when.clone(),
                    value: descend(&branch.value, key).map_or_else(|| absent(branch), Cow::into_owned),
                })
                .collect();
            let nowhere = branches.iter().all(|branch| branch.value.is_absent());
            (!nowhere).then(|| {
                Cow::Owned(Document {
                    value: Value::Choice(branches),
                    at: document.at.clone(),
                    by: document.by.clone(),
                })
            })
        }
        Value::Unknown(_) => Some(Cow::Borrowed(document)),
        Value::Scalar { text, .. } if text.as_literal().is_none() => {
            let why = text.why().cloned().unwrap_or(Why::NotKept);
            Some(Cow::Owned(Document::new(Value::Unknown(why), document.at.clone())))
        }
        Value::Absent | Value::Null | Value::Scalar { .. } | Value::List(_) => None,
    }
}

fn unknown<T>(why: Why) -> State<T> {
    State::Unknown(Unknown {
        why,
        candidates: Vec::new(),
    })
}

/// A text of one hole that stands for nothing is no value.
fn known(text: &Text) -> State<Text> {
    match text {
        Text::Holed(pieces) if pieces.len() == 1 && text.as_attribute().is_none() => {
            unknown(text.why().cloned().unwrap_or(Why::NotKept))
        }
        _ => State::Set(text.clone()),
    }
}

/// Every world of a choice, nested ones flattened.
fn worlds<T: PartialEq>(
    branches: &[Branch],
    outer: &str,
    read: &dyn Fn(&Document) -> State<T>,
    candidates: &mut Vec<Candidate<T>>,
) {
    for branch in branches {
        if candidates.len() >= MAX_CANDIDATES {
            return;
        }
        let when = if outer.is_empty() {
            branch.when.to_string()
        } else {
            format!("{outer} and {}", branch.when)
        };
        let state = match &branch.value.value {
            Value::Choice(inner) => {
                worlds(inner, &when, read, candidates);
                continue;
            }
            Value::Absent | Value::Null => State::Unset,
            Value::Unknown(why) => unknown(why.clone()),
            _ => read(&branch.value),
        };
        candidates.push(Candidate {
            state,
            when: when.into(),
            at: branch.value.at.clone(),
        });
    }
}

/// Worlds that agree are one value; others stay unknown, by the first condition.
fn settled<T: PartialEq>(mut candidates: Vec<Candidate<T>>, branches: &[Branch]) -> State<T> {
    let agree = match candidates.split_first() {
        Some((first, rest)) => {
            !matches!(first.state, State::Unknown(_)) && rest.iter().all(|other| other.state == first.state)
        }
        None => false,
    };
    if agree
        && candidates.len() < MAX_CANDIDATES
        && let Some(only) = candidates.pop()
    {
        return only.state;
    }
    let why = branches.first().map_or(Why::NotKept, |branch| why_branch(&branch.when));
    if candidates.len() >= MAX_CANDIDATES {
        candidates.clear();
    }
    State::Unknown(Unknown { why, candidates })
}

/// `Stage = prod` comes of a parameter's allowed values; anything else is a condition.
fn why_branch(when: &str) -> Why {
    match when.split_once(" = ") {
        Some((parameter, _)) => Why::Parameter(parameter.into()),
        None => Why::Condition(when.into()),
    }
}

pub(crate) fn describe(document: &Document) -> &'static str {
    match &document.value {
        Value::Absent | Value::Null => "nothing",
        Value::Scalar { quoted: true, .. } => "a string",
        Value::Scalar { .. } => "a plain value",
        Value::List(_) => "a list",
        Value::Map(_) => "a map",
        Value::Choice(_) => "a choice",
        Value::Unknown(_) => "an unknown value",
    }
}
