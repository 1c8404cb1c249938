//! One estate in every format: what is read of it is the same, and so is what is found.

mod normal;

use crate::{Context, Trust, all, run};
use jiff::civil::date;
use maremma_model::{Estate, FileId, Node, NodeValue, Verdict};
use maremma_source::tree::{self, Syntax, long_form};
use maremma_source::{Options, read_texts, snapshot};
use normal::{Names, normalise};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

const ACCOUNT: &str = "111122223333";
const REGION: &str = "eu-west-1";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/equivalence")
}

fn text(name: &str) -> String {
    std::fs::read_to_string(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Every file below a directory, by its path from there.
fn files(directory: &Path, below: &str, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        let told = format!("{below}{}", name.to_str().unwrap());
        if path.is_dir() {
            files(&path, &format!("{told}/"), found);
        } else {
            found.push((told, std::fs::read_to_string(path).unwrap()));
        }
    }
    found.sort();
}

fn options() -> Options {
    let mut options = Options::default();
    options.deployment.account = Some(ACCOUNT.to_owned());
    options.deployment.region = Some(REGION.to_owned());
    options
}

fn read(texts: &[(String, String)]) -> Estate {
    let texts: Vec<_> = texts
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    read_texts(&texts, &options())
}

/// Plans are read from disk only.
fn plan() -> Estate {
    maremma_source::read(&[folder().join("plan.json")], &options(), &mut |_| ()).unwrap()
}

fn one(name: &str) -> Estate {
    read(&[(name.to_owned(), text(name))])
}

fn tree_of(name: &str) -> Node {
    tree::parse(&text(name), FileId(0), Syntax::Either).unwrap().root
}

/// The estate as each format tells it, the one that all are compared with first.
fn formats() -> Vec<(&'static str, Estate)> {
    let template = one("template.yaml");
    let written = long_form(&tree_of("template.yaml")).to_string();
    let kept = snapshot::read(&snapshot::write(&template).unwrap()).unwrap();
    let mut answers = Vec::new();
    files(&folder().join("answers"), "", &mut answers);
    vec![
        ("cloudformation", template),
        ("json", read(&[("template.json".to_owned(), written)])),
        ("snapshot", kept),
        ("sam", one("sam.yaml")),
        ("terraform", one("main.tf")),
        ("plan", plan()),
        ("serverless", one("serverless.yml")),
        ("answers", read(&answers)),
    ]
}

/// What a format tells and another does not, each with the word of the table that excuses it.
type Differences = BTreeMap<(String, String), BTreeSet<String>>;

fn counted<T: Ord + Clone>(items: &[T]) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    items
        .iter()
        .for_each(|item| *counts.entry(item.clone()).or_insert(0) += 1);
    counts
}

/// What is in one of two lists and not as often in the other, with a sign.
fn between<T: Ord + Clone>(old: &[T], new: &[T]) -> Vec<(char, T)> {
    let (old, new) = (counted(old), counted(new));
    let fewer = |a: &BTreeMap<T, usize>, b: &BTreeMap<T, usize>, sign| -> Vec<(char, T)> {
        let less = a
            .iter()
            .filter(|(item, count)| b.get(*item).is_none_or(|other| other < *count));
        less.map(|(item, _)| (sign, item.clone())).collect()
    };
    [fewer(&old, &new, '-'), fewer(&new, &old, '+')].concat()
}

/// Every open finding as (check, verdict, kind, name).
fn findings(estate: &Estate, names: &Names) -> Vec<(String, String, String, String)> {
    let trust = Trust::default();
    let context = Context::new(estate, &trust, date(2026, 6, 1));
    let open = run(&context, all()).into_iter();
    let open = open.filter(|finding| matches!(finding.verdict, Verdict::Fail | Verdict::Undetermined));
    let told = open.map(|finding| {
        let kind = finding.subject.kind.to_string();
        let name = finding.subject.name.to_string();
        let named = names.contains(&(kind.clone(), name.clone()));
        let name = if named { name } else { String::new() };
        (finding.rule.id.to_owned(), format!("{:?}", finding.verdict), kind, name)
    });
    told.collect::<BTreeSet<_>>().into_iter().collect()
}

fn differences() -> Differences {
    let formats = formats();
    let (_, first) = formats.first().unwrap();
    let names = normal::names(first);
    let (facts, found) = (normalise(first, &names), findings(first, &names));
    let mut told = Differences::new();
    for (format, estate) in formats.iter().skip(1) {
        for (sign, (kind, name, path, value)) in between(&facts, &normalise(estate, &names)) {
            let key = ((*format).to_owned(), format!("{kind} {path}"));
            told.entry(key).or_default().insert(format!("{sign} {name}: {value}"));
        }
        for (sign, (check, verdict, kind, name)) in between(&found, &findings(estate, &names)) {
            let key = ((*format).to_owned(), format!("finding {check}"));
            told.entry(key)
                .or_default()
                .insert(format!("{sign} {verdict} {kind} {name}"));
        }
    }
    told
}

/// The lines of a table, without its remarks: the parts between bars.
fn table(name: &str) -> Vec<Vec<String>> {
    let text = text(name);
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| line.split(" | ").map(str::to_owned).collect())
        .collect()
}

/// What a line excuses: one attribute, or `*` all of a kind.
fn excuses(line: &[String], format: &str, what: &str) -> bool {
    let [of, excused, why] = line else { panic!("{line:?}") };
    assert!(!why.is_empty());
    of == format && (what == excused || excused.strip_suffix('*').is_some_and(|kind| what.starts_with(kind)))
}

#[test]
fn every_format_tells_the_same_estate_and_the_same_findings() {
    let (told, table) = (differences(), table("cannot.txt"));
    let mut wrong = Vec::new();
    for ((format, what), how) in &told {
        if !table.iter().any(|line| excuses(line, format, what)) {
            wrong.push(format!("{format} | {what} | {how:?}"));
        }
    }
    let page = std::fs::read_to_string(folder().join("../../docs/formats/equivalence.md")).unwrap();
    for line in &table {
        let [_, what, why] = &line[..] else { panic!("{line:?}") };
        assert!(
            page.contains(&format!("| `{what}` | {why} |")),
            "the page does not say: {line:?}"
        );
        if !told.keys().any(|(format, what)| excuses(line, format, what)) {
            wrong.push(format!("not needed: {}", line.join(" | ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The types and the paths of every property that a template sets.
fn properties(root: &Node) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for resource in root.get("Resources").unwrap().entries() {
        let kind = resource.value.get("Type").and_then(Node::as_str).unwrap();
        if let Some(properties) = resource.value.get("Properties") {
            leaves(properties, kind, &mut found);
        }
    }
    found
}

fn leaves(node: &Node, path: &str, found: &mut BTreeSet<String>) {
    match &node.value {
        NodeValue::Map(entries) => {
            for entry in entries {
                let dot = if path.contains(' ') { '.' } else { ' ' };
                leaves(&entry.value, &format!("{path}{dot}{}", entry.key), found);
            }
        }
        NodeValue::Seq(items) => items.iter().for_each(|item| leaves(item, path, found)),
        _ => {
            found.insert(path.to_owned());
        }
    }
}

#[test]
fn the_estate_sets_every_property_that_is_read_but_for_a_list_that_shrinks() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus/kinds");
    let mut read = Vec::new();
    files(&corpus, "", &mut read);
    let trees = read
        .iter()
        .map(|(_, text)| tree::parse(text, FileId(0), Syntax::Either).unwrap().root);
    let all: BTreeSet<String> = trees.flat_map(|root| properties(&root)).collect();
    let set = properties(&tree_of("template.yaml"));
    let unset: BTreeSet<&str> = all.difference(&set).map(String::as_str).collect();
    let listed = text("unset.txt");
    let listed: BTreeSet<&str> = listed.lines().collect();
    let lines = |set: BTreeSet<&&str>| set.into_iter().copied().collect::<Vec<_>>().join("\n");
    let (more, less) = (unset.difference(&listed).collect(), listed.difference(&unset).collect());
    let (more, less) = (lines(more), lines(less));
    assert!(more.is_empty() && less.is_empty(), "not set:\n{more}\nset now:\n{less}");
}
