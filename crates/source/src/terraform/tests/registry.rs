//! A module in the manner of those of a registry.

use super::modules::QUEUE;
use super::run;
use maremma_model::Existence;

#[test]
fn a_module_that_may_exist_makes_what_may_exist() {
    let ran = run(&[
        (
            "main.tf",
            "variable \"on\" {}\nvariable \"off\" { default = false }\nmodule \"q\" {\n  source = \"./queue\"\n  count  = var.on ? 1 : 0\n  name   = \"q\"\n}\nmodule \"o\" {\n  source = \"./queue\"\n  count  = var.off ? 1 : 0\n  name   = \"o\"\n}\n",
        ),
        ("queue/main.tf", QUEUE),
    ]);
    assert_eq!(
        ran.clean().instance("module.q[0].aws_sqs_queue.this").exists,
        Existence::When("var.on".into())
    );
    assert_eq!(
        ran.instance("module.o[0].aws_sqs_queue.this").exists,
        Existence::OffByDefault("var.off".into())
    );
}

/// In the manner of the modules of a registry: everything may be switched, and what is switched off is
/// asked for all the same.
const LAMBDA: &str = r#"
variable "create" {
  type    = bool
  default = true
}
variable "create_role" {
  type    = bool
  default = true
}
variable "create_layer" {
  type    = bool
  default = false
}
variable "function_name" {
  type    = string
  default = ""
}
variable "handler" {
  type    = string
  default = ""
}
variable "runtime" {
  type    = string
  default = ""
}
variable "lambda_role" {
  type    = string
  default = ""
}
variable "environment_variables" {
  type    = map(string)
  default = {}
}
variable "vpc_subnet_ids" {
  type    = list(string)
  default = null
}
variable "vpc_security_group_ids" {
  type    = list(string)
  default = null
}
variable "dead_letter_target_arn" {
  type    = string
  default = null
}
variable "allowed_triggers" {
  type    = map(any)
  default = {}
}
variable "policies" {
  type    = list(string)
  default = []
}
variable "tags" {
  type    = map(string)
  default = {}
}
locals {
  create      = var.create
  create_role = local.create && var.create_role
  role_name   = local.create_role ? coalesce(var.lambda_role, var.function_name, "*") : null
  layers      = concat([], aws_lambda_layer_version.this[*].arn)
}
resource "aws_lambda_function" "this" {
  count         = local.create && !var.create_layer ? 1 : 0
  function_name = var.function_name
  handler       = var.handler != "" ? var.handler : null
  runtime       = var.runtime
  role          = var.create_role ? aws_iam_role.lambda[0].arn : var.lambda_role
  layers        = local.layers
  dynamic "environment" {
    for_each = length(keys(var.environment_variables)) == 0 ? [] : [true]
    content { variables = var.environment_variables }
  }
  dynamic "dead_letter_config" {
    for_each = var.dead_letter_target_arn == null ? [] : [true]
    content { target_arn = var.dead_letter_target_arn }
  }
  dynamic "vpc_config" {
    for_each = var.vpc_subnet_ids != null && var.vpc_security_group_ids != null ? [true] : []
    content {
      security_group_ids = var.vpc_security_group_ids
      subnet_ids         = var.vpc_subnet_ids
    }
  }
  tags = merge(var.tags, { module = "lambda" })
}
resource "aws_lambda_layer_version" "this" {
  count      = local.create && var.create_layer ? 1 : 0
  layer_name = "layer"
}
resource "aws_iam_role" "lambda" {
  count = local.create_role ? 1 : 0
  name  = local.role_name
}
resource "aws_iam_role_policy_attachment" "additional" {
  for_each   = { for at, arn in var.policies : tostring(at) => arn if local.create_role }
  role       = aws_iam_role.lambda[0].name
  policy_arn = each.value
}
resource "aws_lambda_permission" "triggers" {
  for_each      = { for k, v in var.allowed_triggers : k => v if local.create && !var.create_layer }
  function_name = aws_lambda_function.this[0].function_name
  statement_id  = try(each.value.statement_id, each.key)
  action        = try(each.value.action, "lambda:InvokeFunction")
  principal     = try(each.value.principal, format("%s.amazonaws.com", try(each.value.service, "")))
  source_arn    = try(each.value.source_arn, null)
}
output "lambda_function_arn" { value = try(aws_lambda_function.this[0].arn, "") }
output "lambda_layer_arn" { value = try(aws_lambda_layer_version.this[0].arn, "") }
output "lambda_role_name" { value = element(concat(aws_iam_role.lambda[*].name, [""]), 0) }
"#;

#[test]
fn a_module_in_the_manner_of_a_registry_is_known_where_terraform_knows_it() {
    let ran = run(&[
        (
            "main.tf",
            r#"
module "orders" {
  source        = "./lambda"
  function_name = "orders"
  handler       = "index.handler"
  runtime       = "nodejs22.x"
  environment_variables = { STAGE = "prod" }
  vpc_subnet_ids         = ["subnet-1"]
  vpc_security_group_ids = [aws_security_group.g.id]
  policies               = ["arn:aws:iam::aws:policy/AdministratorAccess"]
  allowed_triggers = {
    Bucket = { service = "s3", source_arn = aws_s3_bucket.b.arn }
    Any    = { principal = "*" }
  }
}
module "layer" {
  source       = "./lambda"
  create_layer = true
  create_role  = false
}
module "nothing" {
  source = "./lambda"
  create = false
}
resource "aws_security_group" "g" {}
resource "aws_s3_bucket" "b" {}
resource "aws_x" "x" {
  arn   = module.orders.lambda_function_arn
  none  = module.orders.lambda_layer_arn
  role  = module.orders.lambda_role_name
  norole = module.nothing.lambda_role_name
  layer = module.layer.lambda_layer_arn
}
"#,
        ),
        ("lambda/main.tf", LAMBDA),
    ]);
    assert_eq!(
        ran.clean().addresses(),
        [
            "aws_security_group.g",
            "aws_s3_bucket.b",
            "aws_x.x",
            "module.orders.aws_lambda_function.this[0]",
            "module.orders.aws_iam_role.lambda[0]",
            "module.orders.aws_iam_role_policy_attachment.additional[\"0\"]",
            "module.orders.aws_lambda_permission.triggers[\"Any\"]",
            "module.orders.aws_lambda_permission.triggers[\"Bucket\"]",
            "module.layer.aws_lambda_layer_version.this[0]",
        ]
    );
    assert_eq!(
        ran.body("module.orders.aws_lambda_function.this[0]"),
        "{function_name: \"orders\", handler: \"index.handler\", runtime: \"nodejs22.x\", \
         role: \"<module.orders.aws_iam_role.lambda[0].arn>\", layers: [], tags: {module: \"lambda\"}, \
         environment: [{variables: {STAGE: \"prod\"}}], dead_letter_config: [], \
         vpc_config: [{security_group_ids: [\"<aws_security_group.g.id>\"], subnet_ids: [\"subnet-1\"]}]}"
    );
    assert_eq!(ran.body("module.orders.aws_iam_role.lambda[0]"), "{name: \"orders\"}");
    assert_eq!(
        ran.body("module.orders.aws_lambda_permission.triggers[\"Bucket\"]"),
        "{function_name: \"orders\", statement_id: \"Bucket\", action: \"lambda:InvokeFunction\", \
         principal: \"s3.amazonaws.com\", source_arn: \"<aws_s3_bucket.b.arn>\"}"
    );
    assert_eq!(
        ran.attribute("module.orders.aws_lambda_permission.triggers[\"Any\"]", "source_arn"),
        "-"
    );
    assert_eq!(
        ran.body("module.orders.aws_iam_role_policy_attachment.additional[\"0\"]"),
        "{role: \"orders\", policy_arn: \"arn:aws:iam::aws:policy/AdministratorAccess\"}"
    );
    assert_eq!(
        ran.body("aws_x.x"),
        "{arn: \"<module.orders.aws_lambda_function.this[0].arn>\", none: \"\", role: \"orders\", norole: \"\", \
         layer: \"<module.layer.aws_lambda_layer_version.this[0].arn>\"}"
    );
}
