//! VPC objects.

use super::policy::carried_by;
use crate::cx::Cx;
use crate::props::Props;
use maremma_model::noun::*;
use maremma_model::{Location, Resource, Setting, Text};

pub(crate) fn vpc(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Vpc {
    Vpc {
        cidr_block: p.text("CidrBlock"),
        resource,
    }
}

pub(crate) fn subnet(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Subnet {
    Subnet {
        vpc: p.link("VpcId"),
        cidr_block: p.text("CidrBlock"),
        availability_zone: p.text(one_of(p, &["AvailabilityZone", "AvailabilityZoneId"])),
        map_public_ip_on_launch: p.boolean("MapPublicIpOnLaunch").or_default(false),
        resource,
    }
}

/// A group of which no egress is written lets everything out.
pub(crate) fn security_group(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> SecurityGroup {
    let everything = Setting::default(everywhere(&resource.at), resource.at.clone());
    SecurityGroup {
        vpc: p.link("VpcId"),
        ingress: p.maps("SecurityGroupIngress", ingress),
        egress: p.maps("SecurityGroupEgress", egress).or_default(vec![everything]),
        is_default: Setting::default(false, resource.at.clone()),
        resource,
    }
}

fn everywhere(at: &Location) -> TrafficRule {
    let text = |text: &str| Setting::default(Text::literal(text), at.clone());
    let unset = || Setting::unset(at.clone());
    TrafficRule {
        protocol: text("-1"),
        from_port: unset(),
        to_port: unset(),
        cidr_ipv4: text("0.0.0.0/0"),
        cidr_ipv6: unset(),
        prefix_list: unset(),
        peer_group: Setting::unset(at.clone()),
    }
}

fn ingress(p: &Props<'_>) -> TrafficRule {
    rule(p, "SourcePrefixListId", "SourceSecurityGroupId")
}

fn egress(p: &Props<'_>) -> TrafficRule {
    rule(p, "DestinationPrefixListId", "DestinationSecurityGroupId")
}

fn rule(p: &Props<'_>, prefix_list: &str, peer: &str) -> TrafficRule {
    TrafficRule {
        protocol: p.text("IpProtocol"),
        from_port: p.text("FromPort"),
        to_port: p.text("ToPort"),
        cidr_ipv4: p.text("CidrIp"),
        cidr_ipv6: p.text("CidrIpv6"),
        prefix_list: p.text(prefix_list),
        peer_group: p.link(peer),
    }
}

pub(crate) fn security_group_ingress(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> SecurityGroupRule {
    SecurityGroupRule {
        group: p.link("GroupId"),
        egress: false,
        rule: ingress(p),
        resource,
    }
}

pub(crate) fn security_group_egress(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> SecurityGroupRule {
    SecurityGroupRule {
        group: p.link("GroupId"),
        egress: true,
        rule: egress(p),
        resource,
    }
}

pub(crate) fn route_table(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> RouteTable {
    RouteTable {
        vpc: p.link("VpcId"),
        is_main: Setting::default(false, resource.at.clone()),
        resource,
    }
}

/// The first of several properties that is written.
fn one_of<'n>(p: &Props<'_>, names: &[&'n str]) -> &'n str {
    let written = names.iter().find(|name| p.has(name));
    written.or(names.first()).copied().unwrap_or("")
}

pub(crate) fn route(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Route {
    let destinations = [
        "DestinationCidrBlock",
        "DestinationIpv6CidrBlock",
        "DestinationPrefixListId",
    ];
    let others = [
        "TransitGatewayId",
        "VpcPeeringConnectionId",
        "NetworkInterfaceId",
        "InstanceId",
        "VpcEndpointId",
        "EgressOnlyInternetGatewayId",
        "LocalGatewayId",
        "CarrierGatewayId",
        "CoreNetworkArn",
    ];
    Route {
        table: p.link("RouteTableId"),
        destination: p.text(one_of(p, &destinations)),
        gateway: p.any("GatewayId"),
        nat_gateway: p.any("NatGatewayId"),
        other_target: p.any(one_of(p, &others)),
        resource,
    }
}

pub(crate) fn route_table_association(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> RouteTableAssociation {
    RouteTableAssociation {
        table: p.link("RouteTableId"),
        subnet: p.link("SubnetId"),
        resource,
    }
}

pub(crate) fn vpc_endpoint(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> VpcEndpoint {
    VpcEndpoint {
        vpc: p.link("VpcId"),
        service: p.text("ServiceName"),
        kind: p.text("VpcEndpointType").or_default("Gateway".into()),
        policy: carried_by(cx, &resource, p, "PolicyDocument"),
        subnets: p.links("SubnetIds"),
        security_groups: p.links("SecurityGroupIds"),
        route_tables: p.links("RouteTableIds"),
        private_dns: p.boolean("PrivateDnsEnabled").or_default(false),
        resource,
    }
}

pub(crate) fn flow_log(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> FlowLog {
    FlowLog {
        on: p.any("ResourceId"),
        traffic_type: p.text("TrafficType"),
        resource,
    }
}
