//! The sources of variables: the service itself, options, parameters, the environment, files, AWS.

use super::include::Include;
use super::resolver::{Resolver, said, source_said};
use super::syntax::{Piece, Source};
use crate::cloudformation::make::Make;
use maremma_model::{GapKind, Node, Place};
use std::sync::Arc;

/// What a source says.
enum Found {
    Value(Node),
    /// There is nothing, and the next source is asked.
    Nothing,
    /// The deployment may give it under this name; else the next source holds.
    Open(String),
    /// Only the deployment knows whether it is there: the next source decides nothing.
    Outside(String),
}

impl Resolver<'_> {
    /// What a variable comes to: its sources are asked one after the other.
    pub(super) fn variable(&mut self, sources: &[Source], place: Place) -> Node {
        let Some((first, rest)) = sources.split_first() else {
            return Node::string("", place);
        };
        let (kind, parameters, address) = match first {
            Source::Literal { text, quoted: true } => return Node::string(text, place),
            Source::Literal { text, quoted: false } => return Node::plain(text, place),
            Source::Named {
                kind,
                parameters,
                address,
            } => (kind.as_str(), parameters.as_deref(), address.as_slice()),
        };
        match self.source(kind, parameters, address, place) {
            Found::Value(node) => node,
            Found::Outside(name) => self.unknown(&name, place),
            Found::Open(name) if rest.is_empty() => self.unknown(&name, place),
            Found::Open(name) => {
                if self.is_given(&name) {
                    return self.unknown(&name, place);
                }
                let fallback = self.variable(rest, place);
                match fallback.as_str() {
                    Some(text) => {
                        let text = text.to_owned();
                        self.opened(&name, Some(&text), place)
                    }
                    None => {
                        self.open.declare(&name, place);
                        fallback
                    }
                }
            }
            Found::Nothing if rest.is_empty() => {
                let name = source_said(Some(first));
                self.gap(
                    GapKind::Absent,
                    format!("${{{name}}}: there is nothing of that name"),
                    place,
                );
                self.unknown(&name, place)
            }
            Found::Nothing => self.variable(rest, place),
        }
    }

    fn is_given(&self, name: &str) -> bool {
        self.given.contains_key(name)
    }

    fn source(&mut self, kind: &str, parameters: Option<&[Piece]>, address: &[Piece], place: Place) -> Found {
        let outside = || {
            Found::Outside(source_said(Some(&Source::Named {
                kind: kind.to_owned(),
                parameters: parameters.map(<[Piece]>::to_vec),
                address: address.to_vec(),
            })))
        };
        // What names the value may itself be a variable.
        let words = self.words(address, place);
        let Some(address) = self.open.text(&words).map(|text| text.into_owned()) else {
            return outside();
        };
        match (kind, parameters) {
            ("self", None) => self.own(&address, place),
            ("opt", None) if address == "region" && self.region.is_some() => {
                Found::Value(Node::string(self.region.unwrap_or_default(), place))
            }
            ("opt", None) if !address.is_empty() => Found::Open(address),
            ("param", None) if !address.is_empty() => self.parameter(&address, place),
            ("env", None) => Found::Open(format!("env:{address}")),
            ("sls", None) if address == "stage" => Found::Value(self.stage()),
            ("aws", None) => match address.as_str() {
                "accountId" => Found::Value(Make(place).reference("AWS::AccountId")),
                "region" => Found::Value(Make(place).reference("AWS::Region")),
                // A variable of IAM's: `${aws:username}`.
                other => Found::Value(Node::string(&format!("${{aws:{other}}}"), place)),
            },
            ("strToBool", Some(parameters)) => self.truth(parameters, place),
            ("file", Some(path)) => self.file(path, &address, place),
            (kind, None) => Found::Outside(format!("{kind}:{address}")),
            (_, Some(_)) => outside(),
        }
    }

    /// `self:custom.tables.0`.
    fn own(&mut self, address: &str, place: Place) -> Found {
        if address.is_empty() {
            return Found::Outside("self:".to_owned());
        }
        let root = self.root.clone();
        let keys: Vec<&str> = address.split('.').collect();
        let found = self.once(format!("self:{address}"), place, |resolver| resolver.walk(&root, &keys));
        match found {
            Some(node) => Found::Value(node),
            None if address == "provider.stage" => Found::Value(self.stage()),
            None => Found::Nothing,
        }
    }

    /// The value at a path, whose variables are put in where it leads through them.
    fn walk(&mut self, root: &Arc<Node>, keys: &[&str]) -> Option<Node> {
        let mut at: &Node = root;
        for (number, key) in keys.iter().enumerate() {
            if at.as_str().is_some_and(|text| text.contains("${")) {
                let resolved = Arc::new(self.node(at));
                if resolved.as_str().is_some() {
                    return None;
                }
                return match keys.get(number..) {
                    // What is in something unknown is not known either.
                    Some(_) if self.open.is_hole(&resolved) => Some(Node::clone(&resolved)),
                    Some(rest) => self.walk(&resolved, rest),
                    None => None,
                };
            }
            at = match key.parse::<usize>() {
                Ok(index) if !at.items().is_empty() => at.items().get(index)?,
                _ => at.get(key)?,
            };
        }
        (!at.is_null()).then(|| self.node(at))
    }

    /// `--parameter`, else the parameters of the stage, else those of every stage.
    fn parameter(&mut self, name: &str, place: Place) -> Found {
        if self.is_given(name) {
            return Found::Open(name.to_owned());
        }
        let stage = self.stage();
        let stage = self.open.text(&stage).map(|text| text.into_owned());
        let root = self.root.clone();
        for stage in stage.as_deref().into_iter().chain(["default"]) {
            for path in [&["stages", stage, "params", name][..], &["params", stage, name]] {
                let label = format!("self:{}", path.join("."));
                if let Some(node) = self.once(label, place, |resolver| resolver.walk(&root, path)) {
                    return Found::Value(node);
                }
            }
        }
        Found::Open(name.to_owned())
    }

    /// The stage: `--parameter stage=`, else `provider.stage`, else `dev`.
    pub(super) fn stage(&mut self) -> Node {
        let root = self.root.clone();
        let provider = root.entry("provider");
        let place = provider.map_or(root.place, |entry| entry.key_place);
        if self.is_given("stage") {
            return self.opened("stage", None, place);
        }
        let written = self.once("the stage".to_owned(), place, |resolver| {
            resolver.walk(&root, &["provider", "stage"])
        });
        written.unwrap_or_else(|| self.opened("stage", Some("dev"), place))
    }

    /// `strToBool(...)`.
    fn truth(&mut self, parameters: &[Piece], place: Place) -> Found {
        let words = self.words(parameters, place);
        let text = self.open.text(&words).map(|text| text.trim().to_lowercase());
        match text.as_deref() {
            Some("true" | "false") | None => Found::Value(words),
            Some("1") => Found::Value(Node::plain("true", place)),
            Some("0") => Found::Value(Node::plain("false", place)),
            Some(_) => {
                self.gap(GapKind::Unparsed, "strToBool: expected true, false, 1 or 0", place);
                Found::Outside(format!("strToBool({})", said(parameters)))
            }
        }
    }

    /// `file(path):address`.
    fn file(&mut self, path: &[Piece], address: &str, place: Place) -> Found {
        let words = self.words(path, place);
        let Some(path) = self.open.text(&words).map(|text| text.into_owned()) else {
            return Found::Outside(format!("file({}):{address}", said(path)));
        };
        let tail = if address.is_empty() {
            String::new()
        } else {
            format!(":{address}")
        };
        let name = format!("file({path}){tail}");
        let directory = self.directory.clone();
        match self.includes.load(&directory, &path) {
            Include::Missing => Found::Nothing,
            Include::Text(text) => Found::Value(Node::string(&text, place)),
            Include::Code => {
                let reason = format!("${{{name}}} is code, which only the framework runs: what it gives is not known");
                self.gap(GapKind::Unsupported, reason, place);
                Found::Outside(name)
            }
            Include::Refused(kind, reason) => {
                self.gap(kind, format!("${{{name}}} is not read: {reason}"), place);
                Found::Outside(name)
            }
            Include::Tree(root) => {
                self.allow(path, &root);
                let keys: Vec<&str> = address.split('.').filter(|key| !key.is_empty()).collect();
                let found = self.once(name, place, |resolver| resolver.walk(&root, &keys));
                found.map_or(Found::Nothing, Found::Value)
            }
        }
    }
}
