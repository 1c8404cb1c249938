//! The functions that expressions may call.

use super::types::Type;
use crate::distance;

/// A function: its name, whether it is called on a value, what it takes and what it gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    StartsWith,
    EndsWith,
    Contains,
    LowerAscii,
    UpperAscii,
    Size,
    List,
}

pub(crate) struct Signature {
    pub(crate) name: &'static str,
    pub(crate) function: Function,
    pub(crate) on_value: bool,
    pub(crate) takes: &'static [Takes],
    pub(crate) gives: Gives,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    Text,
    /// A text or a list.
    Sized,
    Anything,
}

#[derive(Clone, Copy)]
pub(crate) enum Gives {
    Bool,
    Number,
    Text,
    List,
}

const fn signature(
    name: &'static str,
    function: Function,
    on_value: bool,
    takes: &'static [Takes],
    gives: Gives,
) -> Signature {
    Signature {
        name,
        function,
        on_value,
        takes,
        gives,
    }
}

pub(crate) const FUNCTIONS: &[Signature] = &[
    signature(
        "startsWith",
        Function::StartsWith,
        true,
        &[Takes::Text, Takes::Text],
        Gives::Bool,
    ),
    signature(
        "endsWith",
        Function::EndsWith,
        true,
        &[Takes::Text, Takes::Text],
        Gives::Bool,
    ),
    signature(
        "contains",
        Function::Contains,
        true,
        &[Takes::Text, Takes::Text],
        Gives::Bool,
    ),
    signature("lowerAscii", Function::LowerAscii, true, &[Takes::Text], Gives::Text),
    signature("upperAscii", Function::UpperAscii, true, &[Takes::Text], Gives::Text),
    signature("size", Function::Size, true, &[Takes::Sized], Gives::Number),
    signature("size", Function::Size, false, &[Takes::Sized], Gives::Number),
    signature("list", Function::List, false, &[Takes::Anything], Gives::List),
];

/// The names of functions and macros, for who misspells one.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    let macros = [
        "fails",
        "matches",
        "has",
        "all",
        "exists",
        "exists_one",
        "map",
        "filter",
    ];
    FUNCTIONS.iter().map(|function| function.name).chain(macros)
}

impl Takes {
    pub(crate) fn admits(self, of: &Type) -> bool {
        match self {
            Takes::Anything => true,
            Takes::Text => matches!(of, Type::Any | Type::Text),
            Takes::Sized => matches!(of, Type::Any | Type::Text | Type::List(_)),
        }
    }
}

/// The name that is nearest to a misspelt one.
pub(crate) fn near(name: &str, names: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let nearest = names.min_by_key(|other| distance(other, name))?;
    (distance(nearest, name) <= 4).then_some(nearest)
}
