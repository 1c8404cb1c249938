//! AWS Lambda and AWS Signer.

use super::read::{at, joined, plain, property, texts};
use super::table::*;
use super::translation::Translation;
use crate::terraform::instance::Instance;
use maremma_model::{Document, Field, Text, Value, Why};

pub(super) const WORDS: &[Word] = &[
    Word::own("aws_lambda_function", "AWS::Lambda::Function", FUNCTION).then(made),
    Word::own("aws_lambda_alias", "AWS::Lambda::Alias", ALIAS).then(weights),
    Word::own("aws_lambda_function_url", "AWS::Lambda::Url", URL).last(public_url),
    Word::own("aws_lambda_permission", "AWS::Lambda::Permission", PERMISSION).then(qualified),
    Word::own("aws_lambda_layer_version", "AWS::Lambda::LayerVersion", LAYER).then(code),
    Word::own(
        "aws_lambda_layer_version_permission",
        "AWS::Lambda::LayerVersionPermission",
        LAYER_PERMISSION,
    ),
    Word::own(
        "aws_lambda_function_event_invoke_config",
        "AWS::Lambda::EventInvokeConfig",
        INVOKE_CONFIG,
    ),
    Word::own(
        "aws_lambda_event_source_mapping",
        "AWS::Lambda::EventSourceMapping",
        MAPPING,
    )
    .then(brokers),
    Word::own(
        "aws_lambda_code_signing_config",
        "AWS::Lambda::CodeSigningConfig",
        SIGNING,
    ),
    Word::own(
        "aws_lambda_capacity_provider",
        "AWS::Lambda::CapacityProvider",
        CAPACITY,
    ),
    Word::own(
        "aws_signer_signing_profile",
        "AWS::Signer::SigningProfile",
        &[text("platform_id", "PlatformId")],
    ),
    Word::onto(
        "aws_lambda_provisioned_concurrency_config",
        "function_name",
        "AWS::Lambda::Alias",
        PROVISIONED,
    )
    .then(provisioned),
    Word::onto(
        "aws_lambda_runtime_management_config",
        "function_name",
        "AWS::Lambda::Function",
        RUNTIME,
    )
    .then(runtime),
    Word::onto(
        "aws_lambda_function_recursion_config",
        "function_name",
        "AWS::Lambda::Function",
        &[text("recursive_loop", "RecursiveLoop")],
    ),
];

const FUNCTION: &[Entry] = &[
    text("function_name", "FunctionName"),
    text("runtime", "Runtime"),
    text("package_type", "PackageType"),
    text("handler", "Handler"),
    list("architectures", "Architectures"),
    text("s3_bucket", "Code.S3Bucket"),
    text("s3_key", "Code.S3Key"),
    text("s3_object_version", "Code.S3ObjectVersion"),
    text("image_uri", "Code.ImageUri"),
    text("source_kms_key_arn", "Code.SourceKMSKeyArn"),
    by_hook("filename", "Code"),
    text("role", "Role"),
    text("description", "Description"),
    text("timeout", "Timeout"),
    text("memory_size", "MemorySize"),
    text("ephemeral_storage.size", "EphemeralStorage.Size"),
    map("environment.variables", "Environment.Variables"),
    text("kms_key_arn", "KmsKeyArn"),
    list("layers", "Layers"),
    text("code_signing_config_arn", "CodeSigningConfigArn"),
    text("dead_letter_config.target_arn", "DeadLetterConfig.TargetArn"),
    // The provider says so of a function that reserves nothing.
    unless("reserved_concurrent_executions", "ReservedConcurrentExecutions", "-1"),
    text("tracing_config.mode", "TracingConfig.Mode"),
    list("vpc_config.subnet_ids", "VpcConfig.SubnetIds"),
    list("vpc_config.security_group_ids", "VpcConfig.SecurityGroupIds"),
    text(
        "vpc_config.ipv6_allowed_for_dual_stack",
        "VpcConfig.Ipv6AllowedForDualStack",
    ),
    each(
        "file_system_config",
        "FileSystemConfigs",
        &[text("arn", "Arn"), text("local_mount_path", "LocalMountPath")],
    ),
    list("image_config.command", "ImageConfig.Command"),
    list("image_config.entry_point", "ImageConfig.EntryPoint"),
    text("image_config.working_directory", "ImageConfig.WorkingDirectory"),
    text("snap_start.apply_on", "SnapStart.ApplyOn"),
    text("logging_config.log_group", "LoggingConfig.LogGroup"),
    text("logging_config.log_format", "LoggingConfig.LogFormat"),
    text(
        "logging_config.application_log_level",
        "LoggingConfig.ApplicationLogLevel",
    ),
    text("logging_config.system_log_level", "LoggingConfig.SystemLogLevel"),
    text(
        "capacity_provider_config.lambda_managed_instances_capacity_provider_config.capacity_provider_arn",
        "CapacityProviderConfig.LambdaManagedInstancesCapacityProviderConfig.CapacityProviderArn",
    ),
    text("durable_config.execution_timeout", "DurableConfig.ExecutionTimeout"),
    text("durable_config.retention_period", "DurableConfig.RetentionPeriodInDays"),
    text(
        "tenancy_config.tenant_isolation_mode",
        "TenancyConfig.TenantIsolationMode",
    ),
    tags(),
];

const ALIAS: &[Entry] = &[
    text("function_name", "FunctionName"),
    text("name", "Name"),
    text("function_version", "FunctionVersion"),
    by_hook(
        "routing_config.additional_version_weights",
        "RoutingConfig.AdditionalVersionWeights",
    ),
];

const URL: &[Entry] = &[
    text("function_name", "TargetFunctionArn"),
    text("qualifier", "Qualifier"),
    text("authorization_type", "AuthType"),
    text("invoke_mode", "InvokeMode"),
    text("cors.allow_credentials", "Cors.AllowCredentials"),
    list("cors.allow_origins", "Cors.AllowOrigins"),
    list("cors.allow_methods", "Cors.AllowMethods"),
    list("cors.allow_headers", "Cors.AllowHeaders"),
    list("cors.expose_headers", "Cors.ExposeHeaders"),
    text("cors.max_age", "Cors.MaxAge"),
];

const PERMISSION: &[Entry] = &[
    text("function_name", "FunctionName"),
    text("principal", "Principal"),
    text("action", "Action"),
    text("source_arn", "SourceArn"),
    text("source_account", "SourceAccount"),
    text("principal_org_id", "PrincipalOrgID"),
    text("function_url_auth_type", "FunctionUrlAuthType"),
    text("event_source_token", "EventSourceToken"),
    text("invoked_via_function_url", "InvokedViaFunctionUrl"),
];

const LAYER: &[Entry] = &[
    text("layer_name", "LayerName"),
    text("s3_bucket", "Content.S3Bucket"),
    text("s3_key", "Content.S3Key"),
    text("s3_object_version", "Content.S3ObjectVersion"),
    by_hook("filename", "Content"),
    list("compatible_runtimes", "CompatibleRuntimes"),
    text("license_info", "LicenseInfo"),
];

const LAYER_PERMISSION: &[Entry] = &[
    text("layer_name", "LayerVersionArn"),
    text("principal", "Principal"),
    text("action", "Action"),
    text("organization_id", "OrganizationId"),
];

const INVOKE_CONFIG: &[Entry] = &[
    text("function_name", "FunctionName"),
    text_or("qualifier", "Qualifier", "$LATEST"),
    text(
        "destination_config.on_success.destination",
        "DestinationConfig.OnSuccess.Destination",
    ),
    text(
        "destination_config.on_failure.destination",
        "DestinationConfig.OnFailure.Destination",
    ),
    text("maximum_event_age_in_seconds", "MaximumEventAgeInSeconds"),
    text("maximum_retry_attempts", "MaximumRetryAttempts"),
];

const MAPPING: &[Entry] = &[
    text("function_name", "FunctionName"),
    text("event_source_arn", "EventSourceArn"),
    text("batch_size", "BatchSize"),
    text("maximum_batching_window_in_seconds", "MaximumBatchingWindowInSeconds"),
    text("starting_position", "StartingPosition"),
    text("maximum_record_age_in_seconds", "MaximumRecordAgeInSeconds"),
    text("maximum_retry_attempts", "MaximumRetryAttempts"),
    text("bisect_batch_on_function_error", "BisectBatchOnFunctionError"),
    text("kms_key_arn", "KmsKeyArn"),
    by_hook(
        "self_managed_event_source.endpoints",
        "SelfManagedEventSource.Endpoints.KafkaBootstrapServers",
    ),
    each(
        "source_access_configuration",
        "SourceAccessConfigurations",
        &[text("type", "Type"), text("uri", "URI")],
    ),
    text("enabled", "Enabled"),
    text(
        "destination_config.on_failure.destination_arn",
        "DestinationConfig.OnFailure.Destination",
    ),
    each(
        "filter_criteria.filter",
        "FilterCriteria.Filters",
        &[text("pattern", "Pattern")],
    ),
];

const SIGNING: &[Entry] = &[
    list(
        "allowed_publishers.signing_profile_version_arns",
        "AllowedPublishers.SigningProfileVersionArns",
    ),
    text(
        "policies.untrusted_artifact_on_deployment",
        "CodeSigningPolicies.UntrustedArtifactOnDeployment",
    ),
];

const CAPACITY: &[Entry] = &[
    text("name", "CapacityProviderName"),
    text(
        "permissions_config.capacity_provider_operator_role_arn",
        "PermissionsConfig.CapacityProviderOperatorRoleArn",
    ),
    list("vpc_config.subnet_ids", "VpcConfig.SubnetIds"),
    list("vpc_config.security_group_ids", "VpcConfig.SecurityGroupIds"),
    text("kms_key_arn", "KmsKeyArn"),
];

const PROVISIONED: &[Entry] = &[text(
    "provisioned_concurrent_executions",
    "ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions",
)];

const RUNTIME: &[Entry] = &[
    text("update_runtime_on", "RuntimeManagementConfig.UpdateRuntimeOn"),
    text("runtime_version_arn", "RuntimeManagementConfig.RuntimeVersionArn"),
];

/// Code that is uploaded from a file stands on disk.
fn code(translation: &mut Translation<'_>, instance: &Instance) {
    let file = property(&text("filename", ""), &instance.body, instance.id);
    if let Some(own) = translation.own(instance) {
        own.asset = file;
    }
}

/// A function that is published makes a version of itself.
fn made(translation: &mut Translation<'_>, instance: &Instance) {
    code(translation, instance);
    // Source: provider `hashicorp/aws` 6, `aws_lambda_function`: the block has no argument for the key.
    if at(&instance.body, "durable_config").is_some() {
        let why = Why::Unresolved("the AWS provider has no argument for this key".into());
        let key = Document::new(Value::Unknown(why), instance.at);
        translation.set(instance.id, "DurableConfig.KMSKeyArn", key);
    }
    let publish = property(&text("publish", ""), &instance.body, instance.id);
    if let Some(publish) = publish.filter(|publish| publish.as_str() == Some("true")) {
        let own = Text::attribute(instance.id, "Ref", &*instance.address);
        let own = Document::text(own, publish.at.clone());
        let properties = Document::map(vec![("FunctionName", own)], publish.at);
        if let Some(version) = translation.beside(instance, "AWS::Lambda::Version", ("", None), properties) {
            translation.publishes(instance.id, version);
        }
    }
}

/// Terraform maps versions to weights.
fn weights(translation: &mut Translation<'_>, instance: &Instance) {
    let from = map("routing_config.additional_version_weights", "");
    let Some(weights) = property(&from, &instance.body, instance.id) else {
        return;
    };
    let weight = |field: &Field| {
        let version = Document::string(&field.key, field.key_at.clone());
        let fields = vec![("FunctionVersion", version), ("FunctionWeight", field.value.clone())];
        Document::map(fields, field.key_at.clone())
    };
    let listed = match &weights.value {
        Value::Map(fields) => Value::List(fields.iter().map(weight).collect()),
        other => other.clone(),
    };
    let listed = Document {
        value: listed,
        ..weights
    };
    translation.set(instance.id, "RoutingConfig.AdditionalVersionWeights", listed);
}

/// A permission on an alias or version names the function and what stands behind it, where the latter stands.
fn qualified(translation: &mut Translation<'_>, instance: &Instance) {
    let name = translation.get(instance.id, "FunctionName");
    let qualifier = property(&text("qualifier", ""), &instance.body, instance.id);
    if let (Some(name), Some(qualifier)) = (name, qualifier) {
        let joined = joined(&name, ":", &qualifier);
        let at = qualifier.at;
        translation.set(instance.id, "FunctionName", Document { at, ..joined });
    }
}

/// The provider lets everybody call a URL without authentication, with a statement of its own.
/// Source: provider `hashicorp/aws`, `internal/service/lambda/function_url.go`, since version 4.9.
fn public_url(translation: &mut Translation<'_>, instance: &Instance) {
    let Some(kind) = translation.get(instance.id, "AuthType") else {
        return;
    };
    let open: Vec<_> = texts(&kind)
        .into_iter()
        .filter(|(_, text)| text.as_literal() == Some("NONE"))
        .collect();
    let (Some((when, _)), Some(name)) = (
        open.into_iter().next(),
        translation.get(instance.id, "TargetFunctionArn"),
    ) else {
        return;
    };
    let name = match translation.get(instance.id, "Qualifier") {
        Some(qualifier) => joined(&name, ":", &qualifier),
        None => name,
    };
    // It leaves a statement alone that is there.
    let none = plain("NONE", &kind.at);
    if translation.part("AWS::Lambda::Permission", &name, &none).is_some() {
        return;
    }
    let word = |text: &str| Document {
        by: Some("by the provider, of a URL without authentication".into()),
        ..plain(text, &kind.at)
    };
    let fields = vec![
        ("FunctionName", name),
        ("Principal", word("*")),
        ("Action", word("lambda:InvokeFunctionUrl")),
        ("FunctionUrlAuthType", word("NONE")),
    ];
    let properties = Document::map(fields, kind.at.clone());
    translation.beside(instance, "AWS::Lambda::Permission", ("", when), properties);
}

/// Terraform writes brokers as one text.
fn brokers(translation: &mut Translation<'_>, instance: &Instance) {
    let from = text("self_managed_event_source.endpoints.KAFKA_BOOTSTRAP_SERVERS", "");
    let Some(found) = property(&from, &instance.body, instance.id) else {
        return;
    };
    let broker = |text: &str| plain(text.trim(), &found.at);
    let listed = match found.as_str() {
        Some(text) => Document::new(Value::List(text.split(',').map(broker).collect()), found.at.clone()),
        None => found,
    };
    let path = "SelfManagedEventSource.Endpoints.KafkaBootstrapServers";
    translation.set(instance.id, path, listed);
}

/// The configuration of an alias or of a version.
fn provisioned(translation: &mut Translation<'_>, instance: &Instance) {
    let read = |name: &'static str| property(&text(name, ""), &instance.body, instance.id);
    let (Some(function), Some(qualifier)) = (read("function_name"), read("qualifier")) else {
        return;
    };
    let alias = translation.part("AWS::Lambda::Alias", &function, &qualifier);
    let of = alias.or_else(|| translation.version(&qualifier));
    if let (Some(of), Some(word)) = (of, super::word(&instance.ty)) {
        translation.put(instance, word, of, None);
    }
}

/// Of a function as a whole; one of a version says nothing of `$LATEST`.
fn runtime(translation: &mut Translation<'_>, instance: &Instance) {
    let qualifier = property(&text_or("qualifier", "", "$LATEST"), &instance.body, instance.id);
    let latest = qualifier.is_none_or(|qualifier| qualifier.as_str() == Some("$LATEST"));
    if latest && let Some(word) = super::word(&instance.ty) {
        translation.fold(instance, word);
    }
}
