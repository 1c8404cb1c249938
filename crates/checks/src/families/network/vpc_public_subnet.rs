//! A function in a subnet that routes to an internet gateway, where it has no public address.

use crate::subject::traffic::is_one_of;
use crate::subject::vpc::{Attached, here, with_subnets};
use crate::verdict::judge::{evidence, whole};
use crate::verdict::possible::{any, is};
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::noun::{AnyLink, Route, Subnet};
use maremma_model::{
    Confidence, Control, Equivalent, Existence, Fact, Fix, Function, Id, Link, Peer, Resource, Rule, Severity, Tier,
    Verdict,
};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "vpc-public-subnet",
        title: "Function in a public subnet",
        tier: Tier::Hygiene,
        severity: Severity::Low,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Function",
        controls: &[Control::nist("SC-7"), Control::owasp("SAS-3")],
        equivalents: &[Equivalent::near(Peer::Prowler, "vpc_subnet_separate_private_public")],
        page: include_str!("vpc_public_subnet.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, function) in context.estate.functions.iter() {
        let draft = match with_subnets(context, function) {
            Ok(attached) => judged(context, id, function, attached),
            Err(says) => Draft::new(id, Verdict::NotApplicable, says, whole(&function.resource, says)),
        };
        findings.add(draft.affects([id]));
    }
}

fn judged(context: &Context<'_>, id: Id<Function>, function: &Function, attached: Attached<'_>) -> Draft {
    if !function.capacity_provider.is_unset() {
        let says = "the function runs on instances, which may have public addresses";
        return Draft::new(id, Verdict::NotApplicable, says, whole(&function.resource, says));
    }
    if attached.vpc.ipv6_allowed.value() != Some(&false) {
        let says = "the function may have an IPv6 address, by which a public subnet leads to the internet";
        return Draft::new(id, Verdict::NotApplicable, says, whole(&function.resource, says));
    }
    let mut way = None;
    let told = any(&attached.vpc.subnets, &|subnet| {
        subnet
            .here()
            .map_or(Match::No, |subnet| is_public(context, function, subnet).0)
    });
    if let Some(Link::Here(subnet)) = told.value {
        way = is_public(context, function, *subnet).1.map(|route| (*subnet, route));
    }
    let says = match (&way, told.when) {
        (Some((subnet, _)), Some(when)) => format!("subnet {} is public, when {when}", context.name(*subnet)),
        (Some((subnet, _)), None) => format!("subnet {} is public", context.name(*subnet)),
        (None, _) => "no subnet is known to route to an internet gateway".to_owned(),
    };
    let fact = Fact::Attribute {
        name: "VpcConfig.SubnetIds".into(),
        value: None,
    };
    let evidence = evidence(attached.resource, told.at, says.as_str(), fact);
    let bad = format!(
        "{} has no public address, and so no way to the internet from a public subnet",
        context.name(id)
    );
    let Some((_, route)) = way else {
        return Draft::new(id, Verdict::Pass, says, evidence);
    };
    let related = whole(&route.resource, "the way to the internet gateway");
    let draft = match told.is {
        Match::Yes => Draft::new(id, Verdict::Fail, bad, evidence),
        _ => Draft::new(
            id,
            Verdict::Undetermined,
            format!("not known whether {bad}: {says}"),
            evidence,
        )
        .undecided(told.why.cloned()),
    };
    draft.related([related]).fix(fix())
}

/// Whether the route table that a subnet is associated with leads to an internet gateway. The main
/// table of a VPC is not in a template.
fn is_public<'c>(context: &Context<'c>, function: &Function, subnet: Id<Subnet>) -> (Match, Option<&'c Route>) {
    let associations = context.estate.route_table_associations.values();
    let associations = associations.filter(|row| here(&row.subnet).any(|of| of == subnet));
    let mut told = (Match::No, None);
    for association in associations {
        for table in here(&association.table) {
            let routes = context.estate.routes.values();
            for route in routes.filter(|route| here(&route.table).any(|of| of == table)) {
                let there = exists(function, &association.resource).and(exists(function, &route.resource));
                let is = leads_out(context, route).and(there);
                if is.is_yes() {
                    return (is, Some(route));
                }
                if is.is_unknown() {
                    told = (is, Some(route));
                }
            }
        }
    }
    told
}

fn leads_out(context: &Context<'_>, route: &Route) -> Match {
    let gateway = is(&route.gateway, &|gateway| match gateway {
        Some(AnyLink::Here(id)) => {
            let kind = context.resource(*id).map(|row| &*row.kind);
            (kind == Some("AWS::EC2::InternetGateway")).into()
        }
        Some(AnyLink::Outside(text)) => text.as_literal().is_some_and(|id| id.starts_with("igw-")).into(),
        Some(AnyLink::Unknown(_)) | None => Match::No,
    });
    // Of a gateway that is given at deployment nothing is said.
    let gateway = if gateway.value.is_none() { Match::No } else { gateway.is };
    gateway.and(is_one_of(&route.destination, &["0.0.0.0/0"], Match::No))
}

fn exists(function: &Function, row: &Resource) -> Match {
    match &row.exists {
        Existence::Always => Match::Yes,
        same if *same == function.resource.exists => Match::Yes,
        Existence::When(_) => Match::Unknown,
        Existence::OffByDefault(_) => Match::No,
    }
}

fn fix() -> Fix {
    Fix::new("Move the function to a private subnet, which routes over a NAT gateway where it needs the internet")
        .snippet(
            "VpcConfig:\n  \
           SubnetIds: [!Ref PrivateSubnetA, !Ref PrivateSubnetB]\n\n\
         # in Resources\n\
         PrivateRoute:\n  \
           Type: AWS::EC2::Route\n  \
           Properties:\n    \
             RouteTableId: !Ref PrivateRouteTable\n    \
             DestinationCidrBlock: 0.0.0.0/0\n    \
             NatGatewayId: !Ref NatGateway",
        )
}
