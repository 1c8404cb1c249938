//! Files that a service includes: `${file(resources/tables.yml):Tables}`.

use crate::files::{self, Content};
use crate::tree::{self, Syntax};
use maremma_model::{FileId, Gap, GapKind, Location, Node, Place, SourceFile, Span};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How many files services may include, and how many bytes these may have together.
const MAX_FILES: usize = 5_000;
const MAX_BYTES: usize = 64 << 20;

/// What a path leads to.
#[derive(Clone, Debug)]
pub(super) enum Include {
    Tree(Arc<Node>),
    /// Anything but YAML and JSON is a text.
    Text(Arc<str>),
    /// Only the framework runs it.
    Code,
    Missing,
    /// It is there and is not read; why, in words.
    Refused(GapKind, String),
}

/// The files that the services of a run include, each read once.
#[derive(Default)]
pub(crate) struct Includes {
    /// What lies outside of these is not read. `None` where there are no files at all, only texts in memory.
    roots: Option<Vec<PathBuf>>,
    /// Files with a number from here on are those that are read here.
    first: usize,
    pub(crate) files: Vec<SourceFile>,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) sensitive: Vec<Place>,
    known: HashMap<PathBuf, Include>,
    /// Templates that were found by themselves: included ones are no roots of their own.
    templates: HashMap<PathBuf, Arc<Node>>,
    pub(crate) taken: HashSet<PathBuf>,
    bytes: usize,
}

impl Includes {
    /// `first` is the number that the next file of the estate gets.
    pub(crate) fn new(roots: Option<&[PathBuf]>, first: usize, templates: HashMap<PathBuf, Arc<Node>>) -> Self {
        Includes {
            roots: roots.map(<[PathBuf]>::to_vec),
            first,
            templates,
            ..Includes::default()
        }
    }

    /// What stands at a path as a service in `directory` writes it.
    pub(super) fn load(&mut self, directory: &Path, path: &str) -> Include {
        let written = directory.join(path);
        let ending = written.extension().and_then(|ending| ending.to_str()).unwrap_or("");
        if matches!(ending, "js" | "cjs" | "mjs" | "ts") {
            return Include::Code;
        }
        let Some(roots) = &self.roots else {
            let reason = "only the text of the service is at hand".to_owned();
            return Include::Refused(GapKind::Absent, reason);
        };
        let Ok(path) = written.canonicalize() else {
            return Include::Missing;
        };
        let Some(root) = roots.iter().find(|root| path.starts_with(root)).cloned() else {
            let reason = "it lies outside of the repository".to_owned();
            return Include::Refused(GapKind::Bounds, reason);
        };
        if let Some(known) = self.known.get(&path) {
            return known.clone();
        }
        let include = match self.templates.get(&path) {
            Some(root) => {
                self.taken.insert(path.clone());
                Include::Tree(root.clone())
            }
            None => self.read(&path, &root, ending),
        };
        self.known.insert(path, include.clone());
        include
    }

    fn read(&mut self, path: &Path, root: &Path, ending: &str) -> Include {
        if self.files.len() >= MAX_FILES {
            return Include::Refused(GapKind::Bounds, format!("more than {MAX_FILES} files are included"));
        }
        let text = match files::content(path) {
            Ok(Content::Text(text)) => text,
            Ok(Content::Zstd(_)) => return Include::Refused(GapKind::Unparsed, "a compressed file".to_owned()),
            Ok(Content::Unreadable { reason, .. }) => return Include::Refused(GapKind::Unparsed, reason),
            Err(error) => return Include::Refused(GapKind::Failed, error.to_string()),
        };
        self.bytes = self.bytes.saturating_add(text.len());
        if self.bytes > MAX_BYTES {
            let reason = format!("the files that are included have more than {} MiB", MAX_BYTES >> 20);
            return Include::Refused(GapKind::Bounds, reason);
        }
        let text: Arc<str> = text.into();
        let syntax = match ending {
            "yml" | "yaml" => Syntax::Either,
            "json" | "tfstate" => Syntax::Json,
            _ => return Include::Text(text),
        };
        let number = self.first + self.files.len();
        let file = FileId(u32::try_from(number).unwrap_or(u32::MAX));
        let told = files::told(path, root);
        self.files.push(SourceFile {
            path: told.into(),
            text: Some(text.clone()),
        });
        match tree::parse(&text, file, syntax) {
            Ok(parsed) => {
                for problem in parsed.problems {
                    self.sensitive.extend(problem.dropped);
                    self.gap(GapKind::Unparsed, problem.reason, problem.place);
                }
                Include::Tree(Arc::new(parsed.root))
            }
            Err(error) => {
                let span = Span {
                    start: error.at,
                    end: error.at,
                };
                let kind = if error.bounds {
                    GapKind::Bounds
                } else {
                    GapKind::Unparsed
                };
                self.gap(kind, error.what.clone(), Place { file, span });
                Include::Refused(kind, error.what)
            }
        }
    }

    pub(super) fn gap(&mut self, kind: GapKind, reason: impl Into<Arc<str>>, place: Place) {
        self.gaps.push(Gap {
            kind,
            reason: reason.into(),
            at: Some(Location::File(place)),
            affects: Vec::new(),
        });
    }
}
