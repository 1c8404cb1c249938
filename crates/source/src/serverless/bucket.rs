//! The bucket from which the service is deployed.

use super::service::{Service, part};
use crate::cloudformation::make::Make;
use maremma_model::Node;

const ID: &str = "ServerlessDeploymentBucket";

/// The bucket that is named, if one is: the framework makes none then.
fn named(service: &Service<'_>) -> Option<Node> {
    let written = part(&service.provider, "deploymentBucket")?;
    if written.is_map() && crate::cloudformation::call(written).is_none() {
        return part(written, "name").cloned();
    }
    Some(written.clone())
}

/// What the code of functions refers to.
pub(super) fn reference(service: &Service<'_>, at: Make) -> Node {
    named(service).unwrap_or_else(|| at.reference(ID))
}

pub(super) fn compile(service: &mut Service<'_>) {
    if named(service).is_some() || service.functions.is_empty() {
        return;
    }
    let at = service.at_provider(&["deploymentBucket"]);
    let written = part(&service.provider, "deploymentBucket").cloned();
    let on = |key: &str| {
        let value = written.as_ref().and_then(|written| part(written, key));
        value.is_some_and(|value| service.on(value))
    };
    let default = at.map(vec![("SSEAlgorithm", at.text("AES256"))]);
    let rule = at.map(vec![("ServerSideEncryptionByDefault", default)]);
    let encryption = at.map(vec![("ServerSideEncryptionConfiguration", at.list(vec![rule]))]);
    let mut properties = vec![("BucketEncryption", encryption)];
    if on("versioning") {
        let status = at.map(vec![("Status", at.text("Enabled"))]);
        properties.push(("VersioningConfiguration", status));
    }
    if on("blockPublicAccess") {
        let blocks = [
            "BlockPublicAcls",
            "BlockPublicPolicy",
            "IgnorePublicAcls",
            "RestrictPublicBuckets",
        ];
        let all = blocks.iter().map(|block| (*block, at.plain("true"))).collect();
        properties.push(("PublicAccessBlockConfiguration", at.map(all)));
    }
    let policy = !on("skipPolicySetup");
    service.add(ID, at.resource("AWS::S3::Bucket", properties));
    if policy {
        let resources = [
            ":s3:::${ServerlessDeploymentBucket}/*",
            ":s3:::${ServerlessDeploymentBucket}",
        ];
        let resources = resources.map(|end| at.sub(&format!("arn:${{AWS::Partition}}{end}")));
        let insecure = at.map(vec![("Bool", at.map(vec![("aws:SecureTransport", at.plain("false"))]))]);
        let statement = at.map(vec![
            ("Action", at.text("s3:*")),
            ("Effect", at.text("Deny")),
            ("Principal", at.text("*")),
            ("Resource", at.list(resources.to_vec())),
            ("Condition", insecure),
        ]);
        let document = at.map(vec![("Statement", at.list(vec![statement]))]);
        let properties = vec![("Bucket", at.reference(ID)), ("PolicyDocument", document)];
        let id = "ServerlessDeploymentBucketPolicy";
        service.add(id, at.resource("AWS::S3::BucketPolicy", properties));
    }
}
