//! Links to other resources: which row a reference, an ARN or a name comes to.

use super::worlds::unknown;
use super::{Props, why_unknown};
use maremma_model::noun::{AnyLink, FunctionRef, Items};
use maremma_model::{Document, Link, Noun, Setting, State, Text, Value, Why};

impl Props<'_> {
    /// A link to a resource of any kind, by reference or ARN.
    pub(crate) fn any(&self, path: &str) -> Setting<AnyLink> {
        self.setting(path, |document| self.read_any(path, document, None))
    }

    /// A link that may also be the name of a `T`.
    pub(crate) fn any_of<T: Noun>(&self, path: &str) -> Setting<AnyLink> {
        self.setting(path, |document| self.read_any(path, document, Some(T::NAME)))
    }

    pub(crate) fn anys_of<T: Noun>(&self, path: &str) -> Items<AnyLink> {
        self.items(path, |document| self.read_any(path, document, Some(T::NAME)))
    }

    fn read_any(&self, path: &str, document: &Document, noun: Option<&'static str>) -> State<AnyLink> {
        self.linked(
            path,
            document,
            |text| self.cx.link(text, noun),
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
                match self.cx.link(text, Some(T::NAME)) {
                    // An attribute of a resource of another kind, such as an output of a custom
                    // resource: what it comes to is known only after deployment.
                    AnyLink::Here(id) => T::from_any(id).map_or_else(
                        || match text.why() {
                            Some(why) => Link::Unknown(why.clone()),
                            None => Link::Outside(text.clone()),
                        },
                        Link::Here,
                    ),
                    AnyLink::Outside(text) => Link::Outside(text),
                    AnyLink::Unknown(why) => Link::Unknown(why),
                }
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

    /// The function at a path where things other than functions may stand too; `None` where no world
    /// holds a function.
    pub(crate) fn target(&self, path: &str) -> Option<Setting<FunctionRef>> {
        self.target_of(path, self.get(path)?.as_ref())
    }

    fn target_of(&self, path: &str, document: &Document) -> Option<Setting<FunctionRef>> {
        let setting = self.setting_of(Some(document), &|document| match &document.value {
            Value::Scalar { text, .. } => self.cx.target(text).map_or(State::Unset, State::Set),
            _ => self.wrong(path, "an ARN", document),
        });
        let somewhere = setting.possible().next().is_some();
        somewhere.then_some(setting)
    }

    /// As [`Props::target`]: unset where something else stands there, unknown where nothing is known.
    pub(crate) fn function_among(&self, path: &str) -> Setting<FunctionRef> {
        if let Some(function) = self.target(path) {
            return function;
        }
        match self.unknown(path) {
            Some(why) => Setting::unknown(why, self.at.clone()),
            None => Setting::unset(self.at.clone()),
        }
    }

    /// Why the value at a path is not known, in one world or as a whole.
    pub(crate) fn unknown(&self, path: &str) -> Option<Why> {
        why_unknown(self.get(path)?.as_ref())
    }

    /// The functions in a list at a path where things other than functions may stand too.
    pub(crate) fn targets(&self, path: &str) -> Vec<Setting<FunctionRef>> {
        let Some(found) = self.get(path) else { return Vec::new() };
        let mut documents = Vec::new();
        flat(&found, &mut documents);
        documents
            .into_iter()
            .filter_map(|item| self.target_of(path, item))
            .collect()
    }
}

/// The items of a list in every world.
fn flat<'d>(document: &'d Document, items: &mut Vec<&'d Document>) {
    match &document.value {
        Value::List(list) => list.iter().for_each(|item| items.push(item)),
        Value::Choice(branches) => branches.iter().for_each(|branch| flat(&branch.value, items)),
        Value::Scalar { .. } | Value::Map(_) => items.push(document),
        Value::Absent | Value::Null | Value::Unknown(_) => {}
    }
}
