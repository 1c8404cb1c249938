//! `cors`: methods that answer a browser's question before it asks from another origin.

use super::super::super::naming;
use super::super::super::service::{Service, listed, part};
use super::Api;
use crate::cloudformation::make::Make;
use maremma_model::{Node, Place};
use std::collections::{BTreeMap, BTreeSet};

const HEADERS: [&str; 7] = [
    "Content-Type",
    "X-Amz-Date",
    "Authorization",
    "X-Api-Key",
    "X-Amz-Security-Token",
    "X-Amz-User-Agent",
    "X-Amzn-Trace-Id",
];

/// What is answered for each path.
#[derive(Default)]
pub(super) struct Preflights(BTreeMap<String, Preflight>);

struct Preflight {
    place: Place,
    resource: Node,
    methods: BTreeSet<String>,
    headers: Vec<Node>,
    origin: Node,
    credentials: bool,
}

impl Preflights {
    /// Takes in what an event says of its path.
    pub(super) fn join(&mut self, service: &Service<'_>, path: &str, resource: &Node, cors: &Node, verb: Option<&str>) {
        let at = Make(cors.place);
        let origins = part(cors, "origins").map(listed).unwrap_or_default();
        let origin = part(cors, "origin").or(origins.first()).cloned();
        let preflight = self.0.entry(path.to_owned()).or_insert_with(|| Preflight {
            place: cors.place,
            resource: resource.clone(),
            methods: BTreeSet::from(["OPTIONS".to_owned()]),
            headers: Vec::new(),
            origin: at.text("*"),
            credentials: false,
        });
        preflight.origin = origin.unwrap_or_else(|| at.text("*"));
        preflight.methods.extend(verb.map(str::to_owned));
        let methods = part(cors, "methods").map(listed).unwrap_or_default();
        preflight
            .methods
            .extend(methods.iter().filter_map(|method| service.text(method)));
        let headers = part(cors, "headers").map(listed);
        preflight
            .headers
            .extend(headers.unwrap_or_else(|| HEADERS.iter().map(|header| at.text(header)).collect()));
        preflight.credentials |= part(cors, "allowCredentials").is_some_and(|node| service.on(node));
    }
}

pub(super) fn compile(service: &mut Service<'_>, api: &Api) {
    for (path, preflight) in &api.cors.0 {
        let at = Make(preflight.place);
        let quoted = |service: &Service<'_>, value: Node| service.joined(at, vec![at.text("'"), value, at.text("'")]);
        let mut headers = Vec::new();
        for (number, header) in preflight.headers.iter().enumerate() {
            if number > 0 {
                headers.push(at.text(","));
            }
            headers.push(header.clone());
        }
        let headers = service.joined(at, headers);
        let methods: Vec<&str> = preflight.methods.iter().map(String::as_str).collect();
        let mut parameters = vec![
            (
                "method.response.header.Access-Control-Allow-Origin",
                quoted(service, preflight.origin.clone()),
            ),
            (
                "method.response.header.Access-Control-Allow-Headers",
                quoted(service, headers),
            ),
            (
                "method.response.header.Access-Control-Allow-Methods",
                at.text(&format!("'{}'", methods.join(","))),
            ),
        ];
        if preflight.credentials {
            let name = "method.response.header.Access-Control-Allow-Credentials";
            parameters.push((name, at.text("'true'")));
        }
        let response = at.map(vec![
            ("StatusCode", at.text("200")),
            ("ResponseParameters", at.map(parameters)),
        ]);
        let integration = at.map(vec![
            ("Type", at.text("MOCK")),
            ("IntegrationResponses", at.list(vec![response])),
        ]);
        let properties = vec![
            ("AuthorizationType", at.text("NONE")),
            ("HttpMethod", at.text("OPTIONS")),
            ("Integration", integration),
            ("ResourceId", preflight.resource.clone()),
            ("RestApiId", api.id.clone()),
        ];
        let id = format!("ApiGatewayMethod{}Options", naming::path(path));
        service.add(&id, at.resource("AWS::ApiGateway::Method", properties));
    }
}
