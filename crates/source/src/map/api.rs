//! API Gateway: REST APIs. Source of every default: AWS CloudFormation template reference,
//! AWS::ApiGateway.

use super::open_api::{self, Body};
use super::trigger::trigger;
use crate::cx::Cx;
use crate::props::Props;
use maremma_model::noun::*;
use maremma_model::{Document, Link, Location, Noun, Piece, Resource, Setting, State, Text, Value, Why};
use std::sync::Arc;

/// Path parts above a method; no API is nested deeper, and parents may lead in a circle.
const MAX_PARTS: usize = 64;

pub(crate) fn rest_api(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> RestApi {
    let body = p.described("Body");
    let known = body_state(&resource, p, || {
        open_api::rest_methods(cx, &resource, &Body::new(cx, &resource, &body))
    });
    let mut policy = p.document("Policy");
    if policy.is_unset() {
        policy = body.document("x-amazon-apigateway-policy");
    }
    super::policy::carried(cx, &resource, &policy);
    RestApi {
        endpoint_types: p
            .texts("EndpointConfiguration.Types")
            .or_default(vec![Setting::default("EDGE".into(), resource.at.clone())]),
        vpc_endpoints: p.links("EndpointConfiguration.VpcEndpointIds"),
        disable_execute_api_endpoint: endpoint_off(p, &body),
        policy,
        minimum_tls: either(p.text("SecurityPolicy"), || {
            body.text("x-amazon-apigateway-security-policy")
        }),
        body: known,
        resource,
    }
}

/// Reads the operations of an API's body, and says whether all of them are known.
pub(super) fn body_state(resource: &Resource, p: &Props<'_>, read: impl FnOnce() -> Option<Why>) -> Setting<()> {
    if let Some(body) = p.get("Body").filter(|body| !body.is_absent()) {
        let at = body.at.clone();
        return match p.unknown("Body").or_else(read) {
            Some(why) => Setting::unknown(why, at),
            None => Setting::set((), at),
        };
    }
    for (property, words) in [
        ("BodyS3Location", "the body is on S3"),
        ("CloneFrom", "the API is cloned from another"),
    ] {
        if let Some(elsewhere) = p.get(property).filter(|found| !found.is_absent()) {
            return Setting::unknown(Why::Unresolved(words.into()), elsewhere.at.clone());
        }
    }
    Setting::unset(resource.at.clone())
}

/// Whether the API's own endpoint is off: by its property, or by its body, which says it of itself in
/// Swagger 2.0 and of a server in OpenAPI 3.
/// Source: API Gateway developer guide, "x-amazon-apigateway-endpoint-configuration object".
pub(super) fn endpoint_off(p: &Props<'_>, body: &Props<'_>) -> Setting<bool> {
    const OFF: &str = "x-amazon-apigateway-endpoint-configuration.disableExecuteApiEndpoint";
    let places = [p.boolean("DisableExecuteApiEndpoint"), body.boolean(OFF)];
    let servers = body.list("servers").into_iter().map(|server| server.boolean(OFF));
    let written = places.into_iter().chain(servers).find(|setting| !setting.is_unset());
    written
        .unwrap_or_else(|| Setting::unset(p.at().clone()))
        .or_default(false)
}

pub(crate) fn method(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> RestMethod {
    let method = RestMethod {
        api: p.link("RestApiId"),
        path: path(cx, p),
        method: p.text("HttpMethod"),
        authorization_type: p.text("AuthorizationType").or_default("NONE".into()),
        authorizer: p.link("AuthorizerId"),
        api_key_required: p.boolean("ApiKeyRequired").or_default(false),
        validates: validator(cx, p),
        integration: integration(
            &p.sub("Integration"),
            ["Type", "Uri", "Credentials", "RequestParameters"],
        ),
        form: Form::Resource,
        resource,
    };
    let source = method.api.clone().map(any_api);
    invokes(cx, &method.resource, &method.integration, source);
    method
}

fn any_api<T: Noun>(link: Link<T>) -> AnyLink {
    match link {
        Link::Here(id) => AnyLink::Here(T::any(id)),
        Link::Outside(text) => AnyLink::Outside(text),
        Link::Unknown(why) => AnyLink::Unknown(why),
    }
}

/// A route's integration is a trigger of the function that it names.
pub(super) fn invokes(cx: &Cx<'_>, resource: &Resource, integration: &Integration, source: Setting<AnyLink>) {
    if integration.function.possible().next().is_some() {
        cx.trigger(Trigger {
            role: integration.credentials.clone(),
            ..trigger(
                resource,
                TriggerKind::ApiIntegration,
                integration.function.clone(),
                source,
            )
        });
    }
}

fn either<T>(written: Setting<T>, else_written: impl FnOnce() -> Setting<T>) -> Setting<T> {
    if written.is_unset() { else_written() } else { written }
}

/// Whether the validator of a method looks at anything. One that is not here is taken to.
fn validator(cx: &Cx<'_>, p: &Props<'_>) -> Setting<bool> {
    let named = p.text("RequestValidatorId");
    let found = named
        .value()
        .and_then(|text| cx.peer(text.as_attribute()?.of, "AWS::ApiGateway::RequestValidator"));
    match found {
        Some(properties) => {
            let own = Props::new(cx, &properties, named.at.clone());
            looks(named.at, &own, ["ValidateRequestBody", "ValidateRequestParameters"])
        }
        _ => named.map(|_| true),
    }
}

/// Whether a validator looks at the body or at the parameters, as `names` call it.
pub(super) fn looks(at: Location, p: &Props<'_>, names: [&str; 2]) -> Setting<bool> {
    let looks = names.map(|name| p.boolean(name));
    let unknown = looks.iter().find_map(|setting| match &setting.state {
        State::Unknown(unknown) => Some(unknown.why.clone()),
        _ => None,
    });
    match unknown {
        _ if looks.iter().any(|setting| setting.value() == Some(&true)) => Setting::set(true, at),
        Some(why) => Setting::unknown(why, at),
        None => Setting::set(false, at),
    }
}

/// `names` are the keys of type, URI, credentials and parameters.
pub(super) fn integration(p: &Props<'_>, names: [&str; 4]) -> Integration {
    let [kind, uri, credentials, parameters] = names;
    let mapping = |(to, document): (Arc<str>, Document)| ParameterMapping {
        from: p.text_of(&document, &to),
        to,
    };
    let upper = |text: Text| {
        text.as_literal()
            .map(|text| Text::literal(text.to_uppercase()))
            .unwrap_or(text.clone())
    };
    Integration {
        kind: p.text(kind).map(upper),
        uri: p.text(uri),
        function: p.function_among(uri),
        credentials: p.any_of::<Role>(credentials),
        parameters: p.entries(parameters).into_iter().map(mapping).collect(),
    }
}

/// The full path of the resource that a method belongs to; a hole where the tree is not known.
fn path(cx: &Cx<'_>, p: &Props<'_>) -> Text {
    let mut parts = Vec::new();
    let mut above = p.get("ResourceId").map(|found| found.into_owned());
    if let Some(found) = above
        .as_ref()
        .filter(|found| matches!(found.value, Value::List(_) | Value::Map(_)))
    {
        p.wrong::<()>("ResourceId", "a resource of the API", found);
    }
    for _ in 0..MAX_PARTS {
        let Some(attribute) = above.as_ref().and_then(|found| found.as_text()?.as_attribute()) else {
            break;
        };
        if &*attribute.name == "RootResourceId" {
            return joined(parts);
        }
        let Some(properties) = cx.peer(attribute.of, "AWS::ApiGateway::Resource") else {
            break;
        };
        parts.push(part(properties.get("PathPart")));
        above = properties.get("ParentId").cloned();
    }
    parts.push(part(above.as_ref()));
    joined(parts)
}

fn part(document: Option<&Document>) -> Text {
    match document.map(|document| (document.as_text(), &document.value)) {
        Some((Some(text), _)) => text.clone(),
        Some((None, Value::Unknown(why))) => Text::hole(why.clone()),
        _ => Text::hole(Why::Unresolved("the path of the resource is not known".into())),
    }
}

fn joined(parts: Vec<Text>) -> Text {
    if parts.is_empty() {
        return Text::literal("/");
    }
    let slash = || [Piece::Literal("/".into())];
    Text::from_pieces(
        parts
            .iter()
            .rev()
            .flat_map(|part| slash().into_iter().chain(part.pieces())),
    )
}

pub(crate) fn authorizer(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Authorizer {
    let authorizer = Authorizer {
        api: p.any("RestApiId"),
        name: p.text("Name"),
        kind: p.text("Type"),
        function: p.function_among("AuthorizerUri"),
        user_pools: p.anys_of::<Other>("ProviderARNs"),
        identity_source: p.texts("IdentitySource"),
        result_ttl: p.number("AuthorizerResultTtlInSeconds").or_default(300),
        jwt_issuer: Setting::unset(resource.at.clone()),
        jwt_audience: Setting::unset(resource.at.clone()),
        resource,
    };
    authorizes(cx, &authorizer, p.any_of::<Role>("AuthorizerCredentials"));
    authorizer
}

/// An authorizer is a trigger of the function that it asks.
pub(super) fn authorizes(cx: &Cx<'_>, authorizer: &Authorizer, role: Setting<AnyLink>) {
    if authorizer.function.possible().next().is_some() {
        let (function, source) = (authorizer.function.clone(), authorizer.api.clone());
        cx.trigger(Trigger {
            role,
            ..trigger(&authorizer.resource, TriggerKind::ApiAuthorizer, function, source)
        });
    }
}

pub(crate) fn domain(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Domain {
    // The second family keeps its settings in a list of one.
    let configurations = p.list("DomainNameConfigurations");
    let own = p.text("SecurityPolicy");
    Domain {
        security_policy: match configurations.first() {
            Some(configuration) if own.is_unset() => configuration.text("SecurityPolicy"),
            _ => own,
        },
        mutual_tls_truststore: p.text("MutualTlsAuthentication.TruststoreUri"),
        // Filled by the mappings.
        apis: Setting::unset(resource.at.clone()),
        resource,
    }
}

/// `AWS::ApiGateway::BasePathMapping` and `AWS::ApiGatewayV2::ApiMapping`.
pub(crate) fn mapping(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Other {
    let api = if p.has("RestApiId") {
        p.any("RestApiId")
    } else {
        p.any("ApiId")
    };
    let domain = p.link::<Domain>("DomainName").value().and_then(Link::here);
    if let Some(domain) = domain {
        cx.amend(move |estate| {
            let Some(domain) = estate.domains.get_mut(domain) else {
                return;
            };
            match &mut domain.apis.state {
                State::Set(apis) => apis.push(api),
                none => *none = State::Set(vec![api]),
            }
        });
    }
    Other { resource }
}

/// `AWS::WAFv2::WebACLAssociation` and `AWS::WAFRegional::WebACLAssociation`.
pub(crate) fn web_acl_association(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> WebAclAssociation {
    let acl = if p.has("WebACLArn") { "WebACLArn" } else { "WebACLId" };
    WebAclAssociation {
        on: p.any("ResourceArn"),
        stage: p.text("ResourceArn").map(|arn| stage_of(&arn)),
        web_acl: p.any(acl),
        resource,
    }
}

/// What stands behind `/stages/` in the ARN of a stage; the empty text in any other.
fn stage_of(arn: &Text) -> Text {
    let mut found = false;
    let pieces = arn.pieces().into_iter().filter_map(|piece| match piece {
        Piece::Literal(text) if !found => {
            let (_, stage) = text.split_once("/stages/")?;
            found = true;
            Some(Piece::Literal(stage.into()))
        }
        Piece::Hole(_) if !found => None,
        piece => Some(piece),
    });
    Text::from_pieces(pieces)
}

pub(crate) fn usage_plan(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> UsagePlan {
    UsagePlan {
        stages: p.maps("ApiStages", |stage| PlannedStage {
            api: stage.any("ApiId"),
            stage: stage.text("Stage"),
        }),
        rate_limit: p.text("Throttle.RateLimit"),
        burst_limit: p.text("Throttle.BurstLimit"),
        resource,
    }
}
