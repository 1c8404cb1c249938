//! AWS AppSync.

use super::caller::{each, invokes};
use super::trigger::{filters, trigger};
use crate::cx::Cx;
use crate::props::Props;
use maremma_model::Resource;
use maremma_model::noun::*;

/// `AWS::AppSync::DataSource`.
pub(crate) fn data_source(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Other {
    if let Some(function) = p.target("LambdaConfig.LambdaFunctionArn") {
        cx.trigger(Trigger {
            role: p.any_of::<Role>("ServiceRoleArn"),
            ..trigger(&resource, TriggerKind::AppSyncDataSource, function, p.any("ApiId"))
        });
    }
    Other { resource }
}

/// `AWS::AppSync::GraphQLApi`, which may ask functions who may call it.
pub(crate) fn api(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> GraphqlApi {
    let path = "LambdaAuthorizerConfig.AuthorizerUri";
    let list = "AdditionalAuthenticationProviders";
    invokes(cx, &resource, p, path, TriggerKind::ApiAuthorizer);
    each(cx, &resource, p, list, path, TriggerKind::ApiAuthorizer);
    let additional = p.list("AdditionalAuthenticationProviders");
    let additional = additional.iter().map(|provider| provider.text("AuthenticationType"));
    GraphqlApi {
        authentication_type: p.text("AuthenticationType"),
        additional_types: filters(additional, &resource.at),
        visibility: p.text("Visibility").or_default("GLOBAL".into()),
        resource,
    }
}
