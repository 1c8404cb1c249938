//! A route of an HTTP or WebSocket API that asks nobody who they are.

use crate::subject::api::{Door, Entrance, Family, fix, functions_of, mutual_tls, runs_function};
use crate::verdict::judge::whole;
use crate::{Check, Context, Draft, Findings};
use maremma_iam::Match;
use maremma_model::noun::{Form, HttpApi, HttpRoute, Integration};
use maremma_model::{AnyId, Confidence, Control, Equivalent, Fix, Id, Link, Peer, Rule, Severity, Text, Tier, Verdict};

pub(super) const CHECK: Check = Check {
    rule: Rule {
        id: "apigwv2-no-authorizer",
        title: "HTTP or WebSocket API route without authentication",
        tier: Tier::Core,
        severity: Severity::High,
        confidence: Confidence::High,
        subject: "AWS::ApiGatewayV2::Route",
        controls: &[
            Control::fsbp("APIGateway.8"),
            Control::owasp("SAS-2"),
            Control::nist("AC-3"),
            Control::nist("AC-14"),
        ],
        equivalents: &[
            Equivalent::near(Peer::Checkov, "CKV_AWS_309"),
            Equivalent::near(Peer::Prowler, "apigatewayv2_api_authorizers_enabled"),
            Equivalent::near(Peer::CloudSploit, "apigatewayV2Authorization"),
            Equivalent::near(Peer::SecurityHub, "FSBP APIGateway.8"),
        ],
        page: include_str!("apigwv2_no_authorizer.md"),
    },
    run,
};

/// What a route is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A request to an HTTP API.
    Request,
    /// The connection to a WebSocket API: the only route of one that can have an authorizer.
    Connect,
    /// What is sent over a connection.
    Message,
    /// `$default` of an API that this input does not hold.
    Unclear,
}

const CONNECT: &str = "\
RouteKey: $connect
AuthorizationType: AWS_IAM

# AWS SAM, in the AWS::Serverless::WebSocketApi that has the route
Auth: {AuthType: AWS_IAM}";

fn run(context: &Context<'_>, findings: &mut Findings<'_>) {
    for (id, route) in context.estate.http_routes.iter() {
        let name = route
            .route_key
            .value()
            .map_or_else(|| "?".to_owned(), ToString::to_string);
        let fix = match (kind(context, route), route.form) {
            (Kind::Connect, Form::Resource) => {
                Fix::new("Let callers sign their requests, or name an authorizer").snippet(CONNECT)
            }
            (_, form) => fix(form, Family::V2),
        };
        findings.add(of_route(context, id, route, &name).detail(name).fix(fix));
    }
    for (id, api) in context.estate.http_apis.iter() {
        if let Some(draft) = unasked_connections(context, id, api) {
            let fix = Fix::new("Declare the $connect route with an authorizer").snippet(CONNECT);
            findings.add(draft.detail("$connect").fix(fix));
        }
    }
}

fn of_route(context: &Context<'_>, id: Id<HttpRoute>, route: &HttpRoute, name: &str) -> Draft {
    let kind = kind(context, route);
    let mut integrations = vec![&route.integration];
    if kind == Kind::Connect {
        integrations.extend(others(context, id, route));
    }
    let excused = match kind {
        _ if runs(&integrations).is_no() => Some("the integration of the route is no function"),
        Kind::Message => Some("a message comes over a connection, and $connect asks who connects"),
        _ if name.starts_with("OPTIONS ") => Some("OPTIONS is what browsers ask before a request, without credentials"),
        Kind::Request | Kind::Connect | Kind::Unclear => None,
    };
    if let Some(says) = excused {
        return Draft::new(id, Verdict::NotApplicable, says, whole(&route.resource, says));
    }
    let bad = match kind {
        Kind::Connect => format!("anybody on the internet can connect to {}", api_name(context, route)),
        _ => format!("anybody on the internet can call {name}"),
    };
    let entrance = Entrance {
        resource: &route.resource,
        authorization_type: &route.authorization_type,
        form: route.form,
        door: door(context, route, kind),
        integrations,
    };
    entrance.draft(context, id, &bad)
}

fn runs(integrations: &[&Integration]) -> Match {
    Match::any(integrations.iter().map(|integration| runs_function(integration)))
}

fn kind(context: &Context<'_>, route: &HttpRoute) -> Kind {
    let key = route.route_key.value().map_or("", Text::prefix);
    let api = route.api.value().and_then(|api| context.row(api));
    match api.map(|api| api.protocol.value().and_then(Text::as_literal)) {
        Some(Some("WEBSOCKET")) if key == "$connect" => Kind::Connect,
        Some(Some("WEBSOCKET")) => Kind::Message,
        Some(_) => Kind::Request,
        None if key == "$connect" => Kind::Connect,
        None if key == "$default" => Kind::Unclear,
        None if key.contains(' ') => Kind::Request,
        None => Kind::Message,
    }
}

fn door(context: &Context<'_>, route: &HttpRoute, kind: Kind) -> Door {
    let api = route.api.value();
    match api.and_then(|link| Some((link.here()?, context.row(link)?))) {
        Some((id, api)) => mutual_tls(context, id.into(), &api.disable_execute_api_endpoint),
        None if kind == Kind::Unclear => Door::Unknown {
            doubt: "the API is not in this input, and over a WebSocket $default takes messages only".to_owned(),
            why: api.and_then(|api| match api {
                Link::Outside(name) => name.why().cloned(),
                Link::Unknown(why) => Some(why.clone()),
                Link::Here(_) => None,
            }),
        },
        None => Door::Open,
    }
}

/// What the other routes of a WebSocket API run.
fn others<'c>(context: &'c Context<'_>, id: Id<HttpRoute>, route: &HttpRoute) -> Vec<&'c Integration> {
    let api = route.api.value().and_then(Link::here);
    let routes = context.estate.http_routes.iter().filter(|(other, _)| *other != id);
    let own = routes.filter(|(_, other)| api.is_some() && other.api.value().and_then(Link::here) == api);
    own.map(|(_, other)| &other.integration).collect()
}

fn api_name(context: &Context<'_>, route: &HttpRoute) -> String {
    match route.api.value() {
        Some(Link::Here(api)) => format!("the WebSocket API {}", context.name(*api)),
        _ => "the WebSocket API".to_owned(),
    }
}

/// A WebSocket API without a `$connect` route lets everybody connect.
/// Source: API Gateway developer guide, "Manage connected users and client apps": the route is optional.
fn unasked_connections(context: &Context<'_>, id: Id<HttpApi>, api: &HttpApi) -> Option<Draft> {
    if api.protocol.value().and_then(Text::as_literal) != Some("WEBSOCKET") {
        return None;
    }
    let routes = context.estate.http_routes.values();
    let own: Vec<_> = routes
        .filter(|route| route.api.possible().any(|link| link.here() == Some(id)))
        .collect();
    let connect = |route: &&HttpRoute| {
        let mut keys = route.route_key.possible().map(Text::as_literal);
        route.route_key.is_unknown() || keys.any(|key| key == Some("$connect"))
    };
    let integrations: Vec<_> = own.iter().map(|route| &route.integration).collect();
    if own.iter().any(connect) || !runs(&integrations).is_yes() {
        return None;
    }
    let says = "the API has no $connect route that asks who connects";
    let draft = match mutual_tls(context, AnyId::from(id), &api.disable_execute_api_endpoint) {
        Door::Closed(says) => Draft::new(id, Verdict::Pass, says.clone(), whole(&api.resource, says)),
        Door::Open => {
            let message = format!(
                "Anybody on the internet can connect to the WebSocket API {}: {says}",
                context.name(id)
            );
            Draft::new(id, Verdict::Fail, message, whole(&api.resource, says))
        }
        Door::Unknown { doubt, why } => {
            let message = format!(
                "not known whether anybody can connect to the WebSocket API {}: {doubt}",
                context.name(id)
            );
            Draft::new(id, Verdict::Undetermined, message, whole(&api.resource, says)).undecided(why)
        }
    };
    Some(draft.affects(functions_of(&integrations)))
}
