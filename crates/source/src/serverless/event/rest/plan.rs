//! `apiKeys` and `usagePlan`: who has a key, and how often it may be used.

use super::super::super::naming;
use super::super::super::service::{Service, deep, entries, handed, listed, part};
use super::Api;
use crate::cloudformation::make::Make;
use maremma_model::Node;

pub(super) fn compile(service: &mut Service<'_>, at: Make, api: &Api) {
    let of = |key: &str| deep(&service.provider, &["apiGateway", key]).or_else(|| part(&service.provider, key));
    let (keys, written) = (of("apiKeys").cloned(), of("usagePlan").cloned());
    if keys.is_none() && written.is_none() {
        return;
    }
    let mut names = Vec::new();
    match written.as_ref().filter(|written| !written.items().is_empty()) {
        Some(many) => {
            for entry in many.items().iter().filter_map(|item| entries(item).first()) {
                plan(
                    service,
                    Make(entry.key_place),
                    api,
                    Some(&entry.key),
                    Some(&entry.value),
                );
                names.push(entry.key.to_string());
            }
        }
        None => plan(service, at, api, None, written.as_ref()),
    }
    let mut number = 0;
    for written in keys.as_ref().map(listed).unwrap_or_default() {
        match entries(&written)
            .first()
            .filter(|entry| names.contains(&entry.key.to_string()))
        {
            Some(entry) => {
                for (at, item) in listed(&entry.value).iter().enumerate() {
                    key(service, api, item, Some(&entry.key), at + 1);
                }
            }
            None => {
                number += 1;
                key(service, api, &written, None, number);
            }
        }
    }
}

fn plan_id(name: Option<&str>) -> String {
    format!(
        "ApiGatewayUsagePlan{}",
        name.map(naming::upper_first).unwrap_or_default()
    )
}

fn plan(service: &mut Service<'_>, at: Make, api: &Api, name: Option<&str>, written: Option<&Node>) {
    let stage = at.map(vec![("ApiId", api.id.clone()), ("Stage", service.stage.clone())]);
    let own = match name {
        Some(name) => {
            let parts = vec![
                service.name.clone(),
                at.text(&format!("-{name}-")),
                service.stage.clone(),
            ];
            service.joined(at, parts)
        }
        None => service.prefixed(at, ""),
    };
    let mut properties = vec![("ApiStages", at.list(vec![stage])), ("UsagePlanName", own)];
    if let Some(quota) = written.and_then(|written| part(written, "quota")) {
        let names = [("limit", "Limit"), ("offset", "Offset"), ("period", "Period")];
        properties.push(("Quota", Make(quota.place).map(handed(quota, &names))));
    }
    if let Some(throttle) = written.and_then(|written| part(written, "throttle")) {
        let names = [("burstLimit", "BurstLimit"), ("rateLimit", "RateLimit")];
        properties.push(("Throttle", Make(throttle.place).map(handed(throttle, &names))));
    }
    service.add(&plan_id(name), at.resource("AWS::ApiGateway::UsagePlan", properties));
}

/// A key by its name, or a map with it. Its value is a secret that nothing needs here.
fn key(service: &mut Service<'_>, api: &Api, written: &Node, plan: Option<&str>, number: usize) {
    let at = Make(written.place);
    service
        .includes
        .sensitive
        .extend(part(written, "value").map(|value| value.place));
    let stage = at.map(vec![
        ("RestApiId", api.id.clone()),
        ("StageName", service.stage.clone()),
    ]);
    let name = part(written, "name").unwrap_or(written).clone();
    let enabled = part(written, "enabled").cloned().unwrap_or_else(|| at.plain("true"));
    let properties = vec![
        ("Enabled", enabled),
        ("Name", name),
        ("StageKeys", at.list(vec![stage])),
    ];
    let suffix = format!("{}{number}", plan.map(naming::upper_first).unwrap_or_default());
    let id = format!("ApiGatewayApiKey{suffix}");
    service.add(&id, at.resource("AWS::ApiGateway::ApiKey", properties));
    let properties = vec![
        ("KeyId", at.reference(&id)),
        ("KeyType", at.text("API_KEY")),
        ("UsagePlanId", at.reference(&plan_id(plan))),
    ];
    let id = format!("ApiGatewayUsagePlanKey{suffix}");
    service.add(&id, at.resource("AWS::ApiGateway::UsagePlanKey", properties));
}
