//! API Gateway: HTTP and WebSocket APIs.

use super::read::{at, in_worlds, property};
use super::table::*;
use super::translation::Translation;
use crate::terraform::instance::Instance;
use maremma_model::{Document, Field, Value};

pub(super) const WORDS: &[Word] = &[
    Word::own("aws_apigatewayv2_api", "AWS::ApiGatewayV2::Api", API),
    Word::own(
        "aws_apigatewayv2_integration",
        "AWS::ApiGatewayV2::Integration",
        INTEGRATION,
    ),
    Word::own("aws_apigatewayv2_route", "AWS::ApiGatewayV2::Route", ROUTE),
    Word::own(
        "aws_apigatewayv2_authorizer",
        "AWS::ApiGatewayV2::Authorizer",
        AUTHORIZER,
    ),
    Word::own("aws_apigatewayv2_stage", "AWS::ApiGatewayV2::Stage", STAGE).then(routes),
    Word::own("aws_apigatewayv2_domain_name", "AWS::ApiGatewayV2::DomainName", DOMAIN),
    Word::own(
        "aws_apigatewayv2_api_mapping",
        "AWS::ApiGatewayV2::ApiMapping",
        &[text("domain_name", "DomainName"), text("api_id", "ApiId")],
    ),
];

const API: &[Entry] = &[
    text("name", "Name"),
    text("protocol_type", "ProtocolType"),
    text("disable_execute_api_endpoint", "DisableExecuteApiEndpoint"),
    text(
        "cors_configuration.allow_credentials",
        "CorsConfiguration.AllowCredentials",
    ),
    list("cors_configuration.allow_origins", "CorsConfiguration.AllowOrigins"),
    list("cors_configuration.allow_methods", "CorsConfiguration.AllowMethods"),
    list("cors_configuration.allow_headers", "CorsConfiguration.AllowHeaders"),
    list("cors_configuration.expose_headers", "CorsConfiguration.ExposeHeaders"),
    text("cors_configuration.max_age", "CorsConfiguration.MaxAge"),
    text("target", "Target"),
    text("route_key", "RouteKey"),
    text("credentials_arn", "CredentialsArn"),
    json("body", "Body"),
];

const INTEGRATION: &[Entry] = &[
    text("api_id", "ApiId"),
    text("integration_type", "IntegrationType"),
    text("integration_uri", "IntegrationUri"),
    text("credentials_arn", "CredentialsArn"),
    map("request_parameters", "RequestParameters"),
];

const ROUTE: &[Entry] = &[
    text("api_id", "ApiId"),
    text("route_key", "RouteKey"),
    text("authorization_type", "AuthorizationType"),
    text("authorizer_id", "AuthorizerId"),
    list("authorization_scopes", "AuthorizationScopes"),
    text("api_key_required", "ApiKeyRequired"),
    text("target", "Target"),
];

const AUTHORIZER: &[Entry] = &[
    text("api_id", "ApiId"),
    text("name", "Name"),
    text("authorizer_type", "AuthorizerType"),
    text("authorizer_uri", "AuthorizerUri"),
    list("identity_sources", "IdentitySource"),
    text("authorizer_result_ttl_in_seconds", "AuthorizerResultTtlInSeconds"),
    text("jwt_configuration.issuer", "JwtConfiguration.Issuer"),
    list("jwt_configuration.audience", "JwtConfiguration.Audience"),
    text("authorizer_credentials_arn", "AuthorizerCredentialsArn"),
];

const STAGE: &[Entry] = &[
    text("api_id", "ApiId"),
    text("name", "StageName"),
    text(
        "access_log_settings.destination_arn",
        "AccessLogSettings.DestinationArn",
    ),
    text("access_log_settings.format", "AccessLogSettings.Format"),
    text("client_certificate_id", "ClientCertificateId"),
    map("stage_variables", "StageVariables"),
    text(
        "default_route_settings.logging_level",
        "DefaultRouteSettings.LoggingLevel",
    ),
    text(
        "default_route_settings.data_trace_enabled",
        "DefaultRouteSettings.DataTraceEnabled",
    ),
    text(
        "default_route_settings.throttling_burst_limit",
        "DefaultRouteSettings.ThrottlingBurstLimit",
    ),
    text(
        "default_route_settings.throttling_rate_limit",
        "DefaultRouteSettings.ThrottlingRateLimit",
    ),
    by_hook("route_settings", "RouteSettings"),
];

const ROUTE_SETTINGS: Entry = each(
    "route_settings",
    "RouteSettings",
    &[
        text("route_key", "RouteKey"),
        text("logging_level", "LoggingLevel"),
        text("data_trace_enabled", "DataTraceEnabled"),
        text("throttling_burst_limit", "ThrottlingBurstLimit"),
        text("throttling_rate_limit", "ThrottlingRateLimit"),
    ],
);

const DOMAIN: &[Entry] = &[
    text("domain_name", "DomainName"),
    each(
        "domain_name_configuration",
        "DomainNameConfigurations",
        &[text("security_policy", "SecurityPolicy")],
    ),
    text(
        "mutual_tls_authentication.truststore_uri",
        "MutualTlsAuthentication.TruststoreUri",
    ),
];

/// Settings of routes by the keys of the routes.
fn routes(translation: &mut Translation<'_>, instance: &Instance) {
    let Some(found) = property(&ROUTE_SETTINGS, &instance.body, instance.id) else {
        return;
    };
    let keyed = |world: &Document| {
        let field = |settings: &Document| {
            let key = at(settings, "RouteKey")?;
            Some(Field {
                key: key.as_text()?.to_string().into(),
                key_at: key.at,
                value: settings.clone(),
            })
        };
        Some(match &world.value {
            Value::List(items) => Document {
                value: Value::Map(items.iter().filter_map(field).collect()),
                ..world.clone()
            },
            _ => world.clone(),
        })
    };
    if let Some(map) = in_worlds(&found, &keyed) {
        translation.set(instance.id, "RouteSettings", map);
    }
}
