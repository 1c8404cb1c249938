//! VPC objects.

use super::{AnyLink, Items};
use crate::document::Document;
use crate::link::Link;
use crate::resource::Resource;
use crate::setting::Setting;
use crate::text::Text;
use serde::{Deserialize, Serialize};

/// `AWS::EC2::VPC`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Vpc {
    pub resource: Resource,
    pub cidr_block: Setting<Text>,
}

/// `AWS::EC2::Subnet`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Subnet {
    pub resource: Resource,
    pub vpc: Setting<Link<Vpc>>,
    pub cidr_block: Setting<Text>,
    /// The zone's name, or its id (`AvailabilityZoneId`).
    pub availability_zone: Setting<Text>,
    pub map_public_ip_on_launch: Setting<bool>,
}

/// `AWS::EC2::SecurityGroup`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SecurityGroup {
    pub resource: Resource,
    pub vpc: Setting<Link<Vpc>>,
    /// Rules written on the group itself.
    pub ingress: Items<TrafficRule>,
    /// AWS adds allow-all egress where no egress is written.
    pub egress: Items<TrafficRule>,
    /// The default group of its VPC.
    pub is_default: Setting<bool>,
}

/// `AWS::EC2::SecurityGroupIngress` or `AWS::EC2::SecurityGroupEgress`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SecurityGroupRule {
    pub resource: Resource,
    pub group: Setting<Link<SecurityGroup>>,
    pub egress: bool,
    pub rule: TrafficRule,
}

/// One rule of a security group.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TrafficRule {
    /// `-1` for all.
    pub protocol: Setting<Text>,
    pub from_port: Setting<Text>,
    pub to_port: Setting<Text>,
    pub cidr_ipv4: Setting<Text>,
    pub cidr_ipv6: Setting<Text>,
    pub prefix_list: Setting<Text>,
    /// The group at the other end.
    pub peer_group: Setting<Link<SecurityGroup>>,
}

/// `AWS::EC2::RouteTable`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RouteTable {
    pub resource: Resource,
    pub vpc: Setting<Link<Vpc>>,
    pub is_main: Setting<bool>,
}

/// `AWS::EC2::Route`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Route {
    pub resource: Resource,
    pub table: Setting<Link<RouteTable>>,
    pub destination: Setting<Text>,
    pub gateway: Setting<AnyLink>,
    pub nat_gateway: Setting<AnyLink>,
    /// Any other target: peering connection, transit gateway, network interface, endpoint.
    pub other_target: Setting<AnyLink>,
}

/// `AWS::EC2::SubnetRouteTableAssociation`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RouteTableAssociation {
    pub resource: Resource,
    pub table: Setting<Link<RouteTable>>,
    pub subnet: Setting<Link<Subnet>>,
}

/// `AWS::EC2::VPCEndpoint`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VpcEndpoint {
    pub resource: Resource,
    pub vpc: Setting<Link<Vpc>>,
    pub service: Setting<Text>,
    /// `Gateway`, `Interface` or `GatewayLoadBalancer`.
    pub kind: Setting<Text>,
    pub policy: Setting<Document>,
    pub subnets: Items<Link<Subnet>>,
    pub security_groups: Items<Link<SecurityGroup>>,
    pub route_tables: Items<Link<RouteTable>>,
    pub private_dns: Setting<bool>,
}

/// `AWS::EC2::FlowLog`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FlowLog {
    pub resource: Resource,
    pub on: Setting<AnyLink>,
    pub traffic_type: Setting<Text>,
}
