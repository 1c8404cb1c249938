//! Whether a trail records the invocations of a function.
//!
//! `Invoke` is a data event of type `AWS::Lambda::Function` with `readOnly` false.
//! Sources: CloudTrail API reference, "EventSelector", "DataResource" and "AdvancedFieldSelector";
//! AWS Lambda developer guide, "Logging AWS Lambda API calls using AWS CloudTrail".

use crate::verdict::possible::{any, is};
use maremma_iam::Match;
use maremma_model::noun::{AdvancedSelector, DataResource, EventSelector, FieldSelector, Items, Trail};
use maremma_model::{AnyId, Existence, Function, Id, Setting, State, Text, Why};

/// A function, as selectors name it.
#[derive(Clone, Copy)]
pub(crate) struct Invoked<'f> {
    pub(crate) id: Id<Function>,
    pub(crate) function: &'f Function,
}

/// How a field is compared with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Test {
    Equals,
    StartsWith,
    EndsWith,
}

/// Stands for what is not known of a text.
const HOLE: char = '\u{fffc}';

pub(crate) fn records(trail: &Trail, invoked: Invoked<'_>) -> Match {
    let logging = is(&trail.is_logging, &|value| value.is_none_or(|&logging| logging).into());
    let advanced = any(&trail.advanced_selectors, &|selector| by_advanced(selector, invoked));
    let basic = any(&trail.selectors, &|selector| by_basic(selector, invoked));
    let exists = match trail.resource.exists {
        Existence::Always => Match::Yes,
        Existence::When(_) | Existence::OffByDefault(_) => Match::Unknown,
    };
    Match::all([advanced.is.or(basic.is), logging.is, exists])
}

fn by_basic(selector: &EventSelector, invoked: Invoked<'_>) -> Match {
    let writes = is(&selector.read_write, &|value| match value.map(Text::as_literal) {
        Some(Some(kind)) => (kind != "ReadOnly").into(),
        Some(None) => Match::Unknown,
        None => Match::Yes,
    });
    let resources = any(&selector.data_resources, &|resource: &DataResource| {
        let functions = is(&resource.kind, &|kind| {
            kind.map_or(Match::No, |kind| fixed(Test::Equals, "AWS::Lambda::Function", kind))
        });
        let named = any(&resource.values, &|value| {
            // The one prefix that AWS takes; ARNs of functions are exact.
            let all = is_all_functions(value);
            if all {
                Match::Yes
            } else {
                by_arn(Test::Equals, value, invoked)
            }
        });
        functions.is.and(named.is)
    });
    writes.is.and(resources.is)
}

/// `arn:aws:lambda`, in whatever partition.
fn is_all_functions(value: &Text) -> bool {
    matches!(segments(value).as_slice(), [arn, _, lambda] if arn == "arn" && lambda == "lambda")
}

fn by_advanced(selector: &AdvancedSelector, invoked: Invoked<'_>) -> Match {
    if selector.fields.is_empty() {
        return Match::No;
    }
    Match::all(selector.fields.iter().map(|field| by_field(field, invoked)))
}

/// Whether an invocation passes one field selector.
fn by_field(selector: &FieldSelector, invoked: Invoked<'_>) -> Match {
    let operator = selector.operator.as_literal().unwrap_or_default();
    let (test, negated) = match operator.strip_prefix("Not") {
        Some(test) => (test, true),
        None => (operator, false),
    };
    let test = match test {
        "Equals" => Test::Equals,
        "StartsWith" => Test::StartsWith,
        _ => Test::EndsWith,
    };
    let field = selector.field.value().and_then(Text::as_literal);
    let matched = any(&selector.values, &|value| match field {
        Some("eventCategory") => fixed(test, "Data", value),
        Some("resources.type") => fixed(test, "AWS::Lambda::Function", value),
        Some("readOnly") => fixed(test, "false", value),
        Some("eventName") => fixed(test, "Invoke", value),
        Some("eventSource") => fixed(test, "lambda.amazonaws.com", value),
        Some("eventType") => fixed(test, "AwsApiCall", value),
        Some("resources.ARN") => by_arn(test, value, invoked),
        // Who invokes, and how, leaves some invocations out.
        _ => Match::Unknown,
    });
    if negated { !matched.is } else { matched.is }
}

fn fixed(test: Test, event: &str, value: &Text) -> Match {
    let Some(value) = value.as_literal() else {
        return Match::Unknown;
    };
    compare(test, event, value).into()
}

fn compare(test: Test, event: &str, value: &str) -> bool {
    match test {
        Test::Equals => event == value,
        Test::StartsWith => event.starts_with(value),
        Test::EndsWith => event.ends_with(value),
    }
}

/// Compares the ARN of a function, of which a template knows some segments.
fn by_arn(test: Test, value: &Text, invoked: Invoked<'_>) -> Match {
    let named = value.holes().find_map(|hole| match hole.stands_for.as_ref()?.of {
        AnyId::Function(id) => Some(id),
        _ => None,
    });
    if let Some(named) = named {
        return (named == invoked.id).into();
    }
    let own = &invoked.function.resource.arn;
    if test == Test::EndsWith {
        return match (own.as_literal(), value.as_literal()) {
            (_, Some(value)) if own.suffix().ends_with(value) => Match::Yes,
            (_, Some(value)) if own.as_literal().is_some() || own.suffix().len() >= value.len() => Match::No,
            _ => Match::Unknown,
        };
    }
    let (own, value) = (segments(own), segments(value));
    if value.len() > own.len() || test == Test::Equals && value.len() < own.len() {
        return Match::No;
    }
    let last = value.len().saturating_sub(1);
    Match::all(own.iter().zip(&value).enumerate().map(|(index, (own, value))| {
        let open = own.contains(HOLE) || value.contains(HOLE);
        // A partition that is not known is the one in which the trail is deployed.
        let same_place = index == 1 || open && own == value && index < 5;
        match test {
            _ if same_place => Match::Yes,
            Test::StartsWith if index == last && value.is_empty() => Match::Yes,
            _ if open => Match::Unknown,
            Test::StartsWith if index == last => own.starts_with(value.as_str()).into(),
            _ => (own == value).into(),
        }
    }))
}

/// The text at its colons, those in the names of holes aside.
fn segments(text: &Text) -> Vec<String> {
    let shown = text.marked(HOLE);
    shown.split(':').map(str::to_owned).collect()
}

/// Why it is not known what a trail records: the first part of its selectors that is not known.
pub(crate) fn why(trail: &Trail) -> Option<Why> {
    let selector = |selector: &EventSelector| {
        let resource = |resource: &DataResource| unknown(&resource.kind).or_else(|| of_texts(&resource.values));
        unknown(&selector.read_write).or_else(|| of_list(&selector.data_resources, &resource))
    };
    let advanced = |selector: &AdvancedSelector| {
        let field = |field: &FieldSelector| unknown(&field.field).or_else(|| of_texts(&field.values));
        selector.fields.iter().find_map(field)
    };
    let exists = match &trail.resource.exists {
        Existence::Always => None,
        Existence::When(words) | Existence::OffByDefault(words) => Some(Why::Condition(words.clone())),
    };
    unknown(&trail.is_logging)
        .or_else(|| of_list(&trail.selectors, &selector))
        .or_else(|| of_list(&trail.advanced_selectors, &advanced))
        .or(exists)
}

fn of_texts(list: &Items<Text>) -> Option<Why> {
    of_list(list, &|text: &Text| text.why().cloned())
}

fn of_list<T>(list: &Items<T>, inner: &dyn Fn(&T) -> Option<Why>) -> Option<Why> {
    let mut items = list.possible().flatten();
    unknown(list).or_else(|| items.find_map(|item| unknown(item).or_else(|| item.possible().find_map(inner))))
}

fn unknown<T>(setting: &Setting<T>) -> Option<Why> {
    match &setting.state {
        State::Unknown(unknown) => Some(unknown.why.clone()),
        _ => None,
    }
}
