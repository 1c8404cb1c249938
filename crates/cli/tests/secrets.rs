//! What is secret in Terraform, in plans and in states is in no report and in no snapshot.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and so does what helps it")]

use std::path::Path;
use std::process::Command;

const CANARY: &str = "not-a-real-value";

const CONFIGURATION: &str = r#"
variable "token" {
  sensitive = true
  default   = "not-a-real-value-1"
}
locals { word = "not-a-real-value-2" }
resource "aws_lambda_function" "f" {
  function_name = "f"
  role          = "arn:aws:iam::111122223333:role/x"
  runtime       = "python3.7"
  description   = "uses ${var.token}"
  environment {
    variables = { TOKEN = var.token, URL = "postgres://u:${local.word}@h", KEY = "not-a-real-value-3" }
  }
}
resource "aws_secretsmanager_secret_version" "v" { secret_string = "not-a-real-value-4" }
resource "aws_db_instance" "d" { password = "not-a-real-value-5" }
"#;

/// Instances that hold secrets, close beside one that has findings.
const STATE: &str = r#"{"version":4,"terraform_version":"1.9.8","outputs":{"o":{"value":"not-a-real-value"}},"resources":[
{"mode":"managed","type":"random_password","name":"p","instances":[{"attributes":{"result":"not-a-real-value"}}]},
{"mode":"managed","type":"aws_lambda_function","name":"f","instances":[{"attributes":{"runtime":"python3.7","environment":[{"variables":{"A":"not-a-real-value"}}]}}]},
{"mode":"managed","type":"aws_db_instance","name":"d","instances":[{"attributes":{"anything":"not-a-real-value"}}]}]}"#;

const PLAN: &str = r#"{"format_version":"1.2","terraform_version":"1.9.8","variables":{"t":{"value":"not-a-real-value"}},
"planned_values":{"outputs":{"o":{"value":"not-a-real-value"}},"root_module":{"resources":[
{"address":"random_password.p","mode":"managed","type":"random_password","name":"p","values":{"result":"not-a-real-value"}},
{"address":"aws_lambda_function.f","mode":"managed","type":"aws_lambda_function","name":"f","values":{"runtime":"python3.7","description":"not-a-real-value","environment":[{"variables":{"A":"not-a-real-value"}}]},"sensitive_values":{"description":true}}]}},
"resource_changes":[{"address":"aws_lambda_function.f","change":{"before":{"environment":[{"variables":{"A":"not-a-real-value"}}]},"after_unknown":{}}}]}"#;

fn maremma(directory: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_maremma"))
        .args(arguments)
        .current_dir(directory)
        .output()
        .unwrap();
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

#[test]
fn no_report_shows_a_secret_and_no_snapshot_keeps_one() {
    let base = Path::new(env!("CARGO_TARGET_TMPDIR")).join("secrets");
    for (file, text) in [
        ("main.tf", CONFIGURATION),
        ("terraform.tfstate", STATE),
        ("plan.json", PLAN),
    ] {
        let directory = base.join(file.replace('.', "-"));
        std::fs::create_dir_all(&directory).unwrap();
        std::fs::write(directory.join(file), text).unwrap();
        for format in [
            "text", "json", "sarif", "html", "csv", "markdown", "github", "ocsf", "junit",
        ] {
            let told = maremma(&directory, &["scan", ".", "--tier", "hygiene", "--format", format]);
            assert!(told.contains("python3.7"), "{file} as {format} has no finding:\n{told}");
            assert!(!told.contains(CANARY), "{file} as {format} shows a secret");
        }
        let kept = maremma(&directory, &["snapshot", "."]);
        assert!(
            kept.contains("python3.7") && !kept.contains(CANARY),
            "{file} as a snapshot"
        );
    }
}
