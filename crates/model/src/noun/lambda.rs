//! AWS Lambda: functions and all that hangs on them.

use super::{AnyLink, Items};
use crate::document::Document;
use crate::link::Link;
use crate::noun::*;
use crate::resource::Resource;
use crate::secret::EnvValue;
use crate::setting::Setting;
use crate::text::Text;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// `AWS::Lambda::Function`. Its `$LATEST`; published versions are rows of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Function {
    pub resource: Resource,
    /// `FunctionName` as it is written; the name itself is the resource's.
    pub given_name: Setting<Text>,
    pub runtime: Setting<Text>,
    /// `Zip` or `Image`.
    pub package_type: Setting<Text>,
    pub handler: Setting<Text>,
    pub architectures: Items<Text>,
    pub code: Code,
    pub role: Setting<Link<Role>>,
    pub description: Setting<Text>,
    /// In seconds.
    pub timeout: Setting<u32>,
    /// In MiB.
    pub memory_size: Setting<u32>,
    /// In MiB: `EphemeralStorage.Size`.
    pub ephemeral_storage: Setting<u32>,
    /// Sorted by name; empty where there is none.
    pub environment: Vec<Variable>,
    /// Set where the variables as a whole are not known.
    pub environment_at: Setting<()>,
    pub kms_key: Setting<AnyLink>,
    pub layers: Items<Link<LayerVersion>>,
    pub code_signing_config: Setting<Link<CodeSigningConfig>>,
    pub dead_letter_target: Setting<AnyLink>,
    pub reserved_concurrency: Setting<u32>,
    pub recursive_loop: Setting<Text>,
    /// `TracingConfig.Mode`.
    pub tracing_mode: Setting<Text>,
    pub vpc: VpcAttachment,
    pub file_systems: Vec<FileSystemMount>,
    pub image: ImageConfig,
    /// `SnapStart.ApplyOn`.
    pub snap_start: Setting<Text>,
    pub runtime_management: RuntimeManagement,
    pub logging: LoggingConfig,
    pub capacity_provider: Setting<Link<CapacityProvider>>,
    pub durable: DurableConfig,
    /// `TenancyConfig.TenantIsolationMode`.
    pub tenant_isolation: Setting<Text>,
    pub tags: Items<Tag>,
    /// Runs at the edge: a CloudFront association uses it, or its role trusts `edgelambda`.
    pub edge: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Tag {
    pub key: Setting<Text>,
    pub value: Setting<Text>,
}

/// Where the code comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Code {
    pub s3_bucket: Setting<AnyLink>,
    pub s3_key: Setting<Text>,
    pub s3_object_version: Setting<Text>,
    pub image_uri: Setting<Text>,
    /// The repository that `ImageUri` names, where it is in this estate.
    pub repository: Option<crate::link::Id<Repository>>,
    /// `Code.ZipFile`: inline source.
    pub zip_file: Setting<Text>,
    /// A path on disk, in SAM and CDK sources.
    pub local_path: Setting<Text>,
    pub source_kms_key: Setting<AnyLink>,
    /// Base64, from a live account.
    pub sha256: Setting<Text>,
}

/// One environment variable.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Variable {
    pub name: Arc<str>,
    pub value: Setting<EnvValue>,
}

/// `VpcConfig`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VpcAttachment {
    pub subnets: Items<Link<Subnet>>,
    /// A security group, or the VPC whose default group is meant (`Fn::GetAtt: Vpc.DefaultSecurityGroup`).
    pub security_groups: Items<AnyLink>,
    pub ipv6_allowed: Setting<bool>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileSystemMount {
    pub access_point: Setting<Link<AccessPoint>>,
    pub local_mount_path: Setting<Text>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImageConfig {
    pub command: Items<Text>,
    pub entry_point: Items<Text>,
    pub working_directory: Setting<Text>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuntimeManagement {
    /// `Auto`, `FunctionUpdate` or `Manual`.
    pub update_runtime_on: Setting<Text>,
    pub runtime_version_arn: Setting<Text>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoggingConfig {
    pub log_group: Setting<Link<LogGroup>>,
    /// `JSON` or `Text`.
    pub log_format: Setting<Text>,
    pub application_log_level: Setting<Text>,
    pub system_log_level: Setting<Text>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DurableConfig {
    /// In seconds.
    pub execution_timeout: Setting<u32>,
    pub retention_days: Setting<u32>,
    /// Of what executions keep; `Function::kms_key` is another.
    pub kms_key: Setting<AnyLink>,
}

/// A function as another resource names it, with the alias or version that it names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FunctionRef {
    pub function: Link<Function>,
    /// `None` for the unqualified function. A hole that stands for an alias or a version of this
    /// estate names its row.
    pub qualifier: Option<Text>,
}

/// `AWS::Lambda::Version`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Version {
    pub resource: Resource,
    pub function: Setting<FunctionRef>,
    pub code_sha256: Setting<Text>,
    pub runtime: Setting<Text>,
    pub provisioned_concurrency: Setting<u32>,
    pub runtime_management: RuntimeManagement,
}

/// `AWS::Lambda::Alias`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Alias {
    pub resource: Resource,
    pub function: Setting<FunctionRef>,
    pub name: Setting<Text>,
    pub version: Setting<Text>,
    /// `RoutingConfig.AdditionalVersionWeights`.
    pub weights: Setting<Vec<VersionWeight>>,
    /// `UpdatePolicy.CodeDeployLambdaAliasUpdate.DeploymentGroupName`: CodeDeploy sets the weights.
    pub deployment_group: Setting<Link<DeploymentGroup>>,
    pub provisioned_concurrency: Setting<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct VersionWeight {
    pub version: Setting<Text>,
    /// Between 0 and 1, as written.
    pub weight: Setting<Text>,
}

/// `AWS::Lambda::Url`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Url {
    pub resource: Resource,
    pub function: Setting<FunctionRef>,
    pub qualifier: Setting<Text>,
    /// `NONE` or `AWS_IAM`.
    pub auth_type: Setting<Text>,
    /// `BUFFERED` or `RESPONSE_STREAM`.
    pub invoke_mode: Setting<Text>,
    pub cors: Cors,
}

/// CORS of a function URL or of an HTTP API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cors {
    pub allow_credentials: Setting<bool>,
    pub allow_origins: Items<Text>,
    pub allow_methods: Items<Text>,
    pub allow_headers: Items<Text>,
    pub expose_headers: Items<Text>,
    /// In seconds.
    pub max_age: Setting<u32>,
}

/// One statement of a function's resource-based policy: `AWS::Lambda::Permission`, or a statement of
/// `GetPolicy`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Permission {
    pub resource: Resource,
    pub function: Setting<FunctionRef>,
    /// The statement as AddPermission writes it: Effect, Principal, Action, Resource, Condition; each
    /// element at the attribute that it comes from.
    pub statement: Document,
    pub event_source_token: Setting<EnvValue>,
}

/// `AWS::Lambda::LayerVersion`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerVersion {
    pub resource: Resource,
    pub layer_name: Setting<Text>,
    pub code: Code,
    pub compatible_runtimes: Items<Text>,
    pub license: Setting<Text>,
}

/// One statement of a layer version's policy: `AWS::Lambda::LayerVersionPermission`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerPermission {
    pub resource: Resource,
    pub layer: Setting<Link<LayerVersion>>,
    /// As AddLayerVersionPermission writes it.
    pub statement: Document,
}

/// `AWS::Lambda::EventInvokeConfig`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InvokeConfig {
    pub resource: Resource,
    pub function: Setting<FunctionRef>,
    pub qualifier: Setting<Text>,
    pub on_success: Setting<AnyLink>,
    pub on_failure: Setting<AnyLink>,
    /// In seconds.
    pub maximum_event_age: Setting<u32>,
    pub maximum_retry_attempts: Setting<u32>,
}

/// `AWS::Lambda::CodeSigningConfig`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CodeSigningConfig {
    pub resource: Resource,
    /// ARNs of signing profile versions.
    pub allowed_publishers: Items<Link<SigningProfile>>,
    /// `CodeSigningPolicies.UntrustedArtifactOnDeployment`: `Warn` or `Enforce`.
    pub untrusted_artifact_on_deployment: Setting<Text>,
}

/// `AWS::Signer::SigningProfile`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SigningProfile {
    pub resource: Resource,
    pub platform: Setting<Text>,
}

/// `AWS::Lambda::CapacityProvider`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CapacityProvider {
    pub resource: Resource,
    pub operator_role: Setting<Link<Role>>,
    pub vpc: VpcAttachment,
    pub kms_key: Setting<AnyLink>,
}
