//! `httpApi`: routes of an HTTP API, with their authorizers and who may be asked from other origins.

use super::super::naming;
use super::super::service::{Service, deep, entries, handed, listed, part};
use super::Event;
use crate::cloudformation::{call, make, make::Make};
use maremma_model::{Entry, GapKind, Node, Place};
use std::collections::HashSet;

const ID: &str = "HttpApi";
const HEADERS: [&str; 7] = [
    "Content-Type",
    "X-Amz-Date",
    "Authorization",
    "X-Api-Key",
    "X-Amz-Security-Token",
    "X-Amz-User-Agent",
    "X-Amzn-Trace-Id",
];
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "OPTIONS", "HEAD", "DELETE"];

pub(super) fn compile(service: &mut Service<'_>, events: &[Event<'_>]) {
    let Some(first) = events.first() else { return };
    let at = Make(part(&service.provider, "httpApi").map_or(first.place, |node| node.place));
    let outside = deep(&service.provider, &["httpApi", "id"]).cloned();
    let api = outside.clone().unwrap_or_else(|| at.reference(ID));
    let mut allowed = HashSet::from(["OPTIONS".to_owned()]);
    for event in events {
        route(service, *event, &api, &mut allowed);
    }
    authorizers(service, &api);
    if outside.is_none() {
        let api = of_api(service, at, &allowed);
        service.add(ID, api);
        stage(service, at);
    }
}

fn of_api(service: &Service<'_>, at: Make, allowed: &HashSet<String>) -> Node {
    let config = part(&service.provider, "httpApi").cloned();
    let config = config.unwrap_or_else(|| at.map(Vec::new()));
    let name = part(&config, "name").cloned().unwrap_or_else(|| {
        if service.set(&config, "shouldStartNameWithService").is_some() {
            service.prefixed(at, "")
        } else {
            service.by_stage(at, "")
        }
    });
    let mut properties = vec![("Name", name), ("ProtocolType", at.text("HTTP"))];
    let names = [
        ("description", "Description"),
        ("disableDefaultEndpoint", "DisableExecuteApiEndpoint"),
    ];
    properties.extend(handed(&config, &names));
    if let Some(tags) = part(&service.provider, "tags") {
        properties.push(("Tags", tags.clone()));
    }
    if let Some(cors) = service.set(&config, "cors") {
        properties.push(("CorsConfiguration", of_cors(service, cors, allowed)));
    }
    at.resource("AWS::ApiGatewayV2::Api", properties)
}

/// `true` lets every origin in; a map says which. Methods are those of the routes where none are named.
fn of_cors(service: &Service<'_>, cors: &Node, allowed: &HashSet<String>) -> Node {
    let at = Make(cors.place);
    if call(cors).is_some() && service.text(cors).as_deref() != Some("true") {
        return cors.clone();
    }
    let mut methods: Vec<&str> = allowed.iter().map(String::as_str).collect();
    methods.sort_unstable();
    let list = |key: &str, default: &[&str]| match part(cors, key) {
        Some(node) if call(node).is_some() => node.clone(),
        Some(node) => Make(node.place).list(listed(node)),
        None => at.texts(default),
    };
    let mut made = vec![
        ("AllowOrigins", list("allowedOrigins", &["*"])),
        ("AllowHeaders", list("allowedHeaders", &HEADERS)),
        ("AllowMethods", list("allowedMethods", &methods)),
    ];
    let names = [
        ("allowCredentials", "AllowCredentials"),
        ("exposedResponseHeaders", "ExposeHeaders"),
        ("maxAge", "MaxAge"),
    ];
    made.extend(handed(cors, &names));
    at.map(made)
}

fn stage(service: &mut Service<'_>, at: Make) {
    let logs = deep(&service.provider, &["logs", "httpApi"])
        .filter(|logs| service.on(logs))
        .cloned();
    let mut properties = vec![
        ("ApiId", at.reference(ID)),
        ("StageName", at.text("$default")),
        ("AutoDeploy", at.plain("true")),
    ];
    if let Some(metrics) = deep(&service.provider, &["httpApi", "metrics"]) {
        let settings = Make(metrics.place).map(vec![("DetailedMetricsEnabled", metrics.clone())]);
        properties.push(("DefaultRouteSettings", settings));
    }
    if let Some(tags) = part(&service.provider, "tags") {
        properties.push(("Tags", tags.clone()));
    }
    if let Some(logs) = logs {
        let at = Make(logs.place);
        let group = "HttpApiLogGroup";
        let name = part(&service.provider, "stackName").cloned();
        let name = name.unwrap_or_else(|| service.prefixed(at, ""));
        let name = service.joined(at, vec![at.text("/aws/http-api/"), name]);
        let mut settings = vec![("LogGroupName", name)];
        settings.extend(super::super::function::retention(service, None));
        service.add(group, at.resource("AWS::Logs::LogGroup", settings));
        let format = part(&logs, "format").cloned();
        // What the framework writes where nothing is said.
        let format = format.unwrap_or_else(|| at.text(r#"{"requestId":"$context.requestId","ip":"$context.identity.sourceIp","requestTime":"$context.requestTime","httpMethod":"$context.httpMethod","routeKey":"$context.routeKey","status":"$context.status","protocol":"$context.protocol","responseLength":"$context.responseLength"}"#));
        let access = at.map(vec![("DestinationArn", at.get_att(group, "Arn")), ("Format", format)]);
        properties.push(("AccessLogSettings", access));
    }
    service.add("HttpApiStage", at.resource("AWS::ApiGatewayV2::Stage", properties));
}

/// `*`, `GET /orders`, or a map with method and path.
fn route_key(service: &Service<'_>, event: Event<'_>) -> Option<String> {
    if let Some(text) = service.text(event.node) {
        if text == "*" {
            return Some(text);
        }
        let (method, path) = text.split_once(' ')?;
        return Some(format!("{} {}", any(method), path.trim()));
    }
    let path = service.text(event.part("path")?)?;
    if path == "*" {
        return Some(path);
    }
    let method = service.text(event.part("method")?)?;
    Some(format!("{} {path}", any(&method)))
}

fn any(method: &str) -> String {
    if method == "*" {
        "ANY".to_owned()
    } else {
        method.to_uppercase()
    }
}

fn route(service: &mut Service<'_>, event: Event<'_>, api: &Node, allowed: &mut HashSet<String>) {
    let at = event.at();
    let known = route_key(service, event);
    if known.is_none() {
        let reason = format!(
            "function {}: expected a method and a path of the route",
            event.function.key
        );
        service.gap(GapKind::Unparsed, reason, event.place);
    }
    let unknown = make::digest(event.node);
    let id = match known.as_deref() {
        Some("*") => "HttpApiRouteDefault".to_owned(),
        Some(key) => format!("HttpApiRoute{}", naming::path(key)),
        None => format!("HttpApiRoute{unknown}"),
    };
    let method = known.as_deref().and_then(|key| key.split(' ').next());
    match method {
        Some("*" | "ANY") => allowed.extend(METHODS.iter().map(|method| (*method).to_owned())),
        Some(method) => _ = allowed.insert(method.to_owned()),
        None => {}
    }
    let integration = format!("HttpApiIntegration{}", event.function.base);
    let key = match known.as_deref() {
        Some("*") => at.text("$default"),
        Some(key) => at.text(key),
        None => service.open.reference("a route that is not known", None, event.place),
    };
    let target = at.sub(&format!("integrations/${{{integration}}}"));
    let mut properties = vec![("ApiId", api.clone()), ("RouteKey", key), ("Target", target)];
    properties.extend(authorization(service, event));
    service.add_for(event.function, &id, at.resource("AWS::ApiGatewayV2::Route", properties));
    let payload = deep(&event.function.node, &["httpApi", "payload"])
        .or_else(|| deep(&service.provider, &["httpApi", "payload"]));
    let properties = vec![
        ("ApiId", api.clone()),
        ("IntegrationType", at.text("AWS_PROXY")),
        ("IntegrationUri", event.function.target(at)),
        (
            "PayloadFormatVersion",
            payload.cloned().unwrap_or_else(|| at.text("2.0")),
        ),
    ];
    if service.made(&integration).is_none() {
        let resource = at.resource("AWS::ApiGatewayV2::Integration", properties);
        service.add_for(event.function, &integration, resource);
        let narrowed = vec![("SourceArn", source(at, api))];
        event.permit(service, "LambdaPermissionHttpApi", "apigateway.amazonaws.com", narrowed);
    }
}

fn source(at: Make, api: &Node) -> Node {
    at.sub_with(
        "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*",
        vec![("Api", api.clone())],
    )
}

/// Who may ask for a route: an authorizer of the provider by its name, one by its id, or IAM.
fn authorization(service: &mut Service<'_>, event: Event<'_>) -> Vec<(&'static str, Node)> {
    let Some(written) = event.part("authorizer").filter(|written| service.on(written)).cloned() else {
        return Vec::new();
    };
    let at = Make(written.place);
    let kind = service.said(&written, "type");
    let mut made = Vec::new();
    if kind.as_deref() == Some("aws_iam") {
        return vec![("AuthorizationType", at.text("AWS_IAM"))];
    }
    if let Some(id) = part(&written, "id") {
        made.push(("AuthorizerId", id.clone()));
        made.push(("AuthorizationType", at.text(type_of(kind.as_deref()))));
    } else {
        let name = part(&written, "name").unwrap_or(&written).clone();
        let Some(name) = service.text(&name) else {
            // Whoever it is: the route has an authorizer.
            return vec![("AuthorizationType", name.clone()), ("AuthorizerId", name)];
        };
        let Some(known) = deep(&service.provider, &["httpApi", "authorizers", &name]).cloned() else {
            let reason = format!("authorizer {name} is not among those of provider.httpApi.authorizers");
            service.gap(GapKind::Absent, reason, written.place);
            let unknown = service
                .open
                .reference(&format!("authorizer {name}"), None, written.place);
            return vec![("AuthorizationType", unknown.clone()), ("AuthorizerId", unknown)];
        };
        let kind = service.said(&known, "type");
        let own = service.said(&known, "name").unwrap_or(name);
        made.push(("AuthorizerId", at.reference(&authorizer_id(&own))));
        made.push(("AuthorizationType", at.text(type_of(kind.as_deref()))));
    }
    made.extend(part(&written, "scopes").map(|scopes| ("AuthorizationScopes", at.list(listed(scopes)))));
    made
}

fn type_of(kind: Option<&str>) -> &'static str {
    match kind {
        Some("request") => "CUSTOM",
        _ => "JWT",
    }
}

fn authorizer_id(name: &str) -> String {
    format!("HttpApiAuthorizer{}", naming::normal(name))
}

fn authorizers(service: &mut Service<'_>, api: &Node) {
    let written = deep(&service.provider, &["httpApi", "authorizers"]).cloned();
    for entry in written.as_ref().map_or(&[][..], entries) {
        authorizer(service, api, entry);
    }
}

fn authorizer(service: &mut Service<'_>, api: &Node, entry: &Entry) {
    let (at, config) = (Make(entry.key_place), &entry.value);
    let name = service.said(config, "name").unwrap_or_else(|| entry.key.to_string());
    let mut properties = vec![("ApiId", api.clone()), ("Name", at.text(&name))];
    if let Some(source) = part(config, "identitySource") {
        properties.push(("IdentitySource", Make(source.place).list(listed(source))));
    }
    if service.said(config, "type").as_deref() == Some("request") {
        properties.push(("AuthorizerType", at.text("REQUEST")));
        let names = [
            ("enableSimpleResponses", "EnableSimpleResponses"),
            ("resultTtlInSeconds", "AuthorizerResultTtlInSeconds"),
        ];
        properties.extend(handed(config, &names));
        let version = part(config, "payloadVersion").cloned();
        let version = version.unwrap_or_else(|| at.text("2.0"));
        properties.push(("AuthorizerPayloadFormatVersion", version));
        if let Some(function) = asked(service, config, entry.key_place) {
            properties.push(("AuthorizerUri", invocation(at, function.clone())));
            if part(config, "managedExternally").is_none_or(|outside| !service.on(outside)) {
                let narrowed = vec![("SourceArn", source(at, api))];
                let principal = at.text("apigateway.amazonaws.com");
                let permission = super::super::service::permission(at, function, principal, narrowed);
                let id = format!("{}LambdaAuthorizerPermissionHttpApi", naming::normal(&name));
                service.add(&id, permission);
            }
        }
    } else {
        properties.push(("AuthorizerType", at.text("JWT")));
        let mut jwt = handed(config, &[("issuerUrl", "Issuer")]);
        if let Some(audience) = part(config, "audience") {
            jwt.push(("Audience", Make(audience.place).list(listed(audience))));
        }
        properties.push(("JwtConfiguration", at.map(jwt)));
    }
    let resource = at.resource("AWS::ApiGatewayV2::Authorizer", properties);
    service.add(&authorizer_id(&name), resource);
}

/// The function that an authorizer asks: one of the service, or an ARN.
fn asked(service: &mut Service<'_>, config: &Node, place: Place) -> Option<Node> {
    if let Some(arn) = part(config, "functionArn") {
        return Some(arn.clone());
    }
    let name = service.said(config, "functionName");
    let known = name.and_then(|name| service.function(&name));
    let function = known.and_then(|number| Some(service.functions.get(number)?.target(Make(place))));
    if function.is_none() {
        let reason = "the authorizer names no function of this service";
        service.gap(GapKind::Absent, reason, place);
    }
    function
}

/// The URI by which API Gateway invokes a function.
pub(super) fn invocation(at: Make, function: Node) -> Node {
    at.sub_with(
        "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Function}/invocations",
        vec![("Function", function)],
    )
}
