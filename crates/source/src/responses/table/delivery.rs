//! CodeDeploy, CloudFront, AWS Signer.

use crate::responses::operation::{OPERATION, Operation, SHAPE, Shape};
use crate::responses::reading::{Member, Reading, value};
use maremma_model::{Document, Field, Value};

const APPLICATION_TYPE: &str = "AWS::CodeDeploy::Application";
const DISTRIBUTION_TYPE: &str = "AWS::CloudFront::Distribution";

static LISTED_APPLICATION: Shape = Shape {
    cfn: APPLICATION_TYPE,
    arn: "arn:{partition}:codedeploy:{region}:{account}:application:{.}",
    names: "{.}",
    properties: "ApplicationName={.}",
    ..SHAPE
};

static APPLICATION: Shape = Shape {
    cfn: APPLICATION_TYPE,
    arn: "arn:{partition}:codedeploy:{region}:{account}:application:{applicationName}",
    names: "{applicationName}",
    properties: "ApplicationName=applicationName ComputePlatform=computePlatform",
    ..SHAPE
};

static GROUP: Shape = Shape {
    cfn: "AWS::CodeDeploy::DeploymentGroup",
    arn: "arn:{partition}:codedeploy:{region}:{account}:deploymentgroup:{applicationName}/{deploymentGroupName}",
    names: "{deploymentGroupName}",
    properties: "ApplicationName=applicationName DeploymentGroupName=deploymentGroupName \
        DeploymentConfigName=deploymentConfigName ServiceRoleArn=serviceRoleArn \
        AutoRollbackConfiguration=^autoRollbackConfiguration",
    ..SHAPE
};

static DISTRIBUTION: Shape = Shape {
    cfn: DISTRIBUTION_TYPE,
    arn: "{ARN}",
    names: "{Id}",
    properties: "DistributionConfig.WebACLId=WebACLId DistributionConfig.Origins=() \
        DistributionConfig.DefaultCacheBehavior=() DistributionConfig.CacheBehaviors=()",
    run: Some(listed),
    ..SHAPE
};

static ONE_DISTRIBUTION: Shape = Shape {
    cfn: DISTRIBUTION_TYPE,
    arn: "{ARN}",
    names: "{Id}",
    properties: "DistributionConfig.WebACLId=DistributionConfig.WebACLId DistributionConfig.Origins=() \
        DistributionConfig.DefaultCacheBehavior=() DistributionConfig.CacheBehaviors=()",
    run: Some(described),
    ..SHAPE
};

static PROFILE: Shape = Shape {
    cfn: "AWS::Signer::SigningProfile",
    arn: "{arn}",
    names: "{profileName} {profileVersionArn}",
    properties: "PlatformId=platformId",
    ..SHAPE
};

pub(super) const OPERATIONS: &[Operation] = &[
    operation!(
        "deploy",
        "list-applications",
        "",
        [("applications", LISTED_APPLICATION)]
    ),
    operation!("deploy", "get-application", APPLICATION_TYPE, [("application", APPLICATION)], named_by: "application.applicationName"),
    operation!("deploy", "get-deployment-group", APPLICATION_TYPE, [("deploymentGroupInfo", GROUP)], named_by: "deploymentGroupInfo.applicationName"),
    operation!(
        "cloudfront",
        "list-distributions",
        "",
        [("DistributionList.Items", DISTRIBUTION)]
    ),
    operation!("cloudfront", "get-distribution", DISTRIBUTION_TYPE, [("Distribution", ONE_DISTRIBUTION)], named_by: "Distribution.ARN"),
    operation!("signer", "list-signing-profiles", "", [("profiles", PROFILE)]),
];

fn listed(reading: &mut Reading<'_>, member: &Member<'_>) {
    distribution(reading, member, "");
}

fn described(reading: &mut Reading<'_>, member: &Member<'_>) {
    distribution(reading, member, "DistributionConfig.");
}

/// CloudFront counts its lists: `{Quantity, Items}` in the place of each.
fn distribution(reading: &mut Reading<'_>, member: &Member<'_>, below: &str) {
    for part in ["Origins", "DefaultCacheBehavior", "CacheBehaviors"] {
        let Some(found) = value(member, &format!("{below}{part}")) else {
            continue;
        };
        if let Some(declared) = member.id.and_then(|id| reading.declared_mut(id)) {
            declared.set(&format!("DistributionConfig.{part}"), uncounted(found));
        }
    }
}

fn uncounted(document: Document) -> Document {
    let at = document.at.clone();
    let counted = document.get("Quantity").is_some();
    let value = match document.value {
        Value::Map(fields) if counted => {
            let items = fields.into_iter().find(|field| &*field.key == "Items");
            return items.map_or_else(
                || Document::new(Value::List(Vec::new()), at),
                |field| uncounted(field.value),
            );
        }
        Value::Map(fields) => Value::Map(fields.into_iter().map(uncounted_field).collect()),
        Value::List(items) => Value::List(items.into_iter().map(uncounted).collect()),
        other => other,
    };
    Document::new(value, at)
}

fn uncounted_field(field: Field) -> Field {
    Field {
        value: uncounted(field.value),
        ..field
    }
}
