//! What an event asks of the requests of its route: a model, parameters, a validator, a timeout.

use super::super::make::{self, Make};
use super::super::{Sam, source::Source};
use super::body::{self, Body, INTEGRATION};
use super::routes::Route;
use maremma_model::{GapKind, Node};

const LOCATIONS: [(&str, &str); 3] = [("querystring", "query"), ("path", "path"), ("header", "header")];

pub(super) fn write(sam: &Sam<'_>, api: Source<'_>, body: &mut Body, route: &Route) {
    if let Some(timeout) = route.property("TimeoutInMillis") {
        for operation in body::operations_at(body, &route.path, &route.method) {
            if let Some(integration) = make::get_mut(operation, INTEGRATION) {
                make::set(integration, "timeoutInMillis", timeout.clone());
            }
        }
    }
    if let Some(model) = route.property("RequestModel") {
        write_model(sam, api, body, route, model);
    }
    for parameter in route.property("RequestParameters").map_or(&[][..], Node::items) {
        write_parameter(sam, body, route, parameter);
    }
}

fn write_model(sam: &Sam<'_>, api: Source<'_>, body: &mut Body, route: &Route, written: &Node) {
    let Some(name) = written.get("Model").and_then(|model| sam.text(model)) else {
        return;
    };
    if api.property("Models").and_then(|models| models.get(&name)).is_none() {
        let reason = format!("event {}: {} has no model {name}", route.event, api.id);
        return sam.gap(GapKind::Unparsed, reason, written.place);
    }
    let make = Make(written.place);
    let name = name.to_lowercase();
    let third = body.get("swagger").is_none() && body::is_third(body);
    let referred = |above: &str| make.map(vec![("$ref", make.text(&format!("#/{above}/{name}")))]);
    for operation in body::operations_at(body, &route.path, &route.method) {
        if third {
            let content = make.map(vec![("schema", referred("components/schemas"))]);
            let content = make.map(vec![("application/json", content)]);
            let mut request = vec![("content", content)];
            request.extend(written.get("Required").map(|required| ("required", required.clone())));
            make::set(operation, "requestBody", make.map(request));
        } else {
            let mut parameter = vec![
                ("in", make.text("body")),
                ("name", make.text(&name)),
                ("schema", referred("definitions")),
            ];
            parameter.extend(written.get("Required").map(|required| ("required", required.clone())));
            add_parameter(operation, make.map(parameter));
        }
    }
    write_validator(sam, body, route, written);
}

fn write_validator(sam: &Sam<'_>, body: &mut Body, route: &Route, model: &Node) {
    let (validated, parameters) = (model.get("ValidateBody"), model.get("ValidateParameters"));
    if validated.is_none() && parameters.is_none() {
        return;
    }
    let asked = |node: Option<&Node>| node.and_then(|node| sam.truth(node)) == Some(true);
    let (validated, parameters) = (asked(validated), asked(parameters));
    let name = match (validated, parameters) {
        (true, true) => "body-and-params",
        (true, false) => "body-only",
        (false, true) => "params-only",
        (false, false) => "no-validation",
    };
    let make = Make(model.place);
    let validator = make.map(vec![
        ("validateRequestBody", make.plain(&validated.to_string())),
        ("validateRequestParameters", make.plain(&parameters.to_string())),
    ]);
    if let Some(validators) = body::map_at(body, &["x-amazon-apigateway-request-validators"])
        && validators.get(name).is_none()
    {
        make::set(validators, name, validator);
    }
    for operation in body::operations_at(body, &route.path, &route.method) {
        make::set(operation, "x-amazon-apigateway-request-validator", make.text(name));
    }
}

/// A parameter is a name, or a map of the name to what is asked of it.
fn write_parameter(sam: &Sam<'_>, body: &mut Body, route: &Route, written: &Node) {
    let (full, settings) = match (written.as_str(), written.entries()) {
        (Some(name), _) => (name, None),
        (None, [entry]) => (&*entry.key, Some(&entry.value)),
        _ => ("", None),
    };
    let parts = full
        .strip_prefix("method.request.")
        .and_then(|rest| rest.split_once('.'));
    let found = parts.and_then(|(location, name)| {
        let (_, location) = LOCATIONS.iter().find(|(written, _)| *written == location)?;
        Some((*location, name))
    });
    let Some((location, name)) = found else {
        let reason = format!("event {}: expected method.request.LOCATION.NAME", route.event);
        return sam.gap(GapKind::Unparsed, reason, written.place);
    };
    let make = Make(written.place);
    let setting = |key: &str| settings.and_then(|settings| settings.get(key));
    let required = setting("Required").cloned().unwrap_or_else(|| make.plain("false"));
    let cached = setting("Caching").and_then(|caching| sam.truth(caching)) == Some(true);
    for operation in body::operations_at(body, &route.path, &route.method) {
        let parameter = make.map(vec![
            ("in", make.text(location)),
            ("name", make.text(name)),
            ("required", required.clone()),
            ("type", make.text("string")),
        ]);
        add_parameter(operation, parameter);
        if cached
            && let Some(integration) = make::get_mut(operation, INTEGRATION)
            && let Some(keys) = make::slot(integration, "cacheKeyParameters", |make| make.list(Vec::new()))
        {
            make::push(keys, make.text(full));
        }
    }
}

fn add_parameter(operation: &mut Node, parameter: Node) {
    if let Some(parameters) = make::slot(operation, "parameters", |make| make.list(Vec::new())) {
        make::push(parameters, parameter);
    }
}

/// The path parameters of a route of an HTTP API.
pub(in super::super) fn write_path_parameters(body: &mut Body, route: &Route) {
    let names = route.path.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    for (name, _) in names {
        let make = route.make();
        for operation in body::operations_at(body, &route.path, &route.method) {
            let Some(parameters) = make::slot(operation, "parameters", |make| make.list(Vec::new())) else {
                continue;
            };
            let maremma_model::NodeValue::Seq(items) = &mut parameters.value else {
                continue;
            };
            let named = |item: &&mut Node| item.get("name").and_then(Node::as_str) == Some(name);
            if let Some(present) = items.iter_mut().find(named) {
                make::set(present, "in", make.text("path"));
                make::set(present, "required", make.plain("true"));
            } else {
                items.push(make.map(vec![
                    ("name", make.text(name)),
                    ("in", make.text("path")),
                    ("required", make.plain("true")),
                ]));
            }
        }
    }
}
