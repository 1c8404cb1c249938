//! `S3`: the bucket's notification, written into the bucket of the same template.

use super::super::Sam;
use super::super::function::policies::listed;
use super::super::make::{self, Make};
use super::super::source::Event;
use super::permission::permit;
use super::{Host, Needs};
use maremma_model::{GapKind, Node};
use std::collections::{HashSet, hash_map};
use std::sync::Arc;

pub(super) fn bucket(sam: &mut Sam<'_>, host: &Host<'_>, event: Event<'_>) -> Needs {
    let at = Make(event.place);
    let account = vec![("SourceAccount", at.reference("AWS::AccountId"))];
    let permission = permit(sam, host, event, "s3.amazonaws.com", account);
    let Some(written) = event.property("Bucket") else {
        sam.missing(event, "Bucket");
        return Needs::default();
    };
    let id = make::referenced(written).filter(|id| is_bucket(sam, id));
    let Some(id) = id else {
        let reason = format!("event {}: Bucket must be a bucket of this template", event.id);
        sam.gap(GapKind::Absent, reason, written.place);
        return Needs::default();
    };
    let Some(events) = event.property("Events") else {
        sam.missing(event, "Events");
        return Needs::default();
    };
    let configurations: Vec<_> = listed(events)
        .iter()
        .map(|name| configuration(host, event, name))
        .collect();
    let condition = host.source.condition();
    let mut notified = std::mem::take(&mut sam.notified);
    if let Some(bucket) = sam.made_mut(&id) {
        depend(bucket, &permission, condition, at);
        notify(bucket, configurations, notified.entry(id));
    }
    sam.notified = notified;
    Needs::default()
}

fn is_bucket(sam: &Sam<'_>, id: &str) -> bool {
    let kind = sam.made(id).and_then(|bucket| bucket.get("Type")?.as_str());
    kind == Some("AWS::S3::Bucket")
}

fn configuration(host: &Host<'_>, event: Event<'_>, name: &Node) -> Node {
    let at = Make(event.place);
    let mut entries = vec![("Event", name.clone()), ("Function", host.target(at))];
    if let Some(filter) = event.property("Filter") {
        entries.push(("Filter", filter.clone()));
    }
    let made = at.map(entries);
    match host.source.condition() {
        Some(condition) => {
            let branches = vec![at.text(condition), made, at.reference("AWS::NoValue")];
            at.map(vec![("Fn::If", at.list(branches))])
        }
        None => made,
    }
}

/// The bucket must not be made before the permission: by `DependsOn`, or, where the permission exists
/// under a condition only, by a tag that refers to it.
fn depend(bucket: &mut Node, permission: &str, condition: Option<&str>, at: Make) {
    let Some(condition) = condition else {
        if let Some(list) = make::slot(bucket, "DependsOn", |make| make.list(Vec::new())) {
            make::push(list, at.text(permission));
        }
        return;
    };
    let branches = vec![at.text(condition), at.reference(permission), at.text("no dependency")];
    let tag = at.map(vec![
        ("Key", at.text(&format!("sam:ConditionalDependsOn:{permission}"))),
        ("Value", at.map(vec![("Fn::If", at.list(branches))])),
    ]);
    let properties = make::slot(bucket, "Properties", |make| make.map(Vec::new()));
    if let Some(tags) = properties.and_then(|node| make::slot(node, "Tags", |make| make.list(Vec::new()))) {
        make::push(tags, tag);
    }
}

fn notify(bucket: &mut Node, configurations: Vec<Node>, said: hash_map::Entry<'_, Arc<str>, HashSet<String>>) {
    let empty = |make: Make| make.map(Vec::new());
    let list = make::slot(bucket, "Properties", empty)
        .and_then(|node| make::slot(node, "NotificationConfiguration", empty))
        .and_then(|node| make::slot(node, "LambdaConfigurations", |make| make.list(Vec::new())));
    if let Some(list) = list {
        let said = said.or_insert_with(|| list.items().iter().map(make::said).collect());
        for configuration in configurations {
            // One that the bucket has already is not said twice.
            if said.insert(make::said(&configuration)) {
                make::push(list, configuration);
            }
        }
    }
}
