//! How code and content are rolled out: CodeDeploy, CloudFront.

use super::{AnyLink, FunctionRef};
use crate::resource::Resource;
use crate::setting::Setting;
use crate::text::Text;
use serde::{Deserialize, Serialize};

/// `AWS::CodeDeploy::DeploymentGroup` of a Lambda application.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeploymentGroup {
    pub resource: Resource,
    pub deployment_config: Setting<Text>,
    pub role: Setting<AnyLink>,
    pub rollback_enabled: Setting<bool>,
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
