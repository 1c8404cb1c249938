//! Every target over its corpus, and over mutations of it: the same ones on every machine.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test may panic, and so may what helps it"
)]

use maremma_checks::user;
use maremma_fuzz::{Mutator, TARGETS, Target};
use maremma_model::FileId;
use maremma_source::tree::{self, Syntax};
use maremma_source::{Options, read_texts, snapshot};
use std::panic::catch_unwind;
use std::path::Path;
use std::time::{Duration, Instant};

/// How many mutations of each file are tried, and for how long at most: a slow machine tries fewer. With
/// `FUZZ_SECONDS=600` as many are tried as that time allows.
const MUTATIONS: u64 = 120;
const PATIENCE: Duration = Duration::from_secs(10);

fn bounds() -> (u64, Duration) {
    let asked = std::env::var("FUZZ_SECONDS")
        .ok()
        .and_then(|seconds| seconds.parse().ok());
    asked.map_or((MUTATIONS, PATIENCE), |seconds| {
        (u64::MAX, Duration::from_secs(seconds))
    })
}

/// The corpora whose files a target takes, its own first.
fn folders(target: &str) -> &'static [&'static str] {
    match target {
        "tree" => &["tree", "template"],
        "template" | "scan" => &["template", "kinds", "tree"],
        "service" => &["service"],
        "snapshot" => &["kinds", "template"],
        "policy" => &["policy"],
        "responses" => &["responses"],
        "own_checks" => &["own_checks"],
        other => panic!("{other} has no corpus"),
    }
}

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut files = Vec::new();
    for folder in folders(target) {
        let mut paths: Vec<_> = std::fs::read_dir(root.join(folder))
            .expect("a corpus")
            .map(|entry| entry.expect("an entry").path())
            .collect();
        paths.sort();
        files.extend(paths.iter().map(|path| std::fs::read(path).expect("a file")));
    }
    if target == "snapshot" {
        return files.iter().flat_map(|file| snapshots(file)).collect();
    }
    files
}

/// The snapshot of a template, plain and packed. Its schema moves with the model, so that none is kept.
fn snapshots(template: &[u8]) -> [Vec<u8>; 2] {
    let text = String::from_utf8_lossy(template);
    let estate = read_texts(&[("t.yaml", &text)], &Options::default());
    let written = snapshot::write(&estate).expect("an estate is written");
    let packed = snapshot::pack(&written);
    assert_eq!(
        snapshot::read_bytes(&packed).expect("a snapshot").functions.len(),
        estate.functions.len()
    );
    [written.into_bytes(), packed]
}

/// Runs a target on an input, which is printed so that it can be had again where that fails.
fn try_input(target: &Target, data: &[u8], origin: &str) {
    if catch_unwind(|| (target.run)(data)).is_err() {
        panic!(
            "target {} fails on {origin}:\nb\"{}\"",
            target.name,
            data.escape_ascii()
        );
    }
}

/// On a larger stack than a test's, as the binary gives itself one: readers recurse as deep as their
/// bounds let them.
fn run(name: &'static str) {
    let thread = std::thread::Builder::new()
        .stack_size(64 << 20)
        .spawn(move || all(name));
    if let Err(failed) = thread.expect("a thread").join() {
        std::panic::resume_unwind(failed);
    }
}

fn all(name: &str) {
    let target = TARGETS.iter().find(|target| target.name == name).expect("a target");
    let corpus = corpus(name);
    let start = Instant::now();
    for (at, data) in corpus.iter().enumerate() {
        try_input(target, data, &format!("file {at} of its corpus"));
    }
    let (mutations, patience) = bounds();
    for seed in 0..mutations {
        for (at, data) in corpus.iter().enumerate() {
            if start.elapsed() > patience {
                return;
            }
            let mut mutator = Mutator::new(seed.wrapping_mul(1_000) + at as u64);
            let mut others = corpus.iter().cycle().skip(at + 1);
            let other = others.nth(seed as usize % corpus.len()).expect("a corpus");
            try_input(
                target,
                &mutator.mutate(data, other),
                &format!("file {at} with seed {seed}"),
            );
        }
    }
}

#[test]
fn tree() {
    run("tree");
}

#[test]
fn template() {
    run("template");
}

#[test]
fn service() {
    run("service");
}

#[test]
fn snapshot_reader() {
    run("snapshot");
}

#[test]
fn policy() {
    run("policy");
}

#[test]
fn scan() {
    run("scan");
}

#[test]
fn responses() {
    run("responses");
}

#[test]
fn own_checks() {
    for file in corpus("own_checks") {
        let text = String::from_utf8_lossy(&file);
        let root = tree::parse(&text, FileId(0), Syntax::Either).expect("a tree").root;
        // What is refused would never get as far as to be evaluated.
        user::read(&[("own.yaml".to_owned(), root)]).expect("checks");
    }
    run("own_checks");
}

#[test]
fn every_target_is_run_here_and_the_same_seed_gives_the_same_bytes() {
    let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
    let expected = [
        "tree",
        "template",
        "service",
        "snapshot",
        "policy",
        "scan",
        "responses",
        "own_checks",
    ];
    assert_eq!(names, expected);
    let mutated = |seed| Mutator::new(seed).mutate(b"Resources: {A: {Type: X}}\n", b"other");
    assert_eq!(mutated(7), mutated(7));
    assert_ne!(mutated(7), mutated(8));
}
