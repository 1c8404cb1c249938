//! Regular expressions in Go's syntax, matched by a machine that reads every letter once.

use super::super::value::{Kind, Value};
use super::string::exactly;
use super::{Call, Outcome, Stop, hole};
use maremma_model::{Text, Why};
use regex::{Captures, Regex, RegexBuilder};
use std::collections::BTreeMap;
use std::iter::Peekable;
use std::rc::Rc;
use std::str::Chars;
use std::sync::Arc;

/// Bytes that a compiled pattern may take: `a{1000}{1000}` is short.
const MAX_PATTERN: usize = 1 << 20;
/// Letters of a pattern.
const MAX_LENGTH: usize = 10_000;
/// A match reads the text once for every pattern that is looked for, and more than once where there are groups.
const MATCH_WEIGHT: usize = 16;

pub(super) fn regex(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [pattern, text] = exactly(arguments)?;
    let pattern = compiled(call, &call.to_literal(pattern)?)?;
    let text = call.to_literal(text)?;
    call.spend(text.len() / MATCH_WEIGHT)?;
    match pattern.captures(&text) {
        Some(found) => captured(call, &pattern, &found),
        None => Err(Stop::Failed("the pattern does not match the text".to_owned())),
    }
}

pub(super) fn regexall(call: &Call<'_>, arguments: &[Value]) -> Outcome {
    let [pattern, text] = exactly(arguments)?;
    let pattern = compiled(call, &call.to_literal(pattern)?)?;
    let text = call.to_literal(text)?;
    let mut all = Vec::new();
    for found in pattern.captures_iter(&text) {
        call.spend(pattern.captures_len() + text.len() / MATCH_WEIGHT)?;
        all.push(captured(call, &pattern, &found)?);
    }
    call.list(all)
}

/// A string where there are no groups, a list of what unnamed groups hold, a map of what named ones hold. A
/// group that took no part is null.
fn captured(call: &Call<'_>, pattern: &Regex, found: &Captures<'_>) -> Outcome {
    let held = |at: usize| match found.get(at) {
        Some(held) => Value::text(held.as_str(), call.at),
        None => call.value(Kind::Null),
    };
    let groups = pattern.captures_len();
    if groups == 1 {
        return Ok(held(0));
    }
    let names: Vec<(usize, &str)> = pattern
        .capture_names()
        .enumerate()
        .filter_map(|(at, name)| Some((at, name?)))
        .collect();
    if names.is_empty() {
        return call.list((1..groups).map(held).collect());
    }
    if names.len() + 1 < groups {
        let words = "the pattern has groups with and without names: name all of them or none";
        return Err(Stop::Failed(words.to_owned()));
    }
    let entries: BTreeMap<Arc<str>, Value> = names.into_iter().map(|(at, name)| (name.into(), held(at))).collect();
    Ok(call.value(Kind::Map(Rc::new(entries))))
}

/// Every match replaced; `$1` and `${name}` in the replacement are what groups hold.
pub(super) fn replaced(call: &Call<'_>, text: &Text, pattern: &str, to: &Text) -> Result<Text, Stop> {
    let pattern = compiled(call, pattern)?;
    let (Some(whole), Some(to)) = (text.as_literal(), to.as_literal()) else {
        let unknown = if text.as_literal().is_none() { text } else { to };
        return Ok(hole::whole(call, unknown));
    };
    let (mut made, mut end) = (String::new(), 0);
    for found in pattern.captures_iter(whole) {
        let Some(all) = found.get(0) else { break };
        made.push_str(whole.get(end..all.start()).unwrap_or(""));
        found.expand(to, &mut made);
        end = all.end();
        call.spend(pattern.captures_len() + all.len() / MATCH_WEIGHT)?;
        if made.len() > super::MAX_TEXT {
            call.spend_text(made.len())?;
        }
    }
    made.push_str(whole.get(end..).unwrap_or(""));
    Ok(Text::literal(made))
}

fn compiled(call: &Call<'_>, pattern: &str) -> Result<Regex, Stop> {
    if pattern.len() > MAX_LENGTH {
        return Err(Stop::unresolved("a pattern longer than is matched here"));
    }
    // A program is many times its pattern.
    call.spend(pattern.len() + 10)?;
    let built = RegexBuilder::new(&translated(pattern)).size_limit(MAX_PATTERN).build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => Stop::unresolved("a pattern larger than is matched here"),
        // Go may know what this machine does not, so that nothing is told.
        _ => Stop::Unknown(Why::Unresolved(
            format!("the pattern {pattern:?} cannot be read").into(),
        )),
    })
}

/// Go's syntax in the machine's: classes of letters are ASCII, `\Q...\E` quotes, a brace that repeats nothing
/// is a brace, and classes hold neither classes nor operators.
fn translated(pattern: &str) -> String {
    let mut made = String::with_capacity(pattern.len() * 2);
    let mut letters = pattern.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => escape(&mut letters, false, &mut made),
            '[' => class(&mut letters, &mut made),
            '{' if !repeats(letters.clone()) => made.push_str("\\{"),
            _ => made.push(letter),
        }
    }
    made
}

fn escape(letters: &mut Peekable<Chars<'_>>, in_class: bool, made: &mut String) {
    let Some(letter) = letters.next() else {
        made.push('\\');
        return;
    };
    let (open, close) = if in_class { ("", "") } else { ("[", "]") };
    match letter {
        'd' => made.extend([open, "0-9", close]),
        'w' => made.extend([open, "0-9A-Za-z_", close]),
        's' => made.extend([open, "\\t\\n\\x0C\\r ", close]),
        'D' => made.push_str("[^0-9]"),
        'W' => made.push_str("[^0-9A-Za-z_]"),
        'S' => made.push_str("[^\\t\\n\\x0C\\r ]"),
        'b' if !in_class => made.push_str("(?-u:\\b)"),
        'Q' if !in_class => {
            let mut quoted = String::new();
            while let Some(letter) = letters.next() {
                if letter == '\\' && letters.peek() == Some(&'E') {
                    letters.next();
                    break;
                }
                quoted.push(letter);
            }
            made.push_str(&regex::escape(&quoted));
        }
        '<' | '>' => made.push(letter),
        _ => made.extend(['\\', letter]),
    }
}

/// The rest of a class behind its bracket.
fn class(letters: &mut Peekable<Chars<'_>>, made: &mut String) {
    made.push('[');
    if letters.peek() == Some(&'^') {
        letters.next();
        made.push('^');
    }
    let mut first = true;
    while let Some(letter) = letters.next() {
        match letter {
            ']' if !first => {
                made.push(']');
                return;
            }
            '\\' => escape(letters, true, made),
            '[' if letters.peek() == Some(&':') => {
                made.push('[');
                for letter in letters.by_ref() {
                    made.push(letter);
                    if letter == ']' {
                        break;
                    }
                }
            }
            '[' | ']' | '&' | '~' => made.extend(['\\', letter]),
            '-' if letters.peek() == Some(&'-') => made.push_str("\\-"),
            _ => made.push(letter),
        }
        first = false;
    }
}

/// Whether what follows a brace is `n}`, `n,}` or `n,m}`.
fn repeats(letters: Peekable<Chars<'_>>) -> bool {
    let inside: String = letters.take_while(|letter| *letter != '}').take(12).collect();
    let (least, most) = inside.split_once(',').unwrap_or((&inside, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !least.is_empty() && digits(least) && digits(most)
}
