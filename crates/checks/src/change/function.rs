//! What a function has: who calls it, what it runs as, where it stands, and what it loads.

use super::pair::{Feature, Features};
use super::role::{note_unknown, told as statement, unknown};
use super::told::{Side, Told};
use crate::context::relations::items;
use crate::subject::api::{Door, endpoint_of, mutual_tls, route};
use maremma_model::change::Aspect;
use maremma_model::noun::{Code, HttpRoute, Integration, Items, RestMethod, Trigger};
use maremma_model::{AnyId, Function, Id, Link, Location, Setting, Text};
use std::collections::HashMap;

/// API routes by the functions that they run.
#[derive(Debug, Default)]
pub(super) struct Routes {
    rest: HashMap<Id<Function>, Vec<Id<RestMethod>>>,
    http: HashMap<Id<Function>, Vec<Id<HttpRoute>>>,
}

impl Routes {
    pub(super) fn of(side: &Side<'_>) -> Self {
        let mut routes = Routes::default();
        for (id, method) in side.context.estate.rest_methods.iter() {
            for function in runs(&method.integration) {
                routes.rest.entry(function).or_default().push(id);
            }
        }
        for (id, route) in side.context.estate.http_routes.iter() {
            for function in runs(&route.integration) {
                routes.http.entry(function).or_default().push(id);
            }
        }
        routes
    }
}

fn runs(integration: &Integration) -> Vec<Id<Function>> {
    crate::subject::api::functions_of(&[integration])
}

/// What a function of one estate has; its role's permissions are told apart.
pub(super) fn features(side: &Side<'_>, routes: &Routes, id: Id<Function>) -> Features {
    let mut features = Features::default();
    let Some(row) = side.context.estate.functions.get(id) else {
        return features;
    };
    doors(side, id, &mut features);
    for id in routes.rest.get(&id).into_iter().flatten() {
        features.list.extend(method(side, *id));
    }
    for id in routes.http.get(&id).into_iter().flatten() {
        features.list.extend(http(side, *id));
    }
    for id in side.context.relations.triggers(id) {
        features
            .list
            .extend(side.context.estate.triggers.get(*id).map(|row| trigger(side, row)));
    }
    one(
        &mut features,
        Aspect::ExecutionRole,
        &row.role.at,
        side.setting(&row.role, &|link| side.link(link)),
    );
    one(
        &mut features,
        Aspect::KmsKey,
        &row.kms_key.at,
        side.setting(&row.kms_key, &|link| side.any(link)),
    );
    let signing = &row.code_signing_config;
    one(
        &mut features,
        Aspect::CodeSigning,
        &signing.at,
        side.setting(signing, &|link| side.link(link)),
    );
    one(
        &mut features,
        Aspect::Runtime,
        &row.runtime.at,
        side.text_setting(&row.runtime),
    );
    members(&mut features, Aspect::Vpc, "subnet", &row.vpc.subnets, &|link| {
        side.link(link)
    });
    members(
        &mut features,
        Aspect::Vpc,
        "security group",
        &row.vpc.security_groups,
        &|link| side.any(link),
    );
    members(&mut features, Aspect::Layer, "", &row.layers, &|link| side.link(link));
    variables(row, &mut features);
    code(side, &row.code, &mut features);
    features
}

fn one(features: &mut Features, aspect: Aspect, at: &Location, told: Option<Told>) {
    let feature = |told| Feature::new(aspect, "", at).value(told);
    features.list.extend(told.map(feature));
}

fn members<T>(
    features: &mut Features,
    aspect: Aspect,
    label: &'static str,
    list: &Items<T>,
    tell: &dyn Fn(&T) -> Told,
) {
    note_unknown(list, aspect, features);
    let feature = |member: &T| Feature::new(aspect, label, &list.at).key(tell(member));
    features.list.extend(items(list).map(feature));
}

/// Their names only: a value may be a secret.
fn variables(row: &Function, features: &mut Features) {
    if row.environment_at.is_unknown() {
        unknown(
            Aspect::EnvironmentVariable,
            "the variables are not known".to_owned(),
            features,
        );
    }
    for variable in &row.environment {
        let name = Told::Text(Text::Literal(variable.name.clone()));
        let feature = Feature::new(Aspect::EnvironmentVariable, "", &variable.value.at);
        features.list.push(feature.key(name));
    }
}

/// URLs and the statements of the resource-based policy.
fn doors(side: &Side<'_>, id: Id<Function>, features: &mut Features) {
    let estate = side.context.estate;
    let urls = side.context.relations.urls(id).iter();
    for url in urls.filter_map(|id| estate.urls.get(*id)) {
        let mut feature = Feature::new(Aspect::FunctionUrl, "", &url.auth_type.at);
        let named = url.function.value().and_then(|reference| reference.qualifier.as_ref());
        let qualifier = side
            .text_setting(&url.qualifier)
            .or_else(|| named.map(|text| Told::Text(side.text(text))));
        feature.key = qualifier;
        feature.value = side.text_setting(&url.auth_type);
        features.list.push(feature.open(is_none(&url.auth_type)));
    }
    for id in side.context.relations.permissions(id) {
        let (Some(row), Some(policy)) = (estate.permissions.get(*id), side.context.policies.permission(*id)) else {
            continue;
        };
        let qualifier = row.function.value().and_then(|reference| reference.qualifier.as_ref());
        let view = side.context.view(row.resource.unit);
        for (written, admission) in policy.admissions(view) {
            let mut feature = Feature::new(Aspect::Permission, "", &row.resource.at);
            feature.value = qualifier.map(|text| Told::Text(side.text(text)));
            // The policy's own element is the function itself.
            let bare = maremma_iam::Statement {
                resources: None,
                ..written.clone()
            };
            let open = admission.is_public().is_yes();
            features.list.push(feature.key(statement(side, &bare, None)).open(open));
        }
        if !policy.unread.is_empty() {
            unknown(Aspect::Permission, "a statement is not known".to_owned(), features);
        }
    }
}

fn is_none(setting: &Setting<Text>) -> bool {
    setting.value().and_then(Text::as_literal) == Some("NONE")
}

fn method(side: &Side<'_>, id: Id<RestMethod>) -> Option<Feature> {
    let row = side.context.estate.rest_methods.get(id)?;
    let api = api_of(&row.api);
    let verb = row.method.value().and_then(Text::as_literal);
    let open = is_none(&row.authorization_type)
        && verb != Some("OPTIONS")
        && !matches!(endpoint_of(side.context, api), Door::Closed(_));
    let key = of_api(side, &route(row), &row.api);
    Some(entrance(side, key, &row.authorization_type, &row.authorizer).open(open))
}

fn http(side: &Side<'_>, id: Id<HttpRoute>) -> Option<Feature> {
    let row = side.context.estate.http_routes.get(id)?;
    let route = row
        .route_key
        .value()
        .map_or_else(|| "?".to_owned(), ToString::to_string);
    let api = row.api.value().and_then(Link::here);
    let closed = api.is_some_and(|id| {
        let row = side.context.estate.http_apis.get(id);
        let door = row.map(|row| mutual_tls(side.context, id.into(), &row.disable_execute_api_endpoint));
        matches!(door, Some(Door::Closed(_)))
    });
    let open = is_none(&row.authorization_type) && !route.starts_with("OPTIONS ") && !closed;
    let key = of_api(side, &route, &row.api);
    Some(entrance(side, key, &row.authorization_type, &row.authorizer).open(open))
}

fn api_of<T: maremma_model::Noun>(api: &Setting<Link<T>>) -> Option<AnyId> {
    api.value().and_then(Link::here).map(T::any)
}

fn of_api<T: maremma_model::Noun>(side: &Side<'_>, route: &str, api: &Setting<Link<T>>) -> Told {
    match side.setting(api, &|link| side.link(link)) {
        Some(api) => api.after(&format!("{route} of")),
        None => Told::Text(Text::literal(route)),
    }
}

/// A route with what it asks of callers.
fn entrance(
    side: &Side<'_>,
    key: Told,
    authorization: &Setting<Text>,
    authorizer: &Setting<Link<maremma_model::noun::Authorizer>>,
) -> Feature {
    let mut feature = Feature::new(Aspect::Route, "", &authorization.at);
    feature.key = Some(key);
    let asks = side.text_setting(authorization);
    let by = side.setting(authorizer, &|link| side.link(link));
    feature.value = match (asks, by) {
        (Some(Told::Text(asks)), Some(by)) => {
            Some(Told::Text(Text::concat([&asks, &Text::literal(format!(" by {by}"))])))
        }
        (asks, _) => asks,
    };
    feature
}

fn trigger(side: &Side<'_>, row: &Trigger) -> Feature {
    let kind = serde_json::to_value(row.kind).ok();
    let kind = kind
        .as_ref()
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default()
        .replace('_', " ");
    let source = side.setting(&row.source, &|link| side.any(link));
    let mut feature = Feature::new(Aspect::Trigger, "", &row.resource.at);
    // The kind is compared with the source: a queue may be read by a mapping and by a pipe.
    feature.key = Some(match source {
        Some(source) => source.after(&kind),
        None => Told::Text(Text::literal(kind)),
    });
    feature.value = side.setting(&row.enabled, &|enabled| {
        Told::Text(if *enabled { "enabled" } else { "disabled" }.into())
    });
    feature
}

/// Where the code comes from. What only an account tells (its hash) and what only a source tells (its path) cannot
/// be compared.
fn code(side: &Side<'_>, code: &Code, features: &mut Features) {
    let texts = [
        ("S3Key", &code.s3_key),
        ("S3ObjectVersion", &code.s3_object_version),
        ("ImageUri", &code.image_uri),
        ("path", &code.local_path),
        ("CodeSha256", &code.sha256),
    ];
    for (label, setting) in texts {
        let value = side.text_setting(setting);
        let feature = |value| Feature::new(Aspect::Code, label, &setting.at).value(value);
        features.list.extend(value.map(feature));
    }
    let bucket = side.setting(&code.s3_bucket, &|link| side.any(link));
    let feature = |value| Feature::new(Aspect::Code, "S3Bucket", &code.s3_bucket.at).value(value);
    features.list.extend(bucket.map(feature));
    let source = side.setting(&code.zip_file, &|text| Told::Source(side.text(text)));
    let feature = |value| Feature::new(Aspect::Code, "ZipFile", &code.zip_file.at).value(value);
    features.list.extend(source.map(feature));
}

/// Whether one side knows the code by its hash only, so that what else either side tells is no difference.
pub(super) fn settle_code(old: &mut Features, new: &mut Features) {
    let labels = |features: &Features| -> Vec<&'static str> {
        let code = features.list.iter().filter(|feature| feature.aspect == Aspect::Code);
        code.map(|feature| feature.label).collect()
    };
    let (left, right) = (labels(old), labels(new));
    let hashed = |labels: &[&str]| labels.contains(&"CodeSha256");
    if hashed(&left) == hashed(&right) {
        return;
    }
    let common = |feature: &Feature| {
        feature.aspect != Aspect::Code || left.contains(&feature.label) && right.contains(&feature.label)
    };
    old.list.retain(common);
    new.list.retain(common);
}
