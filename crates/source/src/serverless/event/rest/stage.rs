//! The deployment of a REST API and its stage. What the framework sets on the stage by calls after it has deployed
//! stands here in the description of the stage.

use super::super::super::custom::{self, Custom};
use super::super::super::function::retention;
use super::super::super::service::{Service, deep, part};
use super::Api;
use crate::cloudformation::make::Make;
use maremma_model::Node;

/// What the framework logs of a request where nothing is said.
const FORMAT: &str = "requestId: $context.requestId, ip: $context.identity.sourceIp, caller: $context.identity.caller, user: $context.identity.user, requestTime: $context.requestTime, httpMethod: $context.httpMethod, resourcePath: $context.resourcePath, status: $context.status, protocol: $context.protocol, responseLength: $context.responseLength";

pub(super) fn compile(service: &mut Service<'_>, at: Make, api: &Api, own: bool) {
    let stage = deep(&service.provider, &["apiGateway", "stage"]).cloned();
    let stage = stage.unwrap_or_else(|| service.stage.clone());
    let mut properties = vec![("RestApiId", api.id.clone()), ("StageName", stage)];
    if own {
        let description = description(service);
        if !description.is_empty() {
            properties.push(("StageDescription", at.map(description)));
        }
    }
    // The framework's id ends with a number of the moment.
    let resource = at.resource("AWS::ApiGateway::Deployment", properties);
    service.add("ApiGatewayDeployment", resource);
}

fn description(service: &mut Service<'_>) -> Vec<(&'static str, Node)> {
    let mut made = Vec::new();
    if let Some(tracing) = deep(&service.provider, &["tracing", "apiGateway"]) {
        made.push(("TracingEnabled", tracing.clone()));
    }
    let Some(logs) = deep(&service.provider, &["logs", "restApi"]).cloned() else {
        return made;
    };
    let at = Make(logs.place);
    if !service.on(&logs) {
        made.push(("LoggingLevel", at.text("OFF")));
        made.push(("DataTraceEnabled", at.plain("false")));
        return made;
    }
    let off = |key: &str| part(&logs, key).is_some_and(|value| !service.on(value));
    let level = match part(&logs, "level") {
        _ if off("executionLogging") => at.text("OFF"),
        Some(level) => level.clone(),
        None => at.text("INFO"),
    };
    let trace = if off("fullExecutionData") { "false" } else { "true" };
    made.push(("LoggingLevel", level));
    made.push(("DataTraceEnabled", at.plain(trace)));
    if !off("accessLogging") {
        let group = "ApiGatewayLogGroup";
        let format = part(&logs, "format").cloned().unwrap_or_else(|| at.text(FORMAT));
        let setting = vec![("DestinationArn", at.get_att(group, "Arn")), ("Format", format)];
        made.push(("AccessLogSetting", at.map(setting)));
        let name = service.prefixed(at, "");
        let name = service.joined(at, vec![at.text("/aws/api-gateway/"), name]);
        let mut properties = vec![("LogGroupName", name)];
        properties.extend(retention(service, None));
        service.add(group, at.resource("AWS::Logs::LogGroup", properties));
        log_role(service, at);
    }
    made
}

/// The role by which API Gateway writes logs is one of the account: a function of the framework's sets it.
pub(in super::super) fn log_role(service: &mut Service<'_>, at: Make) {
    let of = |key: &str| deep(&service.provider, &["logs", "restApi", key]).cloned();
    if of("roleManagedExternally").is_some_and(|outside| service.on(&outside)) || service.made(ID).is_some() {
        return;
    }
    let actions = [
        "iam:AttachRolePolicy",
        "iam:CreateRole",
        "iam:ListAttachedRolePolicies",
        "iam:PassRole",
    ];
    let statements = vec![
        at.statement(
            at.texts(&actions),
            at.sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*"),
        ),
        at.statement(
            at.texts(&["apigateway:GET", "apigateway:PATCH"]),
            at.sub("arn:${AWS::Partition}:apigateway:*::/account"),
        ),
    ];
    let role = of("role");
    custom::function(service, Custom::LOG_ROLE, at, statements);
    let mut properties = vec![("ServiceToken", at.get_att(&Custom::LOG_ROLE.id(), "Arn"))];
    properties.extend(role.map(|role| ("RoleArn", role)));
    service.add(ID, at.resource("Custom::ApiGatewayAccountRole", properties));
}

const ID: &str = "CustomApiGatewayAccountCloudWatchRole";
