//! A function that has subnets in one Availability Zone only.

use crate::subject::vpc::{Attached, with_subnets};
use crate::verdict::judge::{judge_as, whole};
use crate::{Check, Context, Draft, Findings};
use maremma_model::noun::Subnet;
use maremma_model::{
    Confidence, Control, Equivalent, Fix, Function, Id, Link, Peer, Rule, Setting, Severity, State, Text, Tier,
    Verdict, Why,
};
use std::collections::BTreeSet;

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "vpc-single-az",
        title: "Function in one Availability Zone",
        tier: Tier::Hygiene,
        severity: Severity::Medium,
        confidence: Confidence::High,
        subject: "AWS::Lambda::Function",
        controls: &[
            Control::fsbp("Lambda.5"),
            Control::nist("SC-36"),
            Control::owasp("SAS-8"),
        ],
        equivalents: &[
            Equivalent::near(Peer::Prowler, "awslambda_function_vpc_multi_az"),
            Equivalent::near(Peer::SecurityHub, "FSBP Lambda.5"),
            Equivalent::near(Peer::Config, "lambda-vpc-multi-az-check"),
            Equivalent::near(Peer::ElectricEye, "Lambda.7"),
        ],
        page: include_str!("vpc_single_az.md"),
    },
    run,
};

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, function) in context.estate.functions.iter() {
        let draft = match with_subnets(context, function) {
            Err(says) => Draft::new(id, Verdict::NotApplicable, says, whole(&function.resource, says)),
            Ok(attached) => judged(context, id, attached),
        };
        findings.add(draft.affects([id]));
    }
}

fn judged(context: &Context<'_>, id: Id<Function>, attached: Attached<'_>) -> Draft {
    let show = |subnets: &Vec<Setting<Link<Subnet>>>| match subnets.len() {
        1 => "one subnet".to_owned(),
        many => format!("{many} subnets"),
    };
    let judgement = judge_as(
        attached.resource,
        "VpcConfig.SubnetIds",
        &attached.vpc.subnets,
        &show,
        |subnets| subnets.map_or(Some(false), |subnets| is_single(context, subnets)),
    );
    let bad = format!("{} stops when one Availability Zone does", context.name(id));
    let fix = Fix::new("Add a subnet of another Availability Zone").snippet(
        "VpcConfig:\n  \
           SubnetIds: [!Ref PrivateSubnetA, !Ref PrivateSubnetB]",
    );
    Draft::judged(id, judgement, bad).fix(fix)
}

/// Whether all subnets are in one zone. Subnets whose zones are not known count as spread.
fn is_single(context: &Context<'_>, subnets: &[Setting<Link<Subnet>>]) -> Option<bool> {
    match subnets {
        [] => return Some(false),
        [only] => return is_one(only).then_some(true),
        _ => {}
    }
    let mut zones = BTreeSet::new();
    for subnet in subnets {
        let Some(zone) = subnet.value().and_then(|link| zone(context, link)) else {
            return Some(false);
        };
        zones.insert(zone);
    }
    Some(zones.len() == 1)
}

/// Whether an item is one subnet: a value of one world only may be none.
fn is_one(subnet: &Setting<Link<Subnet>>) -> bool {
    match &subnet.state {
        State::Set(_) | State::Default(_) => true,
        State::Unset => false,
        State::Unknown(unknown) => {
            let absent = unknown
                .candidates
                .iter()
                .any(|world| matches!(world.state, State::Unset));
            !absent
        }
    }
}

/// The zone of a subnet, as far as equal ones can be told: by name, by its place in the list of zones, by
/// parameter.
fn zone(context: &Context<'_>, link: &Link<Subnet>) -> Option<String> {
    let row = match link {
        Link::Here(id) => context.estate.subnets.get(*id)?,
        // The same subnet twice is no other zone.
        Link::Outside(subnet) => return Some(subnet.to_string()),
        Link::Unknown(_) => return None,
    };
    match &row.availability_zone.state {
        State::Set(zone) | State::Default(zone) => Some(Text::to_string(zone)),
        State::Unknown(unknown) if unknown.candidates.is_empty() => match &unknown.why {
            Why::Pseudo(name) | Why::Parameter(name) => Some(format!("${{{name}}}")),
            // `data.aws_availability_zones.available.names[0]`; without an index it may be any of them.
            Why::Attribute(name) if name.ends_with(']') => Some(format!("${{{name}}}")),
            _ => None,
        },
        State::Unset | State::Unknown(_) => None,
    }
}
