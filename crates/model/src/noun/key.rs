//! Keys, secrets and parameters: their settings, never their values.

use super::AnyLink;
use crate::document::Document;
use crate::link::Link;
use crate::resource::Resource;
use crate::setting::Setting;
use crate::text::Text;
use serde::{Deserialize, Serialize};

/// `AWS::KMS::Key`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Key {
    pub resource: Resource,
    pub policy: Setting<Document>,
    pub rotation: Setting<bool>,
    pub enabled: Setting<bool>,
    pub key_spec: Setting<Text>,
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
}
