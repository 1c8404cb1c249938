//! Functions of the framework's own, which change what lies outside of the stack while it is deployed.

use super::naming;
use super::service::{Function, Service, deep, part};
use crate::cloudformation::make::{self, Make};
use maremma_model::Node;

const ROLE: &str = "IamRoleCustomResourcesLambdaExecution";

/// One of these functions.
#[derive(Clone, Copy)]
pub(super) struct Custom {
    name: &'static str,
    handler: &'static str,
    /// The property of its resources that holds what it is to write.
    list: &'static str,
}

impl Custom {
    pub(super) const BUCKET: Custom = Custom {
        name: "custom-resource-existing-s3",
        handler: "s3/handler.handler",
        list: "BucketConfigs",
    };
    pub(super) const USER_POOL: Custom = Custom {
        name: "custom-resource-existing-cup",
        handler: "cognito-user-pool/handler.handler",
        list: "UserPoolConfigs",
    };
    pub(super) const LOG_ROLE: Custom = Custom {
        name: "custom-resource-apigw-cw-role",
        handler: "api-gateway-cloud-watch-role/handler.handler",
        list: "",
    };

    /// The logical id of the function.
    pub(super) fn id(self) -> String {
        format!("{}LambdaFunction", naming::normal(self.name))
    }
}

/// Puts in the function, and what its role must allow.
pub(super) fn function(service: &mut Service<'_>, custom: Custom, at: Make, statements: Vec<Node>) {
    let deployment = deep(&service.provider, &["iam", "deploymentRole"])
        .or_else(|| part(&service.provider, "cfnRole"))
        .cloned();
    let role = match deployment {
        Some(role) => role,
        None => {
            grant(service, at, statements);
            at.get_att(ROLE, "Arn")
        }
    };
    if service.made(&custom.id()).is_some() {
        return;
    }
    let runtime = part(&service.provider, "runtime").filter(|runtime| {
        let text = service.text(runtime);
        text.is_some_and(|text| text.starts_with("nodejs"))
    });
    let runtime = runtime.cloned();
    // Else it depends on the version of the framework.
    let runtime = runtime.unwrap_or_else(|| service.open.reference("provider.runtime", None, at.0));
    let properties = vec![
        ("FunctionName", service.prefixed(at, &format!("-{}", custom.name))),
        ("Handler", at.text(custom.handler)),
        ("MemorySize", at.plain("1024")),
        ("Timeout", at.plain("180")),
        ("Runtime", runtime),
        ("Role", role),
        (
            "Code",
            at.map(vec![("S3Bucket", super::bucket::reference(service, at))]),
        ),
    ];
    service.add(&custom.id(), at.resource("AWS::Lambda::Function", properties));
}

/// Puts in the resource by which a function's events ask for something: there is one, with a list of what it is.
pub(super) fn resource(
    service: &mut Service<'_>,
    function: &Function,
    (id, kind): (&str, &str),
    custom: Custom,
    mut properties: Vec<(&str, Node)>,
    item: Node,
) {
    let list = service
        .made_mut(id)
        .and_then(|resource| make::get_mut(resource, "Properties"))
        .and_then(|node| make::get_mut(node, custom.list));
    if let Some(list) = list {
        return make::push(list, item);
    }
    let at = Make(item.place);
    properties.push(("ServiceToken", at.get_att(&custom.id(), "Arn")));
    properties.push((custom.list, at.list(vec![item])));
    service.add_for(function, id, at.resource(kind, properties));
}

fn grant(service: &mut Service<'_>, at: Make, statements: Vec<Node>) {
    if service.made(ROLE).is_none() {
        let document = at.map(vec![
            ("Version", at.text("2012-10-17")),
            ("Statement", at.list(Vec::new())),
        ]);
        let policy = at.map(vec![
            ("PolicyName", service.by_stage(at, "-custom-resources-lambda")),
            ("PolicyDocument", document),
        ]);
        let properties = vec![
            ("AssumeRolePolicyDocument", at.trust(&["lambda.amazonaws.com"])),
            ("Policies", at.list(vec![policy])),
        ];
        service.add(ROLE, at.resource("AWS::IAM::Role", properties));
    }
    let list = service
        .made_mut(ROLE)
        .and_then(|role| make::get_mut(role, "Properties"))
        .and_then(|node| make::get_mut(node, "Policies"))
        .and_then(|policies| match &mut policies.value {
            maremma_model::NodeValue::Seq(items) => items.first_mut(),
            _ => None,
        })
        .and_then(|policy| make::get_mut(policy, "PolicyDocument"))
        .and_then(|document| make::get_mut(document, "Statement"));
    if let Some(list) = list {
        for statement in statements {
            make::push(list, statement);
        }
    }
}
