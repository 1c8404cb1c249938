//! A file of checks of one's own: its keys, read with the place of whatever is wrong.

use super::expression::{self, Expression};
use super::function::near;
use super::types::Type;
use super::{kinds, message, page};
use crate::user::{Example, Expected, Refused, UserCheck};
use maremma_model::tree::{Node, NodeValue};
use maremma_model::{Confidence, Control, Equivalent, Framework, Peer, Pos, Rule, Severity, Tier};
use std::collections::BTreeMap;
use std::str::FromStr;

const MAX_CHECKS: usize = 100;
const MAX_EXAMPLES: usize = 50;
/// In bytes, of a text that is shown.
const MAX_TEXT: usize = 8192;

const KEYS: &[&str] = &[
    "id",
    "title",
    "subject",
    "where",
    "fails",
    "passes",
    "message",
    "at",
    "fix",
    "why",
    "limits",
    "severity",
    "tier",
    "confidence",
    "references",
    "controls",
    "equivalent",
    "example",
];
const EXAMPLE_KEYS: &[&str] = &["expect", "template", "parameters", "account", "region"];
const EQUIVALENT_KEYS: &[&str] = &["tool", "id", "exact"];

/// Reads the checks of one file: one at its top, or a list of them under `check`.
pub(crate) fn read(path: &str, root: &Node) -> (Vec<UserCheck>, Vec<Refused>) {
    let mut reader = Reader {
        path,
        refused: Vec::new(),
    };
    let checks = match root.entry("check") {
        Some(listed) => {
            reader.keys(root, &["check"]);
            let items = reader.list(&listed.value, "check", MAX_CHECKS);
            items.iter().filter_map(|node| reader.check(node)).collect()
        }
        None => reader.check(root).into_iter().collect(),
    };
    (checks, reader.refused)
}

struct Reader<'p> {
    path: &'p str,
    refused: Vec<Refused>,
}

impl Reader<'_> {
    fn refuse(&mut self, at: Pos, says: impl Into<String>) {
        self.refused.push(Refused {
            file: self.path.to_owned(),
            line: at.line,
            column: at.column,
            says: says.into(),
        });
    }

    /// One check; `None` where anything is wrong with it, which has been told.
    fn check(&mut self, node: &Node) -> Option<UserCheck> {
        let before = self.refused.len();
        let start = node.place.span.start;
        if !node.is_map() {
            let says = format!("expected the keys of a check, found {}", node.describe());
            self.refuse(start, says);
            return None;
        }
        self.keys(node, KEYS);
        let examples = self.examples(node);
        let head = self.head(node);
        let fix = self.optional(node, "fix").map(|(text, _)| text.trim().to_owned());
        let (rule, noun) = head?;
        let applies = node.entry("where").and_then(|_| self.condition(node, "where", noun));
        let holds = self.rule(node, noun);
        let shown = match node.entry("message") {
            Some(_) => self.optional_told(node, "message"),
            None => Some((rule.title, start)),
        };
        let message = shown.and_then(|(text, at)| self.message(text, at, noun));
        let at = self.optional_told(node, "at");
        let at = at.and_then(|(path, at)| self.member_path(path, at, noun));
        if self.refused.len() > before {
            return None;
        }
        let (holds, negated) = holds?;
        Some(UserCheck {
            rule: Box::leak(Box::new(rule)),
            noun,
            at: at.unwrap_or_else(|| holds.asks.first().cloned().unwrap_or_default()),
            applies,
            holds,
            negated,
            message: message?,
            fix,
            examples,
            file: self.path.to_owned(),
            line: start.line,
        })
    }

    /// What the catalogue has of a check, and the noun of its subject.
    fn head(&mut self, node: &Node) -> Option<(Rule, &'static str)> {
        let id = self.required(node, "id").map(|(id, at)| self.id(id, at));
        let title = self.required(node, "title");
        if let Some((title, at)) = title
            && (title.contains('\n') || title.len() > 120)
        {
            self.refuse(at, "a title is one line of at most 120 characters");
        }
        let subject = self.required(node, "subject");
        let subject = subject.and_then(|(kind, at)| self.subject(kind, at));
        let tier = self.word(node, "tier", Tier::Hardening);
        let severity = self.word(node, "severity", Severity::Medium);
        let confidence = self.word(node, "confidence", Confidence::High);
        let (controls, equivalents) = (self.controls(node), self.equivalents(node));
        let page = page::write(&page::Parts {
            title: title.map_or("", |(title, _)| title),
            subject: subject.map_or("", |(kind, _)| kind),
            applies: self.optional(node, "where").map(|(text, _)| text),
            rule: self.written_rule(node),
            why: self.text(node, "why"),
            fix: self.text(node, "fix"),
            limits: self.text(node, "limits"),
            references: &self.strings(node, "references"),
        });
        let (subject, noun) = subject?;
        let rule = Rule {
            id: leak(id?),
            title: leak(title?.0),
            tier,
            severity,
            confidence,
            subject,
            controls: Vec::leak(controls),
            equivalents: Vec::leak(equivalents),
            page: leak(&page),
        };
        Some((rule, noun))
    }

    /// Refuses what is no key here, and two of the same.
    fn keys(&mut self, node: &Node, known: &[&'static str]) {
        for entry in node.entries() {
            if !known.contains(&&*entry.key) {
                let hint = near(&entry.key, known.iter().copied()).map(|near| format!(": did you mean {near}?"));
                let says = format!("unknown key {}{}", entry.key, hint.unwrap_or_default());
                self.refuse(entry.key_place.span.start, says);
            }
        }
    }

    /// A text that must be there.
    fn required<'n>(&mut self, node: &'n Node, key: &str) -> Option<(&'n str, Pos)> {
        if node.entry(key).is_none() {
            self.refuse(node.place.span.start, format!("the check has no {key}"));
        }
        self.optional_told(node, key)
    }

    fn optional<'n>(&self, node: &'n Node, key: &str) -> Option<(&'n str, Pos)> {
        let entry = node.entry(key)?;
        Some((entry.value.as_str()?, entry.value.place.span.start))
    }

    /// As `optional`, and what is no text is told.
    fn optional_told<'n>(&mut self, node: &'n Node, key: &str) -> Option<(&'n str, Pos)> {
        let entry = node.entry(key)?;
        let at = entry.value.place.span.start;
        match entry.value.as_str().filter(|text| !text.trim().is_empty()) {
            Some(text) if text.contains(|c: char| c.is_control() && c != '\n' && c != '\t') => {
                self.refuse(at, format!("{key} has control characters"));
                None
            }
            Some(text) if text.len() <= MAX_TEXT => Some((text, at)),
            Some(_) => {
                self.refuse(at, format!("{key} has more than {MAX_TEXT} bytes"));
                None
            }
            None => {
                self.refuse(at, format!("{key}: expected a text, found {}", entry.value.describe()));
                None
            }
        }
    }

    fn text<'n>(&mut self, node: &'n Node, key: &str) -> Option<&'n str> {
        self.optional_told(node, key).map(|(text, _)| text.trim())
    }

    fn id<'n>(&mut self, id: &'n str, at: Pos) -> &'n str {
        let kebab = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let named = id.starts_with(|c: char| c.is_ascii_lowercase()) && id.len() <= 64;
        if !named || !id.split('-').all(kebab) {
            self.refuse(
                at,
                format!("id {id:?}: expected lowercase words with hyphens, such as function-name-prefix"),
            );
        } else if crate::all().iter().any(|check| check.rule.id == id) {
            self.refuse(at, format!("a built-in check is called {id}: take another id"));
        }
        id
    }

    fn subject(&mut self, kind: &str, at: Pos) -> Option<(&'static str, &'static str)> {
        let found = kinds::find(kind);
        if found.is_none() {
            let hint = near(kind, kinds::all()).map(|near| format!(": did you mean {near}?"));
            self.refuse(at, format!("no rows are kept of {kind}{}", hint.unwrap_or_default()));
        }
        found
    }

    /// `fails`, or `passes` and that it is negated.
    fn rule(&mut self, node: &Node, noun: &'static str) -> Option<(Expression, bool)> {
        match (node.entry("fails"), node.entry("passes")) {
            (Some(_), None) => self.condition(node, "fails", noun).map(|rule| (rule, false)),
            (None, Some(_)) => self.condition(node, "passes", noun).map(|rule| (rule, true)),
            (Some(_), Some(passes)) => {
                self.refuse(passes.key_place.span.start, "a check has fails or passes, not both");
                None
            }
            (None, None) => {
                self.refuse(node.place.span.start, "the check has neither fails nor passes");
                None
            }
        }
    }

    fn written_rule<'n>(&self, node: &'n Node) -> (&'static str, &'n str) {
        let fails = self.optional(node, "fails").map(|(text, _)| ("fails", text));
        let passes = || self.optional(node, "passes").map(|(text, _)| ("passes", text));
        fails.or_else(passes).unwrap_or(("fails", ""))
    }

    /// An expression that is true or false.
    fn condition(&mut self, node: &Node, key: &'static str, noun: &'static str) -> Option<Expression> {
        let (source, _) = self.optional_told(node, key)?;
        let value = &node.entry(key)?.value;
        match expression::compile(source, noun) {
            Ok(expression) if expression.of.meets(&Type::Bool) => Some(expression),
            Ok(expression) => {
                let says = format!("{key}: expected a condition, found a {}", expression.of);
                self.refuse(value.place.span.start, says);
                None
            }
            Err(problem) => {
                let at = within(value, source, problem.at);
                self.refuse(at, format!("{key}: {}", problem.says));
                None
            }
        }
    }

    fn message(&mut self, text: &str, at: Pos, noun: &'static str) -> Option<message::Message> {
        match message::parse(text.trim(), noun) {
            Ok(message) => Some(message),
            Err(says) => {
                self.refuse(at, format!("message: {says}"));
                None
            }
        }
    }

    /// `runtime`, `vpc.subnets`: members of the subject.
    fn member_path(&mut self, path: &str, at: Pos, noun: &'static str) -> Option<Vec<String>> {
        let names: Vec<String> = path.split('.').map(str::to_owned).collect();
        match expression::member(&names, noun) {
            Ok(_) => Some(names),
            Err(says) => {
                self.refuse(at, format!("at: {says}"));
                None
            }
        }
    }

    fn word<T: FromStr<Err = String>>(&mut self, node: &Node, key: &str, default: T) -> T {
        match self.optional_told(node, key).map(|(word, at)| (word.parse::<T>(), at)) {
            Some((Ok(word), _)) => word,
            Some((Err(says), at)) => {
                self.refuse(at, format!("{key}: {says}"));
                default
            }
            None => default,
        }
    }

    fn list<'n>(&mut self, node: &'n Node, key: &str, most: usize) -> &'n [Node] {
        let at = node.place.span.start;
        match &node.value {
            NodeValue::Seq(items) if items.len() <= most => items,
            NodeValue::Seq(_) => {
                self.refuse(at, format!("{key} has more than {most} items"));
                &[]
            }
            _ => {
                self.refuse(at, format!("{key}: expected a list, found {}", node.describe()));
                &[]
            }
        }
    }

    fn strings<'n>(&mut self, node: &'n Node, key: &str) -> Vec<&'n str> {
        let Some(value) = node.get(key) else { return Vec::new() };
        let mut strings = Vec::new();
        for item in self.list(value, key, 100) {
            match item
                .as_str()
                .filter(|text| !text.is_empty() && !text.contains(['\n', '<', '(']) && text.len() <= 500)
            {
                Some(text) => strings.push(text),
                None => self.refuse(item.place.span.start, format!("{key}: expected short texts")),
            }
        }
        strings
    }

    /// `nist AC-3`.
    fn controls(&mut self, node: &Node) -> Vec<Control> {
        let at = node
            .get("controls")
            .map_or(node.place.span.start, |value| value.place.span.start);
        let mut controls = Vec::new();
        for text in self.strings(node, "controls") {
            let parts = text
                .split_once(' ')
                .map(|(framework, id)| (framework.parse::<Framework>(), id.trim()));
            match parts {
                Some((Ok(framework), id)) if !id.is_empty() => controls.push(Control {
                    framework,
                    id: leak(id),
                }),
                _ => self.refuse(
                    at,
                    format!("controls: {text:?}: expected a framework and an id, such as \"nist AC-3\""),
                ),
            }
        }
        controls
    }

    fn equivalents(&mut self, node: &Node) -> Vec<Equivalent> {
        let Some(value) = node.get("equivalent") else {
            return Vec::new();
        };
        let mut equivalents = Vec::new();
        for item in self.list(value, "equivalent", 100) {
            self.keys(item, EQUIVALENT_KEYS);
            let tool = self.required(item, "tool");
            let id = self.required(item, "id");
            let exact = item.get("exact").is_some_and(|exact| exact.as_bool() == Some(true));
            match tool.map(|(tool, at)| (tool.parse::<Peer>(), at)) {
                Some((Ok(peer), _)) => equivalents.extend(id.map(|(id, _)| Equivalent {
                    peer,
                    id: leak(id),
                    exact,
                })),
                Some((Err(says), at)) => self.refuse(at, format!("tool: {says}")),
                None => {}
            }
        }
        equivalents
    }

    /// The examples: at least one that fails and one that passes.
    fn examples(&mut self, node: &Node) -> Vec<Example> {
        let mut examples = Vec::new();
        if let Some(value) = node.get("example") {
            for item in self.list(value, "example", MAX_EXAMPLES) {
                examples.extend(self.example(item));
            }
        }
        for (expected, word) in [(Expected::Fail, "fails"), (Expected::Pass, "passes")] {
            let told = node.get("example").is_some_and(|value| !value.items().is_empty()) && examples.is_empty();
            if !told && !examples.iter().any(|example| example.expected == expected) {
                self.refuse(node.place.span.start, format!("the check has no example that {word}"));
            }
        }
        examples
    }

    fn example(&mut self, node: &Node) -> Option<Example> {
        self.keys(node, EXAMPLE_KEYS);
        let expect = self.required(node, "expect");
        let template = match node.get("template").map(|template| (template.as_str(), template)) {
            Some((Some(text), _)) => Some(text.to_owned()),
            Some((None, other)) => {
                let says = format!("template: expected a text, found {}", other.describe());
                self.refuse(other.place.span.start, says);
                None
            }
            None => {
                self.refuse(node.place.span.start, "the example has no template");
                None
            }
        };
        let expected = expect.and_then(|(word, at)| {
            let found = Expected::ALL.iter().find(|expected| expected.word() == word);
            if found.is_none() {
                let words = Expected::ALL.map(Expected::word).join(", ");
                self.refuse(at, format!("expect: expected one of {words}"));
            }
            found.copied()
        });
        let mut parameters = BTreeMap::new();
        for entry in node.get("parameters").map_or(&[][..], Node::entries) {
            match entry.value.as_str() {
                Some(value) => drop(parameters.insert(entry.key.to_string(), value.to_owned())),
                None => self.refuse(entry.value.place.span.start, format!("{}: expected a text", entry.key)),
            }
        }
        Some(Example {
            expected: expected?,
            template: template?,
            parameters,
            account: self.text(node, "account").map(str::to_owned),
            region: self.text(node, "region").map(str::to_owned),
            line: node.place.span.start.line,
        })
    }
}

/// Where in the file a byte of an expression stands. In a text of several lines the column is the expression's.
fn within(value: &Node, source: &str, at: usize) -> Pos {
    let span = value.place.span;
    let before = source.get(..at).unwrap_or(source);
    let lines = |text: &str| u32::try_from(text.matches('\n').count()).unwrap_or(0);
    // A block begins on the line after its mark.
    let below = (span.end.line - span.start.line).saturating_sub(lines(source));
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
    let column = u32::try_from(column).unwrap_or(0) + 1;
    if span.end.line == span.start.line {
        let quote = u32::from(matches!(value.value, NodeValue::Scalar { quoted: true, .. }));
        return Pos {
            column: span.start.column + quote + column - 1,
            ..span.start
        };
    }
    Pos {
        offset: span.start.offset,
        line: span.start.line + below.min(1) + lines(before),
        column,
    }
}

/// Rules live as long as the process, as those of the house do; files and their number are bounded.
fn leak(text: &str) -> &'static str {
    Box::leak(text.into())
}
