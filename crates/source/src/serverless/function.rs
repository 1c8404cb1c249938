//! A function: the function itself, its log group, version, alias, URL and what holds of its invocations.

mod invoke;
mod properties;
mod url;

use super::service::{Function, Service, part};
use crate::cloudformation::make::{self, Make};
use maremma_model::{GapKind, Node};

/// Compiles a function of the service.
pub(super) fn compile(service: &mut Service<'_>, at: usize) {
    let functions = service.functions.clone();
    let Some(function) = functions.get(at) else { return };
    if !function.node.is_map() {
        let what = format!("function {}", function.key);
        service.unreadable(&what, "a map", &function.node);
        return;
    }
    if part(&function.node, "handler").is_none() && part(&function.node, "image").is_none() {
        let reason = format!("function {}: expected a handler or an image", function.key);
        service.gap(GapKind::Unparsed, reason, function.place);
    }
    let properties = properties::of(service, at, function);
    let place = Make(function.place);
    let mut resource = place.resource("AWS::Lambda::Function", properties);
    if let Some(condition) = service.set(&function.node, "condition") {
        make::set(&mut resource, "Condition", condition.clone());
    }
    // What is written on the function counts for all that is written in it.
    if let Some(metadata) = part(&function.node, "metadata") {
        make::set(&mut resource, "Metadata", metadata.clone());
    }
    resource.place = function.node.place;
    service.add_at(&function.id(), function.place, resource);
    log_group(service, function);
    version(service, function);
    url::compile(service, function);
    invoke::compile(service, at, function);
}

/// The alias that events invoke: name and logical id.
pub(super) fn alias(service: &Service<'_>, function: &Function) -> Option<(&'static str, String)> {
    let base = &function.base;
    let node = &function.node;
    if service.set(node, "durableConfig").is_some() {
        Some(("durable", format!("{base}DurableLambdaAlias")))
    } else if service.set(node, "provisionedConcurrency").is_some() {
        Some(("provisioned", format!("{base}ProvConcLambdaAlias")))
    } else if service.set(node, "snapStart").is_some() {
        Some(("snapstart", format!("{base}SnapStartLambdaAlias")))
    } else {
        None
    }
}

fn log_group(service: &mut Service<'_>, function: &Function) {
    if service.set(&function.node, "disableLogs").is_some() {
        return;
    }
    let at = Make(function.place);
    let name = service.joined(at, vec![at.text("/aws/lambda/"), function.name.clone()]);
    let mut properties = vec![("LogGroupName", name)];
    properties.extend(retention(service, Some(function)));
    let id = format!("{}LogGroup", function.base);
    service.add_for(function, &id, at.resource("AWS::Logs::LogGroup", properties));
}

/// How long a log group keeps what it has, and what it hides.
pub(super) fn retention(service: &mut Service<'_>, function: Option<&Function>) -> Vec<(&'static str, Node)> {
    let mut value = |key: &str| match function {
        Some(function) => service.either(function, key),
        None => service.set(&service.provider, key).cloned(),
    };
    let all = [
        ("RetentionInDays", "logRetentionInDays"),
        ("DataProtectionPolicy", "logDataProtectionPolicy"),
    ];
    let found = all.iter().filter_map(|(property, key)| Some((*property, value(key)?)));
    found.collect()
}

fn version(service: &mut Service<'_>, function: &Function) {
    let own = part(&function.node, "versionFunction").or_else(|| part(&service.provider, "versionFunctions"));
    let published = own.is_none_or(|own| service.on(own));
    if !published && function.alias.is_none() {
        return;
    }
    let at = Make(function.place);
    let id = &function.version;
    let mut properties = vec![("FunctionName", at.reference(&function.id()))];
    if let Some(description) = service.set(&function.node, "description") {
        properties.push(("Description", description.clone()));
    }
    service.add_for(function, id, at.resource("AWS::Lambda::Version", properties));
    let Some((name, alias)) = &function.alias else { return };
    let mut properties = vec![
        ("FunctionName", at.reference(&function.id())),
        ("FunctionVersion", at.get_att(id, "Version")),
        ("Name", at.text(name)),
    ];
    if let Some(provisioned) = service.set(&function.node, "provisionedConcurrency") {
        let config = Make(provisioned.place).map(vec![("ProvisionedConcurrentExecutions", provisioned.clone())]);
        properties.push(("ProvisionedConcurrencyConfig", config));
    }
    service.add_for(function, alias, at.resource("AWS::Lambda::Alias", properties));
}
