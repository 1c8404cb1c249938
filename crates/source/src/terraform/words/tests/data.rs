//! Buckets, tables, keys, secrets, queues, trails.

use super::*;
use maremma_model::{
    AccessPoint, AnyLink, Bucket, DataTable, DeploymentGroup, Detector, Distribution, EnvValue, FileSystem, Key, Link,
    LogGroup, ManagedSecret, Parameter, ParameterContent, Queue, RegistryScanning, Repository, ResourcePolicy,
    SecretRotation, StateMachine, Stream, Trail,
};
use serde_json::json;

#[test]
fn what_stands_beside_a_bucket_is_said_of_it() {
    let estate = estate(json!({
        "aws_lambda_function.orders": {"function_name": "orders"},
        "aws_kms_key.k": {"enable_key_rotation": true},
        "aws_s3_bucket.in": {"bucket": "inbox", "policy": r#"{"Statement": []}"#},
        "aws_s3_bucket.old": {"bucket": "old", "acl": "public-read", "versioning": [{"enabled": true}], "policy": {"Statement": []}},
        "aws_s3_bucket_public_access_block.in": {"bucket": "${aws_s3_bucket.in.id}", "block_public_acls": true, "block_public_policy": null},
        "aws_s3_bucket_versioning.in": {"bucket": "inbox", "versioning_configuration": [{"status": "Enabled"}]},
        "aws_s3_bucket_server_side_encryption_configuration.in": {"bucket": "inbox", "rule": [{"apply_server_side_encryption_by_default": [{"sse_algorithm": "aws:kms", "kms_master_key_id": "${aws_kms_key.k.arn}"}]}]},
        "aws_s3_bucket_ownership_controls.in": {"bucket": "inbox", "rule": [{"object_ownership": "ObjectWriter"}]},
        "aws_s3_bucket_acl.in": {"bucket": "inbox", "access_control_policy": [{"grant": [{"permission": "READ", "grantee": [{"type": "Group", "uri": "http://acs.amazonaws.com/groups/global/AllUsers"}]}]}]},
        "aws_s3_bucket_policy.in": {"bucket": "${aws_s3_bucket.in.bucket}", "policy": {"Statement": []}},
        "aws_s3_bucket_notification.in": {
            "bucket": "${aws_s3_bucket.in.id}", "eventbridge": true,
            "lambda_function": [{"lambda_function_arn": "${aws_lambda_function.orders.arn}", "events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"], "filter_prefix": "in/", "filter_suffix": ""}],
            "queue": [{"queue_arn": "arn:aws:sqs:eu-west-1:111122223333:q", "events": ["s3:ObjectCreated:*"]}], "topic": []
        },
    }));
    let bucket: &Bucket = row(&estate, "aws_s3_bucket.in");
    assert_eq!(bucket.block_public_acls.value(), Some(&true));
    // What the block does not say is off.
    assert_eq!(bucket.block_public_policy.value(), Some(&false));
    assert_eq!(literal(&bucket.versioning), "Enabled");
    assert_eq!(literal(&bucket.object_ownership), "ObjectWriter");
    assert_eq!(literal(&bucket.acl), "PublicRead");
    assert_eq!(bucket.event_bridge.value(), Some(&true));
    assert!(matches!(bucket.kms_key.value(), Some(AnyLink::Here(AnyId::Key(_)))));
    let filters: Vec<_> = estate
        .triggers
        .values()
        .map(|trigger| literals(&trigger.filters))
        .collect();
    assert_eq!(
        filters,
        [
            ["s3:ObjectCreated:*", "prefix=in/"],
            ["s3:ObjectRemoved:*", "prefix=in/"]
        ]
    );
    assert_eq!(estate.forwardings.len(), 1);
    let old: &Bucket = row(&estate, "aws_s3_bucket.old");
    assert_eq!((literal(&old.acl), literal(&old.versioning)), ("PublicRead", "Enabled"));
    // A policy of its own is the policy that a state shows on the bucket.
    let of: Vec<_> = estate
        .resource_policies
        .values()
        .map(|policy| &*policy.resource.address)
        .collect();
    assert_eq!(of, ["aws_s3_bucket_policy.in", "aws_s3_bucket.old"]);
}

#[test]
fn tables_streams_and_files() {
    let estate = estate(json!({
        "aws_dynamodb_table.t": {"name": "t", "stream_view_type": "KEYS_ONLY", "server_side_encryption": [{"enabled": true, "kms_key_arn": "arn:aws:kms:eu-west-1:111122223333:key/k"}]},
        "aws_dynamodb_resource_policy.t": {"resource_arn": "${aws_dynamodb_table.t.arn}", "policy": {"Statement": []}},
        "aws_dynamodb_resource_policy.s": {"resource_arn": "${aws_dynamodb_table.t.stream_arn}", "policy": {"Statement": []}},
        "aws_kinesis_stream.s": {"name": "s", "kms_key_id": "alias/aws/kinesis"},
        "aws_kinesis_resource_policy.s": {"resource_arn": "${aws_kinesis_stream.s.arn}", "policy": {"Statement": []}},
        "aws_efs_file_system.f": {"encrypted": true},
        "aws_efs_file_system_policy.f": {"file_system_id": "${aws_efs_file_system.f.id}", "policy": {"Statement": []}},
        "aws_efs_access_point.a": {"file_system_id": "${aws_efs_file_system.f.id}", "posix_user": [{"uid": 0, "gid": 0}], "root_directory": [{"path": "/data"}]},
        "aws_ecr_repository.r": {"name": "r", "image_tag_mutability": "IMMUTABLE", "image_scanning_configuration": [{"scan_on_push": true}], "image_tag_mutability_exclusion_filter": [{"filter": "latest*", "filter_type": "WILDCARD"}]},
        "aws_ecr_repository_policy.r": {"repository": "${aws_ecr_repository.r.name}", "policy": {"Statement": []}},
        "aws_ecr_registry_scanning_configuration.all": {"scan_type": "ENHANCED", "rule": [{"scan_frequency": "SCAN_ON_PUSH", "repository_filter": [{"filter": "*", "filter_type": "WILDCARD"}]}]},
    }));
    let table: &DataTable = only(&estate);
    assert!(table.policy.value().is_some() && literal(&table.stream_view) == "KEYS_ONLY");
    let policies = estate
        .resource_policies
        .values()
        .map(|policy: &ResourcePolicy| &*policy.resource.address);
    let mut policies: Vec<_> = policies.collect();
    policies.sort_unstable();
    assert_eq!(
        policies,
        [
            "aws_dynamodb_table.t",
            "aws_dynamodb_table.t",
            "aws_ecr_repository.r",
            "aws_efs_file_system.f",
            "aws_kinesis_resource_policy.s"
        ]
    );
    assert!(only::<Stream>(&estate).kms_key.value().is_some());
    assert_eq!(only::<FileSystem>(&estate).encrypted.value(), Some(&true));
    let point: &AccessPoint = only(&estate);
    assert_eq!((literal(&point.posix_uid), literal(&point.root_path)), ("0", "/data"));
    let repository: &Repository = only(&estate);
    assert_eq!(literals(&repository.immutable_exclusions), ["latest*"]);
    assert_eq!(repository.scan_on_push.value(), Some(&true));
    let scanning: &RegistryScanning = only(&estate);
    assert_eq!(
        literals(&scanning.rules.value().unwrap()[0].value().unwrap().filters),
        ["*"]
    );
}

#[test]
fn keys_secrets_and_parameters() {
    let estate = estate(json!({
        "aws_lambda_function.rotate": {"function_name": "rotate"},
        "aws_kms_key.k": {"enable_key_rotation": true, "policy": {"Statement": []}, "customer_master_key_spec": "RSA_2048"},
        "aws_kms_external_key.e": {"enabled": true},
        "aws_kms_alias.k": {"name": "alias/k", "target_key_id": "${aws_kms_key.k.key_id}"},
        "aws_kms_key_policy.e": {"key_id": "${aws_kms_external_key.e.id}", "policy": {"Statement": []}},
        "aws_secretsmanager_secret.s": {"name": "database", "kms_key_id": "alias/k", "policy": {"Statement": []}, "replica": [{"region": "eu-central-1"}]},
        "aws_secretsmanager_secret_version.s": {"secret_id": "${aws_secretsmanager_secret.s.id}", "secret_string": {"password": "${password}"}},
        "aws_secretsmanager_secret_rotation.s": {"secret_id": "${aws_secretsmanager_secret.s.id}", "rotation_lambda_arn": "${aws_lambda_function.rotate.arn}"},
        "aws_iam_access_key.k": {"user": "deploy"},
        "aws_ssm_parameter.secret": {"name": "/s", "type": "String", "value": "${aws_iam_access_key.k.secret}"},
        "aws_ssm_parameter.p": {"name": "/p", "type": "String", "value": "", "insecure_value": "v"},
    }));
    let key: &Key = row(&estate, "aws_kms_key.k");
    assert_eq!(
        (key.rotation.value(), literal(&key.key_spec)),
        (Some(&true), "RSA_2048")
    );
    let external: &Key = row(&estate, "aws_kms_external_key.e");
    assert!(literal(&external.origin) == "EXTERNAL" && external.policy.value().is_some());
    let secret: &ManagedSecret = only(&estate);
    // By the alias of the key.
    assert!(matches!(secret.kms_key.value(), Some(AnyLink::Here(AnyId::Key(_)))));
    assert!(secret.literal_value.value().is_some());
    assert_eq!(secret.replicas.value().map(Vec::len), Some(1));
    assert!(matches!(
        only::<SecretRotation>(&estate).secret.value(),
        Some(Link::Here(_))
    ));
    let given: &Parameter = row(&estate, "aws_ssm_parameter.secret");
    assert!(matches!(given.content.value(), Some(ParameterContent::Secret(_))));
    let parameter: &Parameter = row(&estate, "aws_ssm_parameter.p");
    assert!(
        matches!(parameter.value.value(), Some(EnvValue::Clear(value)) if value.reveal().as_literal() == Some("v"))
    );
    assert_eq!(estate.resource_policies.len(), 3);
}

#[test]
fn queues_topics_and_machines() {
    let estate = estate(json!({
        "aws_lambda_function.orders": {"function_name": "orders"},
        "aws_sqs_queue.dead": {"name": "dead", "policy": {"Statement": []}},
        "aws_sqs_queue.in": {"name": "in", "redrive_policy": {"deadLetterTargetArn": "${aws_sqs_queue.dead.arn}", "maxReceiveCount": 3}, "kms_master_key_id": "", "visibility_timeout_seconds": 60},
        "aws_sqs_queue.other": {"name": "other"},
        "aws_sqs_queue_redrive_policy.other": {"queue_url": "${aws_sqs_queue.other.id}", "redrive_policy": r#"{"deadLetterTargetArn": "arn:aws:sqs:eu-west-1:111122223333:dead"}"#},
        "aws_sqs_queue_policy.in": {"queue_url": "${aws_sqs_queue.in.url}", "policy": {"Statement": []}},
        "aws_sns_topic.news": {"name": "news"},
        "aws_sns_topic_policy.news": {"arn": "${aws_sns_topic.news.arn}", "policy": {"Statement": []}},
        "aws_sns_topic_subscription.s": {"topic_arn": "${aws_sns_topic.news.arn}", "protocol": "lambda", "endpoint": "${aws_lambda_function.orders.arn}", "filter_policy": {"kind": ["order"]}},
        "aws_sfn_state_machine.m": {"name": "m", "role_arn": "arn:aws:iam::111122223333:role/m", "definition": {"StartAt": "A", "States": {"A": {"Type": "Task", "Resource": "${aws_lambda_function.orders.arn}", "End": true}}}, "logging_configuration": [{"level": "ALL"}]},
    }));
    let queue: &Queue = row(&estate, "aws_sqs_queue.in");
    assert!(matches!(
        queue.dead_letter_target.value(),
        Some(AnyLink::Here(AnyId::Queue(_)))
    ));
    assert!(queue.kms_key.is_unset() && queue.visibility_timeout.value() == Some(&60));
    let other: &Queue = row(&estate, "aws_sqs_queue.other");
    assert!(other.dead_letter_target.value().is_some());
    let policies: Vec<_> = estate
        .resource_policies
        .values()
        .map(|policy: &ResourcePolicy| {
            (
                &*policy.resource.kind,
                matches!(policy.on.value().unwrap()[0].value(), Some(AnyLink::Here(_))),
            )
        })
        .collect();
    assert_eq!(
        policies,
        [
            ("AWS::SNS::TopicPolicy", true),
            ("AWS::SQS::QueuePolicy", true),
            ("AWS::SQS::QueuePolicy", true)
        ]
    );
    let functions: Vec<_> = estate
        .triggers
        .values()
        .map(|trigger| function(&estate, &trigger.function))
        .collect();
    assert_eq!(functions, ["aws_lambda_function.orders", "aws_lambda_function.orders"]);
    assert_eq!(literal(&only::<StateMachine>(&estate).logging_level), "ALL");
}

#[test]
fn trails_detectors_and_deliveries() {
    let estate = estate(json!({
        "aws_lambda_function.edge": {"function_name": "edge", "publish": true},
        "aws_cloudtrail.t": {"name": "t", "is_multi_region_trail": true, "event_selector": [{"read_write_type": "WriteOnly", "data_resource": [{"type": "AWS::Lambda::Function", "values": ["arn:aws:lambda"]}]}]},
        "aws_cloudtrail_event_data_store.l": {"name": "l", "suspend": true, "advanced_event_selector": [{"field_selector": [{"field": "eventCategory", "equals": ["Data"]}]}]},
        "aws_guardduty_detector.d": {},
        "aws_guardduty_detector_feature.l": {"detector_id": "${aws_guardduty_detector.d.id}", "name": "LAMBDA_NETWORK_LOGS", "status": "ENABLED"},
        "aws_guardduty_publishing_destination.p": {"detector_id": "${aws_guardduty_detector.d.id}", "destination_arn": "arn:aws:s3:::findings"},
        "aws_cloudwatch_log_group.forever": {"name": "/aws/lambda/edge", "retention_in_days": 0},
        "aws_cloudfront_distribution.c": {
            "web_acl_id": "", "origin": [{"domain_name": "x.example.com"}],
            "default_cache_behavior": [{"lambda_function_association": [{"event_type": "viewer-request", "lambda_arn": "${aws_lambda_function.edge.qualified_arn}"}]}],
            "ordered_cache_behavior": [{"lambda_function_association": [{"event_type": "origin-request", "lambda_arn": "${aws_lambda_function.edge.qualified_arn}"}]}]
        },
        "aws_codedeploy_app.a": {"name": "a", "compute_platform": "Lambda"},
        "aws_codedeploy_deployment_group.g": {"app_name": "a", "deployment_group_name": "g", "auto_rollback_configuration": [{"enabled": true, "events": ["DEPLOYMENT_FAILURE"]}]},
    }));
    let trail: &Trail = row(&estate, "aws_cloudtrail.t");
    assert_eq!(
        (trail.is_logging.value(), trail.multi_region.value()),
        (Some(&true), Some(&true))
    );
    assert_eq!(trail.selectors.value().map(Vec::len), Some(1));
    let lake: &Trail = row(&estate, "aws_cloudtrail_event_data_store.l");
    assert_eq!(lake.is_logging.value(), Some(&false));
    assert_eq!(
        lake.advanced_selectors.value().unwrap()[0]
            .value()
            .unwrap()
            .fields
            .len(),
        1
    );
    let detector: &Detector = only(&estate);
    assert_eq!(detector.enabled.value(), Some(&true));
    assert_eq!(detector.features.value().map(Vec::len), Some(1));
    assert!(detector.publishing.value().is_some());
    assert!(only::<LogGroup>(&estate).retention_days.is_unset());
    let distribution: &Distribution = only(&estate);
    assert!(distribution.web_acl.is_unset());
    let named: Vec<_> = estate
        .triggers
        .values()
        .map(|trigger| function(&estate, &trigger.function))
        .collect();
    let version = "aws_lambda_function.edge:${aws_lambda_function.edge.qualified_arn}";
    assert_eq!(named, [version, version]);
    let group: &DeploymentGroup = only(&estate);
    assert!(matches!(group.application.value(), Some(Link::Here(_))));
    assert_eq!(literal(&group.deployment_config), "CodeDeployDefault.OneAtATime");
}
