//! Small templates in, rows and links out: one file a family.

mod api;
mod balancer;
mod event;
mod lambda;

use crate::{Options, read_texts};
use maremma_model::{Estate, FunctionRef, Noun, Setting, Text};

/// The estate of resources, written without their `Resources:` line.
fn estate(resources: &str) -> Estate {
    template(&format!("Resources:\n{resources}"))
}

fn template(text: &str) -> Estate {
    read_texts(&[("template.yaml", text)], &Options::default())
}

/// The only row of a noun.
fn only<T: Noun + std::fmt::Debug>(estate: &Estate) -> &T {
    let rows = T::table(estate);
    assert_eq!(rows.len(), 1, "{rows:?} {:?}", estate.gaps);
    rows.values().next().unwrap()
}

fn literal(setting: &Setting<Text>) -> &str {
    setting
        .value()
        .and_then(Text::as_literal)
        .unwrap_or_else(|| panic!("{setting:?}"))
}

/// The address of the function that a setting names, with its qualifier.
fn named(estate: &Estate, function: &Setting<FunctionRef>) -> String {
    let Some(reference) = function.value() else {
        return format!("{:?}", function.state);
    };
    let function = reference
        .function
        .here()
        .map_or("?", |id| &*estate.functions[id].resource.address);
    match &reference.qualifier {
        Some(qualifier) => format!("{function}:{qualifier}"),
        None => function.to_owned(),
    }
}

const FUNCTION: &str = "  Fn:\n    Type: AWS::Lambda::Function\n    Properties: {Runtime: python3.13}\n";
