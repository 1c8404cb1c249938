use super::*;
use crate::fixture::{estate, evidence, open_url, place, run, wide_role};
use crate::run::{NotAssessed, Note};
use maremma_model::{Location, Suppression, Verdict, Why};

fn written(run: &Run<'_>) -> Value {
    let mut out = Vec::new();
    sarif(run, &mut out).unwrap();
    serde_json::from_slice(&out).unwrap()
}

/// One of everything.
fn everything() -> (maremma_model::Estate, Vec<Finding>) {
    let mut estate = estate();
    let mut wide = wide_role(&estate);
    wide.related = vec![evidence("Orders", place(&estate, "Variables"), "runs as it")];
    wide.message = "see [here](1)".to_owned();
    let mut open = open_url(&estate);
    open.verdict = Verdict::Undetermined;
    open.undecided = vec![Why::Parameter("Stage".into())];
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
        path: "a b.py".into(),
        line: Some(3),
    };
    inside.verdict = Verdict::NotApplicable;
    let mut accepted = open_url(&estate);
    accepted.suppression = Some(Suppression {
        source: "comment".into(),
        reason: "public on purpose".into(),
        until: None,
    });
    estate.gaps.push(Gap {
        kind: GapKind::Unparsed,
        reason: "expected a map".into(),
        at: Some(place(&estate, "Role:").into()),
        affects: Vec::new(),
    });
    let findings = vec![wide, open_url(&estate), open, live, inside, accepted];
    (estate, findings)
}

fn full_log() -> Value {
    let (estate, findings) = everything();
    let not_assessed = [NotAssessed {
        check: "role-admin".to_owned(),
        reason: "no roles here".to_owned(),
    }];
    let notes = [Note {
        message: "unused ignore".to_owned(),
        at: Some(place(&estate, "Role:").into()),
    }];
    let mut run = Run {
        not_assessed: &not_assessed,
        notes: &notes,
        ..run(&estate, &findings)
    };
    run.options.include_passed = true;
    written(&run)
}

#[test]
fn a_log_holds_everything_and_no_secret() {
    let log = full_log();
    // For the official schema, which is not in this repository: tests/sarif/validate.py reads it.
    if let Some(path) = std::env::var_os("MAREMMA_SARIF_LOG") {
        std::fs::write(path, log.to_string()).unwrap();
    }
    let run = &log["runs"][0];
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["results"].as_array().unwrap().len(), 6);
    let kinds: Vec<&str> = run["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| r["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["fail", "fail", "open", "fail", "pass", "notApplicable"]);
    assert!(!log.to_string().contains("hunter2"));
    assert!(log.to_string().contains("PASSWORD: •••"));
}

#[test]
fn a_result_points_at_the_value_and_fixes_it() {
    let log = full_log();
    let open = &log["runs"][0]["results"][0];
    assert_eq!(open["ruleId"], "url-auth-none");
    let index = open["ruleIndex"].as_u64().unwrap() as usize;
    let rule = &log["runs"][0]["tool"]["driver"]["rules"][index];
    assert_eq!(rule["id"], "url-auth-none");
    assert_eq!(rule["properties"]["security-severity"], "9.5");
    assert_eq!(rule["properties"]["tags"], json!(["security", "core", "fsbp/Lambda.1"]));
    assert_eq!(rule["fullDescription"]["text"], "A URL with `AuthType: NONE`.");
    assert!(!rule["help"]["markdown"].as_str().unwrap().contains("Fixtures"));
    let physical = &open["locations"][0]["physicalLocation"];
    assert_eq!(
        physical["artifactLocation"],
        json!({ "uri": "template.yaml", "uriBaseId": "%SRCROOT%" })
    );
    let region =
        json!({ "startLine": 11, "startColumn": 17, "endLine": 11, "endColumn": 21, "snippet": { "text": "NONE" } });
    assert_eq!(physical["region"], region);
    assert_eq!(physical["contextRegion"]["startLine"], 10);
    assert_eq!(physical["contextRegion"]["endLine"], 12);
    let replacement = &open["fixes"][0]["artifactChanges"][0]["replacements"][0];
    assert_eq!(replacement["insertedContent"]["text"], "AWS_IAM");
    assert_eq!(replacement["deletedRegion"]["endColumn"], 21);
}

#[test]
fn gaps_and_suppressions_are_told() {
    let log = full_log();
    let run = &log["runs"][0];
    let notifications = &run["invocations"][0]["toolExecutionNotifications"];
    assert_eq!(notifications[0]["descriptor"]["id"], "gap/unparsed");
    assert_eq!(
        notifications[0]["locations"][0]["physicalLocation"]["region"]["startLine"],
        12
    );
    assert_eq!(notifications[1]["associatedRule"]["id"], "role-admin");
    assert_eq!(run["results"][3]["suppressions"][0]["kind"], "inSource");
    assert_eq!(run["results"][0]["suppressions"], json!([]));
}

#[test]
fn names_make_no_links_in_messages() {
    assert_eq!(full_log()["runs"][0]["results"][1]["message"]["text"], "see [here] (1)");
}

#[test]
fn a_fix_that_holds_a_secret_cannot_be_applied_and_is_left_out() {
    let estate = estate();
    let mut open = open_url(&estate);
    if let Some(edit) = open.fix.as_mut().and_then(|fix| fix.edit.as_mut()) {
        edit.replacement = "A: hunter2hunter2".into();
    }
    let findings = [open];
    let log = written(&run(&estate, &findings));
    assert!(log["runs"][0]["results"][0].get("fixes").is_none());
    assert!(!log.to_string().contains("hunter2"));
}
