//! One resource of a template is spoilt: nothing panics, and what is told of its neighbours stays.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may panic and print, and so may what helps it"
)]

use maremma_checks::{Context, Trust};
use maremma_fuzz::{Mutator, targets};
use maremma_model::{FileId, Verdict};
use maremma_source::tree::{self, Syntax};
use maremma_source::{Options, read_texts};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

/// How many spoilt templates are tried, and for how long at most. `FUZZ_RUNS=100000` tries as many as
/// it says, however long that takes.
const RUNS: u64 = 4_000;
const PATIENCE: Duration = Duration::from_secs(10);

fn bounds() -> (u64, Duration) {
    let asked = std::env::var("FUZZ_RUNS").ok().and_then(|runs| runs.parse().ok());
    asked.map_or((RUNS, PATIENCE), |runs| (runs, Duration::MAX))
}

const KEPT: &str = "Kept";

/// A function with much to find in it, which nothing else of a template refers to.
fn kept() -> Value {
    let trust = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]});
    let all = json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]});
    json!({
        "KeptRole": {"Type": "AWS::IAM::Role", "Properties": {
            "AssumeRolePolicyDocument": trust, "Policies": [{"PolicyName": "all", "PolicyDocument": all}]}},
        "KeptFunction": {"Type": "AWS::Lambda::Function", "Properties": {
            "Runtime": "python3.8", "Handler": "a.b", "Role": {"Fn::GetAtt": ["KeptRole", "Arn"]},
            "Code": {"ZipFile": "pass"},
            "Environment": {"Variables": {"NODE_OPTIONS": "--require /tmp/hook.js"}}}},
        "KeptUrl": {"Type": "AWS::Lambda::Url", "Properties": {
            "TargetFunctionArn": {"Ref": "KeptFunction"}, "AuthType": "NONE",
            "Cors": {"AllowOrigins": ["*"], "AllowCredentials": true}}},
        "KeptPermission": {"Type": "AWS::Lambda::Permission", "Properties": {
            "FunctionName": {"Ref": "KeptFunction"}, "Principal": "*", "Action": "lambda:*"}},
    })
}

/// The templates of the corpus, written as JSON, with the kept function beside what they hold.
fn corpus() -> Vec<Value> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut paths: Vec<_> = ["kinds", "template"]
        .iter()
        .flat_map(|folder| std::fs::read_dir(root.join(folder)).expect("a corpus"))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        let text = std::fs::read_to_string(path).expect("a file");
        let parsed = tree::parse(&text, FileId(0), Syntax::Either).expect("a template");
        let mut template = tree::long_form(&parsed.root);
        let resources = template.get_mut("Resources")?.as_object_mut()?;
        resources.extend(kept().as_object().cloned().unwrap_or_default());
        Some(template)
    };
    paths.iter().filter_map(read).collect()
}

/// What is found wrong with the kept function, whatever stands beside it.
fn told(template: &str) -> BTreeSet<String> {
    let estate = read_texts(&[("template.json", template)], &Options::default());
    let trust = Trust::default();
    let context = Context::new(&estate, &trust, jiff::civil::date(2026, 1, 1));
    let findings = maremma_checks::run(&context, maremma_checks::all());
    let kept = findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Fail && finding.subject.address.starts_with(KEPT));
    kept.map(|finding| {
        let detail = finding.detail.as_deref().unwrap_or("");
        format!("{} {} {detail}", finding.rule.id, finding.subject.address)
    })
    .collect()
}

/// On a larger stack than a test's, as the binary gives itself one.
fn on_a_large_stack(work: fn()) {
    let thread = std::thread::Builder::new().stack_size(64 << 20).spawn(work);
    if let Err(failed) = thread.expect("a thread").join() {
        std::panic::resume_unwind(failed);
    }
}

fn spoil() {
    let corpus = corpus();
    let before: Vec<_> = corpus.iter().map(|template| told(&template.to_string())).collect();
    for told in &before {
        for check in [
            "role-admin",
            "url-auth-none",
            "runtime-deprecated",
            "policy-public-principal",
        ] {
            assert!(told.iter().any(|told| told.starts_with(check)), "{check}: {told:?}");
        }
    }
    let (runs, patience) = bounds();
    let start = Instant::now();
    let mut tried = 0;
    for seed in 0..runs {
        if start.elapsed() > patience {
            break;
        }
        let at = usize::try_from(seed).unwrap_or(0) % corpus.len();
        let (Some(template), Some(before)) = (corpus.get(at), before.get(at)) else {
            break;
        };
        let mut mutator = Mutator::new(seed);
        let keep = |name: &str| name.starts_with(KEPT);
        let mut spoilt = template.clone();
        for _ in 0..=seed % 4 {
            spoilt = mutator.reshape(&spoilt, &keep).unwrap_or(spoilt);
        }
        let text = spoilt.to_string();
        let after = catch_unwind(AssertUnwindSafe(|| told(&text)));
        let after = after.unwrap_or_else(|_| panic!("seed {seed} panics:\n{text}"));
        let lost: Vec<_> = before.difference(&after).collect();
        let new: Vec<_> = after.difference(before).collect();
        assert!(
            lost.is_empty() && new.is_empty(),
            "seed {seed}: lost {lost:?}, new {new:?}:\n{text}"
        );
        tried += 1;
    }
    println!("{tried} spoilt templates in {:.1} s", start.elapsed().as_secs_f64());
}

#[test]
fn what_is_told_of_a_function_survives_whatever_its_neighbours_become() {
    on_a_large_stack(spoil);
}

/// A template that ends at any byte: every check and every report takes what is left.
fn truncate() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/template/functions.yaml");
    let text = std::fs::read(root).expect("a file");
    let start = Instant::now();
    // A stride that is prime meets every kind of place, however little time there is.
    let strides = if bounds().0 > RUNS { 1 } else { 13 };
    for end in (0..text.len()).step_by(strides) {
        if start.elapsed() > bounds().1 {
            break;
        }
        let part = text.get(..end).unwrap_or_default();
        if catch_unwind(|| targets::scan(part)).is_err() {
            panic!("panics where {} ends at byte {end}", "functions.yaml");
        }
    }
}

#[test]
fn a_template_may_end_anywhere() {
    on_a_large_stack(truncate);
}
