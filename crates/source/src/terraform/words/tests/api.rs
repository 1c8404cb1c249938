//! APIs of both families, and load balancers.

use super::*;
use maremma_model::{
    AnyLink, Authorizer, Domain, GapKind, GraphqlApi, HttpApi, HttpRoute, Link, Listener, ListenerRule, LoadBalancer,
    Permission, RestApi, RestMethod, Stage, TargetGroup, TriggerKind, UsagePlan, WebAclAssociation,
};
use serde_json::json;

#[test]
fn integrations_are_said_of_their_methods() {
    let estate = estate(json!({
        "aws_lambda_function.orders": {"function_name": "orders"},
        "aws_api_gateway_rest_api.a": {"name": "a", "endpoint_configuration": [{"types": ["REGIONAL"]}]},
        "aws_api_gateway_rest_api_policy.a": {"rest_api_id": "${aws_api_gateway_rest_api.a.id}", "policy": {"Statement": []}},
        "aws_api_gateway_resource.orders": {"rest_api_id": "${aws_api_gateway_rest_api.a.id}", "parent_id": "${aws_api_gateway_rest_api.a.root_resource_id}", "path_part": "orders"},
        "aws_api_gateway_method.get": {"rest_api_id": "${aws_api_gateway_rest_api.a.id}", "resource_id": "${aws_api_gateway_resource.orders.id}", "http_method": "GET", "authorization": "CUSTOM", "authorizer_id": "${aws_api_gateway_authorizer.asks.id}"},
        "aws_api_gateway_method.root": {"rest_api_id": "${aws_api_gateway_rest_api.a.id}", "resource_id": "${aws_api_gateway_rest_api.a.root_resource_id}", "http_method": "GET", "authorization": "NONE"},
        "aws_api_gateway_integration.get": {"rest_api_id": "${aws_api_gateway_rest_api.a.id}", "resource_id": "${aws_api_gateway_resource.orders.id}", "http_method": "${aws_api_gateway_method.get.http_method}", "type": "AWS_PROXY", "uri": "${aws_lambda_function.orders.invoke_arn}"},
        "aws_api_gateway_integration.root": {"rest_api_id": "${aws_api_gateway_rest_api.a.id}", "resource_id": "${aws_api_gateway_rest_api.a.root_resource_id}", "http_method": "GET", "type": "MOCK"},
        "aws_api_gateway_authorizer.asks": {"rest_api_id": "${aws_api_gateway_rest_api.a.id}", "name": "asks", "authorizer_uri": "${aws_lambda_function.orders.invoke_arn}"},
    }));
    let api: &RestApi = only(&estate);
    assert_eq!(literals(&api.endpoint_types), ["REGIONAL"]);
    assert!(api.policy.value().is_some() && estate.resource_policies.len() == 1);
    let get: &RestMethod = row(&estate, "aws_api_gateway_method.get");
    assert_eq!(get.path, Text::literal("/orders"));
    assert_eq!(
        function(&estate, &get.integration.function),
        "aws_lambda_function.orders"
    );
    assert!(matches!(get.authorizer.value(), Some(Link::Here(_))));
    let root: &RestMethod = row(&estate, "aws_api_gateway_method.root");
    assert_eq!(
        (root.path.as_literal(), literal(&root.integration.kind)),
        (Some("/"), "MOCK")
    );
    let asks: &Authorizer = only(&estate);
    assert_eq!(literal(&asks.kind), "TOKEN");
    let kinds: Vec<_> = estate.triggers.values().map(|trigger| trigger.kind).collect();
    assert_eq!(kinds, [TriggerKind::ApiIntegration, TriggerKind::ApiAuthorizer]);
}

#[test]
fn an_integration_without_a_method_is_told() {
    let estate = with_gaps(json!({
        "aws_api_gateway_rest_api.a": {"name": "a"},
        "aws_api_gateway_integration.get": {"rest_api_id": "${aws_api_gateway_rest_api.a.id}", "resource_id": "x", "http_method": "GET", "type": "MOCK"},
    }));
    assert_eq!(
        estate.gaps.iter().map(|gap| gap.kind).collect::<Vec<_>>(),
        [GapKind::Absent]
    );
}

#[test]
fn stages_have_settings_and_web_acls() {
    let estate = estate(json!({
        "aws_api_gateway_rest_api.a": {"name": "a"},
        "aws_api_gateway_deployment.a": {"rest_api_id": "${aws_api_gateway_rest_api.a.id}", "stage_name": "test"},
        "aws_api_gateway_stage.prod": {"rest_api_id": "${aws_api_gateway_rest_api.a.id}", "stage_name": "prod", "xray_tracing_enabled": true, "access_log_settings": [{"destination_arn": "${aws_cloudwatch_log_group.a.arn}", "format": "x"}], "variables": {"a": "b"}},
        "aws_cloudwatch_log_group.a": {"name": "a"},
        "aws_api_gateway_method_settings.all": {"rest_api_id": "${aws_api_gateway_rest_api.a.id}", "stage_name": "${aws_api_gateway_stage.prod.stage_name}", "method_path": "*/*", "settings": [{"logging_level": "INFO", "throttling_burst_limit": -1}]},
        "aws_api_gateway_method_settings.orders": {"rest_api_id": "${aws_api_gateway_rest_api.a.id}", "stage_name": "prod", "method_path": "orders/{id}/GET", "settings": [{"data_trace_enabled": true, "throttling_burst_limit": 5}]},
        "aws_api_gateway_method_settings.test": {"rest_api_id": "${aws_api_gateway_rest_api.a.id}", "stage_name": "test", "method_path": "*/*", "settings": [{"logging_level": "ERROR"}]},
        "aws_wafv2_web_acl.w": {"name": "w"},
        "aws_wafv2_web_acl_association.prod": {"resource_arn": "${aws_api_gateway_stage.prod.arn}", "web_acl_arn": "${aws_wafv2_web_acl.w.arn}"},
        "aws_lambda_permission.p": {"function_name": "f", "action": "lambda:InvokeFunction", "principal": "apigateway.amazonaws.com", "source_arn": "${aws_api_gateway_stage.prod.execution_arn}/*"},
        "aws_api_gateway_usage_plan.p": {"name": "p", "api_stages": [{"api_id": "${aws_api_gateway_rest_api.a.id}", "stage": "prod"}], "throttle_settings": [{"rate_limit": 10}]},
    }));
    let prod: &Stage = row(&estate, "aws_api_gateway_stage.prod");
    let selectors: Vec<_> = prod.methods.iter().map(|method| method.selector.to_string()).collect();
    assert_eq!(selectors, ["*/*", "orders/{id}/GET"]);
    assert!(prod.methods[0].throttling_burst_limit.is_unset());
    assert_eq!(literal(&prod.methods[1].throttling_burst_limit), "5");
    assert!(matches!(
        prod.access_log_destination.value(),
        Some(AnyLink::Here(AnyId::LogGroup(_)))
    ));
    let test: &Stage = row(&estate, "aws_api_gateway_deployment.a");
    assert_eq!(literal(&test.methods[0].logging_level), "ERROR");
    let association: &WebAclAssociation = only(&estate);
    assert_eq!(literal(&association.stage), "prod");
    assert!(matches!(association.on.value(), Some(AnyLink::Here(AnyId::RestApi(_)))));
    let permission: &Permission = only(&estate);
    let source = permission
        .statement
        .get("Condition")
        .unwrap()
        .get("ArnLike")
        .unwrap()
        .get("AWS:SourceArn")
        .unwrap();
    let source = source.as_text().unwrap();
    assert!(
        source.to_string().ends_with("${aws_api_gateway_rest_api.a.id}/prod/*"),
        "{source}"
    );
    let plan: &UsagePlan = only(&estate);
    assert_eq!(literal(&plan.rate_limit), "10");
}

#[test]
fn http_apis_have_routes_and_integrations() {
    let estate = estate(json!({
        "aws_lambda_function.orders": {"function_name": "orders"},
        "aws_lambda_alias.live": {"name": "live", "function_name": "orders", "function_version": "1"},
        "aws_apigatewayv2_api.a": {"name": "a", "protocol_type": "HTTP", "cors_configuration": [{"allow_origins": ["*"]}]},
        "aws_apigatewayv2_integration.i": {"api_id": "${aws_apigatewayv2_api.a.id}", "integration_type": "AWS_PROXY", "integration_uri": "${aws_lambda_alias.live.invoke_arn}"},
        "aws_apigatewayv2_route.r": {"api_id": "${aws_apigatewayv2_api.a.id}", "route_key": "GET /orders", "target": "integrations/${aws_apigatewayv2_integration.i.id}", "authorization_type": "JWT", "authorizer_id": "${aws_apigatewayv2_authorizer.j.id}"},
        "aws_apigatewayv2_authorizer.j": {"api_id": "${aws_apigatewayv2_api.a.id}", "name": "j", "authorizer_type": "JWT", "identity_sources": ["$request.header.Authorization"], "jwt_configuration": [{"issuer": "https://example.com", "audience": ["web"]}]},
        "aws_apigatewayv2_stage.s": {"api_id": "${aws_apigatewayv2_api.a.id}", "name": "$default", "default_route_settings": [{"throttling_burst_limit": 5}], "route_settings": [{"route_key": "GET /orders", "data_trace_enabled": true}]},
        "aws_apigatewayv2_domain_name.d": {"domain_name": "a.example.com", "domain_name_configuration": [{"security_policy": "TLS_1_2"}]},
        "aws_apigatewayv2_api_mapping.m": {"api_id": "${aws_apigatewayv2_api.a.id}", "domain_name": "${aws_apigatewayv2_domain_name.d.id}", "stage": "x"},
    }));
    let api: &HttpApi = only(&estate);
    assert_eq!(literals(&api.cors.allow_origins), ["*"]);
    let route: &HttpRoute = only(&estate);
    assert!(function(&estate, &route.integration.function).starts_with("aws_lambda_function.orders:"));
    assert!(matches!(route.authorizer.value(), Some(Link::Here(_))));
    let stage: &Stage = only(&estate);
    let selectors: Vec<_> = stage.methods.iter().map(|method| method.selector.to_string()).collect();
    assert_eq!(selectors, ["$default", "GET /orders"]);
    let domain: &Domain = only(&estate);
    assert_eq!(literal(&domain.security_policy), "TLS_1_2");
    assert_eq!(domain.apis.value().map(Vec::len), Some(1));
}

#[test]
fn balancers_listen_and_forward() {
    let estate = estate(json!({
        "aws_lambda_function.orders": {"function_name": "orders"},
        "aws_lb.a": {"internal": true, "security_groups": ["sg-1"]},
        "aws_alb_target_group.t": {"target_type": "lambda"},
        "aws_lb_target_group_attachment.t": {"target_group_arn": "${aws_alb_target_group.t.arn}", "target_id": "${aws_lambda_function.orders.arn}"},
        "aws_lb_listener.l": {"load_balancer_arn": "${aws_lb.a.arn}", "port": 443, "protocol": "HTTPS", "mutual_authentication": [{"mode": "verify"}], "default_action": [{"type": "forward", "forward": [{"target_group": [{"arn": "${aws_alb_target_group.t.arn}", "weight": 1}]}]}]},
        "aws_lb_listener_rule.r": {"listener_arn": "${aws_lb_listener.l.arn}", "action": [{"type": "forward", "target_group_arn": "${aws_alb_target_group.t.arn}"}], "condition": [{"source_ip": [{"values": ["10.0.0.0/8"]}], "path_pattern": []}, {"http_header": [{"http_header_name": "x-origin", "values": ["a"]}]}]},
    }));
    let balancer: &LoadBalancer = only(&estate);
    assert_eq!(literal(&balancer.scheme), "internal");
    let group: &TargetGroup = only(&estate);
    assert_eq!(literal(&group.target_type), "lambda");
    let trigger: &maremma_model::Trigger = only(&estate);
    assert_eq!(
        (trigger.kind, function(&estate, &trigger.function)),
        (TriggerKind::LoadBalancerTarget, "aws_lambda_function.orders".to_owned())
    );
    let listener: &Listener = only(&estate);
    assert_eq!(
        (literal(&listener.port), literal(&listener.mutual_authentication)),
        ("443", "verify")
    );
    assert!(matches!(
        listener.actions[0].target_groups[0].value(),
        Some(Link::Here(_))
    ));
    let rule: &ListenerRule = only(&estate);
    let fields: Vec<_> = rule
        .conditions
        .iter()
        .map(|condition| literal(&condition.field))
        .collect();
    assert_eq!(fields, ["source-ip", "http-header"]);
    assert_eq!(literals(&rule.conditions[0].source_ips), ["10.0.0.0/8"]);
    assert_eq!(literal(&rule.conditions[1].header), "x-origin");
}

#[test]
fn graphql_and_lattice() {
    let estate = estate(json!({
        "aws_lambda_function.orders": {"function_name": "orders"},
        "aws_appsync_graphql_api.g": {"name": "g", "authentication_type": "API_KEY", "additional_authentication_provider": [{"authentication_type": "AWS_LAMBDA", "lambda_authorizer_config": [{"authorizer_uri": "${aws_lambda_function.orders.arn}"}]}]},
        "aws_appsync_datasource.d": {"api_id": "${aws_appsync_graphql_api.g.id}", "lambda_config": [{"function_arn": "${aws_lambda_function.orders.arn}"}]},
        "aws_vpclattice_service.s": {"auth_type": "AWS_IAM"},
        "aws_vpclattice_service_network.n": {"auth_type": "NONE"},
        "aws_vpclattice_service_network_service_association.a": {"service_identifier": "${aws_vpclattice_service.s.id}", "service_network_identifier": "${aws_vpclattice_service_network.n.id}"},
        "aws_vpclattice_target_group.t": {"type": "LAMBDA"},
        "aws_vpclattice_target_group_attachment.t": {"target_group_identifier": "${aws_vpclattice_target_group.t.id}", "target": [{"id": "${aws_lambda_function.orders.arn}"}]},
        "aws_vpclattice_listener.l": {"service_arn": "${aws_vpclattice_service.s.arn}", "default_action": [{"forward": [{"target_groups": [{"target_group_identifier": "${aws_vpclattice_target_group.t.id}"}]}]}]},
    }));
    let api: &GraphqlApi = only(&estate);
    assert_eq!(literals(&api.additional_types), ["AWS_LAMBDA"]);
    let mut kinds: Vec<_> = estate.triggers.values().map(|trigger| trigger.kind).collect();
    kinds.sort();
    assert_eq!(kinds, {
        let mut expected = vec![
            TriggerKind::ApiAuthorizer,
            TriggerKind::AppSyncDataSource,
            TriggerKind::LatticeTarget,
        ];
        expected.sort();
        expected
    });
    let service: &maremma_model::LatticeService = only(&estate);
    assert_eq!((service.networks.len(), service.target_groups.len()), (1, 1));
}
