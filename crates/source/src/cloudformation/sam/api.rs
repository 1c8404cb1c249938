//! `AWS::Serverless::Api`: a REST API with its deployment and stage, and what hangs on them.

pub(super) mod auth;
pub(super) mod body;
mod cors;
pub(super) mod domain;
pub(super) mod hash;
pub(super) mod implicit;
pub(super) mod policy;
pub(super) mod record;
pub(super) mod request;
pub(super) mod routes;
pub(super) mod scheme;
pub(super) mod settings;
#[cfg(test)]
mod tests;
mod third;
pub(super) mod usage_plan;

use super::Sam;
use super::make::{self, Make};
use super::source::Source;
use body::Body;
use hash::suffixed;
use maremma_model::{Entry, Node};
pub(super) use routes::Routes;

pub(super) const IMPLICIT: &str = "ServerlessRestApi";

/// A REST API with what has been made of it so far.
struct Api<'n> {
    source: Source<'n>,
    deployment: String,
    stage: String,
    /// The tags of the API as a list of CloudFormation, where they go to all that it is made of.
    tags: Option<Node>,
}

pub(super) fn expand(sam: &mut Sam<'_>, source: Source<'_>) {
    // An API of the author gives way to the one that events ask for by the same name.
    if source.id != IMPLICIT || !sam.routes.ask_of(IMPLICIT) {
        write(sam, source);
    }
}

/// Writes out the REST API of the events that name none, and what the REST APIs share.
pub(super) fn implicit(sam: &mut Sam<'_>) {
    if let Some(entry) = implicit::resource(sam, IMPLICIT, "AWS::Serverless::Api", "Api", Some("Prod"))
        && let Some(source) = Source::of(&entry)
    {
        write(sam, source);
    }
    usage_plan::finish(sam);
}

/// The properties that are written into the body.
const NEED_BODY: [&str; 4] = ["Auth", "Cors", "Models", "GatewayResponses"];

/// The properties that are maps.
const MAPS: [&str; 6] = ["Auth", "DefinitionBody", "Domain", "GatewayResponses", "Models", "Tags"];

/// Tells of properties that are no maps although they have to be.
pub(super) fn tell_no_maps(sam: &Sam<'_>, source: Source<'_>, names: &[&str]) {
    for name in names {
        let is_include = |node: &Node| *name == "DefinitionBody" && node.is_map();
        let written = source.property(name);
        if let Some(node) = written.filter(|node| !is_include(node) && (!node.is_map() || make::is_call(node))) {
            sam.unreadable(name, "expected a map", node);
        }
    }
}

fn write(sam: &mut Sam<'_>, source: Source<'_>) {
    tell_no_maps(sam, source, &MAPS);
    let body = definition(sam, source);
    let hashed = body.as_ref().or_else(|| source.property("DefinitionUri"));
    let deployment = match hashed {
        Some(node) => format!("{}Deployment{}", source.id, make::digest(node)),
        None => format!("{}Deployment", source.id),
    };
    let stage = stage_id(source);
    let tags = source.property("Tags").map(tag_list);
    let all = source.property("PropagateTags").and_then(|node| sam.truth(node)) == Some(true);
    let api = Api {
        source,
        deployment,
        stage,
        tags: tags.clone().filter(|_| all),
    };
    sam.add_main(source, settings::rest_api(sam, &api, body));
    sam.add(source, &api.deployment, settings::deployment(&api));
    sam.add(source, &api.stage, settings::stage(&api, tags));
    sam.rename(&format!("{}.Deployment", source.id), &api.deployment);
    sam.rename(&format!("{}.Stage", source.id), &api.stage);
    authorizer_permissions(sam, source);
    domain::expand(sam, &api);
    usage_plan::expand(sam, &api);
}

/// The body of the API with its routes and settings; `None` where it lies on S3.
fn definition(sam: &mut Sam<'_>, source: Source<'_>) -> Option<Node> {
    let Some((mut body, managed)) = Body::begin(source, IMPLICIT, || own_body(sam, source)) else {
        body::tell_needed(sam, source, &NEED_BODY);
        return None;
    };
    let merge = source.property("MergeDefinitions").and_then(|node| sam.truth(node)) == Some(true);
    if managed || body.is_map() {
        routes::write_rest(sam, source, &mut body, managed, merge);
    }
    if body::is_document(&body) {
        cors::write(sam, source, &mut body);
        auth::write(sam, source, &mut body);
        settings::write_extensions(sam, source, &mut body);
        third::convert(sam, source, &mut body);
    } else {
        body::tell_needed(sam, source, &NEED_BODY);
    }
    Some(body.node)
}

/// The body that SAM begins with, in the language that the author asks for.
fn own_body(sam: &Sam<'_>, source: Source<'_>) -> Node {
    let make = Make(source.place);
    let version = source.property("OpenApiVersion").and_then(|node| sam.text(node));
    match version.filter(|version| body::is_third_version(version)) {
        Some(version) => body::skeleton(make, ("openapi", &version)),
        None => body::skeleton(make, ("swagger", "2.0")),
    }
}

/// The logical id of the stage: with its name, where that is one.
fn stage_id(source: Source<'_>) -> String {
    let name = source.property("StageName").and_then(Node::as_str).unwrap_or("");
    if name.chars().all(char::is_alphanumeric) {
        return format!("{}{name}Stage", source.id);
    }
    suffixed(&format!("{}Stage", source.id), name)
}

/// Tags as a map, as the list that most resources of CloudFormation take.
pub(super) fn tag_list(tags: &Node) -> Node {
    let make = Make(tags.place);
    let tag = |entry: &Entry| make.map(vec![("Key", make.text(&entry.key)), ("Value", entry.value.clone())]);
    match tags.is_map() && !make::is_call(tags) {
        true => make.list(tags.entries().iter().map(tag).collect()),
        false => tags.clone(),
    }
}

/// API Gateway may ask the functions that authorize, unless they say that it may not.
fn authorizer_permissions(sam: &mut Sam<'_>, source: Source<'_>) {
    let authorizers = source.property("Auth").and_then(|auth| auth.get("Authorizers"));
    for entry in authorizers.map_or(&[][..], Node::entries) {
        let denied = entry.value.get("DisableFunctionDefaultPermissions");
        let denied = denied.and_then(|node| sam.truth(node)) == Some(true);
        let cognito = entry.value.get("UserPoolArn").is_some_and(|node| !node.is_null());
        let function = entry.value.get("FunctionArn").filter(|node| !node.is_null());
        if let Some(function) = function.filter(|_| !denied && !cognito) {
            let id = format!("{}{}AuthorizerPermission", source.id, entry.key);
            let api = Make(entry.key_place).reference(source.id);
            let arn = format!("arn:{}", sam.partition());
            let permission = authorizer_permission(Make(entry.key_place), function, &arn, api);
            sam.add(source, &id, permission);
        }
    }
}

/// Lets API Gateway ask a function for an API.
pub(super) fn authorizer_permission(make: Make, function: &Node, arn: &str, api: Node) -> Node {
    let text = format!("{arn}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{__ApiId__}}/authorizers/*");
    make.resource(
        "AWS::Lambda::Permission",
        vec![
            ("Action", make.text("lambda:InvokeFunction")),
            ("FunctionName", function.clone()),
            ("Principal", make.text("apigateway.amazonaws.com")),
            ("SourceArn", make.sub_with(&text, vec![("__ApiId__", api)])),
        ],
    )
}

/// Properties of a resource under their names in CloudFormation, where they are written.
pub(super) fn taken(source: Source<'_>, names: &[&'static str]) -> Vec<(&'static str, Node)> {
    let names = names.iter().copied();
    names
        .filter_map(|name| Some((name, source.property(name)?.clone())))
        .collect()
}
