//! Reads settings off a resolved document: the one place where *absent*, *unknown* and *of the wrong
//! type* become states of a [`Setting`].

mod links;
mod worlds;

use crate::json;
use maremma_model::noun::{AnyLink, FunctionRef, Items};
use maremma_model::{Document, EnvValue, Location, Setting, State, Text, Value, Why};
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;
use worlds::{descend, describe, keys, known, no_map, only_branch, only_in, present_when, settled, unknown, worlds};

/// What a reader knows around a document: which texts name which resources, and where to complain.
pub(crate) trait Surroundings {
    /// The resource that a text names: by reference, by ARN, or by the name of a resource of `noun`.
    fn link(&self, text: &Text, noun: Option<&'static str>) -> AnyLink;
    /// The function, and the alias or version of it, that a text names.
    fn function(&self, text: &Text) -> FunctionRef;
    /// As [`Surroundings::function`], where things other than functions may stand too: `None` for them.
    fn target(&self, text: &Text) -> Option<FunctionRef>;
    /// A text with the values that nobody is to see.
    fn reveal(&self, text: &Text) -> Text;
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

    /// The same, with what is not set in it found at `at`.
    pub(crate) fn standing(self, at: Location) -> Self {
        Props { at, ..self }
    }

    /// A map at the same place, of which nothing is set.
    pub(crate) fn empty(&self) -> Props<'a> {
        Props {
            document: None,
            ..self.clone()
        }
    }

    /// The document as a whole.
    pub(crate) fn whole(&self) -> Option<&Document> {
        self.document.as_deref()
    }

    /// The value at a dotted path, with undecided worlds pushed down to it. Nothing is known of what
    /// should be in a map and has something else around it.
    pub(crate) fn get(&self, path: &str) -> Option<Cow<'_, Document>> {
        let mut document: Cow<'_, Document> = Cow::Borrowed(self.document.as_deref()?);
        let mut around = None;
        for key in path.split('.') {
            self.expect_map(around, &document);
            document = match document {
                Cow::Borrowed(document) => descend(document, key)?,
                Cow::Owned(document) => Cow::Owned(descend(&document, key)?.into_owned()),
            };
            around = Some(key);
        }
        Some(document)
    }

    /// Tells of every world of a document in which it is something else than a map.
    fn expect_map(&self, name: Option<&str>, document: &Document) {
        if let Value::Choice(branches) = &document.value {
            branches.iter().for_each(|branch| self.expect_map(name, &branch.value));
        } else if let Some(reason) = no_map(document) {
            let name = name.map_or_else(String::new, |name| format!("{name}: "));
            self.cx.problem(format!("{name}{reason}"), &document.at);
        }
    }

    /// A scalar stands where a map is asked of.
    pub(crate) fn is_text(&self) -> bool {
        self.document
            .as_deref()
            .is_some_and(|document| document.as_text().is_some())
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

    /// The map as it is where it is there at all, and the worlds where that is, in words: what has a
    /// row of its own is read in its own world, and the row says when it exists.
    pub(crate) fn in_its_world(&self) -> (Props<'a>, Option<Arc<str>>) {
        let when = self.document.as_deref().and_then(present_when);
        let mut own = self.clone();
        while let Some(only) = own.document.as_deref().and_then(only_branch).cloned() {
            own.document = Some(Cow::Owned(only));
        }
        (own, when)
    }

    /// The maps of a list at a path. One of an undecided world is there in that world only, and a
    /// list that is not known is one map of which nothing is known.
    pub(crate) fn list(&self, path: &str) -> Vec<Props<'a>> {
        let mut items = Vec::new();
        if let Some(found) = self.get(path) {
            self.collect(&found, path, true, &|item| item, &mut items);
        }
        items
    }

    fn collect(
        &self,
        document: &Document,
        path: &str,
        list: bool,
        in_world: &dyn Fn(Document) -> Document,
        items: &mut Vec<Props<'a>>,
    ) {
        match &document.value {
            Value::List(inner) if list => inner
                .iter()
                .for_each(|item| self.collect(item, path, false, in_world, items)),
            Value::Choice(branches) => branches.iter().enumerate().for_each(|(of, branch)| {
                let in_world = |item| in_world(only_in(branches, of, item));
                self.collect(&branch.value, path, list, &in_world, items);
            }),
            Value::Unknown(_) => items.push(self.item(in_world(document.clone()))),
            Value::Map(_) if !list => items.push(self.item(in_world(document.clone()))),
            Value::Absent | Value::Null => {}
            // Something is there, and nothing is known of it.
            Value::Scalar { text, .. } if text.as_literal().is_none() => {
                let why = text.why().cloned().unwrap_or(Why::NotKept);
                let unknown = Document::new(Value::Unknown(why), document.at.clone());
                items.push(self.item(in_world(unknown)));
            }
            Value::Scalar { .. } | Value::List(_) | Value::Map(_) => {
                let expected = if list { "a list" } else { "a map" };
                let name = path.rsplit('.').next().unwrap_or(path);
                let reason = format!("{name}: expected {expected}, found {}", describe(document));
                self.cx.problem(reason.clone(), &document.at);
                let unknown = Value::Unknown(Why::Unresolved(reason.into()));
                items.push(self.item(in_world(Document::new(unknown, document.at.clone()))));
            }
        }
    }

    fn item(&self, document: Document) -> Props<'a> {
        Props {
            cx: self.cx,
            at: document.at.clone(),
            document: Some(Cow::Owned(document)),
        }
    }

    /// The entries of a map at a path, name and value, in every world: a value of one world only is a
    /// choice.
    pub(crate) fn entries(&self, path: &str) -> Vec<(Arc<str>, Document)> {
        self.get(path).map_or_else(Vec::new, |found| {
            self.expect_map(path.rsplit('.').next(), &found);
            entries_of(&found)
        })
    }

    /// The entries at a path, each with its worlds.
    pub(crate) fn subs(&self, path: &str) -> Vec<(Arc<str>, Props<'a>)> {
        self.inner(self.entries(path))
    }

    /// The entries of this map, each with its worlds.
    pub(crate) fn subs_here(&self) -> Vec<(Arc<str>, Props<'a>)> {
        self.inner(self.document.as_deref().map_or_else(Vec::new, |document| {
            self.expect_map(None, document);
            entries_of(document)
        }))
    }

    fn inner(&self, entries: Vec<(Arc<str>, Document)>) -> Vec<(Arc<str>, Props<'a>)> {
        let sub = |(key, document): (Arc<str>, Document)| {
            let at = document.at.clone();
            let document = Some(Cow::Owned(document));
            let cx = self.cx;
            (key, Props { cx, document, at })
        };
        entries.into_iter().map(sub).collect()
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
            Value::Unknown(why) => Setting {
                by,
                ..Setting::unknown(why.clone(), at)
            },
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

    /// The text of an entry of a map.
    pub(crate) fn text_of(&self, document: &Document, name: &str) -> Setting<Text> {
        self.setting_of(Some(document), &|document| self.read_text(name, document))
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

    /// A boolean that is written as one of two words.
    pub(crate) fn switch(&self, path: &str, on: &str, off: &str) -> Setting<bool> {
        let parse = |text: &str| match text {
            text if text == on => Some(true),
            text if text == off => Some(false),
            _ => None,
        };
        self.setting(path, |document| {
            self.parsed(path, &format!("{on} or {off}"), document, parse)
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

    /// A list of maps that are each read by `read`.
    pub(crate) fn maps<T: PartialEq>(&self, path: &str, read: impl Fn(&Props<'_>) -> T) -> Items<T> {
        self.items(path, |document| match &document.value {
            Value::Map(_) => State::Set(read(&Props::new(self.cx, document, document.at.clone()))),
            _ => self.wrong(path, "a map", document),
        })
    }

    pub(crate) fn texts(&self, path: &str) -> Items<Text> {
        self.items(path, |document| self.read_text(path, document))
    }

    /// The document as it is, undecided worlds included: policies are read by `iam`. A document that
    /// is written as a JSON text is the document that the text holds.
    pub(crate) fn document(&self, path: &str) -> Setting<Document> {
        match self.get(path) {
            None => Setting::unset(self.at.clone()),
            Some(found) => match &found.value {
                Value::Absent | Value::Null => Setting::unset(self.at.clone()),
                Value::Unknown(why) => Setting::unknown(why.clone(), found.at.clone()),
                Value::List(_) => Setting {
                    state: self.wrong(path, "a map", &found),
                    at: found.at.clone(),
                    by: None,
                },
                _ => Setting {
                    state: State::Set(json::embedded(&found).unwrap_or_else(|| found.clone().into_owned())),
                    at: found.at.clone(),
                    by: found.by.clone(),
                },
            },
        }
    }

    /// The map that the JSON text at a path holds; any other value as it is.
    pub(crate) fn embedded(&self, path: &str) -> Props<'a> {
        let mut sub = self.sub(path);
        if let Some(parsed) = sub.document.as_deref().and_then(json::embedded) {
            sub.document = Some(Cow::Owned(parsed));
        }
        sub
    }

    /// The map that the JSON or YAML text at a path holds; any other value as it is.
    pub(crate) fn described(&self, path: &str) -> Props<'a> {
        let mut sub = self.sub(path);
        if let Some(parsed) = sub.document.as_deref().and_then(json::described) {
            sub.document = Some(Cow::Owned(parsed));
        }
        sub
    }

    /// A document as JSON text: an event pattern, a filter.
    pub(crate) fn json(&self, path: &str) -> Setting<Text> {
        self.setting(path, |document| match &document.value {
            Value::Scalar { text, .. } => known(text),
            _ => State::Set(json::written(document)),
        })
    }

    /// A value that may be a secret.
    pub(crate) fn value(&self, path: &str, name: &str) -> Setting<EnvValue> {
        self.value_of(self.get(path).as_deref(), name)
    }

    pub(crate) fn value_of(&self, document: Option<&Document>, name: &str) -> Setting<EnvValue> {
        self.setting_of(document, &|document| match &document.value {
            Value::Scalar { text, .. } => State::Set(match EnvValue::read(name, self.cx.reveal(text)) {
                EnvValue::Plain(_) => EnvValue::Plain(text.clone()),
                kept => kept,
            }),
            _ => self.wrong(name, "a string", document),
        })
    }

    /// Tells that something else stands at a path than what is expected there.
    pub(crate) fn wrong<T>(&self, path: &str, expected: &str, found: &Document) -> State<T> {
        let name = path.rsplit('.').next().unwrap_or(path);
        let reason = format!("{name}: expected {expected}, found {}", describe(found));
        self.cx.problem(reason.clone(), &found.at);
        unknown(Why::Unresolved(reason.into()))
    }
}

fn entries_of(document: &Document) -> Vec<(Arc<str>, Document)> {
    if let Value::Map(fields) = &document.value {
        return fields
            .iter()
            .map(|field| (field.key.clone(), field.value.clone()))
            .collect();
    }
    let (mut names, mut seen) = (Vec::new(), HashSet::new());
    keys(document, &mut names, &mut seen);
    names
        .into_iter()
        .filter_map(|key| {
            let value = descend(document, &key)?.into_owned();
            Some((key, value))
        })
        .collect()
}

fn why_unknown(document: &Document) -> Option<Why> {
    match &document.value {
        Value::Unknown(why) => Some(why.clone()),
        Value::Scalar { text, .. } => match known(text) {
            State::Unknown(unknown) => Some(unknown.why),
            _ => None,
        },
        Value::Choice(branches) => branches.iter().find_map(|branch| why_unknown(&branch.value)),
        _ => None,
    }
}
