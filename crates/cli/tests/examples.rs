//! The commands of the README, on the examples, as a person runs them.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

fn maremma(arguments: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut command = Command::new(env!("CARGO_BIN_EXE_maremma"));
    command.args(arguments).current_dir(root).env_remove("RUST_BACKTRACE");
    command.output().unwrap()
}

fn report(arguments: &[&str]) -> Value {
    let output = maremma(&[arguments, &["--format", "json", "--as-of", "2026-11-24"]].concat());
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The values of a member of every finding with a verdict.
fn members(report: &Value, verdict: &str, member: &str) -> BTreeSet<String> {
    let findings = report["findings"].as_array().unwrap();
    let chosen = findings.iter().filter(|finding| finding["verdict"] == verdict);
    chosen
        .map(|finding| finding[member].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_vulnerable_example_shows_every_check() {
    let checks: Value = serde_json::from_slice(&maremma(&["checks", "--format", "json"]).stdout).unwrap();
    let checks = checks["checks"].as_array().unwrap();
    let all: BTreeSet<_> = checks
        .iter()
        .map(|check| check["id"].as_str().unwrap().to_owned())
        .collect();
    let report = report(&["scan", "examples/orders", "--tier", "hygiene"]);
    let shown = members(&report, "fail", "check");
    let missing: Vec<_> = all.difference(&shown).collect();
    assert!(missing.is_empty(), "add to examples/orders what fails {missing:?}");
    assert_eq!(report["gaps"], serde_json::json!([]));
}

#[test]
fn every_finding_of_the_example_points_into_its_template() {
    let report = report(&["scan", "examples/orders", "--tier", "hygiene"]);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for finding in report["findings"].as_array().unwrap() {
        let file = finding["location"]["file"].as_str().unwrap();
        assert!(file.starts_with("examples/orders/"), "{finding}");
        let lines = std::fs::read_to_string(root.join(file)).unwrap().lines().count() as u64;
        let line = finding["location"]["line"].as_u64().unwrap();
        assert!(line > 1 && line <= lines, "{finding}");
        assert!(
            finding["verdict"] != "fail" || !finding["fix"].is_null(),
            "no fix: {finding}"
        );
    }
}

#[test]
fn the_vulnerable_example_fails_a_build() {
    let output = maremma(&["scan", "examples/orders"]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("critical"), "{text}");
    assert!(!text.contains('\u{1b}'), "no colour in a pipe");
    let nothing_that_grave = [
        "scan",
        "examples/orders",
        "--check",
        "layer-version-not-pinned",
        "--fail-on",
        "critical",
    ];
    assert_eq!(maremma(&nothing_that_grave).status.code(), Some(0));
}

#[test]
fn the_clean_example_is_clean() {
    let report = report(&["scan", "examples/clean", "--tier", "hygiene"]);
    assert_eq!(report["findings"], serde_json::json!([]));
    assert_eq!(report["gaps"], serde_json::json!([]));
    let output = maremma(&["scan", "examples/clean", "--tier", "hygiene", "--strict"]);
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    assert!(String::from_utf8(output.stdout).unwrap().contains("nothing found"));
}

#[test]
fn a_snapshot_tells_what_the_template_tells() {
    let directory = std::env::temp_dir().join(format!("maremma-examples-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let told = |report: &Value| {
        let findings = report["findings"].as_array().unwrap();
        let of = |finding: &Value| {
            ["check", "verdict", "detail", "fingerprint"]
                .map(|member| finding[member].to_string())
                .join(" ")
        };
        findings.iter().map(of).collect::<BTreeSet<_>>()
    };
    let direct = told(&report(&["scan", "examples/orders"]));
    for name in ["estate.json", "estate.json.zst"] {
        let file = directory.join(name);
        let file = file.to_str().unwrap();
        let written = maremma(&["snapshot", "examples/orders", "-o", file]);
        assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
        assert_eq!(told(&report(&["scan", file])), direct, "{name}");
    }
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn a_baseline_accepts_what_it_knows() {
    let directory = std::env::temp_dir().join(format!("maremma-baseline-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let file = directory.join("baseline.json");
    let file = file.to_str().unwrap();
    let first = maremma(&["scan", "examples/orders", "--format", "json", "-o", file]);
    assert_eq!(first.status.code(), Some(1));
    let second = maremma(&["scan", "examples/orders", "--baseline", file]);
    assert_eq!(
        second.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&second.stdout)
    );
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn the_html_report_tells_every_finding_once_and_always_alike() {
    let directory = std::env::temp_dir().join(format!("maremma-html-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    let scan = [
        "scan",
        "examples/orders",
        "--tier",
        "hygiene",
        "--as-of",
        "2026-11-24",
        "--format",
        "html",
    ];
    let written = ["first.html", "second.html"].map(|name| {
        let file = directory.join(name);
        let output = maremma(&[&scan[..], &["-o", file.to_str().unwrap()]].concat());
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty() && output.stderr.is_empty());
        std::fs::read_to_string(file).unwrap()
    });
    let [first, second] = &written;
    assert!(first == second);
    let report = report(&["scan", "examples/orders", "--tier", "hygiene"]);
    let findings = report["findings"].as_array().unwrap();
    for finding in findings {
        let short = &finding["fingerprint"].as_str().unwrap()[..12];
        assert_eq!(
            first.matches(&format!("id=\"finding/{short}\"")).count(),
            1,
            "{finding}"
        );
    }
    assert_eq!(first.matches("data-i=\"finding/").count(), findings.len());
    assert_eq!(
        first.matches("data-i=\"function/").count(),
        report["summary"]["functions"].as_u64().unwrap() as usize
    );
    assert_eq!(
        first.matches("data-i=\"check/").count(),
        report["summary"]["checks"].as_u64().unwrap() as usize
    );
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn pages_completions_and_manual_are_written() {
    let page = maremma(&["explain", "CKV_AWS_258"]);
    assert!(String::from_utf8(page.stdout).unwrap().starts_with("url-auth-none"));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(!maremma(&["completions", shell]).stdout.is_empty(), "{shell}");
    }
    let directory = std::env::temp_dir().join(format!("maremma-man-{}", std::process::id()));
    let written = maremma(&["man", directory.to_str().unwrap()]);
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    assert!(directory.join("maremma-scan.1").is_file());
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn a_snapshot_beside_the_templates_is_not_what_is_scanned() {
    let directory = std::env::temp_dir().join(format!("maremma-beside-{}", std::process::id()));
    std::fs::create_dir_all(directory.join("old")).unwrap();
    let template = "Resources:\n  Fn: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13}}\n";
    std::fs::write(directory.join("template.yaml"), template).unwrap();
    let path = directory.to_str().unwrap();
    for name in ["estate.json", "estate.json.zst", "old/estate.zst"] {
        let file = directory.join(name);
        assert!(
            maremma(&["snapshot", path, "-o", file.to_str().unwrap()])
                .status
                .success(),
            "{name}"
        );
    }
    let open = format!(
        "{template}  Url: {{Type: AWS::Lambda::Url, Properties: {{TargetFunctionArn: !Ref Fn, AuthType: NONE}}}}\n"
    );
    std::fs::write(directory.join("template.yaml"), open).unwrap();
    let output = maremma(&["scan", path, "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(members(&report, "fail", "check").contains("url-auth-none"), "{report}");
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn a_parameter_that_nobody_declares_is_an_error() {
    let output = maremma(&["scan", "examples/orders", "--parameter", "PartnrAccount=111122223333"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("PartnrAccount"), "{said}");
    let known = maremma(&["scan", "examples/orders", "--parameter", "PartnerAccount=111122223333"]);
    assert_eq!(known.status.code(), Some(1));
}

#[test]
fn a_template_that_is_named_brings_the_stacks_that_it_nests() {
    let directory = std::env::temp_dir().join(format!("maremma-nested-{}", std::process::id()));
    std::fs::create_dir_all(directory.join("stacks")).unwrap();
    let parent = "Resources:\n  Web: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: stacks/web.yaml}}\n  \
                  Elsewhere: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: /etc/hostname}}\n";
    std::fs::write(directory.join("parent.yaml"), parent).unwrap();
    let nested = "Resources:\n  Fn: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13}}\n  \
                  Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref Fn, AuthType: NONE}}\n";
    std::fs::write(directory.join("stacks/web.yaml"), nested).unwrap();
    let output = maremma(&[
        "scan",
        directory.join("parent.yaml").to_str().unwrap(),
        "--format",
        "json",
    ]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let open = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| finding["check"] == "url-auth-none");
    assert_eq!(open.unwrap()["subject"]["address"], "Web/Url", "{report}");
    let gaps: Vec<_> = report["gaps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|gap| gap["reason"].as_str().unwrap())
        .collect();
    assert!(
        matches!(gaps.as_slice(), [only] if only.contains("Elsewhere")),
        "{gaps:?}"
    );
    std::fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn a_cdk_app_says_where_it_is_deployed() {
    let directory = std::env::temp_dir().join(format!("maremma-cdk-{}", std::process::id()));
    std::fs::create_dir_all(directory.join("cdk.out")).unwrap();
    std::fs::write(directory.join(".gitignore"), "cdk.out\n").unwrap();
    let manifest = r#"{"version": "36.0.0", "artifacts": {"Shop": {"type": "aws:cloudformation:stack",
        "environment": "aws://111122223333/eu-west-1", "properties": {"templateFile": "Shop.template.json"}}}}"#;
    std::fs::write(directory.join("cdk.out/manifest.json"), manifest).unwrap();
    let template = r#"{"Resources": {"OrdersFn0A1B2C3D": {"Type": "AWS::Lambda::Function",
        "Metadata": {"aws:cdk:path": "Shop/Orders/Resource"},
        "Properties": {"Layers": ["arn:aws:lambda:eu-west-1:999988887777:layer:x:1",
            {"Fn::Join": ["", ["arn:aws:lambda:eu-west-1:", {"Ref": "AWS::AccountId"}, ":layer:y:1"]]}]}}}}"#;
    std::fs::write(directory.join("cdk.out/Shop.template.json"), template).unwrap();
    let output = maremma(&[
        "scan",
        directory.to_str().unwrap(),
        "--format",
        "json",
        "--check",
        "layer-cross-account",
    ]);
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let findings = report["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 1, "{report}");
    assert_eq!(findings[0]["verdict"], "fail");
    assert_eq!(findings[0]["subject"]["address"], "Shop/Orders/Resource");
    assert_eq!(findings[0]["subject"]["account"], "111122223333");
    std::fs::remove_dir_all(&directory).unwrap();
}
