//! API Gateway: REST, HTTP and WebSocket APIs; what AWS WAF protects.

use crate::responses::operation::{OPERATION, Operation, SHAPE, Shape};
use crate::responses::reading::{Member, Reading, members, value};
use crate::responses::select::{capitalised, select};
use maremma_model::{AnyId, Document, Piece, Text, Value};

const REST: &str = "AWS::ApiGateway::RestApi";
const METHOD: &str = "AWS::ApiGateway::Method";
const RESOURCE: &str = "AWS::ApiGateway::Resource";
const VALIDATOR: &str = "AWS::ApiGateway::RequestValidator";
const DOMAIN: &str = "AWS::ApiGateway::DomainName";
const HTTP: &str = "AWS::ApiGatewayV2::Api";
const INTEGRATION: &str = "AWS::ApiGatewayV2::Integration";
const DOMAIN_V2: &str = "AWS::ApiGatewayV2::DomainName";
const ASSOCIATION: &str = "AWS::WAFv2::WebACLAssociation";

static REST_API: Shape = Shape {
    cfn: REST,
    arn: "arn:{partition}:apigateway:{region}::/restapis/{id}",
    names: "{id}",
    properties: "EndpointConfiguration=^endpointConfiguration DisableExecuteApiEndpoint=disableExecuteApiEndpoint \
        SecurityPolicy=securityPolicy Policy=()",
    run: Some(policy),
    ..SHAPE
};

static PATH: Shape = Shape {
    cfn: RESOURCE,
    arn: "arn:{partition}:apigateway:{region}::/restapis/{0}/resources/{id}",
    names: "{0}/{id}",
    properties: "PathPart=pathPart ParentId=()",
    run: Some(path),
    ..SHAPE
};

static ONE_METHOD: Shape = Shape {
    cfn: METHOD,
    arn: "arn:{partition}:apigateway:{region}::/restapis/{0}/resources/{1}/methods/{httpMethod}",
    names: "{0}/{1}/{httpMethod}",
    properties: "AuthorizationType=authorizationType AuthorizerId=authorizerId ApiKeyRequired=apiKeyRequired \
        RequestValidatorId=() Integration=()",
    run: Some(own_method),
    ..SHAPE
};

static VALIDATORS: Shape = Shape {
    cfn: VALIDATOR,
    arn: "arn:{partition}:apigateway:{region}::/restapis/{0}/requestvalidators/{id}",
    names: "{id}",
    properties: "ValidateRequestBody=validateRequestBody ValidateRequestParameters=validateRequestParameters",
    ..SHAPE
};

static STAGE: Shape = Shape {
    cfn: "AWS::ApiGateway::Stage",
    arn: "arn:{partition}:apigateway:{region}::/restapis/{0}/stages/{stageName}",
    names: "{0}/{stageName}",
    properties: "RestApiId={0} StageName=stageName TracingEnabled=tracingEnabled \
        CacheClusterEnabled=cacheClusterEnabled ClientCertificateId=clientCertificateId \
        AccessLogSetting.DestinationArn=accessLogSettings.destinationArn \
        AccessLogSetting.Format=accessLogSettings.format Variables=variables MethodSettings=()",
    run: Some(stage),
    ..SHAPE
};

static AUTHORIZER: Shape = Shape {
    cfn: "AWS::ApiGateway::Authorizer",
    arn: "arn:{partition}:apigateway:{region}::/restapis/{0}/authorizers/{id}",
    names: "{id}",
    properties: "RestApiId={0} Name=name Type=type AuthorizerUri=authorizerUri \
        AuthorizerCredentials=authorizerCredentials ProviderARNs=providerARNs IdentitySource=identitySource \
        AuthorizerResultTtlInSeconds=authorizerResultTtlInSeconds",
    ..SHAPE
};

static DOMAIN_NAME: Shape = Shape {
    cfn: DOMAIN,
    arn: "arn:{partition}:apigateway:{region}::/domainnames/{domainName}",
    names: "{domainName}",
    properties: "DomainName=domainName SecurityPolicy=securityPolicy \
        MutualTlsAuthentication.TruststoreUri=mutualTlsAuthentication.truststoreUri",
    ..SHAPE
};

static BASE_PATH: Shape = Shape {
    cfn: "AWS::ApiGateway::BasePathMapping",
    arn: "arn:{partition}:apigateway:{region}::/domainnames/{0}/basepathmappings/{basePath}",
    properties: "DomainName={0} RestApiId=restApiId",
    ..SHAPE
};

static USAGE_PLAN: Shape = Shape {
    cfn: "AWS::ApiGateway::UsagePlan",
    arn: "arn:{partition}:apigateway:{region}::/usageplans/{id}",
    names: "{id}",
    properties: "UsagePlanName=name ApiStages=^apiStages Throttle=^throttle",
    ..SHAPE
};

static HTTP_API: Shape = Shape {
    cfn: HTTP,
    arn: "arn:{partition}:apigateway:{region}::/apis/{ApiId}",
    names: "{ApiId}",
    properties: "ProtocolType CorsConfiguration DisableExecuteApiEndpoint",
    ..SHAPE
};

static INTEGRATIONS: Shape = Shape {
    cfn: INTEGRATION,
    arn: "arn:{partition}:apigateway:{region}::/apis/{0}/integrations/{IntegrationId}",
    names: "{0}/{IntegrationId}",
    properties: "ApiId={0} IntegrationType IntegrationUri CredentialsArn RequestParameters",
    ..SHAPE
};

static ROUTE: Shape = Shape {
    cfn: "AWS::ApiGatewayV2::Route",
    arn: "arn:{partition}:apigateway:{region}::/apis/{0}/routes/{RouteId}",
    names: "{RouteId}",
    properties: "ApiId={0} RouteKey AuthorizationType AuthorizerId AuthorizationScopes ApiKeyRequired Target=()",
    run: Some(route),
    ..SHAPE
};

static AUTHORIZER_V2: Shape = Shape {
    cfn: "AWS::ApiGatewayV2::Authorizer",
    arn: "arn:{partition}:apigateway:{region}::/apis/{0}/authorizers/{AuthorizerId}",
    names: "{AuthorizerId}",
    properties: "ApiId={0} Name AuthorizerType AuthorizerUri AuthorizerCredentialsArn IdentitySource JwtConfiguration \
        AuthorizerResultTtlInSeconds",
    ..SHAPE
};

static STAGE_V2: Shape = Shape {
    cfn: "AWS::ApiGatewayV2::Stage",
    arn: "arn:{partition}:apigateway:{region}::/apis/{0}/stages/{StageName}",
    names: "{0}/{StageName}",
    properties: "ApiId={0} StageName AccessLogSettings ClientCertificateId StageVariables DefaultRouteSettings \
        RouteSettings",
    ..SHAPE
};

static DOMAIN_NAME_V2: Shape = Shape {
    cfn: DOMAIN_V2,
    arn: "arn:{partition}:apigateway:{region}::/domainnames/{DomainName}",
    names: "{DomainName}",
    properties: "DomainName DomainNameConfigurations MutualTlsAuthentication",
    ..SHAPE
};

static API_MAPPING: Shape = Shape {
    cfn: "AWS::ApiGatewayV2::ApiMapping",
    arn: "arn:{partition}:apigateway:{region}::/domainnames/{0}/apimappings/{ApiMappingId}",
    properties: "DomainName={0} ApiId",
    ..SHAPE
};

static PROTECTED: Shape = Shape {
    cfn: ASSOCIATION,
    arn: "{.}/webacl",
    properties: "WebACLArn={0} ResourceArn=()",
    run: Some(protected),
    ..SHAPE
};

pub(super) const OPERATIONS: &[Operation] = &[
    operation!("apigateway", "get-rest-apis", "", [("items", REST_API)]),
    operation!("apigateway", "get-rest-api", REST, [("", REST_API)], named_by: "id"),
    operation!("apigateway", "get-request-validators", REST, [("items", VALIDATORS)]),
    operation!("apigateway", "get-resources", REST, [("items", PATH)], makes: &[METHOD], tells: "Body=()", run: Some(methods)),
    // Its arguments are an API, a resource and a method.
    operation!("apigateway", "get-method", "", [("", ONE_METHOD)]),
    operation!("apigateway", "get-stages", REST, [("item", STAGE)], makes: &[ASSOCIATION]),
    operation!("apigateway", "get-authorizers", REST, [("items", AUTHORIZER)]),
    operation!("apigateway", "get-domain-names", "", [("items", DOMAIN_NAME)]),
    operation!("apigateway", "get-base-path-mappings", DOMAIN, [("items", BASE_PATH)]),
    operation!("apigateway", "get-usage-plans", "", [("items", USAGE_PLAN)]),
    operation!("apigatewayv2", "get-apis", "", [("Items", HTTP_API)]),
    operation!("apigatewayv2", "get-integrations", HTTP, [("Items", INTEGRATIONS)]),
    operation!("apigatewayv2", "get-routes", HTTP, [("Items", ROUTE)], tells: "Body=()"),
    operation!("apigatewayv2", "get-authorizers", HTTP, [("Items", AUTHORIZER_V2)]),
    operation!("apigatewayv2", "get-stages", HTTP, [("Items", STAGE_V2)]),
    operation!("apigatewayv2", "get-domain-names", "", [("Items", DOMAIN_NAME_V2)]),
    operation!("apigatewayv2", "get-api-mappings", DOMAIN_V2, [("Items", API_MAPPING)]),
    operation!("wafv2", "list-resources-for-web-acl", "", [("ResourceArns", PROTECTED)], part: "wafv2 list-resources-for-web-acl holds what one web ACL protects only"),
    operation!("wafv2", "get-web-acl-for-resource", "", [], run: Some(protected_by), makes: &[ASSOCIATION], part: "wafv2 get-web-acl-for-resource holds what protects one resource only"),
];

fn put(reading: &mut Reading<'_>, id: Option<AnyId>, property: &str, value: Option<Document>) {
    if let (Some(value), Some(declared)) = (value, id.and_then(|id| reading.declared_mut(id))) {
        declared.set(property, value);
    }
}

/// A text that stands for a resource of these answers, where it is one.
fn refer(reading: &mut Reading<'_>, member: &Member<'_>, cfn: &'static str, name: &str, found: &Document) -> Document {
    match reading.find(member.call, cfn, name) {
        Some(id) => Document::text(Text::attribute(id, "Ref", name), found.at.clone()),
        None => found.clone(),
    }
}

/// API Gateway gives the policy with its quotes escaped once more.
/// Source: API Gateway developer guide, "Create and attach an API Gateway resource policy to an API".
fn policy(reading: &mut Reading<'_>, member: &Member<'_>) {
    let Some(policy) = value(member, "policy") else { return };
    let text = policy.as_str().filter(|text| text.starts_with("{\\\""));
    let policy = match text {
        Some(text) => Document::string(&text.replace("\\\"", "\"").replace("\\/", "/"), policy.at.clone()),
        None => policy,
    };
    put(reading, member.id, "Policy", Some(policy));
}

/// A resource hangs below its parent, and below the API where that is the root.
fn path(reading: &mut Reading<'_>, member: &Member<'_>) {
    let Some(parent) = value(member, "parentId") else {
        return;
    };
    let (Some(api), Some(name)) = (member.call.argument(0), parent.as_str()) else {
        return;
    };
    let above = reading.find(member.call, RESOURCE, &format!("{api}/{name}"));
    let is_root = above
        .and_then(|id| reading.resources.get(id))
        .is_some_and(|above| above.properties.get("PathPart").is_none());
    let text = match (above, is_root) {
        (Some(_), true) => match reading.find(member.call, REST, api) {
            Some(api) => Text::attribute(api, "RootResourceId", name),
            None => Text::literal(name),
        },
        (Some(id), false) => Text::attribute(id, "Ref", name),
        (None, _) => Text::literal(name),
    };
    put(reading, member.id, "ParentId", Some(Document::text(text, parent.at)));
}

/// The methods that stand in the answer with `--embed methods`; without it, only their names do.
fn methods(reading: &mut Reading<'_>, member: &Member<'_>) {
    let Some(api) = member.call.argument(0).map(str::to_owned) else {
        return;
    };
    for item in members(member.body, "items") {
        let (Some(resource), Some(methods)) = (item.get("id").and_then(Document::as_str), item.get("resourceMethods"))
        else {
            continue;
        };
        for field in methods.fields() {
            let call = member.call;
            let arn = format!(
                "arn:{}:apigateway:{}::/restapis/{api}/resources/{resource}/methods/{}",
                call.partition(),
                call.region.as_deref().unwrap_or(""),
                field.key
            );
            let id = reading.declare(call, METHOD, &arn, &field.key_at);
            let name = Document::string(&field.key, field.key_at.clone());
            put(reading, Some(id), "HttpMethod", Some(name));
            method(reading, member, id, [&api, resource], &field.value);
            if field.value.get("authorizationType").is_some() {
                reading.set(call, id, ONE_METHOD.properties, &field.value);
                reading.told.insert((id, ("apigateway", "get-method")));
            }
        }
    }
}

fn own_method(reading: &mut Reading<'_>, member: &Member<'_>) {
    let (Some(api), Some(resource), Some(id)) = (member.call.argument(0), member.call.argument(1), member.id) else {
        return;
    };
    put(reading, Some(id), "HttpMethod", value(member, "httpMethod"));
    method(reading, member, id, [api, resource], member.body);
}

/// What of a method is a map, or names something beside it.
fn method(reading: &mut Reading<'_>, member: &Member<'_>, id: AnyId, within: [&str; 2], method: &Document) {
    let [api, resource] = within;
    let at = Document::string(api, method.at.clone());
    let found = refer(reading, member, REST, api, &at);
    put(reading, Some(id), "RestApiId", Some(found));
    let path = reading.find(member.call, RESOURCE, &format!("{api}/{resource}"));
    let is_root = path
        .and_then(|id| reading.resources.get(id))
        .is_some_and(|path| path.properties.get("PathPart").is_none());
    let text = match (path, is_root, reading.find(member.call, REST, api)) {
        (Some(_), true, Some(api)) => Text::attribute(api, "RootResourceId", resource),
        (Some(id), _, _) => Text::attribute(id, "Ref", resource),
        (None, _, _) => Text::literal(resource),
    };
    put(
        reading,
        Some(id),
        "ResourceId",
        Some(Document::text(text, method.at.clone())),
    );
    if let Some(validator) = method.get("requestValidatorId") {
        let name = validator.as_str().unwrap_or_default().to_owned();
        let found = refer(reading, member, VALIDATOR, &name, validator);
        put(reading, Some(id), "RequestValidatorId", Some(found));
    }
    let parts = [
        ("type", "Type"),
        ("uri", "Uri"),
        ("credentials", "Credentials"),
        ("requestParameters", "RequestParameters"),
    ];
    for (from, to) in parts {
        let found = method.get("methodIntegration").and_then(|own| select(own, from));
        put(reading, Some(id), &format!("Integration.{to}"), found);
    }
}

/// The keys of a stage's settings are paths with `~1` for their slashes, and a method behind the last.
fn stage(reading: &mut Reading<'_>, member: &Member<'_>) {
    let settings = value(member, "methodSettings");
    for field in settings.as_ref().map_or(&[][..], Document::fields) {
        let (path, method) = field.key.rsplit_once('/').unwrap_or(("*", "*"));
        let path = format!("/{}", path.replace("~1", "/").trim_start_matches('/'));
        let own = capitalised(field.value.clone());
        let mut fields = match own.value {
            Value::Map(fields) => fields,
            _ => Vec::new(),
        };
        for (key, text) in [("ResourcePath", path.as_str()), ("HttpMethod", method)] {
            fields.push(maremma_model::Field {
                key: key.into(),
                key_at: field.key_at.clone(),
                value: Document::string(text, field.key_at.clone()),
            });
        }
        if let Some(declared) = member.id.and_then(|id| reading.declared_mut(id)) {
            declared.append(
                "MethodSettings",
                Document::new(Value::Map(fields), field.key_at.clone()),
            );
        }
    }
    if let Some(acl) = value(member, "webAclArn").filter(|acl| acl.as_str().is_some_and(|acl| !acl.is_empty()))
        && let Some(stage) = member.id.and_then(|id| reading.resources.get(id))
    {
        let arn = stage.address.clone();
        associate(reading, member, &arn, acl);
    }
}

fn protected(reading: &mut Reading<'_>, member: &Member<'_>) {
    if let Some(arn) = member.body.as_str() {
        let on = named(reading, member, arn, member.body);
        put(reading, member.id, "ResourceArn", Some(on));
    }
}

/// Source: AWS WAF API reference, "GetWebACLForResource": an empty answer where nothing protects it.
fn protected_by(reading: &mut Reading<'_>, member: &Member<'_>) {
    if let (Some(acl), Some(arn)) = (value(member, "WebACL.ARN"), member.call.argument(0)) {
        associate(reading, member, arn, acl);
    }
}

fn associate(reading: &mut Reading<'_>, member: &Member<'_>, arn: &str, acl: Document) {
    let id = reading.declare(member.call, ASSOCIATION, &format!("{arn}/webacl"), &acl.at);
    let on = named(reading, member, arn, &acl);
    put(reading, Some(id), "ResourceArn", Some(on));
    put(reading, Some(id), "WebACLArn", Some(acl));
}

/// An ARN of a stage with the API in the place of its id, as a template refers to it.
fn named(reading: &mut Reading<'_>, member: &Member<'_>, arn: &str, found: &Document) -> Document {
    let at = found.at.clone();
    let split = arn.split_once("/restapis/").and_then(|(before, after)| {
        let (api, stage) = after.split_once('/')?;
        Some((before, api, stage))
    });
    let Some((before, api, stage)) = split else {
        return Document::string(arn, at);
    };
    match reading.find(member.call, REST, api) {
        Some(id) => {
            let pieces = [
                Text::literal(format!("{before}/restapis/")),
                Text::attribute(id, "Ref", api),
                Text::literal(format!("/{stage}")),
            ];
            Document::text(
                Text::from_pieces(pieces.iter().flat_map(Text::pieces).collect::<Vec<Piece>>()),
                at,
            )
        }
        None => Document::string(arn, at),
    }
}

/// A route's target is `integrations/` and an id.
fn route(reading: &mut Reading<'_>, member: &Member<'_>) {
    let Some(target) = value(member, "Target") else { return };
    let name = target.as_str().and_then(|target| target.strip_prefix("integrations/"));
    let (Some(api), Some(name)) = (member.call.argument(0), name) else {
        return put(reading, member.id, "Target", Some(target));
    };
    let found = refer(reading, member, INTEGRATION, &format!("{api}/{name}"), &target);
    let text = match found.as_text() {
        Some(text @ Text::Holed(_)) => Text::concat([&Text::literal("integrations/"), text]),
        _ => Text::literal(format!("integrations/{name}")),
    };
    put(reading, member.id, "Target", Some(Document::text(text, target.at)));
}
