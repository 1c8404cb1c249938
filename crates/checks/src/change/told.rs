//! Values as both estates can tell them: compared three-valued, for a hole may be filled with the same.

use crate::context::Context;
use crate::context::name_of;
use maremma_iam::Match;
use maremma_model::noun::AnyLink;
use maremma_model::{AnyId, Link, Noun, Piece, Setting, State, Text, Why};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// Sets with more members that differ are not paired one by one.
const MOST_PAIRS: usize = 1_000;
/// What is shown of a value, in characters.
const LONGEST: usize = 600;

/// Rows of one estate by the names that both are known by.
#[derive(Debug)]
pub(super) struct Side<'c> {
    pub(super) context: &'c Context<'c>,
    /// The names of rows that the other estate calls otherwise.
    pub(super) names: HashMap<AnyId, Arc<str>>,
}

/// A value without the ids of its estate.
#[derive(Clone, Debug)]
pub(super) enum Told {
    Text(Text),
    /// Compared, and not shown: a source text may hold anything.
    Source(Text),
    Row {
        label: Arc<str>,
        name: Text,
        arn: Text,
    },
    Unknown(String),
    /// What holds in each world that nothing decides between; `None` where there is nothing.
    OneOf(Vec<(Arc<str>, Option<Told>)>),
    Statement(Box<Statement>),
}

/// A statement of a policy.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    /// Effect, world, and which selections are negated.
    pub(super) head: String,
    pub(super) principals: Vec<Text>,
    pub(super) actions: Vec<Text>,
    pub(super) resources: Vec<Text>,
    pub(super) conditions: Vec<Text>,
}

impl Side<'_> {
    /// A text whose holes go by the names of what they stand for.
    pub(super) fn text(&self, text: &Text) -> Text {
        let Text::Holed(pieces) = text else { return text.clone() };
        Text::from_pieces(pieces.iter().map(|piece| match piece {
            Piece::Hole(hole) => {
                let why = match &hole.stands_for {
                    Some(of) => Why::Attribute(format!("{}.{}", self.label(of.of), of.name).into()),
                    None => hole.why.clone(),
                };
                Piece::Hole(maremma_model::Hole { why, stands_for: None })
            }
            Piece::Literal(_) => piece.clone(),
        }))
    }

    pub(super) fn label(&self, id: AnyId) -> Arc<str> {
        match self.names.get(&id) {
            Some(name) => name.clone(),
            None => self.context.name(id),
        }
    }

    pub(super) fn row(&self, id: AnyId) -> Told {
        let Some(resource) = self.context.resource(id) else {
            return Told::Unknown("?".to_owned());
        };
        Told::Row {
            label: self.names.get(&id).cloned().unwrap_or_else(|| name_of(resource)),
            name: self.text(&resource.name),
            arn: self.text(&resource.arn),
        }
    }

    pub(super) fn link<T: Noun>(&self, link: &Link<T>) -> Told {
        match link {
            Link::Here(id) => self.row(T::any(*id)),
            Link::Outside(text) => Told::Text(self.text(text)),
            Link::Unknown(why) => Told::Unknown(why.name().to_owned()),
        }
    }

    pub(super) fn any(&self, link: &AnyLink) -> Told {
        match link {
            AnyLink::Here(id) => self.row(*id),
            AnyLink::Outside(text) => Told::Text(self.text(text)),
            AnyLink::Unknown(why) => Told::Unknown(why.name().to_owned()),
        }
    }

    /// `None` where there is nothing.
    pub(super) fn setting<T>(&self, setting: &Setting<T>, tell: &dyn Fn(&T) -> Told) -> Option<Told> {
        told(&setting.state, tell)
    }

    pub(super) fn text_setting(&self, setting: &Setting<Text>) -> Option<Told> {
        self.setting(setting, &|text| Told::Text(self.text(text)))
    }
}

fn told<T>(state: &State<T>, tell: &dyn Fn(&T) -> Told) -> Option<Told> {
    match state {
        State::Set(value) | State::Default(value) => Some(tell(value)),
        State::Unset => None,
        State::Unknown(unknown) if unknown.candidates.is_empty() => Some(Told::Unknown(unknown.why.name().to_owned())),
        State::Unknown(unknown) => {
            let worlds = unknown.candidates.iter();
            let worlds = worlds.map(|candidate| (candidate.when.clone(), told(&candidate.state, tell)));
            Some(Told::OneOf(worlds.collect()))
        }
    }
}

impl Told {
    /// Whether two values are the same.
    pub(super) fn same(&self, other: &Told) -> Match {
        match (self, other) {
            (Told::Unknown(a), Told::Unknown(b)) if a == b => Match::Yes,
            (Told::Unknown(_), _) | (_, Told::Unknown(_)) => Match::Unknown,
            (Told::OneOf(a), Told::OneOf(b)) => same_worlds(a, b),
            (Told::OneOf(worlds), value) | (value, Told::OneOf(worlds)) => {
                let mut worlds = worlds.iter().filter_map(|(_, world)| world.as_ref());
                if worlds.all(|world| world.same(value).is_no()) {
                    Match::No
                } else {
                    Match::Unknown
                }
            }
            (Told::Text(a), Told::Text(b)) | (Told::Source(a), Told::Source(b)) => same_text(a, b),
            (Told::Row { label: a, .. }, Told::Row { label: b, .. }) if a == b => Match::Yes,
            (Told::Row { name: a, .. }, Told::Row { name: b, .. }) => match same_text(a, b) {
                // Two rows that were matched with nothing are not the same for sure.
                Match::Yes => Match::Unknown,
                other => other,
            },
            (Told::Row { label, name, arn }, Told::Text(text)) | (Told::Text(text), Told::Row { label, name, arn }) => {
                if text.as_literal() == Some(label) {
                    return Match::Yes;
                }
                same_text(name, text).or(same_text(arn, text))
            }
            (Told::Statement(a), Told::Statement(b)) => a.same(b),
            _ => Match::No,
        }
    }

    /// The same value with words before it.
    pub(super) fn after(self, words: &str) -> Self {
        let joined = |text: &Text| Text::concat([&Text::literal(format!("{words} ")), text]);
        match self {
            Told::Row { label, name, arn } => Told::Row {
                label: format!("{words} {label}").into(),
                name: joined(&name),
                arn: joined(&arn),
            },
            Told::Text(text) => Told::Text(joined(&text)),
            other => other,
        }
    }

    /// What tells it from others, in full.
    pub(super) fn key(&self) -> String {
        self.to_string()
    }

    /// As people see it.
    pub(super) fn shown(&self) -> String {
        let words = self.to_string();
        match words.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default()),
            None => words,
        }
    }

    pub(super) fn is_unknown(&self) -> bool {
        matches!(self, Told::Unknown(_))
    }
}

type Worlds = [(Arc<str>, Option<Told>)];

/// Both are choices of their templates: the same ones in the same worlds, or not.
fn same_worlds(a: &Worlds, b: &Worlds) -> Match {
    if a.len() != b.len() {
        return Match::No;
    }
    Match::all(a.iter().map(|(when, value)| {
        let other = b.iter().find(|(other, _)| other == when);
        match (value, other.map(|(_, value)| value)) {
            (None, Some(None)) => Match::Yes,
            (Some(value), Some(Some(other))) => value.same(other),
            _ => Match::No,
        }
    }))
}

impl Statement {
    fn same(&self, other: &Statement) -> Match {
        if self.head != other.head {
            return Match::No;
        }
        let of = |a: &[Text], b: &[Text]| same_set(a, b);
        Match::all([
            of(&self.principals, &other.principals),
            // Actions are the same in any case.
            of(&lowered(&self.actions), &lowered(&other.actions)),
            of(&self.resources, &other.resources),
            of(&self.conditions, &other.conditions),
        ])
    }
}

fn lowered(texts: &[Text]) -> Vec<Text> {
    let lower = |text: &Text| {
        Text::from_pieces(text.pieces().into_iter().map(|piece| match piece {
            Piece::Literal(literal) => Piece::Literal(literal.to_ascii_lowercase().into()),
            hole @ Piece::Hole(_) => hole,
        }))
    };
    texts.iter().map(lower).collect()
}

/// Whether two lists have the same members, whatever their order.
fn same_set(a: &[Text], b: &[Text]) -> Match {
    let only = |own: &[Text], others: &[Text]| -> Vec<Text> {
        let others: std::collections::HashSet<&Text> = others.iter().collect();
        own.iter().filter(|text| !others.contains(text)).cloned().collect()
    };
    let (left, right) = (only(a, b), only(b, a));
    if left.is_empty() && right.is_empty() {
        return Match::Yes;
    }
    if left.len() != right.len() || left.len() * right.len() > MOST_PAIRS {
        return Match::No;
    }
    let paired = |text: &Text, others: &[Text]| others.iter().any(|other| !same_text(text, other).is_no());
    let all = left.iter().all(|text| paired(text, &right)) && right.iter().all(|text| paired(text, &left));
    if all { Match::Unknown } else { Match::No }
}

/// Whether two texts are the same; holes may be filled with anything.
pub(super) fn same_text(a: &Text, b: &Text) -> Match {
    if a == b {
        return Match::Yes;
    }
    let could = match (a.as_literal(), b.as_literal()) {
        (Some(_), Some(_)) => false,
        (Some(literal), None) => fits(literal, b),
        (None, Some(literal)) => fits(literal, a),
        (None, None) => {
            let (start, end) = ((a.prefix(), b.prefix()), (a.suffix(), b.suffix()));
            (start.0.starts_with(start.1) || start.1.starts_with(start.0))
                && (end.0.ends_with(end.1) || end.1.ends_with(end.0))
        }
    };
    if could { Match::Unknown } else { Match::No }
}

/// Whether holes can be filled so that a text reads `literal`.
fn fits(literal: &str, holed: &Text) -> bool {
    let Some(mut rest) = literal.strip_prefix(holed.prefix()) else {
        return false;
    };
    let pieces = holed.pieces();
    let first = usize::from(!holed.prefix().is_empty());
    let last = usize::from(!holed.suffix().is_empty());
    let between = pieces.len().saturating_sub(first + last);
    for piece in pieces.iter().skip(first).take(between) {
        if let Piece::Literal(text) = piece {
            match rest.split_once(&**text) {
                Some((_, after)) => rest = after,
                None => return false,
            }
        }
    }
    rest.ends_with(holed.suffix())
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Told::Text(text) => write!(f, "{text}"),
            Told::Source(_) => f.write_str("inline source"),
            Told::Row { label, .. } => f.write_str(label),
            Told::Unknown(why) => write!(f, "${{{why}}}"),
            Told::OneOf(worlds) => {
                for (row, (when, value)) in worlds.iter().enumerate() {
                    f.write_str(if row == 0 { "" } else { "; " })?;
                    match value {
                        Some(value) => write!(f, "{value} when {when}")?,
                        None => write!(f, "nothing when {when}")?,
                    }
                }
                Ok(())
            }
            Told::Statement(statement) => write!(f, "{statement}"),
        }
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.head)?;
        for (before, texts) in [
            (" ", &self.actions),
            (" on ", &self.resources),
            (" to ", &self.principals),
            (" if ", &self.conditions),
        ] {
            for (row, text) in texts.iter().enumerate() {
                f.write_str(if row == 0 { before } else { ", " })?;
                write!(f, "{text}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(pieces: &[&str]) -> Text {
        Text::from_pieces(pieces.iter().map(|piece| match piece.strip_prefix('@') {
            Some(name) => Piece::Hole(maremma_model::Hole {
                why: Why::Attribute(name.into()),
                stands_for: None,
            }),
            None => Piece::Literal((*piece).into()),
        }))
    }

    #[test]
    fn a_hole_may_be_filled_with_the_same() {
        let arn = text(&["arn:aws:s3:::", "@Orders", "/*"]);
        assert!(same_text(&arn, &arn.clone()).is_yes());
        assert!(same_text(&arn, &text(&["arn:aws:s3:::orders/*"])).is_unknown());
        assert!(same_text(&arn, &text(&["arn:aws:s3:::orders"])).is_no());
        assert!(same_text(&arn, &text(&["arn:aws:sqs:::orders/*"])).is_no());
        assert!(same_text(&arn, &text(&["arn:aws:s3:::", "@Users", "/*"])).is_unknown());
        assert!(same_text(&arn, &text(&["arn:aws:sqs:", "@Users"])).is_no());
        assert!(same_text(&text(&["a", "@X", "b", "@Y", "c"]), &text(&["a1b2c"])).is_unknown());
        assert!(same_text(&text(&["a", "@X", "b", "@Y", "c"]), &text(&["a12c"])).is_no());
        assert!(same_text(&text(&["@X"]), &text(&["anything"])).is_unknown());
    }

    #[test]
    fn sets_have_no_order() {
        let (a, b) = (text(&["a"]), text(&["b"]));
        assert!(same_set(&[a.clone(), b.clone()], &[b.clone(), a.clone()]).is_yes());
        assert!(same_set(std::slice::from_ref(&a), std::slice::from_ref(&b)).is_no());
        assert!(same_set(&[a.clone(), text(&["@X"])], &[a.clone(), b]).is_unknown());
        assert!(same_set(std::slice::from_ref(&a), &[a.clone(), text(&["@X"])]).is_no());
    }

    #[test]
    fn a_choice_holds_what_it_may_come_to() {
        let one = |word: &str| Some(Told::Text(text(&[word])));
        let choice = Told::OneOf(vec![("P".into(), one("NONE")), ("not P".into(), one("AWS_IAM"))]);
        assert!(choice.same(&Told::Text(text(&["NONE"]))).is_unknown());
        assert!(choice.same(&Told::Text(text(&["OTHER"]))).is_no());
        assert!(choice.same(&choice.clone()).is_yes());
        let other = Told::OneOf(vec![("P".into(), one("NONE")), ("not P".into(), one("NONE"))]);
        assert!(choice.same(&other).is_no());
        assert_eq!(choice.to_string(), "NONE when P; AWS_IAM when not P");
    }
}
