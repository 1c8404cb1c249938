//! IAM: who there is and what they may do.

use super::{AnyLink, Items};
use crate::document::Document;
use crate::link::Link;
use crate::resource::Resource;
use crate::setting::Setting;
use crate::text::Text;
use serde::{Deserialize, Serialize};

/// `AWS::IAM::Role`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Role {
    pub resource: Resource,
    pub path: Setting<Text>,
    /// `AssumeRolePolicyDocument`.
    pub trust: Setting<Document>,
    pub policies: AttachedPolicies,
    /// In seconds.
    pub max_session_duration: Setting<u32>,
}

/// The identity policies that a principal carries itself. Policies that name the principal in their
/// own `Roles`, `Users` or `Groups` are rows of [`Policy`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttachedPolicies {
    pub inline: Vec<InlinePolicy>,
    /// `ManagedPolicyArns`; a policy of AWS is `Outside`.
    pub managed: Items<Link<Policy>>,
    pub boundary: Setting<Link<Policy>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InlinePolicy {
    pub name: Setting<Text>,
    pub document: Setting<Document>,
}

/// `AWS::IAM::User`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct User {
    pub resource: Resource,
    pub policies: AttachedPolicies,
    pub groups: Items<Link<Group>>,
}

/// `AWS::IAM::Group`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    pub resource: Resource,
    pub policies: AttachedPolicies,
}

/// `AWS::IAM::Policy`, `AWS::IAM::RolePolicy` (and its siblings) and `AWS::IAM::ManagedPolicy`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    pub resource: Resource,
    /// Managed policies can be attached from elsewhere; inline ones hang on what they name.
    pub managed: bool,
    pub document: Setting<Document>,
    pub roles: Items<Link<Role>>,
    pub users: Items<Link<User>>,
    pub groups: Items<Link<Group>>,
}

/// The policy of a resource other than a function or a layer: bucket, queue, topic, key, secret,
/// parameter, bus, repository, API, file system, table, stream, VPC endpoint.
///
/// A policy that a resource carries as a property (`KeyPolicy`, `RepositoryPolicyText`,
/// `FileSystemPolicy`, a table's `ResourcePolicy`, ...) is in the `policy` of its noun and a row
/// here too, with the head of the carrying resource: this table is the one to ask.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResourcePolicy {
    pub resource: Resource,
    /// The resources that it is the policy of; a queue or topic policy may name several.
    pub on: Items<AnyLink>,
    pub document: Setting<Document>,
}
