//! APIs: resource trees, bodies, authorizers, stages.

use super::*;
use maremma_model::{
    AnyLink, Authorizer, Domain, HttpApi, HttpRoute, RestApi, RestMethod, Stage, State, TriggerKind, UsagePlan,
};

const TREE: &str = "
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: orders}}
  Orders: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: orders}}
  Order: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !Ref Orders, PathPart: '{id}'}}
  Loop: {Type: AWS::ApiGateway::Resource, Properties: {RestApiId: !Ref Api, ParentId: !Ref Loop, PathPart: x}}
  Auth: {Type: AWS::ApiGateway::Authorizer, Properties: {RestApiId: !Ref Api, Type: TOKEN, Name: a, AuthorizerUri: !Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations'}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Order
      HttpMethod: GET
      AuthorizationType: CUSTOM
      AuthorizerId: !Ref Auth
      Integration: {Type: AWS_PROXY, IntegrationHttpMethod: POST, Uri: !Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}:live/invocations'}
  Root: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !GetAtt Api.RootResourceId, HttpMethod: ANY, Integration: {Type: MOCK}}}
  Far: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, ResourceId: !Ref Loop, HttpMethod: ANY}}
";

#[test]
fn methods_have_full_paths_and_functions() {
    let estate = estate(&format!("{FUNCTION}{TREE}"));
    let methods: Vec<_> = estate.rest_methods.values().collect();
    let [get, root, far] = methods.as_slice() else {
        panic!("{methods:?}")
    };
    assert_eq!(get.path, Text::literal("/orders/{id}"));
    assert_eq!(named(&estate, &get.integration.function), "Fn:live");
    assert_eq!(
        get.api
            .value()
            .unwrap()
            .here()
            .map(|id| &*estate.rest_apis[id].resource.address),
        Some("Api")
    );
    assert_eq!(
        get.authorizer
            .value()
            .unwrap()
            .here()
            .map(|id| &*estate.authorizers[id].resource.address),
        Some("Auth")
    );
    assert_eq!(root.path, Text::literal("/"));
    assert_eq!(root.authorization_type.state, State::Default("NONE".into()));
    assert!(root.integration.function.is_unset());
    assert!(far.path.as_literal().is_none(), "{}", far.path);
    let kinds: Vec<_> = estate
        .triggers
        .values()
        .map(|trigger| (trigger.kind, named(&estate, &trigger.function)))
        .collect();
    assert_eq!(
        kinds,
        [
            (TriggerKind::ApiAuthorizer, "Fn".to_owned()),
            (TriggerKind::ApiIntegration, "Fn:live".to_owned())
        ]
    );
}

const BODY: &str = "
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        swagger: '2.0'
        security: [{Pool: []}]
        securityDefinitions:
          Pool: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: cognito_user_pools, x-amazon-apigateway-authorizer: {type: cognito_user_pools, providerARNs: [!GetAtt Users.Arn]}}
          Iam: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4}
          Ask: {type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: custom, x-amazon-apigateway-authorizer: {type: token, authorizerUri: !Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations'}}
          key: {type: apiKey, name: x-api-key, in: header}
        x-amazon-apigateway-policy: {Statement: [{Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: '*'}]}
        paths:
          /orders:
            get: {x-amazon-apigateway-integration: {type: aws_proxy, uri: !Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations'}}
            post: {security: []}
            put: {security: [{Iam: []}]}
            delete: {security: [{Ask: []}, {key: []}]}
            options: {security: [{NONE: []}], x-amazon-apigateway-integration: {type: mock}}
          /all:
            x-amazon-apigateway-any-method: {}
            parameters: []
            patch: !If [Odd, {security: []}, !Ref AWS::NoValue]
  Users: {Type: AWS::Cognito::UserPool}
";

fn methods(estate: &Estate) -> Vec<(String, String, bool)> {
    let row = |method: &RestMethod| {
        let route = format!("{} {}", literal(&method.method), method.path);
        (
            route,
            literal(&method.authorization_type).to_owned(),
            *method.api_key_required.value().unwrap(),
        )
    };
    estate.rest_methods.values().map(row).collect()
}

#[test]
fn a_body_makes_methods_and_authorizers() {
    let template_text = format!(
        "Parameters: {{Stage: {{Type: String}}}}\nConditions: {{Odd: !Equals [!Ref Stage, odd]}}\nResources:\n{FUNCTION}{BODY}"
    );
    let estate = template(&template_text);
    assert_eq!(estate.gaps, []);
    let expected = [
        ("GET /orders", "COGNITO_USER_POOLS", false),
        ("POST /orders", "NONE", false),
        ("PUT /orders", "AWS_IAM", false),
        ("DELETE /orders", "CUSTOM", true),
        ("OPTIONS /orders", "NONE", false),
        ("ANY /all", "COGNITO_USER_POOLS", false),
        ("PATCH /all", "NONE", false),
    ];
    let expected: Vec<_> = expected
        .map(|(route, kind, key)| (route.to_owned(), kind.to_owned(), key))
        .into();
    assert_eq!(methods(&estate), expected);
    let rows: Vec<_> = estate.rest_methods.values().collect();
    assert!(
        rows.iter()
            .all(|row| &*row.resource.kind == "AWS::ApiGateway::RestApi" && &*row.resource.address == "Api")
    );
    assert_eq!(named(&estate, &rows[0].integration.function), "Fn");
    assert!(matches!(&rows[6].resource.exists, maremma_model::Existence::When(words) if &**words == "Odd"));
    let ask = rows[3].authorizer.value().unwrap().here().unwrap();
    assert_eq!(named(&estate, &estate.authorizers[ask].function), "Fn");
    let api: &RestApi = only(&estate);
    assert!(matches!(api.body.state, State::Set(())));
    assert!(api.policy.value().is_some());
    assert_eq!(estate.resource_policies.len(), 1);
}

#[test]
fn a_body_elsewhere_is_unknown() {
    for property in [
        "BodyS3Location: {Bucket: b, Key: k}",
        "Body: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: 's3://b/k'}}}",
        "Body: {paths: {/a: {Fn::Transform: {Name: AWS::Include}}}}",
    ] {
        let estate = estate(&format!(
            "  Api: {{Type: AWS::ApiGateway::RestApi, Properties: {{{property}}}}}\n"
        ));
        assert!(only::<RestApi>(&estate).body.is_unknown(), "{property}");
    }
}

#[test]
fn a_body_of_the_wrong_type_breaks_nothing() {
    for body in [
        "[]",
        "{paths: []}",
        "{paths: {/a: x}}",
        "{paths: {/a: {get: x}}}",
        "{paths: {/a: {get: {security: x}}}}",
        "'{'",
        "{securityDefinitions: [a], security: 1}",
    ] {
        let estate = estate(&format!(
            "  Api: {{Type: AWS::ApiGateway::RestApi, Properties: {{Body: {body}}}}}\n"
        ));
        assert_eq!(estate.rest_apis.len(), 1, "{body}");
    }
}

#[test]
fn http_apis_have_routes_of_their_own_and_of_a_body() {
    let estate = estate(&format!("{FUNCTION}
  Api: {{Type: AWS::ApiGatewayV2::Api, Properties: {{ProtocolType: HTTP, CorsConfiguration: {{AllowOrigins: ['*'], AllowCredentials: true}}}}}}
  Int: {{Type: AWS::ApiGatewayV2::Integration, Properties: {{ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Fn.Arn}}}}
  Auth: {{Type: AWS::ApiGatewayV2::Authorizer, Properties: {{ApiId: !Ref Api, AuthorizerType: JWT, JwtConfiguration: {{Issuer: 'https://i', Audience: [a]}}}}}}
  Route: {{Type: AWS::ApiGatewayV2::Route, Properties: {{ApiId: !Ref Api, RouteKey: 'GET /orders', AuthorizationType: JWT, AuthorizerId: !Ref Auth, Target: !Join [/, [integrations, !Ref Int]]}}}}
  Quick: {{Type: AWS::ApiGatewayV2::Api, Properties: {{ProtocolType: HTTP, Target: !GetAtt Fn.Arn}}}}
  Bodied:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Body:
        openapi: 3.0.1
        x-amazon-apigateway-cors: {{allowOrigins: ['https://x']}}
        components:
          securitySchemes: {{Oidc: {{type: oauth2, x-amazon-apigateway-authorizer: {{type: jwt, jwtConfiguration: {{issuer: 'https://i', audience: [b]}}}}}}}}
          x-amazon-apigateway-integrations: {{shared: {{type: AWS_PROXY, uri: !GetAtt Fn.Arn}}}}
        paths:
          /$default: {{x-amazon-apigateway-any-method: {{x-amazon-apigateway-integration: {{$ref: '#/components/x-amazon-apigateway-integrations/shared'}}}}}}
          /a: {{get: {{security: [{{Oidc: [read]}}]}}}}
"));
    let routes: Vec<_> = estate
        .http_routes
        .values()
        .map(|route| {
            (
                literal(&route.route_key),
                literal(&route.authorization_type),
                named(&estate, &route.integration.function),
            )
        })
        .collect();
    let unset = format!("{:?}", State::<FunctionRef>::Unset);
    assert_eq!(
        routes,
        [
            ("GET /orders", "JWT", "Fn".to_owned()),
            ("$default", "NONE", "Fn".to_owned()),
            ("$default", "NONE", "Fn".to_owned()),
            ("GET /a", "JWT", unset),
        ]
    );
    let apis: Vec<&HttpApi> = estate.http_apis.values().collect();
    assert_eq!(apis[0].cors.allow_credentials.value(), Some(&true));
    assert_eq!(literal(&apis[2].cors.allow_origins.value().unwrap()[0]), "https://x");
    let last: Vec<&HttpRoute> = estate.http_routes.values().skip(3).collect();
    assert_eq!(last[0].scopes.value().unwrap().len(), 1);
    let authorizers: Vec<&Authorizer> = estate.authorizers.values().collect();
    assert_eq!(literal(&authorizers[1].jwt_issuer), "https://i");
    assert_eq!(last[0].authorizer.value().unwrap().here().map(|id| id.row()), Some(1));
}

#[test]
fn deployments_make_stages_and_mappings_name_apis() {
    let estate = estate("
  Api: {Type: AWS::ApiGateway::RestApi}
  Deploy: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref Api, StageName: prod, StageDescription: {TracingEnabled: true, Variables: {token: t}, MethodSettings: [{ResourcePath: '/*', HttpMethod: '*', LoggingLevel: INFO}]}}}
  Domain: {Type: AWS::ApiGateway::DomainName, Properties: {DomainName: api.example.org, SecurityPolicy: TLS_1_0}}
  Map: {Type: AWS::ApiGateway::BasePathMapping, Properties: {DomainName: api.example.org, RestApiId: !Ref Api, Stage: prod}}
");
    let stage: &Stage = only(&estate);
    assert_eq!(literal(&stage.name), "prod");
    assert_eq!(stage.methods[0].selector, Text::literal("*/*"));
    assert_eq!(stage.variables.len(), 1);
    let domain: &Domain = only(&estate);
    let apis = domain.apis.value().unwrap();
    assert!(matches!(apis[0].value(), Some(AnyLink::Here(_))), "{apis:?}");
}

#[test]
fn validators_are_looked_up() {
    let estate = estate(
        "
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: orders}}
  Blind: {Type: AWS::ApiGateway::RequestValidator, Properties: {RestApiId: !Ref Api}}
  Looks: {Type: AWS::ApiGateway::RequestValidator, Properties: {RestApiId: !Ref Api, ValidateRequestBody: 'true'}}
  Open: {Type: AWS::ApiGateway::RequestValidator, Properties: {RestApiId: !Ref Api, ValidateRequestBody: !ImportValue validate}}
  A: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, RequestValidatorId: !Ref Blind}}
  B: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, RequestValidatorId: !Ref Looks}}
  C: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, RequestValidatorId: !Ref Open}}
  D: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api, RequestValidatorId: abc123}}
  E: {Type: AWS::ApiGateway::Method, Properties: {RestApiId: !Ref Api}}
  Body:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        x-amazon-apigateway-request-validators: {all: {validateRequestBody: true}, none: {validateRequestBody: false}}
        x-amazon-apigateway-request-validator: all
        paths: {/: {get: {}, put: {x-amazon-apigateway-request-validator: none}}}
",
    );
    let validates: Vec<_> = estate.rest_methods.values().map(|method| &method.validates).collect();
    let known: Vec<_> = validates.iter().map(|setting| setting.value().copied()).collect();
    let (yes, no) = (Some(true), Some(false));
    assert_eq!(known, [no, yes, None, yes, None, yes, no]);
    assert!(validates[2].is_unknown() && validates[4].is_unset());
}

#[test]
fn integrations_plans_and_web_acls_are_read() {
    let estate = estate(
        "
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: orders}}
  Prod: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, StageName: prod}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      Integration: {Type: AWS_PROXY, RequestParameters: {integration.request.header.X-Amz-Tenant-Id: context.authorizer.tenant}}
  Plan: {Type: AWS::ApiGateway::UsagePlan, Properties: {ApiStages: [{ApiId: !Ref Api, Stage: !Ref Prod}], Throttle: {RateLimit: 5}}}
  Named: {Type: AWS::WAFv2::WebACLAssociation, Properties: {ResourceArn: !Sub 'arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/prod'}}
  Referred: {Type: AWS::WAFv2::WebACLAssociation, Properties: {ResourceArn: !Sub 'arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/${Prod}'}}
  Balancer: {Type: AWS::WAFv2::WebACLAssociation, Properties: {ResourceArn: 'arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/shop/1'}}
",
    );
    let get: &RestMethod = only(&estate);
    let [mapping] = get.integration.parameters.as_slice() else {
        panic!("{:?}", get.integration.parameters)
    };
    assert_eq!(&*mapping.to, "integration.request.header.X-Amz-Tenant-Id");
    assert_eq!(literal(&mapping.from), "context.authorizer.tenant");
    let plan: &UsagePlan = only(&estate);
    let planned = plan.stages.value().unwrap()[0].value().unwrap();
    assert!(matches!(planned.api.value(), Some(AnyLink::Here(_))), "{planned:?}");
    assert!(planned.stage.value().unwrap().as_attribute().is_some(), "{planned:?}");
    assert_eq!(literal(&plan.rate_limit), "5");
    let acls: Vec<_> = estate.web_acl_associations.values().collect();
    let stages: Vec<_> = acls.iter().map(|acl| acl.stage.value().unwrap()).collect();
    assert_eq!(stages[0].as_literal(), Some("prod"));
    assert!(stages[1].as_attribute().is_some(), "{:?}", stages[1]);
    assert_eq!(stages[2].as_literal(), Some(""));
    assert!(
        acls[..2]
            .iter()
            .all(|acl| matches!(acl.on.value(), Some(AnyLink::Here(_))))
    );
}
