//! Every fix of the vulnerable example, in Terraform's words.
#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and so does what helps it"
)]

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// What cannot be said in Terraform, and why.
const NOT_IN_TERRAFORM: &[(&str, &str)] = &[
    ("apigw-method-no-auth", "of an API of AWS SAM"),
    ("apigwv2-no-authorizer", "of an API of AWS SAM"),
    ("durable-no-customer-key", "the provider has no attribute for it"),
    ("layer-version-not-pinned", "a reference that CloudFormation resolves"),
    ("ssm-parameter-plaintext", "the provider makes no value for a secret"),
];

/// The fixes that say what to paste: check, type, address and text.
fn snippets() -> BTreeSet<(String, String, String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut command = Command::new(env!("CARGO_BIN_EXE_maremma"));
    command.args(["scan", "examples/orders", "--tier", "hygiene", "--format", "json", "-q"]);
    let output = command.current_dir(root).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap().iter();
    let of = |finding: &Value| {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let subject = &finding["subject"];
        Some((
            text(&finding["check"])?,
            text(&subject["kind"])?,
            text(&subject["address"])?,
            text(&finding["fix"]["snippet"])?,
        ))
    };
    findings.filter_map(of).collect()
}

/// A body, or the items of a list.
fn is_hcl(text: &str) -> bool {
    let part = |part: &str| {
        let bare: Vec<_> = part.lines().filter(|line| !line.starts_with('#')).collect();
        let list = format!("[{}]", bare.join("\n"));
        hcl_edit::parser::parse_body(part).is_ok() || hcl_edit::parser::parse_expr(&list).is_ok()
    };
    hcl_edit::parser::parse_body(text).is_ok() || text.replace("\n\n#", "\0#").split('\0').all(part)
}

#[test]
fn every_fix_can_be_said_in_terraform_or_it_is_known_why_not() {
    let all = snippets();
    assert!(all.len() > 80, "{}", all.len());
    let (mut missing, mut translated) = (BTreeSet::new(), 0);
    for (check, kind, address, yaml) in &all {
        if yaml.contains("[trust]") {
            continue;
        }
        let listed = NOT_IN_TERRAFORM.iter().any(|(known, _)| known == check);
        match maremma_source::terraform_snippet(yaml, kind, address) {
            Some(text) => {
                translated += 1;
                println!("== {check} {kind}\n{text}\n");
                assert!(is_hcl(&text), "{check}:\n{text}");
                assert!(
                    !text.contains("AWS::") || text.contains("\"AWS::Lambda::Function\""),
                    "{text}"
                );
            }
            None => {
                assert!(listed, "{check}:\n{yaml}");
                println!("!! {check} {kind}\n{yaml}\n");
                missing.insert(check.as_str());
            }
        }
    }
    println!("{translated} of {}", all.len());
    let listed: BTreeSet<_> = NOT_IN_TERRAFORM.iter().map(|(check, _)| *check).collect();
    assert_eq!(missing, listed);
}
