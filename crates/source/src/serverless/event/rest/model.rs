//! What a method asks of a request: parameters, and models of its body.

use super::super::super::naming;
use super::super::super::service::{Service, deep, entries, part};
use super::super::Event;
use crate::cloudformation::make::Make;
use maremma_model::{Entry, Node};

/// Where parameters of a request stand, in the framework's words and in API Gateway's.
const PLACES: [(&str, &str); 3] = [
    ("querystrings", "querystring"),
    ("paths", "path"),
    ("headers", "header"),
];

/// The properties of a method that say so; models and the validator are put in.
pub(super) fn of_method(
    service: &mut Service<'_>,
    event: Event<'_>,
    api: &Node,
    name: &str,
    verb: Option<&str>,
) -> Vec<(&'static str, Node)> {
    let Some(request) = event.part("request").cloned() else {
        return Vec::new();
    };
    let at = Make(request.place);
    let mut made = Vec::new();
    let parameters = parameters(&request);
    let required = parameters.iter().any(|(_, node)| service.on(node));
    if !parameters.is_empty() {
        let entries = parameters.iter().map(|(name, node)| (name.as_str(), node.clone()));
        made.push(("RequestParameters", at.map(entries.collect())));
    }
    let schemas = part(&request, "schemas").or_else(|| part(&request, "schema")).cloned();
    let mut models = Vec::new();
    for entry in schemas.as_ref().map_or(&[][..], entries) {
        let method = naming::method(verb.unwrap_or("unknown"));
        let own = format!("ApiGatewayMethod{name}{method}{}Model", naming::words(&entry.key));
        let id = model(service, api, entry, own);
        models.push((entry.key.to_string(), at.reference(&id)));
    }
    if required || !models.is_empty() {
        made.push(("RequestValidatorId", validator(service, api, at)));
    }
    if !models.is_empty() {
        let models = models.iter().map(|(kind, id)| (kind.as_str(), id.clone()));
        made.push(("RequestModels", at.map(models.collect())));
    }
    made
}

/// `method.request.header.X` and whether it must be there.
fn parameters(request: &Node) -> Vec<(String, Node)> {
    let mut found = Vec::new();
    for (key, place) in PLACES {
        for entry in deep(request, &["parameters", key]).map_or(&[][..], entries) {
            let required = match part(&entry.value, "required") {
                Some(required) => required.clone(),
                None if entry.value.is_map() => Make(entry.key_place).plain("true"),
                None => entry.value.clone(),
            };
            found.push((format!("method.request.{place}.{}", entry.key), required));
        }
    }
    found
}

/// A model of the method's own, or one of `provider.apiGateway.request.schemas` by its name.
fn model(service: &mut Service<'_>, api: &Node, entry: &Entry, own: String) -> String {
    let at = Make(entry.key_place);
    let shared = service.text(&entry.value).and_then(|name| {
        let schema = deep(&service.provider, &["apiGateway", "request", "schemas", &name])?;
        Some((format!("ApiGateway{}Model", naming::words(&name)), schema.clone()))
    });
    let (id, written) = shared.unwrap_or((own, entry.value.clone()));
    let schema = part(&written, "schema").unwrap_or(&written).clone();
    let properties = vec![
        ("RestApiId", api.clone()),
        ("ContentType", at.text(&entry.key)),
        ("Schema", schema),
    ];
    service.add(&id, at.resource("AWS::ApiGateway::Model", properties));
    id
}

fn validator(service: &mut Service<'_>, api: &Node, at: Make) -> Node {
    let name = service.text(&service.name).unwrap_or_default();
    let id = format!("ApiGateway{}RequestValidator", naming::alphanumeric(&name));
    if service.made(&id).is_none() {
        let properties = vec![
            ("RestApiId", api.clone()),
            ("ValidateRequestBody", at.plain("true")),
            ("ValidateRequestParameters", at.plain("true")),
        ];
        service.add(&id, at.resource("AWS::ApiGateway::RequestValidator", properties));
    }
    at.reference(&id)
}
