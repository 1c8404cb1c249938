//! Routes that events ask of APIs, and how they are written into the bodies of those.

use super::super::make::{self, Make};
use super::super::{Sam, shared::combined, source::Source};
use super::auth;
use super::body::{self, Body};
use super::policy;
use maremma_model::{GapKind, Node, Place};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Routes that events ask of APIs, by the logical id of the API.
#[derive(Default)]
pub(in super::super) struct Routes {
    by_api: BTreeMap<Arc<str>, Vec<Route>>,
}

/// A route that an event asks of an API.
#[derive(Clone)]
pub(in super::super) struct Route {
    /// The event's name, for messages.
    pub(in super::super) event: String,
    pub(in super::super) path: String,
    /// In lower case, as written else.
    pub(in super::super) method: String,
    /// The place that the route is found at.
    pub(in super::super) place: Place,
    /// Where the event stands in the template, and where its turn is among those of its host.
    pub(in super::super) written: u32,
    pub(in super::super) host: Arc<str>,
    pub(in super::super) condition: Option<String>,
    pub(in super::super) deletion_policy: Option<Node>,
    pub(in super::super) update_replace_policy: Option<Node>,
    /// The properties of the event.
    pub(in super::super) properties: Option<Node>,
    pub(in super::super) target: Target,
    /// The stage that a policy of the route names.
    pub(in super::super) stage: Option<String>,
}

/// What a route leads to.
#[derive(Clone)]
pub(in super::super) enum Target {
    /// The URI of a Lambda integration.
    Function {
        uri: Node,
    },
    /// The same, asked for by an event of HTTP APIs.
    HttpFunction {
        uri: Node,
    },
    StateMachine {
        uri: Node,
        role: Node,
        template: Node,
    },
}

impl Route {
    /// A property of the event.
    pub(in super::super) fn property(&self, name: &str) -> Option<&Node> {
        self.properties.as_ref()?.get(name).filter(|node| !node.is_null())
    }

    pub(in super::super) fn make(&self) -> Make {
        Make(self.place)
    }

    /// Whether this is the default route of an HTTP API.
    pub(in super::super) fn is_default(&self) -> bool {
        self.path == "$default" && body::method_name(&self.method) == body::ANY_METHOD
    }
}

impl Routes {
    pub(in super::super) fn ask(&mut self, api: &str, route: Route) {
        self.by_api.entry(api.into()).or_default().push(route);
    }

    /// The routes of an API, in the order in which the transform writes them: by host, then by path.
    pub(in super::super) fn of(&self, api: &str) -> Vec<Route> {
        let mut routes = self.by_api.get(api).cloned().unwrap_or_default();
        let mut turns: HashMap<Arc<str>, usize> = HashMap::new();
        for route in &routes {
            let next = turns.len();
            turns.entry(route.host.clone()).or_insert(next);
        }
        let turn = |route: &Route| turns.get(&route.host).copied();
        routes.sort_by(|a, b| (turn(a), &a.path).cmp(&(turn(b), &b.path)));
        routes
    }

    /// Whether an event asks for a route of an API.
    pub(in super::super) fn ask_of(&self, api: &str) -> bool {
        self.by_api.contains_key(api)
    }
}

/// Makes room for routes in a body that SAM manages: their paths in the order of the template, each
/// under a condition where all of its methods are.
pub(in super::super) fn make_room(sam: &mut Sam<'_>, api: Source<'_>, body: &mut Body, routes: &[Route]) {
    let mut ordered: Vec<&Route> = routes.iter().collect();
    ordered.sort_by_key(|route| route.written);
    let mut conditions: BTreeMap<&str, BTreeMap<&str, Option<&str>>> = BTreeMap::new();
    for route in &ordered {
        if !body::add_operation(body, &route.path, &route.method, route.make()) {
            let reason = format!("{}: the body has no place for {}", api.id, route.path);
            sam.gap(GapKind::Unparsed, reason, route.place);
        }
        let methods = conditions.entry(&route.path).or_default();
        methods.insert(&route.method, route.condition.as_deref());
    }
    for (path, methods) in conditions {
        let all: Option<BTreeSet<&str>> = methods.into_values().collect();
        let Some(all) = all else { continue };
        let words = path.replace('/', "SLASH").replace('{', "OB").replace('}', "CB");
        let condition = combined(sam, api.place, &format!("{}{words}PathCondition", api.id), &all);
        if let Some(item) = body.item_mut(path) {
            *item = body::conditional(condition.as_deref(), item.clone());
        }
    }
}

/// Writes the routes of a REST API into its body: all of them where SAM manages it, in their own way
/// where definitions are merged, and else only what an event overrides.
pub(in super::super) fn write_rest(sam: &mut Sam<'_>, api: Source<'_>, body: &mut Body, managed: bool, merge: bool) {
    let routes = sam.routes.of(api.id);
    if managed {
        make_room(sam, api, body, &routes);
    }
    for route in &routes {
        match (&route.target, merge) {
            (Target::Function { .. }, true) => merged(sam, api, body, route),
            (Target::HttpFunction { uri }, _) if body::is_third(body) => {
                super::super::http_api::write_route(sam, api, body, route, uri, managed);
            }
            _ if managed => write_one(sam, api, body, route),
            _ => {}
        }
        let overrides = |auth: &&Node| auth.get("OverrideApiAuth").and_then(|node| sam.truth(node)) == Some(true);
        if let Some(auth) = route.property("Auth").filter(overrides)
            && matches!(route.target, Target::Function { .. })
        {
            secure(sam, api, body, route, auth);
        }
    }
}

/// A route written into a body of its own, and that into the body of the API.
fn merged(sam: &Sam<'_>, api: Source<'_>, body: &mut Body, route: &Route) {
    if !body.get("paths").is_some_and(Node::is_map) {
        let reason = format!("{}: the definition has no paths to merge {} into", api.id, route.path);
        return sam.gap(GapKind::Unparsed, reason, route.place);
    }
    let item = body.item_mut(&route.path);
    let present = item.and_then(|item| item.get(&route.method)).cloned();
    let mut own = Body::of(body::skeleton(route.make(), ("swagger", "2.0")));
    write_one(sam, api, &mut own, route);
    let name = body::method_name(&route.method);
    let written = own
        .get("paths")
        .and_then(|paths| paths.get(&route.path)?.get(&name))
        .cloned();
    let Some(written) = written else { return };
    let mut joined = present
        .filter(|node| node.is_map())
        .unwrap_or_else(|| route.make().map(Vec::new()));
    joined.place = route.place;
    for entry in written.entries() {
        make::set(&mut joined, &entry.key, entry.value.clone());
    }
    if let Some(item) = body.room(&route.path, route.make()) {
        make::set(item, &route.method, joined);
    }
}

/// Writes one route with its integration and all that its event says of it.
fn write_one(sam: &Sam<'_>, api: Source<'_>, body: &mut Body, route: &Route) {
    if body::is_integrated(body, &route.path, &route.method) {
        let reason = format!(
            "event {}: {} {} is a route of {} already",
            route.event, route.method, route.path, api.id
        );
        return sam.gap(GapKind::Unparsed, reason, route.place);
    }
    if !body::add_operation(body, &route.path, &route.method, route.make()) {
        return;
    }
    let integration = integration(sam, api, route);
    integrate(body, route, &integration, responses(route));
    if let Some(auth) = route.property("Auth") {
        secure(sam, api, body, route, auth);
    }
    if let Target::Function { .. } = route.target {
        super::request::write(sam, api, body, route);
    }
}

/// Puts an integration into the operations of a route, under the condition of its host.
pub(in super::super) fn integrate(body: &mut Body, route: &Route, integration: &Node, responses: Node) {
    let name = body::method_name(&route.method);
    for item in body::items_mut(body, &route.path) {
        let Some(operation) = make::get_mut(item, &name) else {
            continue;
        };
        if !operation.is_map() {
            *operation = route.make().map(Vec::new());
        }
        make::set(operation, body::INTEGRATION, integration.clone());
        if operation.get("responses").is_none() {
            make::set(operation, "responses", responses.clone());
        }
        *operation = body::conditional(route.condition.as_deref(), operation.clone());
    }
}

fn responses(route: &Route) -> Node {
    let make = route.make();
    match route.target {
        Target::Function { .. } | Target::HttpFunction { .. } => make.map(Vec::new()),
        Target::StateMachine { .. } => {
            let response = |words: &str| make.map(vec![("description", make.text(words))]);
            make.map(vec![("200", response("OK")), ("400", response("Bad Request"))])
        }
    }
}

fn integration(sam: &Sam<'_>, api: Source<'_>, route: &Route) -> Node {
    let make = route.make();
    let of = |kind: &str, uri: &Node| {
        vec![
            ("type", make.text(kind)),
            ("httpMethod", make.text("POST")),
            ("uri", body::conditional(route.condition.as_deref(), uri.clone())),
        ]
    };
    match &route.target {
        Target::Function { uri } | Target::HttpFunction { uri } => {
            let mut entries = of("aws_proxy", uri);
            let streams = |mode: &Node| sam.text(mode).as_deref() == Some("RESPONSE_STREAM");
            if route.property("ResponseTransferMode").is_some_and(streams) {
                entries.push(("responseTransferMode", make.text("STREAM")));
            }
            if let Some(credentials) = auth::credentials(sam, api, route) {
                entries.push(("credentials", credentials));
            }
            make.map(entries)
        }
        Target::StateMachine { uri, role, template } => {
            let mut entries = of("aws", uri);
            let status = |code: &str| make.map(vec![("statusCode", make.text(code))]);
            entries.push((
                "responses",
                make.map(vec![("200", status("200")), ("400", status("400"))]),
            ));
            entries.push(("credentials", role.clone()));
            entries.push(("requestTemplates", template.clone()));
            make.map(entries)
        }
    }
}

/// What the `Auth` of an event says of its route.
fn secure(sam: &Sam<'_>, api: Source<'_>, body: &mut Body, route: &Route, written: &Node) {
    auth::of_route(sam, api, body, route, written);
    if let Some(policy) = written.get("ResourcePolicy").filter(|policy| policy.is_map()) {
        let stage = match &route.stage {
            Some(stage) => route.make().text(stage),
            None => Node::new(maremma_model::NodeValue::Null, route.place),
        };
        policy::add(sam, body, policy, (&route.path, &stage));
        policy::add_custom(body, policy);
    }
}
