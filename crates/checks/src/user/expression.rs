//! A CEL expression: parsed, its members and types checked, ready to be evaluated.

use super::types::{self, Type};
use crate::{Check, distance};
use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue, SourceInfo, operators};
use cel::parser::Parser;
use regex::{Regex, RegexBuilder};
use std::sync::Arc;

/// In bytes. Longer ones are several checks.
const MAX_LENGTH: usize = 2048;
/// How deep an expression may nest.
const MAX_DEPTH: u16 = 48;
/// What the parser needs of it for an expression of that length and depth, several times over.
const STACK: usize = 64 << 20;
/// In bytes, of a compiled pattern.
const MAX_PATTERN: usize = 1 << 18;

#[derive(Debug)]
pub(crate) struct Expression {
    pub(crate) code: Code,
    pub(crate) of: Type,
    /// The members of the subject that it asks for, in the order written.
    pub(crate) asks: Vec<Vec<String>>,
}

/// What is wrong with an expression, and where in it, in bytes.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) at: usize,
    pub(crate) says: String,
}

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

struct Signature {
    name: &'static str,
    function: Function,
    on_value: bool,
    takes: &'static [Takes],
    gives: Gives,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    Text,
    /// A text or a list.
    Sized,
    Anything,
}

#[derive(Clone, Copy)]
enum Gives {
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

const FUNCTIONS: &[Signature] = &[
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
fn functions() -> impl Iterator<Item = &'static str> {
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
    fn admits(self, of: &Type) -> bool {
        match (self, of) {
            (_, Type::Any) | (Takes::Anything, _) => true,
            (Takes::Text | Takes::Sized, Type::Text) | (Takes::Sized, Type::List(_)) => true,
            _ => false,
        }
    }
}

/// Parses an expression over the row of a noun, and checks its members and types.
pub(crate) fn compile(source: &str, noun: &'static str) -> Result<Expression, Problem> {
    let whole = |says: String| Problem { at: 0, says };
    if source.len() > MAX_LENGTH {
        return Err(whole(format!(
            "an expression has at most {MAX_LENGTH} bytes: make several checks of it"
        )));
    }
    if source.trim().is_empty() {
        return Err(whole("expected an expression".to_owned()));
    }
    let (expression, places) = parse(source)?;
    let mut compiler = Compiler {
        places,
        names: vec![
            (types::SUBJECT.to_owned(), Type::Row(Some(noun))),
            ("estate".to_owned(), Type::Estate),
        ],
        asks: Vec::new(),
        depth: 0,
    };
    let (code, of) = compiler.compile(&expression)?;
    Ok(Expression {
        code,
        of,
        asks: compiler.asks,
    })
}

/// Parses on a stack of its own, which the parser's many levels need.
fn parse(source: &str) -> Result<(IdedExpr, SourceInfo), Problem> {
    let parse = || {
        let parser = Parser::new().max_recursion_depth(MAX_DEPTH).error_recovery_limit(4);
        let parsed = parser.parse_with_source_info(source);
        parsed.map_err(|errors| syntax(source, &errors))
    };
    let failed = || Problem {
        at: 0,
        says: "this cannot be parsed".to_owned(),
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, parse);
        let parsed = thread.ok().and_then(|thread| thread.join().ok());
        parsed.unwrap_or_else(|| Err(failed()))
    })
}

/// A member of the subject by its path, as an expression.
pub(crate) fn member(path: &[String], noun: &'static str) -> Result<Code, String> {
    let mut of = Type::Row(Some(noun));
    let mut code = Code::Variable(0);
    for name in path {
        of = of.member(name).ok_or_else(|| missing(&of, name))?;
        code = Code::Member(Box::new(code), name.clone());
    }
    Ok(code)
}

/// There is no such member.
fn missing(of: &Type, name: &str) -> String {
    let names = of.names();
    if names.is_empty() {
        return format!("a {of} has no members, so no {name}");
    }
    let hint = near(name, names.into_iter()).map(|near| format!(": did you mean {near}?"));
    format!("a {of} has no member {name}{}", hint.unwrap_or_default())
}

/// The first of the parser's complaints.
fn syntax(source: &str, errors: &cel::ParseErrors) -> Problem {
    let Some(first) = errors.errors.first() else {
        return Problem {
            at: 0,
            says: "this is no CEL expression".to_owned(),
        };
    };
    let number = |n: isize| usize::try_from(n).unwrap_or(0);
    let (line, column) = (number(first.pos.0).saturating_sub(1), number(first.pos.1));
    let before: usize = source.split_inclusive('\n').take(line).map(str::len).sum();
    Problem {
        at: (before + column.saturating_sub(1)).min(source.len()),
        says: format!("this is no CEL expression: {}", complaint(&first.msg)),
    }
}

/// What the parser says, without what is only of use to whoever wrote it.
fn complaint(says: &str) -> String {
    if says.contains("Recursion limit") {
        return format!("it has more than {MAX_DEPTH} levels");
    }
    let line = says.lines().next().unwrap_or_default();
    let line = line.strip_prefix("Syntax error: ").unwrap_or(line);
    line.chars().take(200).collect()
}

struct Compiler {
    places: SourceInfo,
    names: Vec<(String, Type)>,
    asks: Vec<Vec<String>>,
    depth: u16,
}

type Compiled = Result<(Code, Type), Problem>;

impl Compiler {
    fn problem(&self, at: &IdedExpr, says: impl Into<String>) -> Problem {
        let at = self.places.offset_for(at.id).map_or(0, |(start, _)| start as usize);
        Problem { at, says: says.into() }
    }

    fn compile(&mut self, expression: &IdedExpr) -> Compiled {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.problem(
                expression,
                format!("more than {MAX_DEPTH} levels: make several checks of it"),
            ));
        }
        let compiled = self.of_kind(expression);
        self.depth -= 1;
        compiled
    }

    fn of_kind(&mut self, whole: &IdedExpr) -> Compiled {
        match &whole.expr {
            Expr::Literal(literal) => self.literal(whole, literal),
            Expr::Ident(name) => self.name(whole, name),
            Expr::Select(select) => {
                self.ask(whole);
                let (code, of) = self.compile(&select.operand)?;
                let member = of
                    .member(&select.field)
                    .ok_or_else(|| self.problem(whole, missing(&of, &select.field)))?;
                let empty = of.lacks_nothing(&select.field, &member);
                let code = Code::Member(Box::new(code), select.field.clone());
                Ok(match (select.test, empty) {
                    (true, _) => (Code::Has(Box::new(code)), Type::Bool),
                    (false, true) => (Code::Listed(Box::new(code)), member),
                    (false, false) => (code, member),
                })
            }
            Expr::List(list) => {
                let items = list.elements.iter().map(|item| self.compile(item));
                let items = items.collect::<Result<Vec<_>, _>>()?;
                let first = items.first().map_or(Type::Any, |(_, of)| of.clone());
                let of = match items.iter().all(|(_, of)| first.meets(of)) {
                    true => first,
                    false => Type::Any,
                };
                let items = items.into_iter().map(|(code, _)| code).collect();
                Ok((Code::List(items), Type::List(Box::new(of))))
            }
            Expr::Call(call) => self.call(whole, call),
            Expr::Comprehension(looped) => self.looped(whole, looped),
            Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => {
                Err(self.problem(whole, "maps and structs have no use here"))
            }
        }
    }

    fn literal(&self, whole: &IdedExpr, literal: &LiteralValue) -> Compiled {
        Ok(match literal {
            LiteralValue::Boolean(value) => (Code::Bool(*value.inner()), Type::Bool),
            LiteralValue::Int(value) => (Code::Integer(*value.inner()), Type::Number),
            LiteralValue::UInt(value) => {
                let value = i64::try_from(*value.inner());
                let value = value.map_err(|_| self.problem(whole, "the number is too large"))?;
                (Code::Integer(value), Type::Number)
            }
            LiteralValue::Double(value) => (Code::Double(*value.inner()), Type::Number),
            LiteralValue::String(text) => (Code::Text(text.inner().into()), Type::Text),
            LiteralValue::Null => (Code::Null, Type::Any),
            LiteralValue::Bytes(_) => return Err(self.problem(whole, "bytes have no use here: write a text")),
        })
    }

    fn name(&mut self, whole: &IdedExpr, name: &str) -> Compiled {
        let found = self.names.iter().rposition(|(own, _)| own == name);
        match found.and_then(|slot| Some((slot, self.names.get(slot)?))) {
            Some((slot, (_, of))) => Ok((Code::Variable(slot), of.clone())),
            None => {
                let names: Vec<&str> = self.names.iter().map(|(name, _)| name.as_str()).collect();
                let says = format!("nothing is called {name}: there is {}", names.join(", "));
                Err(self.problem(whole, says))
            }
        }
    }

    /// Notes `function.a.b` where it stands for a member of the subject.
    fn ask(&mut self, whole: &IdedExpr) {
        let mut path = Vec::new();
        let mut part = whole;
        loop {
            match &part.expr {
                Expr::Select(select) => {
                    path.push(select.field.clone());
                    part = &select.operand;
                }
                Expr::Ident(name) => {
                    let subject = self.names.iter().rposition(|(own, _)| own == name) == Some(0);
                    path.reverse();
                    // What is asked of a member comes after the member: `a.b` has been noted by `a.b.c`.
                    if subject && !self.asks.iter().any(|asked| asked.starts_with(&path)) {
                        self.asks.push(path);
                    }
                    return;
                }
                _ => return,
            }
        }
    }

    fn call(&mut self, whole: &IdedExpr, call: &CallExpr) -> Compiled {
        match (call.func_name.as_str(), call.target.as_deref(), call.args.as_slice()) {
            (operators::LOGICAL_NOT, None, [of]) => Ok((Code::Not(Box::new(self.boolean(of)?)), Type::Bool)),
            (operators::LOGICAL_AND, None, [a, b]) => {
                let (a, b) = (self.boolean(a)?, self.boolean(b)?);
                Ok((Code::And(Box::new(a), Box::new(b)), Type::Bool))
            }
            (operators::LOGICAL_OR, None, [a, b]) => {
                let (a, b) = (self.boolean(a)?, self.boolean(b)?);
                Ok((Code::Or(Box::new(a), Box::new(b)), Type::Bool))
            }
            (operators::CONDITIONAL, None, [condition, a, b]) => {
                let condition = self.boolean(condition)?;
                let ((a, of), (b, other)) = (self.compile(a)?, self.compile(b)?);
                let of = if of == other { of } else { Type::Any };
                Ok((Code::If(Box::new([condition, a, b])), of))
            }
            (operators::NEGATE, None, [of]) => {
                let (code, of_type) = self.compile(of)?;
                self.expect(of, &of_type, &Type::Number)?;
                Ok((Code::Negate(Box::new(code)), Type::Number))
            }
            (operators::INDEX, None, [of, index]) => self.index(whole, of, index),
            (operators::IN, None, [item, list]) => {
                let ((item, one), (code, of)) = (self.compile(item)?, self.compile(list)?);
                let wanted = Type::List(Box::new(one));
                self.expect(list, &of, &wanted)?;
                Ok((Code::In(Box::new(item), Box::new(code)), Type::Bool))
            }
            (name, None, [a, b]) if comparison(name).is_some() => self.comparison(whole, name, a, b),
            (name, None, [a, b]) if operator(name).is_some() => self.computation(whole, name, a, b),
            ("fails", None, [check, row]) => self.fails(check, row),
            ("matches", Some(text), [pattern]) => self.matches(text, pattern),
            (name, target, args) => self.function(whole, name, target, args),
        }
    }

    fn boolean(&mut self, expression: &IdedExpr) -> Result<Code, Problem> {
        let (code, of) = self.compile(expression)?;
        self.expect(expression, &of, &Type::Bool)?;
        Ok(code)
    }

    fn expect(&self, at: &IdedExpr, of: &Type, wanted: &Type) -> Result<(), Problem> {
        match of.meets(wanted) {
            true => Ok(()),
            false => Err(self.problem(at, format!("expected a {wanted}, found a {of}"))),
        }
    }

    fn index(&mut self, whole: &IdedExpr, of: &IdedExpr, index: &IdedExpr) -> Compiled {
        let ((code, of), (at, key)) = (self.compile(of)?, self.compile(index)?);
        let (wanted, member) = match of {
            Type::List(of) => (Type::Number, *of),
            Type::Any => (Type::Any, Type::Any),
            of => return Err(self.problem(whole, format!("a {of} has no [...]: only lists and documents have"))),
        };
        self.expect(index, &key, &wanted)?;
        Ok((Code::Index(Box::new(code), Box::new(at)), member))
    }

    fn comparison(&mut self, whole: &IdedExpr, name: &str, a: &IdedExpr, b: &IdedExpr) -> Compiled {
        let ((left, one), (right, other)) = (self.compile(a)?, self.compile(b)?);
        let comparison = comparison(name).unwrap_or(Comparison::Equal);
        let ordered = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        let orders = |of: &Type| matches!(of, Type::Number | Type::Text | Type::Any);
        if !one.meets(&other) || ordered && !(orders(&one) && orders(&other)) {
            return Err(self.problem(whole, format!("a {one} cannot be compared with a {other} so")));
        }
        let code = Code::Compare(comparison, Box::new(left), Box::new(right));
        Ok((code, Type::Bool))
    }

    fn computation(&mut self, whole: &IdedExpr, name: &str, a: &IdedExpr, b: &IdedExpr) -> Compiled {
        let ((left, one), (right, other)) = (self.compile(a)?, self.compile(b)?);
        let operator = operator(name).unwrap_or(Operator::Add);
        let adds = operator == Operator::Add && matches!(one, Type::Text | Type::List(_));
        if !one.meets(&other) || !(adds || matches!(one, Type::Number | Type::Any)) {
            return Err(self.problem(
                whole,
                format!("there is no such calculation with a {one} and a {other}"),
            ));
        }
        Ok((Code::Compute(operator, Box::new(left), Box::new(right)), one))
    }

    fn matches(&mut self, text: &IdedExpr, pattern: &IdedExpr) -> Compiled {
        let (code, of) = self.compile(text)?;
        self.expect(text, &of, &Type::Text)?;
        let Expr::Literal(LiteralValue::String(written)) = &pattern.expr else {
            return Err(self.problem(pattern, "the pattern of matches() is written out, in quotes"));
        };
        let mut builder = RegexBuilder::new(written.inner());
        builder
            .size_limit(MAX_PATTERN)
            .dfa_size_limit(MAX_PATTERN)
            .nest_limit(32);
        let regex = builder.build().map_err(|error| {
            let says = error.to_string();
            let last = says.lines().last().unwrap_or_default().trim().to_owned();
            self.problem(pattern, format!("this is no regular expression: {last}"))
        })?;
        Ok((Code::Matches(Box::new(code), regex), Type::Bool))
    }

    fn fails(&mut self, check: &IdedExpr, row: &IdedExpr) -> Compiled {
        let Expr::Literal(LiteralValue::String(id)) = &check.expr else {
            return Err(self.problem(check, "the check of fails() is written out, in quotes"));
        };
        let found = crate::all().iter().copied().find(|own| own.rule.id == id.inner());
        let found = found.ok_or_else(|| {
            let ids = crate::all().iter().map(|check| check.rule.id);
            let hint = near(id.inner(), ids).map(|near| format!(": did you mean {near}?"));
            self.problem(
                check,
                format!("no built-in check is called {}{}", id.inner(), hint.unwrap_or_default()),
            )
        })?;
        let (code, of) = self.compile(row)?;
        self.expect(row, &of, &Type::Row(None))?;
        Ok((Code::Fails(found, Box::new(code)), Type::Bool))
    }

    fn function(&mut self, whole: &IdedExpr, name: &str, target: Option<&IdedExpr>, args: &[IdedExpr]) -> Compiled {
        let given = args.len() + usize::from(target.is_some());
        let named = || FUNCTIONS.iter().filter(|function| function.name == name);
        let of_form = |function: &&Signature| function.on_value == target.is_some() && function.takes.len() == given;
        let Some(function) = named().find(of_form) else {
            let says = match named().next() {
                Some(function) if function.on_value => {
                    format!("{name}() is called on a value, with {} in it", function.takes.len() - 1)
                }
                Some(function) => format!("{name}() is called with {}", function.takes.len()),
                None => {
                    let hint = near(name, functions()).map(|near| format!(": did you mean {near}()?"));
                    format!("there is no function {name}() of this form{}", hint.unwrap_or_default())
                }
            };
            return Err(self.problem(whole, says));
        };
        let mut codes = Vec::new();
        for (argument, takes) in target.into_iter().chain(args).zip(function.takes) {
            let (code, of) = self.compile(argument)?;
            if !takes.admits(&of) {
                return Err(self.problem(argument, format!("{name}() takes no {of}")));
            }
            codes.push(code);
        }
        let gives = match function.gives {
            Gives::Bool => Type::Bool,
            Gives::Number => Type::Number,
            Gives::Text => Type::Text,
            Gives::List => Type::List(Box::new(Type::Any)),
        };
        Ok((Code::Call(function.function, codes), gives))
    }

    /// `exists`, `all`, `exists_one`, `map` and `filter`, as the parser writes them out.
    fn looped(&mut self, whole: &IdedExpr, looped: &ComprehensionExpr) -> Compiled {
        let (over, list) = self.compile(&looped.iter_range)?;
        let item = match list {
            Type::List(of) => *of,
            Type::Any => Type::Any,
            of => return Err(self.problem(&looped.iter_range, format!("expected a list, found a {of}"))),
        };
        let parts = parts(looped).ok_or_else(|| self.problem(whole, "this loop is not known here"))?;
        self.names.push((looped.iter_var.clone(), item));
        let keep = parts.keep.map(|keep| self.boolean(keep)).transpose();
        let body = keep.and_then(|keep| Ok((keep, self.compile(parts.body)?)));
        self.names.pop();
        let (keep, (body, of)) = body?;
        let gives = match parts.kind {
            Kind::Collect => Type::List(Box::new(of)),
            _ => {
                self.expect(parts.body, &of, &Type::Bool)?;
                Type::Bool
            }
        };
        let kind = parts.kind;
        Ok((Code::Loop(Box::new(Loop { kind, over, keep, body })), gives))
    }
}

struct Parts<'e> {
    kind: Kind,
    keep: Option<&'e IdedExpr>,
    body: &'e IdedExpr,
}

/// The parts of a loop, by how the parser writes out each macro.
fn parts(looped: &ComprehensionExpr) -> Option<Parts<'_>> {
    let Expr::Call(step) = &looped.loop_step.expr else {
        return None;
    };
    let (kind, keep, body) = match (&looped.accu_init.expr, step.args.as_slice()) {
        (Expr::Literal(LiteralValue::Boolean(init)), [_, body]) => {
            (if *init.inner() { Kind::All } else { Kind::Any }, None, body)
        }
        (Expr::Literal(LiteralValue::Int(_)), [body, _, _]) => (Kind::One, None, body),
        (Expr::List(_), [_, item]) => (Kind::Collect, None, only(item)?),
        (Expr::List(_), [keep, added, _]) => {
            let Expr::Call(added) = &added.expr else { return None };
            (Kind::Collect, Some(keep), only(added.args.get(1)?)?)
        }
        _ => return None,
    };
    Some(Parts { kind, keep, body })
}

/// The item of a list of one.
fn only(list: &IdedExpr) -> Option<&IdedExpr> {
    match &list.expr {
        Expr::List(list) => list.elements.first(),
        _ => None,
    }
}

fn comparison(name: &str) -> Option<Comparison> {
    Some(match name {
        operators::EQUALS => Comparison::Equal,
        operators::NOT_EQUALS => Comparison::NotEqual,
        operators::LESS => Comparison::Less,
        operators::LESS_EQUALS => Comparison::LessOrEqual,
        operators::GREATER => Comparison::Greater,
        operators::GREATER_EQUALS => Comparison::GreaterOrEqual,
        _ => return None,
    })
}

fn operator(name: &str) -> Option<Operator> {
    Some(match name {
        operators::ADD => Operator::Add,
        operators::SUBSTRACT => Operator::Subtract,
        operators::MULTIPLY => Operator::Multiply,
        operators::DIVIDE => Operator::Divide,
        operators::MODULO => Operator::Remainder,
        _ => return None,
    })
}

/// The name that is nearest to a misspelt one.
pub(crate) fn near(name: &str, names: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    let nearest = names.min_by_key(|other| distance(other, name))?;
    (distance(nearest, name) <= 4).then_some(nearest)
}
