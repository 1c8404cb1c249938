use super::*;
use crate::fixture;
use crate::text::TextOptions;
use maremma_model::change::{Aspect, Change, FindingChanges, FunctionChange, Gone, RoleChange, Stand};
use maremma_model::{Finding, Location};
use serde_json::Value;

/// What is told of a change of all kinds, as text, Markdown and JSON.
fn reports(target: &str) -> (String, String, Value) {
    let estate = fixture::estate();
    let findings = [fixture::open_url(&estate), fixture::wide_role(&estate)];
    let change = change(&estate, &findings);
    let side = Side {
        target,
        estate: &estate,
        not_assessed: &[],
    };
    let difference = Difference {
        tool: crate::run::Tool {
            name: "maremma",
            version: "0.0.0",
            url: "https://example.com/m",
        },
        as_of: "2026-01-01",
        facts: &[],
        old: side,
        new: side,
        change: &change,
        fail_on: Severity::Low,
        failing: 1,
    };
    let (mut text, mut markdown, mut json) = (Vec::new(), Vec::new(), Vec::new());
    diff_text(&difference, &TextOptions::default(), &mut text).unwrap();
    diff_markdown(&difference, &mut markdown).unwrap();
    diff_json(&difference, &mut json).unwrap();
    let json = serde_json::from_slice(&json).unwrap();
    (
        String::from_utf8(text).unwrap(),
        String::from_utf8(markdown).unwrap(),
        json,
    )
}

fn change<'f>(estate: &Estate, findings: &'f [Finding]) -> Change<'f> {
    let at: Location = fixture::place(estate, "AuthType").into();
    let one = |aspect, turn, what: &str, before: &str, after: &str| One {
        aspect,
        turn,
        what: (!what.is_empty()).then(|| what.to_owned()),
        before: (!before.is_empty()).then(|| before.to_owned()),
        after: (!after.is_empty()).then(|| after.to_owned()),
        opens: aspect == Aspect::FunctionUrl,
        at: at.clone(),
        in_old: turn == Turn::Removed,
    };
    let stand = || {
        Some(Stand {
            unit: "t.yaml".into(),
            address: "Orders".into(),
            at: at.clone(),
        })
    };
    let (first, last) = (findings.first().unwrap(), findings.last().unwrap());
    Change {
        findings: FindingChanges {
            new: vec![first],
            gone: vec![(last, Gone::NotRead)],
            changed: vec![(last, first)],
            same: 3,
        },
        functions: vec![
            FunctionChange {
                name: "orders\u{1b}[2J<b>".into(),
                old: stand(),
                new: stand(),
                differences: vec![
                    one(Aspect::FunctionUrl, Turn::Changed, "", "AWS_IAM", "NONE"),
                    one(Aspect::EnvironmentVariable, Turn::Removed, "TOKEN", "", ""),
                    one(Aspect::Runtime, Turn::Unknown, "", "${Runtime}", "python3.13"),
                    one(Aspect::Code, Turn::Added, "S3Key", "", "hunter2hunter2"),
                ],
            },
            FunctionChange {
                name: "gone".into(),
                old: stand(),
                new: None,
                differences: vec![],
            },
        ],
        roles: vec![RoleChange {
            old: None,
            new: Some("role".into()),
            functions: ["a", "b", "c", "d"].map(Into::into).to_vec(),
            differences: vec![one(Aspect::PolicyStatement, Turn::Added, "Allow s3:* on *", "", "")],
        }],
    }
}

#[test]
fn every_format_tells_what_differs() {
    let (text, markdown, json) = reports("old");
    for line in [
        "      ~ function URL: AWS_IAM -> NONE  opens to callers without credentials",
        "      - environment variable TOKEN",
        "      ? runtime: ${Runtime} -> python3.13",
        "  - gone  template.yaml",
        "  + role  runs a, b, c, 1 more",
        "      + policy statement Allow s3:* on *",
        "(not read)",
    ] {
        assert!(text.contains(line), "{line}\n{text}");
    }
    assert!(markdown.starts_with("## Maremma: 1 new critical"), "{markdown}");
    assert!(markdown.contains("`~` `function URL: AWS_IAM -> NONE` **opens to callers without credentials**"));
    assert_eq!(json["summary"]["new"]["critical"], 1);
    assert_eq!(json["summary"]["opened"], 1);
    assert_eq!(json["summary"]["unknown"], 1);
    assert_eq!(json["functions"][1]["change"], "removed");
    assert_eq!(json["functions"][0]["differences"][0]["aspect"], "function_url");
    assert_eq!(json["findings"]["gone"][0]["reason"], "not_read");
}

#[test]
fn no_secret_and_no_command_gets_out() {
    let (text, markdown, json) = reports("old");
    for report in [&text, &markdown, &json.to_string()] {
        assert!(!report.contains("hunter2") && !report.contains('\u{1b}'), "{report}");
    }
    assert!(!markdown.contains("<b>]") && !markdown.contains("2J<b>\n"));
    assert!(markdown.contains("`orders␛[2J<b>`"), "{markdown}");
}

#[test]
fn the_report_fits_its_schema_and_a_violation_is_noticed() {
    let (_, _, mut json) = reports("old");
    let schema: Value = serde_json::from_str(&diff_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    json["functions"][0]["differences"][0]["change"] = "worse".into();
    assert!(!validator.is_valid(&json));
}

#[test]
fn the_schema_that_is_checked_in_is_current() {
    let checked_in = include_str!("../../../../docs/schema/diff.schema.json");
    let current = format!("{}\n", diff_schema().trim_end());
    assert_eq!(checked_in, current, "run `cargo xtask generate`");
}
