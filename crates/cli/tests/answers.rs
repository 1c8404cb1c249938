//! A directory of answers of the AWS CLI, as one keeps it: scanned, put into a snapshot, and no secret of it told.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A directory of its own, which goes with the test.
struct Directory(PathBuf);

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Directory {
    /// The account of the fuzz corpus, in the layout of the docs.
    fn of_account(name: &str) -> Self {
        let root = std::env::temp_dir().join(format!("maremma-answers-{name}-{}", std::process::id()));
        let directory = Directory(root);
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/responses");
        for file in ["api", "callers", "data", "events", "iam", "lambda", "network"] {
            let text = std::fs::read_to_string(corpus.join(format!("{file}.txt"))).unwrap();
            for part in text.split("\n== ") {
                let (path, text) = part.trim_start_matches("== ").split_once('\n').unwrap();
                let path = directory.0.join("in").join(path);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, text).unwrap();
            }
        }
        directory
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

fn maremma(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_maremma"));
    command.args(arguments).env_remove("RUST_BACKTRACE");
    command.output().unwrap()
}

fn found(arguments: &[&str]) -> BTreeSet<(String, String)> {
    let output = maremma(
        &[
            &["scan", "--as-of", "2026-11-24", "--tier", "hygiene", "--format", "json"],
            arguments,
        ]
        .concat(),
    );
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let text = |finding: &Value, at: &str| {
        finding
            .pointer(at)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let findings = report.pointer("/findings").and_then(Value::as_array).unwrap();
    findings
        .iter()
        .filter(|finding| text(finding, "/verdict") == "fail")
        .map(|finding| (text(finding, "/check"), text(finding, "/subject/address")))
        .collect()
}

#[test]
fn an_account_is_judged_and_so_is_its_snapshot() {
    let directory = Directory::of_account("judged");
    let answers = found(&[&directory.path("in")]);
    let orders = "arn:aws:lambda:eu-west-1:111122223333:function:orders";
    for (check, address) in [
        ("policy-public-principal", format!("{orders}:live/policy/anyone")),
        ("url-auth-none", format!("{orders}:live/url")),
        (
            "secret-policy-open",
            "arn:aws:secretsmanager:eu-west-1:111122223333:secret:database-AbCdEf/policy".to_owned(),
        ),
        ("vpc-default-security-group", orders.to_owned()),
        (
            "layer-public",
            "arn:aws:lambda:eu-west-1:111122223333:layer:base:3/policy/all".to_owned(),
        ),
    ] {
        assert!(
            answers.contains(&(check.to_owned(), address.clone())),
            "{check} {address}: {answers:#?}"
        );
    }
    let snapshot = directory.path("estate.json.zst");
    let written = maremma(&["snapshot", &directory.path("in"), "-o", &snapshot]);
    assert!(
        Path::new(&snapshot).exists(),
        "{}",
        String::from_utf8_lossy(&written.stderr)
    );
    assert_eq!(found(&[&snapshot]), answers);
}

#[test]
fn no_report_tells_a_secret_of_an_answer() {
    let directory = Directory::of_account("secret");
    let formats = [
        "text", "json", "sarif", "html", "junit", "ocsf", "csv", "markdown", "github",
    ];
    let asked: Vec<String> = formats
        .iter()
        .map(|format| format!("--format={format}={}", directory.path(format)))
        .collect();
    let input = directory.path("in");
    let mut arguments = vec![
        "scan",
        &input,
        "--as-of",
        "2026-11-24",
        "--tier",
        "hygiene",
        "--include-passed",
    ];
    arguments.extend(asked.iter().map(String::as_str));
    maremma(&arguments);
    for format in formats {
        let report = std::fs::read_to_string(directory.path(format)).unwrap();
        assert!(!report.contains("not-a-real"), "{format}");
    }
}
