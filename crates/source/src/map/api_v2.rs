//! API Gateway: HTTP and WebSocket APIs. Source of every default: AWS CloudFormation template
//! reference, AWS::ApiGatewayV2.

use super::api::{authorizes, body_state, endpoint_off, integration, invokes};
use super::lambda::cors;
use super::open_api::{self, Body};
use crate::cx::Cx;
use crate::props::Props;
use maremma_model::noun::*;
use maremma_model::{Document, Link, Noun, Piece, Resource, Setting, Value, Why};

const INTEGRATION: [&str; 4] = [
    "IntegrationType",
    "IntegrationUri",
    "CredentialsArn",
    "RequestParameters",
];

pub(crate) fn api(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> HttpApi {
    let body = p.described("Body");
    let known = body_state(&resource, p, || {
        open_api::http_routes(cx, &resource, &Body::new(cx, &resource, &body))
    });
    quick_create(cx, &resource, p);
    let in_body = "x-amazon-apigateway-cors";
    let cors = if p.has("CorsConfiguration") || !body.has(in_body) {
        let names = [
            "AllowCredentials",
            "AllowOrigins",
            "AllowMethods",
            "AllowHeaders",
            "ExposeHeaders",
            "MaxAge",
        ];
        cors(&p.sub("CorsConfiguration"), names)
    } else {
        let names = [
            "allowCredentials",
            "allowOrigins",
            "allowMethods",
            "allowHeaders",
            "exposeHeaders",
            "maxAge",
        ];
        cors(&body.sub(in_body), names)
    };
    HttpApi {
        // An imported API is an HTTP API.
        protocol: p.text("ProtocolType").or_default("HTTP".into()),
        cors,
        disable_execute_api_endpoint: endpoint_off(p, &body),
        body: known,
        resource,
    }
}

/// `Target` makes an integration and a route, without authorization.
fn quick_create(cx: &Cx<'_>, resource: &Resource, p: &Props<'_>) {
    if !p.has("Target") {
        return;
    }
    let at = || resource.at.clone();
    let route = HttpRoute {
        api: Setting::set(own_api(cx), at()),
        route_key: p.text("RouteKey").or_default("$default".into()),
        authorization_type: Setting::default("NONE".into(), at()),
        authorizer: Setting::unset(at()),
        scopes: Setting::unset(at()),
        api_key_required: Setting::default(false, at()),
        integration: integration(p, ["IntegrationType", "Target", "CredentialsArn", "RequestParameters"]),
        form: Form::Resource,
        resource: resource.clone(),
    };
    invokes(
        cx,
        resource,
        &route.integration,
        Setting::set(AnyLink::Here(cx.own), at()),
    );
    cx.http_route(route);
}

pub(super) fn own_api<T: Noun>(cx: &Cx<'_>) -> Link<T> {
    T::from_any(cx.own).map_or_else(|| Link::Unknown(maremma_model::Why::NotKept), Link::Here)
}

pub(crate) fn route(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> HttpRoute {
    let route = HttpRoute {
        api: p.link("ApiId"),
        route_key: p.text("RouteKey"),
        authorization_type: p.text("AuthorizationType").or_default("NONE".into()),
        authorizer: p.link("AuthorizerId"),
        scopes: p.texts("AuthorizationScopes"),
        api_key_required: p.boolean("ApiKeyRequired").or_default(false),
        integration: target(cx, p),
        form: Form::Resource,
        resource,
    };
    invokes(cx, &route.resource, &route.integration, p.any("ApiId"));
    route
}

/// The integration that `Target` names: `integrations/` and the id of one.
fn target(cx: &Cx<'_>, p: &Props<'_>) -> Integration {
    let found = p.text("Target");
    let named = found.possible().find_map(|text| {
        text.pieces().into_iter().find_map(|piece| match piece {
            Piece::Hole(hole) => cx.peer(hole.stands_for?.of, "AWS::ApiGatewayV2::Integration"),
            Piece::Literal(_) => None,
        })
    });
    match named {
        Some(properties) => integration(&Props::new(cx, &properties, properties.at.clone()), INTEGRATION),
        // What is written out names an integration that was made elsewhere.
        _ if found.value().is_some() => {
            let why = Why::Unresolved("the integration is not in this input".into());
            let unknown = Document::new(Value::Unknown(why), found.at.clone());
            integration(&Props::new(cx, &unknown, found.at), INTEGRATION)
        }
        _ => integration(&p.sub("Target"), INTEGRATION),
    }
}

pub(crate) fn authorizer(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Authorizer {
    let authorizer = Authorizer {
        api: p.any("ApiId"),
        name: p.text("Name"),
        kind: p.text("AuthorizerType"),
        function: p.function_among("AuthorizerUri"),
        user_pools: Setting::unset(resource.at.clone()),
        identity_source: p.texts("IdentitySource"),
        result_ttl: p.number("AuthorizerResultTtlInSeconds"),
        jwt_issuer: p.text("JwtConfiguration.Issuer"),
        jwt_audience: p.texts("JwtConfiguration.Audience"),
        resource,
    };
    authorizes(cx, &authorizer, p.any_of::<Role>("AuthorizerCredentialsArn"));
    authorizer
}
