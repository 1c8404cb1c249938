//! Terraform's resources in CloudFormation's words: tables of types and attributes, one file a service, and
//! the few things that no table can say.

mod api;
mod api_v2;
mod balancer;
mod caller;
mod data;
mod decided;
mod delivery;
mod event;
mod iam;
mod key;
mod lambda;
mod messaging;
mod network;
mod read;
mod reference;
mod routing;
mod snippet;
mod table;
#[cfg(test)]
mod tests;
mod translation;
mod watch;

use super::instance::Instance;
use crate::resources::Resources;
use crate::rows::Rows;
use crate::site::Site;
use maremma_model::UnitId;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::LazyLock;
use table::{Into, Word};

pub(crate) use reference::attribute;
pub use snippet::{is_terraform, terraform_snippet, terraform_value};
#[cfg(test)]
pub(crate) use table::{terraform_path, terraform_paths};

const SERVICES: &[&[Word]] = &[
    lambda::WORDS,
    iam::WORDS,
    api::WORDS,
    api_v2::WORDS,
    data::WORDS,
    messaging::WORDS,
    event::WORDS,
    caller::WORDS,
    balancer::WORDS,
    key::WORDS,
    delivery::WORDS,
    watch::WORDS,
    network::WORDS,
    routing::WORDS,
];

/// Every type that is read.
pub(crate) fn words() -> impl Iterator<Item = &'static Word> {
    SERVICES.iter().copied().flatten()
}

/// A type of Terraform's that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerraformType {
    /// `aws_lambda_function`.
    pub name: &'static str,
    /// The CloudFormation type whose properties it sets.
    pub cfn: &'static str,
    /// The attribute that names the resource whose properties it sets; `None` where it is a resource of its own.
    pub by: Option<&'static str>,
    /// The attributes that are read, dotted and sorted.
    pub attributes: Vec<String>,
}

/// Every type of Terraform's that is read, by name.
pub fn terraform_types() -> Vec<TerraformType> {
    let of = |word: &Word| TerraformType {
        name: word.ty,
        cfn: word.cfn(),
        by: match word.into {
            Into::Own(_) => None,
            Into::Onto { by, .. } | Into::Item { by, .. } => Some(by),
        },
        attributes: word.attributes(),
    };
    let mut types: Vec<_> = words().map(of).collect();
    types.sort_by_key(|ty| ty.name);
    types
}

fn word(ty: &str) -> Option<&'static Word> {
    static BY_TYPE: LazyLock<HashMap<&str, &Word>> = LazyLock::new(|| words().map(|word| (word.ty, word)).collect());
    BY_TYPE.get(ty).copied()
}

/// Whether anything is read of a type.
pub(crate) fn is_read(ty: &str) -> bool {
    word(ty).is_some()
}

/// The CloudFormation type of the row that a type gets. A type that is not read, or only says something of
/// another resource, keeps its own name, and its row is one of those that no check inspects.
pub(crate) fn cfn_type(ty: &str) -> Option<&'static str> {
    match word(ty)?.into {
        Into::Own(cfn) => Some(cfn),
        Into::Onto { .. } | Into::Item { .. } => None,
    }
}

/// Whether an attribute of a type is a block, as far as it is read: `vpc_config`.
pub(crate) fn is_block(ty: &str, path: &str) -> bool {
    word(ty).is_some_and(|word| table::is_block(word.entries, path))
}

/// Puts the instances of a unit among the resources of a run. Every one must have been promised its row, by
/// [`cfn_type`] or else by the type's own name.
pub(crate) fn translate(
    instances: Vec<Instance>,
    unit: UnitId,
    site: &Rc<Site>,
    rows: &mut Rows,
    resources: &mut Resources,
) {
    translation::Translation::new(resources, rows, unit, site).run(instances);
}
