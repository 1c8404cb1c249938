//! Checks of one's own from the command line: listed, explained, tested, run, refused.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn maremma_in(directory: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_maremma"));
    command
        .args(arguments)
        .current_dir(directory)
        .env_remove("RUST_BACKTRACE");
    command.output().unwrap()
}

fn maremma(arguments: &[&str]) -> Output {
    maremma_in(&root(), arguments)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A directory of its own, with files in it.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str, files: &[(&str, &str)]) -> Self {
        let path = std::env::temp_dir().join(format!("maremma-own-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        for (name, text) in files {
            let path = path.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Scratch(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const CHECK: &str = r#"id = "runtime-not-ours"
title = "Runtime that is not ours"
subject = "AWS::Lambda::Function"
severity = "high"
fails = "self.runtime != 'python3.13'"
message = "the function runs on {runtime}"
fix = "Use python3.13"
controls = ["nist CM-7"]

[[equivalent]]
tool = "Checkov"
id = "CKV2_OURS_1"
exact = true

[[example]]
expect = "fail"
template = "Resources: {F: {Type: AWS::Lambda::Function, Properties: {Runtime: ruby3.3, Handler: x}}}"

[[example]]
expect = "pass"
template = "Resources: {F: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13, Handler: x}}}"
"#;

const TEMPLATE: &str = "Resources:\n  Old:\n    Type: AWS::Lambda::Function\n    Properties:\n      Runtime: ruby3.3\n      Handler: x\n  \
    Older:\n    Type: AWS::Lambda::Function\n    Properties:\n      Runtime: ruby3.2 # maremma: ignore[runtime-not-ours] until we move it\n      Handler: x\n";

fn report(directory: &Path, arguments: &[&str]) -> Value {
    let arguments = [&["scan", "--format", "json"], arguments].concat();
    let output = maremma_in(directory, &arguments);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(&output.stderr)))
}

#[test]
fn the_examples_come_to_what_they_expect() {
    let output = maremma(&["checks", "test", "examples/checks"]);
    assert_eq!(
        text(&output.stdout),
        "5 checks, 15 examples: all come to what they expect\n"
    );
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn an_example_that_comes_to_something_else_is_told() {
    let wrong = CHECK.replace("!= 'python3.13'", "== 'python3.13'");
    let scratch = Scratch::new("differs", &[("checks/ours.toml", &wrong)]);
    let output = maremma_in(&scratch.0, &["checks", "test", "checks"]);
    let told = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(
        told.starts_with("checks/ours.toml:15: runtime-not-ours: expected fail, found pass\n"),
        "{told}"
    );
    assert!(
        told.contains(
            "checks/ours.toml:19: runtime-not-ours: expected pass, found fail\n  F: the function runs on python3.13"
        ),
        "{told}"
    );
    assert!(
        told.ends_with("1 check, 2 examples: 2 come to something else\n"),
        "{told}"
    );
}

#[test]
fn they_are_found_by_the_configuration_and_judge_like_any_other() {
    let files = [
        ("security/ours.toml", CHECK),
        ("template.yaml", TEMPLATE),
        ("maremma.toml", "[scan]\nchecks = [\"security\"]\n"),
    ];
    let scratch = Scratch::new("configured", &files);
    let told = report(
        &scratch.0,
        &["template.yaml", "--check", "runtime-not-ours", "--include-passed"],
    );
    let [finding] = told["findings"].as_array().unwrap().as_slice() else {
        panic!("{told}")
    };
    assert_eq!(finding["check"], "runtime-not-ours");
    assert_eq!(
        (&finding["severity"], &finding["tier"], &finding["verdict"]),
        (&"high".into(), &"hardening".into(), &"fail".into())
    );
    assert_eq!(finding["message"], "the function runs on ruby3.3");
    assert_eq!(
        (&finding["location"]["line"], &finding["location"]["column"]),
        (&5.into(), &16.into())
    );
    assert_eq!(finding["fix"]["says"], "Use python3.13");
    assert_eq!(finding["equivalents"][0]["id"], "CKV2_OURS_1");
    let suppressed = told["suppressed"].as_array().unwrap();
    assert_eq!(suppressed.len(), 1, "{told}");
    // By the id of an equivalent, by its framework, and left out.
    let ids = |told: &Value| -> Vec<String> {
        let findings = told["findings"].as_array().unwrap().iter();
        findings
            .map(|finding| finding["check"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        ids(&report(&scratch.0, &["template.yaml", "--check", "ckv2_ours_1"])),
        ["runtime-not-ours"]
    );
    let nist = ids(&report(&scratch.0, &["template.yaml", "--framework", "nist"]));
    assert!(nist.contains(&"runtime-not-ours".to_owned()), "{nist:?}");
    let skipped = ids(&report(&scratch.0, &["template.yaml", "--skip", "runtime-not-ours"]));
    assert!(!skipped.contains(&"runtime-not-ours".to_owned()), "{skipped:?}");
    // An earlier report takes it off.
    std::fs::write(scratch.0.join("before.json"), told.to_string()).unwrap();
    let again = report(
        &scratch.0,
        &[
            "template.yaml",
            "--check",
            "runtime-not-ours",
            "--baseline",
            "before.json",
        ],
    );
    assert_eq!(
        (ids(&again).len(), again["suppressed"].as_array().unwrap().len()),
        (0, 2)
    );
}

#[test]
fn every_report_takes_them() {
    let scratch = Scratch::new("reports", &[("ours.toml", CHECK), ("template.yaml", TEMPLATE)]);
    for format in [
        "text", "json", "sarif", "html", "junit", "ocsf", "csv", "markdown", "github",
    ] {
        let output = maremma_in(
            &scratch.0,
            &[
                "scan",
                "template.yaml",
                "--checks",
                "ours.toml",
                "--check",
                "runtime-not-ours",
                "--format",
                format,
            ],
        );
        let told = text(&output.stdout);
        assert_eq!(output.status.code(), Some(1), "{format}: {}", text(&output.stderr));
        assert!(
            told.contains("runtime-not-ours") && told.contains("ruby3.3"),
            "{format}: {told}"
        );
        // There is no page of it on the website.
        assert!(!told.contains("docs/checks/runtime-not-ours"), "{format}: {told}");
    }
}

#[test]
fn they_are_listed_and_explained() {
    let list = text(&maremma(&["checks", "--checks", "examples/checks"]).stdout);
    assert!(
        list.contains("runtime-not-ours") && list.contains("url-auth-none"),
        "{list}"
    );
    let page = text(&maremma(&["explain", "prod-without-alias", "--checks", "examples/checks"]).stdout);
    assert!(
        page.contains("self.aliases.size() > 0") && page.contains("Why it matters"),
        "{page}"
    );
    let unknown = text(&maremma(&["explain", "prod-without-alias"]).stderr);
    assert!(unknown.contains("no check is called"), "{unknown}");
}

#[test]
fn what_is_wrong_is_refused_with_file_and_line() {
    let broken = [
        (
            CHECK.replace("self.runtime !=", "self.runtme !="),
            "ours.toml:5:14: fails: a function has no member runtme: did you mean runtime?",
        ),
        (
            CHECK.replace("'python3.13'\"\nmessage", "13\"\nmessage"),
            "ours.toml:5:",
        ),
        (
            CHECK.replace("fix =", "fixx ="),
            "ours.toml:7:1: unknown key fixx: did you mean fix?",
        ),
        (
            CHECK.replace("runtime-not-ours", "url-auth-none"),
            "ours.toml:1:6: a built-in check is called url-auth-none",
        ),
        (
            CHECK.replace("expect = \"pass\"", "expect = \"fail\""),
            "ours.toml:1:1: the check has no example that passes",
        ),
        (CHECK.replace("id = \"runtime", "id = runtime"), "ours.toml:1:"),
    ];
    for (check, says) in broken {
        let scratch = Scratch::new("refused", &[("ours.toml", &check), ("template.yaml", TEMPLATE)]);
        let output = maremma_in(&scratch.0, &["scan", "template.yaml", "--checks", "ours.toml"]);
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains(says) && output.stdout.is_empty(), "{says}: {told}");
    }
    let missing = maremma(&["scan", "examples/clean", "--checks", "nowhere"]);
    assert_eq!(missing.status.code(), Some(2), "{}", text(&missing.stderr));
}

#[test]
fn secrets_are_not_shown() {
    let check = CHECK
        .replace(
            "self.runtime != 'python3.13'",
            "self.environment.exists(v, v.value.text != 'x' || true)",
        )
        .replace("{runtime}", "{environment}");
    let template = TEMPLATE.replace(
        "Handler: x",
        "Handler: x\n      Environment: {Variables: {TOKEN: hunter2hunter2}}",
    );
    let scratch = Scratch::new("secret", &[("ours.toml", &check), ("template.yaml", &template)]);
    for format in ["text", "json", "html"] {
        let output = maremma_in(
            &scratch.0,
            &[
                "scan",
                "template.yaml",
                "--checks",
                "ours.toml",
                "--check",
                "runtime-not-ours",
                "--format",
                format,
            ],
        );
        let told = text(&output.stdout);
        assert!(told.contains("TOKEN") && !told.contains("hunter2"), "{told}");
    }
}
