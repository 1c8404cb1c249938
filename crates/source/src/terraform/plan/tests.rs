//! Plans and states in, bodies of resources out.

use super::*;
use maremma_model::{Function, Noun, Table};

fn planned(text: &str) -> (Form, Planned) {
    let mut rows = 0;
    let mut promise = |_: &str| {
        rows += 1;
        Function::any(Table::<Function>::id_at(rows - 1))
    };
    read(text, FileId(0), &mut promise).unwrap().unwrap()
}

fn at<'d>(planned: &'d Planned, address: &str, path: &str) -> Option<&'d Document> {
    let body = &planned
        .instances
        .iter()
        .find(|one| &*one.address == address)
        .unwrap_or_else(|| panic!("{address} is not among {:?}", planned.instances))
        .body;
    path.split('.')
        .try_fold(body, |document, key| match key.parse::<usize>() {
            Ok(nth) => document.items().get(nth),
            Err(_) => document.get(key),
        })
}

/// A text with the attribute that a hole of it stands for.
fn shown(document: Option<&Document>) -> String {
    match document.map(|document| &document.value) {
        Some(Value::Scalar { text, .. }) => match text.as_attribute() {
            Some(attribute) => format!("{:?}.{}", attribute.of, attribute.name),
            None => text.to_string(),
        },
        Some(Value::Unknown(why)) => format!("unknown: {why}"),
        Some(Value::List(items)) => items
            .iter()
            .map(|item| shown(Some(item)))
            .collect::<Vec<_>>()
            .join(", "),
        other => format!("{other:?}"),
    }
}

const PLAN: &str = r#"{
  "format_version": "1.2", "terraform_version": "1.9.8",
  "variables": {"region": {"value": "eu-west-1"}, "token": {"value": "not-a-real-token"}},
  "planned_values": {"root_module": {
    "resources": [
      {"address": "aws_iam_role.r", "mode": "managed", "type": "aws_iam_role", "name": "r", "values": {"name": "r", "tags": null}, "sensitive_values": {}},
      {"address": "data.aws_region.r", "mode": "data", "type": "aws_region", "name": "r", "values": {}}
    ],
    "child_modules": [{
      "address": "module.api[\"x\"]",
      "resources": [
        {"address": "module.api[\"x\"].aws_lambda_function.f[0]", "mode": "managed", "type": "aws_lambda_function", "name": "f", "index": 0,
         "values": {"function_name": "f", "timeout": 3, "publish": true, "environment": [{"variables": {"TOKEN": "not-a-real-token", "A": "b"}}], "vpc_config": [{"subnet_ids": ["subnet-1"]}]},
         "sensitive_values": {"environment": [{"variables": {"TOKEN": true}}]}}
      ]
    }]
  }},
  "resource_changes": [
    {"address": "module.api[\"x\"].aws_lambda_function.f[0]", "change": {"after_unknown": {"role": true, "arn": true, "vpc_config": [{"security_group_ids": true, "subnet_ids": [false]}]}}}
  ],
  "configuration": {
    "provider_config": {"aws": {"expressions": {"region": {"references": ["var.region"]}}}},
    "root_module": {
      "resources": [{"address": "aws_iam_role.r", "mode": "managed", "type": "aws_iam_role", "name": "r", "provider_config_key": "aws", "expressions": {}}],
      "module_calls": {"api": {
        "expressions": {"role_arn": {"references": ["aws_iam_role.r.arn", "aws_iam_role.r"]}},
        "module": {"resources": [{"address": "aws_lambda_function.f", "mode": "managed", "type": "aws_lambda_function", "name": "f", "provider_config_key": "aws",
          "expressions": {"role": {"references": ["var.role_arn"]}, "vpc_config": [{"security_group_ids": {"references": ["local.groups"]}}]}}]}
      }}
    }
  }
}"#;

#[test]
fn a_value_known_after_apply_stands_for_the_resource_that_its_expression_names() {
    let (form, planned) = planned(PLAN);
    assert_eq!(form, Form::Plan);
    assert!(planned.gaps.is_empty(), "{:?}", planned.gaps);
    let function = "module.api[\"x\"].aws_lambda_function.f[0]";
    assert_eq!(planned.instances.len(), 2);
    assert_eq!(shown(at(&planned, function, "role")), "Function(#0).Arn");
    assert_eq!(shown(at(&planned, function, "function_name")), "f");
    assert_eq!(shown(at(&planned, function, "vpc_config.0.subnet_ids")), "subnet-1");
    // What a local says is not in a plan.
    let groups = shown(at(&planned, function, "vpc_config.0.security_group_ids"));
    assert!(
        groups.starts_with("unknown: module.api[\"x\"].aws_lambda_function.f[0].vpc_config[0].security_group_ids"),
        "{groups}"
    );
    assert_eq!(planned.instances[1].region.as_deref(), Some("eu-west-1"));
    assert!(at(&planned, "aws_iam_role.r", "tags").is_none(), "null is not set");
}

#[test]
fn a_sensitive_value_is_a_hole_whose_value_is_kept_apart() {
    let (_, planned) = planned(PLAN);
    let token = at(
        &planned,
        "module.api[\"x\"].aws_lambda_function.f[0]",
        "environment.0.variables.TOKEN",
    );
    assert!(
        matches!(&token.unwrap().value, Value::Scalar { text, .. } if matches!(text.why(), Some(maremma_model::Why::NoEcho(_))))
    );
    assert_eq!(planned.hidden.len(), 1);
    assert_eq!(planned.hidden[0].1.as_literal(), Some("not-a-real-token"));
    let places: Vec<_> = planned.sensitive.iter().map(|place| place.span).collect();
    let shows = |at: usize| {
        places
            .iter()
            .any(|span| (span.start.offset as usize..span.end.offset as usize).contains(&at))
    };
    for (at, _) in PLAN.match_indices("not-a-real-token") {
        assert!(shows(at), "the token at {at} is not marked");
    }
}

#[test]
fn states_are_read_in_both_forms() {
    let (form, shown_state) = planned(
        r#"{"format_version": "1.0", "terraform_version": "1.9.8", "values": {"root_module": {"resources": [
            {"address": "aws_lambda_function.f", "mode": "managed", "type": "aws_lambda_function", "name": "f", "values": {"arn": "arn:aws:lambda:eu-west-1:111122223333:function:f"}}]}}}"#,
    );
    assert_eq!(form, Form::State);
    assert_eq!(
        shown(at(&shown_state, "aws_lambda_function.f", "arn")),
        "arn:aws:lambda:eu-west-1:111122223333:function:f"
    );
    let (form, stored) = planned(
        r#"{"version": 4, "terraform_version": "1.9.8", "serial": 1, "lineage": "x", "outputs": {}, "resources": [
            {"module": "module.m", "mode": "managed", "type": "aws_lambda_function", "name": "f", "provider": "x", "instances": [
                {"index_key": "eu", "attributes": {"function_name": "f"}}, {"index_key": "us", "attributes": {"function_name": "g"}}]}]}"#,
    );
    assert_eq!(form, Form::Stored);
    assert_eq!(
        shown(at(&stored, "module.m.aws_lambda_function.f[\"us\"]", "function_name")),
        "g"
    );
}

#[test]
fn what_is_wrong_is_told_and_the_rest_is_read() {
    let (_, read) = planned(
        r#"{"format_version": "7.1", "terraform_version": "9", "planned_values": {"root_module": {"resources": [
            1, {"type": "aws_x"}, {"address": "aws_lambda_function.f", "type": "aws_lambda_function", "name": "f", "mode": "managed", "values": 3}],
            "child_modules": 7}}, "resource_changes": "no", "configuration": []}"#,
    );
    assert_eq!(read.instances.len(), 1);
    assert_eq!(read.gaps.len(), 4, "{:?}", read.gaps);
    let mut promise = |_: &str| Function::any(Table::<Function>::id_at(0));
    assert!(
        super::read("{\"terraform_version\": 1}", FileId(0), &mut promise)
            .unwrap()
            .is_none()
    );
    assert!(super::read("[]", FileId(0), &mut promise).unwrap().is_none());
    let error = super::read("{\"terraform_version\": \n  x}", FileId(0), &mut promise).unwrap_err();
    assert_eq!((error.at.line, error.what.as_str()), (2, "expected value"));
}

#[test]
fn what_nobody_wrote_is_left_to_aws() {
    let (_, planned) = planned(
        r#"{"format_version": "1.2", "terraform_version": "1.9.8",
        "planned_values": {"root_module": {"resources": [
          {"address": "aws_api_gateway_rest_api.a", "mode": "managed", "type": "aws_api_gateway_rest_api", "name": "a", "values": {"name": "a"}},
          {"address": "aws_lambda_function.f", "mode": "managed", "type": "aws_lambda_function", "name": "f", "values": {"function_name": "f"}},
          {"address": "aws_api_gateway_method_settings.s", "mode": "managed", "type": "aws_api_gateway_method_settings", "name": "s", "values": {"settings": [{}]}},
          {"address": "aws_api_gateway_usage_plan.p", "mode": "managed", "type": "aws_api_gateway_usage_plan", "name": "p", "values": {"api_stages": [{}, {}]}}
        ]}},
        "resource_changes": [
          {"address": "aws_api_gateway_rest_api.a", "change": {"after_unknown": {"policy": true, "endpoint_configuration": true, "body": true}}},
          {"address": "aws_lambda_function.f", "change": {"after_unknown": {"vpc_config": true, "tracing_config": true}}},
          {"address": "aws_api_gateway_method_settings.s", "change": {"after_unknown": {"settings": [{"logging_level": true, "caching_enabled": true}]}}},
          {"address": "aws_api_gateway_usage_plan.p", "change": {"after_unknown": {"api_stages": [{"stage": true}, {"stage": true}]}}}
        ],
        "configuration": {"root_module": {"resources": [
          {"address": "aws_api_gateway_rest_api.a", "mode": "managed", "type": "aws_api_gateway_rest_api", "name": "a", "expressions": {"body": {"references": ["var.body"]}}},
          {"address": "aws_lambda_function.f", "mode": "managed", "type": "aws_lambda_function", "name": "f", "expressions": {}},
          {"address": "aws_api_gateway_method_settings.s", "mode": "managed", "type": "aws_api_gateway_method_settings", "name": "s", "expressions": {"settings": [{"logging_level": {"references": ["var.level"]}}]}},
          {"address": "aws_api_gateway_usage_plan.p", "mode": "managed", "type": "aws_api_gateway_usage_plan", "name": "p", "expressions": {"api_stages": [{"stage": {"references": ["var.stage"]}}, {}]}}
        ]}}}"#,
    );
    let written = [
        ("aws_api_gateway_rest_api.a", "body"),
        ("aws_lambda_function.f", "vpc_config"),
        ("aws_api_gateway_method_settings.s", "settings.0.logging_level"),
        ("aws_api_gateway_usage_plan.p", "api_stages.0.stage"),
        ("aws_api_gateway_usage_plan.p", "api_stages.1.stage"),
    ];
    for (address, path) in written {
        assert!(
            shown(at(&planned, address, path)).starts_with("unknown: "),
            "{address} {path}"
        );
    }
    let left_out = [
        ("aws_api_gateway_rest_api.a", "policy"),
        ("aws_api_gateway_rest_api.a", "endpoint_configuration"),
        ("aws_lambda_function.f", "tracing_config"),
        ("aws_api_gateway_method_settings.s", "settings.0.caching_enabled"),
    ];
    for (address, path) in left_out {
        assert!(at(&planned, address, path).is_none(), "{address} {path}");
    }
}
