//! The directories of a run, which of them are roots, and which module is called from where.

use super::body::{Block, Body};
use super::directory::{self, Directory, TERRAGRUNT, gap};
use super::source::{Files, Source};
use crate::tree;
use maremma_model::{FileId, Gap, GapKind, Node};
use std::collections::{HashMap, HashSet};
use std::path::{Component, Path, PathBuf};

/// Module calls of a run; more are not followed. Modules may call each other twice at every level.
const MAX_CALLS: usize = 10_000;
/// How deep modules may call each other.
const MAX_NESTING: usize = 50;

/// Everything that was read, before anything of it is evaluated.
#[derive(Default)]
pub(super) struct Loaded {
    pub(super) sources: Vec<Source>,
    pub(super) directories: Vec<Directory>,
    pub(super) called: Vec<Called>,
    pub(super) roots: Vec<Root>,
}

/// A module in its place: the root, or what a call calls.
pub(super) struct Called {
    pub(super) directory: usize,
    /// By the row of the call; `None` where the module is not there.
    pub(super) calls: Vec<Option<usize>>,
}

/// A root module.
pub(super) struct Root {
    pub(super) called: usize,
    /// Files that give its variables values, each after those that it overrides.
    pub(super) given: Vec<Given>,
}

/// A `.tfvars` file.
pub(super) struct Given {
    pub(super) name: Box<str>,
    pub(super) body: Body,
}

struct Loading<'f> {
    files: &'f mut dyn Files,
    gaps: &'f mut Vec<Gap>,
    loaded: Loaded,
    rows: HashMap<PathBuf, Option<usize>>,
    cut: bool,
}

/// Reads the directories, and those that they call.
pub(super) fn load(paths: &[PathBuf], files: &mut dyn Files, gaps: &mut Vec<Gap>) -> Loaded {
    let mut loading = Loading {
        files,
        gaps,
        loaded: Loaded::default(),
        rows: HashMap::new(),
        cut: false,
    };
    let mut own = Vec::new();
    for path in paths.iter().map(|path| clean(path)) {
        loading.terragrunt(&path);
        own.extend(loading.directory(&path));
    }
    let called = loading.locally_called(&own);
    let mut taken = HashSet::new();
    // Directories that call each other in a circle have no root: the first of them stands for it.
    let roots = own.iter().filter(|row| !called.contains(row));
    for row in roots.chain(&own) {
        if taken.contains(row) {
            continue;
        }
        let before = loading.loaded.called.len();
        loading.root(*row);
        let new = loading.loaded.called.iter().skip(before);
        taken.extend(new.map(|called| called.directory));
    }
    loading.loaded
}

impl Loading<'_> {
    /// The row of a directory, read when it is first asked for.
    fn directory(&mut self, path: &Path) -> Option<usize> {
        if let Some(row) = self.rows.get(path) {
            return *row;
        }
        let read = directory::read(path, self.files, &mut self.loaded.sources, self.gaps);
        let row = read.map(|directory| {
            self.loaded.directories.push(directory);
            self.loaded.directories.len() - 1
        });
        self.rows.insert(path.to_owned(), row);
        row
    }

    /// Tells of what only Terragrunt can work out.
    fn terragrunt(&mut self, path: &Path) {
        if !self.files.names(path).iter().any(|name| name == TERRAGRUNT) {
            return;
        }
        if let Some((file, text)) = self.files.text(&path.join(TERRAGRUNT)) {
            let reason =
                "Terragrunt makes the configuration when it runs: scan the plan, as `terragrunt show -json` prints it";
            gap(
                self.gaps,
                GapKind::Unsupported,
                reason,
                Source::new(file, TERRAGRUNT, text).start(),
            );
        }
    }

    /// The directories that others call by their path.
    fn locally_called(&mut self, own: &[usize]) -> HashSet<usize> {
        let mut called = HashSet::new();
        let mut open = own.to_vec();
        let mut seen: HashSet<usize> = own.iter().copied().collect();
        while let Some(row) = open.pop() {
            for path in self.local_paths(row) {
                if let Some(inner) = self.directory(&path) {
                    if inner != row {
                        called.insert(inner);
                    }
                    if seen.insert(inner) {
                        open.push(inner);
                    }
                }
            }
        }
        called
    }

    fn local_paths(&self, row: usize) -> Vec<PathBuf> {
        let Some(directory) = self.loaded.directories.get(row) else {
            return Vec::new();
        };
        let sources = directory.calls.blocks.iter().filter_map(source_of);
        sources.filter_map(|source| local(&directory.path, source)).collect()
    }

    fn root(&mut self, row: usize) {
        let Some(directory) = self.loaded.directories.get(row) else {
            return;
        };
        let path = directory.path.clone();
        let installed = self.installed(&path);
        let mut above = vec![row];
        let called = self.call(row, "", &path, &installed, &mut above);
        let given = self.given(&path);
        self.loaded.roots.push(Root { called, given });
    }

    fn call(
        &mut self,
        row: usize,
        key: &str,
        root: &Path,
        installed: &HashMap<String, String>,
        above: &mut Vec<usize>,
    ) -> usize {
        let own = self.loaded.called.len();
        self.loaded.called.push(Called {
            directory: row,
            calls: Vec::new(),
        });
        let count = self
            .loaded
            .directories
            .get(row)
            .map_or(0, |directory| directory.calls.blocks.len());
        let mut calls = Vec::new();
        for at in 0..count {
            let found = self.target(row, at, key, root, installed);
            let inner = found.and_then(|(inner, name, local)| {
                if !self.may_call(row, at, inner, local, above) {
                    return None;
                }
                above.push(inner);
                let called = self.call(inner, &name, root, installed, above);
                above.pop();
                Some(called)
            });
            calls.push(inner);
        }
        if let Some(called) = self.loaded.called.get_mut(own) {
            called.calls = calls;
        }
        own
    }

    /// The directory that a call calls, and the name of the call in the root's list of modules.
    fn target(
        &mut self,
        row: usize,
        at: usize,
        key: &str,
        root: &Path,
        installed: &HashMap<String, String>,
    ) -> Option<(usize, String, bool)> {
        let directory = self.loaded.directories.get(row)?;
        let block = directory.calls.blocks.get(at)?;
        let name = block.label(0).to_owned();
        let key = if key.is_empty() {
            name.clone()
        } else {
            format!("{key}.{name}")
        };
        let Some(argument) = block.body.argument("source") else {
            let reason = format!("module {name} has no source: what it makes is not known");
            gap(self.gaps, GapKind::Unparsed, reason, block.at);
            return None;
        };
        let place = argument.value.at;
        let Some(source) = argument.value.literal() else {
            let reason = format!("module {name}: its source is not written out, so that what it makes is not known");
            gap(self.gaps, GapKind::Unsupported, reason, place);
            return None;
        };
        let by_path = local(&directory.path, source);
        let on_disk = by_path
            .clone()
            .or_else(|| Some(clean(&root.join(installed.get(&key)?))));
        if let Some(inner) = on_disk.and_then(|path| self.directory(&path)) {
            return Some((inner, key, by_path.is_some()));
        }
        let block = self.loaded.directories.get(row)?.calls.blocks.get(at)?;
        let source = source_of(block).unwrap_or_default();
        let reason = if by_path.is_some() {
            format!("module {name}: no configuration in {source}, so that what it makes is not known")
        } else {
            format!("module {name} ({source}) is not on disk: run `terraform init`, what it makes is not known")
        };
        gap(self.gaps, GapKind::Absent, reason, place);
        None
    }

    fn may_call(&mut self, row: usize, at: usize, inner: usize, local: bool, above: &[usize]) -> bool {
        let cyclic = above.contains(&inner) && local;
        if !cyclic && above.len() < MAX_NESTING && self.loaded.called.len() < MAX_CALLS {
            return true;
        }
        // How often modules multiply is told once.
        if !cyclic && above.len() < MAX_NESTING && std::mem::replace(&mut self.cut, true) {
            return false;
        }
        let block = self
            .loaded
            .directories
            .get(row)
            .and_then(|directory| directory.calls.blocks.get(at));
        let Some(block) = block else { return false };
        let name = block.label(0);
        let reason = if cyclic {
            format!("module {name} calls itself: what it makes is not known")
        } else if above.len() >= MAX_NESTING {
            format!("module {name} is called more than {MAX_NESTING} levels deep: what it makes is not known")
        } else {
            format!("more than {MAX_CALLS} calls of modules: what module {name} and those after it make is not known")
        };
        gap(self.gaps, GapKind::Bounds, reason, block.at);
        false
    }

    /// Where `terraform init` has put modules: the path of each by the names of its calls.
    fn installed(&mut self, root: &Path) -> HashMap<String, String> {
        let directory = root.join(".terraform/modules");
        if !self.files.names(&directory).iter().any(|name| name == "modules.json") {
            return HashMap::new();
        }
        let Some((file, text)) = self.files.text(&directory.join("modules.json")) else {
            return HashMap::new();
        };
        let source = Source::new(file, "modules.json", text);
        let Ok(parsed) = tree::parse(source.text(), file, tree::Syntax::Json) else {
            let reason = "not the list of modules that `terraform init` writes: run it again";
            gap(self.gaps, GapKind::Unparsed, reason, source.start());
            return HashMap::new();
        };
        let text = |node: &Node, key: &str| node.get(key).and_then(Node::as_str).map(str::to_owned);
        let modules = parsed.root.get("Modules").map_or(&[][..], Node::items);
        modules
            .iter()
            .filter_map(|module| Some((text(module, "Key")?, text(module, "Dir")?)))
            .collect()
    }

    /// The files that Terraform takes the values of a root's variables from by itself, in its order. Source:
    /// Terraform's language reference, "Variable Definition Precedence".
    fn given(&mut self, root: &Path) -> Vec<Given> {
        let names = self.files.names(root);
        let fixed = ["terraform.tfvars", "terraform.tfvars.json"];
        let mut automatic: Vec<&String> = names
            .iter()
            .filter(|name| name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json"))
            .collect();
        automatic.sort();
        let fixed = fixed.into_iter().filter(|fixed| names.iter().any(|name| name == fixed));
        let mut given = Vec::new();
        for name in fixed.chain(automatic.into_iter().map(String::as_str)) {
            let Some((file, text)) = self.files.text(&root.join(name)) else {
                continue;
            };
            given.push(self.variables(file, name, text));
        }
        given
    }

    fn variables(&mut self, file: FileId, name: &str, text: std::sync::Arc<str>) -> Given {
        let source = Source::new(file, name, text);
        let row = self.loaded.sources.len();
        let body = directory::parsed(&source, row, self.gaps);
        self.loaded.sources.push(source);
        for block in &body.blocks {
            let reason = format!("{}: expected `name = value`, found a block", block.kind);
            gap(self.gaps, GapKind::Unparsed, reason, block.at);
        }
        Given {
            name: name.into(),
            body,
        }
    }
}

fn source_of(block: &Block) -> Option<&str> {
    block.body.value("source")?.literal()
}

/// The directory of a module that is called by its path; `None` for one that has to be fetched.
fn local(from: &Path, source: &str) -> Option<PathBuf> {
    let by_path = source.starts_with("./") || source.starts_with("../") || matches!(source, "." | "..");
    by_path.then(|| clean(&from.join(source)))
}

/// A path without `.` and, where that can be told from the path alone, without `..`.
pub(super) fn clean(path: &Path) -> PathBuf {
    let mut made = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if made.file_name().is_some() => {
                made.pop();
            }
            part => made.push(part),
        }
    }
    made
}
