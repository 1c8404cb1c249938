//! Security groups, routes, endpoints.

use super::*;
use maremma_model::{AnyLink, FlowLog, Link, Route, RouteTable, SecurityGroup, SecurityGroupRule, Subnet, VpcEndpoint};
use serde_json::json;

#[test]
fn a_group_without_egress_lets_nothing_out() {
    let estate = estate(json!({
        "aws_vpc.v": {"cidr_block": "10.0.0.0/16"},
        "aws_security_group.none": {"vpc_id": "${aws_vpc.v.id}"},
        "aws_security_group.some": {
            "vpc_id": "${aws_vpc.v.id}",
            "ingress": [{"from_port": 443, "to_port": 443, "protocol": "tcp", "cidr_blocks": ["10.0.0.0/8", "10.1.0.0/16"], "ipv6_cidr_blocks": [], "security_groups": ["${aws_security_group.none.id}"], "self": true}],
            "egress": [{"from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": ["0.0.0.0/0"], "self": false}]
        },
        "aws_security_group.unknown": {"egress": {"?": "known after apply"}},
        "aws_default_security_group.d": {"vpc_id": "${aws_vpc.v.id}"},
    }));
    let none: &SecurityGroup = row(&estate, "aws_security_group.none");
    assert_eq!(none.egress.state, State::Set(Vec::new()));
    assert_eq!(none.is_default.value(), Some(&false));
    let some: &SecurityGroup = row(&estate, "aws_security_group.some");
    let ingress = some.ingress.value().unwrap();
    assert_eq!(ingress.len(), 4);
    assert_eq!(literal(&ingress[1].value().unwrap().cidr_ipv4), "10.1.0.0/16");
    let own = estate
        .security_groups
        .iter()
        .find(|(_, group)| &*group.resource.address == "aws_security_group.some");
    let peers: Vec<_> = ingress
        .iter()
        .filter_map(|rule| rule.value()?.peer_group.value())
        .collect();
    assert_eq!(peers[1], &Link::Here(own.unwrap().0));
    assert_eq!(some.egress.value().unwrap().len(), 1);
    let unknown: &SecurityGroup = row(&estate, "aws_security_group.unknown");
    assert!(matches!(unknown.egress.state, State::Unknown(_)));
    assert!(matches!(unknown.ingress.state, State::Unset));
    let default: &SecurityGroup = row(&estate, "aws_default_security_group.d");
    assert_eq!(
        (default.is_default.value(), &default.egress.state),
        (Some(&true), &State::Set(Vec::new()))
    );
}

#[test]
fn rules_of_their_own() {
    let estate = estate(json!({
        "aws_security_group.g": {"name": "g"},
        "aws_security_group_rule.out": {"type": "egress", "security_group_id": "${aws_security_group.g.id}", "protocol": "tcp", "from_port": 1, "to_port": 2, "cidr_blocks": ["10.0.0.0/8", "0.0.0.0/0"]},
        "aws_security_group_rule.in": {"type": "ingress", "security_group_id": "${aws_security_group.g.id}", "protocol": "tcp", "from_port": 1, "to_port": 2, "source_security_group_id": "sg-1", "cidr_blocks": null},
        "aws_vpc_security_group_ingress_rule.in": {"security_group_id": "${aws_security_group.g.id}", "ip_protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_ipv4": "0.0.0.0/0"},
        "aws_vpc_security_group_egress_rule.out": {"security_group_id": "${aws_security_group.g.id}", "ip_protocol": "-1", "prefix_list_id": "pl-1"},
    }));
    let rules: Vec<_> = estate
        .security_group_rules
        .values()
        .map(|rule: &SecurityGroupRule| {
            let peer = [&rule.rule.cidr_ipv4, &rule.rule.prefix_list]
                .into_iter()
                .find_map(|text| text.value());
            let peer = peer.map_or_else(|| format!("{:?}", rule.rule.peer_group.value()), Text::to_string);
            assert!(matches!(rule.group.value(), Some(Link::Here(_))), "{rule:?}");
            format!(
                "{} {} {peer}",
                rule.resource.address,
                if rule.egress { "out" } else { "in" }
            )
        })
        .collect();
    assert_eq!(
        rules,
        [
            "aws_security_group_rule.in in Some(Outside(sg-1))",
            "aws_security_group_rule.out out 10.0.0.0/8",
            "aws_vpc_security_group_egress_rule.out out pl-1",
            "aws_vpc_security_group_ingress_rule.in in 0.0.0.0/0",
            "aws_security_group_rule.out/1 out 0.0.0.0/0",
        ]
    );
}

#[test]
fn routes_are_written_in_tables_and_beside_them() {
    let estate = estate(json!({
        "aws_vpc.v": {"cidr_block": "10.0.0.0/16"},
        "aws_subnet.s": {"vpc_id": "${aws_vpc.v.id}", "cidr_block": "10.0.1.0/24", "map_public_ip_on_launch": true},
        "aws_internet_gateway.g": {"vpc_id": "${aws_vpc.v.id}"},
        "aws_route_table.t": {"vpc_id": "${aws_vpc.v.id}", "route": [{"cidr_block": "0.0.0.0/0", "gateway_id": "${aws_internet_gateway.g.id}", "nat_gateway_id": ""}]},
        "aws_route_table.m": {"vpc_id": "${aws_vpc.v.id}", "route": []},
        "aws_main_route_table_association.m": {"vpc_id": "${aws_vpc.v.id}", "route_table_id": "${aws_route_table.m.id}"},
        "aws_route.r": {"route_table_id": "${aws_route_table.m.id}", "destination_ipv6_cidr_block": "::/0", "egress_only_gateway_id": "eigw-1"},
        "aws_route_table.unknown": {"vpc_id": "${aws_vpc.v.id}", "route": {"?": "known after apply"}},
        "aws_route_table_association.a": {"route_table_id": "${aws_route_table.t.id}", "subnet_id": "${aws_subnet.s.id}"},
        "aws_vpc_endpoint.e": {"vpc_id": "${aws_vpc.v.id}", "service_name": "com.amazonaws.eu-west-1.s3", "route_table_ids": ["${aws_route_table.t.id}"]},
        "aws_vpc_endpoint_policy.e": {"vpc_endpoint_id": "${aws_vpc_endpoint.e.id}", "policy": {"Statement": []}},
        "aws_vpc_endpoint_route_table_association.e": {"vpc_endpoint_id": "${aws_vpc_endpoint.e.id}", "route_table_id": "${aws_route_table.m.id}"},
        "aws_flow_log.f": {"vpc_id": "${aws_vpc.v.id}", "traffic_type": "ALL"},
    }));
    let inline: &Route = row(&estate, "aws_route_table.t.route[0]");
    assert!(matches!(inline.table.value(), Some(Link::Here(_))) && inline.nat_gateway.is_unset());
    assert!(matches!(inline.gateway.value(), Some(AnyLink::Here(_))));
    let unknown: &Route = row(&estate, "aws_route_table.unknown.route[0]");
    assert!(matches!(unknown.destination.state, State::Unknown(_)) && unknown.table.value().is_some());
    let route: &Route = row(&estate, "aws_route.r");
    assert_eq!(literal(&route.destination), "::/0");
    assert!(route.other_target.value().is_some());
    let main: Vec<_> = ["aws_route_table.t", "aws_route_table.m"]
        .iter()
        .map(|address| *row::<RouteTable>(&estate, address).is_main.value().unwrap())
        .collect();
    assert_eq!(main, [false, true]);
    let subnet: &Subnet = only(&estate);
    assert_eq!(subnet.map_public_ip_on_launch.value(), Some(&true));
    let endpoint: &VpcEndpoint = only(&estate);
    assert!(endpoint.policy.value().is_some() && is_default(&endpoint.kind));
    assert_eq!(endpoint.route_tables.value().map(Vec::len), Some(2));
    let flow: &FlowLog = only(&estate);
    assert!(matches!(flow.on.value(), Some(AnyLink::Here(AnyId::Vpc(_)))));
}
