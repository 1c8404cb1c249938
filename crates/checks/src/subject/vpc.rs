//! Where functions are in a network: their subnets, groups and VPCs.

use crate::context::Context;
use crate::context::relations::items;
use maremma_model::noun::{AnyLink, SecurityGroup, Subnet, Vpc, VpcAttachment};
use maremma_model::{AnyId, Function, Id, Link, Resource, Setting, State};
use std::collections::{BTreeMap, BTreeSet};

/// The subnets and groups of a function, and the resource that they are written on: itself, or the
/// capacity provider that it runs on.
#[derive(Clone, Copy)]
pub(crate) struct Attached<'a> {
    pub(crate) resource: &'a Resource,
    pub(crate) vpc: &'a VpcAttachment,
}

/// `Err` says why there is nothing to judge.
pub(crate) fn attached<'a>(context: &Context<'a>, function: &'a Function) -> Result<Attached<'a>, &'static str> {
    if function.edge {
        return Err("the function runs at the edge, in no VPC");
    }
    if function.capacity_provider.is_unset() {
        let (resource, vpc) = (&function.resource, &function.vpc);
        return Ok(Attached { resource, vpc });
    }
    let provider = function.capacity_provider.value().and_then(|link| context.row(link));
    let provider = provider.ok_or("the function runs in the VPC of a capacity provider outside of this input")?;
    let (resource, vpc) = (&provider.resource, &provider.vpc);
    Ok(Attached { resource, vpc })
}

/// As [`attached`], with subnets that are known in some world.
pub(crate) fn with_subnets<'a>(context: &Context<'a>, function: &'a Function) -> Result<Attached<'a>, &'static str> {
    let attached = attached(context, function)?;
    match &attached.vpc.subnets.state {
        State::Unset => Err("the function is in no VPC"),
        State::Set(subnets) | State::Default(subnets) if subnets.is_empty() => Err("the function is in no VPC"),
        State::Unknown(unknown) if unknown.candidates.is_empty() => {
            Err("the subnets of the function are known only at deployment")
        }
        _ => Ok(attached),
    }
}

/// The functions in the VPCs, subnets and security groups of the input.
#[derive(Default)]
pub(crate) struct Residents {
    vpcs: BTreeMap<Id<Vpc>, BTreeSet<Id<Function>>>,
    subnets: BTreeMap<Id<Subnet>, BTreeSet<Id<Function>>>,
    groups: BTreeMap<Id<SecurityGroup>, BTreeSet<Id<Function>>>,
}

impl Residents {
    pub(crate) fn of(context: &Context<'_>) -> Self {
        let mut residents = Residents::default();
        for (id, function) in context.estate.functions.iter() {
            if let Ok(attached) = attached(context, function) {
                residents.add(context, id, attached.vpc);
            }
        }
        residents
    }

    fn add(&mut self, context: &Context<'_>, function: Id<Function>, attachment: &VpcAttachment) {
        let mut vpcs = BTreeSet::new();
        for subnet in items(&attachment.subnets).filter_map(|link| link.here()) {
            self.subnets.entry(subnet).or_default().insert(function);
            let row = context.estate.subnets.get(subnet);
            vpcs.extend(row.into_iter().flat_map(|row| here(&row.vpc)));
        }
        for link in items(&attachment.security_groups).filter_map(AnyLink::here) {
            match link {
                AnyId::SecurityGroup(group) => {
                    self.groups.entry(group).or_default().insert(function);
                    let row = context.estate.security_groups.get(group);
                    vpcs.extend(row.into_iter().flat_map(|row| here(&row.vpc)));
                }
                AnyId::Vpc(vpc) => vpcs.extend([vpc]),
                _ => {}
            }
        }
        for vpc in vpcs {
            self.vpcs.entry(vpc).or_default().insert(function);
        }
    }

    /// The functions that run in a VPC.
    pub(crate) fn of_vpc(&self, vpc: Id<Vpc>) -> Vec<Id<Function>> {
        listed(self.vpcs.get(&vpc))
    }

    /// The functions that a security group is attached to.
    pub(crate) fn of_group(&self, group: Id<SecurityGroup>) -> Vec<Id<Function>> {
        listed(self.groups.get(&group))
    }

    /// The subnets in which functions run.
    pub(crate) fn subnets(&self) -> impl Iterator<Item = Id<Subnet>> {
        self.subnets.keys().copied()
    }
}

fn listed(functions: Option<&BTreeSet<Id<Function>>>) -> Vec<Id<Function>> {
    functions.into_iter().flatten().copied().collect()
}

/// The rows that a link may lead to.
pub(crate) fn here<T>(link: &Setting<Link<T>>) -> impl Iterator<Item = Id<T>> {
    link.possible().filter_map(|link| link.here())
}
