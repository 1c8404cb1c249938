//! What an expression is compiled to.

use super::function::Function;
use crate::Check;
use regex::Regex;
use std::sync::Arc;

#[derive(Debug)]
pub(crate) enum Code {
    Null,
    Bool(bool),
    Integer(i64),
    Double(f64),
    Text(Arc<str>),
    /// The n-th name in sight: the subject, the estate, and what loops call their items.
    Variable(usize),
    Member(Box<Code>, String),
    /// A list, which is empty where it is not set.
    Listed(Box<Code>),
    /// `has(a.b)`.
    Has(Box<Code>),
    Index(Box<Code>, Box<Code>),
    Not(Box<Code>),
    Negate(Box<Code>),
    And(Box<Code>, Box<Code>),
    Or(Box<Code>, Box<Code>),
    If(Box<[Code; 3]>),
    Compare(Comparison, Box<Code>, Box<Code>),
    Compute(Operator, Box<Code>, Box<Code>),
    In(Box<Code>, Box<Code>),
    List(Vec<Code>),
    Call(Function, Vec<Code>),
    Matches(Box<Code>, Regex),
    /// Whether a check of the house fails a row.
    Fails(&'static Check, Box<Code>),
    Loop(Box<Loop>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

#[derive(Debug)]
pub(crate) struct Loop {
    pub(crate) kind: Kind,
    pub(crate) over: Code,
    /// Which items count; all where there is none.
    pub(crate) keep: Option<Code>,
    pub(crate) body: Code,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Any,
    All,
    One,
    /// `map` and `filter`.
    Collect,
}
