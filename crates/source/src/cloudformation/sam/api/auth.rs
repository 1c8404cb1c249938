//! Who may call a REST API: authorizers, API keys, and what each method asks.

use super::super::make::{self, Make};
use super::super::{Sam, source::Source};
use super::body::{self, Body};
use super::routes::Route;
use super::{policy, scheme};
use maremma_model::{GapKind, Node, NodeValue};

const IAM: &str = "AWS_IAM";
const KEY: &str = "api_key";
/// How the transform marks a method that asks no key although its API does.
const NO_KEY: &str = "api_key_false";

/// A property of the `Auth` of an API.
fn setting<'n>(api: Source<'n>, name: &str) -> Option<&'n Node> {
    api.property("Auth")?.get(name).filter(|node| !node.is_null())
}

/// As whom API Gateway calls the function of a route that IAM guards; `None` where its policy admits it.
pub(super) fn credentials(sam: &Sam<'_>, api: Source<'_>, route: &Route) -> Option<Node> {
    let own = route.property("Auth");
    let named = |auth: Option<&Node>, key: &str| auth.and_then(|auth| sam.text(auth.get(key)?));
    let guarded = named(own, "Authorizer").as_deref() == Some(IAM)
        || (own.is_none_or(|auth| auth.entries().is_empty())
            && named(api.property("Auth"), "DefaultAuthorizer").as_deref() == Some(IAM));
    if !guarded {
        return None;
    }
    let role = |auth: Option<&Node>| auth.and_then(|auth| auth.get("InvokeRole")).cloned();
    let caller = route.make().text(&format!("arn:{}:iam::*:user/*", sam.partition()));
    match role(own).or_else(|| role(api.property("Auth"))) {
        Some(role) if role.is_null() => None,
        Some(role) => match role.as_str() {
            Some("NONE") => None,
            Some("CALLER_CREDENTIALS" | "") => Some(caller),
            _ => Some(role),
        },
        None => Some(caller),
    }
}

/// What the `Auth` of an event asks of its route.
pub(super) fn of_route(sam: &Sam<'_>, api: Source<'_>, body: &mut Body, route: &Route, auth: &Node) {
    let written = |name: &str| auth.get(name).filter(|node| !node.is_null());
    if let Some(node) = written("Authorizer") {
        match sam.text(node) {
            Some(name) if is_known(sam, api, &name) => {
                let scopes = written("AuthorizationScopes").cloned().or_else(|| scopes(api, &name));
                require(body, route, &name, scopes, Make(node.place));
            }
            Some(name) => {
                let reason = format!("event {}: {} does not declare {name}", route.event, api.id);
                sam.gap(GapKind::Unparsed, reason, node.place);
            }
            None => {
                tell_unknown(sam, api, node);
                let operations = body::operations_at(body, &route.path, &route.method);
                operations
                    .into_iter()
                    .for_each(|operation| ask(operation, node.clone()));
            }
        }
    }
    let scopes_alone = written("AuthorizationScopes").filter(|scopes| !scopes.items().is_empty());
    if let (Some(node), None) = (scopes_alone, written("Authorizer")) {
        let reason = format!("event {}: AuthorizationScopes needs an Authorizer", route.event);
        sam.gap(GapKind::Unparsed, reason, node.place);
    }
    if let Some(node) = written("ApiKeyRequired") {
        let required = sam.truth(node) != Some(false);
        if !required && setting(api, "ApiKeyRequired").is_none() {
            let reason = format!("event {}: {} asks for no key anyway", route.event, api.id);
            sam.gap(GapKind::Unparsed, reason, node.place);
        }
        let name = if required { KEY } else { NO_KEY };
        if required {
            define_key(body, Make(node.place));
        }
        require(body, route, name, None, Make(node.place));
    }
}

fn is_known(sam: &Sam<'_>, api: Source<'_>, name: &str) -> bool {
    match name {
        IAM => true,
        "NONE" => setting(api, "DefaultAuthorizer")
            .and_then(|node| sam.text(node))
            .is_some(),
        _ => setting(api, "Authorizers").is_some_and(|authorizers| authorizers.get(name).is_some()),
    }
}

/// The scopes that an authorizer asks wherever nothing else is said.
fn scopes(api: Source<'_>, name: &str) -> Option<Node> {
    let authorizer = setting(api, "Authorizers")?.get(name)?;
    authorizer
        .get("AuthorizationScopes")
        .filter(|node| !node.is_null())
        .cloned()
}

fn require(body: &mut Body, route: &Route, name: &str, scopes: Option<Node>, make: Make) {
    let requirement = make.map(vec![(name, scopes.unwrap_or_else(|| make.list(Vec::new())))]);
    let mut guarded = false;
    for operation in body::operations_at(body, &route.path, &route.method) {
        if let Some(security) = make::slot(operation, "security", |_| make.list(Vec::new())) {
            make::push(security, requirement.clone());
            guarded |= security.items().first().is_some_and(|first| first.get(IAM).is_some());
        }
    }
    if guarded {
        define(body, IAM, scheme::iam(make), false);
    }
}

/// Adds a requirement to what an operation asks.
pub(in super::super) fn ask(operation: &mut Node, requirement: Node) {
    let place = requirement.place;
    if let Some(security) = make::slot(operation, "security", |_| Make(place).list(Vec::new())) {
        make::push(security, requirement);
    }
}

/// Where no one can say which authorizer is the default, every operation that says nothing else asks for
/// what is not known, and not for nothing.
pub(in super::super) fn ask_unknown(body: &mut Body, authorizer: &Node) {
    for (method, operation) in body::operations_mut(body) {
        let asked = operation
            .get("security")
            .is_some_and(|security| !security.items().is_empty());
        if method != "options" && !asked {
            ask(operation, authorizer.clone());
        }
    }
}

pub(in super::super) fn tell_unknown(sam: &Sam<'_>, api: Source<'_>, authorizer: &Node) {
    let reason = format!("{}: the name of the authorizer is not known here", api.id);
    sam.gap(GapKind::Unsupported, reason, authorizer.place);
}

fn define(body: &mut Body, name: &str, scheme: Node, anew: bool) {
    if let Some(schemes) = body::map_at(body, &["securityDefinitions"])
        && (anew || schemes.get(name).is_none())
    {
        make::set(schemes, name, scheme);
    }
}

fn define_key(body: &mut Body, make: Make) {
    define(body, KEY, scheme::api_key(make, "x-api-key"), false);
}

/// What the `Auth` of the API asks of every method that says nothing else.
pub(super) fn write(sam: &Sam<'_>, api: Source<'_>, body: &mut Body) {
    if api.property("Auth").is_none() {
        return;
    }
    let default = setting(api, "DefaultAuthorizer");
    let name = default.and_then(|node| sam.text(node));
    let mut declared: Vec<String> = Vec::new();
    if let Some(default) = default
        && name.as_deref() == Some(IAM)
    {
        define(body, IAM, scheme::iam(Make(default.place)), true);
        declared.push(IAM.to_owned());
    }
    for entry in setting(api, "Authorizers").map_or(&[][..], Node::entries) {
        declared.push(entry.key.to_string());
        let scheme = scheme::of_rest(sam, entry);
        define(body, &entry.key, scheme, true);
    }
    match (&name, default) {
        (Some(name), Some(node)) if declared.iter().any(|known| **known == **name) => {
            let on_preflight = switched_on(sam, api, "AddDefaultAuthorizerToCorsPreflight");
            let scopes = scopes(api, name);
            require_by_default(body, Make(node.place), name, scopes.as_ref(), &declared, on_preflight);
        }
        (None, Some(node)) if !make::is_no_value(node) => {
            tell_unknown(sam, api, node);
            ask_unknown(body, node);
        }
        (Some(_), Some(node)) => {
            let reason = format!("{}: the default authorizer is none of its authorizers", api.id);
            sam.gap(GapKind::Unparsed, reason, node.place);
        }
        _ => {}
    }
    if let Some(node) = setting(api, "ApiKeyRequired").filter(|node| sam.truth(node) != Some(false)) {
        define_key(body, Make(node.place));
        let on_preflight = switched_on(sam, api, "AddApiKeyRequiredToCorsPreflight");
        require_key_by_default(body, Make(node.place), on_preflight);
    }
    if let Some(policy) = setting(api, "ResourcePolicy").filter(|policy| policy.is_map()) {
        let stage = api.property("StageName").cloned();
        let stage = stage.unwrap_or_else(|| Node::new(NodeValue::Null, api.place));
        for path in body::path_names(body) {
            policy::add(sam, body, policy, (&path, &stage));
        }
        policy::add_custom(body, policy);
    }
}

/// Whether a setting is on that is on unless it is said to be off.
fn switched_on(sam: &Sam<'_>, api: Source<'_>, name: &str) -> bool {
    setting(api, name).and_then(|node| sam.truth(node)) != Some(false)
}

fn require_by_default(
    body: &mut Body,
    make: Make,
    default: &str,
    scopes: Option<&Node>,
    declared: &[String],
    on_preflight: bool,
) {
    let asks = |item: &Node, name: &str| item.get(name).is_some();
    let mut guarded = false;
    for (method, operation) in body::operations_mut(body) {
        if method == "options" && !on_preflight {
            continue;
        }
        let present = operation.get("security").map_or(&[][..], Node::items);
        let (own, mut security): (Vec<Node>, Vec<Node>) = present
            .iter()
            .cloned()
            .partition(|item| asks(item, IAM) || declared.iter().any(|name| asks(item, name)));
        if let Some(none) = security.iter().position(|item| asks(item, "NONE")) {
            security.remove(none);
        } else if own.is_empty() {
            let scopes = scopes.cloned().unwrap_or_else(|| make.list(Vec::new()));
            security.push(make.map(vec![(default, scopes)]));
        } else {
            security.extend(own);
        }
        // A method that asks for nothing keeps saying so.
        if let Some(first) = security.first() {
            guarded |= asks(first, IAM);
            let place = operation.get("security").map_or(make.0, |node| node.place);
            make::set(operation, "security", Make(place).list(security));
        }
    }
    if guarded {
        define(body, IAM, scheme::iam(make), false);
    }
}

fn require_key_by_default(body: &mut Body, make: Make, on_preflight: bool) {
    for (method, operation) in body::operations_mut(body) {
        let present = operation.get("security").map_or(&[][..], Node::items);
        let asks_none = present.iter().any(|item| item.get(NO_KEY).is_some());
        let others = |item: &&Node| item.get(KEY).is_none() && item.get(NO_KEY).is_none();
        let mut security: Vec<Node> = present.iter().filter(others).cloned().collect();
        if !asks_none && (method != "options" || on_preflight) {
            security.push(make.map(vec![(KEY, make.list(Vec::new()))]));
        }
        if security.len() != present.len() || asks_none {
            let place = operation.get("security").map_or(make.0, |node| node.place);
            make::set(operation, "security", Make(place).list(security));
        }
    }
}
