//! Settings of HTTP APIs that API Gateway reads from the body, and those of single routes.

use super::super::api::body::{self, Body};
use super::super::api::settings::disable_endpoint;
use super::super::make::{self, Make};
use super::super::{Sam, source::Source};
use maremma_model::{GapKind, Node, NodeValue};

const CORS: &str = "x-amazon-apigateway-cors";
const TAG_VALUE: &str = "x-amazon-apigateway-tag-value";

/// `CorsConfiguration`: `true` for every origin, or a map.
pub(super) fn write_cors(sam: &Sam<'_>, source: Source<'_>, body: &mut Body) {
    let Some(written) = source.property("CorsConfiguration") else {
        return;
    };
    let make = Make(written.place);
    match sam.truth(written).filter(|_| make::branches(written).is_none()) {
        Some(true) => {
            if let Some(cors) = body::map_at(body, &[CORS]) {
                make::set(cors, "allowOrigins", make.texts(&["*"]));
            }
            return;
        }
        Some(false) => return,
        None => {}
    }
    if make::branches(written).is_some() {
        let mut branches = written.clone();
        for branch in body::contents_mut(&mut branches) {
            *branch = in_small(branch);
        }
        return make::set(body, CORS, branches);
    }
    if make::is_call(written) {
        return make::set(body, CORS, written.clone());
    }
    if !written.is_map() {
        let reason = format!("{}: expected true or a map as CorsConfiguration", source.id);
        return sam.gap(GapKind::Unparsed, reason, written.place);
    }
    let of = |name: &str| written.get(name).filter(|node| !node.is_null());
    let every = of("AllowOrigins").is_none_or(|origins| origins.items().iter().any(|item| item.as_str() == Some("*")));
    if every && of("AllowCredentials").and_then(|node| sam.truth(node)) == Some(true) {
        let reason = format!(
            "{}: CorsConfiguration cannot allow credentials from every origin",
            source.id
        );
        sam.gap(GapKind::Unparsed, reason, written.place);
    }
    let small = in_small(written);
    if let Some(cors) = body::map_at(body, &[CORS]) {
        for entry in small.entries() {
            let off = &*entry.key == "allowCredentials" && sam.truth(&entry.value) == Some(false);
            if !off && !entry.value.is_null() {
                make::set(cors, &entry.key, entry.value.clone());
            }
        }
    }
}

/// A map with its keys as API Gateway's extension has them: `allowOrigins`.
fn in_small(written: &Node) -> Node {
    let mut small = written.clone();
    if let NodeValue::Map(entries) = &mut small.value {
        for entry in entries {
            let (head, rest) = entry.key.split_at_checked(1).unwrap_or_default();
            entry.key = format!("{}{rest}", head.to_lowercase()).into();
        }
    }
    small
}

/// Tags, the default endpoint, the title and the description.
pub(super) fn write(sam: &Sam<'_>, source: Source<'_>, body: &mut Body, tags: &Node) {
    if let Some(list) = make::slot(body, "tags", |make| make.list(Vec::new())) {
        for tag in tags.entries() {
            write_tag(list, &tag.key, &tag.value);
        }
    }
    if let Some(disabled) = source.property("DisableExecuteApiEndpoint") {
        disable_endpoint(body, disabled, true);
    }
    for (property, key) in [("Name", "title"), ("Description", "description")] {
        let Some(value) = source.property(property) else {
            continue;
        };
        let present = body.get("info").and_then(|info| info.get(key));
        let free =
            present.is_none_or(|node| key == "title" && make::referenced(node).as_deref() == Some("AWS::StackName"));
        if !free {
            let reason = format!("{}: the definition has a {key} of its own", source.id);
            sam.gap(GapKind::Unparsed, reason, value.place);
        } else if let Some(info) = body::map_at(body, &["info"]) {
            make::set(info, key, value.clone());
        }
    }
    let fails = source.property("FailOnWarnings").and_then(|node| sam.truth(node)) == Some(true);
    let paths = body::paths_mut(body).filter(|_| fails);
    // API Gateway warns of a path that does not begin with a slash.
    if let Some(paths) = paths
        && let Some(default) = make::remove(paths, "$default")
    {
        make::set(paths, "/$default", default);
    }
}

fn write_tag(list: &mut Node, name: &str, value: &Node) {
    let make = Make(value.place);
    let tag = make.map(vec![("name", make.text(name)), (TAG_VALUE, value.clone())]);
    let NodeValue::Seq(items) = &mut list.value else {
        return;
    };
    let named = |item: &&mut Node| item.get("name").and_then(Node::as_str) == Some(name);
    match items.iter_mut().find(named) {
        Some(present) => make::set(present, TAG_VALUE, value.clone()),
        None => items.push(tag),
    }
}

/// The `RouteSettings` of the API, with those of the events of its routes.
pub(super) fn route_settings(sam: &Sam<'_>, source: Source<'_>) -> Option<Node> {
    let mut settings = source.property("RouteSettings").cloned();
    let mut routes = sam.routes.of(source.id);
    routes.sort_by_key(|route| route.written);
    for route in routes {
        let Some(own) = route.property("RouteSettings") else {
            continue;
        };
        let key = match route.method.as_str() {
            body::ANY_METHOD => route.path.clone(),
            method => format!("{} {}", method.to_uppercase(), route.path),
        };
        let own = body::conditional(route.condition.as_deref(), own.clone());
        let settings = settings.get_or_insert_with(|| route.make().map(Vec::new()));
        if let Some(present) = body::map_at(settings, &[&key]) {
            for entry in own.entries() {
                make::set(present, &entry.key, entry.value.clone());
            }
        }
    }
    settings
}
