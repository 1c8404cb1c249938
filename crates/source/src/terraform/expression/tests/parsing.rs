//! Texts that parse, and those that do in part.

use super::{Names, Parsed, evaluate, parse};
use crate::terraform::expression::template;
use crate::terraform::value::{Kind, Value};
use hcl_edit::Span;
use maremma_model::Place;
use std::collections::BTreeMap;

/// The values of a text's attributes, as JSON prints strings.
fn attributes(text: &str) -> Vec<(String, String)> {
    let Parsed { body, faults } = parse(text);
    assert_eq!(faults, []);
    let names = Names::new();
    let attributes = body.attributes().map(|attribute| {
        let value = evaluate(&attribute.value, &names);
        (attribute.key.to_string(), super::json_text(&value).to_string())
    });
    attributes.collect()
}

/// Each of these was read by Terraform 1.11.4.
#[test]
fn heredocs_lose_their_indentation_as_terraform_has_it() {
    let text = include_str!("heredocs.tfvars");
    let values = attributes(text);
    let expected = [
        ("a", r#""one\n\n  two\n""#),
        ("b", r#""  one\n\n  yes\n\n  x\n""#),
        ("c", r#""2 x\n  y\n""#),
        ("d", r#""      2 x\n2\n      y\n""#),
        ("e", r#""  a\n b\n""#),
        ("f", r#""a\n b\n""#),
        ("g", r#""    v a\n    v b\n    z\n""#),
        ("h", r#""a\\nb ${x} \"q\"\n""#),
        ("i", r#""""#),
        ("j", r#""      in\n    end\n""#),
        ("k", r#"["x\n","y"]"#),
        ("l", r#""one\n  \ntwo\n""#),
        ("m", r#""a b c\n  d\n""#),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    assert_eq!(values, expected);
}

#[test]
fn windows_line_ends_and_a_byte_order_mark() {
    let values = attributes("\u{feff}a = <<EOT\r\nx\r\nEOT\r\nb = 1\r\n");
    assert_eq!(
        values,
        [
            ("a".to_owned(), r#""x\r\n""#.to_owned()),
            ("b".to_owned(), "1".to_owned())
        ]
    );
    let text = "\u{feff}é = <<-EOT\n  x\n  EOT\n";
    let Parsed { body, faults } = parse(text);
    assert_eq!(faults, []);
    let span = body.get_attribute("é").expect("é").span().expect("a span");
    assert_eq!(text.get(span), Some("é = <<-EOT\n  x\n  EOT"));
}

#[test]
fn what_does_not_parse_is_left_out_and_the_rest_is_read() {
    let good = |name: &str| format!("resource \"aws_x\" \"{name}\" {{\n  a = 1\n}}\n");
    for broken in [
        "resource \"aws_x\" \"bad\" {\n  a = \n}\n",
        "resource \"aws_x\" \"bad\" {\n  a = [1,\n",
        "resource \"aws_x\" \"bad\" {\n  a = \"unclosed\n}\n",
        "resource \"aws_x\" \"bad\" {\n  a = \"${unclosed\"\n}\n",
        "resource \"aws_x\" \"bad\" {\n  a = {\n    b = 1\n}\n",
        "resource \"aws_x\" \"bad\" {\n  a = <<EOT\n  never ends\n}\n",
        "resource \"aws_x\" \"bad\" {\n  a = 1\n}}\n",
        "resource \"aws_x\" \"bad\" {\n  a = 1\n  a = 2\n}\n",
        "variable \"x\" { type = string, default = 1 }\n",
        "!\n",
    ] {
        let text = format!("{}{broken}{}", good("first"), good("last"));
        let Parsed { body, faults } = parse(&text);
        let labels: Vec<_> = body
            .blocks()
            .filter_map(|block| block.labels.get(1))
            .map(|label| label.as_str())
            .collect();
        assert_eq!(labels, ["first", "last"], "{broken}");
        let starts = good("first").len();
        assert_eq!(faults.len(), 1, "{broken}: {faults:?}");
        let at = faults[0].span.start;
        assert!((starts..=starts + broken.len()).contains(&at), "{broken}: {faults:?}");
        assert!(!faults[0].expected.is_empty());
        let last = body.blocks().last().and_then(|block| block.span()).expect("a span");
        assert!(
            text[last].starts_with("resource \"aws_x\" \"last\""),
            "places are those of the text"
        );
    }
}

#[test]
fn several_faults_are_told_each() {
    let text = "a = 1\nb = \nc = 2\nd = ]\ne = 3\n";
    let Parsed { body, faults } = parse(text);
    let keys: Vec<_> = body
        .attributes()
        .map(|attribute| attribute.key.as_str().to_owned())
        .collect();
    assert_eq!(keys, ["a", "c", "e"]);
    assert_eq!(faults.len(), 2, "{faults:?}");
}

#[test]
fn a_block_in_a_heredoc_is_text() {
    let text = "a = <<EOT\nresource \"x\" \"y\" {\nEOT\nb = <<-EOT\n  c\n  EOT\n";
    assert_eq!(
        attributes(text),
        [
            ("a".to_owned(), r#""resource \"x\" \"y\" {\n""#.to_owned()),
            ("b".to_owned(), r#""c\n""#.to_owned())
        ]
    );
}

#[test]
fn a_template_file_sees_its_variables_alone() {
    let names = Names::new().with("secret", Kind::Null);
    let variables = || BTreeMap::from([("n".into(), Value::text("v", Place::default()))]);
    let text = |text: &str| {
        let value = template(text, variables(), &names, Place::default());
        match names.problems.take().first() {
            Some(problem) => format!("! {problem}"),
            None => super::shown(&value),
        }
    };
    assert_eq!(text("a ${n}\n"), "\"a v\n\"");
    assert_eq!(text("\"quotes\" and \\n are text"), "\"\"quotes\" and \\n are text\"");
    // As Terraform's templatefile() reads it.
    assert_eq!(
        text("A\n  %{ for x in [\"a\",\"b\"] ~}\n\n    v ${x}\n  %{ endfor ~}\nz\n  \n  ${~ \"q\" ~}\n\n  w"),
        "\"A\n  \n    v a\n  \n    v b\n  z\n  \nq\n  w\""
    );
    assert_eq!(text("${var.secret}"), "! var.secret is declared nowhere");
    assert!(
        text("a\n${").starts_with("! the template does not parse, in its line 2: "),
        "{}",
        text("a\n${")
    );
    assert_eq!(text(""), "\"\"");
}
