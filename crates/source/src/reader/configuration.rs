//! The files of Terraform's configurations, on disk and in memory.

use super::{Options, Reading, start_of};
use crate::files::{self, Content};
use crate::resources::Resources;
use crate::site::{Deployment, Site};
use crate::terraform::{self, Files};
use maremma_model::{Estate, FileId, Gap, GapKind, Location, Place, SourceFile, Span, Unit, UnitId};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

/// Entries of one directory: one with more is no module.
const MAX_ENTRIES: usize = 20_000;

/// The directory of a file, whole: beside a bare name there is no path that leads anywhere.
pub(super) fn directory_of(path: &Path) -> Option<PathBuf> {
    let parent = path.parent()?;
    let parent = if parent.as_os_str().is_empty() {
        Path::new(".")
    } else {
        parent
    };
    parent.canonicalize().ok()
}

/// Files below a root; nothing outside of it is a project's own.
struct Disk<'a> {
    estate: &'a mut Estate,
    root: &'a Path,
    progress: &'a mut dyn FnMut(&Path),
}

impl Files for Disk<'_> {
    fn names(&mut self, directory: &Path) -> Vec<String> {
        let within = directory.canonicalize().is_ok_and(|whole| whole.starts_with(self.root));
        let Some(entries) = within.then(|| std::fs::read_dir(directory).ok()).flatten() else {
            return Vec::new();
        };
        let names = entries
            .take(MAX_ENTRIES)
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    fn text(&mut self, path: &Path) -> Option<(FileId, Arc<str>)> {
        if !path.canonicalize().is_ok_and(|whole| whole.starts_with(self.root)) {
            return None;
        }
        (self.progress)(path);
        let told: Arc<str> = files::told(path, self.root).into();
        let (text, problem) = match files::content(path) {
            Ok(Content::Text(text)) => (Some(Arc::<str>::from(text)), None),
            Ok(Content::Zstd(_)) => (None, Some((GapKind::Unparsed, "packed: expected a text".to_owned()))),
            Ok(Content::Unreadable { reason, .. }) => (None, Some((GapKind::Unparsed, reason))),
            Err(error) => (None, Some((GapKind::Failed, format!("cannot be read: {error}")))),
        };
        let file = add(self.estate, told, text.clone());
        if let Some((kind, reason)) = problem {
            self.estate.gaps.push(Gap {
                kind,
                reason: reason.into(),
                at: Some(Location::File(start_of(file))),
                affects: Vec::new(),
            });
        }
        Some((file, text?))
    }
}

/// Files in memory.
struct Memory<'a> {
    estate: &'a mut Estate,
    texts: BTreeMap<PathBuf, Arc<str>>,
}

impl Files for Memory<'_> {
    fn names(&mut self, directory: &Path) -> Vec<String> {
        let inside = self.texts.keys().filter(|path| path.parent() == Some(directory));
        inside
            .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
            .collect()
    }

    fn text(&mut self, path: &Path) -> Option<(FileId, Arc<str>)> {
        let text = self.texts.get(path)?.clone();
        let file = add(self.estate, path.to_string_lossy().into(), Some(text.clone()));
        Some((file, text))
    }
}

fn add(estate: &mut Estate, path: Arc<str>, text: Option<Arc<str>>) -> FileId {
    let id = FileId(u32::try_from(estate.files.len()).unwrap_or(u32::MAX));
    estate.files.push(SourceFile { path, text });
    id
}

impl Reading {
    /// Reads the configurations in some directories, and the modules that they call.
    pub(super) fn configurations(
        &mut self,
        directories: BTreeSet<PathBuf>,
        root: &Path,
        deployment: &Deployment,
        progress: &mut dyn FnMut(&Path),
    ) {
        let directories: Vec<PathBuf> = directories.into_iter().collect();
        let estate = &mut self.estate;
        let mut files = Disk { estate, root, progress };
        let counts = &mut self.rows.counts;
        let mut promise = |ty: &str| Resources::promise(counts, terraform::cfn_type(ty).unwrap_or(ty));
        let made = terraform::configurations(&directories, root, &mut files, deployment, &mut promise);
        self.configured(made, root, deployment);
    }

    /// As [`Reading::configurations`], of texts in memory.
    pub(super) fn configuration_texts(&mut self, texts: &[(&str, &str)], deployment: &Deployment) {
        let texts: BTreeMap<PathBuf, Arc<str>> = texts
            .iter()
            .map(|(path, text)| (PathBuf::from(path), Arc::from(*text)))
            .collect();
        let parents: BTreeSet<PathBuf> = texts
            .keys()
            .filter(|path| terraform::concerns(path))
            .filter_map(|path| Some(path.parent()?.to_owned()))
            .collect();
        if parents.is_empty() {
            return;
        }
        let directories: Vec<PathBuf> = parents.into_iter().collect();
        let estate = &mut self.estate;
        let mut files = Memory { estate, texts };
        let counts = &mut self.rows.counts;
        let mut promise = |ty: &str| Resources::promise(counts, terraform::cfn_type(ty).unwrap_or(ty));
        let made = terraform::configurations(&directories, Path::new(""), &mut files, deployment, &mut promise);
        self.configured(made, Path::new(""), deployment);
    }

    fn configured(&mut self, made: terraform::Configurations, root: &Path, deployment: &Deployment) {
        self.estate.gaps.extend(made.gaps);
        self.estate.sensitive.extend(made.sensitive);
        self.variables.extend(made.variables);
        for configuration in made.roots {
            let told = files::told(&configuration.directory, root);
            let name = if told.is_empty() { ".".into() } else { told.into() };
            let unit = self.unit(name, "terraform", deployment);
            self.resources.hide_all(configuration.hidden);
            let site = Rc::new(Site::of(deployment, None, None));
            terraform::translate(
                configuration.instances,
                unit,
                &site,
                &mut self.rows,
                &mut self.resources,
            );
        }
    }

    /// Reads a plan or a state of Terraform's. False where the text is something else after all.
    pub(super) fn plan(&mut self, told: &Arc<str>, text: &str, options: &Options) -> bool {
        let file = FileId(u32::try_from(self.estate.files.len()).unwrap_or(u32::MAX));
        let counts = &mut self.rows.counts;
        let mut promise = |ty: &str| Resources::promise(counts, terraform::cfn_type(ty).unwrap_or(ty));
        let (form, planned) = match terraform::planned(text, file, &mut promise) {
            Ok(Some(read)) => read,
            Ok(None) => return false,
            Err(error) => {
                self.add_file(told, Some(text.into()));
                let span = Span {
                    start: error.at,
                    end: error.at,
                };
                self.gap(Some(Place { file, span }), GapKind::Unparsed, error.what);
                return true;
            }
        };
        self.add_file(told, Some(text.into()));
        let unit = self.unit(told.clone(), form.name(), &options.deployment);
        self.estate.gaps.extend(planned.gaps);
        self.estate.sensitive.extend(planned.sensitive);
        self.resources.hide_all(planned.hidden);
        let site = Rc::new(Site::of(&options.deployment, None, None));
        terraform::translate(planned.instances, unit, &site, &mut self.rows, &mut self.resources);
        self.planned += 1;
        true
    }

    /// Adds a unit that is deployed where the user says.
    pub(super) fn unit(&mut self, name: Arc<str>, format: &str, deployment: &Deployment) -> UnitId {
        let id = UnitId(u32::try_from(self.estate.units.len()).unwrap_or(u32::MAX));
        let site = Site::of(deployment, None, None);
        self.estate.units.push(Unit {
            name,
            format: format.into(),
            account: site.account.clone(),
            region: site.region.clone(),
        });
        self.rows.names.settle(id, site);
        id
    }
}
