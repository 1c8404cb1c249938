//! `AWS::Serverless::WebSocketApi`: a WebSocket API with a route, an integration and a permission for
//! every key, its stage, its authorizer and its custom domain.

use super::Sam;
use super::api::{authorizer_permission, taken, tell_no_maps};
use super::http_api::{created_by, domain};
use super::make::{self, Make};
use super::source::Source;
use maremma_model::{Entry, GapKind, Node};

const CREATED_BY: &str = "websocketapi:createdBy";
const OF_API: [&str; 6] = [
    "ApiKeySelectionExpression",
    "Description",
    "DisableExecuteApiEndpoint",
    "DisableSchemaValidation",
    "IpAddressType",
    "RouteSelectionExpression",
];
const OF_STAGE: [&str; 4] = [
    "StageVariables",
    "AccessLogSettings",
    "DefaultRouteSettings",
    "RouteSettings",
];
const OF_ROUTE: [&str; 6] = [
    "ApiKeyRequired",
    "ModelSelectionExpression",
    "OperationName",
    "RequestModels",
    "RequestParameters",
    "RouteResponseSelectionExpression",
];
const INVOKES: &str = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions";

pub(super) fn expand(sam: &mut Sam<'_>, source: Source<'_>) {
    // The transform gives a WebSocket API neither the condition nor the policies of its resource.
    let mut bare = source.node.clone();
    for attribute in ["Condition", "DeletionPolicy", "UpdateReplacePolicy", "Metadata"] {
        if let Some(node) = make::remove(&mut bare, attribute)
            && attribute == "Condition"
        {
            let reason = format!("{}: AWS's transform takes no notice of its condition", source.id);
            sam.gap(GapKind::Unsupported, reason, node.place);
        }
    }
    write(sam, Source { node: &bare, ..source });
}

fn write(sam: &mut Sam<'_>, source: Source<'_>) {
    tell_no_maps(sam, source, &["Auth", "Domain", "Routes", "Tags"]);
    let make = Make(source.place);
    let mut properties = taken(source, &OF_API);
    let name = source.property("Name").cloned();
    properties.push(("Name", name.unwrap_or_else(|| make.text(source.id))));
    properties.push(("ProtocolType", make.text("WEBSOCKET")));
    properties.push(("Tags", tags(source)));
    sam.add_main(source, make.resource("AWS::ApiGatewayV2::Api", properties));
    let mut routes = Vec::new();
    for entry in source.property("Routes").map_or(&[][..], Node::entries) {
        routes.extend(route(sam, source, entry));
    }
    if routes.is_empty() {
        let reason = format!("{}: expected at least one route", source.id);
        sam.gap(GapKind::Unparsed, reason, source.place);
    }
    let stage = stage_id(source);
    let own = of_stage(sam, source, &routes);
    sam.add(source, &stage, own);
    sam.rename(&format!("{}.Stage", source.id), &stage);
    let tags = if propagates(sam, source) {
        tags(source)
    } else {
        created_by(source, CREATED_BY)
    };
    domain::expand(sam, source, &stage, tags, false);
}

fn tags(source: Source<'_>) -> Node {
    let mut tags = source.property("Tags").filter(|tags| tags.is_map()).cloned();
    let tags = tags.get_or_insert_with(|| Make(source.place).map(Vec::new()));
    make::set(tags, CREATED_BY, Make(source.place).text("SAM"));
    tags.clone()
}

fn propagates(sam: &Sam<'_>, source: Source<'_>) -> bool {
    let said = source.property("PropagateTags").and_then(|node| sam.truth(node));
    said == Some(true) && source.property("Tags").is_some()
}

/// The word that a route key is in logical ids: `$connect` is `Connect`.
fn word(key: &str) -> Option<String> {
    let special = ["$connect", "$disconnect", "$default"].contains(&key);
    let plain = if special { key.trim_start_matches('$') } else { key };
    let mut chars = plain.chars();
    let first = chars.next().filter(|_| plain.chars().all(char::is_alphanumeric))?;
    Some(first.to_uppercase().chain(chars.flat_map(char::to_lowercase)).collect())
}

/// Makes what a route needs; returns its logical id.
fn route(sam: &mut Sam<'_>, source: Source<'_>, entry: &Entry) -> Option<String> {
    let make = Make(entry.key_place);
    let function = entry.value.get("FunctionArn").filter(|node| !node.is_null());
    let (Some(word), Some(function)) = (word(&entry.key), function) else {
        let reason = format!("{}: expected an alphanumeric route key with a FunctionArn", source.id);
        sam.gap(GapKind::Unparsed, reason, entry.key_place);
        return None;
    };
    let id = |what: &str| format!("{}{word}{what}", source.id);
    let (own, integration) = (id("Route"), id("Integration"));
    let target = make.list(vec![make.text("integrations"), make.reference(&integration)]);
    let mut properties = vec![
        ("ApiId", make.reference(source.id)),
        ("RouteKey", make.text(&entry.key)),
        (
            "Target",
            make.map(vec![("Fn::Join", make.list(vec![make.text("/"), target]))]),
        ),
    ];
    let written = |name: &'static str| entry.value.get(name).filter(|node| !node.is_null());
    properties.extend(OF_ROUTE.iter().filter_map(|&name| Some((name, written(name)?.clone()))));
    if &*entry.key == "$connect" {
        properties.extend(authorization(sam, source));
    }
    sam.add(source, &own, make.resource("AWS::ApiGatewayV2::Route", properties));
    let uri = format!("{INVOKES}/${{FunctionArn}}/invocations");
    let mut properties = vec![
        ("ApiId", make.reference(source.id)),
        ("IntegrationType", make.text("AWS_PROXY")),
        (
            "IntegrationUri",
            make.sub_with(&uri, vec![("FunctionArn", function.clone())]),
        ),
    ];
    let timeout = written("IntegrationTimeout").cloned();
    properties.extend(timeout.map(|timeout| ("TimeoutInMillis", timeout)));
    let resource = make.resource("AWS::ApiGatewayV2::Integration", properties);
    sam.add(source, &integration, resource);
    let permission = make.resource(
        "AWS::Lambda::Permission",
        vec![
            ("Action", make.text("lambda:InvokeFunction")),
            ("FunctionName", function.clone()),
            ("Principal", make.text("apigateway.amazonaws.com")),
            ("SourceArn", source_arn(source, make, &entry.key)),
        ],
    );
    sam.add(source, &id("Permission"), permission);
    Some(own)
}

fn source_arn(source: Source<'_>, make: Make, key: &str) -> Node {
    let arn = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}";
    let api = format!("{arn}:${{{}.ApiId}}", source.id);
    match source.property("StageName") {
        None => make.sub(&format!("{api}/default/{key}")),
        Some(stage) => match stage.as_str() {
            Some(name) => make.sub(&format!("{api}/{name}/{key}")),
            None => {
                let text = format!("{api}/${{__StageName__}}/{key}");
                make.sub_with(&text, vec![("__StageName__", stage.clone())])
            }
        },
    }
}

/// What the `Auth` of the API says of its route `$connect`, the only one that is authorized.
fn authorization(sam: &mut Sam<'_>, source: Source<'_>) -> Vec<(&'static str, Node)> {
    let Some(auth) = source.property("Auth") else {
        return Vec::new();
    };
    let make = Make(auth.place);
    let written = |name: &str| auth.get(name).filter(|node| !node.is_null());
    let kind = written("AuthType").and_then(|kind| sam.text(kind));
    match (kind.as_deref(), written("AuthArn")) {
        (Some(kind @ ("AWS_IAM" | "NONE")), _) => vec![("AuthorizationType", make.text(kind))],
        (Some("CUSTOM"), Some(function)) => {
            let id = authorizer(sam, source, auth, function);
            vec![
                ("AuthorizationType", make.text("CUSTOM")),
                ("AuthorizerId", make.reference(&id)),
            ]
        }
        _ => {
            let reason = format!("{}: expected AWS_IAM, NONE, or CUSTOM with an AuthArn", source.id);
            sam.gap(GapKind::Unparsed, reason, auth.place);
            Vec::new()
        }
    }
}

fn authorizer(sam: &mut Sam<'_>, source: Source<'_>, auth: &Node, function: &Node) -> String {
    let make = Make(auth.place);
    let id = format!("{}ConnectAuthorizer", source.id);
    let written = |name: &str| auth.get(name).filter(|node| !node.is_null()).cloned();
    let uri = format!("{INVOKES}/${{AuthArn}}/invocations");
    let mut properties = vec![
        ("ApiId", make.reference(source.id)),
        ("AuthorizerType", make.text("REQUEST")),
        (
            "AuthorizerUri",
            make.sub_with(&uri, vec![("AuthArn", function.clone())]),
        ),
        ("Name", written("Name").unwrap_or_else(|| make.text(&id))),
    ];
    properties.extend(written("IdentitySource").map(|from| ("IdentitySource", from)));
    let role = written("InvokeRole");
    properties.extend(role.clone().map(|role| ("AuthorizerCredentialsArn", role)));
    sam.add(source, &id, make.resource("AWS::ApiGatewayV2::Authorizer", properties));
    // With a role, API Gateway asks in its name and needs no permission.
    if role.is_none() {
        let api = make.reference(source.id);
        let permission = authorizer_permission(make, function, "arn:${AWS::Partition}", api);
        sam.add(source, &format!("{}AuthorizerPermission", source.id), permission);
    }
    id
}

fn stage_id(source: Source<'_>) -> String {
    match source.property("StageName").map(|name| name.as_str().unwrap_or("")) {
        None | Some("default") => format!("{}DefaultStage", source.id),
        Some(name) => format!("{}{name}Stage", source.id),
    }
}

fn of_stage(sam: &Sam<'_>, source: Source<'_>, routes: &[String]) -> Node {
    let make = source.make("StageName");
    let name = source.property("StageName").cloned();
    let tags = if propagates(sam, source) {
        tags(source)
    } else {
        created_by(source, CREATED_BY)
    };
    let mut properties = vec![
        ("ApiId", make.reference(source.id)),
        ("StageName", name.unwrap_or_else(|| make.text("default"))),
        ("AutoDeploy", make.plain("true")),
        ("Tags", tags),
    ];
    properties.extend(taken(source, &OF_STAGE));
    let mut stage = make.resource("AWS::ApiGatewayV2::Stage", properties);
    // Settings of routes need the routes.
    if source.property("RouteSettings").is_some() && !routes.is_empty() {
        let ids: Vec<&str> = routes.iter().map(String::as_str).collect();
        make::set(&mut stage, "DependsOn", make.texts(&ids));
    }
    stage
}
