//! `s3`: a bucket that calls the function; the framework makes those that do not exist yet.

use super::super::custom::{self, Custom};
use super::super::naming;
use super::super::service::{Service, entries, part};
use super::Event;
use crate::cloudformation::make::{self, Make};
use maremma_model::{Entry, Node};

pub(super) fn notification(service: &mut Service<'_>, event: Event<'_>) {
    let Some(bucket) = event.main("bucket") else {
        return event.missing(service, "bucket");
    };
    if event.part("existing").is_some_and(|existing| service.on(existing)) {
        return of_existing(service, event, bucket);
    }
    let at = event.at();
    let written = service.text(&bucket);
    // A key of `provider.s3` stands for a bucket with settings.
    let settings = written
        .as_deref()
        .and_then(|name| part(part(&service.provider, "s3")?, name))
        .cloned();
    let name = settings
        .as_ref()
        .and_then(|settings| part(settings, "name"))
        .unwrap_or(&bucket)
        .clone();
    let normal = naming::alphanumeric(&written.unwrap_or_else(|| make::digest(&bucket)));
    let id = format!("S3Bucket{normal}");
    if service.made(&id).is_none() {
        let mut properties = vec![("BucketName".to_owned(), name.clone())];
        let own = settings.as_ref().map_or(&[][..], entries);
        let own = own.iter().filter(|entry| &*entry.key != "name");
        properties.extend(own.map(|entry| (naming::upper_first(&entry.key), entry.value.clone())));
        let properties = properties.iter().map(|(key, value)| (key.as_str(), value.clone()));
        service.add(&id, at.resource("AWS::S3::Bucket", properties.collect()));
    }
    let configuration = configuration(event);
    let empty = |make: Make| make.map(Vec::new());
    let list = service
        .made_mut(&id)
        .and_then(|bucket| make::slot(bucket, "Properties", empty))
        .and_then(|node| make::slot(node, "NotificationConfiguration", empty))
        .and_then(|node| make::slot(node, "LambdaConfigurations", |make| make.list(Vec::new())));
    if let Some(list) = list {
        make::push(list, configuration);
    }
    let arn = at.sub_with("arn:${AWS::Partition}:s3:::${Bucket}", vec![("Bucket", name)]);
    let narrowed = vec![("SourceArn", arn), ("SourceAccount", at.reference("AWS::AccountId"))];
    event.permit(
        service,
        &format!("LambdaPermission{normal}S3"),
        "s3.amazonaws.com",
        narrowed,
    );
}

fn configuration(event: Event<'_>) -> Node {
    let at = event.at();
    let kind = event.part("event").cloned();
    let mut made = vec![
        ("Event", kind.unwrap_or_else(|| at.text("s3:ObjectCreated:*"))),
        ("Function", event.function.target(at)),
    ];
    if let Some(rules) = event.part("rules") {
        let rule = |entry: &Entry| {
            let at = Make(entry.key_place);
            at.map(vec![("Name", at.text(&entry.key)), ("Value", entry.value.clone())])
        };
        let each = rules.items().iter().filter_map(|item| entries(item).first());
        let at = Make(rules.place);
        let key = at.map(vec![("Rules", at.list(each.map(rule).collect()))]);
        made.push(("Filter", at.map(vec![("S3Key", key)])));
    }
    at.map(made)
}

/// A function of the framework's writes the notification into the bucket, and the permission to the function.
fn of_existing(service: &mut Service<'_>, event: Event<'_>, bucket: Node) {
    let at = event.at();
    let arn = at.sub_with("arn:${AWS::Partition}:s3:::${Bucket}", vec![("Bucket", bucket.clone())]);
    let permission = vec![
        ("SourceArn", arn.clone()),
        ("SourceAccount", at.reference("AWS::AccountId")),
    ];
    let suffix = format!(
        "LambdaPermissionExisting{}S3",
        naming::alphanumeric(&service.named(&bucket, ':'))
    );
    event.permit(service, &suffix, "s3.amazonaws.com", permission);
    let own = at.statement(at.texts(&["s3:PutBucketNotification", "s3:GetBucketNotification"]), arn);
    let functions = at.statement(
        at.texts(&["lambda:AddPermission", "lambda:RemovePermission"]),
        at.sub("arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:*"),
    );
    custom::function(service, Custom::BUCKET, at, vec![own, functions]);
    let id = event.id("CustomS31");
    let configuration = configuration(event);
    let properties = vec![("FunctionName", event.function.name.clone()), ("BucketName", bucket)];
    custom::resource(
        service,
        event.function,
        (&id, "Custom::S3"),
        Custom::BUCKET,
        properties,
        configuration,
    );
}
