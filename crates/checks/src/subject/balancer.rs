//! Load balancers that lead to functions: who gets in by which listener or rule.

use crate::context::Context;
use crate::subject::api::Door;
use crate::subject::traffic::{doubt, is_about_everywhere, is_about_port, is_one_of};
use crate::subject::vpc::here;
use crate::verdict::possible::{any, why};
use maremma_iam::Match;
use maremma_model::noun::{
    AnyLink, Listener, ListenerAction, LoadBalancer, RuleCondition, SecurityGroup, TargetGroup, TrafficRule,
};
use maremma_model::{AnyId, Function, Id, Link, Resource, Setting, Text, Why};
use std::collections::BTreeSet;

/// Headers that browsers and proxies send: to know one is no secret.
const ORDINARY: &[&str] = &[
    "accept",
    "accept-language",
    "content-type",
    "cookie",
    "host",
    "origin",
    "referer",
    "user-agent",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
];

/// A listener by its default actions, or one of its rules.
pub(crate) struct Way<'c> {
    pub(crate) id: AnyId,
    pub(crate) resource: &'c Resource,
    pub(crate) listener: &'c Setting<Link<Listener>>,
    pub(crate) conditions: &'c [RuleCondition],
    pub(crate) actions: &'c [ListenerAction],
    /// The functions that it forwards to.
    pub(crate) functions: Vec<Id<Function>>,
}

impl<'c> Way<'c> {
    /// The action that forwards to functions.
    pub(crate) fn forward(&self, context: &Context<'_>) -> Option<&'c ListenerAction> {
        let mut actions = self.actions.iter();
        actions.find(|action| !behind(context, self.resource, std::slice::from_ref(*action)).is_empty())
    }
}

/// The functions that actions forward to.
pub(crate) fn behind(context: &Context<'_>, of: &Resource, actions: &[ListenerAction]) -> Vec<Id<Function>> {
    let groups = actions
        .iter()
        .flat_map(|action| &action.target_groups)
        .flat_map(here::<TargetGroup>);
    let triggers = groups.flat_map(|group| {
        let source = AnyLink::Here(group.into());
        context.relations.triggers_from(of.unit, &source)
    });
    let triggers = triggers.filter_map(|id| context.estate.triggers.get(*id));
    let functions = triggers.flat_map(|trigger| trigger.function.possible());
    let functions: BTreeSet<_> = functions.filter_map(|reference| reference.function.here()).collect();
    functions.into_iter().collect()
}

/// Whether anybody on the internet gets to what is behind. `None` where the load balancer is not here.
pub(crate) fn door(context: &Context<'_>, way: &Way<'_>) -> Option<Door> {
    let listener = context.row(way.listener.value()?)?;
    let balancer = context.row(listener.load_balancer.value()?)?;
    let doors = [
        facing(balancer),
        certificate(listener),
        asked(way.actions),
        matched(way.conditions),
        groups(context, balancer, listener),
    ];
    Some(doors.into_iter().fold(Door::Open, Door::and))
}

/// Whether a load balancer has an address on the internet.
pub(crate) fn facing(balancer: &LoadBalancer) -> Door {
    match is_one_of(&balancer.scheme, &["internet-facing"], Match::Yes) {
        Match::Yes => Door::Open,
        Match::No => Door::Closed("the load balancer is internal".to_owned()),
        Match::Unknown => Door::Unknown {
            doubt: "whether the load balancer is internal is not known".to_owned(),
            why: why(&balancer.scheme).cloned(),
        },
    }
}

fn certificate(listener: &Listener) -> Door {
    let mode = &listener.mutual_authentication;
    match is_one_of(mode, &["verify"], Match::No) {
        Match::Yes => Door::Closed("the listener verifies the certificates of clients".to_owned()),
        Match::No => Door::Open,
        Match::Unknown => Door::Unknown {
            doubt: "whether the listener verifies certificates is not known".to_owned(),
            why: why(mode).cloned(),
        },
    }
}

/// Whether an action asks who calls. Source: Elastic Load Balancing user guide for Application Load
/// Balancers, "Authenticate users" and "Verify JWTs".
fn asked(actions: &[ListenerAction]) -> Door {
    let kinds = ["authenticate-cognito", "authenticate-oidc", "jwt-validation"];
    let asks = |action: &ListenerAction| {
        let asks = is_one_of(&action.kind, &kinds, Match::No);
        asks.and(!is_one_of(&action.on_unauthenticated, &["allow"], Match::No))
    };
    match Match::any(actions.iter().map(asks)) {
        Match::Yes => Door::Closed("an action before the forward asks who calls".to_owned()),
        Match::No => Door::Open,
        Match::Unknown => Door::Unknown {
            doubt: "whether an action asks who calls is not known".to_owned(),
            why: actions
                .iter()
                .find_map(|action| why(&action.kind).or_else(|| why(&action.on_unauthenticated)))
                .cloned(),
        },
    }
}

/// Whether the conditions of a rule keep strangers out: by their address, or by a header that only some know.
fn matched(conditions: &[RuleCondition]) -> Door {
    let of = |condition: &RuleCondition| {
        if !condition.source_ips.is_unset() {
            return addresses(condition);
        }
        match condition.header.value().map(ToString::to_string) {
            Some(header) if !ORDINARY.contains(&header.to_ascii_lowercase().as_str()) => Door::Unknown {
                doubt: format!("the rule asks for header {header}, whose value may be a secret"),
                why: None,
            },
            _ => Door::Open,
        }
    };
    conditions.iter().map(of).fold(Door::Open, Door::and)
}

fn addresses(condition: &RuleCondition) -> Door {
    let everywhere = |cidr: &Text| match cidr.as_literal() {
        Some(cidr) => ["0.0.0.0/0", "::/0"].contains(&cidr).into(),
        None => Match::Unknown,
    };
    let told = any(&condition.source_ips, &everywhere);
    match told.is {
        Match::Yes => Door::Open,
        Match::No => Door::Closed("the rule is for certain addresses only".to_owned()),
        Match::Unknown => Door::Unknown {
            doubt: "for which addresses the rule is, is not known".to_owned(),
            why: told.why.cloned(),
        },
    }
}

/// Whether a security group of the load balancer lets everybody in.
fn groups(context: &Context<'_>, balancer: &LoadBalancer, listener: &Listener) -> Door {
    let port = listener
        .port
        .value()
        .and_then(Text::as_literal)
        .and_then(|port| port.trim().parse().ok());
    if balancer.security_groups.is_unset() {
        return Door::Unknown {
            doubt: "the load balancer has the default security group of its VPC, whose rules are not known".to_owned(),
            why: None,
        };
    }
    let told = any(&balancer.security_groups, &|group| match group {
        Link::Here(id) => lets_in(context, *id, port).0,
        Link::Outside(_) | Link::Unknown(_) => Match::Unknown,
    });
    match told.is {
        Match::Yes => Door::Open,
        Match::No => Door::Closed("no security group of the load balancer lets everybody in".to_owned()),
        Match::Unknown => Door::Unknown {
            doubt: match told.value {
                Some(Link::Here(id)) => format!("what security group {} lets in is not known", context.name(*id)),
                _ => "what the security groups of the load balancer let in is not known".to_owned(),
            },
            why: told.why.cloned().or_else(|| match told.value {
                Some(Link::Here(id)) => lets_in(context, *id, port).1,
                _ => None,
            }),
        },
    }
}

fn lets_in(context: &Context<'_>, id: Id<SecurityGroup>, port: Option<i64>) -> (Match, Option<Why>) {
    let opens = |rule: &TrafficRule| {
        let there = port.map_or(Match::Unknown, |port| is_about_port(rule, port));
        is_about_everywhere(rule).and(there)
    };
    let beside = context.estate.security_group_rules.values();
    let beside = beside.filter(|row| !row.egress && here(&row.group).any(|group| group == id));
    let mut told = (Match::No, None);
    for row in beside {
        let is = opens(&row.rule);
        if is.is_unknown() {
            told.1 = doubt(&row.rule).cloned();
        }
        told.0 = told.0.or(is);
    }
    if let Some(group) = context.estate.security_groups.get(id) {
        let own = any(&group.ingress, &opens);
        let why = own.why.or_else(|| doubt(own.value?)).cloned();
        told = (told.0.or(own.is), why.or(told.1));
    }
    told
}
