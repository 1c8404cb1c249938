//! Configurations that are meant to break what reads them.

use super::{main, run};
use std::fmt::Write as _;

#[test]
fn a_chain_of_ten_thousand_locals() {
    let mut text = String::from("locals {\n  l0 = \"end\"\n");
    for at in 1..10_000 {
        let _ = writeln!(text, "  l{at} = local.l{}", at - 1);
    }
    text.push_str("}\nresource \"aws_x\" \"x\" { v = local.l9999 }\n");
    assert_eq!(main(&text).clean().body("aws_x.x"), "{v: \"end\"}");
}

#[test]
fn a_chain_of_lists_in_lists() {
    let chain = |next: &dyn Fn(usize) -> String| {
        let mut text = String::from("locals {\n  l0 = [1]\n");
        for at in 1..5_000 {
            let _ = writeln!(text, "  l{at} = {}", next(at - 1));
        }
        text.push_str("}\nresource \"aws_x\" \"x\" {\n  v = local.l4999\n  kept = 1\n}\n");
        main(&text)
    };
    let written = chain(&|at| format!("[local.l{at}]"));
    assert!(written.attribute("aws_x.x", "v").contains("??"));
    assert_eq!(written.attribute("aws_x.x", "kept"), "1");
    let made = chain(&|at| format!("chunklist(local.l{at}, 1)"));
    assert!(made.attribute("aws_x.x", "v").contains("??"));
}

#[test]
fn blocks_that_hold_the_blocks_of_others() {
    let mut text = String::from("resource \"aws_x\" \"x0\" {\n  b { v = 1 }\n}\n");
    for at in 1..2_000 {
        let _ = writeln!(
            text,
            "resource \"aws_x\" \"x{at}\" {{\n  b {{ v = aws_x.x{}.b }}\n}}",
            at - 1
        );
    }
    let ran = main(&text);
    ran.gap("nested deeper than");
    assert_eq!(ran.body("aws_x.x1"), "{b: [{v: [{v: 1}]}]}");
}

#[test]
fn lists_that_double_at_every_step() {
    let mut text = String::from("locals {\n  l0 = [1]\n");
    for at in 1..100 {
        let _ = writeln!(text, "  l{at} = [local.l{}, local.l{}]", at - 1, at - 1);
    }
    text.push_str("}\nresource \"aws_x\" \"x\" { v = local.l99 }\n");
    main(&text).gap("takes more work to evaluate");
}

#[test]
fn modules_that_call_each_other_twice_at_every_level() {
    let mut files: Vec<(String, String)> = vec![("main.tf".into(), "module \"a\" { source = \"./m0\" }\n".into())];
    for at in 0..40 {
        let next = at + 1;
        let text = format!(
            "module \"a\" {{ source = \"../m{next}\" }}\nmodule \"b\" {{ source = \"../m{next}\" }}\nresource \"aws_x\" \"x\" {{}}\n"
        );
        files.push((format!("m{at}/main.tf"), text));
    }
    files.push(("m40/main.tf".into(), "resource \"aws_x\" \"x\" {}\n".into()));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
    let ran = run(&files);
    assert_eq!(ran.made.gaps.len(), 1, "{:?}", ran.gaps());
    ran.gap("calls of modules");
}

#[test]
fn modules_nested_without_end() {
    let mut files: Vec<(String, String)> = vec![("main.tf".into(), "module \"a\" { source = \"./m0\" }\n".into())];
    for at in 0..200 {
        files.push((
            format!("m{at}/main.tf"),
            format!("module \"a\" {{ source = \"../m{}\" }}\n", at + 1),
        ));
    }
    files.push(("m200/main.tf".into(), "resource \"aws_x\" \"x\" {}\n".into()));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
    run(&files).gap("levels deep");
}

#[test]
fn more_instances_than_anyone_makes() {
    let ran = main("resource \"aws_x\" \"x\" {\n  count = 1000000000\n  name = \"x\"\n}\n");
    ran.gap("more than 50000 instances");
    assert_eq!(ran.addresses().len(), 50_000);
    let ran = main(
        "resource \"aws_x\" \"x\" { count = -1 }\nresource \"aws_y\" \"y\" { count = \"many\" }\nresource \"aws_z\" \"z\" { for_each = 5 }\n",
    );
    assert_eq!(ran.made.gaps.len(), 3, "{:?}", ran.gaps());
}

#[test]
fn instances_of_instances_are_bounded() {
    let inner = "resource \"aws_x\" \"x\" { count = 50000 }\n";
    let ran = run(&[
        ("main.tf", "module \"m\" {\n  source = \"./m\"\n  count = 50000\n}\n"),
        ("m/main.tf", inner),
    ]);
    ran.gap("instances in all");
    assert_eq!(ran.addresses().len(), 200_000);
}

#[test]
fn empty_and_odd_files() {
    for text in [
        "",
        "\u{feff}",
        "{",
        "}",
        "resource",
        "resource \"a\"",
        "locals = 1",
        "locals \"x\" {}",
        "variable {}",
        "\"x\" {}",
        "a {",
    ] {
        main(text);
    }
    for text in [
        "",
        "[]",
        "{\"resource\": 1}",
        "{\"resource\": {\"a\": 1}}",
        "{\"resource\": [{\"a\": [{\"b\": null}]}]}",
        "{\"locals\": [1, {\"a\": \"${\"}]}",
    ] {
        run(&[("main.tf.json", text)]);
    }
}

#[test]
fn odd_blocks_and_names() {
    main(
        r#"
variable "v" { type = nonsense(1, 2) }
variable "w" { type = object(1) }
variable "u" { type = optional() }
provider "aws" { region = aws_x.x.region }
resource "aws_x" "x" {
  provider = aws.nope
  dynamic "d" {}
  dynamic "e" {
    for_each = 5
    content {}
  }
  a = var.v.b[0]
  b = resource.aws_x.x.a
  c = resource
  d = module
  e = data
  f = aws_x
  g = var
  h = module.m[0][1].x
}
module "m" { source = "." }
module "n" {}
module "o" { source = var.v }
data "x" "y" { count = aws_x.x.nope }
output "o" {}
"#,
    );
}
