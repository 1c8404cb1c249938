//! `http`: methods of a REST API.

mod authorizer;
mod cors;
mod model;
mod plan;
mod stage;

pub(super) use stage::log_role;

use super::super::naming;
use super::super::service::{Service, deep, entries, handed, part};
use super::Event;
use crate::cloudformation::make::Make;
use maremma_model::{GapKind, Node};
use std::collections::HashMap;

const ID: &str = "ApiGatewayRestApi";
/// A longer path is not read: every part of it is a resource, and API Gateway takes 300 in all.
const MAX_PATH: usize = 2_048;

/// The API while its methods are made.
struct Api {
    /// `Ref` of the API, or the id of one outside of the service.
    id: Node,
    root: Node,
    /// The resources by their paths: those outside of the service, and those that have been made.
    resources: HashMap<String, Node>,
    cors: cors::Preflights,
}

/// A method with its path, as far as they are known.
struct Route {
    method: Node,
    /// In capitals.
    verb: Option<String>,
    path: Option<String>,
}

pub(super) fn compile(service: &mut Service<'_>, events: &[Event<'_>]) {
    let Some(first) = events.first() else { return };
    let at = first.at();
    let outside = deep(&service.provider, &["apiGateway", "restApiId"]).cloned();
    let root = deep(&service.provider, &["apiGateway", "restApiRootResourceId"]).cloned();
    let mut api = Api {
        id: outside.clone().unwrap_or_else(|| at.reference(ID)),
        root: root.unwrap_or_else(|| at.get_att(ID, "RootResourceId")),
        resources: existing(service),
        cors: cors::Preflights::default(),
    };
    if outside.is_none() {
        of_api(service, at);
    }
    for event in events {
        method(service, *event, &mut api);
    }
    cors::compile(service, &api);
    stage::compile(service, at, &api, outside.is_none());
    plan::compile(service, at, &api);
}

/// Resources of an API outside of the service: a map from paths to ids, or a list of both.
fn existing(service: &Service<'_>) -> HashMap<String, Node> {
    let Some(written) = deep(&service.provider, &["apiGateway", "restApiResources"]) else {
        return HashMap::new();
    };
    let of_map = entries(written)
        .iter()
        .map(|entry| (entry.key.to_string(), entry.value.clone()));
    let of_list = written
        .items()
        .iter()
        .filter_map(|item| Some((service.said(item, "path")?, part(item, "resourceId")?.clone())));
    let trimmed = |(path, id): (String, Node)| (path.trim_matches('/').to_owned(), id);
    of_map.chain(of_list).map(trimmed).collect()
}

fn of_api(service: &mut Service<'_>, at: Make) {
    let config = part(&service.provider, "apiGateway").cloned();
    let config = config.unwrap_or_else(|| at.map(Vec::new()));
    let name = part(&service.provider, "apiName")
        .or_else(|| part(&config, "name"))
        .cloned();
    let name = name.unwrap_or_else(|| {
        if service.set(&config, "shouldStartNameWithService").is_some() {
            service.prefixed(at, "")
        } else {
            service.by_stage(at, "")
        }
    });
    let mut properties = vec![("Name", name)];
    let names = [
        ("description", "Description"),
        ("disableDefaultEndpoint", "DisableExecuteApiEndpoint"),
        ("apiKeySourceType", "ApiKeySourceType"),
    ];
    properties.extend(handed(&config, &names));
    properties.extend(endpoint(service, at));
    if let Some(endpoint) = part(&config, "endpoint") {
        properties.extend(handed(endpoint, &[("securityPolicy", "SecurityPolicy")]));
    }
    let policy = part(&config, "resourcePolicy").or_else(|| part(&service.provider, "resourcePolicy"));
    if let Some(statements) = policy {
        let at = Make(statements.place);
        let document = at.map(vec![
            ("Version", at.text("2012-10-17")),
            ("Statement", statements.clone()),
        ]);
        properties.push(("Policy", document));
    }
    service.add(ID, at.resource("AWS::ApiGateway::RestApi", properties));
}

fn endpoint(service: &Service<'_>, at: Make) -> Option<(&'static str, Node)> {
    let written = part(&service.provider, "endpointType").cloned();
    let place = written.as_ref().map_or(at.0, |node| node.place);
    let kind = match &written {
        Some(node) => match service.text(node) {
            Some(text) => Make(node.place).text(&text.to_uppercase()),
            None => node.clone(),
        },
        None => at.text("EDGE"),
    };
    let at = Make(place);
    let mut config = vec![("Types", at.list(vec![kind]))];
    config.extend(handed(&service.provider, &[("vpcEndpointIds", "VpcEndpointIds")]));
    Some(("EndpointConfiguration", at.map(config)))
}

/// `get orders/{id}`, or a map with method and path.
fn route(service: &Service<'_>, event: Event<'_>) -> Option<Route> {
    let at = event.at();
    let trimmed = |path: &str| path.trim_matches('/').to_owned();
    if let Some(text) = service.text(event.node) {
        let (verb, path) = text.split_once(' ')?;
        let verb = any(verb);
        return Some(Route {
            method: at.text(&verb),
            path: Some(trimmed(path.trim())),
            verb: Some(verb),
        });
    }
    let (method, path) = (event.part("method")?, event.part("path")?);
    let verb = service.text(method).map(|text| any(&text));
    let written = verb
        .as_deref()
        .map_or_else(|| method.clone(), |verb| Make(method.place).text(verb));
    Some(Route {
        method: written,
        path: service.text(path).map(|path| trimmed(&path)),
        verb,
    })
}

fn any(verb: &str) -> String {
    if verb == "*" {
        "ANY".to_owned()
    } else {
        verb.to_uppercase()
    }
}

/// The id of the resource of a path: every part of the path is one under the one before.
fn resource(service: &mut Service<'_>, at: Make, api: &mut Api, path: &str) -> Node {
    let mut parent = api.root.clone();
    if path.is_empty() {
        return parent;
    }
    let mut so_far = String::new();
    for part in path.split('/') {
        if !so_far.is_empty() {
            so_far.push('/');
        }
        so_far.push_str(part);
        if let Some(known) = api.resources.get(&so_far) {
            parent = known.clone();
            continue;
        }
        let id = format!("ApiGatewayResource{}", naming::path(&so_far));
        let properties = vec![
            ("ParentId", parent),
            ("PathPart", at.text(part)),
            ("RestApiId", api.id.clone()),
        ];
        service.add(&id, at.resource("AWS::ApiGateway::Resource", properties));
        parent = at.reference(&id);
        api.resources.insert(so_far.clone(), parent.clone());
    }
    parent
}

fn method(service: &mut Service<'_>, event: Event<'_>, api: &mut Api) {
    let at = event.at();
    let Some(mut route) = route(service, event) else {
        return event.missing(service, "method and path");
    };
    if route.path.as_ref().is_some_and(|path| path.len() > MAX_PATH) {
        let reason = format!("a path of more than {MAX_PATH} characters is not read");
        service.gap(GapKind::Bounds, reason, event.place);
        route.path = None;
    }
    let (resource_id, name) = match &route.path {
        Some(path) => (resource(service, at, api, path), naming::path(path)),
        None => {
            let unknown = event.part("path").cloned().unwrap_or_else(|| at.text(""));
            let name = crate::cloudformation::make::digest(&unknown);
            (unknown, name)
        }
    };
    if let (Some(path), Some(cors)) = (&route.path, event.part("cors").filter(|cors| service.on(cors))) {
        api.cors.join(service, path, &resource_id, cors, route.verb.as_deref());
    }
    let id = format!(
        "ApiGatewayMethod{name}{}",
        naming::method(route.verb.as_deref().unwrap_or("unknown"))
    );
    let private = event.part("private").cloned().unwrap_or_else(|| at.plain("false"));
    let mut properties = vec![
        ("HttpMethod", route.method.clone()),
        ("ResourceId", resource_id),
        ("RestApiId", api.id.clone()),
        ("ApiKeyRequired", private),
        ("Integration", integration(service, event)),
    ];
    properties.extend(authorizer::of_method(service, event, &api.id));
    properties.extend(model::of_method(service, event, &api.id, &name, route.verb.as_deref()));
    properties.extend(handed(event.node, &[("operationId", "OperationName")]));
    service.add_for(event.function, &id, at.resource("AWS::ApiGateway::Method", properties));
    let narrowed = vec![("SourceArn", source(at, &api.id))];
    event.permit(
        service,
        "LambdaPermissionApiGateway",
        "apigateway.amazonaws.com",
        narrowed,
    );
}

/// Any stage, method and path of the API.
fn source(at: Make, api: &Node) -> Node {
    at.sub_with(
        "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${Api}/*/*",
        vec![("Api", api.clone())],
    )
}

/// What the method does: it invokes the function, unless it says otherwise.
fn integration(service: &mut Service<'_>, event: Event<'_>) -> Node {
    let at = event.at();
    let written = event.part("integration").cloned();
    let text = written.as_ref().and_then(|node| service.text(node));
    let text = text.map(|text| text.to_uppercase().replace('-', "_"));
    let background = event.part("async").is_some_and(|background| service.on(background));
    let kind = match text.as_deref() {
        Some("LAMBDA") => "AWS",
        Some("LAMBDA_PROXY") => "AWS_PROXY",
        Some(other @ ("AWS" | "AWS_PROXY" | "HTTP" | "HTTP_PROXY" | "MOCK")) => other,
        Some(other) => {
            let reason = format!("http: {other} is no integration that is known here");
            service.gap(GapKind::Unsupported, reason, event.place);
            "AWS_PROXY"
        }
        None if background => "AWS",
        None => "AWS_PROXY",
    };
    let place = written.map_or(event.place, |node| node.place);
    let mut made = vec![("Type", Make(place).text(kind))];
    match kind {
        "MOCK" => {}
        "HTTP" | "HTTP_PROXY" => {
            let uri = event.part("request").and_then(|request| part(request, "uri"));
            made.extend(uri.map(|uri| ("Uri", uri.clone())));
            made.extend(handed(
                event.node,
                &[("connectionType", "ConnectionType"), ("connectionId", "ConnectionId")],
            ));
        }
        _ => {
            made.push(("IntegrationHttpMethod", at.text("POST")));
            made.push(("Uri", super::http_api::invocation(at, event.function.target(at))));
        }
    }
    if background {
        let parameter = at.map(vec![(
            "integration.request.header.X-Amz-Invocation-Type",
            at.text("'Event'"),
        )]);
        made.push(("RequestParameters", parameter));
    }
    let timeout = event
        .part("timeoutInMillis")
        .or_else(|| deep(&service.provider, &["apiGateway", "timeoutInMillis"]));
    made.extend(timeout.map(|timeout| ("TimeoutInMillis", timeout.clone())));
    at.map(made)
}
