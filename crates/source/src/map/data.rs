//! Buckets, tables, streams, file systems, repositories.

use super::policy::{carried, carried_by};
use super::trigger::{filters, forwarding, part, trigger};
use crate::cx::Cx;
use crate::props::Props;
use maremma_model::noun::*;
use maremma_model::{Resource, Setting, Text};

/// S3 blocks public access of a new bucket unless it is told otherwise; a configuration that is
/// written is taken as a whole. Source: Amazon S3 user guide, "Default settings for new S3 buckets
/// FAQ".
pub(crate) fn bucket(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Bucket {
    notifications(cx, &resource, p);
    let block = "PublicAccessBlockConfiguration";
    let blocked = |name: &str| p.boolean(&format!("{block}.{name}")).or_default(!p.has(block));
    let encryption = p.list("BucketEncryption.ServerSideEncryptionConfiguration");
    let key = encryption
        .first()
        .map(|rule| rule.any_of::<Key>("ServerSideEncryptionByDefault.KMSMasterKeyID"));
    let ownership = p.list("OwnershipControls.Rules");
    let ownership = ownership.first().map(|rule| rule.text("ObjectOwnership"));
    let at = || resource.at.clone();
    Bucket {
        block_public_acls: blocked("BlockPublicAcls"),
        ignore_public_acls: blocked("IgnorePublicAcls"),
        block_public_policy: blocked("BlockPublicPolicy"),
        restrict_public_buckets: blocked("RestrictPublicBuckets"),
        acl: p.text("AccessControl").or_default("Private".into()),
        object_ownership: ownership
            .unwrap_or_else(|| Setting::unset(at()))
            .or_default("BucketOwnerEnforced".into()),
        versioning: p.text("VersioningConfiguration.Status"),
        kms_key: key.unwrap_or_else(|| Setting::unset(at())),
        event_bridge: p
            .boolean("NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled")
            .or_default(p.has("NotificationConfiguration.EventBridgeConfiguration")),
        resource,
    }
}

fn notifications(cx: &Cx<'_>, resource: &Resource, p: &Props<'_>) {
    let own = || Setting::set(AnyLink::Here(cx.own), resource.at.clone());
    for notification in p.list("NotificationConfiguration.LambdaConfigurations") {
        let (head, notification) = part(resource, &notification);
        cx.trigger(Trigger {
            filters: selected(&notification, resource),
            ..trigger(
                &head,
                TriggerKind::S3Notification,
                notification.function("Function"),
                own(),
            )
        });
    }
    for (list, target) in [("QueueConfigurations", "Queue"), ("TopicConfigurations", "Topic")] {
        for notification in p.list(&format!("NotificationConfiguration.{list}")) {
            let (head, notification) = part(resource, &notification);
            cx.forwarding(Forwarding {
                filters: selected(&notification, resource),
                ..forwarding(&head, TriggerKind::S3Notification, own(), notification.any(target))
            });
        }
    }
}

/// The event and the rules of the key that a notification is for: `prefix=in/`.
fn selected(notification: &Props<'_>, resource: &Resource) -> Items<Text> {
    let rule = |rule: Props<'_>| {
        let name = rule
            .text("Name")
            .value()
            .and_then(|name| name.as_literal().map(str::to_lowercase));
        rule.text("Value")
            .map(|value| Text::concat([&Text::literal(format!("{}=", name.as_deref().unwrap_or("?"))), &value]))
    };
    let rules = notification.list("Filter.S3Key.Rules").into_iter().map(rule);
    filters(std::iter::once(notification.text("Event")).chain(rules), &resource.at)
}

/// `AWS::DynamoDB::Table`.
pub(crate) fn table(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> DataTable {
    let policy = p.document("ResourcePolicy.PolicyDocument");
    carried(cx, &resource, &policy);
    carried(
        cx,
        &resource,
        &p.document("StreamSpecification.ResourcePolicy.PolicyDocument"),
    );
    DataTable {
        stream_view: p.text("StreamSpecification.StreamViewType"),
        kms_key: p.any_of::<Key>("SSESpecification.KMSMasterKeyId"),
        policy,
        resource,
    }
}

/// `AWS::DynamoDB::GlobalTable`, whose replicas have keys and policies each.
pub(crate) fn global_table(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> DataTable {
    let replicas = p.list("Replicas");
    let unset = || Setting::unset(resource.at.clone());
    for replica in &replicas {
        carried(cx, &resource, &replica.document("ResourcePolicy.PolicyDocument"));
        carried(
            cx,
            &resource,
            &replica.document("ReplicaStreamSpecification.ResourcePolicy.PolicyDocument"),
        );
    }
    let first = replicas.first();
    DataTable {
        stream_view: p.text("StreamSpecification.StreamViewType"),
        kms_key: first.map_or_else(unset, |replica| {
            replica.any_of::<Key>("SSESpecification.KMSMasterKeyId")
        }),
        policy: first.map_or_else(
            || Setting::unset(resource.at.clone()),
            |replica| replica.document("ResourcePolicy.PolicyDocument"),
        ),
        resource,
    }
}

pub(crate) fn stream(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Stream {
    Stream {
        kms_key: p.any_of::<Key>("StreamEncryption.KeyId"),
        resource,
    }
}

pub(crate) fn file_system(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> FileSystem {
    FileSystem {
        encrypted: p.boolean("Encrypted").or_default(false),
        policy: carried_by(cx, &resource, p, "FileSystemPolicy"),
        resource,
    }
}

pub(crate) fn access_point(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> AccessPoint {
    AccessPoint {
        file_system: p.link("FileSystemId"),
        posix_uid: p.text("PosixUser.Uid"),
        posix_gid: p.text("PosixUser.Gid"),
        root_path: p.text("RootDirectory.Path").or_default("/".into()),
        resource,
    }
}

pub(crate) fn repository(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Repository {
    let exclusions = p.list("ImageTagMutabilityExclusionFilters");
    let exclusions = exclusions
        .iter()
        .map(|filter| filter.text("ImageTagMutabilityExclusionFilterValue"));
    Repository {
        tag_mutability: p.text("ImageTagMutability").or_default("MUTABLE".into()),
        scan_on_push: p.boolean("ImageScanningConfiguration.ScanOnPush").or_default(false),
        policy: carried_by(cx, &resource, p, "RepositoryPolicyText"),
        kms_key: p.any_of::<Key>("EncryptionConfiguration.KmsKey"),
        immutable_exclusions: filters(exclusions, &resource.at),
        resource,
    }
}
