//! Route tables and routes.

use super::read::{at, blocks, build, only_when, plain};
use super::table::*;
use super::translation::Translation;
use crate::terraform::instance::Instance;
use maremma_model::{Document, Text, Value};

const TABLE: &str = "AWS::EC2::RouteTable";
const ROUTE: &str = "AWS::EC2::Route";

pub(super) const WORDS: &[Word] = &[
    Word::own("aws_route_table", TABLE, &[text("vpc_id", "VpcId")]).then(inline_routes),
    Word::own(
        "aws_default_route_table",
        TABLE,
        &[text("vpc_id", "VpcId"), by_hook("default_route_table_id", "IsMain")],
    )
    .then(inline_routes),
    Word::onto(
        "aws_main_route_table_association",
        "route_table_id",
        TABLE,
        &[by_hook("route_table_id", "IsMain")],
    )
    .then(main),
    Word::own("aws_route", ROUTE, ROUTE_ENTRIES),
    Word::own(
        "aws_route_table_association",
        "AWS::EC2::SubnetRouteTableAssociation",
        &[text("route_table_id", "RouteTableId"), text("subnet_id", "SubnetId")],
    ),
];

const ROUTE_ENTRIES: &[Entry] = &[
    text("route_table_id", "RouteTableId"),
    text("destination_cidr_block", "DestinationCidrBlock"),
    text("destination_ipv6_cidr_block", "DestinationIpv6CidrBlock"),
    text("destination_prefix_list_id", "DestinationPrefixListId"),
    text("gateway_id", "GatewayId"),
    text("nat_gateway_id", "NatGatewayId"),
    text("transit_gateway_id", "TransitGatewayId"),
    text("vpc_peering_connection_id", "VpcPeeringConnectionId"),
    text("network_interface_id", "NetworkInterfaceId"),
    text("vpc_endpoint_id", "VpcEndpointId"),
    text("egress_only_gateway_id", "EgressOnlyInternetGatewayId"),
    text("local_gateway_id", "LocalGatewayId"),
    text("carrier_gateway_id", "CarrierGatewayId"),
    text("core_network_arn", "CoreNetworkArn"),
];

/// Routes within a table call destinations otherwise.
const INLINE: &[Entry] = &[
    text("cidr_block", "DestinationCidrBlock"),
    text("ipv6_cidr_block", "DestinationIpv6CidrBlock"),
    text("destination_prefix_list_id", "DestinationPrefixListId"),
    text("gateway_id", "GatewayId"),
    text("nat_gateway_id", "NatGatewayId"),
    text("transit_gateway_id", "TransitGatewayId"),
    text("vpc_peering_connection_id", "VpcPeeringConnectionId"),
    text("network_interface_id", "NetworkInterfaceId"),
    text("vpc_endpoint_id", "VpcEndpointId"),
    text("egress_only_gateway_id", "EgressOnlyInternetGatewayId"),
    text("local_gateway_id", "LocalGatewayId"),
    text("carrier_gateway_id", "CarrierGatewayId"),
    text("core_network_arn", "CoreNetworkArn"),
];

/// Routes that are written within their table are routes beside it; a list that is not known is one of which
/// nothing is known.
fn inline_routes(translation: &mut Translation<'_>, instance: &Instance) {
    let own = |at: &Document| Document::text(Text::attribute(instance.id, "Ref", &*instance.address), at.at.clone());
    for (index, (when, block)) in blocks(&instance.body, "route").into_iter().enumerate() {
        let mut route = build(INLINE, &block, instance.id);
        if let Value::Map(fields) = &mut route.value {
            let table = Document::map(vec![("RouteTableId", own(&block))], block.at.clone());
            fields.extend(table.fields().iter().cloned());
        }
        translation.beside(instance, ROUTE, (&format!(".route[{index}]"), when), route);
    }
    if &*instance.ty == "aws_default_route_table" {
        let yes = plain("true", &instance.at.into());
        translation.set(instance.id, "IsMain", yes);
    }
}

/// The table for every subnet that names none.
fn main(translation: &mut Translation<'_>, instance: &Instance) {
    let Some(table) = at(&instance.body, "route_table_id") else {
        return;
    };
    let found = translation.targets(TABLE, &table);
    if found.is_empty() {
        translation.adrift(instance, "route_table_id", &table);
    }
    for (id, when) in found {
        let yes = only_when(plain("true", &table.at), when);
        translation.set(id, "IsMain", yes);
    }
}
