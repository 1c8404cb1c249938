//! A string as literal pieces and holes: what is known of it, and why the rest is not.

use crate::estate::AnyId;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::Arc;

/// A string that may be known only in part: `arn:aws:s3:::` + hole(Bucket Orders) + `/*`.
///
/// INVARIANT: adjacent literals are merged, empty literals are dropped and a text without holes is
/// `Literal`; [`Text::from_pieces`] keeps it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Text {
    Literal(Arc<str>),
    Holed(Vec<Piece>),
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    Literal(Arc<str>),
    Hole(Hole),
}

/// A part of a string that the input does not decide.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Hole {
    pub why: Why,
    /// The resource and attribute that the hole stands for, where that is known: an ARN known only
    /// after deployment still links a function and its role.
    pub stands_for: Option<Attribute>,
}

/// An attribute of a resource of this estate. `Ref` is the attribute of that name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Attribute {
    pub of: AnyId,
    pub name: Arc<str>,
}

/// Why a value is not known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// A parameter without a default that was not given.
    Parameter(Arc<str>),
    /// A `NoEcho` parameter: its value is known and nobody is to see it.
    NoEcho(Arc<str>),
    /// A condition that the known parameters do not decide; in words (`IsProd`).
    Condition(Arc<str>),
    /// A pseudo parameter: `AWS::AccountId`, `AWS::Region`.
    Pseudo(Arc<str>),
    /// An attribute that AWS decides at deployment: `Orders.Arn`.
    Attribute(Arc<str>),
    /// `Fn::ImportValue` of an export outside this run.
    Import(Arc<str>),
    /// `{{resolve:ssm:...}}`, resolved at deployment.
    Dynamic(Arc<str>),
    /// A macro or transform that only AWS can run.
    Macro(Arc<str>),
    /// What the input refers to is not there, or cannot be computed; in words.
    Unresolved(Arc<str>),
    /// The value was not kept or not collected.
    NotKept,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::Parameter(name) => write!(f, "parameter {name} has no default and was not given"),
            // No parameter of a template has a point in its name: it is an attribute of Terraform.
            Why::NoEcho(name) if name.contains('.') => write!(f, "the sensitive value of {name} is not shown"),
            Why::NoEcho(name) => write!(f, "the value of NoEcho parameter {name} is not shown"),
            Why::Condition(words) => write!(f, "condition {words} is not decided"),
            Why::Pseudo(name) => write!(f, "{name} is known only at deployment"),
            Why::Attribute(name) => write!(f, "{name} is known only after deployment"),
            Why::Import(name) => write!(f, "{name} is exported by a stack outside this run"),
            Why::Dynamic(reference) => write!(f, "{reference} is resolved at deployment"),
            Why::Macro(name) => write!(f, "macro {name} runs only in CloudFormation"),
            Why::Unresolved(words) => f.write_str(words),
            Why::NotKept => f.write_str("the value was not kept"),
        }
    }
}

impl Why {
    /// What the reader can do to decide it, where that is known.
    pub fn remedy(&self) -> Option<String> {
        match self {
            Why::Parameter(name) => Some(format!("--parameter {name}=VALUE")),
            Why::Pseudo(name) if &**name == "AWS::AccountId" => Some("--account ID".to_owned()),
            Why::Pseudo(name) if &**name == "AWS::Region" => Some("--region NAME".to_owned()),
            Why::Import(name) if !name.contains("${") => {
                Some("scan the stack that exports it in the same run".to_owned())
            }
            _ => None,
        }
    }
}

impl Text {
    pub fn literal(text: impl Into<Arc<str>>) -> Self {
        Text::Literal(text.into())
    }

    /// The text with a mark in place of every hole.
    pub fn marked(&self, hole: char) -> String {
        let shown = self.pieces().into_iter().map(|piece| match piece {
            Piece::Literal(text) => text.to_string(),
            Piece::Hole(_) => hole.to_string(),
        });
        shown.collect()
    }

    /// A text of one hole.
    pub fn hole(why: Why) -> Self {
        Text::Holed(vec![Piece::Hole(Hole { why, stands_for: None })])
    }

    /// A text of one hole that stands for an attribute of a resource.
    pub fn attribute(of: AnyId, name: &str, words: impl Into<Arc<str>>) -> Self {
        let stands_for = Some(Attribute { of, name: name.into() });
        Text::Holed(vec![Piece::Hole(Hole {
            why: Why::Attribute(words.into()),
            stands_for,
        })])
    }

    pub fn from_pieces(pieces: impl IntoIterator<Item = Piece>) -> Self {
        let mut merged: Vec<Piece> = Vec::new();
        let mut run: Vec<Arc<str>> = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Literal(text) if text.is_empty() => {}
                Piece::Literal(text) => run.push(text),
                hole @ Piece::Hole(_) => {
                    merged.extend(joined(&mut run));
                    merged.push(hole);
                }
            }
        }
        merged.extend(joined(&mut run));
        match merged.as_slice() {
            [] => Text::Literal("".into()),
            [Piece::Literal(text)] => Text::Literal(text.clone()),
            _ => Text::Holed(merged),
        }
    }

    /// Texts one after the other.
    pub fn concat<'a>(texts: impl IntoIterator<Item = &'a Text>) -> Self {
        Text::from_pieces(texts.into_iter().flat_map(|text| text.pieces()))
    }

    pub fn pieces(&self) -> Vec<Piece> {
        match self {
            Text::Literal(text) => vec![Piece::Literal(text.clone())],
            Text::Holed(pieces) => pieces.clone(),
        }
    }

    /// The whole string, where all of it is known.
    pub fn as_literal(&self) -> Option<&str> {
        match self {
            Text::Literal(text) => Some(text),
            Text::Holed(_) => None,
        }
    }

    /// The resource and attribute that this text as a whole stands for.
    pub fn as_attribute(&self) -> Option<&Attribute> {
        match self {
            Text::Holed(pieces) => match pieces.as_slice() {
                [Piece::Hole(hole)] => hole.stands_for.as_ref(),
                _ => None,
            },
            Text::Literal(_) => None,
        }
    }

    pub fn holes(&self) -> impl Iterator<Item = &Hole> {
        let pieces = match self {
            Text::Literal(_) => &[][..],
            Text::Holed(pieces) => pieces,
        };
        pieces.iter().filter_map(|piece| match piece {
            Piece::Hole(hole) => Some(hole),
            Piece::Literal(_) => None,
        })
    }

    /// The reason of the first hole.
    pub fn why(&self) -> Option<&Why> {
        self.holes().next().map(|hole| &hole.why)
    }

    /// The known beginning of the string.
    pub fn prefix(&self) -> &str {
        match self {
            Text::Literal(text) => text,
            Text::Holed(pieces) => match pieces.first() {
                Some(Piece::Literal(text)) => text,
                _ => "",
            },
        }
    }

    /// The known end of the string.
    pub fn suffix(&self) -> &str {
        match self {
            Text::Literal(text) => text,
            Text::Holed(pieces) => match pieces.last() {
                Some(Piece::Literal(text)) => text,
                _ => "",
            },
        }
    }
}

/// Literals that stand next to each other as one; each is copied once, however many there are.
fn joined(run: &mut Vec<Arc<str>>) -> Option<Piece> {
    let piece = match run.as_slice() {
        [] => return None,
        [only] => Piece::Literal(only.clone()),
        many => Piece::Literal(many.concat().into()),
    };
    run.clear();
    Some(piece)
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Text::literal(text)
    }
}

/// Holes are shown as `${...}`, with the words that a template author knows them by.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Text::Literal(text) => f.write_str(text),
            Text::Holed(pieces) => pieces.iter().try_for_each(|piece| match piece {
                Piece::Literal(text) => f.write_str(text),
                Piece::Hole(hole) => write!(f, "${{{}}}", hole.why.name()),
            }),
        }
    }
}

impl Why {
    /// The short name by which a hole is shown.
    pub fn name(&self) -> &str {
        match self {
            Why::Parameter(name)
            | Why::NoEcho(name)
            | Why::Condition(name)
            | Why::Pseudo(name)
            | Why::Attribute(name)
            | Why::Import(name)
            | Why::Dynamic(name)
            | Why::Macro(name) => name,
            Why::Unresolved(_) => "?",
            Why::NotKept => "not kept",
        }
    }
}

/// `true` and `false` as CloudFormation accepts them, in any case; nothing else.
pub fn parse_bool(text: &str) -> Option<bool> {
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}
