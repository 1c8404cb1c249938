//! What SAM writes in Swagger's words, in those of OpenAPI 3, where the API asks for that.

use super::super::make::{self, Make};
use super::super::{Sam, source::Source};
use super::body::{self, Body};
use maremma_model::{Node, NodeValue};

/// Converts a body of an API that asks for OpenAPI 3. A body that says it is Swagger stays that.
pub(super) fn convert(sam: &Sam<'_>, source: Source<'_>, body: &mut Body) {
    if body.get("swagger").is_some_and(|version| !version.is_null()) {
        return;
    }
    let asked = source.property("OpenApiVersion").and_then(|node| sam.text(node));
    let third = match &asked {
        Some(version) => body::is_third_version(version),
        None => body::is_third(body),
    };
    if !third {
        return;
    }
    for (old, new) in [("securityDefinitions", "securitySchemes"), ("definitions", "schemas")] {
        let moved = make::remove(body, old).filter(|node| !node.entries().is_empty());
        if let Some(moved) = moved
            && let Some(components) = body::map_at(body, &["components"])
        {
            make::set(components, new, moved);
        }
    }
    for path in body::path_names(body) {
        let item = body.item_mut(&path);
        if let Some(options) = item.and_then(|item| make::get_mut(item, "options")) {
            make::remove(options, "consumes");
            make::remove(options, "produces");
            wrap_headers(options);
        }
    }
}

fn wrap_headers(options: &mut Node) {
    let headers = ["responses", "200", "headers"];
    let found = headers.iter().try_fold(options, |node, key| make::get_mut(node, key));
    if let Some(NodeValue::Map(headers)) = found.map(|headers| &mut headers.value) {
        for header in headers {
            let make = Make(header.value.place);
            header.value = make.map(vec![("schema", header.value.clone())]);
        }
    }
}
