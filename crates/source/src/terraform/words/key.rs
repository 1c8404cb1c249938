//! Keys, secrets and parameters.

use super::read::plain;
use super::table::*;
use super::translation::Translation;
use crate::terraform::instance::Instance;

const KEY: &str = "AWS::KMS::Key";
const REPLICA: &str = "AWS::KMS::ReplicaKey";
const SECRET: &str = "AWS::SecretsManager::Secret";

pub(super) const WORDS: &[Word] = &[
    Word::own("aws_kms_key", KEY, KEY_ENTRIES).then(origin),
    Word::own("aws_kms_external_key", KEY, EXTERNAL_KEY).then(origin),
    Word::own("aws_kms_replica_key", REPLICA, REPLICA_ENTRIES),
    Word::own("aws_kms_replica_external_key", REPLICA, REPLICA_ENTRIES),
    Word::onto("aws_kms_key_policy", "key_id", KEY, &[json("policy", "KeyPolicy")]),
    Word::own(
        "aws_kms_alias",
        "AWS::KMS::Alias",
        &[
            text("name", "AliasName"),
            prefix("name_prefix", "AliasName"),
            text("target_key_id", "TargetKeyId"),
        ],
    ),
    Word::own("aws_secretsmanager_secret", SECRET, SECRET_ENTRIES).last(secret_policy),
    Word::own(
        "aws_secretsmanager_secret_policy",
        "AWS::SecretsManager::ResourcePolicy",
        &[text("secret_arn", "SecretId"), json("policy", "ResourcePolicy")],
    ),
    Word::onto("aws_secretsmanager_secret_version", "secret_id", SECRET, VERSION),
    Word::own(
        "aws_secretsmanager_secret_rotation",
        "AWS::SecretsManager::RotationSchedule",
        &[
            text("secret_id", "SecretId"),
            text("rotation_lambda_arn", "RotationLambdaARN"),
        ],
    ),
    Word::own("aws_ssm_parameter", "AWS::SSM::Parameter", PARAMETER),
];

const KEY_ENTRIES: &[Entry] = &[
    json("policy", "KeyPolicy"),
    text("enable_key_rotation", "EnableKeyRotation"),
    text("is_enabled", "Enabled"),
    text("customer_master_key_spec", "KeySpec"),
    by_hook("custom_key_store_id", "Origin"),
];

const EXTERNAL_KEY: &[Entry] = &[
    json("policy", "KeyPolicy"),
    text("enabled", "Enabled"),
    text("key_spec", "KeySpec"),
];

const REPLICA_ENTRIES: &[Entry] = &[json("policy", "KeyPolicy"), text("enabled", "Enabled")];

const SECRET_ENTRIES: &[Entry] = &[
    text("name", "Name"),
    prefix("name_prefix", "Name"),
    text("kms_key_id", "KmsKeyId"),
    each("replica", "ReplicaRegions", &[text("region", "Region")]),
];

const VERSION: &[Entry] = &[
    text("secret_string", "SecretString"),
    text("secret_string_wo", "SecretString"),
];

const PARAMETER: &[Entry] = &[
    text("name", "Name"),
    text("type", "Type"),
    text("value", "Value"),
    text("insecure_value", "Value"),
    text("value_wo", "Value"),
];

/// Where the material of a key is made is another resource or another attribute in Terraform.
fn origin(translation: &mut Translation<'_>, instance: &Instance) {
    let set = |name: &str| super::read::at(&instance.body, name).filter(|found| found.as_str() != Some(""));
    let external = (&*instance.ty == "aws_kms_external_key").then(|| ("EXTERNAL", instance.at.into()));
    let store = || Some(("EXTERNAL_KEY_STORE", set("xks_key_id")?.at));
    let module = || Some(("AWS_CLOUDHSM", set("custom_key_store_id")?.at));
    if let Some((origin, at)) = external.or_else(store).or_else(module) {
        translation.set(instance.id, "Origin", plain(origin, &at));
    }
}

fn secret_policy(translation: &mut Translation<'_>, instance: &Instance) {
    translation.policy_beside(instance, "AWS::SecretsManager::ResourcePolicy", "ResourcePolicy");
}
