//! Functions that anybody on the internet may make run: behind a URL or a route that asks for nothing.

use crate::context::Context;
use crate::subject::api::{Door, RestDoors, functions_of, mutual_tls};
use crate::verdict::possible::is;
use maremma_iam::Match;
use maremma_model::noun::{HttpRoute, RestMethod, Url};
use maremma_model::{AnyId, Function, Id, Link, Setting, Text};
use std::collections::HashMap;

/// The functions that are open for sure, each with one way in: `POST /orders`.
pub(crate) fn open_functions(context: &Context<'_>) -> HashMap<Id<Function>, String> {
    let mut open = HashMap::new();
    let doors = RestDoors::of(context);
    for url in context.estate.urls.values().filter(|url| unasked_url(url)) {
        let function = url.function.value().and_then(|reference| reference.function.here());
        open.extend(function.map(|id| (id, "its function URL".to_owned())));
    }
    for route in context
        .estate
        .http_routes
        .values()
        .filter(|route| unasked_route(context, route))
    {
        for id in functions_of(&[&route.integration]) {
            open.entry(id).or_insert_with(|| key(&route.route_key));
        }
    }
    for method in context
        .estate
        .rest_methods
        .values()
        .filter(|method| unasked_method(method))
    {
        if doors.to(method) == Door::Open {
            for id in functions_of(&[&method.integration]) {
                open.entry(id)
                    .or_insert_with(|| format!("{} {}", key(&method.method), method.path));
            }
        }
    }
    open
}

fn key(setting: &Setting<Text>) -> String {
    setting.value().map_or_else(|| "?".to_owned(), ToString::to_string)
}

fn unasked_url(url: &Url) -> bool {
    let nobody = |value: Option<&Text>| (value.and_then(Text::as_literal) == Some("NONE")).into();
    is(&url.auth_type, &nobody).is.is_yes()
}

fn unasked(authorization: &Setting<Text>) -> bool {
    let nobody = is(authorization, &|value| match value.map(Text::as_literal) {
        Some(Some(kind)) => kind.eq_ignore_ascii_case("NONE").into(),
        Some(None) => Match::Unknown,
        None => Match::Yes,
    });
    nobody.is.is_yes()
}

/// A preflight request is answered without the function's work, as a rule.
fn preflight(method: &str) -> bool {
    method.eq_ignore_ascii_case("OPTIONS")
}

fn unasked_route(context: &Context<'_>, route: &HttpRoute) -> bool {
    let key = route.route_key.value().map_or("", Text::prefix);
    let Some((id, api)) = route.api.value().and_then(|api| Some((api.here()?, context.row(api)?))) else {
        return false;
    };
    let http = api.protocol.value().and_then(Text::as_literal) == Some("HTTP");
    http && unasked(&route.authorization_type)
        && !preflight(key.split(' ').next().unwrap_or(key))
        && mutual_tls(context, AnyId::from(id), &api.disable_execute_api_endpoint) == Door::Open
}

fn unasked_method(method: &RestMethod) -> bool {
    let key_only = method.api_key_required.value() == Some(&true);
    let here = matches!(method.api.value(), Some(Link::Here(_)));
    let verb = method.method.value().and_then(Text::as_literal).unwrap_or("");
    here && unasked(&method.authorization_type) && !key_only && !preflight(verb)
}
