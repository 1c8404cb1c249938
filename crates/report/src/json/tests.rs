use super::*;
use crate::fixture::{estate, open_url, run, wide_role};
use maremma_model::{Coverage, Extent, Gap, GapKind, Location, Suppression, Verdict, Why};
use serde_json::Value;

fn written(run: &Run<'_>) -> Value {
    let mut out = Vec::new();
    json(run, &mut out).unwrap();
    serde_json::from_slice(&out).unwrap()
}

fn assert_valid(report: &Value) {
    let schema: Value = serde_json::from_str(&scan_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let problems: Vec<String> = validator
        .iter_errors(report)
        .map(|e| format!("{e} at {}", e.instance_path()))
        .collect();
    assert!(problems.is_empty(), "{problems:#?}");
}

#[test]
fn a_finding_has_all_that_the_schema_promises() {
    let estate = estate();
    let findings = [wide_role(&estate), open_url(&estate)];
    let report = written(&run(&estate, &findings));
    assert_valid(&report);
    assert_eq!(report["schema"], "maremma.scan/1");
    let open = &report["findings"][0];
    assert_eq!(open["check"], "url-auth-none");
    assert_eq!(
        open["location"],
        serde_json::json!({
            "file": "template.yaml", "line": 11, "column": 17, "end_line": 11, "end_column": 21, "address": "OrdersUrl"
        })
    );
    assert_eq!(open["references"][0], "https://docs.aws.amazon.com/urls-auth.html");
    assert_eq!(
        open["equivalents"][0],
        serde_json::json!({"id": "CKV_AWS_258", "exact": true})
    );
    assert_eq!(open["fix"]["edit"]["replacement"], "AWS_IAM");
    assert_eq!(open["fix"]["edit"]["masked"], false);
    assert_eq!(report["summary"]["severities"]["critical"], 1);
    assert_eq!(report["summary"]["failing"], 2);
    assert!(!report.to_string().contains("hunter2"));
}

#[test]
fn every_kind_of_location_verdict_and_gap_fits_the_schema() {
    let mut estate = estate();
    estate.gaps.push(Gap {
        kind: GapKind::Unparsed,
        reason: "not YAML".into(),
        at: None,
        affects: vec!["url-auth-none".into()],
    });
    estate.coverage.push(Coverage {
        table: "AWS::CloudTrail::Trail".into(),
        account: None,
        region: None,
        extent: Extent::Partial("one template".into()),
    });
    let mut live = open_url(&estate);
    live.evidence.at = Location::Aws {
        arn: "arn:aws:lambda:eu-west-1:111122223333:function:x".into(),
        attribute: "AuthType".into(),
        call: "GetFunctionUrlConfig".into(),
    };
    live.verdict = Verdict::Pass;
    let mut inside = wide_role(&estate);
    inside.evidence.at = Location::Artifact {
        digest: "sha256:0".into(),
        path: "a.py".into(),
        line: Some(3),
    };
    inside.verdict = Verdict::Undetermined;
    inside.undecided = vec![Why::Parameter("Stage".into())];
    let mut accepted = open_url(&estate);
    accepted.suppression = Some(Suppression {
        source: "comment".into(),
        reason: "public on purpose".into(),
        until: None,
    });
    let findings = [live, inside, accepted];
    let mut run = run(&estate, &findings);
    assert_eq!(written(&run)["findings"].as_array().unwrap().len(), 1);
    run.options.include_passed = true;
    let report = written(&run);
    assert_valid(&report);
    assert_eq!(report["findings"].as_array().unwrap().len(), 2);
    assert_eq!(
        report["findings"][0]["undecided"][0]["remedy"],
        "--parameter Stage=VALUE"
    );
    assert_eq!(report["suppressed"][0]["suppression"]["reason"], "public on purpose");
    assert_eq!(report["coverage"][0]["extent"], "partial");
}

#[test]
fn controls_are_summed_up_where_a_framework_is_asked_for() {
    let estate = estate();
    let mut passed = open_url(&estate);
    passed.verdict = Verdict::Pass;
    let findings = [passed, open_url(&estate)];
    let mut run = run(&estate, &findings);
    let report = written(&run);
    assert_eq!(report["frameworks"], serde_json::json!([]));
    let control = serde_json::json!([{"framework": "fsbp", "id": "Lambda.1"}]);
    assert_eq!(report["findings"][0]["controls"], control);
    run.framework = Some(crate::run::Scope {
        framework: maremma_model::Framework::Fsbp,
        left_out: &[],
    });
    let report = written(&run);
    assert_valid(&report);
    assert_eq!(report["frameworks"][0]["id"], "fsbp");
    assert_eq!(
        report["frameworks"][0]["controls"],
        serde_json::json!([{
            "id": "Lambda.1", "status": "fail", "fail": 1, "undetermined": 0, "pass": 1, "not_applicable": 0,
            "suppressed": 0, "checks": ["url-auth-none"], "not_assessed": [],
        }])
    );
}

#[test]
fn a_schema_violation_is_noticed() {
    let estate = estate();
    let mut report = written(&run(&estate, &[]));
    report["summary"]["fail_on"] = "dreadful".into();
    let schema: Value = serde_json::from_str(&scan_schema()).unwrap();
    assert!(!jsonschema::is_valid(&schema, &report));
}

#[test]
fn values_in_a_proposed_edit_are_masked() {
    let estate = estate();
    let mut open = open_url(&estate);
    if let Some(edit) = open.fix.as_mut().and_then(|fix| fix.edit.as_mut()) {
        edit.replacement = "PASSWORD: hunter2hunter2".into();
    }
    let findings = [open];
    let report = written(&run(&estate, &findings));
    assert_eq!(report["findings"][0]["fix"]["edit"]["replacement"], "PASSWORD: •••");
    assert_eq!(report["findings"][0]["fix"]["edit"]["masked"], true);
}

#[test]
fn the_order_of_findings_changes_nothing() {
    let estate = estate();
    let one = [wide_role(&estate), open_url(&estate)];
    let other = [open_url(&estate), wide_role(&estate)];
    assert_eq!(written(&run(&estate, &one)), written(&run(&estate, &other)));
}

#[test]
fn the_schema_that_is_checked_in_is_current() {
    let checked_in = include_str!("../../../../docs/schema/scan.schema.json");
    assert!(
        checked_in == scan_schema(),
        "docs/schema/scan.schema.json differs from what scan_schema() makes of the types"
    );
}
