//! Security schemes: what an authorizer of an API is in an OpenAPI body.

use super::super::Sam;
use super::super::make::{self, Make};
use maremma_model::{Entry, GapKind, Node, NodeValue};

const AUTHORIZER: &str = "x-amazon-apigateway-authorizer";
const AUTH_TYPE: &str = "x-amazon-apigateway-authtype";

/// A key in a header.
pub(in super::super) fn api_key(make: Make, header: &str) -> Node {
    make.map(vec![
        ("type", make.text("apiKey")),
        ("name", make.text(header)),
        ("in", make.text("header")),
    ])
}

/// Signatures of IAM.
pub(in super::super) fn iam(make: Make) -> Node {
    let mut scheme = api_key(make, "Authorization");
    make::set(&mut scheme, AUTH_TYPE, make.text("awsSigv4"));
    scheme
}

/// An authorizer of a REST API: Cognito user pools, or a function.
pub(super) fn of_rest(sam: &Sam<'_>, entry: &Entry) -> Node {
    let make = Make(entry.key_place);
    let written = |name: &str| entry.value.get(name).filter(|node| !node.is_null());
    let identity = |name: &str| written("Identity")?.get(name).filter(|node| !node.is_null());
    let header = identity("Header")
        .cloned()
        .unwrap_or_else(|| make.text("Authorization"));
    let mut scheme = api_key(make, "Authorization");
    if let Some(pools) = written("UserPoolArn") {
        let pools = match pools.value {
            NodeValue::Seq(_) if pools.tag.is_none() => pools.clone(),
            _ => make.list(vec![pools.clone()]),
        };
        let mut authorizer = vec![("type", make.text("cognito_user_pools")), ("providerARNs", pools)];
        let pattern = identity("ValidationExpression").cloned();
        authorizer.extend(pattern.map(|pattern| ("identityValidationExpression", pattern)));
        make::set(&mut scheme, "name", header);
        make::set(&mut scheme, AUTH_TYPE, make.text("cognito_user_pools"));
        make::set(&mut scheme, AUTHORIZER, make.map(authorizer));
        return scheme;
    }
    let nothing = Node::new(NodeValue::Null, entry.key_place);
    let function = written("FunctionArn").unwrap_or_else(|| {
        let reason = format!("authorizer {}: expected a UserPoolArn or a FunctionArn", entry.key);
        sam.gap(GapKind::Unparsed, reason, entry.key_place);
        &nothing
    });
    let payload = written("FunctionPayloadType").and_then(|node| sam.text(node));
    let request = payload.as_deref() == Some("REQUEST");
    let kind = if request { "request" } else { "token" };
    let mut authorizer = vec![("type", make.text(kind)), ("authorizerUri", uri(sam, make, function))];
    let ttl = identity("ReauthorizeEvery").cloned();
    authorizer.extend(ttl.map(|ttl| ("authorizerResultTtlInSeconds", ttl)));
    authorizer.extend(role(written("FunctionInvokeRole")).map(|role| ("authorizerCredentials", role)));
    if request {
        let sources = sources(
            &entry.value,
            &[
                "method.request.header.",
                "method.request.querystring.",
                "stageVariables.",
                "context.",
            ],
        );
        if !sources.is_empty() {
            authorizer.push(("identitySource", make.text(&sources.join(", "))));
        }
    } else {
        let pattern = identity("ValidationExpression").cloned();
        authorizer.extend(pattern.map(|pattern| ("identityValidationExpression", pattern)));
    }
    let header = if request { make.text("Unused") } else { header };
    make::set(&mut scheme, "name", header);
    make::set(&mut scheme, AUTH_TYPE, make.text("custom"));
    make::set(&mut scheme, AUTHORIZER, make.map(authorizer));
    scheme
}

/// An authorizer of an HTTP API: JSON web tokens, or a function.
pub(in super::super) fn of_http(sam: &Sam<'_>, entry: &Entry) -> Node {
    let make = Make(entry.key_place);
    let written = |name: &str| entry.value.get(name).filter(|node| !node.is_null());
    if let Some(jwt) = written("JwtConfiguration") {
        let mut lower = jwt.clone();
        if let NodeValue::Map(entries) = &mut lower.value {
            entries
                .iter_mut()
                .for_each(|entry| entry.key = entry.key.to_lowercase().into());
        }
        let mut authorizer = vec![("jwtConfiguration", lower), ("type", make.text("jwt"))];
        authorizer.extend(written("IdentitySource").map(|source| ("identitySource", source.clone())));
        return make.map(vec![("type", make.text("oauth2")), (AUTHORIZER, make.map(authorizer))]);
    }
    let mut scheme = api_key(make, "Unused");
    let Some(function) = written("FunctionArn") else {
        let reason = format!("authorizer {}: expected a JwtConfiguration or a FunctionArn", entry.key);
        sam.gap(GapKind::Unparsed, reason, entry.key_place);
        return scheme;
    };
    let mut authorizer = vec![
        ("type", make.text("request")),
        ("authorizerUri", uri(sam, make, function)),
    ];
    authorizer.extend(role(written("FunctionInvokeRole")).map(|role| ("authorizerCredentials", role)));
    if let Some(identity) = written("Identity").filter(|identity| !identity.entries().is_empty()) {
        let ttl = identity.get("ReauthorizeEvery").filter(|ttl| !ttl.is_null()).cloned();
        authorizer.extend(ttl.map(|ttl| ("authorizerResultTtlInSeconds", ttl)));
        let prefixes = [
            "$request.header.",
            "$request.querystring.",
            "$stageVariables.",
            "$context.",
        ];
        let sources = sources(&entry.value, &prefixes);
        authorizer.push((
            "identitySource",
            make.list(sources.iter().map(|source| make.text(source)).collect()),
        ));
    }
    let version = written("AuthorizerPayloadFormatVersion").cloned();
    authorizer.extend(version.map(|version| ("authorizerPayloadFormatVersion", version)));
    if let Some(simple) = written("EnableSimpleResponses").filter(|node| sam.truth(node) != Some(false)) {
        authorizer.push(("enableSimpleResponses", simple.clone()));
    }
    make::set(&mut scheme, AUTHORIZER, make.map(authorizer));
    scheme
}

fn uri(sam: &Sam<'_>, make: Make, function: &Node) -> Node {
    let tail = "apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${__FunctionArn__}/invocations";
    let text = format!("arn:{}:{tail}", sam.partition());
    make.sub_with(&text, vec![("__FunctionArn__", function.clone())])
}

fn role(written: Option<&Node>) -> Option<Node> {
    written.filter(|role| role.as_str() != Some("NONE")).cloned()
}

/// What of a request an authorizer looks at: headers, query strings, stage variables and context, each
/// with its prefix.
fn sources(authorizer: &Node, prefixes: &[&str; 4]) -> Vec<String> {
    let identity = authorizer.get("Identity");
    let lists = ["Headers", "QueryStrings", "StageVariables", "Context"];
    let pairs = lists.iter().zip(prefixes);
    pairs
        .flat_map(|(list, prefix)| {
            let items = identity
                .and_then(|identity| identity.get(list))
                .map_or(&[][..], Node::items);
            items
                .iter()
                .filter_map(move |item| Some(format!("{prefix}{}", item.as_str()?)))
        })
        .collect()
}
