//! The house rules that can be counted.

use super::workspace::{Dependency, Workspace, root};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

#[test]
fn every_direct_dependency_says_in_architecture_why_it_is_there() {
    let architecture = std::fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let rows: Vec<&str> = architecture.lines().filter(|line| line.starts_with('|')).collect();
    let workspace = Workspace::read();
    let external: BTreeSet<&str> = workspace
        .members()
        .flat_map(|package| &package.dependencies)
        .filter(|dependency| dependency.path.is_none())
        .map(|dependency: &Dependency| dependency.name.as_str())
        .collect();
    let silent: Vec<&str> = external
        .into_iter()
        .filter(|name| !rows.iter().any(|row| row.contains(&format!("`{name}`"))))
        .collect();
    assert!(
        silent.is_empty(),
        "no row in ARCHITECTURE.md's table of dependencies names {silent:?}"
    );
}

/// A file above this asks for a better cut; tests of a large module go to `module/tests.rs`.
const LONGEST_FILE: usize = 500;

#[test]
fn no_source_file_is_too_long() {
    let mut files = Vec::new();
    let rooms = std::fs::read_dir(root().join("crates"))
        .expect("crates")
        .map(|entry| entry.expect("entry").path());
    for folder in rooms.chain([root().join("xtask"), root().join("fuzz")]) {
        sources(&folder.join("src"), &mut files);
    }
    assert!(files.len() > 50, "only {} source files seen", files.len());
    let long: Vec<String> = files
        .iter()
        .filter(|path| path.file_name().is_some_and(|name| name != "tests.rs"))
        .map(|path| (path, std::fs::read_to_string(path).expect("source").lines().count()))
        .filter(|(_, lines)| *lines > LONGEST_FILE)
        .map(|(path, lines)| format!("{}: {lines} lines", path.strip_prefix(root()).unwrap_or(path).display()))
        .collect();
    assert!(
        long.is_empty(),
        "files above {LONGEST_FILE} lines:\n{}",
        long.join("\n")
    );
}

/// The `.rs` files below a folder.
fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.expect("entry").path()) {
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

/// Documents that people open first. Links between them and into the tree lead somewhere.
#[test]
fn links_of_documents_lead_somewhere() {
    let mut seen = 0;
    for folder in ["", "docs", "docs/checks", "docs/schema", "benches", "fuzz"] {
        let folder = root().join(folder);
        let entries = std::fs::read_dir(&folder).expect("a folder of documents");
        let paths = entries.map(|entry| entry.expect("entry").path());
        for document in paths.filter(|path| path.extension().is_some_and(|ending| ending == "md")) {
            let text = std::fs::read_to_string(&document).expect("a document");
            for link in links(&text) {
                let file = link.split('#').next().unwrap_or(link);
                assert!(
                    folder.join(file).exists(),
                    "{}: {link} leads nowhere",
                    document.display()
                );
                seen += 1;
            }
        }
    }
    assert!(seen > 10, "only {seen} links seen");
}

/// The relative links of a document.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets
        .filter(|target| !target.contains("://") && !target.starts_with('#') && !target.contains(char::is_whitespace))
}
