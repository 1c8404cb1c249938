//! The GitHub Action and the pre-commit hook: every option exists, and every step runs.

use crate::scratch::{Scratch, template};
use maremma_model::{FileId, Node};
use maremma_source::tree::{self, Syntax};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

fn parsed(file: &str) -> Node {
    let text = std::fs::read_to_string(root().join(file)).unwrap();
    tree::parse(&text, FileId(0), Syntax::Either).unwrap().root
}

fn at<'n>(node: &'n Node, path: &str) -> &'n Node {
    path.split('.')
        .fold(node, |node, key| node.get(key).unwrap_or_else(|| panic!("no {path}")))
}

fn words(node: &Node, path: &str) -> String {
    at(node, path).as_str().unwrap().to_owned()
}

/// Options that are written in a text.
fn options(text: &str) -> Vec<String> {
    let bare = |word: &str| {
        word.trim_end_matches([')', ';', ','])
            .split('=')
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    text.split([' ', '\n', '(', '[', ']', '"', '`'])
        .filter(|word| word.starts_with("--"))
        .map(bare)
        .filter(|word| word.len() > 2)
        .collect()
}

fn step(action: &Node, id: &str) -> Node {
    let steps = at(action, "runs.steps").items();
    let of = |step: &&Node| step.get("id").and_then(Node::as_str) == Some(id);
    steps.iter().find(of).unwrap().clone()
}

/// Runs a step of the action as a runner would, in `scratch`, with these inputs.
fn run(scratch: &Scratch, step: &Node, inputs: &[(&str, &str)]) -> Output {
    let action = parsed("action.yml");
    let mut command = Command::new("bash");
    command.args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c"]);
    command.arg(words(step, "run")).current_dir(scratch.root());
    for file in ["output", "summary"] {
        scratch.write(file, "");
    }
    command
        .env("GITHUB_OUTPUT", scratch.path("output"))
        .env("GITHUB_STEP_SUMMARY", scratch.path("summary"));
    command.env("RUNNER_TEMP", scratch.path("temp"));
    for entry in at(step, "env").entries() {
        let from = entry.value.as_str().unwrap();
        let value = match from
            .strip_prefix("${{ inputs.")
            .and_then(|rest| rest.strip_suffix(" }}"))
        {
            Some(input) => {
                let given = inputs.iter().find(|(name, _)| *name == input);
                let default = words(at(&action, &format!("inputs.{input}")), "default");
                given.map_or(default, |(_, value)| (*value).to_owned())
            }
            None => {
                assert_eq!(from, "${{ github.action_path }}");
                root().display().to_string()
            }
        };
        command.env(&*entry.key, value);
    }
    command.output().unwrap()
}

fn with_binary() -> Scratch {
    let scratch = Scratch::new();
    std::fs::create_dir_all(scratch.path("temp/maremma/bin")).unwrap();
    std::fs::copy(env!("CARGO_BIN_EXE_maremma"), scratch.path("temp/maremma/bin/maremma")).unwrap();
    scratch.write("stacks/a b.yaml", template("NONE"));
    scratch
}

#[test]
fn every_option_of_the_action_the_hook_and_the_page_exists() {
    let scratch = Scratch::new();
    let help: String = ["scan", "diff", "fix"]
        .iter()
        .map(|command| scratch.maremma(&[command, "--help"]).stdout)
        .collect();
    let hooks = parsed(".pre-commit-hooks.yaml");
    let [hook] = hooks.items() else { panic!("one hook") };
    assert!(words(hook, "entry").starts_with("maremma scan"));
    assert_eq!(words(hook, "language"), "system");
    let scan = words(&step(&parsed("action.yml"), "scan"), "run");
    let page = std::fs::read_to_string(root().join("docs/ci.md")).unwrap();
    let written: Vec<String> = [scan, words(hook, "entry"), page]
        .iter()
        .flat_map(|text| options(text))
        .collect();
    assert!(written.len() > 15, "{written:?}");
    // Cargo's own.
    let written = written
        .iter()
        .filter(|option| !["--locked", "--path", "--git"].contains(&option.as_str()));
    for option in written {
        let known = help.split([' ', '\n', ',', '=']).any(|word| word == option);
        assert!(known, "no command has {option}");
    }
}

#[test]
fn the_scan_step_reports_and_fails() {
    let scratch = with_binary();
    let action = parsed("action.yml");
    let scan = step(&action, "scan");
    let ran = run(&scratch, &scan, &[]);
    assert_eq!(ran.status.code(), Some(1), "{}", String::from_utf8_lossy(&ran.stderr));
    let log = String::from_utf8(ran.stdout).unwrap();
    assert!(log.contains("::error file=stacks/a b.yaml,line=10"), "{log}");
    assert_eq!(scratch.read("output"), "sarif=maremma.sarif\nexit-code=1\n");
    assert!(scratch.read("summary").starts_with("## Maremma: 1 high"));
    assert!(scratch.read("maremma.sarif").contains("\"uri\": \"stacks/a%20b.yaml\""));
}

#[test]
fn the_scan_step_passes_its_inputs_on() {
    let scratch = with_binary();
    let scan = step(&parsed("action.yml"), "scan");
    let inputs = [
        ("target", "stacks/a b.yaml\n\nstacks"),
        ("fail-on", "critical"),
        ("tier", "core"),
        ("format", "json"),
        ("arguments", "--skip\nrole-admin\n--exclude\nno such*"),
    ];
    let ran = run(&scratch, &scan, &inputs);
    assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
    let report: serde_json::Value = serde_json::from_slice(&ran.stdout).unwrap();
    assert_eq!(report["target"], serde_json::json!(["stacks/a b.yaml", "stacks"]));
    assert_eq!(
        (&report["summary"]["tier"], &report["summary"]["fail_on"]),
        (&"core".into(), &"critical".into())
    );
    assert_eq!(scratch.read("output"), "sarif=maremma.sarif\nexit-code=0\n");
    let known = run(&scratch, &scan, &[("baseline", "maremma.sarif")]);
    assert_eq!(
        known.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&known.stdout)
    );
    // What is given as a target is no option and no command.
    let wrong = run(&scratch, &scan, &[("target", "--help\n$(touch owned)")]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(!scratch.path("owned").exists());
}

#[test]
fn the_sources_step_makes_a_key() {
    let scratch = Scratch::new();
    let ran = run(&scratch, &step(&parsed("action.yml"), "sources"), &[]);
    assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
    let output = scratch.read("output");
    let hash = output.trim().strip_prefix("hash=").unwrap();
    assert!(
        hash.len() >= 40 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()),
        "{output}"
    );
}

#[test]
fn every_step_of_the_action_is_well_formed() {
    let action = parsed("action.yml");
    assert_eq!(words(&action, "runs.using"), "composite");
    let inputs: Vec<&str> = at(&action, "inputs")
        .entries()
        .iter()
        .map(|entry| &*entry.key)
        .collect();
    let text = std::fs::read_to_string(root().join("action.yml")).unwrap();
    for step in at(&action, "runs.steps").items() {
        // A `run` of a composite action needs a shell, and takes its inputs from the environment only.
        assert_eq!(step.get("run").is_some(), step.get("shell").is_some());
        assert!(step.get("run").is_some() != step.get("uses").is_some());
        let run = step.get("run").and_then(Node::as_str).unwrap_or_default();
        assert!(!run.contains("${{"), "{run}");
    }
    for input in &inputs {
        assert!(
            text.contains(&format!("${{{{ inputs.{input} }}}}")),
            "{input} is not used"
        );
    }
    let page = std::fs::read_to_string(root().join("docs/ci.md")).unwrap();
    assert!(inputs.iter().all(|input| page.contains(&format!("| `{input}` |"))));
}

#[test]
fn the_hook_runs() {
    let scratch = with_binary();
    let hooks = parsed(".pre-commit-hooks.yaml");
    let entry = words(&hooks.items()[0], "entry");
    let mut words = entry.split(' ');
    assert_eq!(words.next(), Some("maremma"));
    let arguments: Vec<&str> = words.chain(["--fail-on", "high", "stacks"]).collect();
    assert_eq!(scratch.maremma(&arguments).code, Some(1));
}
