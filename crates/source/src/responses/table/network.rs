//! Amazon EC2: what functions in a VPC see of it.

use crate::responses::operation::{OPERATION, Operation, SHAPE, Shape};
use crate::responses::reading::{Member, Reading, members, value};
use maremma_model::{AnyId, Document, Field, Text, Value};
use std::collections::{HashMap, HashSet};

const GROUP_TYPE: &str = "AWS::EC2::SecurityGroup";

static VPC: Shape = Shape {
    cfn: "AWS::EC2::VPC",
    arn: "arn:{partition}:ec2:{region}:{account}:vpc/{VpcId}",
    names: "{VpcId}",
    properties: "CidrBlock",
    ..SHAPE
};

static SUBNET: Shape = Shape {
    cfn: "AWS::EC2::Subnet",
    arn: "arn:{partition}:ec2:{region}:{account}:subnet/{SubnetId}",
    names: "{SubnetId}",
    properties: "VpcId CidrBlock AvailabilityZone AvailabilityZoneId MapPublicIpOnLaunch",
    ..SHAPE
};

static GROUP: Shape = Shape {
    cfn: GROUP_TYPE,
    arn: "arn:{partition}:ec2:{region}:{account}:security-group/{GroupId}",
    names: "{GroupId}",
    properties: "VpcId GroupName SecurityGroupIngress=() SecurityGroupEgress=()",
    run: Some(group),
    ..SHAPE
};

static TABLE: Shape = Shape {
    cfn: "AWS::EC2::RouteTable",
    arn: "arn:{partition}:ec2:{region}:{account}:route-table/{RouteTableId}",
    names: "{RouteTableId}",
    properties: "VpcId",
    run: Some(route_table),
    ..SHAPE
};

static ENDPOINT: Shape = Shape {
    cfn: "AWS::EC2::VPCEndpoint",
    arn: "arn:{partition}:ec2:{region}:{account}:vpc-endpoint/{VpcEndpointId}",
    names: "{VpcEndpointId}",
    properties: "VpcId ServiceName VpcEndpointType PolicyDocument SubnetIds SecurityGroupIds=Groups.*.GroupId \
        RouteTableIds PrivateDnsEnabled",
    ..SHAPE
};

static FLOW_LOG: Shape = Shape {
    cfn: "AWS::EC2::FlowLog",
    arn: "arn:{partition}:ec2:{region}:{account}:vpc-flow-log/{FlowLogId}",
    names: "{FlowLogId}",
    properties: "ResourceId TrafficType",
    ..SHAPE
};

const EC2: Operation = Operation {
    service: "ec2",
    ..OPERATION
};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        name: "describe-vpcs",
        lists: &[("Vpcs", &VPC)],
        ..EC2
    },
    Operation {
        name: "describe-subnets",
        lists: &[("Subnets", &SUBNET)],
        ..EC2
    },
    Operation {
        name: "describe-security-groups",
        lists: &[("SecurityGroups", &GROUP)],
        ..EC2
    },
    Operation {
        name: "describe-security-group-rules",
        makes: &["AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"],
        run: Some(rules),
        ..EC2
    },
    Operation {
        name: "describe-route-tables",
        lists: &[("RouteTables", &TABLE)],
        run: Some(main_tables),
        makes: &["AWS::EC2::Route", "AWS::EC2::SubnetRouteTableAssociation"],
        ..EC2
    },
    Operation {
        name: "describe-vpc-endpoints",
        lists: &[("VpcEndpoints", &ENDPOINT)],
        ..EC2
    },
    Operation {
        name: "describe-flow-logs",
        lists: &[("FlowLogs", &FLOW_LOG)],
        ..EC2
    },
];

/// CloudFormation has a rule for each range that EC2 lists in a permission.
/// Source: Amazon EC2 API reference, "IpPermission".
fn group(reading: &mut Reading<'_>, member: &Member<'_>) {
    let directions = [
        ("IpPermissions", "SecurityGroupIngress", "Source"),
        ("IpPermissionsEgress", "SecurityGroupEgress", "Destination"),
    ];
    for (from, to, end) in directions {
        let Some(permissions) = value(member, from) else {
            continue;
        };
        let list = match &permissions.value {
            Value::List(items) => Value::List(items.iter().flat_map(|item| each_range(item, end)).collect()),
            other => other.clone(),
        };
        if let Some(declared) = member.id.and_then(|id| reading.declared_mut(id)) {
            declared.set(to, Document::new(list, permissions.at.clone()));
        }
    }
}

/// `end` begins the names of what is at the other end: `Source` or `Destination`.
fn each_range(permission: &Document, end: &str) -> Vec<Document> {
    let (list, group) = (format!("{end}PrefixListId"), format!("{end}SecurityGroupId"));
    let ranges = [
        ("IpRanges", "CidrIp", "CidrIp"),
        ("Ipv6Ranges", "CidrIpv6", "CidrIpv6"),
        ("PrefixListIds", "PrefixListId", list.as_str()),
        ("UserIdGroupPairs", "GroupId", group.as_str()),
    ];
    let common = ["IpProtocol", "FromPort", "ToPort"];
    let mut rules = Vec::new();
    for (from, key, property) in ranges {
        for range in members(permission, from) {
            let mut fields: Vec<Field> = permission
                .fields()
                .iter()
                .filter(|field| common.contains(&&*field.key))
                .cloned()
                .collect();
            let other_end = range.get(key).unwrap_or(range);
            fields.push(Field {
                key: property.into(),
                key_at: other_end.at.clone(),
                value: other_end.clone(),
            });
            rules.push(Document::new(Value::Map(fields), range.at.clone()));
        }
    }
    rules
}

/// The rules one by one, of groups that were not listed: those hold their own rules.
fn rules(reading: &mut Reading<'_>, member: &Member<'_>) {
    for rule in members(member.body, "SecurityGroupRules") {
        let text = |key: &str| rule.get(key).and_then(Document::as_str);
        let (Some(id), Some(group)) = (text("SecurityGroupRuleId"), text("GroupId")) else {
            continue;
        };
        if reading.find(member.call, GROUP_TYPE, group).is_some() {
            continue;
        }
        let (cfn, end) = match text("IsEgress") {
            Some("true") => ("AWS::EC2::SecurityGroupEgress", "Destination"),
            _ => ("AWS::EC2::SecurityGroupIngress", "Source"),
        };
        let call = member.call;
        let region = call.region.as_deref().unwrap_or("");
        let arn = format!(
            "arn:{}:ec2:{region}:{}:security-group-rule/{id}",
            call.partition(),
            call.account
        );
        let (list, peer) = (format!("{end}PrefixListId"), format!("{end}SecurityGroupId"));
        let parts = [
            ("GroupId", "GroupId"),
            ("IpProtocol", "IpProtocol"),
            ("FromPort", "FromPort"),
            ("ToPort", "ToPort"),
            ("CidrIpv4", "CidrIp"),
            ("CidrIpv6", "CidrIpv6"),
            ("PrefixListId", &list),
            ("ReferencedGroupInfo.GroupId", &peer),
        ];
        let own = reading.declare(call, cfn, &arn, &rule.at);
        for (from, property) in parts {
            put(reading, own, property, crate::responses::select::select(rule, from));
        }
    }
}

fn put(reading: &mut Reading<'_>, id: AnyId, property: &str, value: Option<Document>) {
    if let (Some(value), Some(declared)) = (value, reading.declared_mut(id)) {
        declared.set(property, value);
    }
}

/// Routes and associations are resources of their own in a template.
fn route_table(reading: &mut Reading<'_>, member: &Member<'_>) {
    let Some(table) = member.body.get("RouteTableId").cloned() else {
        return;
    };
    let Some(id) = table.as_str().map(str::to_owned) else {
        return;
    };
    let call = member.call;
    let arn = format!(
        "arn:{}:ec2:{}:{}:route-table/{id}",
        call.partition(),
        call.region.as_deref().unwrap_or(""),
        call.account
    );
    for route in members(member.body, "Routes") {
        let destinations = [
            "DestinationCidrBlock",
            "DestinationIpv6CidrBlock",
            "DestinationPrefixListId",
        ];
        let destination = destinations.iter().find_map(|key| route.get(key)?.as_str());
        let address = format!("{arn}/route/{}", destination.unwrap_or("?"));
        let own = reading.declare(call, "AWS::EC2::Route", &address, &route.at);
        put(reading, own, "RouteTableId", Some(table.clone()));
        for field in route.fields() {
            // A gateway endpoint is told as a gateway.
            let endpoint = &*field.key == "GatewayId" && field.value.as_str().is_some_and(|id| id.starts_with("vpce-"));
            let property = if endpoint { "VpcEndpointId" } else { &*field.key };
            put(reading, own, property, Some(field.value.clone()));
        }
    }
    for association in members(member.body, "Associations") {
        let Some(subnet) = association.get("SubnetId") else {
            continue;
        };
        let address = format!("{arn}/subnet/{}", subnet.as_str().unwrap_or("?"));
        let own = reading.declare(call, "AWS::EC2::SubnetRouteTableAssociation", &address, &association.at);
        put(reading, own, "RouteTableId", Some(table.clone()));
        put(reading, own, "SubnetId", Some(subnet.clone()));
    }
}

/// Subnets that are associated with no table route by the main one of their VPC.
/// Source: Amazon VPC user guide, "Subnet route tables".
fn main_tables(reading: &mut Reading<'_>, member: &Member<'_>) {
    const ASSOCIATION: &str = "AWS::EC2::SubnetRouteTableAssociation";
    let text = |document: &Document, key: &str| document.get(key).and_then(Document::as_str).map(str::to_owned);
    let tables = members(member.body, "RouteTables");
    let associations = |table: &Document| members(table, "Associations").into_iter().cloned().collect::<Vec<_>>();
    let mut associated: HashSet<String> = HashSet::new();
    let mut main = HashMap::new();
    for table in tables {
        let own = associations(table);
        associated.extend(own.iter().filter_map(|association| text(association, "SubnetId")));
        let is_main = own
            .iter()
            .find(|association| text(association, "Main").as_deref() == Some("true"));
        if let (Some(association), Some(vpc), Some(id)) = (is_main, text(table, "VpcId"), table.get("RouteTableId")) {
            main.insert(vpc, (id.clone(), association.at.clone()));
        }
    }
    let unit = reading.unit(&member.call.account, member.call.region.as_ref());
    let subnets: Vec<AnyId> = reading
        .declared
        .iter()
        .filter(|(_, cfn, of)| *cfn == "AWS::EC2::Subnet" && *of == unit)
        .map(|(id, _, _)| *id)
        .collect();
    for id in subnets {
        let Some(subnet) = reading.resources.get(id) else {
            continue;
        };
        let (Some(name), Some(vpc)) = (
            subnet.name.as_ref().and_then(Text::as_literal).map(str::to_owned),
            text(&subnet.properties, "VpcId"),
        ) else {
            continue;
        };
        let Some((table, at)) = main.get(&vpc).filter(|_| !associated.contains(&name)) else {
            continue;
        };
        let address = format!("{}/main", subnet.address);
        let (table, at) = (table.clone(), at.clone());
        let own = reading.declare(member.call, ASSOCIATION, &address, &at);
        put(reading, own, "SubnetId", Some(Document::string(&name, at)));
        put(reading, own, "RouteTableId", Some(table));
    }
}
