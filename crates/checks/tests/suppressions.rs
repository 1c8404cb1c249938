//! Which suppressions count, for what, and what is said of the others.

use jiff::civil::date;
use maremma_checks::{Context, IgnoreEntry, Suppressions, Trust, all, run, suppress};
use maremma_model::{Finding, Rule, Verdict};
use maremma_source::{Options, read_texts};

/// The addresses that still fail a check, and what is said of suppressions.
fn left(check: &str, template: &str, entries: &[IgnoreEntry]) -> (Vec<String>, Vec<String>) {
    let estate = read_texts(&[("template.yaml", template)], &Options::default());
    let as_of = date(2026, 11, 24);
    let trust = Trust::default();
    let context = Context::new(&estate, &trust, as_of);
    let mut findings = run(&context, all());
    let rules: Vec<&'static Rule> = all().iter().map(|check| &check.rule).collect();
    let given = Suppressions {
        entries,
        baseline: &[],
        as_of,
        known: &rules,
    };
    let idle = suppress(&mut findings, &estate, &given, &rules);
    let fails = |finding: &&Finding| {
        finding.rule.id == check && finding.verdict == Verdict::Fail && finding.suppression.is_none()
    };
    let addresses = findings
        .iter()
        .filter(fails)
        .map(|finding| finding.subject.address.to_string());
    (addresses.collect(), idle.into_iter().map(|idle| idle.message).collect())
}

fn urls(first_line: &str, body: &str) -> String {
    format!(
        "Resources:\n  Hook: {first_line}\n    Type: AWS::Lambda::Url\n{body}    Properties:\n      AuthType: NONE\n      TargetFunctionArn: orders\n  Other:\n    Type: AWS::Lambda::Url\n    Properties: {{AuthType: NONE, TargetFunctionArn: orders}}\n"
    )
}

#[test]
fn each_way_to_suppress_counts_for_its_resource() {
    let metadata = "    Metadata: {maremma: {ignore: [{check: url-auth-none, reason: signed, until: 2027-01-31}]}}\n";
    let checkov = "    Metadata: {checkov: {skip: [{id: CKV_AWS_258, comment: signed}]}}\n";
    for (first_line, body) in [
        ("# maremma: ignore[url-auth-none] signed", ""),
        ("#maremma:ignore[url-auth-none] signed until 2027-01-31", ""),
        ("", metadata),
        ("", checkov),
        ("", "    # checkov:skip=CKV_AWS_258: signed\n"),
    ] {
        let told = left("url-auth-none", &urls(first_line, body), &[]);
        assert_eq!(told, (vec!["Other".to_owned()], vec![]), "{first_line}{body}");
    }
}

#[test]
fn what_does_not_count_is_said() {
    let metadata = "    Metadata: {maremma: {ignore: [{check: url-auth-none, reason: signed, until: 2026-11-23}]}}\n";
    for (first_line, body, says) in [
        ("# maremma: ignore[url-auth-none]", "", "gives no reason"),
        (
            "# maremma: ignore[url-auth-none] signed until 2026-11-23",
            "",
            "expired on 2026-11-23",
        ),
        ("", metadata, "expired on 2026-11-23"),
        ("# maremma: ignore[url-auth-nobody] signed", "", "names no check"),
        ("# maremma: ignore[role-admin] signed", "", "suppresses nothing"),
    ] {
        let (addresses, idle) = left("url-auth-none", &urls(first_line, body), &[]);
        assert_eq!(addresses, ["Hook", "Other"], "{first_line}{body}");
        assert!(
            idle.len() == 1 && idle.iter().all(|idle| idle.contains(says)),
            "{idle:?}"
        );
    }
}

#[test]
fn what_sam_makes_of_a_function_is_suppressed_on_the_function() {
    let template = |first_line: &str, metadata: &str| {
        format!(
            "Transform: AWS::Serverless-2016-10-31\nResources:\n  Orders: {first_line}\n    Type: AWS::Serverless::Function\n{metadata}    Properties:\n      Runtime: python3.13\n      Handler: a.b\n      CodeUri: s3://artifacts/orders.zip\n      FunctionUrlConfig: {{AuthType: NONE}}\n  Users:\n    Type: AWS::Serverless::Function\n    Properties: {{Runtime: python3.13, Handler: a.b, CodeUri: s3://artifacts/users.zip, FunctionUrlConfig: {{AuthType: NONE}}}}\n"
        )
    };
    let metadata = "    Metadata: {maremma: {ignore: [{check: url-auth-none, reason: signed}]}}\n";
    for (first_line, body) in [
        ("# maremma: ignore[url-auth-none] signed", ""),
        ("", metadata),
        (
            "",
            "    Metadata: {checkov: {skip: [{id: CKV_AWS_258, comment: signed}]}}\n",
        ),
        ("", "    # checkov:skip=CKV_AWS_258: signed\n"),
    ] {
        let (addresses, idle) = left("url-auth-none", &template(first_line, body), &[]);
        assert_eq!(
            (addresses, idle),
            (vec!["UsersUrl".to_owned()], vec![]),
            "{first_line}{body}"
        );
    }
}

#[test]
fn the_configuration_suppresses_by_address() {
    let entry = IgnoreEntry {
        check: "url-auth-none".to_owned(),
        address: Some(globset::Glob::new("Ho*").unwrap().compile_matcher()),
        reason: "signed".to_owned(),
        until: None,
    };
    let told = left("url-auth-none", &urls("", ""), &[entry]);
    assert_eq!(told, (vec!["Other".to_owned()], vec![]));
}
