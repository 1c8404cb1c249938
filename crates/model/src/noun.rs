//! The nouns of an estate, in AWS's own terms. Attributes carry CloudFormation's names.

mod api;
mod balancer;
mod data;
mod delivery;
mod graphql;
mod iam;
mod key;
mod lambda;
mod messaging;
mod network;
mod trigger;
mod watch;

pub use api::*;
pub use balancer::*;
pub use data::*;
pub use delivery::*;
pub use graphql::*;
pub use iam::*;
pub use key::*;
pub use lambda::*;
pub use messaging::*;
pub use network::*;
pub use trigger::*;
pub use watch::*;

use crate::estate::AnyId;
use crate::resource::Resource;
use crate::setting::Setting;
use crate::text::{Text, Why};
use serde::{Deserialize, Serialize};

/// A reference to a resource of a kind that is not known beforehand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnyLink {
    Here(AnyId),
    Outside(Text),
    Unknown(Why),
}

impl AnyLink {
    pub fn here(&self) -> Option<AnyId> {
        match self {
            AnyLink::Here(id) => Some(*id),
            AnyLink::Outside(_) | AnyLink::Unknown(_) => None,
        }
    }
}

/// A list whose members are settings: each may be there only in one world.
pub type Items<T> = Setting<Vec<Setting<T>>>;

/// A resource of a kind that no check inspects.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Other {
    pub resource: Resource,
}
