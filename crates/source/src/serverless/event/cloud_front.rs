//! `cloudFront`: functions at the edge, and the distribution that calls them.

use super::super::service::{Service, entries, part};
use super::Event;
use crate::cloudformation::make::{self, Make};
use maremma_model::{Entry, Node};

const ID: &str = "CloudFrontDistribution";

/// Takes an event into the one distribution that the framework makes.
pub(super) fn association(service: &mut Service<'_>, event: Event<'_>) {
    let Some(origin) = event.main("origin") else {
        return event.missing(service, "origin");
    };
    let at = event.at();
    // Functions at the edge have neither variables nor a network.
    let properties = service
        .made_mut(&event.function.id())
        .and_then(|function| make::get_mut(function, "Properties"));
    if let Some(properties) = properties {
        make::remove(properties, "VpcConfig");
        make::remove(properties, "Environment");
    }
    let version = &event.function.version;
    let origin = of_origin(service, &origin);
    let mut behavior: Vec<(String, Node)> = Vec::new();
    if let Some(written) = event.part("behavior") {
        behavior.extend(
            entries(written)
                .iter()
                .map(|entry| (entry.key.to_string(), entry.value.clone())),
        );
    }
    if !behavior.iter().any(|(key, _)| key == "ViewerProtocolPolicy") {
        behavior.push(("ViewerProtocolPolicy".to_owned(), at.text("allow-all")));
    }
    let mut called = vec![("LambdaFunctionARN", at.reference(version))];
    called.extend(super::super::service::handed(
        event.node,
        &[("eventType", "EventType"), ("includeBody", "IncludeBody")],
    ));
    behavior.push(("LambdaFunctionAssociations".to_owned(), at.list(vec![at.map(called)])));
    if let Some(id) = part(&origin, "Id") {
        behavior.push(("TargetOriginId".to_owned(), id.clone()));
    }
    if let Some(pattern) = event.part("pathPattern") {
        behavior.push(("PathPattern".to_owned(), pattern.clone()));
    }
    let behavior = at.map(
        behavior
            .iter()
            .map(|(key, value)| (key.as_str(), value.clone()))
            .collect(),
    );
    let (name, stage) = (service.name.clone(), service.stage.clone());
    if service.made(ID).is_none() {
        let comment = service.joined(at, vec![name, at.text(" "), stage]);
        let config = at.map(vec![("Comment", comment), ("Enabled", at.plain("true"))]);
        service.add(
            ID,
            at.resource("AWS::CloudFront::Distribution", vec![("DistributionConfig", config)]),
        );
    }
    take(service, origin, behavior);
    let source = at.sub("arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${CloudFrontDistribution}");
    let permission = super::super::service::permission(
        at,
        at.reference(version),
        at.text("edgelambda.amazonaws.com"),
        vec![("SourceArn", source)],
    );
    let id = format!("{}InvokePermission", event.function.id());
    service.add_for(event.function, &id, permission);
    let actions = [
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "logs:TagResource",
    ];
    let logs = at.statement(
        at.texts(&actions),
        at.list(vec![at.sub("arn:${AWS::Partition}:logs:*:*:*")]),
    );
    service.grant(event.number, logs, false);
    service.trust(event.number, "edgelambda.amazonaws.com");
}

/// A URL, or an origin as CloudFormation writes it.
fn of_origin(service: &Service<'_>, origin: &Node) -> Node {
    let at = Make(origin.place);
    let Some(url) = service.text(origin) else {
        let mut origin = origin.clone();
        if part(&origin, "Id").is_none() {
            let id = at.text(&make::digest(&origin));
            make::set(&mut origin, "Id", id);
        }
        return origin;
    };
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", &url));
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (kind, property, config) = if scheme == "s3" {
        ("s3", "S3OriginConfig", at.map(Vec::new()))
    } else {
        let policy = at.map(vec![("OriginProtocolPolicy", at.text("match-viewer"))]);
        ("custom", "CustomOriginConfig", policy)
    };
    let mut made = vec![("DomainName", at.text(host)), (property, config)];
    let mut id = format!("{kind}/{host}");
    if !path.is_empty() {
        id = format!("{id}/{path}");
        made.push(("OriginPath", at.text(&format!("/{path}"))));
    }
    made.push(("Id", at.text(&id)));
    at.map(made)
}

/// Puts an origin and a behavior into the distribution; a behavior of the same path gets the association.
fn take(service: &mut Service<'_>, origin: Node, behavior: Node) {
    let config = service
        .made_mut(ID)
        .and_then(|distribution| make::get_mut(distribution, "Properties"))
        .and_then(|node| make::get_mut(node, "DistributionConfig"));
    let Some(config) = config else { return };
    let empty = |make: Make| make.list(Vec::new());
    if let Some(origins) = make::slot(config, "Origins", empty) {
        let known = origins.items().iter().any(|known| known.get("Id") == origin.get("Id"));
        if !known {
            make::push(origins, origin);
        }
    }
    let path = |node: &Node| part(node, "PathPattern").map(|path| path.as_str().map(str::to_owned));
    let pattern = path(&behavior);
    let Some(behaviors) = make::slot(config, "CacheBehaviors", empty) else {
        return;
    };
    let maremma_model::NodeValue::Seq(items) = &mut behaviors.value else {
        return;
    };
    let same = items
        .iter_mut()
        .find(|item| pattern != Some(None) && path(item) == pattern);
    match (same, behavior.get("LambdaFunctionAssociations")) {
        (Some(same), Some(more)) => {
            if let Some(list) = make::slot(same, "LambdaFunctionAssociations", empty) {
                more.items().iter().for_each(|item| make::push(list, item.clone()));
            }
        }
        _ => items.push(behavior),
    }
}

/// The behavior without a path is the default one; where there is none, the first one's without its functions is.
pub(super) fn finish(service: &mut Service<'_>) {
    let config = service
        .made_mut(ID)
        .and_then(|distribution| make::get_mut(distribution, "Properties"))
        .and_then(|node| make::get_mut(node, "DistributionConfig"));
    let Some(config) = config else { return };
    let Some(list) = make::remove(config, "CacheBehaviors") else {
        return;
    };
    let mut behaviors = list.items().to_vec();
    let plain = behaviors
        .iter()
        .position(|behavior| part(behavior, "PathPattern").is_none());
    let default = match plain {
        Some(at) => Some(behaviors.remove(at)),
        None => behaviors.first().map(|first| {
            let kept = first.entries().iter();
            let kept = kept.filter(|entry| !matches!(&*entry.key, "PathPattern" | "LambdaFunctionAssociations"));
            Node::map(kept.cloned().collect::<Vec<Entry>>(), first.place)
        }),
    };
    if let Some(default) = default {
        make::set(config, "DefaultCacheBehavior", default);
    }
    if !behaviors.is_empty() {
        make::set(config, "CacheBehaviors", Node::seq(behaviors, list.place));
    }
}
