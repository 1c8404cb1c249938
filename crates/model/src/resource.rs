//! What every row of the estate has in common.

use crate::place::Location;
use crate::text::Text;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The row of a unit in [`crate::Estate::units`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct UnitId(pub u32);

/// A root template with its nested stacks, a Terraform root module, a serverless service or an
/// account. Equal names never join units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// What the unit is read from: the path of the root template, or the account.
    pub name: Arc<str>,
    /// `cloudformation`, `sam`, `cdk`, `snapshot`, ...
    pub format: Arc<str>,
    pub account: Option<Arc<str>>,
    pub region: Option<Arc<str>>,
}

/// The head of every row: where the resource is and what it is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Resource {
    pub unit: UnitId,
    /// The address in the source: a logical id, `Nested/LogicalId`, a construct path,
    /// `aws_lambda_function.orders`, or the ARN of a live resource. Unique in its unit and kind.
    pub address: Arc<str>,
    /// The CloudFormation type, whatever the source was: `AWS::Lambda::Function`.
    pub kind: Arc<str>,
    /// The physical name, where it is known; a hole where AWS makes one.
    pub name: Text,
    /// The ARN, with holes for what is not known.
    pub arn: Text,
    /// The resource as a whole: its key in a template, its block in Terraform.
    pub at: Location,
    pub exists: Existence,
    /// Suppressions written on the resource itself (`Metadata.maremma.ignore`, `Metadata.checkov.skip`).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignores: Vec<Ignore>,
}

/// Whether the resource exists in the deployment at hand.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Existence {
    #[default]
    Always,
    /// When a condition holds that the input does not decide; in words.
    When(Arc<str>),
    /// Switched off by a condition that only defaults of parameters decide; in words.
    OffByDefault(Arc<str>),
}

/// One entry of `Metadata: {maremma: {ignore: [{check, reason, until}]}}`, or of
/// `Metadata: {checkov: {skip: [{id, comment}]}}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Ignore {
    /// The id of a check, or of Checkov's.
    pub check: Arc<str>,
    pub reason: Arc<str>,
    /// An ISO date after which it no longer counts.
    pub until: Option<Arc<str>>,
    pub at: Location,
    /// The resource as it is written: what AWS SAM makes of it stands within.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub over: Option<Location>,
}
