//! A directory of configuration files: what is declared in it, by name.

use super::body::{self, Argument, Block, Body};
use super::expression;
use super::source::{Files, Source};
use crate::tree;
use maremma_model::{Gap, GapKind, Location, Place};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a directory declares.
#[derive(Default)]
pub(super) struct Directory {
    pub(super) path: PathBuf,
    /// The rows of its files.
    pub(super) sources: std::ops::Range<usize>,
    pub(super) resources: Declared,
    pub(super) data: Declared,
    pub(super) variables: Named,
    pub(super) outputs: Named,
    pub(super) calls: Named,
    pub(super) providers: Vec<Block>,
    pub(super) locals: Vec<Argument>,
    local: HashMap<Arc<str>, usize>,
}

/// Blocks with a type and a name, in the order written.
#[derive(Default)]
pub(super) struct Declared {
    pub(super) blocks: Vec<Block>,
    rows: HashMap<Arc<str>, HashMap<Arc<str>, usize>>,
}

/// Blocks with a name, in the order written.
#[derive(Default)]
pub(super) struct Named {
    pub(super) blocks: Vec<Block>,
    rows: HashMap<Arc<str>, usize>,
}

impl Declared {
    pub(super) fn row(&self, ty: &str, name: &str) -> Option<usize> {
        self.rows.get(ty)?.get(name).copied()
    }

    pub(super) fn has_type(&self, ty: &str) -> bool {
        self.rows.contains_key(ty)
    }

    /// False where there is one of that name already.
    fn add(&mut self, block: Block) -> bool {
        let names = self.rows.entry(block.label(0).into()).or_default();
        if names.contains_key(block.label(1)) {
            return false;
        }
        names.insert(block.label(1).into(), self.blocks.len());
        self.blocks.push(block);
        true
    }
}

impl Named {
    pub(super) fn row(&self, name: &str) -> Option<usize> {
        self.rows.get(name).copied()
    }

    pub(super) fn get(&self, name: &str) -> Option<&Block> {
        self.blocks.get(self.row(name)?)
    }

    fn add(&mut self, block: Block) -> bool {
        if self.rows.contains_key(block.label(0)) {
            return false;
        }
        self.rows.insert(block.label(0).into(), self.blocks.len());
        self.blocks.push(block);
        true
    }
}

/// How the names of configuration files end. Source: Terraform's and OpenTofu's language references, "Files
/// and Directories".
const ENDINGS: [&str; 4] = [".tf", ".tf.json", ".tofu", ".tofu.json"];

/// Whether a file is part of a configuration, by its name.
pub(super) fn is_configuration(name: &str) -> bool {
    stem(name).is_some() && !name.starts_with('.') && !name.ends_with('~') && !name.starts_with('#')
}

/// Whether a directory has something of Terraform's, by the name of a file in it.
pub(crate) fn concerns(name: &str) -> bool {
    is_configuration(name) || name == TERRAGRUNT
}

/// What Terragrunt makes a configuration of when it runs.
pub(super) const TERRAGRUNT: &str = "terragrunt.hcl";

fn stem(name: &str) -> Option<&str> {
    ENDINGS.iter().find_map(|ending| name.strip_suffix(ending))
}

/// The files of a directory that count, those that override others last.
fn files_of(names: Vec<String>) -> Vec<String> {
    let mut names: Vec<String> = names.into_iter().filter(|name| is_configuration(name)).collect();
    // OpenTofu leaves out a file of Terraform's where it has one of its own of that name.
    let own: HashSet<String> = names.iter().filter(|name| name.contains(".tofu")).cloned().collect();
    names.retain(|name| {
        let replaced = |ending: &str, by: &str| {
            let stem = name.strip_suffix(ending);
            stem.is_some_and(|stem| own.contains(&format!("{stem}{by}")))
        };
        !replaced(".tf", ".tofu") && !replaced(".tf.json", ".tofu.json")
    });
    names.sort_by_key(|name| (overrides(name), name.clone()));
    names
}

fn overrides(name: &str) -> bool {
    stem(name).is_some_and(|stem| stem == "override" || stem.ends_with("_override"))
}

/// Reads the configuration files of a directory; `None` where it has none.
pub(super) fn read(
    path: &Path,
    files: &mut dyn Files,
    sources: &mut Vec<Source>,
    gaps: &mut Vec<Gap>,
) -> Option<Directory> {
    let names = files_of(files.names(path));
    if names.is_empty() {
        return None;
    }
    let start = sources.len();
    let mut directory = Directory {
        path: path.to_owned(),
        ..Directory::default()
    };
    for name in names {
        let Some((file, text)) = files.text(&path.join(&name)) else {
            continue;
        };
        let source = Source::new(file, &name, text);
        let row = sources.len();
        let body = parsed(&source, row, gaps);
        sources.push(source);
        for argument in &body.arguments {
            let reason = format!("{}: expected a block: Terraform refuses it", argument.name);
            gap(gaps, GapKind::Unparsed, reason, argument.at);
        }
        for block in body.blocks {
            if overrides(&name) {
                directory.replace(block, gaps);
            } else {
                directory.declare(block, gaps);
            }
        }
    }
    directory.sources = start..sources.len();
    Some(directory)
}

/// The text of a file as blocks. What cannot be read in it is told, and the rest is read.
pub(super) fn parsed(source: &Source, row: usize, gaps: &mut Vec<Gap>) -> Body {
    if source.name.ends_with(".json") {
        return match tree::parse(source.text(), source.file, tree::Syntax::Json) {
            Ok(parsed) => {
                for problem in parsed.problems {
                    gap(gaps, GapKind::Unparsed, problem.reason, problem.place);
                }
                if source.name.ends_with(".tfvars.json") {
                    body::arguments_of_json(&parsed.root, row)
                } else {
                    body::of_json(&parsed.root, row)
                }
            }
            Err(error) => {
                let at = source.place(error.at.offset as usize..error.at.offset as usize);
                let kind = if error.bounds {
                    GapKind::Bounds
                } else {
                    GapKind::Unparsed
                };
                gap(gaps, kind, error.what, at);
                Body::default()
            }
        };
    }
    let parsed = expression::parse(source.text());
    for fault in parsed.faults {
        gap(gaps, GapKind::Unparsed, fault.expected, source.place(fault.span));
    }
    body::of_hcl(parsed.body, row, source)
}

pub(super) fn gap(gaps: &mut Vec<Gap>, kind: GapKind, reason: impl Into<Arc<str>>, at: Place) {
    gaps.push(Gap {
        kind,
        reason: reason.into(),
        at: Some(Location::File(at)),
        affects: Vec::new(),
    });
}

/// Blocks that say nothing of what is deployed. Backends, versions and moves are no matter here; actions are run, and
/// ephemeral resources are not kept.
const PASSED_OVER: [&str; 8] = [
    "terraform",
    "moved",
    "import",
    "removed",
    "check",
    "ephemeral",
    "action",
    "language",
];

impl Directory {
    /// The value of a local, and its row.
    pub(super) fn local(&self, name: &str) -> Option<(usize, &Argument)> {
        let row = *self.local.get(name)?;
        Some((row, self.locals.get(row)?))
    }

    fn declare(&mut self, block: Block, gaps: &mut Vec<Gap>) {
        let (at, words) = (block.at, words(&block));
        let expected = match &*block.kind {
            "resource" | "data" => 2,
            "variable" | "output" | "module" | "provider" => 1,
            "locals" => 0,
            kind if PASSED_OVER.contains(&kind) => return,
            kind => {
                let reason = format!("{kind}: no block of Terraform that is known here: what it declares is not read");
                return gap(gaps, GapKind::Unsupported, reason, at);
            }
        };
        if block.labels.len() != expected {
            let reason = format!("{words}: expected {expected} labels: Terraform refuses it");
            return gap(gaps, GapKind::Unparsed, reason, at);
        }
        let new = match &*block.kind {
            "resource" => self.resources.add(block),
            "data" => self.data.add(block),
            "variable" => self.variables.add(block),
            "output" => self.outputs.add(block),
            "module" => self.calls.add(block),
            "provider" => {
                self.providers.push(block);
                true
            }
            _ => return self.take_locals(block, gaps),
        };
        if !new {
            let reason = format!("{words} is declared twice: Terraform refuses it, and only the first one is read");
            gap(gaps, GapKind::Unparsed, reason, at);
        }
    }

    fn take_locals(&mut self, block: Block, gaps: &mut Vec<Gap>) {
        for argument in block.body.arguments {
            if self.local.contains_key(&argument.name) {
                let reason = format!(
                    "local.{} is declared twice: Terraform refuses it, and only the first one is read",
                    argument.name
                );
                gap(gaps, GapKind::Unparsed, reason, argument.at);
                continue;
            }
            self.local.insert(argument.name.clone(), self.locals.len());
            self.locals.push(argument);
        }
    }

    /// Puts what an override file says in the place of what is declared. Source: Terraform's language reference,
    /// "Override Files".
    fn replace(&mut self, block: Block, gaps: &mut Vec<Gap>) {
        let row = match &*block.kind {
            "resource" => self.resources.row(block.label(0), block.label(1)),
            "data" => self.data.row(block.label(0), block.label(1)),
            "variable" => self.variables.row(block.label(0)),
            "output" => self.outputs.row(block.label(0)),
            "module" => self.calls.row(block.label(0)),
            "provider" => self
                .providers
                .iter()
                .position(|provider| same_provider(provider, &block)),
            "locals" => return self.replace_locals(block, gaps),
            _ => return self.declare(block, gaps),
        };
        let blocks = match &*block.kind {
            "resource" => &mut self.resources.blocks,
            "data" => &mut self.data.blocks,
            "variable" => &mut self.variables.blocks,
            "output" => &mut self.outputs.blocks,
            "module" => &mut self.calls.blocks,
            _ => &mut self.providers,
        };
        match row.and_then(|row| blocks.get_mut(row)) {
            Some(base) => merge(&mut base.body, block.body),
            None => {
                let reason = format!("{}: there is nothing of this name to override", words(&block));
                gap(gaps, GapKind::Unparsed, reason, block.at);
            }
        }
    }

    fn replace_locals(&mut self, block: Block, gaps: &mut Vec<Gap>) {
        for argument in block.body.arguments {
            let row = self.local.get(&argument.name).copied();
            match row.and_then(|row| self.locals.get_mut(row)) {
                Some(base) => *base = argument,
                None => {
                    let reason = format!("local.{}: there is nothing of this name to override", argument.name);
                    gap(gaps, GapKind::Unparsed, reason, argument.at);
                }
            }
        }
    }
}

/// Arguments replace those of their name, blocks all those of their type.
fn merge(base: &mut Body, over: Body) {
    let of = |block: &Block| -> Arc<str> {
        match (&*block.kind, block.labels.first()) {
            ("dynamic", Some(label)) => label.clone(),
            _ => block.kind.clone(),
        }
    };
    let replaced: Vec<Arc<str>> = over.blocks.iter().map(of).collect();
    base.blocks.retain(|block| !replaced.contains(&of(block)));
    base.blocks.extend(over.blocks);
    for argument in over.arguments {
        base.arguments.retain(|known| known.name != argument.name);
        base.arguments.push(argument);
    }
}

fn same_provider(a: &Block, b: &Block) -> bool {
    let alias = |block: &Block| {
        let written = block.body.value("alias");
        written.and_then(|written| written.literal().map(str::to_owned))
    };
    a.labels == b.labels && alias(a) == alias(b)
}

/// A block by its kind and labels, as it is addressed.
fn words(block: &Block) -> String {
    let mut words = block.kind.to_string();
    for label in &block.labels {
        words.push(' ');
        words.push_str(label);
    }
    words
}
