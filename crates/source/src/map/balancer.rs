//! Load balancers and VPC Lattice.

use super::caller::each;
use crate::cx::Cx;
use crate::props::Props;
use maremma_model::noun::*;
use maremma_model::{Link, Resource, Setting};

pub(crate) fn load_balancer(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> LoadBalancer {
    LoadBalancer {
        scheme: p.text("Scheme").or_default("internet-facing".into()),
        security_groups: p.links("SecurityGroups"),
        resource,
    }
}

pub(crate) fn target_group(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> TargetGroup {
    each(cx, &resource, p, "Targets", "Id", TriggerKind::LoadBalancerTarget);
    TargetGroup {
        target_type: p.text("TargetType").or_default("instance".into()),
        resource,
    }
}

pub(crate) fn listener(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Listener {
    Listener {
        load_balancer: p.link("LoadBalancerArn"),
        port: p.text("Port"),
        protocol: p.text("Protocol"),
        mutual_authentication: p.text("MutualAuthentication.Mode").or_default("off".into()),
        actions: p.list("DefaultActions").iter().map(action).collect(),
        resource,
    }
}

pub(crate) fn listener_rule(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> ListenerRule {
    let condition = |p: &Props<'_>| RuleCondition {
        field: p.text("Field"),
        source_ips: p.texts("SourceIpConfig.Values"),
        header: p.text("HttpHeaderConfig.HttpHeaderName"),
    };
    ListenerRule {
        listener: p.link("ListenerArn"),
        conditions: p.list("Conditions").iter().map(condition).collect(),
        actions: p.list("Actions").iter().map(action).collect(),
        resource,
    }
}

/// One of several target groups is named by `TargetGroupArn` too.
fn action(p: &Props<'_>) -> ListenerAction {
    let mut target_groups = vec![p.link("TargetGroupArn")];
    let weighted = p.list("ForwardConfig.TargetGroups");
    target_groups.extend(weighted.iter().map(|group| group.link("TargetGroupArn")));
    target_groups.retain(|group| !group.is_unset());
    let cognito = p.text("AuthenticateCognitoConfig.OnUnauthenticatedRequest");
    let oidc = p.text("AuthenticateOidcConfig.OnUnauthenticatedRequest");
    ListenerAction {
        kind: p.text("Type"),
        target_groups,
        on_unauthenticated: if cognito.is_unset() { oidc } else { cognito },
    }
}

/// `AWS::VpcLattice::TargetGroup`.
pub(crate) fn lattice_target_group(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Other {
    each(cx, &resource, p, "Targets", "Id", TriggerKind::LatticeTarget);
    Other { resource }
}

pub(crate) fn lattice_service(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> LatticeService {
    LatticeService {
        auth_type: p.text("AuthType").or_default("NONE".into()),
        // Filled by the listeners, their rules and the associations.
        target_groups: Vec::new(),
        networks: Vec::new(),
        resource,
    }
}

pub(crate) fn service_network(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> ServiceNetwork {
    ServiceNetwork {
        auth_type: p.text("AuthType").or_default("NONE".into()),
        resource,
    }
}

/// `AWS::VpcLattice::ServiceNetworkServiceAssociation`.
pub(crate) fn service_association(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Other {
    let network = p.link::<ServiceNetwork>("ServiceNetworkIdentifier");
    amend(cx, &p.link("ServiceIdentifier"), move |service| {
        service.networks.push(network.clone());
    });
    Other { resource }
}

/// `AWS::VpcLattice::Listener`.
pub(crate) fn lattice_listener(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Other {
    forward(cx, &p.link("ServiceIdentifier"), &p.sub("DefaultAction"));
    Other { resource }
}

/// `AWS::VpcLattice::Rule`, which need not name the service: its listener does.
pub(crate) fn lattice_rule(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Other {
    let own = p.link("ServiceIdentifier");
    let listener = p.any("ListenerIdentifier").value().and_then(AnyLink::here);
    match listener.and_then(|id| cx.peer(id, "AWS::VpcLattice::Listener")) {
        Some(properties) if own.is_unset() => {
            let listener = Props::new(cx, &properties, properties.at.clone());
            forward(cx, &listener.link("ServiceIdentifier"), &p.sub("Action"));
        }
        _ => forward(cx, &own, &p.sub("Action")),
    }
    Other { resource }
}

fn forward(cx: &Cx<'_>, service: &Setting<Link<LatticeService>>, action: &Props<'_>) {
    let groups = action.list("Forward.TargetGroups");
    let links = groups.iter().map(|group| group.any("TargetGroupIdentifier"));
    let links: Vec<AnyLink> = links
        .flat_map(|link| link.possible().cloned().collect::<Vec<_>>())
        .collect();
    amend(cx, service, move |service| {
        service.target_groups.extend(links.iter().cloned());
    });
}

/// Does something to a service when every row is there.
fn amend(cx: &Cx<'_>, service: &Setting<Link<LatticeService>>, change: impl Fn(&mut LatticeService) + 'static) {
    let services: Vec<_> = service.possible().filter_map(Link::here).collect();
    cx.amend(move |estate| {
        for id in services {
            if let Some(service) = estate.lattice_services.get_mut(id) {
                change(service);
            }
        }
    });
}
