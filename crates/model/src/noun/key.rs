//! Keys, secrets and parameters: their settings, never their values.

use super::AnyLink;
use crate::document::Document;
use crate::link::Link;
use crate::resource::Resource;
use crate::setting::Setting;
use crate::text::{Text, Why};
use serde::{Deserialize, Serialize};

/// `AWS::KMS::Key`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Key {
    pub resource: Resource,
    pub policy: Setting<Document>,
    pub rotation: Setting<bool>,
    pub enabled: Setting<bool>,
    pub key_spec: Setting<Text>,
    /// `AWS_KMS`, or `EXTERNAL` for imported key material.
    pub origin: Setting<Text>,
}

/// `AWS::SecretsManager::Secret`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ManagedSecret {
    pub resource: Resource,
    pub kms_key: Setting<AnyLink>,
    /// Whether the template itself holds the value: `SecretString`.
    pub literal_value: Setting<crate::secret::EnvValue>,
    pub replicas: Setting<Vec<Text>>,
}

/// `AWS::SecretsManager::RotationSchedule`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SecretRotation {
    pub resource: Resource,
    pub secret: Setting<Link<ManagedSecret>>,
    pub enabled: Setting<bool>,
}

/// `AWS::SSM::Parameter`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    pub resource: Resource,
    /// `String`, `StringList` or `SecureString`.
    pub kind: Setting<Text>,
    pub value: Setting<crate::secret::EnvValue>,
    /// What the value is, without the value.
    pub content: Setting<ParameterContent>,
}

/// What a value is as far as it can be said without showing it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ParameterContent {
    /// A secret for certain, because of what it comes from: a `NoEcho` parameter, a secret of Secrets
    /// Manager that is looked up, an access key that the template makes.
    Secret(Why),
    /// It says where or how something is: an ARN, a path, an address, a number, a flag, or the name of
    /// another resource.
    Pointer,
    Other,
}
