//! `AWS::Serverless::HttpApi`: an HTTP API with its stage and custom domain.

mod auth;
pub(super) mod domain;
mod settings;

use super::Sam;
use super::api::body::Body;
use super::api::routes::{Route, Target, integrate, make_room};
use super::api::settings::on_s3;
use super::api::{authorizer_permission, body, hash::suffixed, request, taken, tell_no_maps};
use super::make::{self, Make};
use super::source::Source;
use maremma_model::{GapKind, Node};

pub(super) const IMPLICIT: &str = "ServerlessHttpApi";
/// The properties that are written into the body.
const NEED_BODY: [&str; 2] = ["Auth", "CorsConfiguration"];
/// The tag by which AWS sees what SAM has made.
const CREATED_BY: &str = "httpapi:createdBy";

pub(super) fn expand(sam: &mut Sam<'_>, source: Source<'_>) {
    // An API of the author gives way to the one that events ask for by the same name.
    if source.id != IMPLICIT || !sam.routes.ask_of(IMPLICIT) {
        write(sam, source);
    }
}

/// Writes out the HTTP API of the events that name none.
pub(super) fn implicit(sam: &mut Sam<'_>) {
    if let Some(entry) = super::api::implicit::resource(sam, IMPLICIT, "AWS::Serverless::HttpApi", "HttpApi", None)
        && let Some(source) = Source::of(&entry)
    {
        write(sam, source);
    }
}

fn write(sam: &mut Sam<'_>, source: Source<'_>) {
    tell_no_maps(
        sam,
        source,
        &["Auth", "DefinitionBody", "Domain", "RouteSettings", "Tags"],
    );
    let body = definition(sam, source);
    let tags = body
        .as_ref()
        .filter(|body| body::is_document(body))
        .map(|_| tags(source));
    let mut properties = taken(source, &["FailOnWarnings"]);
    match (body, source.property("DefinitionUri")) {
        (Some(body), _) => properties.push(("Body", body)),
        (None, Some(uri)) => properties.push(("BodyS3Location", on_s3(sam, uri))),
        (None, None) => {}
    }
    sam.add_main(
        source,
        Make(source.place).resource("AWS::ApiGatewayV2::Api", properties),
    );
    let stage = stage_id(source);
    sam.add(source, &stage, of_stage(sam, source, tags.clone()));
    sam.rename(&format!("{}.Stage", source.id), &stage);
    authorizer_permissions(sam, source);
    let domain_tags = tags.unwrap_or_else(|| created_by(source, CREATED_BY));
    domain::expand(sam, source, &stage, domain_tags, true);
}

/// The body of the API with its routes and settings; `None` where it lies on S3.
fn definition(sam: &mut Sam<'_>, source: Source<'_>) -> Option<Node> {
    let own = || body::skeleton(Make(source.place), ("openapi", "3.0.1"));
    let Some((mut body, managed)) = Body::begin(source, IMPLICIT, own) else {
        body::tell_needed(sam, source, &NEED_BODY);
        return None;
    };
    if !body::is_document(&body) {
        body::tell_needed(sam, source, &NEED_BODY);
        return Some(body.node);
    }
    let routes = sam.routes.of(source.id);
    if managed {
        make_room(sam, source, &mut body, &routes);
    }
    for route in &routes {
        if let Target::HttpFunction { uri } = &route.target {
            write_route(sam, source, &mut body, route, uri, managed);
        }
    }
    settings::write_cors(sam, source, &mut body);
    auth::write(sam, source, &mut body);
    settings::write(sam, source, &mut body, &tags(source));
    Some(body.node)
}

/// Writes one route. A body of the author keeps the integrations that it has.
pub(super) fn write_route(
    sam: &Sam<'_>,
    source: Source<'_>,
    body: &mut Body,
    route: &Route,
    uri: &Node,
    managed: bool,
) {
    if body::is_integrated(body, &route.path, &route.method) {
        if managed {
            let reason = format!(
                "event {}: {} {} is a route of {} already",
                route.event, route.method, route.path, source.id
            );
            return sam.gap(GapKind::Unparsed, reason, route.place);
        }
    } else if body::add_operation(body, &route.path, &route.method, route.make()) {
        let make = route.make();
        let uri = body::conditional(route.condition.as_deref(), uri.clone());
        let integration = make.map(vec![
            ("type", make.text("aws_proxy")),
            ("httpMethod", make.text("POST")),
            ("payloadFormatVersion", make.text("2.0")),
            ("uri", uri),
        ]);
        if route.is_default() {
            for item in body::items_mut(body, &route.path) {
                if let Some(operation) = make::get_mut(item, body::ANY_METHOD) {
                    make::set(operation, "isDefaultRoute", make.plain("true"));
                }
            }
        }
        integrate(body, route, &integration, make.map(Vec::new()));
    } else {
        let reason = format!("{}: the body has no place for {}", source.id, route.path);
        return sam.gap(GapKind::Unparsed, reason, route.place);
    }
    if let Some(auth) = route.property("Auth").filter(|auth| !auth.entries().is_empty()) {
        auth::of_route(sam, source, body, route, auth);
    }
    request::write_path_parameters(body, route);
    for (property, key) in [
        ("TimeoutInMillis", "timeoutInMillis"),
        ("PayloadFormatVersion", "payloadFormatVersion"),
    ] {
        let Some(value) = route.property(property) else {
            continue;
        };
        for operation in body::operations_at(body, &route.path, &route.method) {
            if let Some(integration) = make::get_mut(operation, body::INTEGRATION) {
                make::set(integration, key, value.clone());
            }
        }
    }
}

/// The tags of the API, with the one of SAM.
fn tags(source: Source<'_>) -> Node {
    let mut tags = source.property("Tags").filter(|tags| tags.is_map()).cloned();
    let tags = tags.get_or_insert_with(|| Make(source.place).map(Vec::new()));
    make::set(tags, CREATED_BY, Make(source.place).text("SAM"));
    tags.clone()
}

/// The tag of SAM alone.
pub(super) fn created_by(source: Source<'_>, name: &str) -> Node {
    let make = Make(source.place);
    make.map(vec![(name, make.text("SAM"))])
}

/// The logical id of the stage: with its name, where that is one.
fn stage_id(source: Source<'_>) -> String {
    let written = source.property("StageName");
    match written.map(Node::as_str) {
        None | Some(Some("$default")) => format!("{}ApiGatewayDefaultStage", source.id),
        Some(None) => format!("{}Stage", source.id),
        Some(Some(name)) if name.chars().all(char::is_alphanumeric) => format!("{}{name}Stage", source.id),
        Some(Some(name)) => suffixed(&format!("{}Stage", source.id), name),
    }
}

fn of_stage(sam: &Sam<'_>, source: Source<'_>, tags: Option<Node>) -> Node {
    let make = source.make("StageName");
    let mut properties = taken(source, &["StageVariables", "AccessLogSettings", "DefaultRouteSettings"]);
    let name = source.property("StageName").cloned();
    properties.push(("StageName", name.unwrap_or_else(|| make.text("$default"))));
    properties.push(("ApiId", make.reference(source.id)));
    properties.push(("AutoDeploy", make.plain("true")));
    properties.extend(settings::route_settings(sam, source).map(|settings| ("RouteSettings", settings)));
    properties.extend(tags.map(|tags| ("Tags", tags)));
    make.resource("AWS::ApiGatewayV2::Stage", properties)
}

/// API Gateway may ask the functions that authorize, where they say that it may.
fn authorizer_permissions(sam: &mut Sam<'_>, source: Source<'_>) {
    let authorizers = source.property("Auth").and_then(|auth| auth.get("Authorizers"));
    for entry in authorizers.map_or(&[][..], Node::entries) {
        let allowed = entry.value.get("EnableFunctionDefaultPermissions");
        let allowed = allowed.and_then(|node| sam.truth(node)) == Some(true);
        let function = entry.value.get("FunctionArn").filter(|node| !node.is_null());
        if let Some(function) = function.filter(|_| allowed) {
            let make = Make(entry.key_place);
            let id = format!("{}{}AuthorizerPermission", source.id, entry.key);
            let permission = authorizer_permission(make, function, "arn:${AWS::Partition}", make.reference(source.id));
            sam.add(source, &id, permission);
        }
    }
}
