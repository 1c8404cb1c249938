//! The functions of the Terraform language, over values of which only a part may be known.

mod argument;
mod collection;
mod compare;
mod conversion;
mod date;
mod decode;
mod encoding;
mod filesystem;
mod format;
mod hash;
mod hole;
mod map;
mod network;
mod number;
mod numeric;
mod open;
mod pattern;
mod render;
mod sequence;
mod set;
mod string;
#[cfg(test)]
pub(crate) mod tests;

use super::expression::in_every;
use super::scope::Scope;
use super::value::{Kind, Value};
use crate::tree::Syntax;
use maremma_model::{Place, Text, Why};
use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

/// Worlds that a function itself makes of what is not known; of more nothing is known.
const MAX_WORLDS: usize = 16;
/// Bytes of text that is only read and that count as one unit of work.
const TEXT_WEIGHT: usize = 64;
/// A text longer than this is not kept: the longest that AWS accepts anywhere here is a template of 1 MB.
const MAX_TEXT: usize = 1 << 20;
/// Any number of arguments.
const MANY: usize = usize::MAX;

/// Every family, each function once.
const FAMILIES: [&[Function]; 13] = [
    collection::FUNCTIONS,
    conversion::FUNCTIONS,
    date::FUNCTIONS,
    encoding::FUNCTIONS,
    filesystem::FUNCTIONS,
    format::FUNCTIONS,
    hash::FUNCTIONS,
    map::FUNCTIONS,
    network::FUNCTIONS,
    numeric::FUNCTIONS,
    sequence::FUNCTIONS,
    set::FUNCTIONS,
    string::FUNCTIONS,
];

static BY_NAME: LazyLock<HashMap<&str, &Function>> = LazyLock::new(|| {
    let all = FAMILIES.into_iter().flatten();
    all.map(|function| (function.name, function)).collect()
});

/// One function of the language.
struct Function {
    name: &'static str,
    /// How many arguments it takes.
    takes: RangeInclusive<usize>,
    run: fn(&Call<'_>, &[Value]) -> Outcome,
    opens: Opens,
}

/// Which choices among the elements of a list are decided in every way before the function is asked. Whoever
/// hands elements on as they are needs none.
#[derive(Clone, Copy, PartialEq)]
enum Opens {
    Nothing,
    /// Those between lists.
    Lists,
    All,
}

const fn function(
    name: &'static str,
    takes: RangeInclusive<usize>,
    run: fn(&Call<'_>, &[Value]) -> Outcome,
) -> Function {
    Function {
        name,
        takes,
        run,
        opens: Opens::Nothing,
    }
}

impl Function {
    const fn opening(self, opens: Opens) -> Self {
        Function { opens, ..self }
    }
}

type Outcome = Result<Value, Stop>;

/// Why a function has no value.
#[derive(Debug)]
enum Stop {
    /// Terraform refuses the call; in words.
    Failed(String),
    /// What it needs is not known.
    Unknown(Why),
}

impl Stop {
    fn unresolved(words: &str) -> Self {
        Stop::Unknown(Why::Unresolved(words.into()))
    }
}

fn fail<T>(words: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Failed(words.into()))
}

/// What a function knows beside its arguments.
struct Call<'a> {
    name: &'a str,
    scope: &'a dyn Scope,
    at: Place,
}

impl Call<'_> {
    fn value(&self, kind: Kind) -> Value {
        Value::new(kind, self.at)
    }

    fn text(&self, text: Text) -> Outcome {
        let length = text.pieces().iter().map(argument::length_of).sum();
        self.spend_text(length)?;
        Ok(self.value(Kind::Text(text)))
    }

    fn string(&self, text: impl Into<Arc<str>>) -> Outcome {
        self.text(Text::literal(text))
    }

    fn list(&self, items: Vec<Value>) -> Outcome {
        self.spend(items.len())?;
        Ok(self.value(Kind::List(Rc::new(items))))
    }

    fn bool(&self, value: bool) -> Outcome {
        Ok(self.value(Kind::Bool(value)))
    }

    /// True, false, or not known for the reason that is given.
    fn perhaps(&self, value: Option<bool>, why: impl FnOnce() -> Why) -> Outcome {
        value.map_or_else(|| Err(Stop::Unknown(why())), |value| self.bool(value))
    }

    /// Counts work before it is done.
    fn spend(&self, amount: usize) -> Result<(), Stop> {
        if self.scope.spend(amount) {
            Ok(())
        } else {
            Err(Stop::unresolved(
                "the configuration takes more work to evaluate than is allowed",
            ))
        }
    }

    /// Counts a text before it is made.
    fn spend_text(&self, length: usize) -> Result<(), Stop> {
        if length > MAX_TEXT {
            return Err(Stop::unresolved("a text longer than AWS accepts"));
        }
        self.spend(length + 1)
    }
}

/// The value of a call. A name that begins with `provider::` or that is not known gives nothing that is known.
pub(crate) fn call(name: &str, arguments: Vec<Value>, scope: &dyn Scope, at: Place) -> Value {
    let name = name.strip_prefix("core::").unwrap_or(name);
    if name.starts_with("provider::") {
        return Value::unresolved(format!("{name}() is a function of a provider"), at);
    }
    let Some(function) = BY_NAME.get(name) else {
        return Value::unresolved(format!("{name}() is not a function that is known here"), at);
    };
    let count = arguments.len();
    if !function.takes.contains(&count) {
        let (least, most) = (*function.takes.start(), *function.takes.end());
        let expected = match most {
            MANY => format!("at least {least}"),
            most if most == least => format!("{least}"),
            most => format!("{least} to {most}"),
        };
        return failed(
            scope,
            format!("{name}(): expected {expected} arguments, found {count}"),
            at,
        );
    }
    let mut run = |arguments: Vec<Value>, scope: &dyn Scope| {
        open::in_every(function.opens, arguments, scope, at, &mut |arguments, scope| {
            run(function, &Call { name, scope, at }, &arguments)
        })
    };
    in_every(arguments, scope, at, &mut run)
}

fn run(function: &Function, call: &Call<'_>, arguments: &[Value]) -> Value {
    let weight = arguments.iter().map(argument::weight).sum();
    let outcome = call.spend(weight).and_then(|()| (function.run)(call, arguments));
    let value = match outcome {
        Ok(value) => value,
        Err(Stop::Unknown(why)) => Value::unknown(why, call.at),
        Err(Stop::Failed(words)) => failed(call.scope, format!("{}(): {words}", call.name), call.at),
    };
    marked(value, arguments, function.name)
}

/// What is made of a sensitive value is sensitive, and what is made of a default came about by it.
fn marked(mut value: Value, arguments: &[Value], name: &str) -> Value {
    let made = matches!(
        value.kind,
        Kind::Text(_) | Kind::Number(_) | Kind::Bool(_) | Kind::Json(_) | Kind::Unknown(_)
    );
    let held = || {
        let held = arguments.iter().filter_map(|argument| match &argument.kind {
            Kind::List(items) => Some(items.iter()),
            _ => None,
        });
        held.flatten()
    };
    if !conversion::DECIDES_SENSITIVITY.contains(&name) {
        value.sensitive |=
            arguments.iter().any(|argument| argument.sensitive) || made && held().any(|item| item.sensitive);
    }
    if value.by.is_none() {
        let by = arguments.iter().find_map(|argument| argument.by.clone());
        value.by = by.or_else(|| made.then(|| held().find_map(|item| item.by.clone())).flatten());
    }
    value
}

/// The value that a text in JSON holds; `None` where that is not known, or where it holds none.
pub(crate) fn json_value(text: &Text, at: Place) -> Option<Value> {
    decode::decoded(text, Syntax::Json, at).ok()
}

/// What Terraform refuses: it is told, and nothing is known of the value.
fn failed(scope: &dyn Scope, words: String, at: Place) -> Value {
    scope.problem(words.clone(), at);
    Value::unresolved(words, at)
}
