//! `cognitoUserPool`: a user pool that asks the function; the framework makes those that do not exist yet.

use super::super::custom::{self, Custom};
use super::super::naming;
use super::super::service::Service;
use super::Event;
use crate::cloudformation::make::{self, Make};
use maremma_model::Node;

/// Triggers that hand on codes, encrypted with a key.
const SENDERS: [&str; 2] = ["CustomSMSSender", "CustomEmailSender"];

pub(super) fn trigger(service: &mut Service<'_>, event: Event<'_>) {
    let part = |key: &str| event.part(key).cloned();
    let (Some(pool), Some(trigger)) = (part("pool"), part("trigger")) else {
        return event.missing(service, "pool and trigger");
    };
    let Some(kind) = service.text(&trigger) else {
        return service.unreadable("trigger", "the name of a trigger", &trigger);
    };
    if event.part("existing").is_some_and(|existing| service.on(existing)) {
        return of_existing(service, event, pool, &kind);
    }
    let at = event.at();
    let name = naming::alphanumeric(&service.named(&pool, ':'));
    let id = format!("CognitoUserPool{name}");
    if service.made(&id).is_none() {
        service.add(&id, at.resource("AWS::Cognito::UserPool", vec![("UserPoolName", pool)]));
    }
    let target = event.function.target(at);
    let version = part("lambdaVersion");
    let (property, value) = if SENDERS.contains(&kind.as_str()) {
        let version = version.unwrap_or_else(|| at.text("V1_0"));
        (
            kind.as_str(),
            at.map(vec![("LambdaArn", target), ("LambdaVersion", version)]),
        )
    } else if let (Some(version), "PreTokenGeneration") = (version, kind.as_str()) {
        let config = at.map(vec![("LambdaArn", target), ("LambdaVersion", version)]);
        ("PreTokenGenerationConfig", config)
    } else {
        (kind.as_str(), target)
    };
    let empty = |make: Make| make.map(Vec::new());
    let config = service
        .made_mut(&id)
        .and_then(|pool| make::slot(pool, "Properties", empty))
        .and_then(|node| make::slot(node, "LambdaConfig", empty));
    if let Some(config) = config {
        make::set(config, property, value);
        if let Some(key) = part("kmsKeyId") {
            make::set(config, "KMSKeyID", key);
        }
    }
    let suffix = format!(
        "LambdaPermissionCognitoUserPool{name}TriggerSource{}",
        naming::alphanumeric(&kind)
    );
    let narrowed = vec![("SourceArn", at.get_att(&id, "Arn"))];
    event.permit(service, &suffix, "cognito-idp.amazonaws.com", narrowed);
}

/// A function of the framework's writes the trigger into the pool, and the permission to the function.
fn of_existing(service: &mut Service<'_>, event: Event<'_>, pool: Node, kind: &str) {
    let at = event.at();
    let functions = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:*";
    let pools = [
        "cognito-idp:ListUserPools",
        "cognito-idp:DescribeUserPool",
        "cognito-idp:UpdateUserPool",
    ];
    let statements = vec![
        at.statement(at.texts(&pools), at.text("*")),
        at.statement(
            at.texts(&["lambda:AddPermission", "lambda:RemovePermission"]),
            at.sub(functions),
        ),
        at.statement(
            at.texts(&["iam:PassRole"]),
            at.sub("arn:${AWS::Partition}:iam::*:role/*"),
        ),
    ];
    custom::function(service, Custom::USER_POOL, at, statements);
    let name = naming::alphanumeric(&service.named(&pool, ':'));
    // The pool is looked up by its name while the service is deployed.
    let looked_up = service
        .open
        .reference(&format!("the id of user pool {name}"), None, event.place);
    let source = at.sub_with(
        "arn:${AWS::Partition}:cognito-idp:${AWS::Region}:${AWS::AccountId}:userpool/${Pool}",
        vec![("Pool", looked_up)],
    );
    let suffix = format!(
        "LambdaPermissionExistingCognitoUserPool{name}TriggerSource{}",
        naming::alphanumeric(kind)
    );
    event.permit(
        service,
        &suffix,
        "cognito-idp.amazonaws.com",
        vec![("SourceArn", source)],
    );
    let id = event.id("CustomCognitoUserPool1");
    let config = at.map(vec![("Trigger", at.text(kind))]);
    let properties = vec![("FunctionName", event.function.name.clone()), ("UserPoolName", pool)];
    let kind = (id.as_str(), "Custom::CognitoUserPool");
    custom::resource(service, event.function, kind, Custom::USER_POOL, properties, config);
}
