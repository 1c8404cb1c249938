//! Modules: calls, what they are given, what they give.

use super::{main, run};

pub(super) const QUEUE: &str = r#"
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
