//! The stacks of a run: every root template with the stacks that it nests.

use super::read::MAX_LOGICAL_ID;
use super::template;
use super::world::{StackId, World};
use crate::reader::Template;
use crate::site::Site;
use maremma_model::{Entry, Estate, GapKind, Node, Unit, UnitId};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How deep stacks may be nested: AWS has no documented limit, and a chain of files is short.
const MAX_NESTING: usize = 20;

/// Takes in every root template with the stacks that it nests. A template that another one nests is
/// not a root.
pub(super) fn stacks(templates: Vec<Template>, world: &mut World<'_>, estate: &mut Estate) {
    let by_path: HashMap<PathBuf, usize> = templates
        .iter()
        .enumerate()
        .map(|(at, t)| (clean(&t.path), at))
        .collect();
    let nested: HashSet<usize> = templates
        .iter()
        .enumerate()
        .flat_map(|(at, t)| nestings(t).into_iter().filter_map(move |(_, path)| Some((at, path?))))
        .filter_map(|(at, path)| by_path.get(&clean(&path)).copied().filter(|inner| *inner != at))
        .collect();
    let mut taken = HashSet::new();
    // Templates that nest each other in a circle have no root: the first of them stands for it.
    let roots = (0..templates.len()).filter(|at| !nested.contains(at));
    for at in roots.chain(0..templates.len()) {
        let Some(template) = templates.get(at).filter(|_| !taken.contains(&at)) else {
            continue;
        };
        let unit = UnitId(u32::try_from(estate.units.len()).unwrap_or(u32::MAX));
        let sam = template::is_serverless(&template.root);
        let format = if template.assembled.is_some() {
            "cdk"
        } else if sam {
            "sam"
        } else {
            "cloudformation"
        };
        let assembled = template.assembled.as_ref();
        let site = Site::of(
            world.deployment,
            assembled.and_then(|assembled| assembled.account.as_deref()),
            assembled.and_then(|assembled| assembled.region.as_deref()),
        );
        estate.units.push(Unit {
            name: template.told.clone(),
            format: format.into(),
            account: site.account.clone(),
            region: site.region.clone(),
        });
        world.sites.insert(unit, site);
        let files = Files {
            templates: &templates,
            by_path: &by_path,
        };
        add(world, &files, unit, at, None, &mut vec![at], &mut taken);
    }
}

/// The templates of a run, and where each stands on disk.
struct Files<'a> {
    templates: &'a [Template],
    by_path: &'a HashMap<PathBuf, usize>,
}

fn add(
    world: &mut World<'_>,
    files: &Files<'_>,
    unit: UnitId,
    at: usize,
    parent: Option<(StackId, Arc<str>)>,
    above: &mut Vec<usize>,
    taken: &mut HashSet<usize>,
) {
    let Some(template) = files.templates.get(at) else {
        return;
    };
    // A template may be nested as often as others nest it.
    if !taken.insert(at) && !world.repeat(template.root.size(), template.root.place) {
        return;
    }
    let id = world.add(unit, template.root.clone(), parent, template.assembled.is_some());
    for name in template::macros(&template.root) {
        let place = template
            .root
            .get("Transform")
            .map_or(template.root.place, |node| node.place);
        let reason = format!("macro {name} runs only in CloudFormation: what it changes in this template is not known");
        world.gap(GapKind::Unsupported, reason, place);
    }
    for (entry, path) in nestings(template) {
        let logical_id = &entry.key;
        let Some(inner) = path
            .as_deref()
            .and_then(|path| files.by_path.get(&clean(path)).copied())
        else {
            world.gap(
                GapKind::Absent,
                format!("the template of nested stack {logical_id} is not among the files read"),
                entry.key_place,
            );
            continue;
        };
        if above.contains(&inner) || above.len() >= MAX_NESTING {
            world.gap(
                GapKind::Bounds,
                format!("nested stack {logical_id} nests itself, or too deep"),
                entry.key_place,
            );
            continue;
        }
        above.push(inner);
        add(world, files, unit, inner, Some((id, logical_id.clone())), above, taken);
        above.pop();
    }
}

/// The files on disk that the nested stacks of a template name.
pub(crate) fn nested_files(template: &Template) -> impl Iterator<Item = PathBuf> {
    nestings(template).into_iter().filter_map(|(_, path)| path)
}

/// The nested stacks of a template, with the file of each where it is on disk.
fn nestings(template: &Template) -> Vec<(&Entry, Option<PathBuf>)> {
    let directory = template.path.parent().unwrap_or(Path::new(""));
    let entries = template.root.get("Resources").map_or(&[][..], Node::entries);
    let named = entries.iter().filter(|entry| entry.key.len() <= MAX_LOGICAL_ID);
    let nested = named.filter_map(|entry| {
        let property = match entry.value.get("Type").and_then(Node::as_str)? {
            "AWS::CloudFormation::Stack" => "TemplateURL",
            "AWS::Serverless::Application" => "Location",
            _ => return None,
        };
        let asset = entry
            .value
            .get("Metadata")
            .and_then(|metadata| metadata.get("aws:asset:path")?.as_str());
        let written = entry
            .value
            .get("Properties")
            .and_then(|properties| properties.get(property)?.as_str());
        let local = asset.or(written.filter(|path| !path.contains("://")));
        Some((entry, local.map(|path| directory.join(path))))
    });
    nested.collect()
}

/// A path by which files are compared.
fn clean(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}
