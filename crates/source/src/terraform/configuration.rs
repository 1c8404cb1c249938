//! Directories of configuration to the instances of resources that they ask for.

use super::block::kinds;
use super::evaluation::{Evaluation, Promise, STACK, What};
use super::instance::Instance;
use super::loaded::{Loaded, Root, load};
use super::lower::{Hidden, Lowering};
use super::module::Module;
use super::names::WORKSPACE;
use super::resource::{Resident, is_own_argument};
use super::sensitive;
use super::source::Files;
use super::value::{Kind, Value};
use crate::site::Deployment;
use maremma_model::document::{Field, Value as Made};
use maremma_model::{AnyId, Document, Existence, Gap, GapKind, Place};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

/// A root module with all modules that it calls.
#[derive(Debug)]
pub(crate) struct Configuration {
    pub(crate) directory: PathBuf,
    /// In the order in which their rows were promised.
    pub(crate) instances: Vec<Instance>,
    /// The values of the instances that nobody is to see, by the name that stands for each in a body.
    pub(crate) hidden: Hidden,
}

/// What the directories of a run come to.
#[derive(Debug, Default)]
pub(crate) struct Configurations {
    pub(crate) roots: Vec<Configuration>,
    pub(crate) gaps: Vec<Gap>,
    /// Where values stand that nobody is to see, whether or not they come to anything.
    pub(crate) sensitive: Vec<Place>,
    /// What may be given to any of the roots, by name.
    pub(crate) variables: Vec<Arc<str>>,
}

/// Reads directories and the modules that they call, and evaluates every root among them. `within` is the
/// directory that nothing outside of is read.
pub(crate) fn configurations(
    directories: &[PathBuf],
    within: &Path,
    files: &mut dyn Files,
    deployment: &Deployment,
    promise: Promise<'_>,
) -> Configurations {
    let mut made = Configurations::default();
    let loaded = load(directories, files, &mut made.gaps);
    made.sensitive = sensitive::places(&loaded);
    for root in &loaded.roots {
        made.variables.extend(variables(&loaded, root));
    }
    for root in &loaded.roots {
        let evaluated = apart(|| evaluate(&loaded, root, within, deployment, &mut *promise));
        match evaluated {
            Some((root, gaps)) => {
                made.roots.push(root);
                made.gaps.extend(gaps);
            }
            None => {
                let source = loaded
                    .sources
                    .get(directory(&loaded, root).map_or(0, |one| one.sources.start));
                if let Some(source) = source {
                    let reason = "the configuration cannot be evaluated: there is no memory for it";
                    super::directory::gap(&mut made.gaps, GapKind::Failed, reason, source.start());
                }
            }
        }
    }
    made
}

/// Runs on a stack of its own: how deep references lead into each other must not depend on who asks.
fn apart<T: Send>(run: impl FnOnce() -> T + Send) -> Option<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run);
        thread.ok()?.join().ok()
    })
}

fn directory<'l>(loaded: &'l Loaded, root: &Root) -> Option<&'l super::directory::Directory> {
    let called = loaded.called.get(root.called)?;
    loaded.directories.get(called.directory)
}

/// What a run may give a root: its variables, and the workspace.
fn variables(loaded: &Loaded, root: &Root) -> Vec<Arc<str>> {
    let blocks = directory(loaded, root).map_or(&[][..], |directory| &directory.variables.blocks[..]);
    let names = blocks.iter().map(|block| block.label(0).into());
    names.chain([Arc::from(WORKSPACE)]).collect()
}

fn evaluate(
    loaded: &Loaded,
    root: &Root,
    within: &Path,
    deployment: &Deployment,
    promise: Promise<'_>,
) -> (Configuration, Vec<Gap>) {
    let world = Evaluation::new(loaded, deployment, root, within, promise);
    let module = world.add_module(root.called, "".into(), None, Rc::default(), Existence::Always);
    expand(&world, &module);
    let mut hidden = Hidden::new();
    let mut instances = Vec::new();
    let mut at = 0;
    // References may make instances while others are read.
    loop {
        let Some(resident) = world.residents.borrow().get(at).cloned() else {
            break;
        };
        at += 1;
        if let Some(id) = resident.id {
            instances.push(instance(&world, &resident, id, &mut hidden));
        }
    }
    let directory = directory(loaded, root).map_or_else(PathBuf::new, |directory| directory.path.clone());
    let configuration = Configuration {
        directory,
        instances,
        hidden,
    };
    (configuration, world.into_gaps())
}

/// Makes the instances of a module and of those that it calls, in the order written.
fn expand(world: &Evaluation<'_>, module: &Rc<Module>) {
    let Some(directory) = world.directory(module) else {
        return;
    };
    for (row, block) in directory.resources.blocks.iter().enumerate() {
        world.instances(module, What::Resources, row, block.at);
    }
    for (row, block) in directory.calls.blocks.iter().enumerate() {
        let Some(calls) = world.called(module, row, block.at) else {
            continue;
        };
        for inner in &calls.modules {
            expand(world, inner);
        }
        unknown_arguments(world, module, row);
    }
}

/// Arguments of a call that are Terraform's own.
const OF_CALLS: [&str; 6] = ["source", "version", "count", "for_each", "providers", "depends_on"];

/// What a call gives to a variable that its module does not declare.
fn unknown_arguments(world: &Evaluation<'_>, module: &Rc<Module>, row: usize) {
    let called = world
        .loaded
        .called
        .get(module.called)
        .and_then(|called| called.calls.get(row).copied().flatten());
    let inner = called.and_then(|called| world.loaded.called.get(called));
    let (Some(block), Some(inner)) = (world.call(module, row), inner) else {
        return;
    };
    let Some(directory) = world.loaded.directories.get(inner.directory) else {
        return;
    };
    for argument in &block.body.arguments {
        if !OF_CALLS.contains(&&*argument.name) && directory.variables.row(&argument.name).is_none() {
            let reason = format!(
                "module {} has no variable {}: Terraform refuses it",
                block.label(0),
                argument.name
            );
            world.gap(GapKind::Unparsed, reason, argument.at);
        }
    }
}

fn instance<'a>(world: &Evaluation<'a>, resident: &Resident<'a>, id: AnyId, hidden: &mut Hidden) -> Instance {
    Instance {
        id,
        ty: resident.ty.clone(),
        address: resident.address.clone(),
        at: resident.block.at,
        exists: resident.exists.clone(),
        region: world.region(resident),
        body: body(world, resident, hidden),
    }
}

fn body<'a>(world: &Evaluation<'a>, resident: &Resident<'a>, hidden: &mut Hidden) -> Document {
    let mut lowering = Lowering {
        world,
        hidden,
        path: resident.address.to_string(),
    };
    let mut fields = Vec::new();
    for (row, argument) in resident.block.body.arguments.iter().enumerate() {
        if is_own_argument(&argument.name) {
            continue;
        }
        let value = world.argument(resident, row);
        let value = if &*argument.name == "tags" {
            tagged(world, resident, value)
        } else {
            value
        };
        fields.push(Field {
            key: argument.name.clone(),
            key_at: argument.at.into(),
            value: lowering.argument(&argument.name, &value),
        });
    }
    if resident.block.body.argument("tags").is_none() {
        let tags = tagged(world, resident, Value::new(Kind::Null, resident.block.at));
        if tags.kind != Kind::Null {
            fields.push(Field {
                key: "tags".into(),
                key_at: tags.at.into(),
                value: lowering.argument("tags", &tags),
            });
        }
    }
    for (row, kind) in kinds(&resident.block.body) {
        let Some(value) = world.blocks(resident, kind) else {
            continue;
        };
        let at = resident
            .block
            .body
            .blocks
            .get(row)
            .map_or(resident.block.at, |block| block.at);
        fields.push(Field {
            key: kind.into(),
            key_at: at.into(),
            value: lowering.argument(kind, &value),
        });
    }
    Document::new(Made::Map(fields), resident.block.at)
}

/// A resource's tags with those that its provider gives to everything; its own come first. A type that has
/// no tags has nobody who reads them.
fn tagged<'a>(world: &Evaluation<'a>, resident: &Resident<'a>, own: Value) -> Value {
    let Some(defaults) = world.default_tags(resident).filter(|tags| !tags.is_empty()) else {
        return own;
    };
    let mut tags = (*defaults).clone();
    match &own.kind {
        Kind::Map(own) => tags.extend(own.iter().map(|(key, value)| (key.clone(), value.clone()))),
        Kind::Null => {}
        _ => return own,
    }
    Value {
        kind: Kind::Map(Rc::new(tags)),
        ..own
    }
}
