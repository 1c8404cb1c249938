//! A baseline taken once counts wherever its files go.

use crate::scratch::{Scratch, template};
use serde_json::Value;

fn scan(scratch: &Scratch, baseline: &str) -> Value {
    let args = ["scan", "src", "--format", "json", "--tier", "hygiene"];
    let given = ["--baseline", baseline];
    let given = if baseline.is_empty() { &given[..0] } else { &given[..] };
    let args: Vec<&str> = args.iter().chain(given).copied().collect();
    scratch.maremma(&args).json()
}

fn open(report: &Value) -> usize {
    report["findings"].as_array().unwrap().len()
}

#[test]
fn files_move_and_the_baseline_follows() {
    let scratch = Scratch::new();
    scratch.write("src/a b.yaml", template("NONE"));
    for format in ["json", "sarif"] {
        let file = format!("known.{format}");
        scratch.maremma(&[
            "scan",
            "src",
            "--tier",
            "hygiene",
            "--format",
            &format!("{format}={file}"),
        ]);
    }
    std::fs::create_dir_all(scratch.path("src/stacks")).unwrap();
    std::fs::rename(scratch.path("src/a b.yaml"), scratch.path("src/stacks/shop.yaml")).unwrap();
    for baseline in ["known.json", "known.sarif"] {
        let report = scan(&scratch, baseline);
        assert_eq!(open(&report), 0, "{baseline}");
        let reasons = report["suppressed"].to_string();
        assert!(reasons.contains("in a file that has moved"), "{reasons}");
        assert_eq!(report["notes"].as_array().unwrap().len(), 0, "{baseline}");
    }
    // A copy is no move: one of the two is new.
    scratch.write("src/a b.yaml", template("NONE"));
    for baseline in ["known.json", "known.sarif"] {
        let report = scan(&scratch, baseline);
        assert_eq!(open(&report), open(&scan(&scratch, "")) / 2, "{baseline}");
        assert!(report["findings"][0]["location"]["file"] == "src/stacks/shop.yaml");
    }
}

#[test]
fn what_is_fixed_is_told_of_the_baseline() {
    let scratch = Scratch::new();
    scratch.write("src/t.yaml", template("NONE"));
    scratch.maremma(&["scan", "src", "--format", "json=known.json"]);
    scratch.write("src/t.yaml", template("AWS_IAM"));
    let notes = scan(&scratch, "known.json")["notes"].to_string();
    assert!(
        notes.contains("findings of the baseline are not found any more"),
        "{notes}"
    );
}

#[test]
fn what_is_no_baseline_is_refused() {
    let scratch = Scratch::new();
    scratch.write("src/t.yaml", template("NONE"));
    let foreign = r#"{"version": "2.1.0", "runs": [{"results": [{"ruleId": "CKV_AWS_258"}]}]}"#;
    for (text, says) in [
        ("", "not JSON"),
        ("{}", "expected a report"),
        (foreign, "no fingerprint of maremma"),
    ] {
        scratch.write("known", text);
        let ran = scratch.maremma(&["scan", "src", "--baseline", "known"]);
        assert_eq!(ran.code, Some(2), "{text}");
        assert!(
            ran.stderr.contains(says) && ran.stderr.contains("known"),
            "{}",
            ran.stderr
        );
    }
    let gone = scratch.maremma(&["scan", "src", "--baseline", "nowhere.json"]);
    assert_eq!(gone.code, Some(2));
}
