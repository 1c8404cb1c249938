//! Services in, templates and rows out.

mod event;
mod function;
mod hostile;
mod variable;

use crate::tree::long_form;
use crate::{Deployment, Options, expanded, read_texts};
use maremma_model::Estate;
use serde_json::Value;

fn options(parameters: &[(&str, &str)]) -> Options {
    let given = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Options {
        deployment: Deployment {
            parameters: parameters.iter().map(given).collect(),
            ..Deployment::default()
        },
        ..Options::default()
    }
}

/// A service with `rest` after its first lines.
fn service(rest: &str) -> String {
    format!("service: shop\nprovider:\n  name: aws\n  stage: dev\n  runtime: python3.13\n{rest}")
}

/// The resources of the template that is made of a service.
fn resources(text: &str) -> Value {
    let template = long_form(&expanded(text, &Options::default()).unwrap());
    template.get("Resources").unwrap().clone()
}

fn at<'v>(resources: &'v Value, path: &str) -> &'v Value {
    resources.pointer(path).unwrap_or_else(|| {
        let ids: Vec<_> = resources.as_object().unwrap().keys().collect();
        panic!("no {path} among {ids:?}")
    })
}

fn estate(text: &str) -> Estate {
    with(text, &[])
}

fn with(text: &str, parameters: &[(&str, &str)]) -> Estate {
    read_texts(&[("serverless.yml", text)], &options(parameters))
}

fn reasons(estate: &Estate) -> Vec<String> {
    estate.gaps.iter().map(|gap| gap.reason.to_string()).collect()
}

#[test]
fn a_service_is_one_unit() {
    let estate = estate(&service("functions:\n  hello: {handler: a.b}\n"));
    assert_eq!(reasons(&estate), Vec::<String>::new());
    let unit = &estate.units[0];
    assert_eq!((&*unit.format, &*unit.name), ("serverless", "serverless.yml"));
    let function = estate.functions.values().next().unwrap();
    assert_eq!(&*function.resource.address, "HelloLambdaFunction");
    assert_eq!(function.resource.name.as_literal(), Some("shop-dev-hello"));
}

#[test]
fn other_providers_and_other_files_are_no_services() {
    for text in [
        "service: a\nprovider: {name: google}\n",
        "services: {web: {image: nginx}}\nprovider: {name: aws}\n",
        "service: a\n",
    ] {
        assert_eq!(reasons(&estate(text)).len(), 1, "{text}");
    }
    assert!(
        estate("service: {name: a}\nprovider: aws\nfunctions: {f: {handler: h}}\n")
            .functions
            .len()
            == 1
    );
}
