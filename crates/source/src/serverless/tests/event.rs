//! Events as the framework compiles them.

use super::{at, estate, reasons, resources, service};
use serde_json::{Value, json};

fn of(events: &str) -> Value {
    resources(&with_events(events))
}

fn with_events(events: &str) -> String {
    service(&format!(
        "functions:\n  hello:\n    handler: a.b\n    events:\n{events}\n  check: {{handler: a.c}}\n"
    ))
}

#[test]
fn every_kind_is_compiled() {
    let cases = [
        (
            "sqs: arn:aws:sqs:eu-west-1:111122223333:my-queue",
            "HelloEventSourceMappingSQSMyqueue",
        ),
        ("sqs: {arn: !GetAtt Queue.Arn}", "HelloEventSourceMappingSQSQueue"),
        (
            "stream: arn:aws:dynamodb:eu-west-1:111122223333:table/orders/stream/x",
            "HelloEventSourceMappingDynamodbOrders",
        ),
        (
            "stream: {arn: 'arn:aws:kinesis:eu-west-1:111122223333:stream/s', consumer: true}",
            "HellosConsumerStreamConsumer",
        ),
        ("schedule: rate(1 hour)", "HelloEventsRuleSchedule1"),
        ("schedule: {rate: [a, b], method: scheduler}", "HelloSchedulerSchedule2"),
        ("s3: photos", "S3BucketPhotos"),
        ("s3: {bucket: photos, existing: true}", "HelloCustomS31"),
        ("sns: topic", "SNSTopicTopic"),
        (
            "sns: {topicName: topic, filterPolicy: {a: [b]}}",
            "HelloSnsSubscriptionTopic",
        ),
        (
            "sns: arn:aws:sns:eu-west-1:111122223333:far",
            "HelloLambdaPermissionFarSNS",
        ),
        (
            "eventBridge: {pattern: {source: [x]}}",
            "Shopdevhellorule1EventBridgeRule",
        ),
        (
            "eventBridge: {eventBus: my-bus, schedule: rate(1 day)}",
            "MyDashbusEventBridgeEventBus",
        ),
        (
            "cloudwatchEvent: {event: {source: [x]}}",
            "HelloEventsRuleCloudWatchEvent1",
        ),
        ("cloudwatchLog: /a/b", "HelloLogsSubscriptionFilterCloudWatchLog1"),
        ("iot: {sql: SELECT}", "HelloIotTopicRule1"),
        (
            "iotFleetProvisioning: {templateBody: {}}",
            "HelloIotProvisioningTemplate",
        ),
        (
            "cognitoUserPool: {pool: people, trigger: PreSignUp}",
            "CognitoUserPoolPeople",
        ),
        (
            "cognitoUserPool: {pool: people, trigger: PreSignUp, existing: true}",
            "HelloCustomCognitoUserPool1",
        ),
        ("alexaSkill: amzn1.x", "HelloLambdaPermissionAlexaSkill1"),
        ("alexaSmartHome: amzn1.x", "HelloLambdaPermissionAlexaSmartHome1"),
        (
            "msk: {arn: 'arn:aws:kafka:eu-west-1:1:cluster/c/x', topic: t}",
            "HelloEventSourceMappingMSKCT",
        ),
        (
            "kafka: {bootstrapServers: [b], topic: t, accessConfigurations: {}}",
            "HelloEventSourceMappingKafkaT",
        ),
        (
            "activemq: {arn: a, queue: q, basicAuthArn: s}",
            "HelloEventSourceMappingActiveMQQ",
        ),
        (
            "rabbitmq: {arn: a, queue: q, basicAuthArn: s}",
            "HelloEventSourceMappingRabbitMQQ",
        ),
        (
            "alb: {listenerArn: {Ref: L}, priority: 3, conditions: {path: /x}}",
            "HelloAlbListenerRule3",
        ),
        (
            "cloudFront: {origin: 'https://example.com/x', eventType: viewer-request}",
            "CloudFrontDistribution",
        ),
        ("websocket: $connect", "SconnectWebsocketsRoute"),
        ("httpApi: '*'", "HttpApiRouteDefault"),
        ("httpApi: GET /a/{id}", "HttpApiRouteGetAIdVar"),
        ("http: GET /a/{id}", "ApiGatewayMethodAIdVarGet"),
        ("http: {path: '*', method: any, cors: true}", "ApiGatewayMethodAny"),
    ];
    for (event, id) in cases {
        let made = of(&format!("      - {event}"));
        assert!(
            made.get(id).is_some(),
            "{event}: {:?}",
            made.as_object().unwrap().keys().collect::<Vec<_>>()
        );
    }
}

#[test]
fn authorizers_of_rest_methods() {
    let method = |authorizer: &str| {
        of(&format!(
            "      - http: {{path: a, method: get, authorizer: {authorizer}}}"
        ))
    };
    let kind = |made: &Value| at(made, "/ApiGatewayMethodAGet/Properties/AuthorizationType").clone();
    assert_eq!(kind(&of("      - http: GET /a")), "NONE");
    assert_eq!(kind(&method("aws_iam")), "AWS_IAM");
    assert_eq!(kind(&method("{type: aws_iam}")), "AWS_IAM");
    assert_eq!(kind(&method("{type: TOKEN, authorizerId: x}")), "CUSTOM");
    let made = method("check");
    assert_eq!(kind(&made), "CUSTOM");
    assert_eq!(at(&made, "/CheckApiGatewayAuthorizer/Properties/Type"), "TOKEN");
    assert!(made.get("CheckLambdaPermissionApiGateway").is_some());
    let made = method("{name: pool, type: COGNITO_USER_POOLS, arn: !GetAtt P.Arn, scopes: [s]}");
    assert_eq!(kind(&made), "COGNITO_USER_POOLS");
    assert!(made.get("PoolLambdaPermissionApiGateway").is_none());
    let made = method("arn:aws:lambda:eu-west-1:111122223333:function:shop-dev-verify");
    assert!(made.get("VerifyApiGatewayAuthorizer").is_some());
    let private = of("      - http: {path: a, method: get, private: true}");
    assert_eq!(at(&private, "/ApiGatewayMethodAGet/Properties/ApiKeyRequired"), true);
}

#[test]
fn authorizers_of_http_routes() {
    let text = service(
        "  httpApi:\n    cors: true\n    authorizers:\n      jwt: {type: jwt, issuerUrl: i, audience: a, identitySource: s}\n      \
         fn: {type: request, functionName: check}\nfunctions:\n  hello:\n    handler: a.b\n    events:\n      \
         - httpApi: {method: GET, path: /a, authorizer: jwt}\n      - httpApi: {method: GET, path: /b, authorizer: {name: fn}}\n      \
         - httpApi: {method: GET, path: /c, authorizer: {type: aws_iam}}\n      - httpApi: GET /d\n  check: {handler: a.c}\n",
    );
    let made = resources(&text);
    let kind = |id: &str| made[format!("HttpApiRoute{id}")]["Properties"]["AuthorizationType"].clone();
    assert_eq!(
        [kind("GetA"), kind("GetB"), kind("GetC"), kind("GetD")],
        [json!("JWT"), json!("CUSTOM"), json!("AWS_IAM"), Value::Null]
    );
    assert_eq!(
        at(&made, "/HttpApi/Properties/CorsConfiguration/AllowMethods"),
        &json!(["GET", "OPTIONS"])
    );
    assert!(made.get("FnLambdaAuthorizerPermissionHttpApi").is_some());
    assert_eq!(estate(&text).http_routes.len(), 4);
}

#[test]
fn what_the_framework_sets_on_the_stage_stands_in_its_description() {
    let text = service(
        "  logs: {restApi: {level: ERROR}}\n  tracing: {apiGateway: true}\nfunctions: {f: {handler: a.b, events: [{http: GET /}]}}\n",
    );
    let made = resources(&text);
    let stage = at(&made, "/ApiGatewayDeployment/Properties/StageDescription");
    assert_eq!(
        (&stage["LoggingLevel"], &stage["TracingEnabled"]),
        (&json!("ERROR"), &json!(true))
    );
    let estate = estate(&text);
    assert_eq!(reasons(&estate), Vec::<String>::new());
    assert_eq!(estate.stages.len(), 1);
    assert_eq!(
        estate.functions.len(),
        2,
        "the framework's own writes the role of the account"
    );
}

#[test]
fn keys_and_plans_limit_an_api() {
    let text = service(
        "  apiGateway: {apiKeys: [{name: k, value: secretsecretsecret1}], usagePlan: {throttle: {rateLimit: 5, burstLimit: 6}}, resourcePolicy: [{Effect: Allow, Principal: '*', Action: 'execute-api:Invoke', Resource: '*'}]}\n  endpointType: private\nfunctions: {f: {handler: a.b, events: [{http: GET /}]}}\n",
    );
    let made = resources(&text);
    assert_eq!(at(&made, "/ApiGatewayUsagePlan/Properties/Throttle/RateLimit"), 5);
    assert_eq!(
        at(&made, "/ApiGatewayRestApi/Properties/EndpointConfiguration/Types/0"),
        "PRIVATE"
    );
    assert_eq!(
        at(&made, "/ApiGatewayRestApi/Properties/Policy/Statement/0/Effect"),
        "Allow"
    );
    assert!(
        !made.to_string().contains("secretsecret"),
        "nothing needs the value of a key"
    );
}

#[test]
fn what_is_no_event_is_told() {
    let cases = [
        ("      - fax: {number: 1}", "fax is no kind of event"),
        ("      - http:\n      - sqs: x", "says nothing"),
        ("      - text", "expected a map"),
        ("      - sqs: {batchSize: 1}", "needs arn"),
        ("      - cognitoUserPool: {pool: x}", "needs pool and trigger"),
        ("      - http: {path: a}", "needs method and path"),
        (
            "      - http: {path: a, method: get, authorizer: nobody}",
            "neither a function",
        ),
        (
            "      - httpApi: {method: GET, path: /a, authorizer: nobody}",
            "is not among those",
        ),
        ("      - httpApi: nonsense", "expected a method and a path"),
        (
            "      - websocket: {route: a, authorizer: nobody}",
            "no function of this service",
        ),
        (
            "      - alb: {listenerArn: {Ref: L}, authorizer: nobody, conditions: {}}",
            "is not among those",
        ),
    ];
    for (events, expected) in cases {
        let estate = estate(&with_events(events));
        let told = reasons(&estate);
        assert!(
            told.iter().any(|reason| reason.contains(expected)),
            "{events}: {told:?}"
        );
        assert_eq!(estate.functions.len(), 2);
    }
}
