//! `websocket`: routes of a WebSocket API.

use super::super::naming;
use super::super::service::{Service, deep, listed, part};
use super::Event;
use super::http_api::invocation;
use crate::cloudformation::make::{self, Make};
use maremma_model::Node;

const ID: &str = "WebsocketsApi";

pub(super) fn compile(service: &mut Service<'_>, events: &[Event<'_>]) {
    let Some(first) = events.first() else { return };
    let at = first.at();
    let outside = deep(&service.provider, &["apiGateway", "websocketApiId"]).cloned();
    let api = outside.clone().unwrap_or_else(|| at.reference(ID));
    if outside.is_none() {
        of_api(service, at);
        stage(service, at);
    }
    for event in events {
        route(service, *event, &api);
        if outside.is_none() {
            let arn = at.sub("arn:${AWS::Partition}:execute-api:*:*:*/@connections/*");
            let statement = at.statement(at.texts(&["execute-api:ManageConnections"]), at.list(vec![arn]));
            service.grant(event.number, statement, false);
        }
    }
}

fn of_api(service: &mut Service<'_>, at: Make) {
    let value = |key: &str| part(&service.provider, key).cloned();
    let name = value("websocketsApiName").unwrap_or_else(|| service.by_stage(at, "-websockets"));
    let selection = value("websocketsApiRouteSelectionExpression");
    let mut properties = vec![
        ("Name", name),
        ("ProtocolType", at.text("WEBSOCKET")),
        (
            "RouteSelectionExpression",
            selection.unwrap_or_else(|| at.text("$request.body.action")),
        ),
    ];
    properties.extend(value("tags").map(|tags| ("Tags", tags)));
    service.add(ID, at.resource("AWS::ApiGatewayV2::Api", properties));
}

fn stage(service: &mut Service<'_>, at: Make) {
    let mut properties = vec![("ApiId", at.reference(ID)), ("StageName", service.stage.clone())];
    let logs = deep(&service.provider, &["logs", "websocket"])
        .filter(|logs| service.on(logs))
        .cloned();
    if let Some(logs) = logs {
        let at = Make(logs.place);
        let off = |key: &str| part(&logs, key).is_some_and(|value| !service.on(value));
        let level = match part(&logs, "level") {
            _ if off("executionLogging") => at.text("OFF"),
            Some(level) => level.clone(),
            None => at.text("INFO"),
        };
        let trace = if off("fullExecutionData") { "false" } else { "true" };
        let settings = vec![("DataTraceEnabled", at.plain(trace)), ("LoggingLevel", level)];
        properties.push(("DefaultRouteSettings", at.map(settings)));
        if !off("accessLogging") {
            let group = "WebsocketsLogGroup";
            let format = part(&logs, "format").cloned();
            let format = format.unwrap_or_else(|| at.text("$context.identity.sourceIp $context.identity.caller $context.identity.user [$context.requestTime] \"$context.eventType $context.routeKey $context.connectionId\" $context.requestId"));
            let access = at.map(vec![("DestinationArn", at.get_att(group, "Arn")), ("Format", format)]);
            properties.push(("AccessLogSettings", access));
            let name = service.prefixed(at, "");
            let name = service.joined(at, vec![at.text("/aws/websocket/"), name]);
            let mut settings = vec![("LogGroupName", name)];
            settings.extend(super::super::function::retention(service, None));
            service.add(group, at.resource("AWS::Logs::LogGroup", settings));
        }
        super::rest::log_role(service, at);
    }
    let resource = at.resource("AWS::ApiGatewayV2::Stage", properties);
    service.add("WebsocketsDeploymentStage", resource);
}

fn route(service: &mut Service<'_>, event: Event<'_>, api: &Node) {
    let Some(key) = event.main("route") else {
        return event.missing(service, "route");
    };
    let at = event.at();
    let text = service.text(&key).unwrap_or_else(|| make::digest(&key));
    let integration = event.id("WebsocketsIntegration");
    let mut properties = vec![
        ("ApiId", api.clone()),
        ("RouteKey", key),
        ("Target", at.sub(&format!("integrations/${{{integration}}}"))),
    ];
    match event.part("authorizer").filter(|written| service.on(written)).cloned() {
        Some(authorizer) => properties.extend(authorization(service, &authorizer, api)),
        None => properties.push(("AuthorizationType", at.text("NONE"))),
    }
    let id = format!("{}WebsocketsRoute", naming::route(&text));
    service.add_for(event.function, &id, at.resource("AWS::ApiGatewayV2::Route", properties));
    let properties = vec![
        ("ApiId", api.clone()),
        ("IntegrationType", at.text("AWS_PROXY")),
        ("IntegrationUri", invocation(at, event.function.target(at))),
    ];
    let resource = at.resource("AWS::ApiGatewayV2::Integration", properties);
    service.add_for(event.function, &integration, resource);
    // The framework names no source: any API of anybody may ask API Gateway to invoke it.
    event.permit(
        service,
        "LambdaPermissionWebsockets",
        "apigateway.amazonaws.com",
        Vec::new(),
    );
}

/// The authorizer of a route: a function of the service by its name, or any by its ARN.
fn authorization(service: &mut Service<'_>, written: &Node, api: &Node) -> Vec<(&'static str, Node)> {
    let at = Make(written.place);
    let arn = part(written, "arn").cloned();
    let name = part(written, "name").cloned();
    let text = service.text(written);
    let arn = arn.or_else(|| {
        written
            .as_str()
            .filter(|text| text.contains(':'))
            .map(|_| written.clone())
    });
    let known = name.as_ref().and_then(|name| service.text(name)).or(text);
    let named = match (&known, &arn) {
        (Some(name), _) => name.rsplit(':').next().unwrap_or_default().to_owned(),
        (None, Some(arn)) => service.named(arn, ':'),
        (None, None) => make::digest(written),
    };
    let number = service.function(&named);
    let own = number.and_then(|number| Some(service.functions.get(number)?.target(at)));
    let Some(function) = arn.or(own) else {
        let reason = format!("websocket: authorizer {named} is no function of this service");
        service.gap(maremma_model::GapKind::Absent, reason, written.place);
        return vec![("AuthorizationType", at.text("CUSTOM"))];
    };
    let normal = naming::normal(&named);
    let source = part(written, "identitySource").map(listed);
    let source = source.map_or_else(|| at.texts(&["route.request.header.Auth"]), |list| at.list(list));
    let properties = vec![
        ("ApiId", api.clone()),
        ("Name", at.text(&named)),
        ("AuthorizerType", at.text("REQUEST")),
        ("AuthorizerUri", invocation(at, function.clone())),
        ("IdentitySource", source),
    ];
    let id = format!("{normal}WebsocketsAuthorizer");
    service.add(&id, at.resource("AWS::ApiGatewayV2::Authorizer", properties));
    let principal = at.text("apigateway.amazonaws.com");
    let permission = super::super::service::permission(at, function, principal, Vec::new());
    service.add(&format!("{normal}LambdaPermissionWebsockets"), permission);
    vec![
        ("AuthorizationType", at.text("CUSTOM")),
        ("AuthorizerId", at.reference(&id)),
    ]
}
