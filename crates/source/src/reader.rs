//! Targets to an estate: every file in turn, then all formats of the run together.

mod configuration;
mod response;
mod service;

use crate::assembly::{Assembled, Assemblies};
use crate::cloudformation::{self, Stacks};
use crate::files::{self, Candidate, Content, Unreadable};
use crate::resources::Resources;
use crate::responses;
use crate::rows::Rows;
use crate::serverless;
use crate::site::Deployment;
use crate::snapshot;
use crate::terraform;
use crate::tree::{self, Syntax};
use maremma_model::{Estate, FileId, Gap, GapKind, Location, Node, Place, Pos, SourceFile, Span};
use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What is read, and what is said about its deployment.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub deployment: Deployment,
    /// Parameters that some template must declare: they were given for this run.
    pub declared: Vec<String>,
    /// Globs of what is left out, relative to the target.
    pub exclude: Vec<String>,
}

/// Why nothing can be read at all.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error("cannot read {}", path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    #[error("nothing recognised in {}: expected a CloudFormation or SAM template, a serverless.yml, a cdk.out directory, a Terraform configuration, plan or state, answers of the AWS CLI or a snapshot", shown(.targets))]
    NothingRecognised { targets: Vec<PathBuf> },
    #[error("{} is a snapshot and cannot be scanned together with other targets", path.display())]
    SnapshotAmongOthers { path: PathBuf },
    #[error("no template that was read declares a parameter {name}")]
    Undeclared { name: String },
    #[error(transparent)]
    Snapshot(#[from] snapshot::SnapshotError),
}

fn shown(targets: &[PathBuf]) -> String {
    targets
        .iter()
        .map(|target| target.display().to_string())
        .collect::<Vec<_>>()
        .join(", ")
}

/// A template that was parsed and recognised.
pub(crate) struct Template {
    pub(crate) path: PathBuf,
    pub(crate) told: Arc<str>,
    pub(crate) root: Arc<Node>,
    /// What the manifest of its `cdk.out` directory says of it, where it stands in one, or its service.
    pub(crate) assembled: Option<Assembled>,
    /// It was made of a service of the Serverless Framework.
    pub(crate) service: bool,
}

/// Reads the targets. What is recognised and cannot be read becomes a gap, and the rest is read all
/// the same. `progress` is told of every file before it is read.
///
/// # Errors
/// A target that does not exist, or nothing recognised in any of them.
pub fn read(targets: &[PathBuf], options: &Options, progress: &mut dyn FnMut(&Path)) -> Result<Estate, SourceError> {
    let mut reading = Reading::default();
    let mut roots = Vec::new();
    // Targets may overlap.
    let mut read = HashSet::new();
    for target in targets {
        let unreadable = |source| SourceError::Unreadable {
            path: target.clone(),
            source,
        };
        let (candidates, cut) = files::candidates(target, &options.exclude).map_err(unreadable)?;
        let root = files::root_of(target);
        let mut directories = BTreeSet::new();
        for candidate in &candidates {
            if terraform::concerns(&candidate.path) {
                directories.extend(configuration::directory_of(&candidate.path));
                continue;
            }
            let path = (targets.len() > 1).then(|| one_path(&candidate.path));
            if path.as_ref().is_some_and(|path| read.contains(path)) {
                continue;
            }
            let before = reading.recognised();
            progress(&candidate.path);
            if let Some(estate) = reading.file(candidate, &root, options)? {
                if targets.len() > 1 {
                    return Err(SourceError::SnapshotAmongOthers {
                        path: candidate.path.clone(),
                    });
                }
                return Ok(estate);
            }
            if reading.recognised() > before {
                read.extend(path);
            }
        }
        if !directories.is_empty() {
            reading.planned += 1;
            reading.configurations(directories, &root, &options.deployment, progress);
        }
        if cut {
            reading.gap(
                None,
                GapKind::Bounds,
                format!("{}: too many files: name a directory below it", target.display()),
            );
        }
        roots.push(root);
    }
    reading.services(Some(&roots), options);
    reading.nested(&roots, options, progress)?;
    if reading.recognised() == 0 && reading.estate.gaps.is_empty() {
        return Err(SourceError::NothingRecognised {
            targets: targets.to_vec(),
        });
    }
    if let Some(name) = options.declared.iter().find(|name| !reading.declares(name)) {
        return Err(SourceError::Undeclared { name: name.clone() });
    }
    Ok(reading.finish(options))
}

/// Templates of a run that nests others.
const MAX_NESTED: usize = 10_000;

/// A file by one name, whatever the targets call it.
fn one_path(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Reads texts that are already in memory, each under the path that it is told by. A text that is no
/// template is a gap.
pub fn read_texts(texts: &[(&str, &str)], options: &Options) -> Estate {
    let mut reading = Reading::default();
    reading.configuration_texts(texts, &options.deployment);
    for (path, text) in texts {
        if terraform::concerns(Path::new(path)) {
            continue;
        }
        let candidate = Candidate {
            path: PathBuf::from(path),
            named: true,
        };
        if responses::looks_like_response(&candidate.path, text)
            && reading.response(&candidate, &Arc::from(*path), text)
        {
            continue;
        }
        reading.template(&candidate, Arc::from(*path), (*text).to_owned(), None);
    }
    reading.services(None, options);
    reading.finish(options)
}

/// A template in memory as AWS's transform makes it, or the one that the Serverless Framework makes of a
/// service, references kept as they are; `None` where the text is neither.
pub fn expanded(text: &str, options: &Options) -> Option<Node> {
    let mut root = Arc::new(tree::parse(text, FileId(0), Syntax::Either).ok()?.root);
    if serverless::is_service(&root) {
        let mut includes = serverless::Includes::default();
        root = Arc::new(serverless::template(&root, Path::new(""), &mut includes, &options.deployment).root);
    }
    let template = Template {
        path: PathBuf::new(),
        told: "".into(),
        root,
        assembled: None,
        service: false,
    };
    cloudformation::expanded(template, &options.deployment)
}

#[derive(Default)]
struct Reading {
    estate: Estate,
    assemblies: Assemblies,
    templates: Vec<Template>,
    rows: Rows,
    resources: Resources,
    /// How many plans, states and configurations were read.
    planned: usize,
    /// The variables that configurations declare.
    variables: BTreeSet<Arc<str>>,
    services: Vec<service::Service>,
    responses: Vec<responses::Kept>,
    /// Bytes of the answers.
    answered: usize,
}

impl Reading {
    fn recognised(&self) -> usize {
        self.templates.len() + self.services.len() + self.responses.len() + self.planned
    }

    /// Whether a template declares a parameter. Where nothing could be parsed, nobody knows.
    fn declares(&self, name: &str) -> bool {
        let declares = |template: &Template| {
            template
                .root
                .get("Parameters")
                .is_some_and(|all| all.get(name).is_some())
        };
        let none = self.templates.is_empty() && self.variables.is_empty();
        none || self.variables.contains(name) || self.templates.iter().any(declares)
    }

    /// All formats of the run together.
    fn finish(mut self, options: &Options) -> Estate {
        let (estate, mut rows, resources) = (&mut self.estate, self.rows, self.resources);
        // Templates are promised their rows last, and read last.
        let stacks = Stacks::declare(self.templates, &options.deployment, &mut rows, estate);
        let answers = responses::declare(self.responses, &options.deployment, &mut rows, estate);
        resources.name(&mut rows);
        stacks.name(&mut rows);
        answers.name(&mut rows);
        resources.qualify(&mut rows);
        stacks.qualify(&mut rows);
        answers.qualify(&mut rows);
        rows.promised();
        resources.read(&rows, estate);
        stacks.read(&rows, estate);
        answers.read(&rows, estate);
        rows.finish(estate);
        self.estate.gaps.iter_mut().for_each(shorten);
        self.estate.gaps.sort();
        self.estate.gaps.dedup();
        self.estate
    }

    fn gap(&mut self, at: Option<Place>, kind: GapKind, reason: String) {
        let at = at.map(Location::File);
        self.estate.gaps.push(Gap {
            kind,
            reason: reason.into(),
            at,
            affects: Vec::new(),
        });
    }

    /// Reads the templates that others nest and that are not read yet. What lies outside of the roots is not a
    /// project's own: a template may name any file.
    fn nested(
        &mut self,
        roots: &[PathBuf],
        options: &Options,
        progress: &mut dyn FnMut(&Path),
    ) -> Result<(), SourceError> {
        let mut known: HashSet<PathBuf> = HashSet::new();
        let mut at = 0;
        while let Some(template) = self.templates.get(at) {
            at += 1;
            let nested: Vec<_> = cloudformation::nested_files(template).collect();
            if !nested.is_empty() && known.is_empty() {
                known = self.templates.iter().map(|template| one_path(&template.path)).collect();
            }
            for path in nested {
                let Ok(whole) = path.canonicalize() else { continue };
                let Some(root) = roots.iter().find(|root| whole.starts_with(root)) else {
                    continue;
                };
                if known.len() < MAX_NESTED && whole.is_file() && known.insert(whole) {
                    progress(&path);
                    self.file(&Candidate { path, named: false }, root, options)?;
                }
            }
        }
        Ok(())
    }

    /// Reads a file; a snapshot is the whole estate.
    fn file(&mut self, candidate: &Candidate, root: &Path, options: &Options) -> Result<Option<Estate>, SourceError> {
        let told: Arc<str> = files::told(&candidate.path, root).into();
        let text = match files::content(&candidate.path) {
            Ok(Content::Text(text)) => text,
            // One found while searching is another run's output, not this one's input.
            Ok(Content::Zstd(_)) if !candidate.named => return Ok(None),
            Ok(Content::Zstd(bytes)) => snapshot::unpack(&bytes)?,
            Ok(Content::Unreadable { reason, kind, line }) => {
                if candidate.named || kind != Unreadable::Other {
                    let file = self.add_file(&told, None);
                    let kind = if kind == Unreadable::TooLarge {
                        GapKind::Bounds
                    } else {
                        GapKind::Unparsed
                    };
                    self.gap(Some(line_of(file, line)), kind, reason);
                }
                return Ok(None);
            }
            Err(source) if candidate.named => {
                return Err(SourceError::Unreadable {
                    path: candidate.path.clone(),
                    source,
                });
            }
            Err(source) => {
                let file = self.add_file(&told, None);
                self.gap(
                    Some(start_of(file)),
                    GapKind::Failed,
                    format!("cannot be read: {source}"),
                );
                return Ok(None);
            }
        };
        if snapshot::is_snapshot(&text) {
            // One found while searching is another run's output, not this one's input.
            return if candidate.named {
                Ok(Some(snapshot::read(&text)?))
            } else {
                Ok(None)
            };
        }
        if terraform::looks_planned(&text) && self.plan(&told, &text, options) {
            return Ok(None);
        }
        if responses::looks_like_response(&candidate.path, &text) && self.response(candidate, &told, &text) {
            return Ok(None);
        }
        if text.len() as u64 > files::MAX_FILE {
            if candidate.named || cloudformation::looks_like_template(&text) {
                let file = self.add_file(&told, None);
                self.gap(Some(start_of(file)), GapKind::Bounds, files::too_large(files::MAX_FILE));
            }
            return Ok(None);
        }
        if serverless::is_code(&candidate.path) {
            self.code(candidate, &told);
            return Ok(None);
        }
        let found = cloudformation::looks_like_template(&text) || serverless::looks_like_service(&text);
        if candidate.named || found {
            let assembled = self.assemblies.of(&candidate.path);
            self.template(candidate, told, text, assembled);
        }
        Ok(None)
    }

    fn template(&mut self, candidate: &Candidate, told: Arc<str>, text: String, assembled: Option<Assembled>) {
        let json = candidate.path.extension().is_some_and(|ending| ending == "json");
        let text: Arc<str> = text.into();
        // A file gets its number only when it is one of ours.
        let file = FileId(u32::try_from(self.estate.files.len()).unwrap_or(u32::MAX));
        match tree::parse(&text, file, if json { Syntax::Json } else { Syntax::Either }) {
            Ok(parsed) if serverless::is_service(&parsed.root) || cloudformation::is_template(&parsed.root) => {
                self.add_file(&told, Some(text));
                for problem in parsed.problems {
                    // What nobody reads nobody knows to be harmless.
                    self.estate.sensitive.extend(problem.dropped);
                    self.gap(Some(problem.place), GapKind::Unparsed, problem.reason);
                }
                let (path, root) = (candidate.path.clone(), Arc::new(parsed.root));
                if serverless::is_service(&root) {
                    self.services.push(service::Service { path, told, root });
                } else {
                    self.templates.push(Template {
                        path,
                        told,
                        root,
                        assembled,
                        service: false,
                    });
                }
            }
            Ok(_) if candidate.named => {
                let file = self.add_file(&told, Some(text));
                self.gap(
                    Some(start_of(file)),
                    GapKind::Unparsed,
                    "no template: expected a map with Resources, or a service of the Serverless Framework".to_owned(),
                );
            }
            Ok(_) => {}
            Err(error) => {
                let file = self.add_file(&told, Some(text));
                let span = Span {
                    start: error.at,
                    end: error.at,
                };
                let kind = if error.bounds {
                    GapKind::Bounds
                } else {
                    GapKind::Unparsed
                };
                self.gap(Some(Place { file, span }), kind, error.what);
            }
        }
    }

    fn add_file(&mut self, told: &Arc<str>, text: Option<Arc<str>>) -> FileId {
        let id = FileId(u32::try_from(self.estate.files.len()).unwrap_or(u32::MAX));
        self.estate.files.push(SourceFile {
            path: told.clone(),
            text,
        });
        id
    }
}

/// How many characters of a reason are told: a key of a megabyte may stand in it.
const MAX_REASON: usize = 400;

fn shorten(gap: &mut Gap) {
    if let Some((end, _)) = gap.reason.char_indices().nth(MAX_REASON) {
        let kept = gap.reason.get(..end).unwrap_or_default();
        gap.reason = format!("{kept}…").into();
    }
}

fn start_of(file: FileId) -> Place {
    line_of(file, 1)
}

/// A line of a file whose text is not kept.
fn line_of(file: FileId, line: usize) -> Place {
    let start = Pos {
        offset: 0,
        line: u32::try_from(line).unwrap_or(u32::MAX),
        column: 1,
    };
    Place {
        file,
        span: Span { start, end: start },
    }
}
