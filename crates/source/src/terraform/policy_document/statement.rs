//! A `statement` block as a statement of a policy.

use super::super::value::{Branch, Kind, Value};
use super::{Fields, list, listed, map, why};
use maremma_model::{Piece, Text, Why};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// What holds a set of strings, and how a policy names it. Actions are taken as they are written; in the others
/// `&{` stands for the `${` of a policy variable, which Terraform would read itself.
const SETS: [(&str, &str, bool); 4] = [
    ("actions", "Action", false),
    ("not_actions", "NotAction", false),
    ("resources", "Resource", true),
    ("not_resources", "NotResource", true),
];

const PRINCIPALS: [(&str, &str); 2] = [("principals", "Principal"), ("not_principals", "NotPrincipal")];

/// The statement of a block. One that is not known stays so.
pub(super) fn of(block: &Value) -> Value {
    let fields = match &block.kind {
        Kind::Map(fields) => fields,
        Kind::Choice(branches) => {
            let branch = |branch: &Branch| Branch {
                when: branch.when.clone(),
                value: of(&branch.value),
            };
            let branches = branches.iter().map(branch).collect();
            return Value {
                kind: Kind::Choice(Rc::new(branches)),
                ..block.clone()
            };
        }
        _ => return Value::unknown(why(block), block.at),
    };
    let mut statement = Fields::new();
    let effect = present(fields, "effect").cloned();
    statement.insert(
        "Effect".into(),
        effect.unwrap_or_else(|| Value::text("Allow", block.at)),
    );
    if let Some(sid) = present(fields, "sid").filter(|sid| !is_empty_text(sid)) {
        statement.insert("Sid".into(), sid.clone());
    }
    for (name, key, variables) in SETS {
        if let Some(value) = present(fields, name).and_then(|value| strings(value, variables)) {
            statement.insert(key.into(), value);
        }
    }
    for (name, key) in PRINCIPALS {
        if let Some(value) = principals(present(fields, name)) {
            statement.insert(key.into(), value);
        }
    }
    if let Some(value) = conditions(present(fields, "condition")) {
        statement.insert("Condition".into(), value);
    }
    map(statement, block.at)
}

fn present<'a>(fields: &'a Fields, name: &str) -> Option<&'a Value> {
    fields.get(name).filter(|value| !matches!(value.kind, Kind::Null))
}

fn is_empty_text(value: &Value) -> bool {
    matches!(&value.kind, Kind::Text(text) if text.as_literal() == Some(""))
}

/// A set of strings as a policy writes it: one alone without brackets, none not at all. The provider also sorts
/// them, which means nothing in a policy; here they stand as they were written.
fn strings(value: &Value, variables: bool) -> Option<Value> {
    match &value.kind {
        Kind::List(items) => {
            let items = distinct(items.iter().filter(|item| !matches!(item.kind, Kind::Null)), variables);
            collected(items, value)
        }
        Kind::Choice(branches) => {
            // A world without any has an empty list, which matches nothing either.
            let branch = |branch: &Branch| Branch {
                when: branch.when.clone(),
                value: strings(&branch.value, variables).unwrap_or_else(|| list(Vec::new(), branch.value.at)),
            };
            Some(Value {
                kind: Kind::Choice(Rc::new(branches.iter().map(branch).collect())),
                ..value.clone()
            })
        }
        _ => Some(string(value, variables)),
    }
}

fn distinct<'a>(items: impl Iterator<Item = &'a Value>, variables: bool) -> Vec<Value> {
    let mut seen = std::collections::HashSet::new();
    let strings = items.map(|item| string(item, variables));
    strings
        .filter(|item| match &item.kind {
            Kind::Text(Text::Literal(text)) => seen.insert(text.clone()),
            _ => true,
        })
        .collect()
}

/// Strings as a policy writes them, where `whole` stands.
fn collected(mut items: Vec<Value>, whole: &Value) -> Option<Value> {
    let mut value = match items.len() {
        0 => return None,
        1 => items.swap_remove(0),
        _ => list(items, whole.at),
    };
    value.sensitive |= whole.sensitive;
    value.by = value.by.or_else(|| whole.by.clone());
    Some(value)
}

fn string(value: &Value, variables: bool) -> Value {
    let kind = match &value.kind {
        Kind::Text(text) if variables => Kind::Text(with_variables(text)),
        Kind::Number(number) => Kind::Text(Text::literal(number.0.clone())),
        Kind::Bool(known) => Kind::Text(Text::literal(if *known { "true" } else { "false" })),
        Kind::Choice(branches) => {
            let branch = |branch: &Branch| Branch {
                when: branch.when.clone(),
                value: string(&branch.value, variables),
            };
            Kind::Choice(Rc::new(branches.iter().map(branch).collect()))
        }
        other => other.clone(),
    };
    Value { kind, ..value.clone() }
}

fn with_variables(text: &Text) -> Text {
    Text::from_pieces(text.pieces().into_iter().map(|piece| match piece {
        Piece::Literal(text) if text.contains("&{") => Piece::Literal(text.replace("&{", "${").into()),
        piece => piece,
    }))
}

/// What several blocks say of one name, and where the first of them says it.
type Gathered = BTreeMap<Arc<str>, (Vec<Value>, Value)>;

/// Principals by their type. `*` of type `*` alone is written as such, which admits everybody; IAM takes it for
/// another word than `{"AWS": "*"}` in trust policies, and so does the provider.
fn principals(value: Option<&Value>) -> Option<Value> {
    let whole = value?;
    let mut by_type = Gathered::new();
    for block in listed(value) {
        let Kind::Map(fields) = &block.kind else {
            return Some(Value::unknown(why(block), block.at));
        };
        let key = match present(fields, "type").map(|value| (&value.kind, value)) {
            Some((Kind::Text(Text::Literal(key)), _)) => key.clone(),
            Some((_, unknown)) => return Some(Value::unknown(why(unknown), unknown.at)),
            None => continue,
        };
        let identifiers = present(fields, "identifiers");
        let entry = by_type
            .entry(key)
            .or_insert_with(|| (Vec::new(), identifiers.unwrap_or(block).clone()));
        match identifiers {
            Some(identifiers) => entry.0.extend(elements(identifiers)),
            None => continue,
        }
    }
    let everybody = by_type.len() == 1 && by_type.contains_key("*");
    let mut fields = Fields::new();
    for (key, (identifiers, whole)) in by_type {
        if let Some(value) = collected(distinct(identifiers.iter(), true), &whole) {
            let all = matches!(&value.kind, Kind::Text(text) if text.as_literal() == Some("*"));
            if everybody && all {
                return Some(value);
            }
            fields.insert(key, value);
        }
    }
    (!fields.is_empty()).then(|| map(fields, whole.at))
}

/// The elements of a set. One that is not known holds strings that are not.
fn elements(value: &Value) -> Vec<Value> {
    match &value.kind {
        Kind::List(items) => items
            .iter()
            .filter(|item| !matches!(item.kind, Kind::Null))
            .cloned()
            .collect(),
        // Among others a choice between sets is no element.
        Kind::Choice(branches) if branches.iter().any(|branch| matches!(branch.value.kind, Kind::List(_))) => {
            vec![Value::unknown(why(value), value.at)]
        }
        _ => vec![value.clone()],
    }
}

/// Conditions by their operator and key; what several blocks say of the same is taken together.
fn conditions(value: Option<&Value>) -> Option<Value> {
    let whole = value?;
    let mut tests: BTreeMap<Arc<str>, Gathered> = BTreeMap::new();
    for block in listed(value) {
        let Kind::Map(fields) = &block.kind else {
            return Some(Value::unknown(why(block), block.at));
        };
        let named = |name: &str| match present(fields, name).map(|value| &value.kind) {
            Some(Kind::Text(text)) => Some(text),
            _ => None,
        };
        let (Some(test), Some(variable)) = (named("test"), named("variable")) else {
            let unknown = [fields.get("test"), fields.get("variable")].into_iter().flatten();
            let open = unknown
                .filter(|value| !matches!(value.kind, Kind::Text(_)))
                .map(why)
                .next();
            let why = open.unwrap_or(Why::Unresolved("a condition without an operator or a key".into()));
            return Some(Value::unknown(why, block.at));
        };
        let Some(test) = test.as_literal() else {
            return Some(Value::unknown(test.why().cloned().unwrap_or(Why::NotKept), block.at));
        };
        // A key of which a part is not known, as the issuer of tokens, is shown with its hole.
        let variable: Arc<str> = variable.to_string().into();
        let values = present(fields, "values");
        let variables = tests.entry(test.into()).or_default();
        let entry = variables
            .entry(variable)
            .or_insert_with(|| (Vec::new(), values.unwrap_or(block).clone()));
        entry.0.extend(values.map(elements).unwrap_or_default());
    }
    if tests.is_empty() {
        return None;
    }
    let tests = tests.into_iter().map(|(test, variables)| {
        let variables = variables.into_iter().map(|(variable, (values, whole))| {
            let values = values.iter().map(|value| string(value, true)).collect();
            let value = collected(values, &whole).unwrap_or_else(|| list(Vec::new(), whole.at));
            (variable, value)
        });
        (test, map(variables.collect(), whole.at))
    });
    Some(map(tests.collect(), whole.at))
}
