//! Which functions mount a file system, and over which access point.

use crate::context::Context;
use maremma_model::noun::{AccessPoint, FileSystem};
use maremma_model::{Function, Id};

/// The functions that mount, or may mount, an access point.
pub(crate) fn mounted_by(context: &Context<'_>, point: Id<AccessPoint>) -> Vec<Id<Function>> {
    let mounts = |function: &Function| {
        let links = function
            .file_systems
            .iter()
            .flat_map(|mount| mount.access_point.possible());
        links.filter_map(|link| link.here()).any(|id| id == point)
    };
    let functions = context.estate.functions.iter();
    functions
        .filter(|(_, function)| mounts(function))
        .map(|(id, _)| id)
        .collect()
}

/// The access points of a file system.
pub(crate) fn access_points<'c>(
    context: &Context<'c>,
    file_system: Id<FileSystem>,
) -> impl Iterator<Item = (Id<AccessPoint>, &'c AccessPoint)> {
    let of = move |row: &AccessPoint| row.file_system.possible().any(|link| link.here() == Some(file_system));
    context.estate.access_points.iter().filter(move |(_, row)| of(row))
}
