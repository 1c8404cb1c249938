//! Every fixture of every page, through the real readers; and pages, folders and lists held together.
//!
//! A fixture is a fenced block under `## Fixtures`: its first word is the language (`yaml`, or `terraform`), its second what
//! is expected (`fail`, `pass`, `undetermined`; of `terraform` also `none`, and the text says why it cannot be
//! written there), the rest options (`Stage=prod` gives a parameter,
//! `trust=111122223333` trusts an account, `account=...` says the own one). The expectation stands
//! on the offending line: `# finding: <id>`.
#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, and so does what helps it"
)]

use jiff::civil::date;
use maremma_checks::{Check, Context, Trust, all, run};
use maremma_model::{Estate, Finding, Rule, Verdict};
use maremma_source::{Deployment, Options, read_texts, snapshot, tree};
use std::collections::BTreeSet;
use std::path::Path;

struct Fixture<'a> {
    check: &'static Check,
    language: &'a str,
    expected: &'a str,
    options: Vec<&'a str>,
    text: String,
}

/// The fixtures of a page.
fn fixtures(check: &'static Check) -> Vec<Fixture<'static>> {
    let page = check.rule.page;
    let (_, rest) = page
        .split_once("\n## Fixtures\n")
        .unwrap_or_else(|| panic!("{}: no `## Fixtures`", check.rule.id));
    let mut fixtures = Vec::new();
    let mut lines = rest.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```").filter(|info| !info.is_empty()) else {
            continue;
        };
        let text: Vec<_> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
        let mut words = info.split_whitespace();
        let language = words.next().unwrap();
        if !["yaml", "json", "terraform"].contains(&language) {
            panic!("{}: fixture in {language}", check.rule.id);
        }
        let expected = words
            .next()
            .unwrap_or_else(|| panic!("{}: a fixture says what is expected", check.rule.id));
        fixtures.push(Fixture {
            check,
            language,
            expected,
            options: words.collect(),
            text: text.join("\n") + "\n",
        });
    }
    fixtures
}

fn given(fixture: &Fixture<'_>) -> (Options, Trust) {
    let (mut deployment, mut trust) = (Deployment::default(), Trust::default());
    for option in &fixture.options {
        let (key, value) = option.split_once('=').unwrap_or_else(|| panic!("{option}: KEY=VALUE"));
        match key {
            "account" => deployment.account = Some(value.to_owned()),
            "region" => deployment.region = Some(value.to_owned()),
            "trust" => trust.accounts.push(value.to_owned()),
            "organization" => trust.organization = Some(value.to_owned()),
            "publisher" => trust.layer_publishers.push(value.to_owned()),
            _ => drop(deployment.parameters.insert(key.to_owned(), value.to_owned())),
        }
    }
    (
        Options {
            deployment,
            ..Options::default()
        },
        trust,
    )
}

fn judged(fixture: &Fixture<'_>, estate: &Estate, trust: &Trust) -> Vec<Finding> {
    let context = Context::new(estate, trust, date(2026, 6, 1));
    run(&context, &[fixture.check])
}

/// What a format may not change.
fn essence(findings: &[Finding]) -> BTreeSet<(Verdict, String, String, Option<String>)> {
    let of = |f: &Finding| {
        (
            f.verdict,
            f.subject.kind.to_string(),
            f.subject.address.to_string(),
            f.detail.as_deref().map(str::to_owned),
        )
    };
    findings.iter().map(of).collect()
}

fn marked(text: &str, id: &str) -> BTreeSet<u32> {
    let mark = format!("# finding: {id}");
    let lines = text
        .lines()
        .zip(1..)
        .filter(|(line, _)| line.trim_end().ends_with(&mark));
    lines.map(|(_, number)| number).collect()
}

fn numbered(text: &str) -> String {
    let lines = text
        .lines()
        .zip(1..)
        .map(|(line, number)| format!("{number:>3} {line}\n"));
    lines.collect()
}

fn assert_fixture(fixture: &Fixture<'_>) {
    let id = fixture.check.rule.id;
    let (options, trust) = given(fixture);
    let path = if fixture.language == "terraform" {
        "main.tf"
    } else {
        "template.yaml"
    };
    let estate = read_texts(&[(path, &fixture.text)], &options);
    let broken: Vec<_> = estate.gaps.iter().map(|gap| &gap.reason).collect();
    assert!(
        broken.is_empty(),
        "{id}: the fixture is not read whole: {broken:?}\n{}",
        fixture.text
    );
    let findings = judged(fixture, &estate, &trust);
    let shown: Vec<_> = findings
        .iter()
        .map(|f| (f.verdict, &f.subject.address, &f.message))
        .collect();
    let wanted = match fixture.expected {
        "fail" => Verdict::Fail,
        "undetermined" => Verdict::Undetermined,
        "pass" => Verdict::Pass,
        other => panic!("{id}: expected fail, pass or undetermined, found {other}"),
    };
    assert!(
        findings.iter().any(|f| f.verdict == wanted || wanted == Verdict::Pass),
        "{id}: no {wanted}: {shown:?}\n{}",
        fixture.text
    );
    let told: BTreeSet<_> = findings
        .iter()
        .filter(|f| matches!(f.verdict, Verdict::Fail | Verdict::Undetermined))
        .inspect(|f| assert_eq!(f.verdict, wanted, "{id}: {shown:?}\n{}", fixture.text))
        .map(|f| f.evidence.at.place().expect("evidence in a file").span.start.line)
        .collect();
    let marks = marked(&fixture.text, id);
    let (silent, unmarked): (Vec<_>, Vec<_>) = (marks.difference(&told).collect(), told.difference(&marks).collect());
    assert!(
        silent.is_empty() && unmarked.is_empty(),
        "{id}: marked and not told: lines {silent:?}; told and not marked: lines {unmarked:?}\n{shown:?}\n{}",
        numbered(&fixture.text)
    );
    if wanted == Verdict::Pass {
        assert!(
            !findings.is_empty(),
            "{id}: a passing fixture that nothing looked at proves nothing\n{}",
            fixture.text
        );
    }
    let kept = snapshot::read(&snapshot::write(&estate).unwrap()).unwrap();
    assert_eq!(
        essence(&judged(fixture, &kept, &trust)),
        essence(&findings),
        "{id}: as a snapshot"
    );
    if fixture.language == "terraform" {
        return;
    }
    let json = tree::long_form(
        &tree::parse(&fixture.text, maremma_model::FileId(0), tree::Syntax::Either)
            .unwrap()
            .root,
    );
    let from_json = read_texts(&[("template.json", &json.to_string())], &options);
    assert_eq!(
        essence(&judged(fixture, &from_json, &trust)),
        essence(&findings),
        "{id}: as JSON"
    );
}

#[test]
fn every_fixture_tells_what_it_marks() {
    for check in all() {
        for fixture in fixtures(check).iter().filter(|fixture| fixture.expected != "none") {
            assert_fixture(fixture);
        }
    }
}

#[test]
fn every_page_has_its_parts() {
    for check in all() {
        let (id, page) = (check.rule.id, check.rule.page);
        assert!(
            page.starts_with(&format!("# {}\n", check.rule.title)),
            "{id}: the page begins with the rule's title"
        );
        let mut rest = page;
        for part in [
            "What it finds",
            "Why it matters",
            "Fix",
            "Limits",
            "References",
            "Fixtures",
        ] {
            let heading = format!("\n## {part}\n");
            rest = rest
                .split_once(&heading)
                .unwrap_or_else(|| panic!("{id}: no `## {part}` in its place"))
                .1;
        }
        let fixtures = fixtures(check);
        let (terraform, templates): (Vec<_>, Vec<_>) =
            fixtures.iter().partition(|fixture| fixture.language == "terraform");
        let kinds: BTreeSet<_> = templates.iter().map(|fixture| fixture.expected).collect();
        let says = |fixture: &&Fixture<'_>| match fixture.expected {
            "none" => fixture.text.trim().len() > 20,
            expected => expected == "fail",
        };
        assert!(
            terraform.iter().any(says),
            "{id}: a failing fixture in Terraform, or `terraform none` and why"
        );
        assert!(
            kinds.contains("fail") && kinds.contains("pass"),
            "{id}: one failing and one passing fixture"
        );
    }
}

/// The folder of a family holds what its list holds: two files a check, and nothing else.
#[test]
fn folders_lists_and_pages_agree() {
    let families = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/families");
    let mut files = BTreeSet::new();
    for family in std::fs::read_dir(&families)
        .unwrap()
        .map(Result::unwrap)
        .filter(|entry| entry.path().is_dir())
    {
        let list = std::fs::read_to_string(family.path().with_extension("rs")).unwrap();
        let (_, names) = list.split_once("family!(").expect("a family's list");
        let names: Vec<_> = names
            .split_once(");")
            .unwrap()
            .0
            .split(',')
            .map(str::trim)
            .filter(|name| !name.is_empty())
            .collect();
        assert!(names.is_sorted(), "{:?}: the list is alphabetical", family.path());
        files.extend(
            std::fs::read_dir(family.path())
                .unwrap()
                .map(|file| file.unwrap().file_name().into_string().unwrap()),
        );
    }
    let expected: BTreeSet<_> = all()
        .iter()
        .flat_map(|check| ["rs", "md"].map(|ending| format!("{}.{ending}", check.rule.id.replace('-', "_"))))
        .collect();
    assert_eq!(files, expected);
    assert!(
        all().windows(2).all(|pair| pair[0].rule.id < pair[1].rule.id),
        "ids are unique"
    );
}

#[test]
fn every_check_names_what_requires_it() {
    for check in all() {
        let Rule {
            id,
            controls,
            equivalents,
            ..
        } = &check.rule;
        assert!(!controls.is_empty(), "{id}: no control");
        let distinct: BTreeSet<_> = equivalents.iter().map(|other| (other.peer, other.id)).collect();
        assert_eq!(distinct.len(), equivalents.len(), "{id}: an equivalent twice");
    }
}
