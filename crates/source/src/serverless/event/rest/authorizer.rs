//! Who may ask for a method: IAM, a function of the service, one by its ARN, a user pool, or an authorizer by its id.

use super::super::super::naming;
use super::super::super::service::{self, Service, handed, part};
use super::super::Event;
use super::super::http_api::invocation;
use super::source;
use crate::cloudformation::make::Make;
use maremma_model::{GapKind, Node};

const POOLS: &str = "COGNITO_USER_POOLS";

/// The properties of a method that say so; the authorizer is put in.
pub(super) fn of_method(service: &mut Service<'_>, event: Event<'_>, api: &Node) -> Vec<(&'static str, Node)> {
    let Some(written) = event.part("authorizer").filter(|written| service.on(written)).cloned() else {
        return vec![("AuthorizationType", event.at().text("NONE"))];
    };
    let at = Make(written.place);
    let text = service.text(&written);
    let kind = text
        .clone()
        .or_else(|| service.said(&written, "type"))
        .map(|kind| kind.to_uppercase());
    if kind.as_deref() == Some("AWS_IAM") {
        return vec![("AuthorizationType", at.text("AWS_IAM"))];
    }
    if crate::cloudformation::call(&written).is_some() && text.is_none() {
        // Whoever it is: the method has an authorizer.
        return vec![("AuthorizationType", written.clone()), ("AuthorizerId", written)];
    }
    let scopes = part(&written, "scopes").map(|scopes| ("AuthorizationScopes", scopes.clone()));
    if let Some(id) = part(&written, "authorizerId") {
        let kind = match kind.as_deref() {
            Some("TOKEN" | "REQUEST") | None => "CUSTOM",
            Some(kind) => kind,
        };
        let mut made = vec![("AuthorizationType", at.text(kind)), ("AuthorizerId", id.clone())];
        made.extend(scopes);
        return made;
    }
    let Some(authorizer) = named(service, &written) else {
        let reason = format!(
            "function {}: the authorizer is neither a function of this service nor an ARN",
            event.function.key
        );
        service.gap(GapKind::Absent, reason, written.place);
        return vec![("AuthorizationType", at.text("CUSTOM"))];
    };
    let pool = kind.as_deref() == Some(POOLS)
        || service
            .text(&authorizer.arn)
            .is_some_and(|arn| arn.contains(":cognito-idp:"));
    let id = format!("{}ApiGatewayAuthorizer", naming::normal(&authorizer.name));
    let typed = part(&written, "type").and(kind);
    compile(service, &written, &authorizer, api, &id, (pool, typed));
    let kind = if pool { POOLS } else { "CUSTOM" };
    let mut made = vec![
        ("AuthorizationType", at.text(kind)),
        ("AuthorizerId", at.reference(&id)),
    ];
    made.extend(scopes.filter(|_| pool));
    made
}

struct Named {
    name: String,
    arn: Node,
}

/// The name of an authorizer, and the ARN of what it asks.
fn named(service: &Service<'_>, written: &Node) -> Option<Named> {
    let at = Make(written.place);
    let arn = part(written, "arn").cloned();
    let name = match service.text(written) {
        Some(text) => text,
        None => match (service.said(written, "name"), &arn) {
            (Some(name), _) => name,
            (None, Some(arn)) => last(&service.named(arn, ':')),
            (None, None) => return None,
        },
    };
    if let Some(arn) = arn {
        return Some(Named { name, arn });
    }
    if name.contains(':') {
        return Some(Named {
            name: last(&name),
            arn: written.clone(),
        });
    }
    let function = service.functions.get(service.function(&name)?)?;
    Some(Named {
        arn: function.target(at),
        name,
    })
}

/// The framework names the authorizer of `...:function:shop-dev-check` `check`.
fn last(arn: &str) -> String {
    let name = arn.rsplit(':').next().unwrap_or_default();
    name.rsplit('-').next().unwrap_or_default().to_owned()
}

fn compile(
    service: &mut Service<'_>,
    written: &Node,
    authorizer: &Named,
    api: &Node,
    id: &str,
    (pool, kind): (bool, Option<String>),
) {
    let at = Make(written.place);
    let mut properties = vec![("Name", at.text(&authorizer.name)), ("RestApiId", api.clone())];
    let names = [
        ("resultTtlInSeconds", "AuthorizerResultTtlInSeconds"),
        ("identitySource", "IdentitySource"),
        ("identityValidationExpression", "IdentityValidationExpression"),
    ];
    properties.extend(handed(written, &names));
    if written.is_map() && part(written, "resultTtlInSeconds").is_none() {
        properties.push(("AuthorizerResultTtlInSeconds", at.plain("300")));
    }
    let uncached =
        kind.as_deref() == Some("REQUEST") && service.said(written, "resultTtlInSeconds").as_deref() == Some("0");
    if part(written, "identitySource").is_none() && !uncached {
        properties.push(("IdentitySource", at.text("method.request.header.Authorization")));
    }
    if pool {
        properties.push(("Type", at.text(POOLS)));
        properties.push(("ProviderARNs", at.list(vec![authorizer.arn.clone()])));
    } else {
        properties.push(("Type", at.text(kind.as_deref().unwrap_or("TOKEN"))));
        properties.push(("AuthorizerUri", invocation(at, authorizer.arn.clone())));
        let outside = part(written, "managedExternally").is_some_and(|outside| service.on(outside));
        let permission = format!("{}LambdaPermissionApiGateway", naming::normal(&authorizer.name));
        if !outside && service.made(&permission).is_none() {
            let narrowed = vec![("SourceArn", source(at, api))];
            let principal = at.text("apigateway.amazonaws.com");
            let resource = service::permission(at, authorizer.arn.clone(), principal, narrowed);
            service.add(&permission, resource);
        }
    }
    service.add(id, at.resource("AWS::ApiGateway::Authorizer", properties));
}
