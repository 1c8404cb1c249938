//! What is in a single directory: arguments, blocks, references, counts.

use super::{main, run_with};
use maremma_model::Existence;

#[test]
fn a_resource_of_two_lines() {
    let ran = main("resource \"aws_sqs_queue\" \"orders\" {\n  name = \"orders\"\n}\n");
    assert_eq!(ran.clean().addresses(), ["aws_sqs_queue.orders"]);
    assert_eq!(ran.body("aws_sqs_queue.orders"), "{name: \"orders\"}");
    let instance = ran.instance("aws_sqs_queue.orders");
    assert_eq!(ran.text_at(instance.at), "resource \"aws_sqs_queue\" \"orders\"");
    assert_eq!(ran.written("aws_sqs_queue.orders", "name"), "\"orders\"");
    assert_eq!(instance.exists, Existence::Always);
}

#[test]
fn blocks_are_lists_of_maps() {
    let ran = main(
        r#"
resource "aws_lambda_function" "orders" {
  function_name = "orders"
  role          = aws_iam_role.orders.arn
  environment {
    variables = {
      STAGE = "prod"
      QUEUE = aws_sqs_queue.orders.url
    }
  }
  tracing_config { mode = "Active" }
  timeouts { create = "10m" }
  lifecycle { ignore_changes = [role] }
  depends_on = [aws_iam_role.orders]
}
resource "aws_iam_role" "orders" { name = "orders" }
resource "aws_sqs_queue" "orders" {}
"#,
    );
    assert_eq!(
        ran.clean().body("aws_lambda_function.orders"),
        "{function_name: \"orders\", role: \"<aws_iam_role.orders.arn>\", \
         environment: [{variables: {QUEUE: \"<aws_sqs_queue.orders.url>\", STAGE: \"prod\"}}], \
         tracing_config: [{mode: \"Active\"}]}"
    );
    assert_eq!(ran.promised, ["aws_lambda_function", "aws_iam_role", "aws_sqs_queue"]);
}

#[test]
fn count_makes_instances_by_number() {
    let ran = main(
        r#"
resource "aws_sqs_queue" "q" {
  count = 2
  name  = "q-${count.index}"
}
resource "aws_lambda_event_source_mapping" "m" {
  count            = length(aws_sqs_queue.q)
  event_source_arn = aws_sqs_queue.q[count.index].arn
  function_name    = aws_sqs_queue.q.1.name
  all              = aws_sqs_queue.q[*].arn
  names            = aws_sqs_queue.q.*.name
}
"#,
    );
    assert_eq!(
        ran.clean().addresses(),
        [
            "aws_sqs_queue.q[0]",
            "aws_sqs_queue.q[1]",
            "aws_lambda_event_source_mapping.m[0]",
            "aws_lambda_event_source_mapping.m[1]"
        ]
    );
    assert_eq!(ran.body("aws_sqs_queue.q[1]"), "{name: \"q-1\"}");
    assert_eq!(
        ran.body("aws_lambda_event_source_mapping.m[1]"),
        "{event_source_arn: \"<aws_sqs_queue.q[1].arn>\", function_name: \"q-1\", \
         all: [\"<aws_sqs_queue.q[0].arn>\", \"<aws_sqs_queue.q[1].arn>\"], names: [\"q-0\", \"q-1\"]}"
    );
}

#[test]
fn for_each_makes_instances_by_key() {
    let ran = main(
        r#"
locals {
  functions = {
    orders = { handler = "orders.main", memory = 512 }
    mails  = { handler = "mails.main" }
  }
}
resource "aws_lambda_function" "f" {
  for_each      = local.functions
  function_name = "app-${each.key}"
  handler       = each.value.handler
  memory_size   = lookup(each.value, "memory", 128)
  role          = aws_iam_role.r[each.key].arn
}
resource "aws_iam_role" "r" {
  for_each = toset(["orders", "mails"])
  name     = each.value
}
output "arns" { value = { for name, function in aws_lambda_function.f : name => function.arn } }
resource "aws_x" "x" {
  arns  = values(aws_lambda_function.f)[*].arn
  one   = aws_lambda_function.f["orders"].function_name
  names = [for function in aws_lambda_function.f : function.function_name]
}
"#,
    );
    assert_eq!(
        ran.clean().addresses()[..2],
        ["aws_lambda_function.f[\"mails\"]", "aws_lambda_function.f[\"orders\"]"]
    );
    assert_eq!(
        ran.body("aws_lambda_function.f[\"orders\"]"),
        "{function_name: \"app-orders\", handler: \"orders.main\", memory_size: 512, role: \"<aws_iam_role.r[\"orders\"].arn>\"}"
    );
    assert_eq!(ran.attribute("aws_lambda_function.f[\"mails\"]", "memory_size"), "128");
    assert_eq!(
        ran.body("aws_x.x"),
        "{arns: [\"<aws_lambda_function.f[\"mails\"].arn>\", \"<aws_lambda_function.f[\"orders\"].arn>\"], \
         one: \"app-orders\", names: [\"app-mails\", \"app-orders\"]}"
    );
}

#[test]
fn a_count_that_is_not_known_makes_an_instance_that_may_exist() {
    let text = r#"
variable "enabled" { type = bool }
resource "aws_sqs_queue" "q" {
  count = var.enabled ? 1 : 0
  name  = "q"
}
resource "aws_x" "x" {
  count = var.enabled ? 1 : 0
  arn   = aws_sqs_queue.q[0].arn
  url   = try(aws_sqs_queue.q[0].url, "")
  all   = aws_sqs_queue.q[*].name
}
"#;
    let ran = main(text);
    let queue = ran.clean().instance("aws_sqs_queue.q[0]");
    assert_eq!(queue.exists, Existence::When("var.enabled".into()));
    assert_eq!(
        ran.attribute("aws_x.x[0]", "url"),
        "(var.enabled ? \"<aws_sqs_queue.q[0].url>\" | not var.enabled ? \"\")"
    );
    assert_eq!(
        ran.attribute("aws_x.x[0]", "all"),
        "(var.enabled ? [\"q\"] | not var.enabled ? [])"
    );
    assert_eq!(ran.attribute("aws_x.x[0]", "arn"), "\"<aws_sqs_queue.q[0].arn>\"");

    let on = run_with(&[("main.tf", text)], &[("enabled", "true")]);
    assert_eq!(on.clean().instance("aws_sqs_queue.q[0]").exists, Existence::Always);
    let off = run_with(&[("main.tf", text)], &[("enabled", "false")]);
    assert_eq!(off.clean().addresses(), Vec::<&str>::new());
}

#[test]
fn what_only_defaults_switch_off_is_read_all_the_same() {
    let ran = main(
        r#"
variable "enabled" {
  type    = bool
  default = false
}
variable "names" { default = [] }
locals { on = var.enabled }
resource "aws_sqs_queue" "q" {
  count = local.on ? 1 : 0
  name  = "q-${count.index}"
}
resource "aws_x" "x" {
  count = local.on ? 1 : 0
  arn   = aws_sqs_queue.q[0].arn
}
resource "aws_sns_topic" "of_a_list" {
  count = length(var.names)
  name  = var.names[count.index]
}
resource "aws_sns_topic" "never" { count = 0 }
resource "aws_y" "y" { queues = aws_sqs_queue.q[*].arn }
"#,
    );
    assert_eq!(ran.clean().addresses(), ["aws_sqs_queue.q[0]", "aws_x.x[0]", "aws_y.y"]);
    let queue = ran.instance("aws_sqs_queue.q[0]");
    assert_eq!(queue.exists, Existence::OffByDefault("local.on".into()));
    assert_eq!(ran.body("aws_sqs_queue.q[0]"), "{name: \"q-0\"}");
    assert_eq!(ran.body("aws_x.x[0]"), "{arn: \"<aws_sqs_queue.q[0].arn>\"}");
    assert_eq!(ran.body("aws_y.y"), "{queues: []}");
}

#[test]
fn a_for_each_that_is_not_known_makes_an_instance_of_unknown_keys() {
    let ran = main(
        r#"
variable "functions" { type = map(string) }
resource "aws_lambda_function" "f" {
  for_each      = var.functions
  function_name = each.key
  handler       = "main"
  role          = aws_iam_role.r[each.key].arn
}
resource "aws_iam_role" "r" {
  for_each = var.functions
  name     = "role-${each.key}"
}
resource "aws_x" "x" {
  arn = aws_lambda_function.f["orders"].arn
  all = values(aws_lambda_function.f)[*].arn
}
"#,
    );
    let function = ran.clean().instance("aws_lambda_function.f[?]");
    assert_eq!(function.exists, Existence::When("var.functions is not empty".into()));
    assert_eq!(
        ran.body("aws_lambda_function.f[?]"),
        "{function_name: ?functions, handler: \"main\", role: \"<aws_iam_role.r[?].arn>\"}"
    );
    assert_eq!(ran.attribute("aws_iam_role.r[?]", "name"), "\"role-<functions>\"");
    assert_eq!(ran.attribute("aws_x.x", "arn"), "\"<aws_lambda_function.f[?].arn>\"");
    assert_eq!(ran.attribute("aws_x.x", "all"), "??");
}

#[test]
fn attributes_that_are_known_are_their_values() {
    let ran = main(
        r#"
variable "stage" {}
resource "aws_s3_bucket" "b" { bucket = "orders" }
resource "aws_s3_bucket" "c" { bucket = "orders-${var.stage}" }
resource "aws_lambda_function" "f" {
  function_name = aws_s3_bucket.b.bucket
  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = [aws_security_group.g.id]
  }
}
resource "aws_x" "x" {
  known   = aws_s3_bucket.b.bucket
  partly  = aws_s3_bucket.c.bucket
  passed  = aws_lambda_function.f.vpc_config[0].security_group_ids
  decided = aws_lambda_function.f.vpc_config[0].vpc_id
  none    = aws_s3_bucket.b.tags
  inside  = "${aws_s3_bucket.b.arn}/*"
  deep    = aws_s3_bucket.b.website[0].domain
}
resource "aws_security_group" "g" {}
"#,
    );
    assert_eq!(
        ran.clean().body("aws_x.x"),
        "{known: \"orders\", partly: \"<aws_s3_bucket.c.Ref>\", passed: [\"<aws_security_group.g.id>\"], \
         decided: \"<aws_lambda_function.f.vpc_config[0].vpc_id>\", none: \"<aws_s3_bucket.b.tags>\", \
         inside: \"<aws_s3_bucket.b.arn>/*\", deep: \"<aws_s3_bucket.b.website>\"}"
    );
}

#[test]
fn what_jsonencode_writes_is_that_value_but_where_a_text_is_wanted() {
    let ran = main(
        r#"
resource "aws_iam_role" "r" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "lambda.amazonaws.com" }, Condition = null }]
  })
}
resource "aws_lambda_function" "f" {
  environment { variables = { CONFIG = jsonencode({ a = 1 }) } }
}
"#,
    );
    assert_eq!(
        ran.clean().body("aws_iam_role.r"),
        "{assume_role_policy: {Statement: [{Action: \"sts:AssumeRole\", Condition: null, Effect: \"Allow\", \
         Principal: {Service: \"lambda.amazonaws.com\"}}], Version: \"2012-10-17\"}}"
    );
    assert_eq!(
        ran.written("aws_iam_role.r", "assume_role_policy.Statement[0].Action"),
        "\"sts:AssumeRole\""
    );
    assert_eq!(
        ran.attribute("aws_lambda_function.f", "environment[0].variables.CONFIG"),
        "\"{\"a\":1}\""
    );
}

#[test]
fn null_is_not_there() {
    let ran = main("resource \"aws_x\" \"x\" {\n  a = null\n  b = true ? null : 1\n}\n");
    assert_eq!(ran.clean().body("aws_x.x"), "{a: -, b: -}");
}

#[test]
fn scalars_stand_where_they_are_referred_to_and_lists_where_they_are_written() {
    let ran = main(
        "locals {\n  name = \"orders\"\n  list = [\"a\"]\n}\nresource \"aws_x\" \"x\" {\n  name = local.name\n  list = local.list\n}\n",
    );
    assert_eq!(ran.clean().written("aws_x.x", "name"), "local.name");
    assert_eq!(ran.written("aws_x.x", "list[0]"), "\"a\"");
}

#[test]
fn what_is_not_declared_is_told_where_it_is_referred_to() {
    let ran = main(
        r#"
resource "aws_x" "x" {
  a = var.nope
  b = local.nope
  c = aws_nope.nope.arn
  d = module.nope.url
  e = data.aws_nope.nope.id
  f = each.key
  g = count.index
  h = nope.nope
  i = "kept"
}
"#,
    );
    for name in [
        "var.nope",
        "local.nope",
        "aws_nope.nope",
        "module.nope",
        "data.aws_nope.nope",
        "nope.nope",
    ] {
        let gap = ran
            .made
            .gaps
            .iter()
            .find(|gap| gap.reason.starts_with(&format!("{name} is")));
        let Some(maremma_model::Location::File(place)) = gap.and_then(|gap| gap.at.clone()) else {
            panic!("{name}: {:?}", ran.gaps());
        };
        assert_eq!(ran.text_at(place).get(..name.len()), Some(name));
    }
    assert_eq!(ran.made.gaps.len(), 8, "{:?}", ran.gaps());
    assert_eq!(ran.attribute("aws_x.x", "i"), "\"kept\"");
    assert_eq!(ran.attribute("aws_x.x", "a"), "??");
}
