//! Who may call an HTTP API: authorizers, and what each route asks.

use super::super::api::auth::{ask, ask_unknown, tell_unknown};
use super::super::api::body::{self, Body};
use super::super::api::{routes::Route, scheme};
use super::super::make::{self, Make};
use super::super::{Sam, source::Source};
use maremma_model::{GapKind, Node};

const IAM: &str = "AWS_IAM";

/// A property of the `Auth` of the API.
fn setting<'n>(source: Source<'n>, name: &str) -> Option<&'n Node> {
    source.property("Auth")?.get(name).filter(|node| !node.is_null())
}

fn declared<'n>(source: Source<'n>, name: &str) -> Option<&'n Node> {
    setting(source, "Authorizers")?.get(name)
}

fn has_iam(sam: &Sam<'_>, source: Source<'_>) -> bool {
    setting(source, "EnableIamAuthorizer").and_then(|node| sam.truth(node)) == Some(true)
}

/// What the `Auth` of an event asks of its route: an authorizer, or other scopes of the default one.
pub(super) fn of_route(sam: &Sam<'_>, source: Source<'_>, body: &mut Body, route: &Route, auth: &Node) {
    let written = |name: &str| auth.get(name).filter(|node| !node.is_null());
    let default = setting(source, "DefaultAuthorizer");
    let node = written("Authorizer").or(default);
    let name = node.and_then(|node| sam.text(node));
    if let (Some(node), None) = (node, &name) {
        tell_unknown(sam, source, node);
        let operations = body::operations_at(body, &route.path, &route.method);
        return operations
            .into_iter()
            .for_each(|operation| ask(operation, node.clone()));
    }
    let known = name.as_deref().is_some_and(|name| match name {
        "NONE" => default.is_some(),
        IAM if has_iam(sam, source) => true,
        _ => declared(source, name).is_some(),
    });
    let (Some(name), true) = (name, known) else {
        let reason = format!("event {}: its authorizer is none of {}", route.event, source.id);
        return sam.gap(GapKind::Unparsed, reason, node.map_or(auth.place, |node| node.place));
    };
    let make = Make(node.map_or(auth.place, |node| node.place));
    let own = written("AuthorizationScopes").filter(|scopes| !scopes.items().is_empty());
    let scopes = match &*name {
        "NONE" | IAM => None,
        name => own.or_else(|| declared(source, name)?.get("AuthorizationScopes")),
    };
    let scopes = scopes.filter(|scopes| !scopes.is_null()).cloned();
    let requirement = make.map(vec![(&*name, scopes.unwrap_or_else(|| make.list(Vec::new())))]);
    for operation in body::operations_at(body, &route.path, &route.method) {
        ask(operation, requirement.clone());
    }
}

/// What the `Auth` of the API asks of every route that says nothing else.
pub(super) fn write(sam: &Sam<'_>, source: Source<'_>, body: &mut Body) {
    if source.property("Auth").is_none() {
        return;
    }
    let mut define = |name: &str, scheme: Node| {
        if let Some(schemes) = body::map_at(body, &["components", "securitySchemes"]) {
            make::set(schemes, name, scheme);
        }
    };
    if let Some(node) = setting(source, "EnableIamAuthorizer").filter(|_| has_iam(sam, source)) {
        define(IAM, scheme::iam(Make(node.place)));
    }
    for entry in setting(source, "Authorizers").map_or(&[][..], Node::entries) {
        define(&entry.key, scheme::of_http(sam, entry));
    }
    let Some(default) = setting(source, "DefaultAuthorizer").filter(|node| !make::is_no_value(node)) else {
        return;
    };
    let name = sam.text(default);
    if name.is_none() {
        tell_unknown(sam, source, default);
        return ask_unknown(body, default);
    }
    let is_known = |name: &str| declared(source, name).is_some() || (name == IAM && has_iam(sam, source));
    let Some(name) = name.filter(|name| is_known(name)) else {
        let reason = format!("{}: the default authorizer is none of its authorizers", source.id);
        return sam.gap(GapKind::Unparsed, reason, default.place);
    };
    let make = Make(default.place);
    let scopes = declared(source, &name).and_then(|authorizer| authorizer.get("AuthorizationScopes"));
    let scopes = scopes.filter(|scopes| !scopes.is_null()).cloned();
    let requirement = make.map(vec![(&*name, scopes.unwrap_or_else(|| make.list(Vec::new())))]);
    for (method, operation) in body::operations_mut(body) {
        let asked = operation
            .get("security")
            .is_some_and(|security| !security.items().is_empty());
        if method != "options" && !asked {
            make::set(operation, "security", make.list(vec![requirement.clone()]));
        }
    }
}
