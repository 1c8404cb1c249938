//! Buckets, tables, streams, file systems, repositories.

use super::read::{at, blocks, build, in_worlds, only_when, plain, property};
use super::table::*;
use super::translation::Translation;
use crate::terraform::instance::Instance;
use maremma_model::{Document, Location, Text, Value};

const BUCKET: &str = "AWS::S3::Bucket";
const TABLE: &str = "AWS::DynamoDB::Table";

pub(super) const WORDS: &[Word] = &[
    Word::own("aws_s3_bucket", BUCKET, BUCKET_ENTRIES)
        .then(older_settings)
        .last(older_policy),
    Word::own(
        "aws_s3_bucket_policy",
        "AWS::S3::BucketPolicy",
        &[text("bucket", "Bucket"), json("policy", "PolicyDocument")],
    ),
    Word::onto("aws_s3_bucket_public_access_block", "bucket", BUCKET, BLOCK),
    Word::onto(
        "aws_s3_bucket_versioning",
        "bucket",
        BUCKET,
        // So Terraform calls that nothing was ever enabled.
        &[unless(
            "versioning_configuration.status",
            "VersioningConfiguration.Status",
            "Disabled",
        )],
    ),
    Word::onto(
        "aws_s3_bucket_server_side_encryption_configuration",
        "bucket",
        BUCKET,
        &[each(
            "rule",
            "BucketEncryption.ServerSideEncryptionConfiguration",
            ENCRYPTION,
        )],
    ),
    Word::onto(
        "aws_s3_bucket_ownership_controls",
        "bucket",
        BUCKET,
        &[each(
            "rule",
            "OwnershipControls.Rules",
            &[text("object_ownership", "ObjectOwnership")],
        )],
    ),
    Word::onto(
        "aws_s3_bucket_acl",
        "bucket",
        BUCKET,
        &[by_hook("acl", "AccessControl")],
    )
    .then(acl),
    Word::onto("aws_s3_bucket_notification", "bucket", BUCKET, NOTIFICATIONS).then(notification),
    Word::own("aws_dynamodb_table", TABLE, TABLE_ENTRIES),
    Word::onto("aws_dynamodb_resource_policy", "resource_arn", TABLE, TABLE_POLICY).then(table_policy),
    Word::own("aws_kinesis_stream", "AWS::Kinesis::Stream", STREAM),
    Word::own(
        "aws_kinesis_stream_consumer",
        "AWS::Kinesis::StreamConsumer",
        &[text("stream_arn", "StreamARN")],
    ),
    Word::own(
        "aws_kinesis_resource_policy",
        "AWS::Kinesis::ResourcePolicy",
        &[text("resource_arn", "ResourceArn"), json("policy", "ResourcePolicy")],
    ),
    Word::own(
        "aws_efs_file_system",
        "AWS::EFS::FileSystem",
        &[text("encrypted", "Encrypted")],
    ),
    Word::onto(
        "aws_efs_file_system_policy",
        "file_system_id",
        "AWS::EFS::FileSystem",
        &[json("policy", "FileSystemPolicy")],
    ),
    Word::own("aws_efs_access_point", "AWS::EFS::AccessPoint", ACCESS_POINT),
    Word::own("aws_ecr_repository", "AWS::ECR::Repository", REPOSITORY),
    Word::onto(
        "aws_ecr_repository_policy",
        "repository",
        "AWS::ECR::Repository",
        &[json("policy", "RepositoryPolicyText")],
    ),
];

const BUCKET_ENTRIES: &[Entry] = &[
    text("bucket", "BucketName"),
    prefix("bucket_prefix", "BucketName"),
    by_hook("acl", "AccessControl"),
    each(
        "server_side_encryption_configuration.rule",
        "BucketEncryption.ServerSideEncryptionConfiguration",
        ENCRYPTION,
    ),
    switch(
        "versioning.enabled",
        "VersioningConfiguration.Status",
        "Enabled",
        "Suspended",
    ),
];

/// A block that says nothing of one of them leaves it off.
const BLOCK: &[Entry] = &[
    text_or(
        "block_public_acls",
        "PublicAccessBlockConfiguration.BlockPublicAcls",
        "false",
    ),
    text_or(
        "ignore_public_acls",
        "PublicAccessBlockConfiguration.IgnorePublicAcls",
        "false",
    ),
    text_or(
        "block_public_policy",
        "PublicAccessBlockConfiguration.BlockPublicPolicy",
        "false",
    ),
    text_or(
        "restrict_public_buckets",
        "PublicAccessBlockConfiguration.RestrictPublicBuckets",
        "false",
    ),
];

const ENCRYPTION: &[Entry] = &[
    text(
        "apply_server_side_encryption_by_default.kms_master_key_id",
        "ServerSideEncryptionByDefault.KMSMasterKeyID",
    ),
    text(
        "apply_server_side_encryption_by_default.sse_algorithm",
        "ServerSideEncryptionByDefault.SSEAlgorithm",
    ),
];

const NOTIFICATIONS: &[Entry] = &[
    text(
        "eventbridge",
        "NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled",
    ),
    by_hook(
        "lambda_function.events",
        "NotificationConfiguration.LambdaConfigurations.Event",
    ),
    by_hook(
        "lambda_function.lambda_function_arn",
        "NotificationConfiguration.LambdaConfigurations.Function",
    ),
    by_hook(
        "lambda_function.filter_prefix",
        "NotificationConfiguration.LambdaConfigurations.Filter.S3Key.Rules",
    ),
    by_hook("queue.events", "NotificationConfiguration.QueueConfigurations.Event"),
    by_hook("queue.queue_arn", "NotificationConfiguration.QueueConfigurations.Queue"),
    by_hook(
        "queue.filter_suffix",
        "NotificationConfiguration.QueueConfigurations.Filter.S3Key.Rules",
    ),
    by_hook("topic.events", "NotificationConfiguration.TopicConfigurations.Event"),
    by_hook("topic.topic_arn", "NotificationConfiguration.TopicConfigurations.Topic"),
    by_hook(
        "topic.filter_prefix",
        "NotificationConfiguration.TopicConfigurations.Filter.S3Key.Rules",
    ),
];

const TABLE_ENTRIES: &[Entry] = &[
    text("name", "TableName"),
    text("stream_view_type", "StreamSpecification.StreamViewType"),
    text("server_side_encryption.kms_key_arn", "SSESpecification.KMSMasterKeyId"),
];

const TABLE_POLICY: &[Entry] = &[
    json("policy", "ResourcePolicy.PolicyDocument"),
    by_hook("policy", "StreamSpecification.ResourcePolicy.PolicyDocument"),
];

const STREAM: &[Entry] = &[
    text("name", "Name"),
    // So the provider calls that there is none.
    unless("encryption_type", "StreamEncryption.EncryptionType", "NONE"),
    text("kms_key_id", "StreamEncryption.KeyId"),
];

const ACCESS_POINT: &[Entry] = &[
    text("file_system_id", "FileSystemId"),
    text("posix_user.uid", "PosixUser.Uid"),
    text("posix_user.gid", "PosixUser.Gid"),
    text("root_directory.path", "RootDirectory.Path"),
];

const REPOSITORY: &[Entry] = &[
    text("name", "RepositoryName"),
    text("image_tag_mutability", "ImageTagMutability"),
    text(
        "image_scanning_configuration.scan_on_push",
        "ImageScanningConfiguration.ScanOnPush",
    ),
    text("encryption_configuration.kms_key", "EncryptionConfiguration.KmsKey"),
    each(
        "image_tag_mutability_exclusion_filter",
        "ImageTagMutabilityExclusionFilters",
        &[text("filter", "ImageTagMutabilityExclusionFilterValue")],
    ),
];

/// The canned lists as S3 and as CloudFormation call them.
/// Source: Amazon S3 user guide, "Canned ACL"; AWS CloudFormation template reference, AWS::S3::Bucket.
const CANNED: &[(&str, &str)] = &[
    ("private", "Private"),
    ("public-read", "PublicRead"),
    ("public-read-write", "PublicReadWrite"),
    ("authenticated-read", "AuthenticatedRead"),
    ("aws-exec-read", "AwsExecRead"),
    ("bucket-owner-read", "BucketOwnerRead"),
    ("bucket-owner-full-control", "BucketOwnerFullControl"),
    ("log-delivery-write", "LogDeliveryWrite"),
];

fn canned(found: &Document) -> Option<Document> {
    let one = |world: &Document| {
        let known = CANNED.iter().find(|(name, _)| world.as_str() == Some(name));
        Some(known.map_or_else(|| world.clone(), |(_, cfn)| plain(cfn, &world.at)))
    };
    in_worlds(found, &one)
}

/// The list of a bucket, canned or of grants to the groups that are everybody.
fn acl(translation: &mut Translation<'_>, instance: &Instance) {
    let Some(bucket) = at(&instance.body, "bucket") else {
        return;
    };
    let canned = at(&instance.body, "acl").and_then(|found| canned(&found));
    let Some(value) = canned.or_else(|| granted(&instance.body)) else {
        return;
    };
    let found = translation.targets(BUCKET, &bucket);
    if found.is_empty() {
        translation.adrift(instance, "bucket", &bucket);
    }
    for (id, when) in found {
        translation.set(id, "AccessControl", only_when(value.clone(), when));
    }
}

/// The canned list that grants at least what is granted to everybody here.
fn granted(body: &Document) -> Option<Document> {
    let grants = at(body, "access_control_policy.grant")?;
    let group = |grant: &Document| {
        let (uri, permission) = (at(grant, "grantee.uri")?, at(grant, "permission")?);
        let read_only = permission.as_str()?.starts_with("READ");
        Some(match uri.as_str()?.rsplit('/').next()? {
            "AllUsers" if read_only => ("PublicRead", uri.at),
            "AllUsers" => ("PublicReadWrite", uri.at),
            "AuthenticatedUsers" => ("AuthenticatedRead", uri.at),
            _ => return None,
        })
    };
    let mut groups: Vec<(&str, Location)> = grants.items().iter().filter_map(group).collect();
    groups.sort_by_key(|(name, _)| {
        ["PublicReadWrite", "PublicRead"]
            .iter()
            .position(|wide| wide == name)
            .unwrap_or(2)
    });
    groups.into_iter().next().map(|(name, at)| plain(name, &at))
}

/// Settings that older versions of the provider have on the bucket itself.
fn older_settings(translation: &mut Translation<'_>, instance: &Instance) {
    if let Some(acl) = at(&instance.body, "acl").and_then(|found| canned(&found)) {
        translation.set(instance.id, "AccessControl", acl);
    }
}

/// A policy that is written on the bucket; where it has a resource of its own, the state shows it here too.
fn older_policy(translation: &mut Translation<'_>, instance: &Instance) {
    translation.policy_beside(instance, "AWS::S3::BucketPolicy", "PolicyDocument");
}

/// A notification of Terraform is for several events, one of CloudFormation for one.
fn notification(translation: &mut Translation<'_>, instance: &Instance) {
    let Some(bucket) = at(&instance.body, "bucket") else {
        return;
    };
    let found = translation.targets(BUCKET, &bucket);
    if found.is_empty() {
        translation.adrift(instance, "bucket", &bucket);
    }
    let kinds = [
        (
            "lambda_function",
            "lambda_function_arn",
            "LambdaConfigurations",
            "Function",
        ),
        ("queue", "queue_arn", "QueueConfigurations", "Queue"),
        ("topic", "topic_arn", "TopicConfigurations", "Topic"),
    ];
    let bridge = build(NOTIFICATIONS, &instance.body, instance.id);
    for target in found {
        if let Some(on) = at(&bridge, "NotificationConfiguration.EventBridgeConfiguration") {
            let value = only_when(on, target.1.clone());
            translation.set(target.0, "NotificationConfiguration.EventBridgeConfiguration", value);
        }
        for (block, from, list, to) in kinds {
            let list = format!("NotificationConfiguration.{list}");
            for (when, block) in blocks(&instance.body, block) {
                let events = events(&block, from, to).map(|one| only_when(one, when.clone()));
                translation.append_all(instance, target.clone(), &list, events);
            }
        }
    }
}

/// One configuration for each event of a block.
fn events<'b>(block: &'b Document, from: &str, to: &'b str) -> impl Iterator<Item = Document> + use<'b> {
    let events = match at(block, "events") {
        Some(Document {
            value: Value::List(events),
            ..
        }) => events,
        Some(unknown) => vec![unknown],
        None => Vec::new(),
    };
    let rule = |name: &str, from: &str| {
        let value = at(block, from).filter(|value| value.as_str() != Some(""))?;
        let at = value.at.clone();
        Some(Document::map(vec![("Name", plain(name, &at)), ("Value", value)], at))
    };
    let rules: Vec<_> = [rule("prefix", "filter_prefix"), rule("suffix", "filter_suffix")]
        .into_iter()
        .flatten()
        .collect();
    let target = at(block, from);
    let one = move |event: Document| {
        let mut fields = vec![("Event", event)];
        fields.extend(target.clone().map(|target| (to, target)));
        if let Some(first) = rules.first() {
            let at = || first.at.clone();
            let rules = Document::new(Value::List(rules.clone()), at());
            let key = Document::map(vec![("Rules", rules)], at());
            fields.push(("Filter", Document::map(vec![("S3Key", key)], at())));
        }
        Document::map(fields, block.at.clone())
    };
    events.into_iter().map(one)
}

/// The policy of a table, or of its stream.
fn table_policy(translation: &mut Translation<'_>, instance: &Instance) {
    let (Some(on), Some(policy)) = (
        at(&instance.body, "resource_arn"),
        property(&json("policy", ""), &instance.body, instance.id),
    ) else {
        return;
    };
    let stream = |text: &Text| {
        let by_reference = text.holes().filter_map(|hole| hole.stands_for.as_ref());
        let mut by_reference = by_reference.map(|attribute| attribute.name.ends_with("StreamArn"));
        by_reference.any(|stream| stream) || text.suffix().contains("/stream/")
    };
    let path = match on.as_text().is_some_and(stream) {
        true => "StreamSpecification.ResourcePolicy.PolicyDocument",
        false => "ResourcePolicy.PolicyDocument",
    };
    let found = translation.targets(TABLE, &on);
    if found.is_empty() {
        translation.adrift(instance, "resource_arn", &on);
    }
    for (id, when) in found {
        translation.set(id, path, only_when(policy.clone(), when));
    }
}
