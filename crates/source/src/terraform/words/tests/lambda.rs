//! Functions, aliases, URLs, permissions, layers.

use super::*;
use maremma_model::{
    Alias, AnyLink, CodeSigningConfig, EnvValue, Function, InvokeConfig, LayerPermission, LayerVersion, Link,
    Permission, Trigger, Url, Version,
};
use serde_json::json;

#[test]
fn a_function_is_read_whole() {
    let estate = estate(json!({
        "aws_iam_role.run": {"name": "orders-run", "assume_role_policy": {"Statement": []}},
        "aws_lambda_function.orders": {
            "function_name": "orders", "runtime": "python3.13", "handler": "app.handler", "architectures": ["arm64"],
            "filename": "build/orders.zip", "role": "${aws_iam_role.run.arn}", "timeout": 30, "memory_size": null,
            "reserved_concurrent_executions": -1, "publish": true, "kms_key_arn": "",
            "environment": [{"variables": {"STAGE": "prod", "EMPTY": "", "RULES": {"a": [1, true]}}}],
            "vpc_config": [{"subnet_ids": ["subnet-1"], "security_group_ids": ["sg-1"]}],
            "dead_letter_config": [], "tracing_config": [{"mode": "Active"}],
            "ephemeral_storage": [{"size": 1024}], "logging_config": [{"log_format": "JSON", "log_group": "/orders"}],
            "file_system_config": [{"arn": "arn:aws:elasticfilesystem:eu-west-1:111122223333:access-point/a", "local_mount_path": "/mnt/a"}],
            "image_config": [{"command": ["a"]}], "snap_start": [{"apply_on": "PublishedVersions"}],
            "tags": {"team": "orders"}
        },
        "aws_lambda_runtime_management_config.orders": {"function_name": "orders", "update_runtime_on": "FunctionUpdate"},
        "aws_lambda_function_recursion_config.orders": {"function_name": "${aws_lambda_function.orders.function_name}", "recursive_loop": "Allow"},
    }));
    let function: &Function = only(&estate);
    assert_eq!(&*function.resource.kind, "AWS::Lambda::Function");
    assert_eq!(function.resource.name, Text::literal("orders"));
    assert_eq!(literal(&function.runtime), "python3.13");
    assert_eq!(literals(&function.architectures), ["arm64"]);
    assert_eq!(literal(&function.code.local_path), "build/orders.zip");
    assert!(function.code.s3_bucket.is_unset());
    assert!(
        matches!(function.role.value(), Some(Link::Here(_))),
        "{:?}",
        function.role
    );
    assert_eq!(function.timeout.value(), Some(&30));
    assert!(is_default(&function.memory_size));
    assert!(function.reserved_concurrency.is_unset());
    assert!(function.kms_key.is_unset() && function.dead_letter_target.is_unset());
    let variables: Vec<_> = function
        .environment
        .iter()
        .map(|variable| match variable.value.value() {
            Some(EnvValue::Clear(value)) => format!("{}={}", variable.name, value.reveal()),
            other => format!("{}: {other:?}", variable.name),
        })
        .collect();
    assert_eq!(variables, ["EMPTY=", r#"RULES={"a":[1,true]}"#, "STAGE=prod"]);
    assert_eq!(function.vpc.subnets.value().map(Vec::len), Some(1));
    assert_eq!(literal(&function.tracing_mode), "Active");
    assert_eq!(function.ephemeral_storage.value(), Some(&1024));
    assert_eq!(function.file_systems.len(), 1);
    assert_eq!(literals(&function.image.command), ["a"]);
    assert_eq!(literal(&function.snap_start), "PublishedVersions");
    assert_eq!(
        literal(&function.runtime_management.update_runtime_on),
        "FunctionUpdate"
    );
    assert_eq!(literal(&function.recursive_loop), "Allow");
    let tags = function.tags.value().unwrap();
    assert_eq!(literal(&tags[0].value().unwrap().key), "team");
    // What is in a block stands there.
    assert!(function.vpc.subnets.at > function.resource.at);
    assert_eq!(function.memory_size.at, function.resource.at);
    let version: &Version = only(&estate);
    assert_eq!(
        super::function(&estate, &version.function),
        "aws_lambda_function.orders"
    );
}

#[test]
fn code_on_s3_and_in_images() {
    let estate = estate(json!({
        "aws_s3_bucket.code": {"bucket": "code"},
        "aws_ecr_repository.orders": {"name": "orders"},
        "aws_lambda_function.zip": {"s3_bucket": "${aws_s3_bucket.code.id}", "s3_key": "a.zip", "s3_object_version": "v1"},
        "aws_lambda_function.image": {"package_type": "Image", "image_uri": "${aws_ecr_repository.orders.repository_url}:1"},
        "aws_lambda_function.made": {"filename": "${archive}"},
    }));
    let zip: &Function = row(&estate, "aws_lambda_function.zip");
    assert!(matches!(
        zip.code.s3_bucket.value(),
        Some(AnyLink::Here(AnyId::Bucket(_)))
    ));
    let image: &Function = row(&estate, "aws_lambda_function.image");
    assert!(image.code.repository.is_some());
    let made: &Function = row(&estate, "aws_lambda_function.made");
    assert!(made.code.local_path.value().is_some() && made.code.s3_key.is_unset());
}

#[test]
fn what_is_not_known_of_a_block_is_not_known_of_what_it_holds() {
    let estate = estate(json!({
        "aws_lambda_function.a": {"function_name": "a", "vpc_config": {"?": "known after apply"}, "tags": {"?": "x"}},
        "aws_lambda_function.b": {"function_name": "b", "tracing_config": {"when": "var.traced", "then": [{"mode": "Active"}], "else": []}},
    }));
    let a: &Function = row(&estate, "aws_lambda_function.a");
    assert!(matches!(a.vpc.subnets.state, State::Unknown(_)), "{:?}", a.vpc.subnets);
    assert!(matches!(a.tags.state, State::Unknown(_)));
    let b: &Function = row(&estate, "aws_lambda_function.b");
    let worlds: Vec<_> = b.tracing_mode.possible().map(|mode| mode.to_string()).collect();
    assert_eq!(worlds, ["Active", "PassThrough"]);
    assert!(matches!(b.tracing_mode.state, State::Unknown(_)));
}

#[test]
fn aliases_have_weights_concurrency_and_functions() {
    let estate = estate(json!({
        "aws_lambda_function.orders": {"function_name": "orders"},
        "aws_lambda_function.sold": {"function_name": "sold", "publish": true},
        "aws_lambda_alias.live": {
            "name": "live", "function_name": "${aws_lambda_function.orders.arn}", "function_version": "${aws_lambda_function.orders.version}",
            "routing_config": [{"additional_version_weights": {"2": 0.1}}]
        },
        "aws_lambda_provisioned_concurrency_config.live": {"function_name": "orders", "qualifier": "live", "provisioned_concurrent_executions": 5},
        "aws_lambda_provisioned_concurrency_config.sold": {
            "function_name": "sold", "qualifier": "${aws_lambda_function.sold.version}", "provisioned_concurrent_executions": 6
        },
        "aws_lambda_permission.events": {
            "function_name": "${aws_lambda_function.orders.function_name}", "qualifier": "${aws_lambda_alias.live.name}",
            "action": "lambda:InvokeFunction", "principal": "events.amazonaws.com", "source_arn": "arn:aws:events:eu-west-1:111122223333:rule/a"
        },
    }));
    let alias: &Alias = only(&estate);
    assert_eq!(function(&estate, &alias.function), "aws_lambda_function.orders");
    // A function that is not published has no other version.
    assert_eq!(literal(&alias.version), "$LATEST");
    let weights = alias.weights.value().unwrap();
    assert_eq!(
        (literal(&weights[0].version), literal(&weights[0].weight)),
        ("2", "0.1")
    );
    assert_eq!(alias.provisioned_concurrency.value(), Some(&5));
    let version: &Version = only(&estate);
    assert_eq!(version.provisioned_concurrency.value(), Some(&6));
    let permission: &Permission = only(&estate);
    let named = function(&estate, &permission.function);
    assert_eq!(named, "aws_lambda_function.orders:${aws_lambda_alias.live.name}");
    let condition = permission.statement.get("Condition").unwrap();
    assert!(condition.get("ArnLike").is_some());
}

#[test]
fn a_url_without_authentication_lets_everybody_in() {
    let resources = json!({
        "aws_lambda_function.a": {"function_name": "a"},
        "aws_lambda_function.b": {"function_name": "b"},
        "aws_lambda_function_url.a": {"function_name": "${aws_lambda_function.a.function_name}", "authorization_type": "NONE", "qualifier": "live", "cors": [{"allow_origins": ["*"], "max_age": 5}]},
        "aws_lambda_function_url.b": {"function_name": "b", "authorization_type": "AWS_IAM"},
    });
    let estate = estate(resources);
    let url: &Url = row(&estate, "aws_lambda_function_url.a");
    assert_eq!(function(&estate, &url.function), "aws_lambda_function.a");
    assert_eq!(literals(&url.cors.allow_origins), ["*"]);
    let permission: &Permission = only(&estate);
    assert_eq!(&*permission.resource.address, "aws_lambda_function_url.a");
    assert_eq!(function(&estate, &permission.function), "aws_lambda_function.a:live");
    assert_eq!(
        permission.statement.get("Principal").and_then(Document::as_str),
        Some("*")
    );
}

#[test]
fn the_statement_of_a_url_is_made_once() {
    let estate = estate(json!({
        "aws_lambda_function.a": {"function_name": "a"},
        "aws_lambda_function_url.a": {"function_name": "${aws_lambda_function.a.function_name}", "authorization_type": "NONE"},
        "aws_lambda_permission.a": {
            "function_name": "a", "action": "lambda:InvokeFunctionUrl", "principal": "*", "function_url_auth_type": "NONE"
        },
    }));
    let permission: &Permission = only(&estate);
    assert_eq!(&*permission.resource.address, "aws_lambda_permission.a");
}

#[test]
fn layers_signing_and_invoke_configs() {
    let estate = estate(json!({
        "aws_lambda_function.a": {"function_name": "a", "layers": ["${aws_lambda_layer_version.base.arn}"], "code_signing_config_arn": "${aws_lambda_code_signing_config.c.arn}"},
        "aws_lambda_layer_version.base": {"layer_name": "base", "filename": "base.zip", "compatible_runtimes": ["python3.13"]},
        "aws_lambda_layer_version_permission.base": {"layer_name": "${aws_lambda_layer_version.base.layer_name}", "version_number": 1, "principal": "*", "action": "lambda:GetLayerVersion", "organization_id": "o-a"},
        "aws_signer_signing_profile.p": {"platform_id": "AWSLambda-SHA384-ECDSA"},
        "aws_lambda_code_signing_config.c": {"allowed_publishers": [{"signing_profile_version_arns": ["${aws_signer_signing_profile.p.version_arn}"]}], "policies": [{"untrusted_artifact_on_deployment": "Enforce"}]},
        "aws_lambda_function_event_invoke_config.a": {"function_name": "a", "destination_config": [{"on_failure": [{"destination": "arn:aws:sqs:eu-west-1:111122223333:dead"}], "on_success": []}], "maximum_retry_attempts": 0},
        "aws_lambda_event_source_mapping.a": {
            "function_name": "${aws_lambda_function.a.arn}", "event_source_arn": "arn:aws:sqs:eu-west-1:111122223333:in", "enabled": false, "batch_size": 5,
            "self_managed_event_source": [{"endpoints": {"KAFKA_BOOTSTRAP_SERVERS": "a:9092, b:9092"}}],
            "source_access_configuration": [{"type": "BASIC_AUTH", "uri": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:s"}],
            "filter_criteria": [{"filter": [{"pattern": {"a": ["b"]}}]}]
        },
    }));
    let function: &Function = only(&estate);
    let layers = function.layers.value().unwrap();
    assert!(matches!(layers[0].value(), Some(Link::Here(_))));
    assert!(matches!(function.code_signing_config.value(), Some(Link::Here(_))));
    let layer: &LayerVersion = only(&estate);
    assert_eq!(literal(&layer.code.local_path), "base.zip");
    let permission: &LayerPermission = only(&estate);
    assert!(matches!(permission.layer.value(), Some(Link::Here(_))));
    let signing: &CodeSigningConfig = only(&estate);
    assert_eq!(literal(&signing.untrusted_artifact_on_deployment), "Enforce");
    let invoke: &InvokeConfig = only(&estate);
    assert_eq!(literal(&invoke.qualifier), "$LATEST");
    assert_eq!(invoke.maximum_retry_attempts.value(), Some(&0));
    assert!(invoke.on_success.is_unset() && invoke.on_failure.value().is_some());
    let trigger: &Trigger = only(&estate);
    assert_eq!(trigger.enabled.value(), Some(&false));
    let mapping = trigger.mapping.as_ref().unwrap();
    assert_eq!(literals(&mapping.self_managed_brokers), ["a:9092", "b:9092"]);
    assert_eq!(mapping.source_access.len(), 1);
    assert_eq!(literals(&trigger.filters), [r#"{"a":["b"]}"#]);
}
