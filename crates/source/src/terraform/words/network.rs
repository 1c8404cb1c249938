//! VPCs, subnets, security groups, endpoints.

use super::read::{at, blocks, by_provider, plain};
use super::table::*;
use super::translation::Translation;
use crate::terraform::instance::Instance;
use maremma_model::{Document, Text, Value};

const VPC: &str = "AWS::EC2::VPC";
const SUBNET: &str = "AWS::EC2::Subnet";
const GROUP: &str = "AWS::EC2::SecurityGroup";
const INGRESS: &str = "AWS::EC2::SecurityGroupIngress";
const EGRESS: &str = "AWS::EC2::SecurityGroupEgress";
const ENDPOINT: &str = "AWS::EC2::VPCEndpoint";

pub(super) const WORDS: &[Word] = &[
    Word::own("aws_vpc", VPC, &[text("cidr_block", "CidrBlock")]),
    Word::own("aws_default_vpc", VPC, &[text("cidr_block", "CidrBlock")]),
    Word::own("aws_subnet", SUBNET, SUBNET_ENTRIES),
    Word::own("aws_default_subnet", SUBNET, DEFAULT_SUBNET),
    Word::own("aws_security_group", GROUP, GROUP_ENTRIES).then(inline_rules),
    Word::own("aws_default_security_group", GROUP, GROUP_ENTRIES).then(inline_rules),
    Word::own("aws_security_group_rule", INGRESS, OLD_RULE).then(old_rule),
    Word::own("aws_vpc_security_group_ingress_rule", INGRESS, INGRESS_RULE),
    Word::own("aws_vpc_security_group_egress_rule", EGRESS, EGRESS_RULE),
    Word::own("aws_vpc_endpoint", ENDPOINT, ENDPOINT_ENTRIES),
    Word::onto(
        "aws_vpc_endpoint_policy",
        "vpc_endpoint_id",
        ENDPOINT,
        &[json("policy", "PolicyDocument")],
    ),
    Word::item(
        "aws_vpc_endpoint_subnet_association",
        ("vpc_endpoint_id", ENDPOINT, "SubnetIds"),
        &[text("subnet_id", "")],
    ),
    Word::item(
        "aws_vpc_endpoint_security_group_association",
        ("vpc_endpoint_id", ENDPOINT, "SecurityGroupIds"),
        &[text("security_group_id", "")],
    ),
    Word::item(
        "aws_vpc_endpoint_route_table_association",
        ("vpc_endpoint_id", ENDPOINT, "RouteTableIds"),
        &[text("route_table_id", "")],
    ),
    Word::own("aws_flow_log", "AWS::EC2::FlowLog", FLOW_LOG),
    Word::own(
        "aws_internet_gateway",
        "AWS::EC2::InternetGateway",
        &[text("vpc_id", "VpcId")],
    ),
    Word::own(
        "aws_egress_only_internet_gateway",
        "AWS::EC2::EgressOnlyInternetGateway",
        &[text("vpc_id", "VpcId")],
    ),
    Word::own(
        "aws_nat_gateway",
        "AWS::EC2::NatGateway",
        &[text("subnet_id", "SubnetId")],
    ),
];

const SUBNET_ENTRIES: &[Entry] = &[
    text("vpc_id", "VpcId"),
    text("cidr_block", "CidrBlock"),
    text("availability_zone", "AvailabilityZone"),
    text("availability_zone_id", "AvailabilityZoneId"),
    text("map_public_ip_on_launch", "MapPublicIpOnLaunch"),
];

/// A subnet that AWS made gives addresses unless it is told otherwise.
const DEFAULT_SUBNET: &[Entry] = &[
    text("vpc_id", "VpcId"),
    text("cidr_block", "CidrBlock"),
    text("availability_zone", "AvailabilityZone"),
    text_or("map_public_ip_on_launch", "MapPublicIpOnLaunch", "true"),
];

const GROUP_ENTRIES: &[Entry] = &[
    text("vpc_id", "VpcId"),
    text("name", "GroupName"),
    prefix("name_prefix", "GroupName"),
    by_hook("ingress.protocol", "SecurityGroupIngress.IpProtocol"),
    by_hook("ingress.from_port", "SecurityGroupIngress.FromPort"),
    by_hook("ingress.to_port", "SecurityGroupIngress.ToPort"),
    by_hook("ingress.cidr_blocks", "SecurityGroupIngress.CidrIp"),
    by_hook("ingress.ipv6_cidr_blocks", "SecurityGroupIngress.CidrIpv6"),
    by_hook("ingress.prefix_list_ids", "SecurityGroupIngress.SourcePrefixListId"),
    by_hook("ingress.security_groups", "SecurityGroupIngress.SourceSecurityGroupId"),
    by_hook("egress.protocol", "SecurityGroupEgress.IpProtocol"),
    by_hook("egress.from_port", "SecurityGroupEgress.FromPort"),
    by_hook("egress.to_port", "SecurityGroupEgress.ToPort"),
    by_hook("egress.cidr_blocks", "SecurityGroupEgress.CidrIp"),
    by_hook("egress.ipv6_cidr_blocks", "SecurityGroupEgress.CidrIpv6"),
    by_hook("egress.prefix_list_ids", "SecurityGroupEgress.DestinationPrefixListId"),
    by_hook(
        "egress.security_groups",
        "SecurityGroupEgress.DestinationSecurityGroupId",
    ),
];

const OLD_RULE: &[Entry] = &[
    text("security_group_id", "GroupId"),
    text("protocol", "IpProtocol"),
    text("from_port", "FromPort"),
    text("to_port", "ToPort"),
    by_hook("cidr_blocks", "CidrIp"),
];

const INGRESS_RULE: &[Entry] = &[
    text("security_group_id", "GroupId"),
    text("ip_protocol", "IpProtocol"),
    text("from_port", "FromPort"),
    text("to_port", "ToPort"),
    text("cidr_ipv4", "CidrIp"),
    text("cidr_ipv6", "CidrIpv6"),
    text("prefix_list_id", "SourcePrefixListId"),
    text("referenced_security_group_id", "SourceSecurityGroupId"),
];

const EGRESS_RULE: &[Entry] = &[
    text("security_group_id", "GroupId"),
    text("ip_protocol", "IpProtocol"),
    text("from_port", "FromPort"),
    text("to_port", "ToPort"),
    text("cidr_ipv4", "CidrIp"),
    text("cidr_ipv6", "CidrIpv6"),
    text("prefix_list_id", "DestinationPrefixListId"),
    text("referenced_security_group_id", "DestinationSecurityGroupId"),
];

const ENDPOINT_ENTRIES: &[Entry] = &[
    text("vpc_id", "VpcId"),
    text("service_name", "ServiceName"),
    text("vpc_endpoint_type", "VpcEndpointType"),
    json("policy", "PolicyDocument"),
    list("subnet_ids", "SubnetIds"),
    list("security_group_ids", "SecurityGroupIds"),
    list("route_table_ids", "RouteTableIds"),
    text("private_dns_enabled", "PrivateDnsEnabled"),
];

const FLOW_LOG: &[Entry] = &[
    text("vpc_id", "ResourceId"),
    text("subnet_id", "ResourceId"),
    text("eni_id", "ResourceId"),
    text("transit_gateway_id", "ResourceId"),
    text("traffic_type", "TrafficType"),
];

/// The peers that a rule of Terraform names, with the properties of one direction.
type Peers = [(&'static str, &'static str); 4];

fn peers(egress: bool) -> Peers {
    let (list, group) = match egress {
        true => ("DestinationPrefixListId", "DestinationSecurityGroupId"),
        false => ("SourcePrefixListId", "SourceSecurityGroupId"),
    };
    [
        ("cidr_blocks", "CidrIp"),
        ("ipv6_cidr_blocks", "CidrIpv6"),
        ("prefix_list_ids", list),
        ("security_groups", group),
    ]
}

/// A rule of Terraform has many peers, one of AWS has one: each with the property that holds it.
fn each_peer(block: &Document, egress: bool, group: &Document) -> Vec<(&'static str, Document)> {
    let mut found = Vec::new();
    for (from, to) in peers(egress) {
        match at(block, from) {
            Some(Document {
                value: Value::List(items),
                ..
            }) => found.extend(items.into_iter().map(|item| (to, item))),
            Some(unknown) => found.push((to, unknown)),
            None => {}
        }
    }
    let [.., (_, to)] = peers(egress);
    if let Some(source) = at(block, "source_security_group_id").filter(|source| source.as_str() != Some("")) {
        found.push((to, source));
    }
    if let Some(own) = at(block, "self").filter(|own| own.as_str() == Some("true")) {
        let group = Document {
            at: own.at,
            ..group.clone()
        };
        found.push((to, group));
    }
    found
}

fn is_unknown(block: &Document) -> bool {
    matches!(block.value, Value::Unknown(_))
}

/// The rules of a block, one a peer; a block that is not known is a rule that is not.
fn rules(block: &Document, egress: bool, group: &Document) -> impl Iterator<Item = Document> {
    let unknown = is_unknown(block).then(|| block.clone());
    let shared: Vec<_> = [
        ("protocol", "IpProtocol"),
        ("from_port", "FromPort"),
        ("to_port", "ToPort"),
    ]
    .into_iter()
    .filter_map(|(from, to)| Some((to, at(block, from)?)))
    .collect();
    let at = block.at.clone();
    let rule = move |(to, peer): (&'static str, Document)| {
        let mut fields = shared.clone();
        fields.push((to, peer));
        Document::map(fields, at.clone())
    };
    let peers = match unknown {
        Some(_) => Vec::new(),
        None => each_peer(block, egress, group),
    };
    unknown.into_iter().chain(peers.into_iter().map(rule))
}

/// Terraform takes from a new group the rule by which AWS lets everything out: what is not written is not
/// there. What nobody decided is asked of the rules themselves.
/// Source: provider `hashicorp/aws`, `aws_security_group`, "NOTE on Egress rules".
fn inline_rules(translation: &mut Translation<'_>, instance: &Instance) {
    let own = Document::text(Text::attribute(instance.id, "GroupId", &*instance.address), instance.at);
    let none = |at: &Document| Document {
        value: Value::List(Vec::new()),
        ..by_provider("", &at.at)
    };
    for (from, to, egress) in [
        ("ingress", "SecurityGroupIngress", false),
        ("egress", "SecurityGroupEgress", true),
    ] {
        if egress {
            translation.set(instance.id, to, none(&own));
        }
        let listed = blocks(&instance.body, from);
        // Nothing at all is known of the list.
        if let [(None, unknown)] = listed.as_slice()
            && is_unknown(unknown)
        {
            translation.set(instance.id, to, unknown.clone());
            continue;
        }
        for (when, block) in listed {
            translation.append_all(instance, (instance.id, when), to, rules(&block, egress, &own));
        }
    }
    if &*instance.ty == "aws_default_security_group" {
        let name = plain("default", &instance.at.into());
        translation.set(instance.id, "GroupName", name);
    }
}

/// One resource for each peer; the first has the row of the instance.
fn old_rule(translation: &mut Translation<'_>, instance: &Instance) {
    let egress = at(&instance.body, "type").is_some_and(|kind| kind.as_str() == Some("egress"));
    let cfn = if egress { EGRESS } else { INGRESS };
    let Some(group) = at(&instance.body, "security_group_id") else {
        return;
    };
    let mut rules = rules(&instance.body, egress, &group).peekable();
    // It may be that no peer is written.
    let bare = match rules.peek() {
        Some(_) => None,
        None => translation
            .resources
            .get(instance.id)
            .map(|own| (*own.properties).clone()),
    };
    for (index, mut rule) in bare.into_iter().chain(rules).enumerate() {
        if translation.is_full() {
            return;
        }
        if let Value::Map(fields) = &mut rule.value {
            fields.retain(|field| &*field.key != "GroupId");
            let named = Document::map(vec![("GroupId", group.clone())], group.at.clone());
            fields.extend(named.fields().iter().cloned());
        }
        if index == 0 {
            translation.becomes(instance, cfn, rule);
        } else {
            translation.beside(instance, cfn, (&format!("/{index}"), None), rule);
        }
    }
}
