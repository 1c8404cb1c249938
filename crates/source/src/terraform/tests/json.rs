//! Configurations in JSON syntax.

use super::run;

#[test]
fn json_says_the_same() {
    let ran = run(&[
        (
            "main.tf.json",
            r#"{
  "//": "a comment",
  "variable": {"stage": {"type": "string", "default": "prod"}},
  "locals": {"name": "orders-${var.stage}", "content": {"a": 1}},
  "provider": {"aws": [{"region": "eu-west-1", "default_tags": {"tags": {"owner": "team"}}}, {"alias": "edge", "region": "us-east-1"}]},
  "resource": {
    "aws_lambda_function": {
      "f": {
        "function_name": "${local.name}",
        "memory_size": 512,
        "publish": true,
        "role": "${aws_iam_role.r[0].arn}",
        "environment": {"variables": {"STAGE": "${var.stage}", "COST": "$${5}"}},
        "content": "${local.content.a}",
        "dynamic": {"vpc_config": {"for_each": ["s"], "content": {"subnet_ids": ["${vpc_config.value}"]}}},
        "lifecycle": {"ignore_changes": ["role"]},
        "provider": "aws.edge"
      }
    },
    "aws_iam_role": {"r": [{"count": 1, "name": "r-${count.index}"}]}
  },
  "module": {"q": {"source": "./queue", "name": "q"}},
  "output": {"arn": {"value": "${aws_lambda_function.f.arn}"}}
}"#,
        ),
        (
            "queue/main.tf",
            "variable \"name\" {}\nresource \"aws_sqs_queue\" \"q\" { name = var.name }\n",
        ),
    ]);
    assert_eq!(
        ran.clean().addresses(),
        ["aws_lambda_function.f", "aws_iam_role.r[0]", "module.q.aws_sqs_queue.q"]
    );
    assert_eq!(
        ran.body("aws_lambda_function.f"),
        "{function_name: \"orders-prod\", memory_size: 512, publish: true, role: \"<aws_iam_role.r[0].arn>\", \
         environment: {variables: {COST: \"${5}\", STAGE: \"prod\"}}, content: 1, vpc_config: [{subnet_ids: [\"s\"]}]}"
    );
    assert_eq!(
        ran.instance("aws_lambda_function.f").region.as_deref(),
        Some("us-east-1")
    );
    assert_eq!(
        ran.body("aws_iam_role.r[0]"),
        "{name: \"r-0\", tags: {owner: \"team\"}}"
    );
    assert_eq!(
        ran.body("module.q.aws_sqs_queue.q"),
        "{name: \"q\", tags: {owner: \"team\"}}"
    );
    assert_eq!(
        ran.written("aws_lambda_function.f", "function_name"),
        "\"${local.name}\""
    );
}

#[test]
fn json_that_does_not_parse_leaves_the_rest() {
    let ran = run(&[
        ("a.tf.json", "{\"resource\": "),
        ("b.tf", "resource \"aws_x\" \"x\" {}\n"),
    ]);
    assert_eq!(ran.addresses(), ["aws_x.x"]);
    assert_eq!(ran.made.gaps.len(), 1);
}

#[test]
fn a_string_of_a_variables_file_in_json_is_that_string() {
    let ran = run(&[
        ("main.tf", "variable \"v\" {}\nresource \"aws_x\" \"x\" { v = var.v }\n"),
        ("terraform.tfvars.json", "{\"v\": \"${not.evaluated}\"}"),
    ]);
    assert_eq!(ran.clean().body("aws_x.x"), "{v: \"${not.evaluated}\"}");
}
