//! Keys, secrets and parameters.

use super::policy::carried_by;
use crate::cloudformation::cx::Cx;
use crate::props::Props;
use maremma_model::noun::*;
use maremma_model::{Resource, State};

/// `AWS::KMS::Key` and `AWS::KMS::ReplicaKey`.
pub(crate) fn key(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Key {
    Key {
        policy: carried_by(cx, &resource, p, "KeyPolicy"),
        rotation: p.boolean("EnableKeyRotation").or_default(false),
        enabled: p.boolean("Enabled").or_default(true),
        key_spec: p.text("KeySpec").or_default("SYMMETRIC_DEFAULT".into()),
        resource,
    }
}

/// A secret without `SecretString` is generated, or empty.
pub(crate) fn secret(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> ManagedSecret {
    let replicas = p.list("ReplicaRegions");
    ManagedSecret {
        kms_key: p.any_of::<Key>("KmsKeyId"),
        literal_value: p.value("SecretString", "SecretString"),
        replicas: p.setting("ReplicaRegions", |_| {
            let region = |replica: &Props<'_>| replica.text("Region").value().cloned();
            State::Set(replicas.iter().filter_map(region).collect())
        }),
        resource,
    }
}

pub(crate) fn parameter(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Parameter {
    Parameter {
        kind: p.text("Type"),
        value: p.value("Value", "Value"),
        resource,
    }
}
