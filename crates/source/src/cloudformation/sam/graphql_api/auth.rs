//! Who may call a GraphQL API: the first way in, and those beside it.

use super::super::Sam;
use super::super::connector::{Connector, End, connect};
use super::super::handed_on;
use super::super::make::{Make, remove};
use super::Api;
use maremma_model::{GapKind, Node};

/// Ways in have the same parts under these names.
const PARTS: &[(&str, &str)] = &[
    ("Type", "AuthenticationType"),
    ("LambdaAuthorizer", "LambdaAuthorizerConfig"),
    ("OpenIDConnect", "OpenIDConnectConfig"),
    ("UserPool", "UserPoolConfig"),
];

pub(super) fn properties(sam: &Sam<'_>, api: &Api<'_>) -> Vec<(&'static str, Node)> {
    let auth = api.source.property("Auth");
    if auth.and_then(|auth| auth.get("Type")).is_none() {
        let reason = format!("API {}: Auth: Type is missing", api.source.id);
        sam.gap(GapKind::Unparsed, reason, api.source.make("Auth").0);
    }
    let mut properties = handed_on::properties(auth, PARTS);
    if let Some(additional) = auth
        .and_then(|auth| auth.get("Additional"))
        .filter(|list| !list.is_null())
    {
        let providers = additional.items().iter().map(provider).collect();
        let list = Make(additional.place).list(providers);
        properties.push(("AdditionalAuthenticationProviders", list));
    }
    properties
}

/// A way in beside the first, where a user pool has no default action.
fn provider(auth: &Node) -> Node {
    let parts = handed_on::properties(Some(auth), PARTS)
        .into_iter()
        .map(|(name, mut part)| {
            if name == "UserPoolConfig" {
                remove(&mut part, "DefaultAction");
            }
            (name, part)
        });
    Make(auth.place).map(parts.collect())
}

/// Lets the API invoke the functions that it asks who may call it.
pub(super) fn connectors(sam: &mut Sam<'_>, api: &Api<'_>) {
    let auth = api.source.property("Auth");
    let additional = auth
        .and_then(|auth| auth.get("Additional"))
        .map_or(&[][..], Node::items);
    let functions = auth
        .into_iter()
        .chain(additional)
        .filter_map(|auth| auth.get("LambdaAuthorizer")?.get("AuthorizerUri"));
    for (at, function) in functions.enumerate() {
        let make = Make(function.place);
        let connector = Connector {
            id: api.id(&format!("ToLambdaAuthConnector{}", at + 1)),
            node: None,
            permissions: vec!["Write".to_owned()],
            place: function.place,
        };
        let source = End {
            resource_id: Some(make.get_att(api.source.id, "ApiId")),
            ..End::of_kind("AWS::AppSync::GraphQLApi")
        };
        let destination = End {
            arn: Some(function.clone()),
            ..End::of_kind("AWS::Lambda::Function")
        };
        connect(sam, &connector, "", &source, &destination);
    }
}
