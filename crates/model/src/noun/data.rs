//! Where data lies: buckets, tables, streams, file systems, repositories.

use super::{AnyLink, Items};
use crate::document::Document;
use crate::link::Link;
use crate::resource::Resource;
use crate::setting::Setting;
use crate::text::Text;
use serde::{Deserialize, Serialize};

/// `AWS::S3::Bucket`. Its policy is a [`super::ResourcePolicy`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bucket {
    pub resource: Resource,
    /// `PublicAccessBlockConfiguration`.
    pub block_public_acls: Setting<bool>,
    pub ignore_public_acls: Setting<bool>,
    pub block_public_policy: Setting<bool>,
    pub restrict_public_buckets: Setting<bool>,
    pub acl: Setting<Text>,
    pub object_ownership: Setting<Text>,
    /// `VersioningConfiguration.Status`.
    pub versioning: Setting<Text>,
    pub kms_key: Setting<AnyLink>,
    /// Sends its events to EventBridge.
    pub event_bridge: Setting<bool>,
}

/// `AWS::DynamoDB::Table` or `GlobalTable`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DataTable {
    pub resource: Resource,
    pub stream_view: Setting<Text>,
    pub kms_key: Setting<AnyLink>,
    /// Of the table; that of its stream is only a row of [`super::ResourcePolicy`].
    pub policy: Setting<Document>,
}

/// `AWS::Kinesis::Stream`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stream {
    pub resource: Resource,
    pub kms_key: Setting<AnyLink>,
}

/// `AWS::EFS::FileSystem`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileSystem {
    pub resource: Resource,
    pub encrypted: Setting<bool>,
    pub policy: Setting<Document>,
}

/// `AWS::EFS::AccessPoint`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AccessPoint {
    pub resource: Resource,
    pub file_system: Setting<Link<FileSystem>>,
    pub posix_uid: Setting<Text>,
    pub posix_gid: Setting<Text>,
    pub root_path: Setting<Text>,
}

/// `AWS::ECR::Repository`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Repository {
    pub resource: Resource,
    /// `MUTABLE` or `IMMUTABLE` (with exclusions).
    pub tag_mutability: Setting<Text>,
    pub scan_on_push: Setting<bool>,
    pub policy: Setting<Document>,
    pub kms_key: Setting<AnyLink>,
    pub immutable_exclusions: Items<Text>,
}
