//! Stages of both families of APIs.

use crate::cx::Cx;
use crate::props::Props;
use maremma_model::noun::*;
use maremma_model::{Piece, Resource, Setting, Text};

/// `AWS::ApiGateway::Stage`.
pub(crate) fn stage(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Stage {
    let methods = p.list("MethodSettings").iter().map(method_setting).collect();
    of_rest_api(resource, p, p, methods)
}

/// `AWS::ApiGateway::Deployment`: with a `StageName` it makes a stage of its own.
pub(crate) fn deployment(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Other {
    if p.has("StageName") {
        let description = p.sub("StageDescription");
        let mut methods: Vec<_> = description.list("MethodSettings").iter().map(method_setting).collect();
        // Settings on the description itself are those of all methods.
        let names = [
            "LoggingLevel",
            "DataTraceEnabled",
            "CachingEnabled",
            "CacheDataEncrypted",
            "ThrottlingBurstLimit",
            "ThrottlingRateLimit",
        ];
        if names.iter().any(|name| description.has(name)) {
            methods.push(settings(&description, Text::literal("*/*")));
        }
        cx.stage(of_rest_api(resource.clone(), p, &description, methods));
    }
    Other { resource }
}

/// `named` holds API and name, `p` the settings.
fn of_rest_api(resource: Resource, named: &Props<'_>, p: &Props<'_>, methods: Vec<MethodSetting>) -> Stage {
    Stage {
        api: named.any("RestApiId"),
        name: named.text("StageName"),
        access_log_destination: p.any_of::<LogGroup>("AccessLogSetting.DestinationArn"),
        access_log_format: p.text("AccessLogSetting.Format"),
        tracing: p.boolean("TracingEnabled").or_default(false),
        cache_enabled: p.boolean("CacheClusterEnabled").or_default(false),
        client_certificate: p.text("ClientCertificateId"),
        methods,
        variables: variables(p, "Variables"),
        resource,
    }
}

/// `AWS::ApiGatewayV2::Stage`.
pub(crate) fn stage_v2(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Stage {
    let mut methods = Vec::new();
    if p.has("DefaultRouteSettings") {
        methods.push(settings(&p.sub("DefaultRouteSettings"), Text::literal("$default")));
    }
    let routes = p.subs("RouteSettings").into_iter();
    methods.extend(routes.map(|(key, route)| settings(&route, Text::literal(key))));
    Stage {
        api: p.any("ApiId"),
        name: p.text("StageName"),
        access_log_destination: p.any_of::<LogGroup>("AccessLogSettings.DestinationArn"),
        access_log_format: p.text("AccessLogSettings.Format"),
        // HTTP and WebSocket APIs have neither.
        tracing: Setting::unset(resource.at.clone()),
        cache_enabled: Setting::unset(resource.at.clone()),
        client_certificate: p.text("ClientCertificateId"),
        methods,
        variables: variables(p, "StageVariables"),
        resource,
    }
}

fn method_setting(p: &Props<'_>) -> MethodSetting {
    let text = |path: &str| {
        p.text(path)
            .possible()
            .next()
            .cloned()
            .unwrap_or_else(|| Text::literal("*"))
    };
    let path = text("ResourcePath");
    let path = match path.as_literal() {
        Some(path) => Text::literal(path.strip_prefix('/').unwrap_or(path)),
        None => path,
    };
    let method = text("HttpMethod");
    let slash = [Piece::Literal("/".into())];
    let selector = Text::from_pieces(path.pieces().into_iter().chain(slash).chain(method.pieces()));
    settings(p, selector)
}

fn settings(p: &Props<'_>, selector: Text) -> MethodSetting {
    MethodSetting {
        selector,
        logging_level: p.text("LoggingLevel"),
        data_trace: p.boolean("DataTraceEnabled"),
        caching_enabled: p.boolean("CachingEnabled"),
        cache_data_encrypted: p.boolean("CacheDataEncrypted"),
        throttling_burst_limit: p.text("ThrottlingBurstLimit"),
        throttling_rate_limit: p.text("ThrottlingRateLimit"),
    }
}

fn variables(p: &Props<'_>, path: &str) -> Vec<StageVariable> {
    let variable = |(name, value): (std::sync::Arc<str>, maremma_model::Document)| StageVariable {
        value: p.value_of(Some(&value), &name),
        name,
    };
    let mut variables: Vec<_> = p.entries(path).into_iter().map(variable).collect();
    variables.sort_by(|a, b| a.name.cmp(&b.name));
    variables
}
