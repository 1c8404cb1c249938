//! Evaluates expressions in the three-valued way: true, false, or not known and why.

use super::code::{Code, Comparison, Kind, Loop, Operator};
use super::function::Function;
use super::rows::Rows;
use super::value::{self, Value, same};
use super::worlds::Worlds;
use maremma_model::{Piece, Text};
use std::cmp::Ordering;
use std::rc::Rc;

/// How much one check may do in a run: some tenths of a second.
pub(crate) const MOST_STEPS: usize = 5_000_000;
/// The longest list or text that an expression may make.
const MOST_MADE: usize = 100_000;

/// One evaluation, in one world.
pub(crate) struct Evaluation<'e, 'c> {
    pub(crate) rows: &'e Rows<'c>,
    pub(crate) worlds: &'e mut Worlds,
    pub(crate) steps: &'e mut usize,
    pub(crate) names: Vec<Value>,
}

impl Evaluation<'_, '_> {
    pub(crate) fn evaluate(&mut self, code: &Code) -> Value {
        *self.steps += 1;
        if *self.steps > MOST_STEPS {
            return Value::doubt(too_many_steps());
        }
        match code {
            Code::Null => Value::Null,
            Code::Bool(value) => Value::Bool(*value),
            Code::Integer(value) => Value::Integer(*value),
            Code::Double(value) => Value::Double(*value),
            Code::Text(text) => Value::Text(Text::Literal(text.clone())),
            Code::Variable(slot) => self.names.get(*slot).cloned().unwrap_or(Value::Null),
            Code::Member(of, name) => {
                let of = self.evaluate(of);
                self.member(&of, name)
            }
            Code::Listed(of) => match self.evaluate(of) {
                Value::Null => Value::List(Rc::default()),
                list => list,
            },
            Code::Has(of) => match self.evaluate(of) {
                unknown @ Value::Unknown(_) => unknown,
                value => Value::Bool(!matches!(value, Value::Null)),
            },
            Code::Index(of, at) => {
                let (of, at) = (self.evaluate(of), self.evaluate(at));
                self.index(&of, &at)
            }
            Code::Not(of) => match self.evaluate(of) {
                Value::Bool(value) => Value::Bool(!value),
                other => no_boolean(other),
            },
            Code::Negate(of) => match self.evaluate(of) {
                Value::Integer(value) => value.checked_neg().map_or_else(too_large, Value::Integer),
                Value::Double(value) => Value::Double(-value),
                other => no_use(&other, "be negated"),
            },
            Code::And(a, b) => self.either(false, a, b),
            Code::Or(a, b) => self.either(true, a, b),
            Code::If(parts) => {
                let [condition, a, b] = &**parts;
                match self.evaluate(condition) {
                    Value::Bool(true) => self.evaluate(a),
                    Value::Bool(false) => self.evaluate(b),
                    other => no_boolean(other),
                }
            }
            _ => self.question(code),
        }
    }

    /// What asks something of values.
    fn question(&mut self, code: &Code) -> Value {
        match code {
            Code::Compare(comparison, a, b) => {
                let (a, b) = (self.evaluate(a), self.evaluate(b));
                self.compare(*comparison, &a, &b)
            }
            Code::Compute(operator, a, b) => compute(*operator, self.evaluate(a), self.evaluate(b)),
            Code::In(item, list) => {
                let (item, list) = (self.evaluate(item), self.evaluate(list));
                self.contained(&item, &list)
            }
            Code::List(items) => Value::List(Rc::new(items.iter().map(|item| self.evaluate(item)).collect())),
            Code::Call(function, args) => {
                let args: Vec<Value> = args.iter().map(|arg| self.evaluate(arg)).collect();
                self.call(*function, &args)
            }
            Code::Matches(text, regex) => match self.evaluate(text) {
                Value::Text(text) => match text.as_literal() {
                    Some(literal) => {
                        *self.steps += literal.len() / 16;
                        Value::Bool(regex.is_match(literal))
                    }
                    None => Value::holed(&text),
                },
                other => no_use(&other, "match a pattern"),
            },
            Code::Fails(check, row) => match self.evaluate(row) {
                Value::Row(id) => self.rows.fails(check, id),
                other => no_use(&other, "be judged by a check"),
            },
            Code::Loop(looped) => self.looped(looped),
            _ => Value::Null,
        }
    }

    /// `&&` and `||`: one side may decide whatever the other is.
    fn either(&mut self, decides: bool, a: &Code, b: &Code) -> Value {
        let a = match self.evaluate(a) {
            Value::Bool(value) if value == decides => return Value::Bool(decides),
            Value::Bool(_) => None,
            other => Some(no_boolean(other)),
        };
        match (self.evaluate(b), a) {
            (Value::Bool(value), _) if value == decides => Value::Bool(decides),
            (Value::Bool(_), None) => Value::Bool(!decides),
            (_, Some(unknown)) => unknown,
            (other, None) => no_boolean(other),
        }
    }

    pub(crate) fn member(&mut self, of: &Value, name: &str) -> Value {
        match of {
            Value::Row(id) => self.rows.member(*id, name, self.worlds),
            Value::Estate => self.rows.table(name, self.worlds),
            Value::Record(view) => match view.field(name) {
                Some(view) => self.rows.read(view, self.worlds),
                None => Value::Null,
            },
            Value::Document(document) => match document.get(name) {
                Some(value) => self.rows.document(value, self.worlds),
                None => Value::Null,
            },
            Value::Outside(text) if name == "arn" && value::starts_with(text, "arn:") == Some(true) => {
                Value::Text(text.clone())
            }
            Value::Outside(text) => Value::doubt(format!(
                "{text} is outside of what was read, so its {name} is not known"
            )),
            Value::Unknown(_) => of.clone(),
            Value::Null => Value::doubt(format!("what is not set has no {name}: ask whether it is null first")),
            other => Value::doubt(format!("{} has no {name}", other.describe())),
        }
    }

    fn index(&mut self, of: &Value, at: &Value) -> Value {
        match (of, at) {
            (Value::Unknown(_), _) => of.clone(),
            (_, Value::Unknown(_)) => at.clone(),
            (Value::List(items), Value::Integer(at)) => {
                // Where an item before may not be there, which one is meant is not known.
                let index = usize::try_from(*at).unwrap_or(usize::MAX);
                let before = items.iter().take(index).find(|item| matches!(item, Value::Unknown(_)));
                match (before, items.get(index)) {
                    (Some(unknown), _) => unknown.clone(),
                    (None, Some(item)) => item.clone(),
                    (None, None) => Value::doubt(format!("the list has no item {at}")),
                }
            }
            (Value::Document(_), Value::Text(key)) => match key.as_literal() {
                Some(key) => self.member(of, key),
                None => Value::holed(key),
            },
            _ => Value::doubt(format!("{} has no item for {}", of.describe(), at.describe())),
        }
    }

    fn compare(&mut self, comparison: Comparison, a: &Value, b: &Value) -> Value {
        match comparison {
            Comparison::Equal => self.equal(a, b),
            Comparison::NotEqual => match self.equal(a, b) {
                Value::Bool(equal) => Value::Bool(!equal),
                unknown => unknown,
            },
            ordered => {
                let order = match order(a, b) {
                    Ok(order) => order,
                    Err(unknown) => return unknown,
                };
                Value::Bool(match ordered {
                    Comparison::Less => order == Ordering::Less,
                    Comparison::LessOrEqual => order != Ordering::Greater,
                    Comparison::Greater => order == Ordering::Greater,
                    _ => order != Ordering::Less,
                })
            }
        }
    }

    fn equal(&mut self, a: &Value, b: &Value) -> Value {
        *self.steps += 1;
        let texts = |a: &Text, b: &Text| match same(a, b) {
            Some(same) => Value::Bool(same),
            None => Value::holed(if a.why().is_some() { a } else { b }),
        };
        match (a, b) {
            (Value::Unknown(_), _) => a.clone(),
            (_, Value::Unknown(_)) => b.clone(),
            (Value::Null, _) | (_, Value::Null) => Value::Bool(matches!((a, b), (Value::Null, Value::Null))),
            (Value::Bool(a), Value::Bool(b)) => Value::Bool(a == b),
            (Value::Bool(flag), Value::Text(text)) | (Value::Text(text), Value::Bool(flag)) => {
                match text.as_literal() {
                    Some(literal) => Value::Bool(literal.eq_ignore_ascii_case(if *flag { "true" } else { "false" })),
                    None => Value::holed(text),
                }
            }
            (Value::Integer(a), Value::Integer(b)) => Value::Bool(a == b),
            (Value::Text(a), Value::Text(b)) | (Value::Outside(a), Value::Outside(b) | Value::Text(b)) => texts(a, b),
            (Value::Text(a), Value::Outside(b)) => texts(a, b),
            (Value::Integer(_) | Value::Double(_), Value::Text(text))
            | (Value::Text(text), Value::Integer(_) | Value::Double(_))
                if text.as_literal().is_none() =>
            {
                Value::holed(text)
            }
            (
                Value::Integer(_) | Value::Double(_) | Value::Text(_),
                Value::Integer(_) | Value::Double(_) | Value::Text(_),
            ) => Value::Bool(a.number().is_some() && a.number() == b.number()),
            (Value::Row(a), Value::Row(b)) => Value::Bool(a == b),
            (Value::Row(id), Value::Text(text) | Value::Outside(text))
            | (Value::Text(text) | Value::Outside(text), Value::Row(id)) => match self.rows.arn(*id) {
                Some(arn) => texts(arn, text),
                None => Value::Bool(false),
            },
            (Value::List(one), Value::List(other)) => self.equal_lists(one, other),
            (Value::Record(a), Value::Record(b)) => Value::Bool(a == b),
            _ => Value::Bool(false),
        }
    }

    fn equal_lists(&mut self, one: &[Value], other: &[Value]) -> Value {
        if let Some(unknown) = one.iter().chain(other).find(|item| matches!(item, Value::Unknown(_))) {
            return unknown.clone();
        }
        let mut doubt = None;
        for (a, b) in one.iter().zip(other) {
            match self.equal(a, b) {
                Value::Bool(true) => {}
                Value::Bool(false) => return Value::Bool(false),
                unknown => doubt = Some(unknown),
            }
        }
        doubt.unwrap_or(Value::Bool(one.len() == other.len()))
    }

    fn contained(&mut self, item: &Value, list: &Value) -> Value {
        let Value::List(items) = list else {
            return no_use(list, "contain anything");
        };
        let mut doubt = None;
        for other in items.iter() {
            match self.equal(item, other) {
                Value::Bool(true) => return Value::Bool(true),
                Value::Bool(false) => {}
                unknown => doubt = doubt.or(Some(unknown)),
            }
        }
        doubt.unwrap_or(Value::Bool(false))
    }

    fn call(&mut self, function: Function, args: &[Value]) -> Value {
        match (function, args) {
            (_, [.., unknown @ Value::Unknown(_)]) | (_, [unknown @ Value::Unknown(_), ..]) => unknown.clone(),
            (Function::StartsWith, [Value::Text(text), Value::Text(part)]) => asked(text, part, value::starts_with),
            (Function::EndsWith, [Value::Text(text), Value::Text(part)]) => asked(text, part, value::ends_with),
            (Function::Contains, [Value::Text(text), Value::Text(part)]) => {
                *self.steps += part.prefix().len() / 16;
                asked(text, part, value::contains)
            }
            (Function::LowerAscii, [Value::Text(text)]) => cased(text, str::to_ascii_lowercase),
            (Function::UpperAscii, [Value::Text(text)]) => cased(text, str::to_ascii_uppercase),
            (Function::Size, [Value::Text(text)]) => match text.as_literal() {
                Some(literal) => integer(literal.chars().count()),
                None => Value::holed(text),
            },
            (Function::Size, [Value::List(items)]) => {
                let unknown = items.iter().find(|item| matches!(item, Value::Unknown(_)));
                unknown.cloned().unwrap_or_else(|| integer(items.len()))
            }
            (Function::Size, [Value::Document(document)]) => integer(document.fields().len()),
            (Function::List, [Value::Null]) => Value::List(Rc::default()),
            (Function::List, [list @ Value::List(_)]) => list.clone(),
            (Function::List, [item]) => Value::List(Rc::new(vec![item.clone()])),
            (_, args) => no_use(args.first().unwrap_or(&Value::Null), "be asked so"),
        }
    }

    fn looped(&mut self, looped: &Loop) -> Value {
        let list = match self.evaluate(&looped.over) {
            Value::List(items) => items,
            // The statements of a policy may be one statement.
            document @ Value::Document(_) => Rc::new(vec![document]),
            other => return no_use(&other, "be gone through"),
        };
        let mut told = Told::of(looped.kind);
        for item in list.iter() {
            if *self.steps > MOST_STEPS {
                return self.evaluate(&looped.over);
            }
            if let unknown @ Value::Unknown(_) = item {
                told.add(unknown.clone());
                continue;
            }
            self.names.push(item.clone());
            let kept = match looped.keep.as_ref().map(|keep| self.evaluate(keep)) {
                None | Some(Value::Bool(true)) => Some(self.evaluate(&looped.body)),
                Some(Value::Bool(false)) => None,
                Some(other) => Some(no_boolean(other)),
            };
            self.names.pop();
            if kept.is_some_and(|value| told.add(value)) {
                break;
            }
        }
        told.finish()
    }
}

pub(crate) fn too_many_steps() -> String {
    format!("the expressions of this check need more than {MOST_STEPS} steps")
}

/// What a loop has come to so far.
struct Told {
    kind: Kind,
    doubt: Option<Value>,
    holds: usize,
    decided: bool,
    collected: Vec<Value>,
}

impl Told {
    fn of(kind: Kind) -> Self {
        Told {
            kind,
            doubt: None,
            holds: 0,
            decided: false,
            collected: Vec::new(),
        }
    }

    /// Takes in what holds of an item; whether that decides it.
    fn add(&mut self, value: Value) -> bool {
        match (self.kind, value) {
            (Kind::Collect, value) => self.collected.push(value),
            (Kind::All, Value::Bool(value)) => self.decided |= !value,
            (Kind::Any, Value::Bool(value)) => self.decided |= value,
            (Kind::One, Value::Bool(value)) => {
                self.holds += usize::from(value);
                self.decided |= self.holds > 1;
            }
            (_, other) => {
                let doubt = no_boolean(other);
                self.doubt.get_or_insert(doubt);
            }
        }
        self.decided || self.collected.len() > MOST_MADE
    }

    fn finish(self) -> Value {
        match (self.kind, self.decided, self.doubt) {
            (Kind::Collect, _, _) if self.collected.len() > MOST_MADE => too_large(),
            (Kind::Collect, _, _) => Value::List(Rc::new(self.collected)),
            (Kind::Any, true, _) => Value::Bool(true),
            (Kind::All | Kind::One, true, _) => Value::Bool(false),
            (_, false, Some(unknown)) => unknown,
            (Kind::Any, false, None) => Value::Bool(false),
            (Kind::All, false, None) => Value::Bool(true),
            (Kind::One, false, None) => Value::Bool(self.holds == 1),
        }
    }
}

fn no_boolean(value: Value) -> Value {
    no_use(&value, "be true or false")
}

/// What stands where something else is needed: nothing is known of the whole.
fn no_use(value: &Value, what: &str) -> Value {
    match value {
        Value::Unknown(_) => value.clone(),
        Value::Null => Value::doubt(format!("what is not set cannot {what}: ask whether it is null first")),
        other => Value::doubt(format!("{} cannot {what}", other.describe())),
    }
}

fn too_large() -> Value {
    Value::doubt("the expression makes something too large")
}

fn integer(count: usize) -> Value {
    i64::try_from(count).map_or_else(|_| too_large(), Value::Integer)
}

fn asked(text: &Text, part: &Text, question: impl Fn(&Text, &str) -> Option<bool>) -> Value {
    match part.as_literal() {
        Some(literal) => question(text, literal).map_or_else(|| Value::holed(text), Value::Bool),
        None => Value::holed(part),
    }
}

fn cased(text: &Text, change: impl Fn(&str) -> String) -> Value {
    let pieces = text.pieces().into_iter().map(|piece| match piece {
        Piece::Literal(literal) => Piece::Literal(change(&literal).into()),
        // What stands for a resource no longer does when its case is changed.
        Piece::Hole(mut hole) => {
            hole.stands_for = None;
            Piece::Hole(hole)
        }
    });
    Value::Text(Text::from_pieces(pieces))
}

fn order(a: &Value, b: &Value) -> Result<Ordering, Value> {
    match (a, b) {
        (Value::Unknown(_), _) => Err(a.clone()),
        (_, Value::Unknown(_)) => Err(b.clone()),
        (Value::Integer(a), Value::Integer(b)) => Ok(a.cmp(b)),
        (Value::Text(a), Value::Text(b)) => match (a.as_literal(), b.as_literal()) {
            (Some(a), Some(b)) => Ok(a.cmp(b)),
            _ => Err(Value::holed(if a.why().is_some() { a } else { b })),
        },
        (Value::Text(text), _) | (_, Value::Text(text)) if text.as_literal().is_none() => Err(Value::holed(text)),
        _ => {
            let ordered = a.number().zip(b.number()).and_then(|(a, b)| a.partial_cmp(&b));
            ordered.ok_or_else(|| no_use(if a.number().is_none() { a } else { b }, "be compared so"))
        }
    }
}

fn compute(operator: Operator, a: Value, b: Value) -> Value {
    match (a, b) {
        (unknown @ Value::Unknown(_), _) | (_, unknown @ Value::Unknown(_)) => unknown,
        (Value::Integer(a), Value::Integer(b)) => {
            let result = match operator {
                Operator::Add => a.checked_add(b),
                Operator::Subtract => a.checked_sub(b),
                Operator::Multiply => a.checked_mul(b),
                Operator::Divide => a.checked_div(b),
                Operator::Remainder => a.checked_rem(b),
            };
            result.map_or_else(|| Value::doubt("the calculation has no result"), Value::Integer)
        }
        (Value::Text(a), Value::Text(b)) if operator == Operator::Add => {
            let length = |text: &Text| text.to_string().len();
            match length(&a) + length(&b) > MOST_MADE {
                true => too_large(),
                false => Value::Text(Text::concat([&a, &b])),
            }
        }
        (Value::List(a), Value::List(b)) if operator == Operator::Add => match a.len() + b.len() > MOST_MADE {
            true => too_large(),
            false => Value::List(Rc::new(a.iter().chain(b.iter()).cloned().collect())),
        },
        (a, b) => match a.number().zip(b.number()) {
            Some((a, b)) => Value::Double(match operator {
                Operator::Add => a + b,
                Operator::Subtract => a - b,
                Operator::Multiply => a * b,
                Operator::Divide => a / b,
                Operator::Remainder => a % b,
            }),
            None => no_use(if a.number().is_none() { &a } else { &b }, "be calculated with"),
        },
    }
}
