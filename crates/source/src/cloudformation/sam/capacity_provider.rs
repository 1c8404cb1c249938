//! `AWS::Serverless::CapacityProvider`: instances for functions, and the role that operates them.

use super::Sam;
use super::handed_on::{created_by, properties, same, tags};
use super::make::Make;
use super::source::Source;
use maremma_model::{GapKind, Node};

pub(super) fn expand(sam: &mut Sam<'_>, source: Source<'_>) {
    let make = Make(source.place);
    let written = source.node.get("Properties");
    let mut made = same(written, &["CapacityProviderName", "KmsKeyArn", "VpcConfig"]);
    if source.property("VpcConfig").is_none() {
        let reason = format!("capacity provider {}: VpcConfig is missing", source.id);
        sam.gap(GapKind::Unparsed, reason, source.place);
    }
    if let Some(requirements) = source.property("InstanceRequirements") {
        let names = [
            ("Architectures", "Architectures"),
            ("AllowedTypes", "AllowedInstanceTypes"),
            ("ExcludedTypes", "ExcludedInstanceTypes"),
        ];
        let parts = properties(Some(requirements), &names);
        if !parts.is_empty() {
            made.push(("InstanceRequirements", Make(requirements.place).map(parts)));
        }
    }
    made.extend(source.property("ScalingConfig").and_then(scaling));
    let role = match source.property("OperatorRole") {
        Some(role) => role.clone(),
        None => operator_role(sam, source),
    };
    let permissions = source.make("OperatorRole");
    made.push((
        "PermissionsConfig",
        permissions.map(vec![("CapacityProviderOperatorRoleArn", role)]),
    ));
    let mut list = tags(sam, source.property("Tags"));
    list.push(created_by(make, "lambda:createdBy"));
    made.push(("Tags", source.make("Tags").list(list)));
    sam.add_main(source, make.resource("AWS::Lambda::CapacityProvider", made));
}

/// How the provider grows: by itself, or to keep the CPU at a value. Nothing where nothing is written.
fn scaling(config: &Node) -> Option<(&'static str, Node)> {
    let make = Make(config.place);
    let mut parts = same(Some(config), &["MaxVCpuCount"]);
    let target = config.get("AverageCPUUtilization").filter(|value| !value.is_null());
    if parts.is_empty() && target.is_none() {
        return None;
    }
    let mode = if target.is_some() { "Manual" } else { "Auto" };
    parts.push(("ScalingMode", make.text(mode)));
    if let Some(target) = target {
        let metric = make.text("LambdaCapacityProviderAverageCPUUtilization");
        let policy = make.map(vec![("PredefinedMetricType", metric), ("TargetValue", target.clone())]);
        parts.push(("ScalingPolicies", make.list(vec![policy])));
    }
    Some(("CapacityProviderScalingConfig", make.map(parts)))
}

/// Makes the role by which Lambda runs the instances, and gives its ARN.
fn operator_role(sam: &mut Sam<'_>, source: Source<'_>) -> Node {
    let make = Make(source.place);
    let mut list = vec![created_by(make, "lambda:createdBy")];
    if source.property("PropagateTags").and_then(|node| sam.truth(node)) == Some(true) {
        list.extend(tags(sam, source.property("Tags")));
    }
    let policy = make.managed_policy("AWSLambdaManagedEC2ResourceOperator");
    let role = make.resource(
        "AWS::IAM::Role",
        vec![
            ("AssumeRolePolicyDocument", make.trust(&["lambda.amazonaws.com"])),
            ("ManagedPolicyArns", make.list(vec![policy])),
            ("Tags", make.list(list)),
        ],
    );
    let id = format!("{}OperatorRole", source.id);
    sam.add(source, &id, role);
    make.get_att(&id, "Arn")
}
