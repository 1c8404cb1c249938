//! What variables are given, and what they are by default.

use super::{main, run, run_with};

const X: &str = "resource \"aws_x\" \"x\" { v = var.v }\n";

fn with(variable: &str) -> String {
    format!("variable \"v\" {{\n{variable}\n}}\n{X}")
}

#[test]
fn a_default_says_that_it_is_one() {
    let ran = main(&with("default = \"prod\""));
    assert_eq!(ran.clean().body("aws_x.x"), "{v: \"prod\"}");
    assert_eq!(
        ran.get("aws_x.x", "v").by.as_deref(),
        Some("by the default of variable v")
    );
    assert_eq!(ran.written("aws_x.x", "v"), "var.v");
}

#[test]
fn without_a_default_the_run_has_to_say() {
    let text = with("type = string");
    assert_eq!(main(&text).clean().body("aws_x.x"), "{v: ?v}");
    assert_eq!(
        run_with(&[("main.tf", &text)], &[("v", "5")]).clean().body("aws_x.x"),
        "{v: \"5\"}"
    );
}

#[test]
fn files_give_values_in_terraforms_order() {
    let text = with("default = \"default\"");
    let given = |files: &[&str]| {
        let texts: Vec<(String, String)> = files
            .iter()
            .map(|name| {
                let text = if name.ends_with("json") {
                    format!("{{\"v\": \"{name}\"}}")
                } else {
                    format!("v = \"{name}\"\n")
                };
                ((*name).to_owned(), text)
            })
            .collect();
        let mut all: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (&**name, &**text)).collect();
        all.push(("main.tf", &text));
        let ran = run(&all);
        let by = ran.clean().get("aws_x.x", "v").by.clone();
        (ran.attribute("aws_x.x", "v"), by.unwrap_or_default().to_string())
    };
    let expect = |name: &str| (format!("{name:?}"), format!("given in {name}"));
    assert_eq!(given(&["terraform.tfvars"]), expect("terraform.tfvars"));
    assert_eq!(
        given(&["terraform.tfvars", "terraform.tfvars.json"]),
        expect("terraform.tfvars.json")
    );
    assert_eq!(
        given(&["a.auto.tfvars", "b.auto.tfvars.json", "terraform.tfvars.json"]),
        expect("b.auto.tfvars.json")
    );
    assert_eq!(given(&["b.auto.tfvars", "a.auto.tfvars.json"]), expect("b.auto.tfvars"));
    assert_eq!(given(&["prod.tfvars"]).0, "\"default\"");
}

#[test]
fn the_run_comes_before_files() {
    let text = with("default = \"default\"");
    let ran = run_with(
        &[("main.tf", &text), ("terraform.tfvars", "v = \"file\"\n")],
        &[("v", "run")],
    );
    assert_eq!(ran.clean().body("aws_x.x"), "{v: \"run\"}");
    assert_eq!(ran.get("aws_x.x", "v").by, None);
}

#[test]
fn what_the_run_says_is_a_string_or_an_expression_by_the_type() {
    let shown = |ty: &str, given: &str| run_with(&[("main.tf", &with(ty))], &[("v", given)]).attribute("aws_x.x", "v");
    assert_eq!(shown("", "[1]"), "\"[1]\"");
    assert_eq!(shown("type = string", "[1]"), "\"[1]\"");
    assert_eq!(shown("type = number", "5"), "5");
    assert_eq!(shown("type = bool", "true"), "true");
    assert_eq!(shown("type = list(string)", "[\"a\", 1]"), "[\"a\", \"1\"]");
    assert_eq!(shown("type = map(number)", "{ a = \"1\" }"), "{a: 1}");
    let wrong = run_with(&[("main.tf", &with("type = list(string)"))], &[("v", "a b")]);
    assert_eq!(wrong.attribute("aws_x.x", "v"), "??");
    wrong.gap("--parameter v: expected an expression");
}

#[test]
fn values_are_converted_to_their_type() {
    let shown = |variable: &str| main(&with(variable)).clean().attribute("aws_x.x", "v");
    assert_eq!(shown("type = string\ndefault = 5"), "\"5\"");
    assert_eq!(shown("type = string\ndefault = true"), "\"true\"");
    assert_eq!(shown("type = number\ndefault = \"0.50\""), "0.5");
    assert_eq!(shown("type = bool\ndefault = \"false\""), "false");
    assert_eq!(shown("type = any\ndefault = [1, \"a\"]"), "[1, \"a\"]");
    assert_eq!(
        shown("type = set(string)\ndefault = [\"b\", \"a\", \"b\"]"),
        "[\"a\", \"b\"]"
    );
    assert_eq!(
        shown("type = tuple([string, number])\ndefault = [1, \"2\"]"),
        "[\"1\", 2]"
    );
    assert_eq!(shown("type = \"string\"\ndefault = 5"), "\"5\"");
    assert_eq!(shown("type = map(list(string))\ndefault = { a = [1] }"), "{a: [\"1\"]}");
    assert_eq!(shown("type = string\ndefault = null"), "-");
}

#[test]
fn optional_attributes_have_defaults() {
    let object = r#"
type = map(object({
  handler = string
  memory  = optional(number, 128)
  layers  = optional(list(string), [])
  vpc     = optional(object({ subnets = list(string), public = optional(bool, false) }))
  nested  = optional(object({ a = optional(string, "x") }), {})
}))
default = {
  orders = { handler = "orders.main", memory = "512", ignored = true }
  mails  = { handler = "mails.main", memory = null, vpc = { subnets = ["s"] } }
}
"#;
    assert_eq!(
        main(&with(object)).clean().attribute("aws_x.x", "v"),
        "{mails: {handler: \"mails.main\", layers: [], memory: 128, nested: {a: \"x\"}, vpc: {public: false, subnets: [\"s\"]}}, \
         orders: {handler: \"orders.main\", layers: [], memory: 512, nested: {a: \"x\"}, vpc: -}}"
    );
}

#[test]
fn what_does_not_fit_its_type_is_told_where_it_is_written() {
    let ran = main(&with("type = number\ndefault = \"five\""));
    assert_eq!(ran.attribute("aws_x.x", "v"), "??");
    assert_eq!(ran.gap_at("variable v: expected a number"), "\"five\"");
    let ran = main(&with("type = object({ a = string })\ndefault = {}"));
    assert_eq!(ran.gap_at("variable v: expected an attribute a"), "{}");
}

#[test]
fn null_is_a_value_unless_the_variable_refuses_it() {
    let call = |variable: &str| {
        let inner = with(variable);
        let ran = run(&[
            ("main.tf", "module \"m\" {\n  source = \"./m\"\n  v = null\n}\n"),
            ("m/main.tf", &inner),
        ]);
        ran.clean().attribute("module.m.aws_x.x", "v")
    };
    assert_eq!(call("default = \"a\""), "-");
    assert_eq!(call("default = \"a\"\nnullable = false"), "\"a\"");
}

#[test]
fn what_a_file_gives_to_nothing_is_passed_over_and_hidden() {
    let ran = run(&[
        ("main.tf", "resource \"aws_x\" \"x\" {}\n"),
        ("terraform.tfvars", "nope = \"hunter2\"\n"),
    ]);
    let masked: Vec<&str> = ran
        .clean()
        .made
        .sensitive
        .iter()
        .map(|place| ran.text_at(*place))
        .collect();
    assert_eq!(masked, ["\"hunter2\""]);
}

#[test]
fn what_nobody_is_to_see_is_a_hole_and_kept_apart() {
    let text = r#"
variable "password" {
  type      = string
  default   = "hunter2-default"
  sensitive = true
}
variable "empty" {
  default   = ""
  sensitive = true
}
locals { url = "postgres://u:${var.password}@host" }
resource "aws_lambda_function" "f" {
  description = local.url
  empty       = var.empty
  role        = sensitive(aws_iam_role.r.arn)
  environment {
    variables = {
      PASSWORD = var.password
      TOKEN    = "written"
      STAGE    = "${var.empty}prod"
    }
  }
}
resource "aws_iam_role" "r" {}
resource "aws_db_instance" "d" { password = "clear" }
"#;
    let ran = run(&[("main.tf", text), ("terraform.tfvars", "password = \"hunter2-file\"\n")]);
    let body = ran.clean().body("aws_lambda_function.f");
    assert!(!body.contains("hunter2"), "{body}");
    let holes = [
        ("aws_lambda_function.f.description", "postgres://u:hunter2-file@host"),
        (
            "aws_lambda_function.f.environment[0].variables.PASSWORD",
            "hunter2-file",
        ),
    ];
    for (name, value) in holes {
        assert!(body.contains(&format!("<{name}>")), "{body}");
        let hidden = ran.made.roots[0].hidden.get(name).and_then(|text| text.as_literal());
        assert_eq!(hidden, Some(value));
    }
    assert_eq!(ran.attribute("aws_lambda_function.f", "empty"), "\"\"");
    assert_eq!(
        ran.attribute("aws_lambda_function.f", "role"),
        "\"<aws_iam_role.r.arn>\""
    );
    let masked: Vec<&str> = ran.made.sensitive.iter().map(|place| ran.text_at(*place)).collect();
    for value in ["\"hunter2-default\"", "\"hunter2-file\"", "\"written\"", "\"clear\""] {
        assert!(masked.contains(&value), "{value}: {masked:?}");
    }
    assert!(!masked.contains(&"var.password"), "{masked:?}");
}

#[test]
fn what_a_secret_is_made_of_is_hidden_where_it_is_written() {
    let ran = run_with(
        &[
            (
                "main.tf",
                r#"
locals {
  user  = "not-a-real-user"
  url   = "postgres://${local.user}@${var.host}"
  plain = "shown"
}
variable "host" { default = "not-a-real-host" }
module "f" {
  source = "./f"
  url    = local.url
  word   = "not-a-real-word"
}
resource "aws_sqs_queue" "q" { name = local.plain }
"#,
            ),
            (
                "f/main.tf",
                r#"
variable "url" {}
variable "word" {}
resource "aws_lambda_function" "f" {
  function_name = "f"
  environment {
    variables = { URL = var.url, WORD = "x${var.word}" }
  }
}
"#,
            ),
            ("terraform.tfvars", "host = \"not-a-real-answer\"\n"),
        ],
        &[],
    );
    let hidden: Vec<_> = ran.made.sensitive.iter().map(|place| ran.text_at(*place)).collect();
    for wanted in ["user", "host", "word", "answer"] {
        let wanted = format!("\"not-a-real-{wanted}\"");
        assert!(hidden.contains(&&*wanted), "{wanted} is not among {hidden:?}");
    }
    assert!(!hidden.contains(&"\"shown\""), "{hidden:?}");
}
