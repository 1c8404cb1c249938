//! Keys, secrets and parameters.

use super::policy::{Beside, beside};
use crate::responses::operation::{OPERATION, Operation, SHAPE, Shape, Which};
use crate::responses::reading::{Member, Reading, members, value};
use maremma_model::{Document, Text, Value, Why};

const KEY: &str = "AWS::KMS::Key";
const SECRET: &str = "AWS::SecretsManager::Secret";
const PARAMETER: &str = "AWS::SSM::Parameter";

static DESCRIBED_KEY: Shape = Shape {
    cfn: KEY,
    arn: "{Arn}",
    names: "{KeyId}",
    properties: "Enabled KeySpec Origin",
    which: Some(own_key),
    ..SHAPE
};

static LISTED_KEY: Shape = Shape {
    cfn: KEY,
    arn: "{KeyArn}",
    names: "{KeyId}",
    which: Some(listed_key),
    ..SHAPE
};

static ALIAS: Shape = Shape {
    cfn: "AWS::KMS::Alias",
    arn: "{AliasArn}",
    properties: "AliasName TargetKeyId=()",
    run: Some(alias),
    which: Some(own_alias),
    ..SHAPE
};

static LISTED_SECRET: Shape = Shape {
    cfn: SECRET,
    arn: "{ARN}",
    names: "{Name}",
    properties: "Name KmsKeyId",
    run: Some(rotation),
    ..SHAPE
};

static DESCRIBED_SECRET: Shape = Shape {
    cfn: SECRET,
    arn: "{ARN}",
    names: "{Name}",
    properties: "Name KmsKeyId ReplicaRegions=ReplicationStatus",
    run: Some(rotation),
    ..SHAPE
};

static DESCRIBED_PARAMETER: Shape = Shape {
    cfn: PARAMETER,
    arn: "{ARN}|arn:{partition}:ssm:{region}:{account}:parameter/{/Name}",
    names: "{Name}",
    properties: "Name Type Value=()",
    run: Some(parameter),
    ..SHAPE
};

const KMS: Operation = Operation {
    service: "kms",
    ..OPERATION
};
const OF_KEY: Operation = Operation { of: KEY, ..KMS };

pub(super) const OPERATIONS: &[Operation] = &[
    // Before the list: it says which keys are AWS's own.
    Operation {
        name: "describe-key",
        lists: &[("KeyMetadata", &DESCRIBED_KEY)],
        ..OF_KEY
    },
    Operation {
        name: "list-aliases",
        lists: &[("Aliases", &ALIAS)],
        ..KMS
    },
    Operation {
        name: "list-keys",
        lists: &[("Keys", &LISTED_KEY)],
        ..KMS
    },
    Operation {
        name: "get-key-policy",
        tells: "KeyPolicy=Policy",
        ..OF_KEY
    },
    Operation {
        name: "get-key-rotation-status",
        named_by: "KeyId",
        tells: "EnableKeyRotation=KeyRotationEnabled",
        ..OF_KEY
    },
    Operation {
        service: "secretsmanager",
        name: "list-secrets",
        lists: &[("SecretList", &LISTED_SECRET)],
        makes: &["AWS::SecretsManager::RotationSchedule"],
        ..OPERATION
    },
    Operation {
        service: "secretsmanager",
        name: "describe-secret",
        of: SECRET,
        named_by: "ARN",
        lists: &[("", &DESCRIBED_SECRET)],
        ..OPERATION
    },
    Operation {
        service: "secretsmanager",
        name: "get-resource-policy",
        of: SECRET,
        named_by: "ARN",
        makes: &["AWS::SecretsManager::ResourcePolicy"],
        run: Some(secret_policy),
        ..OPERATION
    },
    Operation {
        service: "ssm",
        name: "describe-parameters",
        lists: &[("Parameters", &DESCRIBED_PARAMETER)],
        ..OPERATION
    },
    Operation {
        service: "ssm",
        name: "get-resource-policies",
        of: PARAMETER,
        makes: &["AWS::SSM::ResourcePolicy"],
        run: Some(parameter_policies),
        ..OPERATION
    },
];

/// Keys that AWS manages are rotated and guarded by AWS.
/// Source: AWS KMS developer guide, "AWS managed keys".
fn own_key(reading: &mut Reading<'_>, member: &Document) -> Which {
    if member.get("KeyManager").and_then(Document::as_str) != Some("AWS") {
        return Which::Itself;
    }
    let names = ["Arn", "KeyId"].into_iter().filter_map(|key| member.get(key)?.as_str());
    reading.foreign.extend(names.map(Into::into));
    Which::Neither
}

fn listed_key(reading: &mut Reading<'_>, member: &Document) -> Which {
    let named = ["KeyArn", "KeyId"]
        .into_iter()
        .filter_map(|key| member.get(key)?.as_str());
    for name in named {
        if reading.foreign.contains(name) {
            return Which::Neither;
        }
    }
    Which::Itself
}

/// The aliases of AWS begin with `alias/aws/`, and so say whose the key is.
fn own_alias(reading: &mut Reading<'_>, member: &Document) -> Which {
    let text = |key: &str| member.get(key).and_then(Document::as_str);
    if !text("AliasName").is_some_and(|name| name.starts_with("alias/aws/")) {
        return Which::Itself;
    }
    reading.foreign.extend(text("TargetKeyId").map(Into::into));
    Which::Neither
}

fn alias(reading: &mut Reading<'_>, member: &Member<'_>) {
    let (Some(target), Some(name)) = (value(member, "TargetKeyId"), value(member, "AliasName")) else {
        return;
    };
    let (Some(key), Some(name)) = (target.as_str(), name.as_str()) else {
        return;
    };
    let Some(id) = reading.find(member.call, KEY, key) else {
        return;
    };
    let words = Text::attribute(id, "Ref", key);
    reading.called(member.call, id, KEY, name.into());
    if let Some(declared) = member.id.and_then(|id| reading.declared_mut(id)) {
        declared.set("TargetKeyId", Document::text(words, target.at.clone()));
    }
}

/// A secret that is rotated has a schedule of its own in a template.
fn rotation(reading: &mut Reading<'_>, member: &Member<'_>) {
    let text = |key: &str| member.body.get(key).and_then(Document::as_str);
    let (Some("true"), Some(arn)) = (text("RotationEnabled"), text("ARN")) else {
        return;
    };
    let cfn = "AWS::SecretsManager::RotationSchedule";
    let own = reading.declare(member.call, cfn, &format!("{arn}/rotation"), &member.body.at);
    if let Some(declared) = reading.declared_mut(own) {
        declared.set("SecretId", Document::string(arn, member.body.at.clone()));
        if let Some(function) = member.body.get("RotationLambdaARN") {
            declared.set("RotationLambdaARN", function.clone());
        }
    }
}

fn secret_policy(reading: &mut Reading<'_>, member: &Member<'_>) {
    let of = Beside {
        cfn: "AWS::SecretsManager::ResourcePolicy",
        from: "ResourcePolicy",
        on: "SecretId",
        document: "ResourcePolicy",
    };
    beside(reading, member, &of);
}

/// What a parameter holds nobody is asked.
fn parameter(reading: &mut Reading<'_>, member: &Member<'_>) {
    let Some(declared) = member.id.and_then(|id| reading.declared_mut(id)) else {
        return;
    };
    let at = declared.at.clone();
    if declared.properties.get("Type").and_then(Document::as_str) != Some("SecureString") {
        declared.set("Value", Document::new(Value::Unknown(Why::NotKept), at));
    }
}

fn parameter_policies(reading: &mut Reading<'_>, member: &Member<'_>) {
    let Some(id) = member.id else { return };
    let Some(address) = reading.resources.get(id).map(|declared| declared.address.clone()) else {
        return;
    };
    for (place, policy) in members(member.body, "Policies").into_iter().enumerate() {
        let Some(document) = policy.get("Policy") else { continue };
        let own = reading.declare(
            member.call,
            "AWS::SSM::ResourcePolicy",
            &format!("{address}/policy/{}", place + 1),
            &policy.at,
        );
        if let Some(declared) = reading.declared_mut(own) {
            declared.set("ResourceArn", Document::string(&address, policy.at.clone()));
            declared.set("Policy", document.clone());
        }
    }
}
