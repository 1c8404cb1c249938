//! API Gateway: REST APIs, and the web ACLs of any API.

use super::read::{build, property};
use super::table::*;
use super::translation::Translation;
use crate::terraform::instance::Instance;
use maremma_model::{Document, GapKind, Piece, Text, Value};

const API: &str = "AWS::ApiGateway::RestApi";
const METHOD: &str = "AWS::ApiGateway::Method";
const STAGE: &str = "AWS::ApiGateway::Stage";
const DEPLOYMENT: &str = "AWS::ApiGateway::Deployment";

pub(super) const WORDS: &[Word] = &[
    Word::own("aws_api_gateway_rest_api", API, REST_API),
    Word::onto(
        "aws_api_gateway_rest_api_policy",
        "rest_api_id",
        API,
        &[json("policy", "Policy")],
    ),
    Word::own("aws_api_gateway_resource", "AWS::ApiGateway::Resource", RESOURCE),
    Word::own("aws_api_gateway_method", METHOD, METHOD_ENTRIES),
    Word::onto("aws_api_gateway_integration", "http_method", METHOD, INTEGRATION).then(integration),
    Word::own(
        "aws_api_gateway_request_validator",
        "AWS::ApiGateway::RequestValidator",
        VALIDATOR,
    ),
    Word::own("aws_api_gateway_authorizer", "AWS::ApiGateway::Authorizer", AUTHORIZER),
    Word::own("aws_api_gateway_stage", STAGE, STAGE_ENTRIES),
    Word::own("aws_api_gateway_deployment", DEPLOYMENT, DEPLOYMENT_ENTRIES),
    Word::item(
        "aws_api_gateway_method_settings",
        ("stage_name", STAGE, "MethodSettings"),
        SETTINGS,
    )
    .then(method_settings),
    Word::own("aws_api_gateway_domain_name", "AWS::ApiGateway::DomainName", DOMAIN),
    Word::own(
        "aws_api_gateway_base_path_mapping",
        "AWS::ApiGateway::BasePathMapping",
        MAPPING,
    ),
    Word::own("aws_api_gateway_usage_plan", "AWS::ApiGateway::UsagePlan", PLAN),
    Word::own("aws_api_gateway_api_key", "AWS::ApiGateway::ApiKey", &[]),
    Word::own("aws_wafv2_web_acl", "AWS::WAFv2::WebACL", &[]),
    Word::own("aws_wafregional_web_acl", "AWS::WAFRegional::WebACL", &[]),
    Word::own("aws_wafv2_web_acl_association", "AWS::WAFv2::WebACLAssociation", ACL),
    Word::own(
        "aws_wafregional_web_acl_association",
        "AWS::WAFRegional::WebACLAssociation",
        OLD_ACL,
    ),
];

const REST_API: &[Entry] = &[
    text("name", "Name"),
    list("endpoint_configuration.types", "EndpointConfiguration.Types"),
    list(
        "endpoint_configuration.vpc_endpoint_ids",
        "EndpointConfiguration.VpcEndpointIds",
    ),
    text("disable_execute_api_endpoint", "DisableExecuteApiEndpoint"),
    text("security_policy", "SecurityPolicy"),
    json("policy", "Policy"),
    json("body", "Body"),
];

const RESOURCE: &[Entry] = &[
    text("rest_api_id", "RestApiId"),
    text("parent_id", "ParentId"),
    text("path_part", "PathPart"),
];

const METHOD_ENTRIES: &[Entry] = &[
    text("rest_api_id", "RestApiId"),
    text("resource_id", "ResourceId"),
    text("http_method", "HttpMethod"),
    text("authorization", "AuthorizationType"),
    text("authorizer_id", "AuthorizerId"),
    text("api_key_required", "ApiKeyRequired"),
    text("request_validator_id", "RequestValidatorId"),
];

const INTEGRATION: &[Entry] = &[
    text("type", "Integration.Type"),
    text("uri", "Integration.Uri"),
    text("credentials", "Integration.Credentials"),
    map("request_parameters", "Integration.RequestParameters"),
];

const VALIDATOR: &[Entry] = &[
    text("rest_api_id", "RestApiId"),
    text("validate_request_body", "ValidateRequestBody"),
    text("validate_request_parameters", "ValidateRequestParameters"),
];

const AUTHORIZER: &[Entry] = &[
    text("rest_api_id", "RestApiId"),
    text("name", "Name"),
    text_or("type", "Type", "TOKEN"),
    text("authorizer_uri", "AuthorizerUri"),
    text("authorizer_credentials", "AuthorizerCredentials"),
    list("provider_arns", "ProviderARNs"),
    text_or(
        "identity_source",
        "IdentitySource",
        "method.request.header.Authorization",
    ),
    text("authorizer_result_ttl_in_seconds", "AuthorizerResultTtlInSeconds"),
];

const STAGE_ENTRIES: &[Entry] = &[
    text("rest_api_id", "RestApiId"),
    text("stage_name", "StageName"),
    text("access_log_settings.destination_arn", "AccessLogSetting.DestinationArn"),
    text("access_log_settings.format", "AccessLogSetting.Format"),
    text("xray_tracing_enabled", "TracingEnabled"),
    text("cache_cluster_enabled", "CacheClusterEnabled"),
    text("client_certificate_id", "ClientCertificateId"),
    map("variables", "Variables"),
];

// What Terraform calls the description of the stage is a text for people.
const DEPLOYMENT_ENTRIES: &[Entry] = &[
    text("rest_api_id", "RestApiId"),
    text("stage_name", "StageName"),
    map("variables", "StageDescription.Variables"),
];

const SETTINGS: &[Entry] = &[
    by_hook("method_path", "ResourcePath"),
    by_hook("method_path", "HttpMethod"),
    text("settings.logging_level", "LoggingLevel"),
    text("settings.data_trace_enabled", "DataTraceEnabled"),
    text("settings.caching_enabled", "CachingEnabled"),
    text("settings.cache_data_encrypted", "CacheDataEncrypted"),
    // The provider says so of what is not throttled.
    unless("settings.throttling_burst_limit", "ThrottlingBurstLimit", "-1"),
    unless("settings.throttling_rate_limit", "ThrottlingRateLimit", "-1"),
];

const DOMAIN: &[Entry] = &[
    text("domain_name", "DomainName"),
    text("security_policy", "SecurityPolicy"),
    text(
        "mutual_tls_authentication.truststore_uri",
        "MutualTlsAuthentication.TruststoreUri",
    ),
];

const MAPPING: &[Entry] = &[text("domain_name", "DomainName"), text("api_id", "RestApiId")];

const PLAN: &[Entry] = &[
    text("name", "UsagePlanName"),
    each(
        "api_stages",
        "ApiStages",
        &[text("api_id", "ApiId"), text("stage", "Stage")],
    ),
    text("throttle_settings.rate_limit", "Throttle.RateLimit"),
    text("throttle_settings.burst_limit", "Throttle.BurstLimit"),
];

const ACL: &[Entry] = &[text("resource_arn", "ResourceArn"), text("web_acl_arn", "WebACLArn")];

const OLD_ACL: &[Entry] = &[text("resource_arn", "ResourceArn"), text("web_acl_id", "WebACLId")];

/// The integration of a method, which is named by its resource and its verb.
fn integration(translation: &mut Translation<'_>, instance: &Instance) {
    let read = |name: &'static str| property(&text(name, ""), &instance.body, instance.id);
    let (Some(resource), Some(verb), Some(word)) =
        (read("resource_id"), read("http_method"), super::word(&instance.ty))
    else {
        return;
    };
    match translation.part(METHOD, &resource, &verb) {
        Some(method) => translation.put(instance, word, method, None),
        None => {
            let reason = "the method of this integration is not found, so what it invokes is not seen";
            let header = instance.at.into();
            translation.resources.gap(GapKind::Absent, reason, header);
        }
    }
}

/// Settings of methods of a stage, which is a resource of its own or made by a deployment.
fn method_settings(translation: &mut Translation<'_>, instance: &Instance) {
    let read = |name: &'static str| property(&text(name, ""), &instance.body, instance.id);
    let (Some(api), Some(stage), Some(path)) = (read("rest_api_id"), read("stage_name"), read("method_path")) else {
        return;
    };
    let mut settings = build(SETTINGS, &instance.body, instance.id);
    if let (Value::Map(fields), Some((resource, verb))) = (&mut settings.value, divided(&path)) {
        let more = Document::map(vec![("ResourcePath", resource), ("HttpMethod", verb)], path.at.clone());
        fields.extend(more.fields().iter().cloned());
    }
    if let Some(id) = translation.part(STAGE, &api, &stage) {
        translation.append(instance, (id, None), "MethodSettings", settings);
    } else if let Some(id) = translation.part(DEPLOYMENT, &api, &stage) {
        translation.append(instance, (id, None), "StageDescription.MethodSettings", settings);
    } else {
        translation.adrift(instance, "stage_name", &stage);
    }
}

/// `orders/GET` as path and verb; the verb is what stands behind the last slash that is known.
fn divided(path: &Document) -> Option<(Document, Document)> {
    let pieces = path.as_text()?.pieces();
    let slash = |piece: &Piece| matches!(piece, Piece::Literal(text) if text.contains('/'));
    let last = pieces.iter().rposition(slash)?;
    let Piece::Literal(at) = pieces.get(last)? else {
        return None;
    };
    let (before, after) = at.rsplit_once('/')?;
    let literal = |text: &str| [Piece::Literal(text.into())];
    let text = |pieces: Vec<Piece>| Document::text(Text::from_pieces(pieces), path.at.clone());
    let resource = pieces.iter().take(last).cloned().chain(literal(before)).collect();
    let verb = literal(after)
        .into_iter()
        .chain(pieces.iter().skip(last + 1).cloned())
        .collect();
    Some((text(resource), text(verb)))
}
