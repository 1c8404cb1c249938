//! A REST API, its deployment and its stage, with the settings that they take from SAM's properties.

use super::super::make::{self, Make};
use super::super::{Sam, source::Source};
use super::body::{self, Body};
use super::{Api, taken};
use maremma_model::{Entry, GapKind, Node, NodeValue};

const OF_API: [&str; 10] = [
    "Name",
    "Description",
    "BinaryMediaTypes",
    "MinimumCompressionSize",
    "FailOnWarnings",
    "Mode",
    "ApiKeySourceType",
    "Policy",
    "SecurityPolicy",
    "EndpointAccessMode",
];
const OF_STAGE: [&str; 8] = [
    "StageName",
    "CacheClusterEnabled",
    "CacheClusterSize",
    "Variables",
    "MethodSettings",
    "AccessLogSetting",
    "CanarySetting",
    "TracingEnabled",
];

pub(super) fn rest_api(sam: &Sam<'_>, api: &Api<'_>, body: Option<Node>) -> Node {
    let source = api.source;
    let mut properties = taken(source, &OF_API);
    match (body, source.property("DefinitionUri")) {
        (Some(body), _) => properties.push(("Body", body)),
        (None, Some(uri)) => properties.push(("BodyS3Location", on_s3(sam, uri))),
        (None, None) => {}
    }
    // Partitions other than `aws` have no edge-optimized endpoints.
    let regional = (sam.partition() != "aws").then(|| Make(source.place).text("REGIONAL"));
    if let Some(written) = source.property("EndpointConfiguration").or(regional.as_ref()) {
        let make = Make(written.place);
        let kind = written.get("Type").unwrap_or(written);
        let mut endpoint = vec![("Types", make.list(vec![kind.clone()]))];
        let ids = written.get("VPCEndpointIds").or_else(|| written.get("VpcEndpointIds"));
        endpoint.extend(ids.map(|ids| ("VpcEndpointIds", ids.clone())));
        endpoint.extend(written.get("IpAddressType").map(|kind| ("IpAddressType", kind.clone())));
        properties.push(("EndpointConfiguration", make.map(endpoint)));
        let parameters = make.map(vec![("endpointConfigurationTypes", kind.clone())]);
        properties.push(("Parameters", parameters));
    }
    properties.extend(api.tags.clone().map(|tags| ("Tags", tags)));
    Make(source.place).resource("AWS::ApiGateway::RestApi", properties)
}

/// Where a definition lies: as a map, or in the words of S3.
pub(in super::super) fn on_s3(sam: &Sam<'_>, uri: &Node) -> Node {
    let make = Make(uri.place);
    let text = uri.as_str().and_then(|text| text.strip_prefix("s3://"));
    let Some((bucket, rest)) = text.and_then(|text| text.split_once('/')) else {
        if !uri.is_map() {
            let (kind, reason) = match uri.as_str() {
                Some(path) if !path.starts_with("s3:") => (
                    GapKind::Unsupported,
                    format!("{path} is packaged at deployment and not read here: its routes are not known"),
                ),
                _ => (
                    GapKind::Unparsed,
                    "expected s3://BUCKET/KEY, or a map with Bucket and Key".to_owned(),
                ),
            };
            sam.gap(kind, reason, uri.place);
        }
        return uri.clone();
    };
    let (key, version) = match rest.split_once("?versionId=") {
        Some((key, version)) => (key, Some(version)),
        None => (rest, None),
    };
    let mut location = vec![("Bucket", make.text(bucket)), ("Key", make.text(key))];
    location.extend(version.map(|version| ("Version", make.text(version))));
    make.map(location)
}

pub(super) fn deployment(api: &Api<'_>) -> Node {
    let make = Make(api.source.place);
    let hash = api.deployment.rsplit("Deployment").next().unwrap_or("");
    let mut properties = vec![
        ("Description", make.text(&format!("RestApi deployment id: {hash}"))),
        ("RestApiId", make.reference(api.source.id)),
    ];
    if api.source.property("OpenApiVersion").is_none() {
        properties.push(("StageName", make.text("Stage")));
    }
    make.resource("AWS::ApiGateway::Deployment", properties)
}

pub(super) fn stage(api: &Api<'_>, tags: Option<Node>) -> Node {
    let make = api.source.make("StageName");
    let mut properties = vec![
        ("DeploymentId", make.reference(&api.deployment)),
        ("RestApiId", make.reference(api.source.id)),
    ];
    properties.extend(taken(api.source, &OF_STAGE));
    properties.extend(tags.map(|tags| ("Tags", tags)));
    make.resource("AWS::ApiGateway::Stage", properties)
}

/// Settings that API Gateway reads from the body.
pub(super) fn write_extensions(sam: &Sam<'_>, source: Source<'_>, body: &mut Body) {
    for entry in source.property("GatewayResponses").map_or(&[][..], Node::entries) {
        if let Some(responses) = body::map_at(body, &["x-amazon-apigateway-gateway-responses"]) {
            make::set(responses, &entry.key, gateway_response(entry));
        }
    }
    if let Some(types) = source.property("BinaryMediaTypes") {
        let mut types = types.clone();
        unescape(&mut types);
        make::set(body, "x-amazon-apigateway-binary-media-types", types);
    }
    for entry in source.property("Models").map_or(&[][..], Node::entries) {
        if let Some(models) = body::map_at(body, &["definitions"]) {
            make::set(models, &entry.key.to_lowercase(), entry.value.clone());
        }
    }
    if let Some(disabled) = source.property("DisableExecuteApiEndpoint") {
        let on_servers = body::is_third(body);
        disable_endpoint(body, disabled, on_servers);
    }
    if let Some(responses) = source.property("GatewayResponses").filter(|node| make::is_call(node)) {
        let reason = format!("{}: expected a map of gateway responses", source.id);
        sam.gap(maremma_model::GapKind::Unsupported, reason, responses.place);
    }
}

/// Whether the default endpoint is switched off: of every server in OpenAPI 3, else of the API.
pub(in super::super) fn disable_endpoint(body: &mut Node, disabled: &Node, on_servers: bool) {
    const ENDPOINT: &str = "x-amazon-apigateway-endpoint-configuration";
    let write = |node: &mut Node| {
        if let Some(endpoint) = body::map_at(node, &[ENDPOINT]) {
            make::set(endpoint, "disableExecuteApiEndpoint", disabled.clone());
        }
    };
    if !on_servers {
        return write(body);
    }
    let one = |make: Make| make.list(vec![make.map(Vec::new())]);
    if let Some(NodeValue::Seq(servers)) = make::slot(body, "servers", one).map(|servers| &mut servers.value) {
        servers.iter_mut().for_each(write);
    }
}

/// A slash in a media type is written as `~1` in properties, and as itself in bodies.
fn unescape(types: &mut Node) {
    match &mut types.value {
        NodeValue::Null => {}
        NodeValue::Scalar { text, .. } => *text = text.replace("~1", "/").into(),
        NodeValue::Seq(items) => items.iter_mut().for_each(unescape),
        NodeValue::Map(entries) => entries.iter_mut().for_each(|entry| unescape(&mut entry.value)),
    }
}

fn gateway_response(entry: &Entry) -> Node {
    let make = Make(entry.key_place);
    let written = |name: &str| entry.value.get(name).filter(|node| !node.is_null());
    let mut parameters = make.map(Vec::new());
    for (list, word) in [
        ("Headers", "header"),
        ("Paths", "path"),
        ("QueryStrings", "querystring"),
    ] {
        let values = written("ResponseParameters").and_then(|parameters| parameters.get(list));
        for value in values.map_or(&[][..], Node::entries) {
            let key = format!("gatewayresponse.{word}.{}", value.key);
            make::set(&mut parameters, &key, value.value.clone());
        }
    }
    let templates = written("ResponseTemplates").cloned();
    let mut response = vec![
        ("responseParameters", parameters),
        ("responseTemplates", templates.unwrap_or_else(|| make.map(Vec::new()))),
    ];
    response.extend(written("StatusCode").map(|code| ("statusCode", code.clone())));
    make.map(response)
}
