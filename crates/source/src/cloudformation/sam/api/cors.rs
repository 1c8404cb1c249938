//! CORS of REST APIs: a mock integration that answers preflight requests, at every path.

use super::super::make::{self, Make};
use super::super::{Sam, source::Source};
use super::body::{self, ANY_METHOD, Body, INTEGRATION};
use maremma_model::{GapKind, Node};
use std::collections::BTreeSet;

const ALL_METHODS: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];

/// What `Cors` says: one origin, or a map.
struct Cors {
    make: Make,
    origin: Node,
    headers: Option<Node>,
    methods: Option<Node>,
    max_age: Option<Node>,
    credentials: bool,
}

pub(super) fn write(sam: &Sam<'_>, api: Source<'_>, body: &mut Body) {
    let Some(written) = api.property("Cors") else {
        return;
    };
    let Some(cors) = read(sam, written) else {
        let reason = format!("{}: expected an origin or a map as Cors", api.id);
        return sam.gap(GapKind::Unparsed, reason, written.place);
    };
    if cors.credentials && cors.origin.as_str() == Some("'*'") {
        let reason = format!("{}: Cors cannot allow credentials from every origin", api.id);
        sam.gap(GapKind::Unparsed, reason, written.place);
    }
    let mut seen = BTreeSet::new();
    for path in body::path_names(body) {
        // API Gateway takes a path with and without a slash at its end as one.
        let bare = path.trim_end_matches('/');
        if !seen.insert(if bare.is_empty() { path.clone() } else { bare.to_owned() }) {
            continue;
        }
        let mut methods = cors.methods.clone();
        for item in body::items_mut(body, &path) {
            if item.get("options").is_some() {
                continue;
            }
            let methods = methods.get_or_insert_with(|| cors.make.text(&format!("'{}'", allowed(item))));
            make::set(item, "options", preflight(&cors, methods));
        }
    }
}

fn read(sam: &Sam<'_>, written: &Node) -> Option<Cors> {
    let make = Make(written.place);
    if written.as_str().is_some() || make::is_call(written) {
        return Some(Cors {
            make,
            origin: written.clone(),
            headers: None,
            methods: None,
            max_age: None,
            credentials: false,
        });
    }
    let of = |key: &str| written.get(key).filter(|node| !node.is_null()).cloned();
    written.is_map().then(|| Cors {
        make,
        origin: of("AllowOrigin").unwrap_or_else(|| make.text("'*'")),
        headers: of("AllowHeaders"),
        methods: of("AllowMethods"),
        max_age: of("MaxAge"),
        credentials: of("AllowCredentials").and_then(|node| sam.truth(&node)) == Some(true),
    })
}

/// The methods of a path, and OPTIONS.
fn allowed(item: &Node) -> String {
    if item.get(ANY_METHOD).is_some() {
        return ALL_METHODS.join(",");
    }
    let mut methods: BTreeSet<String> = item.entries().iter().map(|entry| entry.key.to_uppercase()).collect();
    methods.insert("OPTIONS".to_owned());
    methods.into_iter().collect::<Vec<_>>().join(",")
}

fn preflight(cors: &Cors, methods: &Node) -> Node {
    let make = cors.make;
    let mut sent = vec![("Access-Control-Allow-Origin", "string", cors.origin.clone())];
    let headers = cors.headers.clone();
    sent.extend(headers.map(|headers| ("Access-Control-Allow-Headers", "string", headers)));
    sent.push(("Access-Control-Allow-Methods", "string", methods.clone()));
    let age = cors.max_age.clone();
    sent.extend(age.map(|age| ("Access-Control-Max-Age", "integer", age)));
    if cors.credentials {
        sent.push(("Access-Control-Allow-Credentials", "string", make.text("'true'")));
    }
    let mut parameters = make.map(Vec::new());
    let mut declared = make.map(Vec::new());
    for (header, kind, value) in sent {
        make::set(&mut parameters, &format!("method.response.header.{header}"), value);
        make::set(&mut declared, header, make.map(vec![("type", make.text(kind))]));
    }
    let json = |text: &str| make.map(vec![("application/json", make.text(text))]);
    let answer = make.map(vec![
        ("statusCode", make.text("200")),
        ("responseParameters", parameters),
        ("responseTemplates", json("{}\n")),
    ]);
    let integration = make.map(vec![
        ("type", make.text("mock")),
        ("requestTemplates", json("{\n  \"statusCode\" : 200\n}\n")),
        ("responses", make.map(vec![("default", answer)])),
    ]);
    let response = make.map(vec![
        ("description", make.text("Default response for CORS method")),
        ("headers", declared),
    ]);
    make.map(vec![
        ("summary", make.text("CORS support")),
        ("consumes", make.texts(&["application/json"])),
        ("produces", make.texts(&["application/json"])),
        (INTEGRATION, integration),
        ("responses", make.map(vec![("200", response)])),
    ])
}
