//! OpenAPI bodies: the methods, routes and authorizers that API Gateway makes of them.
//! Source: Amazon API Gateway developer guide, "OpenAPI extensions for API Gateway".

use super::api::{authorizes, integration, invokes, looks};
use super::api_v2::own_api;
use super::trigger::part;
use crate::cx::Cx;
use crate::props::Props;
use maremma_model::noun::*;
use maremma_model::{Document, Field, Id, Link, Location, Resource, Setting, State, Text, Unknown, Value, Why};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

const ANY_METHOD: &str = "x-amazon-apigateway-any-method";
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", ANY_METHOD];
const INTEGRATION: [&str; 4] = ["type", "uri", "credentials", "requestParameters"];
const VALIDATOR: &str = "x-amazon-apigateway-request-validator";

/// A body with the security schemes that it declares.
pub(super) struct Body<'a> {
    p: &'a Props<'a>,
    schemes: HashMap<Arc<str>, Scheme>,
    /// Why schemes may be missing.
    schemes_unknown: Option<Why>,
    integrations: HashMap<Arc<str>, Props<'a>>,
}

/// A method of a path.
struct Operation<'a> {
    path: Arc<str>,
    method: String,
    form: Form,
    head: Resource,
    p: Props<'a>,
}

/// What a security scheme asks of a caller.
#[derive(Default)]
struct Scheme {
    /// The authorization type of a method, where it has one.
    authorization: Option<Text>,
    authorizer: Option<Id<Authorizer>>,
    /// Asks for an API key.
    api_key: bool,
}

/// What the security requirements of an operation come to.
#[derive(Clone, PartialEq)]
struct Demand {
    authorization: Text,
    authorizer: Option<Id<Authorizer>>,
    api_key: bool,
    scopes: Vec<Text>,
}

impl<'a> Body<'a> {
    pub(super) fn new(cx: &Cx<'_>, resource: &Resource, p: &'a Props<'a>) -> Self {
        let places = ["securityDefinitions", "components.securitySchemes"];
        let mut schemes = HashMap::new();
        for (name, p) in places.iter().flat_map(|place| p.subs(place)) {
            let scheme = scheme(cx, resource, &name, &p);
            schemes.insert(name, scheme);
        }
        let above = ["securityDefinitions", "components", "components.securitySchemes"];
        Body {
            p,
            schemes,
            schemes_unknown: above.iter().find_map(|place| p.unknown(place)),
            integrations: p
                .subs("components.x-amazon-apigateway-integrations")
                .into_iter()
                .collect(),
        }
    }

    /// Every operation: its path, its method, its head and itself. The second is why some may be
    /// missing.
    fn operations(&self, cx: &Cx<'_>, resource: &Resource) -> (Vec<Operation<'a>>, Option<Why>) {
        let mut operations = Vec::new();
        let mut why = self.p.unknown("paths");
        for (path, item) in self.p.subs("paths") {
            why = why.or_else(|| item.whole().and_then(unknown_of));
            for (key, operation) in item.subs_here() {
                if METHODS.contains(&&*key) {
                    let method = if &*key == ANY_METHOD {
                        "ANY".to_owned()
                    } else {
                        key.to_uppercase()
                    };
                    let (mut head, mut p) = part(resource, &operation);
                    let form = form(cx, &item, &key, &mut p);
                    head.at = p.at().clone();
                    operations.push(Operation {
                        path: path.clone(),
                        method,
                        form,
                        head,
                        p,
                    });
                }
            }
        }
        (operations, why)
    }

    /// What an operation asks of its caller: its own `security`, else that of the whole body; an
    /// empty list asks nothing.
    fn demand(&self, operation: &Props<'_>) -> Setting<Demand> {
        let nothing = Demand {
            authorization: Text::literal("NONE"),
            authorizer: None,
            api_key: false,
            scopes: Vec::new(),
        };
        let auth = operation.text("x-amazon-apigateway-auth.type");
        if !auth.is_unset() {
            return auth.map(|authorization| Demand {
                authorization,
                ..nothing.clone()
            });
        }
        let (own, root) = (operation.get("security"), self.p.get("security"));
        let security = own.as_deref().or(root.as_deref());
        operation
            .setting_of(security, &|document| self.met(document))
            .or_default(nothing)
    }

    fn met(&self, security: &Document) -> State<Demand> {
        let unknown = |why| {
            State::Unknown(Unknown {
                why,
                candidates: Vec::new(),
            })
        };
        let mut demand = Demand {
            authorization: Text::literal("NONE"),
            authorizer: None,
            api_key: false,
            scopes: Vec::new(),
        };
        if !matches!(security.value, Value::List(_)) {
            return self.p.wrong("security", "a list", security);
        }
        for requirement in security.items() {
            if let Some(why) = unknown_of(requirement) {
                return unknown(why);
            }
            if !matches!(requirement.value, Value::Map(_)) {
                return self.p.wrong("security", "a map", requirement);
            }
            for field in requirement.fields() {
                match (self.schemes.get(&field.key), &self.schemes_unknown) {
                    (Some(scheme), _) => {
                        demand.api_key |= scheme.api_key;
                        if let Some(authorization) = &scheme.authorization {
                            demand.authorization = authorization.clone();
                            demand.authorizer = scheme.authorizer;
                            demand.scopes = self.scopes(field);
                        }
                    }
                    (None, Some(why)) => return unknown(why.clone()),
                    // API Gateway takes no notice of a scheme that is not declared.
                    (None, None) => {}
                }
            }
        }
        State::Set(demand)
    }

    /// The scopes that a requirement asks for.
    fn scopes(&self, requirement: &Field) -> Vec<Text> {
        let scopes = requirement.value.items().iter();
        scopes
            .filter_map(|scope| match scope.as_text() {
                Some(text) => Some(text.clone()),
                None => {
                    self.p.wrong::<()>(&requirement.key, "a string", scope);
                    None
                }
            })
            .collect()
    }

    /// Whether the validator of an operation, or else of the whole body, looks at anything.
    fn validator(&self, operation: &Props<'_>) -> Setting<bool> {
        let mut named = operation.text(VALIDATOR);
        if named.is_unset() {
            let at = named.at;
            named = self.p.text(VALIDATOR);
            if named.is_unset() {
                return Setting::unset(at);
            }
        }
        let validators = self.p.subs("x-amazon-apigateway-request-validators");
        let name = named.value().and_then(Text::as_literal);
        match validators.iter().find(|(own, _)| Some(&**own) == name) {
            Some((_, p)) => looks(named.at, p, ["validateRequestBody", "validateRequestParameters"]),
            None => named.map(|_| true),
        }
    }

    /// The integration of an operation, written there or referred to.
    fn integration(&self, operation: &Props<'_>) -> Integration {
        let own = operation.sub("x-amazon-apigateway-integration");
        let referred = own.text("$ref");
        let name = referred.value().and_then(|text| text.as_literal()?.rsplit('/').next());
        let found = name.and_then(|name| self.integrations.get(name));
        integration(found.unwrap_or(&own), INTEGRATION)
    }
}

/// What wrote an operation: what the expansion of an event makes has the place of its cause
/// throughout. One that was written stands where its key does, which is short and says which it is.
fn form(cx: &Cx<'_>, item: &Props<'_>, key: &str, operation: &mut Props<'_>) -> Form {
    match item.whole().and_then(|item| key_at(item, key)) {
        Some(at) if at != operation.at() => {
            *operation = operation.clone().standing(at.clone());
            Form::Operation
        }
        Some(_) if cx.origin.expands() => Form::Event,
        // Keys have no places of their own in every language.
        _ => Form::Operation,
    }
}

fn key_at<'d>(map: &'d Document, key: &str) -> Option<&'d Location> {
    match &map.value {
        Value::Map(fields) => fields
            .iter()
            .find(|field| &*field.key == key)
            .map(|field| &field.key_at),
        Value::Choice(branches) => branches.iter().find_map(|branch| key_at(&branch.value, key)),
        _ => None,
    }
}

/// Why a document is not known, in one world or as a whole.
fn unknown_of(document: &Document) -> Option<Why> {
    match &document.value {
        Value::Unknown(why) => Some(why.clone()),
        Value::Choice(branches) => branches.iter().find_map(|branch| unknown_of(&branch.value)),
        _ => None,
    }
}

fn scheme(cx: &Cx<'_>, resource: &Resource, name: &Arc<str>, p: &Props<'_>) -> Scheme {
    let word = |path: &str| {
        p.text(path)
            .value()
            .and_then(|text| Some(text.as_literal()?.to_lowercase()))
    };
    if word("x-amazon-apigateway-authtype").as_deref() == Some("awssigv4") {
        return Scheme {
            authorization: Some(Text::literal("AWS_IAM")),
            ..Scheme::default()
        };
    }
    if !p.has("x-amazon-apigateway-authorizer") {
        // Without AWS's extensions only an API key's scheme means anything to API Gateway.
        return Scheme {
            api_key: word("type").as_deref() == Some("apikey") && word("name").as_deref() == Some("x-api-key"),
            ..Scheme::default()
        };
    }
    let authorizer = authorizer(cx, resource, name, &p.sub("x-amazon-apigateway-authorizer"));
    let kind = authorizer.kind.value().and_then(Text::as_literal);
    let authorization = match kind {
        Some("COGNITO_USER_POOLS") => "COGNITO_USER_POOLS",
        Some("JWT") => "JWT",
        _ => "CUSTOM",
    };
    Scheme {
        authorization: Some(Text::literal(authorization)),
        authorizer: Some(cx.authorizer(authorizer)),
        api_key: false,
    }
}

fn authorizer(cx: &Cx<'_>, resource: &Resource, name: &Arc<str>, p: &Props<'_>) -> Authorizer {
    let upper = |text: Text| match text.as_literal() {
        Some(text) => Text::literal(text.to_uppercase()),
        None => text,
    };
    let at = p.at().clone();
    let authorizer = Authorizer {
        api: Setting::set(AnyLink::Here(cx.own), at.clone()),
        name: Setting::set(Text::literal(name.clone()), at),
        kind: p.text("type").map(upper),
        function: p.function_among("authorizerUri"),
        user_pools: p.anys_of::<Other>("providerARNs"),
        identity_source: p.texts("identitySource"),
        result_ttl: p.number("authorizerResultTtlInSeconds"),
        jwt_issuer: p.text("jwtConfiguration.issuer"),
        jwt_audience: p.texts("jwtConfiguration.audience"),
        resource: Resource {
            at: p.at().clone(),
            ..resource.clone()
        },
    };
    authorizes(cx, &authorizer, p.any_of::<Role>("authorizerCredentials"));
    authorizer
}

/// The authorizer of a demand, in every world.
fn authorizer_of(demand: &Setting<Demand>) -> Setting<Link<Authorizer>> {
    let link = |demand: Demand| demand.authorizer;
    let found = demand.clone().map(link);
    let at = found.at.clone();
    match found.state {
        State::Set(Some(id)) | State::Default(Some(id)) => Setting::set(Link::Here(id), at),
        State::Unknown(unknown) => Setting::unknown(unknown.why, at),
        _ => Setting::unset(at),
    }
}

/// Makes the methods of a REST API's body; returns why some may be missing.
pub(super) fn rest_methods(cx: &Cx<'_>, resource: &Resource, body: &Body<'_>) -> Option<Why> {
    let mut invoked = HashSet::new();
    let (operations, why) = body.operations(cx, resource);
    for Operation {
        path,
        method,
        form,
        head,
        p,
    } in operations
    {
        let demand = body.demand(&p);
        let own = own_api(cx);
        let row = RestMethod {
            api: Setting::set(own, resource.at.clone()),
            path: Text::literal(path),
            method: Setting::set(Text::literal(method), p.at().clone()),
            authorization_type: demand.clone().map(|demand| demand.authorization),
            authorizer: authorizer_of(&demand),
            api_key_required: demand.map(|demand| demand.api_key),
            validates: body.validator(&p),
            integration: body.integration(&p),
            form,
            resource: head,
        };
        if invoked.insert(row.integration.function.state.clone()) {
            invokes(
                cx,
                &row.resource,
                &row.integration,
                Setting::set(AnyLink::Here(cx.own), resource.at.clone()),
            );
        }
        cx.rest_method(row);
    }
    why
}

/// Makes the routes of an HTTP API's body; returns why some may be missing.
pub(super) fn http_routes(cx: &Cx<'_>, resource: &Resource, body: &Body<'_>) -> Option<Why> {
    let mut invoked = HashSet::new();
    let (operations, why) = body.operations(cx, resource);
    for Operation {
        path,
        method,
        form,
        head,
        p,
    } in operations
    {
        let demand = body.demand(&p);
        let key = match &*path {
            "/$default" | "$default" => "$default".to_owned(),
            written => format!("{method} {written}"),
        };
        let scopes = demand.clone().map(|demand| {
            let scope = |text: Text| Setting::set(text, p.at().clone());
            demand.scopes.into_iter().map(scope).collect()
        });
        let row = HttpRoute {
            api: Setting::set(own_api(cx), resource.at.clone()),
            route_key: Setting::set(Text::literal(key), p.at().clone()),
            authorization_type: demand.clone().map(|demand| demand.authorization),
            authorizer: authorizer_of(&demand),
            scopes,
            api_key_required: demand.map(|demand| demand.api_key),
            integration: body.integration(&p),
            form,
            resource: head,
        };
        if invoked.insert(row.integration.function.state.clone()) {
            invokes(
                cx,
                &row.resource,
                &row.integration,
                Setting::set(AnyLink::Here(cx.own), resource.at.clone()),
            );
        }
        cx.http_route(row);
    }
    why
}
