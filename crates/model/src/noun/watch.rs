//! What watches: log groups, trails, GuardDuty.

use super::{AnyLink, Items};
use crate::resource::Resource;
use crate::setting::Setting;
use crate::text::Text;
use serde::{Deserialize, Serialize};

/// `AWS::Logs::LogGroup`, or `Custom::LogRetention`, by which the CDK sets the retention of one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LogGroup {
    pub resource: Resource,
    /// `LogGroupName` as it is written; the name itself is the resource's.
    pub given_name: Setting<Text>,
    pub retention_days: Setting<u32>,
    pub kms_key: Setting<AnyLink>,
}

/// `AWS::CloudTrail::Trail`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trail {
    pub resource: Resource,
    pub is_logging: Setting<bool>,
    pub multi_region: Setting<bool>,
    pub is_organization: Setting<bool>,
    /// `EventSelectors`.
    pub selectors: Items<EventSelector>,
    /// `AdvancedEventSelectors`.
    pub advanced_selectors: Items<AdvancedSelector>,
}

/// A basic event selector, as far as data events go.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EventSelector {
    /// `All`, `ReadOnly`, `WriteOnly`.
    pub read_write: Setting<Text>,
    pub data_resources: Items<DataResource>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DataResource {
    /// `AWS::Lambda::Function`.
    pub kind: Setting<Text>,
    /// ARN prefixes; `arn:aws:lambda` covers all functions.
    pub values: Items<Text>,
}

/// An advanced event selector: all of its field selectors must hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AdvancedSelector {
    pub fields: Vec<FieldSelector>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct FieldSelector {
    /// `eventCategory`, `resources.type`, `resources.ARN`, `readOnly`, ...
    pub field: Setting<Text>,
    /// `Equals`, `StartsWith`, `NotEquals`, ... with its values.
    pub operator: Text,
    pub values: Items<Text>,
}

/// `AWS::GuardDuty::Detector`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detector {
    pub resource: Resource,
    pub enabled: Setting<bool>,
    /// Name and whether it is on: `LAMBDA_NETWORK_LOGS`.
    pub features: Items<Feature>,
    /// Where findings are sent, if the input says.
    pub publishing: Setting<AnyLink>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Feature {
    pub name: Setting<Text>,
    pub status: Setting<Text>,
}
