//! Data sources, asked for their attributes.

use super::{Query, Target, attribute};
use crate::terraform::function::tests::{Alone, shown, value};
use crate::terraform::value::Value;
use maremma_model::Place;
use serde_json::{Value as Json, json};
use std::path::Path;

fn asked(kind: &str, body: &Json, target: &Target, name: &str) -> Json {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"));
    let scope = Alone::new(directory, directory);
    let body = value(body);
    let query = Query {
        kind,
        body: &body,
        target,
        scope: &scope,
        at: Place::default(),
    };
    let read = || Value::unresolved("read when Terraform plans", Place::default());
    shown(&attribute(&query, name).unwrap_or_else(read))
}

#[test]
fn attributes_follow_from_the_configuration() {
    let arn = json!({"arn": "arn:aws:lambda:${&Region}:${&AccountId}:function:orders"});
    let cases = [
        ("aws_partition", json!({}), "partition", json!("${&Partition}")),
        ("aws_partition", json!({}), "dns_suffix", json!("${&URLSuffix}")),
        ("aws_caller_identity", json!({}), "account_id", json!("${&AccountId}")),
        ("aws_caller_identity", json!({}), "arn", json!({"unknown": "?"})),
        (
            "aws_lambda_layer_version",
            json!({"layer_name": "tools", "version": 3}),
            "arn",
            json!("arn:${&Partition}:lambda:${&Region}:${&AccountId}:layer:tools:3"),
        ),
        (
            "aws_lambda_layer_version",
            json!({"layer_name": "arn:aws:lambda:eu-west-1:111122223333:layer:tools"}),
            "layer_arn",
            json!("arn:aws:lambda:eu-west-1:111122223333:layer:tools"),
        ),
        (
            "aws_lambda_layer_version",
            json!({"layer_name": "${A}"}),
            "arn",
            json!({"unknown": "?"}),
        ),
        ("aws_region", json!({}), "name", json!("${&Region}")),
        ("aws_region", json!({"name": "eu-west-1"}), "id", json!("eu-west-1")),
        (
            "aws_region",
            json!({"endpoint": "ec2.eu-west-1.amazonaws.com"}),
            "name",
            json!({"unknown": "?"}),
        ),
        (
            "aws_iam_policy",
            json!({"arn": "arn:aws:iam::aws:policy/X"}),
            "arn",
            json!("arn:aws:iam::aws:policy/X"),
        ),
        (
            "aws_iam_policy",
            json!({"name": "AWSLambdaBasicExecutionRole"}),
            "arn",
            json!("arn:${&Partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"),
        ),
        (
            "aws_iam_policy",
            json!({"name": "ours"}),
            "arn",
            json!({"unknown": "?"}),
        ),
        ("aws_iam_policy", json!({"name": "ours"}), "name", json!("ours")),
        (
            "aws_service_principal",
            json!({"service_name": "lambda"}),
            "name",
            json!("lambda.amazonaws.com"),
        ),
        (
            "aws_service_principal",
            json!({"service_name": "logs"}),
            "name",
            json!("logs.${&URLSuffix}"),
        ),
        (
            "aws_service_principal",
            json!({"service_name": "logs", "region": "eu-west-1"}),
            "id",
            json!("logs.eu-west-1.amazonaws.com"),
        ),
        ("aws_arn", arn.clone(), "service", json!("lambda")),
        ("aws_arn", arn.clone(), "account", json!("${&AccountId}")),
        ("aws_arn", arn.clone(), "resource", json!("function:orders")),
        (
            "aws_arn",
            json!({"arn": "${@Arn}"}),
            "account",
            json!({"unknown": "f.arn"}),
        ),
        (
            "archive_file",
            json!({"output_path": "x.zip"}),
            "output_path",
            json!("x.zip"),
        ),
        (
            "archive_file",
            json!({"output_path": "x.zip"}),
            "output_base64sha256",
            json!({"unknown": "?"}),
        ),
        (
            "template_file",
            json!({"template": "a-${name}", "vars": {"name": "b"}}),
            "rendered",
            json!({"unknown": "?"}),
        ),
        (
            "template_file",
            json!({"template": "plain"}),
            "rendered",
            json!("plain"),
        ),
        (
            "null_data_source",
            json!({"inputs": {"a": 1}}),
            "outputs",
            json!({"a": 1}),
        ),
        (
            "local_file",
            json!({"filename": "absent"}),
            "content_base64sha256",
            json!({"unknown": "?"}),
        ),
        ("aws_elb_service_account", json!({}), "arn", json!({"unknown": "?"})),
        ("aws_s3_bucket", json!({"bucket": "theirs"}), "bucket", json!("theirs")),
        (
            "aws_s3_bucket",
            json!({"bucket": "theirs"}),
            "arn",
            json!({"unknown": "?"}),
        ),
    ];
    for (kind, body, name, expected) in cases {
        assert_eq!(asked(kind, &body, &Target::default(), name), expected, "{kind}.{name}");
    }
}

#[test]
fn what_is_given_of_the_deployment_is_known() {
    let target = |region: &str| Target {
        account: Some("111122223333".into()),
        region: Some(region.into()),
    };
    let china = target("cn-north-1");
    assert_eq!(asked("aws_partition", &json!({}), &china, "partition"), "aws-cn");
    assert_eq!(
        asked("aws_partition", &json!({}), &china, "dns_suffix"),
        "amazonaws.com.cn"
    );
    assert_eq!(
        asked("aws_caller_identity", &json!({}), &china, "account_id"),
        "111122223333"
    );
    assert_eq!(asked("aws_region", &json!({}), &china, "region"), "cn-north-1");
    let logs = json!({"service_name": "logs"});
    assert_eq!(
        asked("aws_service_principal", &logs, &china, "name"),
        "logs.${&URLSuffix}"
    );
    assert_eq!(
        asked("aws_service_principal", &logs, &target("eu-west-1"), "name"),
        "logs.amazonaws.com"
    );
    let file = asked(
        "local_sensitive_file",
        &json!({"filename": "src/lib.rs"}),
        &china,
        "content_md5",
    );
    assert!(file["sensitive"].is_string(), "{file}");
    let document = json!({"statement": [{"actions": ["s3:GetObject"], "resources": ["*"]}]});
    let made = asked("aws_iam_policy_document", &document, &china, "minified_json");
    assert_eq!(made["json"]["Statement"][0]["Action"], "s3:GetObject");
}
