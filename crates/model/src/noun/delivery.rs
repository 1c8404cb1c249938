//! How code and content are rolled out: CodeDeploy, CloudFront, and what scans images.

use super::{AnyLink, FunctionRef, Items};
use crate::link::Link;
use crate::resource::Resource;
use crate::setting::Setting;
use crate::text::Text;
use serde::{Deserialize, Serialize};

/// `AWS::CodeDeploy::Application`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeploymentApplication {
    pub resource: Resource,
    /// `Lambda`, `ECS` or `Server`.
    pub compute_platform: Setting<Text>,
}

/// `AWS::CodeDeploy::DeploymentGroup`, of whatever platform.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeploymentGroup {
    pub resource: Resource,
    pub application: Setting<Link<DeploymentApplication>>,
    pub deployment_config: Setting<Text>,
    pub role: Setting<AnyLink>,
    pub rollback_enabled: Setting<bool>,
    /// `AutoRollbackConfiguration.Events`: `DEPLOYMENT_FAILURE`, ...
    pub rollback_events: Items<Text>,
}

/// `AWS::ECR::RegistryScanningConfiguration`: one an account and region.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RegistryScanning {
    pub resource: Resource,
    pub rules: Items<ScanningRule>,
}

/// Which repositories are scanned when an image is pushed, or all the time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ScanningRule {
    /// Parts of names, or patterns with `*`.
    pub filters: Items<Text>,
}

/// `AWS::CloudFront::Distribution`, as far as functions hang on it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Distribution {
    pub resource: Resource,
    pub web_acl: Setting<AnyLink>,
    /// Functions at the edge, by association.
    pub edge_functions: Vec<FunctionRef>,
    /// Origins, by domain name.
    pub origins: Vec<Setting<Text>>,
}
