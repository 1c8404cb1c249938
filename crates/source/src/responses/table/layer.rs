//! AWS Lambda: layers.

use super::policy::statements;
use crate::responses::operation::{OPERATION, Operation, SHAPE, Shape};
use crate::responses::reading::{Member, Reading, value};
use maremma_model::Document;

const LAYER_TYPE: &str = "AWS::Lambda::LayerVersion";

static LAYER: Shape = Shape {
    cfn: LAYER_TYPE,
    arn: "{LayerVersionArn}",
    properties: "CompatibleRuntimes LicenseInfo LayerName=()",
    run: Some(layer),
    ..SHAPE
};

const LAMBDA: Operation = Operation {
    service: "lambda",
    ..OPERATION
};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        name: "list-layers",
        lists: &[("Layers.*.LatestMatchingVersion", &LAYER)],
        part: "lambda list-layers holds the latest version of each layer only",
        ..LAMBDA
    },
    Operation {
        name: "list-layer-versions",
        lists: &[("LayerVersions", &LAYER)],
        part: "lambda list-layer-versions holds the versions of one layer only",
        ..LAMBDA
    },
    Operation {
        name: "get-layer-version",
        lists: &[("", &LAYER)],
        part: "lambda get-layer-version holds one version only",
        ..LAMBDA
    },
    Operation {
        name: "get-layer-version-policy",
        of: LAYER_TYPE,
        makes: &["AWS::Lambda::LayerVersionPermission"],
        run: Some(permissions),
        ..LAMBDA
    },
];

/// The layer that a version's ARN names: `arn:aws:lambda:eu-west-1:111122223333:layer:base:3`.
fn layer(reading: &mut Reading<'_>, member: &Member<'_>) {
    let (Some(arn), Some(id)) = (value(member, "LayerVersionArn"), member.id) else {
        return;
    };
    let mut parts = arn.as_str().unwrap_or_default().split(':').skip(6);
    let (Some(name), version) = (parts.next(), parts.next()) else {
        return;
    };
    if let Some(version) = version {
        reading.called(member.call, id, LAYER_TYPE, format!("{version}/{name}").into());
    }
    if let Some(declared) = reading.declared_mut(id) {
        declared.set("LayerName", Document::string(name, arn.at.clone()));
    }
}

/// The statements of a version's policy; each names the version.
fn permissions(reading: &mut Reading<'_>, member: &Member<'_>) {
    let Some(policy) = value(member, "Policy") else { return };
    for (place, statement) in statements(&policy).into_iter().enumerate() {
        let Some(layer) = statement
            .get("Resource")
            .filter(|resource| resource.as_str().is_some())
            .cloned()
        else {
            continue;
        };
        let sid = statement.get("Sid").and_then(Document::as_str);
        let sid = sid.map_or_else(|| (place + 1).to_string(), str::to_owned);
        let address = format!("{}/policy/{sid}", layer.as_str().unwrap_or_default());
        let id = reading.declare(member.call, "AWS::Lambda::LayerVersionPermission", &address, &policy.at);
        if let Some(declared) = reading.declared_mut(id) {
            declared.set("LayerVersionArn", layer);
            declared.set("Statement", statement);
        }
    }
}
