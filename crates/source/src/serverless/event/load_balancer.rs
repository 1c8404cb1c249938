//! `alb`: a rule of a load balancer's listener that sends requests to the function.

use super::super::service::{Service, handed, listed, part};
use super::Event;
use crate::cloudformation::make::{self, Make};
use maremma_model::{GapKind, Node};

pub(super) fn rule(service: &mut Service<'_>, event: Event<'_>) {
    let Some(listener) = event.part("listenerArn").cloned() else {
        return event.missing(service, "listenerArn");
    };
    let at = event.at();
    let many = event.part("multiValueHeaders").is_some_and(|many| service.on(many));
    let balancer = match service.text(&listener) {
        Some(text) => text.split('/').nth(3).unwrap_or_default().to_owned(),
        None => make::referenced(&listener).map_or_else(|| make::digest(&listener), |id| id.to_string()),
    };
    let kind = if many { "MultiValue" } else { "" };
    let group = event.id(&format!("Alb{kind}TargetGroup{balancer}"));
    let mut properties = vec![
        ("TargetType", at.text("lambda")),
        (
            "Targets",
            at.list(vec![at.map(vec![("Id", event.function.target(at))])]),
        ),
    ];
    properties.extend(handed(event.node, &[("targetGroupName", "Name")]));
    let resource = at.resource("AWS::ElasticLoadBalancingV2::TargetGroup", properties);
    service.add_for(event.function, &group, resource);
    let principal = "elasticloadbalancing.amazonaws.com";
    event.permit(
        service,
        "LambdaPermissionAlb",
        principal,
        vec![("SourceArn", at.reference(&group))],
    );
    // Without a source: whatever target group may register the function.
    event.permit(service, "LambdaPermissionRegisterTarget", principal, Vec::new());
    let mut actions = authenticate(service, event);
    let forward = at.map(vec![
        ("Type", at.text("forward")),
        ("TargetGroupArn", at.reference(&group)),
    ]);
    actions.push(forward);
    let mut properties = vec![
        ("ListenerArn", listener),
        ("Actions", at.list(actions)),
        ("Conditions", conditions(event)),
    ];
    properties.extend(handed(event.node, &[("priority", "Priority")]));
    let priority = event.part("priority").and_then(|priority| service.text(priority));
    let id = event.id(&format!("AlbListenerRule{}", priority.unwrap_or_default()));
    let resource = at.resource("AWS::ElasticLoadBalancingV2::ListenerRule", properties);
    service.add_for(event.function, &id, resource);
}

/// What the listener asks of a caller first: authorizers of `provider.alb`.
fn authenticate(service: &mut Service<'_>, event: Event<'_>) -> Vec<Node> {
    let mut actions = Vec::new();
    for named in event.part("authorizer").map(listed).unwrap_or_default() {
        let known = service.text(&named).and_then(|name| {
            let all = part(part(&service.provider, "alb")?, "authorizers")?;
            part(all, &name).cloned()
        });
        let Some(authorizer) = known else {
            let reason = "alb: the authorizer is not among those of provider.alb.authorizers";
            service.gap(GapKind::Absent, reason, named.place);
            continue;
        };
        let at = Make(authorizer.place);
        let cognito = service.said(&authorizer, "type").as_deref() == Some("cognito");
        let (kind, property, names) = if cognito {
            ("authenticate-cognito", "AuthenticateCognitoConfig", &COGNITO[..])
        } else {
            ("authenticate-oidc", "AuthenticateOidcConfig", &OIDC[..])
        };
        let mut config = handed(&authorizer, names);
        if part(&authorizer, "onUnauthenticatedRequest").is_none() {
            config.push(("OnUnauthenticatedRequest", at.text("deny")));
        }
        actions.push(at.map(vec![("Type", at.text(kind)), (property, at.map(config))]));
    }
    actions
}

const COGNITO: [(&str, &str); 4] = [
    ("userPoolArn", "UserPoolArn"),
    ("userPoolClientId", "UserPoolClientId"),
    ("userPoolDomain", "UserPoolDomain"),
    ("onUnauthenticatedRequest", "OnUnauthenticatedRequest"),
];
const OIDC: [(&str, &str); 7] = [
    ("authorizationEndpoint", "AuthorizationEndpoint"),
    ("clientId", "ClientId"),
    ("clientSecret", "ClientSecret"),
    ("issuer", "Issuer"),
    ("tokenEndpoint", "TokenEndpoint"),
    ("userInfoEndpoint", "UserInfoEndpoint"),
    ("onUnauthenticatedRequest", "OnUnauthenticatedRequest"),
];

/// The field of a condition, and the property that holds its values.
const FIELDS: [(&str, &str, Option<&str>); 4] = [
    ("path", "path-pattern", None),
    ("host", "host-header", Some("HostHeaderConfig")),
    ("method", "http-request-method", Some("HttpRequestMethodConfig")),
    ("ip", "source-ip", Some("SourceIpConfig")),
];

fn conditions(event: Event<'_>) -> Node {
    let Some(written) = event.part("conditions") else {
        return event.at().list(Vec::new());
    };
    let mut made = Vec::new();
    for (key, field, config) in FIELDS {
        let Some(values) = part(written, key) else { continue };
        let at = Make(values.place);
        let values = at.list(listed(values));
        let (property, value) = match config {
            Some(config) => (config, at.map(vec![("Values", values)])),
            None => ("Values", values),
        };
        made.push(at.map(vec![("Field", at.text(field)), (property, value)]));
    }
    for header in part(written, "header").map(listed).unwrap_or_default() {
        let at = Make(header.place);
        let config = handed(&header, &[("name", "HttpHeaderName"), ("values", "Values")]);
        made.push(at.map(vec![
            ("Field", at.text("http-header")),
            ("HttpHeaderConfig", at.map(config)),
        ]));
    }
    if let Some(query) = part(written, "query") {
        let at = Make(query.place);
        let value = |entry: &maremma_model::Entry| {
            let at = Make(entry.key_place);
            at.map(vec![("Key", at.text(&entry.key)), ("Value", entry.value.clone())])
        };
        let values = at.list(query.entries().iter().map(value).collect());
        made.push(at.map(vec![
            ("Field", at.text("query-string")),
            ("QueryStringConfig", at.map(vec![("Values", values)])),
        ]));
    }
    Make(written.place).list(made)
}
