//! A CEL expression: its members and types checked, ready to be evaluated.

use super::code::{Code, Comparison, Kind, Loop, Operator};
use super::function::{FUNCTIONS, Gives, Signature, names, near};
use super::parse::{MAX_DEPTH, Problem, parse};
use super::types::{self, Type};
use super::unfold::{comparison, operator, parts};
use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue, SourceInfo, operators};
use regex::RegexBuilder;

/// In bytes, of a compiled pattern.
const MAX_PATTERN: usize = 1 << 18;

#[derive(Debug)]
pub(crate) struct Expression {
    pub(crate) code: Code,
    pub(crate) of: Type,
    /// The members of the subject that it asks for, in the order written.
    pub(crate) asks: Vec<Vec<String>>,
}

/// Parses an expression over the row of a noun, and checks its members and types.
pub(crate) fn compile(source: &str, noun: &'static str) -> Result<Expression, Problem> {
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
                    let hint = near(name, names()).map(|near| format!(": did you mean {near}()?"));
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
