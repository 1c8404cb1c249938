//! Usage plans of REST APIs with a key: one for an API, or one that APIs share.

use super::super::Sam;
use super::super::make::{self, Make};
use super::super::shared::Sharers;
use super::Api;
use maremma_model::{Entry, GapKind, Node};

const SHARED: &str = "Serverless";
const CONDITION: &str = "SharedUsagePlanCondition";
const ATTRIBUTES: [&str; 2] = ["DeletionPolicy", "UpdateReplacePolicy"];

/// What the APIs of a shared plan have in common.
#[derive(Default)]
pub(in super::super) struct Shared {
    by: Sharers,
    policies: Vec<(&'static str, Node)>,
}

pub(super) fn expand(sam: &mut Sam<'_>, api: &Api<'_>) {
    let plan = api.source.property("Auth").and_then(|auth| auth.get("UsagePlan"));
    let Some(plan) = plan.filter(|plan| !plan.is_null()) else {
        return;
    };
    let kind = plan.get("CreateUsagePlan").and_then(|kind| sam.text(kind));
    match kind.as_deref() {
        Some("NONE") => {}
        Some("PER_API") => write(sam, api, plan, api.source.id),
        Some("SHARED") => write(sam, api, plan, SHARED),
        _ => {
            let reason = format!("{}: expected PER_API, SHARED or NONE as CreateUsagePlan", api.source.id);
            sam.gap(GapKind::Unparsed, reason, plan.place);
        }
    }
}

fn write(sam: &mut Sam<'_>, api: &Api<'_>, written: &Node, prefix: &str) {
    let make = Make(written.place);
    let (plan, key) = (format!("{prefix}UsagePlan"), format!("{prefix}ApiKey"));
    let stage = |api_word: &str, stage_word: &str| {
        make.map(vec![
            (api_word, make.reference(api.source.id)),
            (stage_word, make.reference(&api.stage)),
        ])
    };
    // A plan that is there already is shared, and this is one more API of it.
    let mut among = |id: &str, path: &[&str], item: Node| {
        let present = sam.made_mut(id).filter(|_| prefix == SHARED);
        let list = present.and_then(|node| path.iter().try_fold(node, |node, key| make::get_mut(node, key)));
        let empty = make.list(Vec::new());
        let mut list = match list {
            Some(list) => std::mem::replace(list, empty),
            None => empty,
        };
        make::push(&mut list, item);
        list
    };
    let stages = among(&plan, &["Properties", "ApiStages"], stage("ApiId", "Stage"));
    let depends = among(&plan, &["DependsOn"], make.text(api.source.id));
    let keys = among(&key, &["Properties", "StageKeys"], stage("RestApiId", "StageName"));
    let mut properties = vec![("ApiStages", stages)];
    for name in ["UsagePlanName", "Description", "Quota", "Tags", "Throttle"] {
        let value = written.get(name).filter(|node| !node.is_null());
        let own = value.filter(|_| name != "Tags" || api.tags.is_none());
        properties.extend(own.map(|value| (name, value.clone())));
    }
    let tags = api.tags.clone().map(|tags| ("Tags", tags));
    properties.extend(tags.clone());
    let mut of_plan = make.resource("AWS::ApiGateway::UsagePlan", properties);
    make::set(&mut of_plan, "DependsOn", depends);
    let mut properties = vec![("Enabled", make.plain("true")), ("StageKeys", keys)];
    properties.extend(tags);
    let mut of_key = make.resource("AWS::ApiGateway::ApiKey", properties);
    make::set(&mut of_key, "DependsOn", make.texts(&[&plan]));
    let mut link = make.resource(
        "AWS::ApiGateway::UsagePlanKey",
        vec![
            ("KeyId", make.reference(&key)),
            ("KeyType", make.text("API_KEY")),
            ("UsagePlanId", make.reference(&plan)),
        ],
    );
    make::set(&mut link, "DependsOn", make.texts(&[&key]));
    let made = [("UsagePlan", of_plan), ("ApiKey", of_key), ("UsagePlanKey", link)];
    let attributes = (prefix == SHARED).then(|| share(sam, api));
    for (word, resource) in made {
        let id = format!("{prefix}{word}");
        sam.rename(&format!("{}.{word}", api.source.id), &id);
        match &attributes {
            Some(attributes) => insert(sam, &id, resource, attributes),
            None => sam.add(api.source, &id, resource),
        }
    }
}

fn insert(sam: &mut Sam<'_>, id: &str, mut resource: Node, attributes: &[(&'static str, Node)]) {
    for (attribute, value) in attributes {
        make::set(&mut resource, attribute, value.clone());
    }
    sam.insert(Entry::new(id, resource));
}

/// The attributes of what APIs share: it stays when one of them does.
fn share(sam: &mut Sam<'_>, api: &Api<'_>) -> Vec<(&'static str, Node)> {
    let shared = &mut sam.plan;
    shared.by.join(api.source.condition());
    for attribute in ATTRIBUTES {
        let Some(policy) = api.source.node.get(attribute) else {
            continue;
        };
        match shared.policies.iter_mut().find(|(name, _)| *name == attribute) {
            Some((_, present)) if policy.as_str() == Some("Retain") => *present = policy.clone(),
            Some(_) => {}
            None => shared.policies.push((attribute, policy.clone())),
        }
    }
    shared.policies.clone()
}

/// Puts the shared plan under the conditions of all its APIs.
pub(super) fn finish(sam: &mut Sam<'_>) {
    let ids = ["ServerlessUsagePlan", "ServerlessApiKey", "ServerlessUsagePlanKey"];
    let Some(place) = sam.made(ids[0]).map(|plan| plan.place) else {
        return;
    };
    let shared = std::mem::take(&mut sam.plan);
    if let Some(only) = shared.by.only() {
        // The transform gives a single condition a second name.
        sam.add_condition(CONDITION, Make(place).text(only));
        sam.hang(&ids, CONDITION);
    } else if let Some(condition) = shared.by.condition(sam, place, CONDITION) {
        sam.hang(&ids, &condition);
    }
}
