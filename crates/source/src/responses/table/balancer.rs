//! Load balancers and VPC Lattice.

use crate::responses::operation::{OPERATION, Operation, SHAPE, Shape, Which};
use crate::responses::reading::Reading;
use maremma_model::Document;

const BALANCER_TYPE: &str = "AWS::ElasticLoadBalancingV2::LoadBalancer";
const GROUP_TYPE: &str = "AWS::ElasticLoadBalancingV2::TargetGroup";
const LISTENER_TYPE: &str = "AWS::ElasticLoadBalancingV2::Listener";
const SERVICE_TYPE: &str = "AWS::VpcLattice::Service";
const NETWORK_TYPE: &str = "AWS::VpcLattice::ServiceNetwork";
const LATTICE_GROUP_TYPE: &str = "AWS::VpcLattice::TargetGroup";

static BALANCER: Shape = Shape {
    cfn: BALANCER_TYPE,
    arn: "{LoadBalancerArn}",
    names: "{LoadBalancerName}",
    properties: "Scheme SecurityGroups",
    ..SHAPE
};

static GROUP: Shape = Shape {
    cfn: GROUP_TYPE,
    arn: "{TargetGroupArn}",
    names: "{TargetGroupName}",
    properties: "TargetType",
    ..SHAPE
};

static LISTENER: Shape = Shape {
    cfn: LISTENER_TYPE,
    arn: "{ListenerArn}",
    names: "{#ListenerArn}",
    properties: "LoadBalancerArn Port Protocol MutualAuthentication DefaultActions",
    ..SHAPE
};

static RULE: Shape = Shape {
    cfn: "AWS::ElasticLoadBalancingV2::ListenerRule",
    arn: "{RuleArn}",
    names: "{#RuleArn}",
    properties: "ListenerArn={0} Conditions Actions",
    which: Some(own_rule),
    ..SHAPE
};

static LISTED_SERVICE: Shape = Shape {
    cfn: SERVICE_TYPE,
    arn: "{arn}",
    names: "{name} {id}",
    ..SHAPE
};

static SERVICE: Shape = Shape {
    cfn: SERVICE_TYPE,
    arn: "{arn}",
    names: "{name} {id}",
    properties: "AuthType=authType",
    ..SHAPE
};

static LISTED_NETWORK: Shape = Shape {
    cfn: NETWORK_TYPE,
    arn: "{arn}",
    names: "{name} {id}",
    ..SHAPE
};

static NETWORK: Shape = Shape {
    cfn: NETWORK_TYPE,
    arn: "{arn}",
    names: "{name} {id}",
    properties: "AuthType=authType",
    ..SHAPE
};

static LATTICE_GROUP: Shape = Shape {
    cfn: LATTICE_GROUP_TYPE,
    arn: "{arn}",
    names: "{name} {id}",
    ..SHAPE
};

static LATTICE_LISTENER: Shape = Shape {
    cfn: "AWS::VpcLattice::Listener",
    arn: "{arn}",
    names: "{name} {id}",
    properties: "ServiceIdentifier=serviceArn DefaultAction=^defaultAction",
    ..SHAPE
};

static LATTICE_RULE: Shape = Shape {
    cfn: "AWS::VpcLattice::Rule",
    arn: "{arn}",
    names: "{name} {id}",
    properties: "ServiceIdentifier={0} ListenerIdentifier={1} Action=^action",
    ..SHAPE
};

static ASSOCIATION: Shape = Shape {
    cfn: "AWS::VpcLattice::ServiceNetworkServiceAssociation",
    arn: "{arn}",
    names: "{id}",
    properties: "ServiceIdentifier=serviceArn ServiceNetworkIdentifier=serviceNetworkArn",
    ..SHAPE
};

pub(super) const OPERATIONS: &[Operation] = &[
    operation!("elbv2", "describe-load-balancers", "", [("LoadBalancers", BALANCER)]),
    operation!("elbv2", "describe-target-groups", "", [("TargetGroups", GROUP)]),
    operation!("elbv2", "describe-listeners", BALANCER_TYPE, [("Listeners", LISTENER)], named_by: "Listeners.*.LoadBalancerArn"),
    operation!("elbv2", "describe-rules", LISTENER_TYPE, [("Rules", RULE)]),
    operation!("elbv2", "describe-target-health", GROUP_TYPE, [], tells: "Targets=TargetHealthDescriptions.*.Target"),
    operation!("vpc-lattice", "list-services", "", [("items", LISTED_SERVICE)]),
    operation!("vpc-lattice", "get-service", SERVICE_TYPE, [("", SERVICE)]),
    operation!("vpc-lattice", "list-service-networks", "", [("items", LISTED_NETWORK)]),
    operation!("vpc-lattice", "get-service-network", NETWORK_TYPE, [("", NETWORK)]),
    operation!("vpc-lattice", "list-target-groups", "", [("items", LATTICE_GROUP)]),
    operation!("vpc-lattice", "list-targets", LATTICE_GROUP_TYPE, [], tells: "Targets=^items"),
    // Their arguments are a service and a listener, and of the second a rule.
    operation!("vpc-lattice", "get-listener", SERVICE_TYPE, [("", LATTICE_LISTENER)]),
    operation!("vpc-lattice", "get-rule", SERVICE_TYPE, [("", LATTICE_RULE)]),
    operation!(
        "vpc-lattice",
        "list-service-network-service-associations",
        SERVICE_TYPE,
        [("items", ASSOCIATION)]
    ),
];

/// The last rule of a listener is what the listener itself says.
fn own_rule(_: &mut Reading<'_>, member: &Document) -> Which {
    match member.get("IsDefault").and_then(Document::as_str) {
        Some("true") => Which::Neither,
        _ => Which::Itself,
    }
}
