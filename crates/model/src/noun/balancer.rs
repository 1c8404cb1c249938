//! What spreads requests over targets: load balancers and VPC Lattice.

use super::{AnyLink, Items};
use crate::link::Link;
use crate::noun::SecurityGroup;
use crate::resource::Resource;
use crate::setting::Setting;
use crate::text::Text;
use serde::{Deserialize, Serialize};

/// `AWS::ElasticLoadBalancingV2::LoadBalancer`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoadBalancer {
    pub resource: Resource,
    /// `internet-facing` or `internal`.
    pub scheme: Setting<Text>,
    pub security_groups: Items<Link<SecurityGroup>>,
}

/// `AWS::ElasticLoadBalancingV2::TargetGroup`. Its functions are [`super::Trigger`]s.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetGroup {
    pub resource: Resource,
    /// `lambda` where it leads to a function.
    pub target_type: Setting<Text>,
}

/// `AWS::ElasticLoadBalancingV2::Listener`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listener {
    pub resource: Resource,
    pub load_balancer: Setting<Link<LoadBalancer>>,
    pub port: Setting<Text>,
    /// `HTTP` or `HTTPS`; of other load balancers `TCP`, `TLS` and the like.
    pub protocol: Setting<Text>,
    /// `MutualAuthentication.Mode`: `off`, `passthrough` or `verify`.
    pub mutual_authentication: Setting<Text>,
    /// `DefaultActions`: what no rule matches.
    pub actions: Vec<ListenerAction>,
}

/// `AWS::ElasticLoadBalancingV2::ListenerRule`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListenerRule {
    pub resource: Resource,
    pub listener: Setting<Link<Listener>>,
    /// All must hold.
    pub conditions: Vec<RuleCondition>,
    pub actions: Vec<ListenerAction>,
}

/// One of the actions of a listener or rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListenerAction {
    /// `forward`, `redirect`, `authenticate-oidc`, `jwt-validation`, ...
    pub kind: Setting<Text>,
    /// Where it forwards to.
    pub target_groups: Vec<Setting<Link<TargetGroup>>>,
    /// `OnUnauthenticatedRequest` of an action that authenticates: `deny`, `allow` or `authenticate`.
    pub on_unauthenticated: Setting<Text>,
}

/// One of the conditions of a rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RuleCondition {
    /// `source-ip`, `http-header`, `path-pattern`, ...
    pub field: Setting<Text>,
    /// `SourceIpConfig.Values`: one of these.
    pub source_ips: Items<Text>,
    /// `HttpHeaderConfig.HttpHeaderName`.
    pub header: Setting<Text>,
}

/// `AWS::VpcLattice::Service`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LatticeService {
    pub resource: Resource,
    /// `NONE` or `AWS_IAM`.
    pub auth_type: Setting<Text>,
    /// The target groups that its listeners and their rules forward to.
    pub target_groups: Vec<AnyLink>,
    /// The service networks that it is associated with.
    pub networks: Vec<Setting<Link<ServiceNetwork>>>,
}

/// `AWS::VpcLattice::ServiceNetwork`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceNetwork {
    pub resource: Resource,
    /// `NONE` or `AWS_IAM`.
    pub auth_type: Setting<Text>,
}
