//! Modules: calls, what they are given, what they give.

use super::{main, run};
use maremma_model::Existence;

const QUEUE: &str = r#"
variable "name" { type = string }
variable "tags" {
  type    = map(string)
  default = {}
}
resource "aws_sqs_queue" "this" {
  name = var.name
  tags = var.tags
}
output "arn" { value = aws_sqs_queue.this.arn }
output "name" { value = aws_sqs_queue.this.name }
output "queue" { value = aws_sqs_queue.this }
"#;

#[test]
fn a_call_makes_what_its_module_declares() {
    let ran = run(&[
        (
            "main.tf",
            "locals { stage = \"prod\" }\nmodule \"q\" {\n  source = \"./queue\"\n  name   = \"orders-${local.stage}\"\n  tags   = { a = \"b\" }\n}\nresource \"aws_x\" \"x\" {\n  arn  = module.q.arn\n  name = module.q.name\n  url  = module.q.queue.url\n}\n",
        ),
        ("queue/main.tf", QUEUE),
    ]);
    assert_eq!(ran.clean().addresses(), ["aws_x.x", "module.q.aws_sqs_queue.this"]);
    assert_eq!(ran.made.roots.len(), 1);
    assert_eq!(
        ran.body("module.q.aws_sqs_queue.this"),
        "{name: \"orders-prod\", tags: {a: \"b\"}}"
    );
    assert_eq!(
        ran.body("aws_x.x"),
        "{arn: \"<module.q.aws_sqs_queue.this.arn>\", name: \"orders-prod\", url: \"<module.q.aws_sqs_queue.this.url>\"}"
    );
    assert_eq!(
        ran.written("module.q.aws_sqs_queue.this", "name"),
        "\"orders-${local.stage}\""
    );
    assert_eq!(ran.written("aws_x.x", "name"), "module.q.name");
}

#[test]
fn for_each_and_count_of_modules() {
    let ran = run(&[
        (
            "main.tf",
            r#"
variable "queues" {
  type = map(object({ name = string, fifo = optional(bool, false) }))
  default = {
    a = { name = "first" }
    b = { name = "second", fifo = true }
  }
}
module "q" {
  source   = "./queue"
  for_each = var.queues
  name     = "${each.value.name}${each.value.fifo ? ".fifo" : ""}"
}
module "c" {
  source = "./queue"
  count  = 2
  name   = "c-${count.index}"
}
resource "aws_x" "x" {
  one  = module.q["a"].arn
  all  = { for key, queue in module.q : key => queue.name }
  list = module.c[*].arn
  last = module.c[1].name
}
"#,
        ),
        ("queue/main.tf", QUEUE),
    ]);
    assert_eq!(
        ran.clean().body("aws_x.x"),
        "{one: \"<module.q[\"a\"].aws_sqs_queue.this.arn>\", all: {a: \"first\", b: \"second.fifo\"}, \
         list: [\"<module.c[0].aws_sqs_queue.this.arn>\", \"<module.c[1].aws_sqs_queue.this.arn>\"], last: \"c-1\"}"
    );
    assert_eq!(ran.addresses().len(), 5);
}

#[test]
fn modules_call_modules_and_hand_on_providers() {
    let ran = run(&[
        (
            "main.tf",
            r#"
provider "aws" { region = "eu-west-1" }
provider "aws" {
  alias  = "edge"
  region = "us-east-1"
}
module "outer" {
  source    = "./outer"
  providers = { aws = aws, aws.other = aws.edge }
}
"#,
        ),
        (
            "outer/main.tf",
            r#"
module "inner" {
  source    = "../inner"
  providers = { aws = aws.other }
}
module "plain" { source = "../inner" }
resource "aws_x" "x" { provider = aws.other }
output "names" { value = [module.inner.name, module.plain.name] }
"#,
        ),
        (
            "inner/main.tf",
            "resource \"aws_y\" \"y\" { name = \"y\" }\noutput \"name\" { value = aws_y.y.name }\n",
        ),
    ]);
    let region = |address: &str| ran.instance(address).region.clone().unwrap_or_default().to_string();
    assert_eq!(region("module.outer.aws_x.x"), "us-east-1");
    assert_eq!(region("module.outer.module.inner.aws_y.y"), "us-east-1");
    assert_eq!(region("module.outer.module.plain.aws_y.y"), "eu-west-1");
    assert_eq!(ran.clean().made.roots.len(), 1);
}

#[test]
fn a_module_that_is_not_on_disk_is_told_and_what_it_gives_is_not_known() {
    let ran = main(
        r#"
module "lambda" {
  source  = "terraform-aws-modules/lambda/aws"
  version = "~> 7.0"
}
module "missing" { source = "./nowhere" }
resource "aws_x" "x" {
  arn = module.lambda.lambda_function_arn
  all = module.missing
}
"#,
    );
    assert_eq!(
        ran.gap_at("run `terraform init`"),
        "\"terraform-aws-modules/lambda/aws\""
    );
    assert_eq!(ran.gap_at("no configuration in ./nowhere"), "\"./nowhere\"");
    assert_eq!(ran.made.gaps.len(), 2, "{:?}", ran.gaps());
    assert_eq!(ran.body("aws_x.x"), "{arn: ??, all: ??}");
}

#[test]
fn modules_that_init_has_fetched_are_read() {
    let ran = run(&[
        (
            "env/main.tf",
            "module \"api\" {\n  source  = \"corp/api/aws\"\n  version = \"1.0\"\n}\nresource \"aws_x\" \"x\" { arn = module.api.arn }\n",
        ),
        (
            "env/.terraform/modules/modules.json",
            r#"{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"api","Source":"registry.terraform.io/corp/api/aws","Version":"1.0","Dir":".terraform/modules/api"},{"Key":"api.queue","Source":"registry.terraform.io/corp/queue/aws","Dir":".terraform/modules/api.queue"}]}"#,
        ),
        (".terraform/x", ""),
    ]);
    ran.gap("module api (corp/api/aws) is not on disk");
    let files = [
        (
            "env/main.tf",
            "module \"api\" {\n  source  = \"corp/api/aws\"\n  version = \"1.0\"\n}\nresource \"aws_x\" \"x\" { arn = module.api.arn }\n",
        ),
        (
            "env/.terraform/modules/modules.json",
            r#"{"Modules":[{"Key":"","Source":"","Dir":"."},{"Key":"api","Source":"registry.terraform.io/corp/api/aws","Version":"1.0","Dir":".terraform/modules/api"},{"Key":"api.queue","Source":"registry.terraform.io/corp/queue/aws","Dir":".terraform/modules/api.queue"}]}"#,
        ),
        (
            "env/.terraform/modules/api/main.tf",
            "module \"queue\" {\n  source = \"corp/queue/aws\"\n  name   = \"q\"\n}\noutput \"arn\" { value = module.queue.arn }\n",
        ),
        ("env/.terraform/modules/api.queue/main.tf", QUEUE),
    ];
    let ran = run(&files);
    assert_eq!(
        ran.clean().addresses(),
        ["aws_x.x", "module.api.module.queue.aws_sqs_queue.this"]
    );
    assert_eq!(
        ran.body("aws_x.x"),
        "{arn: \"<module.api.module.queue.aws_sqs_queue.this.arn>\"}"
    );
}

#[test]
fn directories_that_nobody_calls_are_roots() {
    let ran = run(&[
        ("a/main.tf", "module \"m\" { source = \"../m\" }\n"),
        ("b/main.tf", "module \"m\" { source = \"../m\" }\n"),
        ("m/main.tf", "resource \"aws_x\" \"x\" {}\n"),
        (
            "alone/main.tf",
            "variable \"v\" {}\nresource \"aws_x\" \"x\" { v = var.v }\n",
        ),
        ("empty/notes.txt", ""),
    ]);
    let roots: Vec<String> = ran
        .made
        .roots
        .iter()
        .map(|root| root.directory.display().to_string())
        .collect();
    assert_eq!(roots, ["a", "alone", "b"]);
    assert_eq!(
        ran.clean().addresses(),
        ["module.m.aws_x.x", "aws_x.x", "module.m.aws_x.x"]
    );
}

#[test]
fn what_terragrunt_makes_is_not_known() {
    let ran = run(&[
        ("live/terragrunt.hcl", "terraform { source = \"../m\" }\n"),
        ("m/main.tf", "resource \"aws_x\" \"x\" {}\n"),
    ]);
    assert_eq!(ran.addresses(), ["aws_x.x"]);
    ran.gap("terragrunt show -json");
}

#[test]
fn modules_that_call_themselves_are_told() {
    let ran = run(&[
        ("main.tf", "module \"a\" { source = \"./a\" }\n"),
        (
            "a/main.tf",
            "module \"b\" { source = \"../b\" }\nresource \"aws_x\" \"a\" {}\n",
        ),
        (
            "b/main.tf",
            "module \"a\" { source = \"../a\" }\nresource \"aws_x\" \"b\" {}\n",
        ),
    ]);
    assert_eq!(ran.gap_at("calls itself"), "module \"a\"");
    assert_eq!(ran.addresses(), ["module.a.aws_x.a", "module.a.module.b.aws_x.b"]);
    let circle = run(&[
        (
            "a/main.tf",
            "module \"b\" { source = \"../b\" }\nresource \"aws_x\" \"a\" {}\n",
        ),
        (
            "b/main.tf",
            "module \"a\" { source = \"../a\" }\nresource \"aws_x\" \"b\" {}\n",
        ),
    ]);
    assert_eq!(circle.addresses(), ["aws_x.a", "module.b.aws_x.b"]);
}

#[test]
fn what_a_call_gives_and_what_it_leaves_out() {
    let ran = run(&[
        (
            "main.tf",
            "module \"q\" {\n  source = \"./queue\"\n  nope   = 1\n}\nresource \"aws_x\" \"x\" { v = module.q.nope }\n",
        ),
        ("queue/main.tf", QUEUE),
    ]);
    assert_eq!(ran.gap_at("module.q does not say name"), "module \"q\"");
    assert_eq!(ran.gap_at("module q has no variable nope"), "nope");
    assert_eq!(ran.gap_at("module.q has no output nope"), "module.q.nope");
    assert_eq!(ran.made.gaps.len(), 3, "{:?}", ran.gaps());
}

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

#[test]
fn dynamic_blocks_within_dynamic_blocks() {
    let ran = main(
        r#"
variable "open" { type = bool }
variable "rules" { type = list(string) }
locals {
  groups = [{ port = 443, blocks = ["10.0.0.0/8"] }, { port = 80, blocks = [] }]
}
resource "aws_x" "x" {
  dynamic "rule" {
    for_each = local.groups
    iterator = group
    content {
      port = group.value.port
      at   = group.key
      dynamic "block" {
        for_each = toset(group.value.blocks)
        content {
          cidr = block.value
          port = group.value.port
          key  = block.key
        }
      }
    }
  }
  dynamic "public" {
    for_each = var.open ? [1] : []
    content { cidr = "0.0.0.0/0" }
  }
  dynamic "unknown" {
    for_each = var.rules
    content { name = unknown.value }
  }
  dynamic "none" {
    for_each = {}
    content {}
  }
  plain { a = 1 }
  plain { a = 2 }
}
"#,
    );
    assert_eq!(
        ran.clean().body("aws_x.x"),
        "{rule: [{at: 0, block: [{cidr: \"10.0.0.0/8\", key: \"10.0.0.0/8\", port: 443}], port: 443}, {at: 1, block: [], port: 80}], \
         public: [(var.open ? {cidr: \"0.0.0.0/0\"} | not var.open ? -)], unknown: [?rules], none: [], plain: [{a: 1}, {a: 2}]}"
    );
}
