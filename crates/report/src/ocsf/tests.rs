use super::*;
use crate::fixture::{estate, evidence, open_url, place, run, wide_role};
use maremma_model::{Fix, Suppression, Why};

fn written(run: &Run<'_>) -> Value {
    let mut out = Vec::new();
    ocsf(run, &mut out).unwrap();
    serde_json::from_slice(&out).unwrap()
}

/// What the published schema asks of the objects that are written.
fn schema() -> Value {
    serde_json::from_str(include_str!("schema.json")).unwrap()
}

/// What is wrong with an object, by the schema.
fn problems(schema: &Value, name: &str, object: &Value, path: &str, found: &mut Vec<String>) {
    let Some(rules) = schema["objects"].get(name) else {
        return found.push(format!("{path}: {name} is not in the test's schema"));
    };
    let members = object.as_object().unwrap_or_else(|| panic!("{path} is no object"));
    for required in rules["required"].as_array().unwrap() {
        if !members.contains_key(required.as_str().unwrap()) {
            found.push(format!("{path} lacks {required}"));
        }
    }
    if let Some(any) = rules.get("at_least_one").and_then(Value::as_array)
        && !any.iter().any(|one| members.contains_key(one.as_str().unwrap()))
    {
        found.push(format!("{path} has none of {any:?}"));
    }
    for (key, value) in members {
        let path = format!("{path}.{key}");
        match &rules["attributes"][key] {
            Value::String(kind) => typed(schema, kind, value, &path, found),
            Value::Array(kind) => {
                for item in value.as_array().unwrap_or_else(|| panic!("{path} is no array")) {
                    typed(schema, kind[0].as_str().unwrap(), item, &path, found);
                }
            }
            _ => found.push(format!("{path} is not in the schema")),
        }
        if let Some(ids) = rules["enums"].get(key).and_then(Value::as_array)
            && !ids.contains(value)
        {
            found.push(format!("{path}: {value} is not among {ids:?}"));
        }
    }
}

fn typed(schema: &Value, kind: &str, value: &Value, path: &str, found: &mut Vec<String>) {
    let fits = match kind {
        "integer_t" | "long_t" | "timestamp_t" => value.is_i64() || value.is_u64(),
        "boolean_t" => value.is_boolean(),
        "json_t" | "object" => true,
        scalar if scalar.ends_with("_t") => value.is_string(),
        object => return problems(schema, object, value, path, found),
    };
    if !fits {
        found.push(format!("{path}: {value} is no {kind}"));
    }
}

fn assert_valid(report: &Value) {
    let schema = schema();
    assert_eq!(schema["version"], VERSION);
    let mut found = Vec::new();
    for (index, event) in report.as_array().unwrap().iter().enumerate() {
        problems(&schema, "detection_finding", event, &format!("[{index}]"), &mut found);
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_event_has_what_the_schema_requires() {
    let estate = estate();
    let mut unsure = wide_role(&estate);
    unsure.verdict = Verdict::Undetermined;
    unsure.undecided = vec![Why::Parameter("Stage".into())];
    unsure.detail = Some("statement 1".into());
    unsure.related = vec![evidence("Orders", place(&estate, "Variables"), "runs as it")];
    let mut accepted = open_url(&estate);
    accepted.suppression = Some(Suppression {
        source: "comment".into(),
        reason: "public on purpose".into(),
        until: None,
    });
    let mut live = open_url(&estate);
    live.verdict = Verdict::Pass;
    live.subject.account = Some("111122223333".into());
    live.subject.region = Some("eu-west-1".into());
    live.subject.qualifier = Some("live".into());
    live.evidence.at = Location::Aws {
        arn: "arn:aws:lambda:eu-west-1:111122223333:function:x".into(),
        attribute: "AuthType".into(),
        call: "GetFunctionUrlConfig".into(),
    };
    let mut inside = wide_role(&estate);
    inside.verdict = Verdict::NotApplicable;
    inside.evidence.at = Location::Artifact {
        digest: "sha256:0".into(),
        path: "a.py".into(),
        line: Some(3),
    };
    let findings = [live, inside, unsure, accepted, open_url(&estate)];
    let mut run = run(&estate, &findings);
    assert_eq!(written(&run).as_array().unwrap().len(), 3);
    run.options.include_passed = true;
    let report = written(&run);
    assert_valid(&report);
    let told: Vec<String> = report
        .as_array()
        .unwrap()
        .iter()
        .map(|e| {
            format!(
                "{} {} {}",
                e["status_code"].as_str().unwrap(),
                e["status"].as_str().unwrap(),
                e["is_alert"]
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "FAIL New true",
            "UNDETERMINED Undetermined false",
            "FAIL Suppressed false",
            "PASS Passed false",
            "NOT_APPLICABLE Not Applicable false",
        ]
    );
    let open = &report[0];
    assert_eq!(open["severity_id"], 5);
    // 2026-01-02T00:00:00Z.
    assert_eq!(open["time"], 1_767_312_000_000_i64);
    assert_eq!(open["unmapped"]["compliance"]["fsbp"][0], "Lambda.1");
    assert_eq!(open["resources"][0]["data"]["location"]["line"], 11);
    assert_eq!(open["resources"][1]["uid"], "template.yaml#Orders");
    assert_eq!(
        open["remediation"]["desc"],
        "set AuthType to AWS_IAM\n\nAuthType: AWS_IAM"
    );
    assert_eq!(
        report[1]["status_detail"],
        "parameter Stage has no default and was not given"
    );
    assert_eq!(report[3]["cloud"]["account"]["uid"], "111122223333");
}

#[test]
fn an_event_that_the_schema_refuses_is_noticed() {
    let estate = estate();
    let findings = [open_url(&estate)];
    let mut report = written(&run(&estate, &findings));
    report[0]["severity_id"] = 7.into();
    report[0]["finding_info"].as_object_mut().unwrap().remove("uid");
    report[0]["resources"][0]["colour"] = "red".into();
    report[0]["time"] = "today".into();
    let mut found = Vec::new();
    problems(&schema(), "detection_finding", &report[0], "event", &mut found);
    assert_eq!(found.len(), 4, "{found:#?}");
}

#[test]
fn text_of_strangers_is_kept_and_secrets_are_masked() {
    let estate = estate();
    let hostile = "\"]}\r\n\u{1b}[2J\u{202e}📚</script>";
    let mut open = open_url(&estate);
    open.message = hostile.into();
    open.fix = Some(Fix::new("set it").snippet("PASSWORD: hunter2hunter2"));
    let findings = [open];
    let mut out = Vec::new();
    ocsf(&run(&estate, &findings), &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(
        !text.contains('\u{1b}') && !text.contains('\u{202e}') && !text.contains("hunter2"),
        "{text}"
    );
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report[0]["message"], hostile);
    assert_valid(&report);
}
