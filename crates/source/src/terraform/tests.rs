//! Configurations as texts, and the instances that they come to.

mod basics;
mod data;
mod directories;
mod hostile;
mod json;
mod modules;
mod registry;
mod variables;

use super::configuration::{Configurations, configurations};
use super::instance::Instance;
use super::source::Files;
use crate::site::Deployment;
use maremma_model::{AnyId, Document, FileId, Gap, Location, Other, Place, Table, Value};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Files in memory, in the order in which they were asked for.
#[derive(Default)]
struct Memory {
    files: BTreeMap<PathBuf, Arc<str>>,
    read: Vec<Arc<str>>,
}

impl Files for Memory {
    fn names(&mut self, directory: &Path) -> Vec<String> {
        let inside = self.files.keys().filter(|path| path.parent() == Some(directory));
        inside
            .filter_map(|path| Some(path.file_name()?.to_str()?.to_owned()))
            .collect()
    }

    fn text(&mut self, path: &Path) -> Option<(FileId, Arc<str>)> {
        let text = self.files.get(path)?.clone();
        self.read.push(text.clone());
        Some((FileId(u32::try_from(self.read.len() - 1).expect("few files")), text))
    }
}

/// What a run over some files comes to, with their texts.
struct Ran {
    made: Configurations,
    texts: Vec<Arc<str>>,
    promised: Vec<String>,
}

fn run_with(files: &[(&str, &str)], parameters: &[(&str, &str)]) -> Ran {
    let mut memory = Memory::default();
    let mut directories = Vec::new();
    for (path, text) in files {
        let path = PathBuf::from(path);
        let directory = path.parent().expect("a directory").to_owned();
        let concerned = super::directory::concerns(path.file_name().and_then(|name| name.to_str()).expect("a name"));
        if concerned && !directory.starts_with(".terraform") && !directories.contains(&directory) {
            directories.push(directory);
        }
        memory.files.insert(path, (*text).into());
    }
    directories.sort();
    let deployment = Deployment {
        parameters: parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        ..Deployment::default()
    };
    let mut promised = Vec::new();
    let mut promise = |ty: &str| {
        promised.push(ty.to_owned());
        AnyId::from(Table::<Other>::id_at(promised.len() - 1))
    };
    let made = configurations(&directories, Path::new(""), &mut memory, &deployment, &mut promise);
    Ran {
        made,
        texts: memory.read,
        promised,
    }
}

fn run(files: &[(&str, &str)]) -> Ran {
    run_with(files, &[])
}

/// One file, `main.tf`.
fn main(text: &str) -> Ran {
    run(&[("main.tf", text)])
}

impl Ran {
    fn instances(&self) -> impl Iterator<Item = &Instance> {
        self.made.roots.iter().flat_map(|root| &root.instances)
    }

    fn addresses(&self) -> Vec<&str> {
        self.instances().map(|instance| &*instance.address).collect()
    }

    fn instance(&self, address: &str) -> &Instance {
        let found = self.instances().find(|instance| &*instance.address == address);
        found.unwrap_or_else(|| panic!("{address} is not among {:?}", self.addresses()))
    }

    /// The body of an instance in short.
    fn body(&self, address: &str) -> String {
        self.shown(&self.instance(address).body)
    }

    /// An attribute of an instance, by a path such as `environment[0].variables.STAGE`.
    fn get(&self, address: &str, path: &str) -> &Document {
        let mut document = &self.instance(address).body;
        for step in path.split(['.', '[']) {
            let at = step.strip_suffix(']').and_then(|at| at.parse::<usize>().ok());
            let next = match at {
                Some(at) => document.items().get(at),
                None => document.get(step),
            };
            document = next.unwrap_or_else(|| panic!("{address}: no {path} in {}", self.body(address)));
        }
        document
    }

    fn attribute(&self, address: &str, path: &str) -> String {
        self.shown(self.get(address, path))
    }

    /// What is written where a value stands.
    fn written(&self, address: &str, path: &str) -> &str {
        let Location::File(place) = &self.get(address, path).at else {
            panic!("no place");
        };
        self.text_at(*place)
    }

    fn text_at(&self, place: Place) -> &str {
        let text = &self.texts[place.file.0 as usize];
        &text[place.span.start.offset as usize..place.span.end.offset as usize]
    }

    fn gaps(&self) -> Vec<String> {
        self.made.gaps.iter().map(|gap| gap.reason.to_string()).collect()
    }

    fn gap(&self, words: &str) -> &Gap {
        let found = self.made.gaps.iter().find(|gap| gap.reason.contains(words));
        found.unwrap_or_else(|| panic!("no gap says {words}: {:?}", self.gaps()))
    }

    /// Where a gap is told of.
    fn gap_at(&self, words: &str) -> &str {
        match &self.gap(words).at {
            Some(Location::File(place)) => self.text_at(*place),
            _ => panic!("no place"),
        }
    }

    fn clean(&self) -> &Self {
        assert_eq!(self.gaps(), Vec::<String>::new());
        self
    }

    fn shown(&self, document: &Document) -> String {
        match &document.value {
            Value::Absent => "-".to_owned(),
            Value::Null => "null".to_owned(),
            Value::Scalar { text, quoted: true } => format!("\"{}\"", self.named(text)),
            Value::Scalar { text, .. } => self.named(text),
            Value::List(items) => {
                let items: Vec<String> = items.iter().map(|item| self.shown(item)).collect();
                format!("[{}]", items.join(", "))
            }
            Value::Map(fields) => {
                let fields: Vec<String> = fields
                    .iter()
                    .map(|field| format!("{}: {}", field.key, self.shown(&field.value)))
                    .collect();
                format!("{{{}}}", fields.join(", "))
            }
            Value::Choice(branches) => {
                let branches: Vec<String> = branches
                    .iter()
                    .map(|branch| format!("{} ? {}", branch.when, self.shown(&branch.value)))
                    .collect();
                format!("({})", branches.join(" | "))
            }
            Value::Unknown(why) => format!("?{}", why.name()),
        }
    }

    /// A text of which the holes are told by what they stand for, in Terraform's words.
    fn named(&self, text: &maremma_model::Text) -> String {
        use maremma_model::{Piece, Why};
        let pieces = text.pieces().into_iter().map(|piece| match piece {
            Piece::Literal(text) => text.to_string(),
            Piece::Hole(hole) => match &hole.stands_for {
                Some(attribute) => {
                    let of = self.instances().find(|instance| instance.id == attribute.of);
                    let of = of.map_or("?", |of| &of.address);
                    let own = format!("{of}.");
                    match &hole.why {
                        Why::Attribute(words) if words.starts_with(&own) => format!("<{words}>"),
                        _ => format!("<{of}.{}>", attribute.name),
                    }
                }
                None => format!("<{}>", hole.why.name()),
            },
        });
        pieces.collect()
    }
}
