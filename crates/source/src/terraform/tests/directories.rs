//! What stands in one directory beside resources: providers, overrides, blocks that are passed over, and what is wrong.

use super::{main, run, run_with};

#[test]
fn names_that_depend_on_themselves_are_told_once() {
    let ran = main(
        r#"
locals {
  a = "${local.b}x"
  b = local.c
  c = local.a
}
resource "aws_x" "x" { name = local.a }
resource "aws_y" "y" { count = length(aws_z.z) }
resource "aws_z" "z" { count = length(aws_y.y) }
resource "aws_v" "v" { name = aws_v.v.name }
"#,
    );
    assert_eq!(
        ran.gap("local.a -> local.b -> local.c -> local.a")
            .reason
            .matches("local.a")
            .count(),
        2
    );
    ran.gap("aws_y.y -> aws_z.z -> aws_y.y");
    ran.gap("aws_v.v.name -> aws_v.v.name");
    assert_eq!(ran.made.gaps.len(), 3, "{:?}", ran.gaps());
    assert_eq!(ran.attribute("aws_x.x", "name"), "\"<?>x\"");
}

#[test]
fn blocks_that_say_nothing_of_what_is_made_are_passed_over() {
    let ran = main(
        r#"
terraform {
  required_version = ">= 1.5"
  backend "s3" { bucket = "state" }
}
moved {
  from = aws_x.a
  to   = aws_x.b
}
import {
  to = aws_x.b
  id = "b"
}
removed { from = aws_x.c }
check "health" {
  assert {
    condition     = true
    error_message = "no"
  }
}
resource "aws_x" "b" {}
nonsense "here" {}
stray = 1
"#,
    );
    assert_eq!(ran.addresses(), ["aws_x.b"]);
    assert_eq!(ran.gap_at("nonsense"), "nonsense \"here\"");
    assert_eq!(ran.gap_at("stray"), "stray");
    assert_eq!(ran.made.gaps.len(), 2);
}

#[test]
fn what_does_not_parse_leaves_the_rest() {
    let ran = run(&[
        (
            "a.tf",
            "resource \"aws_x\" \"a\" {\n  name = \n}\n\nresource \"aws_x\" \"b\" {}\n",
        ),
        ("b.tf", "resource \"aws_x\" \"c\" { name = \"c\" }\n"),
        (
            "c.tf",
            "resource \"aws_x\" {\n}\nresource \"aws_x\" \"c\" { name = \"again\" }\n",
        ),
    ]);
    assert_eq!(ran.addresses(), ["aws_x.b", "aws_x.c"]);
    assert_eq!(ran.attribute("aws_x.c", "name"), "\"c\"");
    ran.gap("expected 2 labels");
    assert_eq!(ran.gap_at("declared twice"), "resource \"aws_x\" \"c\"");
    assert_eq!(ran.made.gaps.len(), 3, "{:?}", ran.gaps());
}

#[test]
fn override_files_and_those_of_opentofu_come_first() {
    let ran = run(&[
        (
            "main.tf",
            "resource \"aws_x\" \"x\" {\n  name = \"main\"\n  kept = 1\n  b { a = 1 }\n  b { a = 2 }\n  c { a = 1 }\n}\nlocals { l = 1 }\n",
        ),
        (
            "x_override.tf",
            "resource \"aws_x\" \"x\" {\n  name = \"over\"\n  b { a = 3 }\n}\nlocals { l = 2 }\nresource \"aws_x\" \"nothing\" {}\n",
        ),
        ("other.tf", "resource \"aws_x\" \"terraform\" {}\n"),
        ("other.tofu", "resource \"aws_x\" \"tofu\" { l = local.l }\n"),
        (".hidden.tf", "resource \"aws_x\" \"hidden\" {}\n"),
        ("a.tftest.hcl", "run \"a\" {}\n"),
    ]);
    assert_eq!(ran.addresses(), ["aws_x.x", "aws_x.tofu"]);
    assert_eq!(
        ran.body("aws_x.x"),
        "{kept: 1, name: \"over\", c: [{a: 1}], b: [{a: 3}]}"
    );
    assert_eq!(ran.body("aws_x.tofu"), "{l: 2}");
    ran.gap("nothing of this name to override");
    assert_eq!(ran.made.gaps.len(), 1);
}

#[test]
fn providers_give_region_and_tags() {
    let ran = main(
        r#"
provider "aws" {
  region = "eu-west-1"
  default_tags {
    tags = { owner = "team", stage = "prod" }
  }
}
variable "region" { default = "us-east-1" }
provider "aws" {
  alias  = "edge"
  region = var.region
}
resource "aws_x" "a" { tags = { stage = "test" } }
resource "aws_x" "b" { provider = aws.edge }
resource "aws_x" "c" { region = "eu-north-1" }
resource "random_id" "d" { byte_length = 4 }
"#,
    );
    let region = |address: &str| ran.instance(address).region.clone();
    assert_eq!(region("aws_x.a").as_deref(), Some("eu-west-1"));
    assert_eq!(region("aws_x.b").as_deref(), Some("us-east-1"));
    assert_eq!(region("aws_x.c").as_deref(), Some("eu-north-1"));
    assert_eq!(region("random_id.d"), None);
    assert_eq!(
        ran.clean().body("aws_x.a"),
        "{tags: {owner: \"team\", stage: \"test\"}}"
    );
    assert_eq!(ran.body("aws_x.b"), "{}");
    assert_eq!(
        ran.body("aws_x.c"),
        "{region: \"eu-north-1\", tags: {owner: \"team\", stage: \"prod\"}}"
    );
    assert_eq!(ran.body("random_id.d"), "{byte_length: 4}");
}

#[test]
fn paths_and_the_workspace_are_where_terraform_would_be_run() {
    let files = [
        (
            "env/prod/main.tf",
            "module \"m\" { source = \"../../modules/m\" }\nresource \"aws_x\" \"x\" {\n  r = path.root\n  m = path.module\n  w = terraform.workspace\n}\n",
        ),
        (
            "modules/m/main.tf",
            "resource \"aws_x\" \"x\" {\n  r = path.root\n  m = path.module\n  c = path.cwd\n}\n",
        ),
    ];
    let ran = run(&files);
    assert_eq!(ran.clean().body("aws_x.x"), "{r: \".\", m: \".\", w: \"default\"}");
    assert_eq!(
        ran.body("module.m.aws_x.x"),
        "{r: \".\", m: \"../../modules/m\", c: ??}"
    );
    assert!(
        ran.get("aws_x.x", "w")
            .by
            .as_deref()
            .is_some_and(|by| by.contains("workspace"))
    );
    let given = run_with(&files, &[("terraform.workspace", "prod")]);
    assert_eq!(given.attribute("aws_x.x", "w"), "\"prod\"");
}
