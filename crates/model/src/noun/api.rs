//! API Gateway: REST, HTTP and WebSocket APIs, their routes, stages, authorizers and usage plans; WAF.

use super::{AnyLink, Cors, FunctionRef, Items};
use crate::document::Document;
use crate::link::Link;
use crate::resource::Resource;
use crate::secret::EnvValue;
use crate::setting::Setting;
use crate::text::Text;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// `AWS::ApiGateway::RestApi`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RestApi {
    pub resource: Resource,
    /// `EDGE`, `REGIONAL` or `PRIVATE`.
    pub endpoint_types: Items<Text>,
    pub vpc_endpoints: Items<Link<super::VpcEndpoint>>,
    pub disable_execute_api_endpoint: Setting<bool>,
    /// The API's resource policy, also from `x-amazon-apigateway-policy`.
    pub policy: Setting<Document>,
    pub minimum_tls: Setting<Text>,
    /// Set to unknown where a body is on S3 or cannot be read, so that routes may be missing.
    pub body: Setting<()>,
}

/// How a method or route is written, and so how its attributes are called there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// A resource of its own.
    #[default]
    Resource,
    /// An operation of an OpenAPI body.
    Operation,
    /// An event of a serverless function.
    Event,
}

/// One method of a REST API: `AWS::ApiGateway::Method`, or an operation of an OpenAPI body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RestMethod {
    pub resource: Resource,
    pub api: Setting<Link<RestApi>>,
    /// `/orders/{id}`; a hole where the resource tree is not known.
    pub path: Text,
    /// `GET`, `ANY`, ...
    pub method: Setting<Text>,
    /// `NONE`, `AWS_IAM`, `CUSTOM`, `COGNITO_USER_POOLS`.
    pub authorization_type: Setting<Text>,
    pub authorizer: Setting<Link<Authorizer>>,
    pub api_key_required: Setting<bool>,
    /// Whether its request validator looks at anything; unset where it has none.
    pub validates: Setting<bool>,
    pub integration: Integration,
    #[serde(default)]
    pub form: Form,
}

/// Where a route leads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Integration {
    /// `AWS_PROXY`, `AWS`, `HTTP`, `MOCK`, ...
    pub kind: Setting<Text>,
    pub uri: Setting<Text>,
    /// The function, where the URI names one.
    pub function: Setting<FunctionRef>,
    pub credentials: Setting<AnyLink>,
    /// `RequestParameters`, in the order written.
    pub parameters: Vec<ParameterMapping>,
}

/// A part of the request to a backend and what it is filled with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParameterMapping {
    /// `integration.request.header.X-Amz-Tenant-Id`.
    pub to: Arc<str>,
    /// `method.request.header.tenant`, `context.authorizer.tenant`, `'blue'`.
    pub from: Setting<Text>,
}

/// `AWS::ApiGatewayV2::Api`: HTTP or WebSocket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HttpApi {
    pub resource: Resource,
    /// `HTTP` or `WEBSOCKET`.
    pub protocol: Setting<Text>,
    pub cors: Cors,
    pub disable_execute_api_endpoint: Setting<bool>,
    /// As for [`RestApi::body`].
    pub body: Setting<()>,
}

/// `AWS::ApiGatewayV2::Route`, or an operation of an OpenAPI body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HttpRoute {
    pub resource: Resource,
    pub api: Setting<Link<HttpApi>>,
    /// `GET /orders`, `$default`, `$connect`.
    pub route_key: Setting<Text>,
    /// `NONE`, `AWS_IAM`, `CUSTOM`, `JWT`.
    pub authorization_type: Setting<Text>,
    pub authorizer: Setting<Link<Authorizer>>,
    pub scopes: Items<Text>,
    pub api_key_required: Setting<bool>,
    pub integration: Integration,
    #[serde(default)]
    pub form: Form,
}

/// `AWS::ApiGateway::Authorizer`, `AWS::ApiGatewayV2::Authorizer`, or a security scheme of a body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Authorizer {
    pub resource: Resource,
    pub api: Setting<AnyLink>,
    pub name: Setting<Text>,
    /// `TOKEN`, `REQUEST`, `COGNITO_USER_POOLS`, `JWT`.
    pub kind: Setting<Text>,
    pub function: Setting<FunctionRef>,
    /// `ProviderARNs`: the Cognito user pools that it trusts.
    pub user_pools: Items<AnyLink>,
    pub identity_source: Items<Text>,
    /// In seconds.
    pub result_ttl: Setting<u32>,
    pub jwt_issuer: Setting<Text>,
    pub jwt_audience: Items<Text>,
}

/// A stage of either API family.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    pub resource: Resource,
    pub api: Setting<AnyLink>,
    pub name: Setting<Text>,
    pub access_log_destination: Setting<AnyLink>,
    pub access_log_format: Setting<Text>,
    pub tracing: Setting<bool>,
    pub cache_enabled: Setting<bool>,
    pub client_certificate: Setting<Text>,
    /// `MethodSettings` or `DefaultRouteSettings` with `RouteSettings`.
    pub methods: Vec<MethodSetting>,
    /// Sorted by name.
    pub variables: Vec<StageVariable>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MethodSetting {
    /// `*/*`, `/orders/GET`, or a route key.
    pub selector: Text,
    pub logging_level: Setting<Text>,
    pub data_trace: Setting<bool>,
    pub caching_enabled: Setting<bool>,
    pub cache_data_encrypted: Setting<bool>,
    pub throttling_burst_limit: Setting<Text>,
    pub throttling_rate_limit: Setting<Text>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StageVariable {
    pub name: Arc<str>,
    pub value: Setting<EnvValue>,
}

/// A custom domain name with the APIs mapped to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Domain {
    pub resource: Resource,
    pub security_policy: Setting<Text>,
    pub mutual_tls_truststore: Setting<Text>,
    pub apis: Items<AnyLink>,
}

/// `AWS::WAFv2::WebACLAssociation` (and the regional classic one).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WebAclAssociation {
    pub resource: Resource,
    /// The API of the stage, or what else it protects.
    pub on: Setting<AnyLink>,
    /// The name of the stage, where it protects one.
    pub stage: Setting<Text>,
    pub web_acl: Setting<AnyLink>,
}

/// `AWS::ApiGateway::UsagePlan`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UsagePlan {
    pub resource: Resource,
    pub stages: Items<PlannedStage>,
    /// `Throttle`: requests a second, and at once.
    pub rate_limit: Setting<Text>,
    pub burst_limit: Setting<Text>,
}

/// A stage that a usage plan lets its keys call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedStage {
    pub api: Setting<AnyLink>,
    pub stage: Setting<Text>,
}
