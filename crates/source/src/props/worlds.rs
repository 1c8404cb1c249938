//! Undecided worlds of a document: pushed down to what is asked for, and settled where they agree.

use maremma_model::{Branch, Candidate, Document, State, Text, Unknown, Value, Why};
use std::borrow::Cow;
use std::sync::Arc;

/// Longest list of worlds that a setting keeps; beyond it the value is only unknown.
const MAX_CANDIDATES: usize = 64;

/// One step down a path.
pub(super) fn descend<'a>(document: &'a Document, key: &str) -> Option<Cow<'a, Document>> {
    match &document.value {
        Value::Map(_) => document.get(key).map(Cow::Borrowed),
        Value::Choice(branches) => {
            let absent = |branch: &Branch| Document::new(Value::Absent, branch.value.at.clone());
            let branches: Vec<_> = branches
                .iter()
                .map(|branch| Branch {
                    when: branch.when.clone(),
                    value: descend(&branch.value, key).map_or_else(|| absent(branch), Cow::into_owned),
                })
                .collect();
            let nowhere = branches.iter().all(|branch| branch.value.is_absent());
            (!nowhere).then(|| {
                Cow::Owned(Document {
                    value: Value::Choice(branches),
                    at: document.at.clone(),
                    by: document.by.clone(),
                })
            })
        }
        Value::Unknown(_) => Some(Cow::Borrowed(document)),
        Value::Scalar { text, .. } if text.as_literal().is_none() => {
            let why = text.why().cloned().unwrap_or(Why::NotKept);
            Some(Cow::Owned(Document::new(Value::Unknown(why), document.at.clone())))
        }
        Value::Scalar { .. } | Value::List(_) => {
            let why = Why::Unresolved(no_map(document).unwrap_or_default().into());
            Some(Cow::Owned(Document::new(Value::Unknown(why), document.at.clone())))
        }
        Value::Absent | Value::Null => None,
    }
}

/// What is wrong with a document that should be a map, in words.
pub(super) fn no_map(document: &Document) -> Option<String> {
    let known = match &document.value {
        Value::Scalar { text, .. } => text.as_literal().is_some(),
        Value::List(_) => true,
        _ => false,
    };
    known.then(|| format!("expected a map, found {}", describe(document)))
}

pub(super) fn unknown<T>(why: Why) -> State<T> {
    State::Unknown(Unknown {
        why,
        candidates: Vec::new(),
    })
}

/// A text of one hole that stands for nothing is no value.
pub(super) fn known(text: &Text) -> State<Text> {
    match text {
        Text::Holed(pieces) if pieces.len() == 1 && text.as_attribute().is_none() => {
            unknown(text.why().cloned().unwrap_or(Why::NotKept))
        }
        _ => State::Set(text.clone()),
    }
}

/// Every world of a choice, nested ones flattened.
pub(super) fn worlds<T: PartialEq>(
    branches: &[Branch],
    outer: &str,
    read: &dyn Fn(&Document) -> State<T>,
    candidates: &mut Vec<Candidate<T>>,
) {
    for branch in branches {
        if candidates.len() >= MAX_CANDIDATES {
            return;
        }
        let when = if outer.is_empty() {
            branch.when.to_string()
        } else {
            format!("{outer} and {}", branch.when)
        };
        let state = match &branch.value.value {
            Value::Choice(inner) => {
                worlds(inner, &when, read, candidates);
                continue;
            }
            Value::Absent | Value::Null => State::Unset,
            Value::Unknown(why) => unknown(why.clone()),
            _ => read(&branch.value),
        };
        candidates.push(Candidate {
            state,
            when: when.into(),
            at: branch.value.at.clone(),
        });
    }
}

/// Worlds that agree are one value; others stay unknown, by the first condition.
pub(super) fn settled<T: PartialEq>(mut candidates: Vec<Candidate<T>>, branches: &[Branch]) -> State<T> {
    let agree = match candidates.split_first() {
        Some((first, rest)) => {
            !matches!(first.state, State::Unknown(_)) && rest.iter().all(|other| other.state == first.state)
        }
        None => false,
    };
    if agree
        && candidates.len() < MAX_CANDIDATES
        && let Some(only) = candidates.pop()
    {
        return only.state;
    }
    let why = branches.first().map_or(Why::NotKept, |branch| why_branch(&branch.when));
    if candidates.len() >= MAX_CANDIDATES {
        candidates.clear();
    }
    State::Unknown(Unknown { why, candidates })
}

/// `Stage = prod` comes of a parameter's allowed values, `AWS::Region = eu-west-1` of a mapping; anything
/// else is a condition.
fn why_branch(when: &str) -> Why {
    match when.split_once(" = ") {
        Some((pseudo, _)) if pseudo.starts_with("AWS::") => Why::Pseudo(pseudo.into()),
        Some((parameter, _)) => Why::Parameter(parameter.into()),
        None => Why::Condition(when.into()),
    }
}

pub(super) fn describe(document: &Document) -> &'static str {
    match &document.value {
        Value::Absent | Value::Null => "nothing",
        Value::Scalar { quoted: true, .. } => "a string",
        Value::Scalar { .. } => "a plain value",
        Value::List(_) => "a list",
        Value::Map(_) => "a map",
        Value::Choice(_) => "a choice",
        Value::Unknown(_) => "an unknown value",
    }
}

/// A document that is there only in the `of`-th world of a choice.
pub(super) fn only_in(branches: &[Branch], of: usize, value: Document) -> Document {
    let at = value.at.clone();
    let branch = |(index, branch): (usize, &Branch)| Branch {
        when: branch.when.clone(),
        value: if index == of {
            value.clone()
        } else {
            Document::new(Value::Absent, branch.value.at.clone())
        },
    };
    Document::new(Value::Choice(branches.iter().enumerate().map(branch).collect()), at)
}

/// The only world of a choice in which there is something.
pub(super) fn only_branch(document: &Document) -> Option<&Document> {
    let Value::Choice(branches) = &document.value else {
        return None;
    };
    let mut there = branches.iter().filter(|branch| !branch.value.is_absent());
    match (there.next(), there.next()) {
        (Some(only), None) => Some(&only.value),
        _ => None,
    }
}

/// The keys of a map in every world, in the order in which they are first written.
pub(super) fn keys(document: &Document, seen: &mut Vec<Arc<str>>, known: &mut std::collections::HashSet<Arc<str>>) {
    match &document.value {
        Value::Choice(branches) => branches.iter().for_each(|branch| keys(&branch.value, seen, known)),
        _ => document
            .fields()
            .iter()
            .filter(|field| known.insert(field.key.clone()))
            .for_each(|field| seen.push(field.key.clone())),
    }
}

/// The worlds in which a document is there, in words; `None` where it is there in all of them.
pub(super) fn present_when(document: &Document) -> Option<Arc<str>> {
    let Value::Choice(branches) = &document.value else {
        return None;
    };
    let absent = branches.iter().any(|branch| branch.value.is_absent());
    let inner = branches.iter().find_map(|branch| {
        let inner = present_when(&branch.value)?;
        Some(Arc::from(format!("{} and {inner}", branch.when)))
    });
    if !absent {
        return inner;
    }
    inner.or_else(|| {
        let there = branches.iter().filter(|branch| !branch.value.is_absent());
        let words: Vec<_> = there.map(|branch| &*branch.when).collect();
        Some(words.join(" or ").into())
    })
}
