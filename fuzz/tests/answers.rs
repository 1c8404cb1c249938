//! One answer of an account is spoilt: nothing panics, and what is told of a function beside it stays.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may panic and print, and so may what helps it"
)]

use maremma_checks::{Context, Trust};
use maremma_fuzz::Mutator;
use maremma_model::Verdict;
use maremma_source::{Options, read_texts};
use serde_json::Value;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

/// How many spoilt accounts are tried, and for how long at most; `FUZZ_RUNS` as for the neighbours of a template.
const RUNS: u64 = 4_000;
const PATIENCE: Duration = Duration::from_secs(10);

fn bounds() -> (u64, Duration) {
    let asked = std::env::var("FUZZ_RUNS").ok().and_then(|runs| runs.parse().ok());
    asked.map_or((RUNS, PATIENCE), |runs| (runs, Duration::MAX))
}

/// A function of another account, open to everybody.
const KEPT: &[(&str, &str)] = &[
    (
        "444455556666/us-east-1/lambda/list-functions.json",
        r#"{"Functions": [{"FunctionName": "kept", "FunctionArn": "arn:aws:lambda:us-east-1:444455556666:function:kept", "Version": "$LATEST", "Runtime": "python3.8"}]}"#,
    ),
    (
        "444455556666/us-east-1/lambda/get-policy/kept.json",
        r#"{"Policy": "{\"Statement\":[{\"Sid\":\"a\",\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"lambda:InvokeFunction\",\"Resource\":\"arn:aws:lambda:us-east-1:444455556666:function:kept\"}]}"}"#,
    ),
    (
        "444455556666/us-east-1/lambda/list-function-url-configs/kept.json",
        r#"{"FunctionUrlConfigs": [{"FunctionArn": "arn:aws:lambda:us-east-1:444455556666:function:kept", "AuthType": "NONE"}]}"#,
    ),
];

/// The answers of a file of the corpus, those of them that are JSON.
fn corpus() -> Vec<Vec<(String, Value)>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/responses");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .expect("a corpus")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    let answers = |path: &std::path::PathBuf| {
        let text = std::fs::read_to_string(path).expect("a file");
        let parts = text.split("\n== ").map(|part| part.strip_prefix("== ").unwrap_or(part));
        let answer = |part: &str| {
            let (path, text) = part.split_once('\n')?;
            Some((path.to_owned(), serde_json::from_str(text).ok()?))
        };
        parts.filter_map(answer).collect()
    };
    paths.iter().map(answers).collect()
}

fn told(answers: &[(String, Value)]) -> BTreeSet<String> {
    let texts: Vec<(String, String)> = answers
        .iter()
        .map(|(path, value)| (path.clone(), value.to_string()))
        .collect();
    let texts: Vec<(&str, &str)> = texts
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .chain(KEPT.iter().copied())
        .collect();
    let estate = read_texts(&texts, &Options::default());
    let trust = Trust::default();
    let context = Context::new(&estate, &trust, jiff::civil::date(2026, 1, 1));
    let findings = maremma_checks::run(&context, maremma_checks::all());
    let kept = findings
        .iter()
        .filter(|finding| finding.verdict == Verdict::Fail && finding.subject.address.contains("444455556666"));
    kept.map(|finding| format!("{} {}", finding.rule.id, finding.subject.address))
        .collect()
}

fn spoil() {
    let corpus = corpus();
    let before = told(&[]);
    for check in ["url-auth-none", "policy-public-principal", "runtime-deprecated"] {
        assert!(before.iter().any(|told| told.starts_with(check)), "{check}: {before:?}");
    }
    let (runs, patience) = bounds();
    let start = Instant::now();
    let mut tried = 0;
    for seed in 0..runs {
        if start.elapsed() > patience {
            break;
        }
        let number = usize::try_from(seed).unwrap_or(0);
        let mut answers = corpus.get(number % corpus.len()).cloned().unwrap_or_default();
        let mut mutator = Mutator::new(seed);
        let at = number / corpus.len() % answers.len().max(1);
        if let Some((_, value)) = answers.get_mut(at) {
            *value = mutator.reshape(value, &|_| false).unwrap_or(Value::Null);
        }
        let after = catch_unwind(AssertUnwindSafe(|| told(&answers)));
        let after = after.unwrap_or_else(|_| panic!("seed {seed} panics: {:?}", answers.get(at)));
        let lost: Vec<_> = before.difference(&after).collect();
        assert!(lost.is_empty(), "seed {seed}: lost {lost:?}: {:?}", answers.get(at));
        tried += 1;
    }
    println!("{tried} spoilt accounts in {:.1} s", start.elapsed().as_secs_f64());
}

/// On a larger stack than a test's, as the binary gives itself one.
#[test]
fn what_is_told_of_a_function_survives_whatever_other_answers_become() {
    let thread = std::thread::Builder::new().stack_size(64 << 20).spawn(spoil);
    if let Err(failed) = thread.expect("a thread").join() {
        std::panic::resume_unwind(failed);
    }
}
