//! Every format, written to a file from the vulnerable example and read back; frameworks; the configuration.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A directory of its own, which goes with the test.
struct Directory(PathBuf);

impl Directory {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("maremma-formats-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Directory(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn maremma(arguments: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut command = Command::new(env!("CARGO_BIN_EXE_maremma"));
    command.args(arguments).current_dir(root).env_remove("RUST_BACKTRACE");
    command.output().unwrap()
}

fn json(arguments: &[&str]) -> Value {
    let output = maremma(&[arguments, &["--format", "json", "--as-of", "2026-11-24"]].concat());
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

#[test]
fn every_format_tells_the_same_findings() {
    let directory = Directory::new("all");
    let formats = ["text", "json", "sarif", "junit", "ocsf", "csv", "markdown", "github"];
    let asked: Vec<String> = formats
        .iter()
        .map(|f| format!("--format={f}={}", directory.path(f)))
        .collect();
    let mut arguments = vec!["scan", "examples/orders", "--tier", "hygiene", "--as-of", "2026-11-24"];
    arguments.extend(asked.iter().map(String::as_str));
    let output = maremma(&arguments);
    assert_eq!(
        output.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.stdout.is_empty() && output.stderr.is_empty());
    let read = |format: &str| std::fs::read_to_string(directory.path(format)).unwrap();

    let report: Value = serde_json::from_str(&read("json")).unwrap();
    let count = |verdict: &str| report["summary"]["verdicts"][verdict].as_u64().unwrap() as usize;
    let (fail, undetermined) = (count("fail"), count("undetermined"));
    assert!(fail > 20 && undetermined > 0, "{fail} {undetermined}");

    let sarif: Value = serde_json::from_str(&read("sarif")).unwrap();
    assert_eq!(
        sarif["runs"][0]["results"].as_array().unwrap().len(),
        fail + undetermined
    );

    let ocsf: Value = serde_json::from_str(&read("ocsf")).unwrap();
    let codes = ocsf
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["status_code"].as_str().unwrap());
    let codes: Vec<&str> = codes.collect();
    assert_eq!(codes.iter().filter(|code| **code == "FAIL").count(), fail);
    assert_eq!(
        codes.iter().filter(|code| **code == "UNDETERMINED").count(),
        undetermined
    );

    let sheet = read("csv");
    let rows: Vec<BTreeMap<String, String>> = csv::Reader::from_reader(sheet.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(rows.iter().filter(|row| row["verdict"] == "fail").count(), fail);
    assert_eq!(
        rows.iter().filter(|row| row["verdict"] == "undetermined").count(),
        undetermined
    );

    let xml = read("junit");
    let document = roxmltree::Document::parse(&xml).unwrap();
    let failures = document
        .descendants()
        .filter(|node| node.has_tag_name("failure"))
        .count();
    let below = report["summary"]["severities"]["info"].as_u64().unwrap() as usize;
    assert_eq!(failures, fail - below);
    assert_eq!(
        document.root_element().attribute("failures"),
        Some(failures.to_string().as_str())
    );

    let comment = read("markdown");
    assert!(comment.starts_with("## Maremma: ") && comment.chars().count() <= 65_536);
    let left_out = comment.contains("left out here");
    assert!(left_out || comment.matches("\n- [`").count() == fail);

    let commands = read("github");
    let of = |level: &str| commands.lines().filter(|line| line.starts_with(level)).count();
    assert_eq!(of("::error file=examples/orders/"), 10);
    assert!(commands.lines().last().unwrap().starts_with("::notice title=maremma::"));
    // The gaps of the run are none, and every other line is a finding.
    assert_eq!(commands.lines().count(), fail + undetermined + 1);
    assert!(read("text").contains("critical role-admin"));
}

#[test]
fn a_framework_is_summed_up_with_every_tier() {
    let report = json(&["scan", "examples/orders", "--framework", "fsbp"]);
    assert_eq!(report["summary"]["tier"], "hygiene");
    let framework = &report["frameworks"][0];
    assert_eq!(framework["id"], "fsbp");
    let controls = framework["controls"].as_array().unwrap();
    let of = |id: &str| controls.iter().find(|control| control["id"] == id).unwrap();
    assert_eq!(of("Lambda.1")["status"], "fail");
    assert!(of("Lambda.1")["checks"].to_string().contains("policy-public-principal"));
    for finding in report["findings"].as_array().unwrap() {
        assert!(finding["controls"].to_string().contains("\"fsbp\""), "{finding}");
    }
    let core = json(&["scan", "examples/orders", "--framework", "fsbp", "--tier", "core"]);
    assert_eq!(core["summary"]["tier"], "core");
    let controls = core["frameworks"][0]["controls"].as_array().unwrap();
    let runtime = controls.iter().find(|control| control["id"] == "Lambda.2").unwrap();
    assert_eq!(runtime["status"], "not_assessed", "the check is not of this tier");
    let clean = json(&["scan", "examples/clean", "--framework", "fsbp"]);
    let controls = clean["frameworks"][0]["controls"].as_array().unwrap();
    let lambda = controls.iter().find(|control| control["id"] == "Lambda.1").unwrap();
    assert_eq!((&lambda["status"], &lambda["fail"]), (&"pass".into(), &0.into()));
    assert!(lambda["pass"].as_u64().unwrap() > 0);
    let text = maremma(&["scan", "examples/clean", "--framework", "fsbp"]);
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(
        text.contains("Foundational Security Best Practices\n") && text.contains("Lambda.1"),
        "{text}"
    );
}

#[test]
fn the_configuration_says_what_the_command_line_can() {
    let directory = Directory::new("configuration");
    let template = "Resources:\n  Fn: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.8}}\n  \
                    Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref Fn, AuthType: NONE}}\n";
    std::fs::write(directory.path("template.yaml"), template).unwrap();
    let root = directory.path("");
    let with = |configuration: &str| {
        std::fs::write(directory.path("maremma.toml"), configuration).unwrap();
        json(&["scan", &root])
    };
    let checks = |report: &Value| {
        let findings = report["findings"].as_array().unwrap();
        let mut checks: Vec<String> = findings
            .iter()
            .map(|f| f["check"].as_str().unwrap().to_owned())
            .collect();
        checks.dedup();
        checks
    };
    assert_eq!(checks(&with("[scan]\ncheck = [\"CKV_AWS_258\"]\n")), ["url-auth-none"]);
    let framework = with("[scan]\nframework = \"fsbp\"\n");
    assert_eq!(framework["frameworks"][0]["id"], "fsbp");
    for finding in framework["findings"].as_array().unwrap() {
        assert!(finding["controls"].to_string().contains("\"fsbp\""), "{finding}");
    }
    let first = with("");
    std::fs::write(directory.path("known.json"), first.to_string()).unwrap();
    let second = with("[scan]\nbaseline = \"known.json\"\n");
    assert_eq!(second["summary"]["verdicts"]["fail"], 0);
    assert!(second["summary"]["suppressed"].as_u64().unwrap() > 0);
    std::fs::write(directory.path("maremma.toml"), "[scan]\nframework = \"iso\"\n").unwrap();
    let refused = maremma(&["scan", &root]);
    assert_eq!(refused.status.code(), Some(2));
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("scan.framework") && said.contains("owasp"), "{said}");
}

#[test]
fn what_was_not_read_is_told_where_the_format_cannot() {
    let directory = Directory::new("gaps");
    let template = "Resources:\n  Fn: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.13}}\n";
    std::fs::write(directory.path("good.yaml"), template).unwrap();
    std::fs::write(
        directory.path("bad.yaml"),
        "Resources:\n  Fn: {Type: AWS::Lambda::Function, Proper: [\n",
    )
    .unwrap();
    let root = directory.path("");
    let alone = maremma(&["scan", &root, "--format", "ocsf"]);
    assert!(serde_json::from_slice::<Value>(&alone.stdout).unwrap().is_array());
    assert!(String::from_utf8(alone.stderr).unwrap().contains("no place in OCSF"));
    for format in ["csv", "junit", "markdown", "github", "sarif"] {
        let output = maremma(&["scan", &root, "--format", format]);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(
            output.stderr.is_empty() && text.contains("bad.yaml"),
            "{format}: {text}"
        );
    }
}

#[test]
fn the_catalogue_is_filtered_and_near_ids_are_explained() {
    let list = |arguments: &[&str]| -> Value {
        let output = maremma(&[&["checks", "--format", "json"], arguments].concat());
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let all = list(&[])["checks"].as_array().unwrap().len();
    let core = list(&["--tier", "core"]);
    let core = core["checks"].as_array().unwrap();
    assert!(!core.is_empty() && core.len() < all);
    assert!(core.iter().all(|check| check["tier"] == "core"));
    let fsbp = list(&["--framework", "fsbp"]);
    for check in fsbp["checks"].as_array().unwrap() {
        let controls = check["controls"].as_array().unwrap();
        assert!(controls.iter().any(|control| control["framework"] == "fsbp"), "{check}");
    }
    let near = "APIGateway.8 Lambda.2 CKV_AWS_309 W24".split(' ').filter(|id| {
        let explained = maremma(&["explain", id]);
        let said = String::from_utf8(explained.stderr).unwrap();
        let found = said
            .rsplit_once("; ")
            .and_then(|(_, rest)| rest.trim().strip_suffix(" comes near"));
        found.is_some_and(|check| String::from_utf8(explained.stdout).unwrap().starts_with(check))
    });
    assert!(near.count() > 0, "an id that comes near one check is explained");
    let unknown = maremma(&["explain", "CKV_AWS_999999"]);
    assert_eq!(unknown.status.code(), Some(2));
}

#[test]
fn a_configuration_is_the_same_from_within_its_directory() {
    let inside = |target: &str| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/terraform");
        let mut command = Command::new(env!("CARGO_BIN_EXE_maremma"));
        command.args(["scan", target, "--format", "json"]).current_dir(root);
        let report: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
        report["summary"]["verdicts"].clone()
    };
    let whole = json(&["scan", "examples/terraform"])["summary"]["verdicts"].clone();
    assert!(whole["fail"].as_u64().unwrap() > 0);
    assert_eq!(inside("."), whole);
}
