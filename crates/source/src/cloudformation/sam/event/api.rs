//! Events `Api` and `HttpApi`: a route of an API, and the permission to call the function or the role to
//! start the state machine.

use super::super::Sam;
use super::super::api::body::{ANY_METHOD, method_name};
use super::super::api::hash::suffixed;
use super::super::api::policy::{starred, starred_http};
use super::super::api::routes::{Route, Target};
use super::super::make::{self, Make};
use super::super::source::{Event, Source};
use super::super::{api, http_api};
use super::{Host, Needs, What};
use maremma_model::{GapKind, Node};
use std::collections::HashMap;

const DEFAULT_PATH: &str = "$default";
const STATES: &str = "arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution";

/// The API that an event names.
struct Asked {
    /// Its logical id, where it is one of the template.
    id: Option<String>,
    /// What stands for it in ARNs.
    node: Node,
}

pub(super) fn rest(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>) -> Needs {
    let text = |name: &str| event.property(name).and_then(|node| sam.text(node));
    let (Some(path), Some(method)) = (text("Path"), text("Method")) else {
        let reason = format!("event {}: expected Path and Method", event.id);
        sam.gap(GapKind::Unparsed, reason, event.place);
        return Needs::default();
    };
    let method = method.to_lowercase();
    let asked = asked(sam, event, "RestApiId", (api::IMPLICIT, "AWS::Serverless::Api"));
    let suffix = match asked.id.as_deref() {
        // Named after the stage that the implicit API has, whatever `Globals` say.
        Some(api::IMPLICIT) => "Prod".to_owned(),
        Some(id) => stage_of(sam, id),
        None => "AllStages".to_owned(),
    };
    let route = route(host, event, (&path, &method));
    let place = route.place;
    match host.what {
        What::Function => {
            let star = if method == "any" {
                "*".to_owned()
            } else {
                method.to_uppercase()
            };
            let tail = format!("/{star}{}", starred(bare(&path)));
            let arn = format!("arn:{}", sam.partition());
            let permission = permission(host, Make(place), &arn, &asked.node, &tail);
            let id = suffixed(&host.id(event, "Permission"), &suffix);
            sam.add(host.source, &id, permission);
            let streams = text_is(sam, event, "ResponseTransferMode", "RESPONSE_STREAM");
            let uri = lambda_uri(host, event, &arn, streams);
            ask(
                sam,
                asked,
                Route {
                    target: Target::Function { uri },
                    stage: Some(suffix),
                    ..route
                },
            );
        }
        What::StateMachine => {
            let id = host.id(event, "Role");
            let role = start_role(sam, host, Make(place), &id);
            sam.add(host.source, &id, role);
            let target = Target::StateMachine {
                uri: Make(place).sub(STATES),
                role: Make(place).get_att(&id, "Arn"),
                template: template(sam, host, event, Make(place)),
            };
            ask(sam, asked, Route { target, ..route });
        }
    }
    Needs::default()
}

pub(super) fn http(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>) -> Needs {
    if host.what == What::StateMachine {
        let reason = format!("event {}: an HTTP API starts no state machine by an event", event.id);
        sam.gap(GapKind::Unsupported, reason, event.place);
        return Needs::default();
    }
    let Some((path, method)) = http_route(sam, event) else {
        let reason = format!("event {}: expected Path and Method, or neither", event.id);
        sam.gap(GapKind::Unparsed, reason, event.place);
        return Needs::default();
    };
    let asked = asked(sam, event, "ApiId", (http_api::IMPLICIT, "AWS::Serverless::HttpApi"));
    let route = route(host, event, (&path, &method));
    let make = route.make();
    // What may call the function by every route needs no more permissions.
    if path == DEFAULT_PATH || !calls_by_default(sam, host, event, &asked) {
        let bare = if path == DEFAULT_PATH { "" } else { bare(&path) };
        let star = if method == "any" || method == ANY_METHOD {
            "*".to_owned()
        } else {
            method.to_uppercase()
        };
        let tail = match (method.as_str(), bare) {
            ("any", "/$default") => bare.to_owned(),
            _ => format!("/{star}{}", starred_http(bare)),
        };
        let permission = permission(host, make, "arn:${AWS::Partition}", &asked.node, &tail);
        sam.add(host.source, &host.id(event, "Permission"), permission);
    }
    let uri = lambda_uri(host, event, "arn:${AWS::Partition}", false);
    ask(
        sam,
        asked,
        Route {
            target: Target::HttpFunction { uri },
            ..route
        },
    );
    Needs::default()
}

/// The path and method of an `HttpApi` event; without both it is the default route.
fn http_route(sam: &Sam<'_>, event: Event<'_>) -> Option<(String, String)> {
    match (event.property("Path"), event.property("Method")) {
        (None, None) => Some((DEFAULT_PATH.to_owned(), ANY_METHOD.to_owned())),
        (path, method) => Some((sam.text(path?)?.to_string(), sam.text(method?)?.to_lowercase())),
    }
}

/// Whether the default route of the API leads to the host, by another of its events or by the body.
fn calls_by_default(sam: &Sam<'_>, host: &Host<'_>, event: Event<'_>, asked: &Asked) -> bool {
    // Only a function itself is seen, not an alias.
    let (Some(id), true) = (&asked.id, make::referenced(&host.invoked).is_none()) else {
        return false;
    };
    let by_event = host.defaults.get(id.as_str()).is_some_and(|events| {
        // Another than this one.
        events.iter().any(|other| *other != event.id)
    });
    let body = sam
        .written(id)
        .and_then(|api| api.value.get("Properties")?.get("DefinitionBody"));
    let default = body.and_then(|body| body.get("paths")?.get(DEFAULT_PATH)?.get(ANY_METHOD));
    let uri = default.and_then(|route| route.get(api::body::INTEGRATION)?.get("uri"));
    let leads = format!("${{{}.Arn}}", host.source.id);
    let sub = |uri: &Node| {
        let call = super::super::super::template::call(uri)?;
        (call.name == "Sub").then(|| call.argument.as_str().is_some_and(|text| text.contains(&leads)))
    };
    by_event || uri.and_then(sub) == Some(true)
}

/// The events of a function that ask for the default route of an HTTP API, by API.
pub(in super::super) fn defaults<'n>(sam: &Sam<'_>, source: Source<'n>) -> HashMap<String, Vec<&'n str>> {
    let mut defaults: HashMap<String, Vec<&str>> = HashMap::new();
    let events = source.property("Events").map_or(&[][..], Node::entries);
    for event in events
        .iter()
        .filter_map(Event::of)
        .filter(|event| event.kind == "HttpApi")
    {
        let route = http_route(sam, event);
        let is_default = |(path, method): (String, String)| path == DEFAULT_PATH && method_name(&method) == ANY_METHOD;
        if route.is_some_and(is_default)
            && let Some(api) = named(event, "ApiId", http_api::IMPLICIT)
        {
            defaults.entry(api).or_default().push(event.id);
        }
    }
    defaults
}

/// The logical id that a property of an event names, in words or by `Ref`; `default` where it is not written.
fn named(event: Event<'_>, property: &str, default: &str) -> Option<String> {
    match event.property(property) {
        None => Some(default.to_owned()),
        Some(node) => match node.as_str() {
            Some(name) => Some(name.to_owned()),
            None => make::referenced(node).map(|name| name.to_string()),
        },
    }
}

fn asked(sam: &Sam<'_>, event: Event<'_>, property: &str, (implicit, kind): (&str, &str)) -> Asked {
    let make = event.make(property);
    let node = event
        .property(property)
        .cloned()
        .unwrap_or_else(|| make.reference(implicit));
    let id = named(event, property, implicit).filter(|id| id == implicit || sam.written(id).is_some());
    if id.is_none() {
        let reason = format!("event {}: {property} names no {kind} of this template", event.id);
        sam.gap(GapKind::Unsupported, reason, make.0);
    }
    Asked { id, node }
}

fn ask(sam: &mut Sam<'_>, asked: Asked, route: Route) {
    if let Some(id) = asked.id {
        sam.routes.ask(&id, route);
    }
}

/// The stage of an API as permissions are named after it.
fn stage_of(sam: &Sam<'_>, id: &str) -> String {
    let written = sam
        .written(id)
        .and_then(|api| api.value.get("Properties")?.get("StageName"));
    written.and_then(Node::as_str).unwrap_or("Stage").to_owned()
}

fn route(host: &Host<'_>, event: Event<'_>, (path, method): (&str, &str)) -> Route {
    let attribute = |name: &str| host.source.node.get(name).filter(|node| !node.is_null()).cloned();
    Route {
        event: event.id.to_owned(),
        path: path.to_owned(),
        method: method.to_owned(),
        place: event.make("Path").0,
        written: event.place.span.start.offset,
        host: host.source.id.into(),
        condition: host.source.condition().map(str::to_owned),
        deletion_policy: attribute("DeletionPolicy"),
        update_replace_policy: attribute("UpdateReplacePolicy"),
        properties: event.properties.cloned(),
        target: Target::Function {
            uri: host.invoked.clone(),
        },
        stage: None,
    }
}

/// A path as API Gateway knows it: without a slash at its end.
fn bare(path: &str) -> &str {
    match path.strip_suffix('/') {
        Some("") | None => path,
        Some(bare) => bare,
    }
}

fn text_is(sam: &Sam<'_>, event: Event<'_>, property: &str, word: &str) -> bool {
    event.property(property).and_then(|node| sam.text(node)).as_deref() == Some(word)
}

fn permission(host: &Host<'_>, make: Make, arn: &str, api: &Node, tail: &str) -> Node {
    let text = format!("{arn}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{__ApiId__}}/${{__Stage__}}{tail}");
    let variables = vec![("__ApiId__", api.clone()), ("__Stage__", make.text("*"))];
    let narrowed = vec![("SourceArn", make.sub_with(&text, variables))];
    super::permission::permission(host, make, "apigateway.amazonaws.com", narrowed)
}

fn lambda_uri(host: &Host<'_>, event: Event<'_>, arn: &str, streams: bool) -> Node {
    let invoked = match (make::referenced(&host.invoked), make::named(&host.invoked)) {
        (Some(alias), _) => alias.to_string(),
        (None, Some(function)) => format!("{function}.Arn"),
        (None, None) => format!("{}.Arn", host.source.id),
    };
    let (version, tail) = if streams {
        ("2021-11-15", "response-streaming-invocations")
    } else {
        ("2015-03-31", "invocations")
    };
    let text = format!("{arn}:apigateway:${{AWS::Region}}:lambda:path/{version}/functions/${{{invoked}}}/{tail}");
    event.make("Path").sub(&text)
}

/// The role in which API Gateway starts a state machine.
fn start_role(sam: &Sam<'_>, host: &Host<'_>, make: Make, id: &str) -> Node {
    let statement = make.map(vec![
        ("Action", make.text("states:StartExecution")),
        ("Effect", make.text("Allow")),
        ("Resource", host.target(make)),
    ]);
    let document = make.map(vec![("Statement", make.list(vec![statement]))]);
    let policy = make.map(vec![
        ("PolicyName", make.text(&format!("{id}StartExecutionPolicy"))),
        ("PolicyDocument", document),
    ]);
    let mut properties = vec![
        ("AssumeRolePolicyDocument", make.trust(&["apigateway.amazonaws.com"])),
        ("Policies", make.list(vec![policy])),
    ];
    let boundary = host.source.property("PermissionsBoundary").cloned();
    properties.extend(boundary.map(|boundary| ("PermissionsBoundary", boundary)));
    let propagates = host.source.property("PropagateTags").and_then(|node| sam.truth(node)) == Some(true);
    let tags = host.source.property("Tags").filter(|_| propagates).map(api::tag_list);
    properties.extend(tags.map(|tags| ("Tags", tags)));
    make.resource("AWS::IAM::Role", properties)
}

/// How a request becomes the input of an execution.
fn template(sam: &Sam<'_>, host: &Host<'_>, event: Event<'_>, make: Make) -> Node {
    let unescaped = event
        .property("UnescapeMappingTemplate")
        .and_then(|node| sam.truth(node))
        == Some(true);
    let more = if unescaped { r#".replaceAll("\\'","'")"# } else { "" };
    let started = make::referenced(&host.invoked).unwrap_or_else(|| host.source.id.into());
    let text = format!(
        r#"{{"input": "$util.escapeJavaScript($input.json('$')){more}", "stateMachineArn": "${{{started}}}"}}"#
    );
    make.map(vec![("application/json", make.sub(&text))])
}
