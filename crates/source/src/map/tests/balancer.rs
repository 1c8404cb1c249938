//! Load balancers, VPC Lattice, GraphQL APIs, and the networks of functions.

use super::*;
use maremma_model::{
    AnyId, AnyLink, Function, GraphqlApi, LatticeService, Link, Listener, ListenerRule, State, Subnet, TriggerKind, Why,
};

#[test]
fn a_rule_keeps_its_actions_conditions_and_listener() {
    let estate = estate(&format!(
        "{FUNCTION}
  Targets: {{Type: AWS::ElasticLoadBalancingV2::TargetGroup, Properties: {{TargetType: lambda, Targets: [{{Id: !GetAtt Fn.Arn}}]}}}}
  Balancer: {{Type: AWS::ElasticLoadBalancingV2::LoadBalancer}}
  Listener: {{Type: AWS::ElasticLoadBalancingV2::Listener, Properties: {{LoadBalancerArn: !Ref Balancer, Port: 443, Protocol: HTTPS, DefaultActions: [{{Type: fixed-response}}]}}}}
  Rule:
    Type: AWS::ElasticLoadBalancingV2::ListenerRule
    Properties:
      ListenerArn: !Ref Listener
      Conditions: [{{Field: source-ip, SourceIpConfig: {{Values: [192.0.2.0/24]}}}}, {{Field: path-pattern, Values: [/*]}}]
      Actions:
        - {{Type: authenticate-oidc, AuthenticateOidcConfig: {{OnUnauthenticatedRequest: allow}}}}
        - {{Type: forward, ForwardConfig: {{TargetGroups: [{{TargetGroupArn: !Ref Targets}}]}}}}
"
    ));
    let listener: &Listener = only(&estate);
    assert_eq!(literal(&listener.port), "443");
    assert_eq!(literal(&listener.mutual_authentication), "off");
    assert!(listener.load_balancer.value().and_then(Link::here).is_some());
    let rule: &ListenerRule = only(&estate);
    assert!(rule.listener.value().and_then(Link::here).is_some());
    let [addresses, path] = rule.conditions.as_slice() else {
        panic!("{:?}", rule.conditions)
    };
    assert!(!addresses.source_ips.is_unset() && path.source_ips.is_unset());
    let [asks, forward] = rule.actions.as_slice() else {
        panic!("{:?}", rule.actions)
    };
    assert_eq!(literal(&asks.on_unauthenticated), "allow");
    assert!(asks.target_groups.is_empty());
    assert_eq!(forward.target_groups.len(), 1);
    assert!(forward.target_groups[0].value().and_then(Link::here).is_some());
}

#[test]
fn a_lattice_service_knows_its_networks_and_what_its_rules_forward_to() {
    let estate = estate(&format!(
        "{FUNCTION}
  Targets: {{Type: AWS::VpcLattice::TargetGroup, Properties: {{Type: LAMBDA, Targets: [{{Id: !GetAtt Fn.Arn}}]}}}}
  More: {{Type: AWS::VpcLattice::TargetGroup, Properties: {{Type: LAMBDA, Targets: [{{Id: !GetAtt Fn.Arn}}]}}}}
  Network: {{Type: AWS::VpcLattice::ServiceNetwork}}
  Rule: {{Type: AWS::VpcLattice::Rule, Properties: {{ListenerIdentifier: !GetAtt Listener.Id, Action: {{Forward: {{TargetGroups: [{{TargetGroupIdentifier: !Ref More}}]}}}}}}}}
  Listener: {{Type: AWS::VpcLattice::Listener, Properties: {{ServiceIdentifier: !Ref Service, DefaultAction: {{Forward: {{TargetGroups: [{{TargetGroupIdentifier: !GetAtt Targets.Arn}}]}}}}}}}}
  Service: {{Type: AWS::VpcLattice::Service}}
  Association: {{Type: AWS::VpcLattice::ServiceNetworkServiceAssociation, Properties: {{ServiceIdentifier: !GetAtt Service.Arn, ServiceNetworkIdentifier: !GetAtt Network.Id}}}}
"
    ));
    let service: &LatticeService = only(&estate);
    assert_eq!(literal(&service.auth_type), "NONE");
    assert_eq!(service.networks.len(), 1);
    assert!(service.networks[0].value().and_then(Link::here).is_some());
    let sources: Vec<_> = estate
        .triggers
        .values()
        .filter(|trigger| trigger.kind == TriggerKind::LatticeTarget)
        .map(|trigger| trigger.source.value().unwrap())
        .collect();
    assert_eq!(service.target_groups.len(), 2);
    assert!(sources.iter().all(|source| service.target_groups.contains(source)));
}

#[test]
fn a_data_source_is_of_its_graphql_api() {
    let estate = estate(&format!(
        "{FUNCTION}
  Api: {{Type: AWS::AppSync::GraphQLApi, Properties: {{AuthenticationType: AWS_IAM, AdditionalAuthenticationProviders: [{{AuthenticationType: API_KEY}}]}}}}
  Source: {{Type: AWS::AppSync::DataSource, Properties: {{ApiId: !GetAtt Api.ApiId, LambdaConfig: {{LambdaFunctionArn: !GetAtt Fn.Arn}}}}}}
"
    ));
    let api: &GraphqlApi = only(&estate);
    assert_eq!(literal(&api.authentication_type), "AWS_IAM");
    assert_eq!(literal(&api.visibility), "GLOBAL");
    assert_eq!(api.additional_types.value().map(Vec::len), Some(1));
    let source = estate.triggers.values().next().unwrap().source.value();
    assert!(matches!(source, Some(AnyLink::Here(AnyId::GraphqlApi(_)))));
}

#[test]
fn a_default_security_group_is_that_of_its_vpc_and_zones_keep_their_places() {
    let estate = estate(
        "
  Network: {Type: AWS::EC2::VPC}
  A: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref Network, AvailabilityZone: !Select [1, !GetAZs '']}}
  Fn:
    Type: AWS::Lambda::Function
    Properties: {VpcConfig: {SubnetIds: [!Ref A], SecurityGroupIds: [!GetAtt Network.DefaultSecurityGroup]}}
",
    );
    let function: &Function = only(&estate);
    let group = function.vpc.security_groups.value().unwrap()[0].value();
    assert!(matches!(group, Some(AnyLink::Here(AnyId::Vpc(_)))));
    let subnet: &Subnet = only(&estate);
    let State::Unknown(zone) = &subnet.availability_zone.state else {
        panic!("{:?}", subnet.availability_zone)
    };
    assert_eq!(zone.why, Why::Pseudo("Fn::GetAZs[1]".into()));
}
