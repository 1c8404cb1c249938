//! AWS Lambda. Source of every default: AWS CloudFormation template reference, AWS::Lambda.

use crate::cloudformation::cx::Cx;
use crate::props::Props;
use maremma_model::noun::*;
use maremma_model::{Resource, Setting, Text};

pub(crate) fn function(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Function {
    Function {
        runtime: p.text("Runtime"),
        package_type: p.text("PackageType").or_default("Zip".into()),
        handler: p.text("Handler"),
        architectures: p.texts("Architectures"),
        code: code(&p.sub("Code"), resource.at.clone()),
        role: p.link("Role"),
        description: p.text("Description"),
        timeout: p.number("Timeout").or_default(3),
        memory_size: p.number("MemorySize").or_default(128),
        ephemeral_storage: p.number("EphemeralStorage.Size").or_default(512),
        environment: environment(p),
        environment_at: p.setting("Environment.Variables", |_| maremma_model::State::Set(())),
        kms_key: p.any("KmsKeyArn"),
        layers: p.links("Layers"),
        code_signing_config: p.link("CodeSigningConfigArn"),
        dead_letter_target: p.any("DeadLetterConfig.TargetArn"),
        reserved_concurrency: p.number("ReservedConcurrentExecutions"),
        recursive_loop: p.text("RecursiveLoop").or_default("Terminate".into()),
        tracing_mode: p.text("TracingConfig.Mode").or_default("PassThrough".into()),
        vpc: vpc(p, "VpcConfig"),
        file_systems: p.list("FileSystemConfigs").iter().map(mount).collect(),
        image: ImageConfig {
            command: p.texts("ImageConfig.Command"),
            entry_point: p.texts("ImageConfig.EntryPoint"),
            working_directory: p.text("ImageConfig.WorkingDirectory"),
        },
        snap_start: p.text("SnapStart.ApplyOn").or_default("None".into()),
        runtime_management: runtime_management(p, "RuntimeManagementConfig"),
        logging: LoggingConfig {
            log_group: p.link("LoggingConfig.LogGroup"),
            log_format: p.text("LoggingConfig.LogFormat").or_default("Text".into()),
            application_log_level: p.text("LoggingConfig.ApplicationLogLevel"),
            system_log_level: p.text("LoggingConfig.SystemLogLevel"),
        },
        capacity_provider: p
            .link("CapacityProviderConfig.LambdaManagedInstancesCapacityProviderConfig.CapacityProviderArn"),
        durable: DurableConfig {
            execution_timeout: p.number("DurableConfig.ExecutionTimeout"),
            retention_days: p.number("DurableConfig.RetentionPeriodInDays"),
        },
        tenant_isolation: p.text("TenancyConfig.TenantIsolationMode"),
        tags: tags(p),
        // Associations are known only when every resource has been read.
        edge: false,
        resource,
    }
}

pub(crate) fn code(p: &Props<'_>, at: maremma_model::Location) -> Code {
    Code {
        s3_bucket: p.any("S3Bucket"),
        s3_key: p.text("S3Key"),
        s3_object_version: p.text("S3ObjectVersion"),
        image_uri: p.text("ImageUri"),
        // The repository is found when every resource has been read.
        repository: None,
        zip_file: p.text("ZipFile"),
        local_path: Setting::unset(at.clone()),
        source_kms_key: p.any("SourceKMSKeyArn"),
        sha256: Setting::unset(at),
    }
}

fn environment(p: &Props<'_>) -> Vec<Variable> {
    let mut variables: Vec<_> = p
        .entries("Environment.Variables")
        .into_iter()
        .map(|(name, value)| Variable {
            value: p.value_of(Some(&value), &name),
            name,
        })
        .collect();
    variables.sort_by(|a, b| a.name.cmp(&b.name));
    variables
}

fn tags(p: &Props<'_>) -> Setting<Vec<Tag>> {
    let tags = p.list("Tags");
    p.setting("Tags", |_| {
        let tag = |tag: &Props<'_>| {
            Some(Tag {
                key: tag.text("Key").value()?.clone(),
                value: tag.text("Value").value()?.clone(),
            })
        };
        maremma_model::State::Set(tags.iter().filter_map(tag).collect())
    })
}

pub(crate) fn vpc(p: &Props<'_>, path: &str) -> VpcAttachment {
    VpcAttachment {
        subnets: p.links(&format!("{path}.SubnetIds")),
        security_groups: p.links(&format!("{path}.SecurityGroupIds")),
        ipv6_allowed: p.boolean(&format!("{path}.Ipv6AllowedForDualStack")).or_default(false),
    }
}

fn mount(p: &Props<'_>) -> FileSystemMount {
    FileSystemMount {
        access_point: p.link("Arn"),
        local_mount_path: p.text("LocalMountPath"),
    }
}

fn runtime_management(p: &Props<'_>, path: &str) -> RuntimeManagement {
    RuntimeManagement {
        update_runtime_on: p.text(&format!("{path}.UpdateRuntimeOn")).or_default("Auto".into()),
        runtime_version_arn: p.text(&format!("{path}.RuntimeVersionArn")),
    }
}

pub(crate) fn version(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Version {
    Version {
        function: p.function("FunctionName"),
        code_sha256: p.text("CodeSha256"),
        runtime: Setting::unset(resource.at.clone()),
        provisioned_concurrency: p.number("ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions"),
        runtime_management: runtime_management(p, "RuntimePolicy"),
        resource,
    }
}

pub(crate) fn alias(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Alias {
    let weights = p.list("RoutingConfig.AdditionalVersionWeights");
    Alias {
        function: p.function("FunctionName"),
        name: p.text("Name"),
        version: p.text("FunctionVersion"),
        weights: p.setting("RoutingConfig.AdditionalVersionWeights", |_| {
            let weight = |w: &Props<'_>| VersionWeight {
                version: w.text("FunctionVersion"),
                weight: w.text("FunctionWeight"),
            };
            maremma_model::State::Set(weights.iter().map(weight).collect())
        }),
        provisioned_concurrency: p.number("ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions"),
        resource,
    }
}

pub(crate) fn url(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Url {
    Url {
        function: p.function("TargetFunctionArn"),
        qualifier: p.text("Qualifier"),
        auth_type: p.text("AuthType"),
        invoke_mode: p.text("InvokeMode").or_default("BUFFERED".into()),
        cors: cors(
            &p.sub("Cors"),
            [
                "AllowCredentials",
                "AllowOrigins",
                "AllowMethods",
                "AllowHeaders",
                "ExposeHeaders",
                "MaxAge",
            ],
        ),
        resource,
    }
}

/// `names` are the keys of credentials, origins, methods, headers, exposed headers and age.
pub(crate) fn cors(p: &Props<'_>, names: [&str; 6]) -> Cors {
    let [credentials, origins, methods, headers, exposed, age] = names;
    Cors {
        allow_credentials: p.boolean(credentials).or_default(false),
        allow_origins: p.texts(origins),
        allow_methods: p.texts(methods),
        allow_headers: p.texts(headers),
        expose_headers: p.texts(exposed),
        max_age: p.number(age),
    }
}

pub(crate) fn layer_version(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> LayerVersion {
    LayerVersion {
        layer_name: p.text("LayerName"),
        code: code(&p.sub("Content"), resource.at.clone()),
        compatible_runtimes: p.texts("CompatibleRuntimes"),
        license: p.text("LicenseInfo"),
        resource,
    }
}

pub(crate) fn invoke_config(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> InvokeConfig {
    InvokeConfig {
        function: p.function("FunctionName"),
        qualifier: p.text("Qualifier"),
        on_success: p.any("DestinationConfig.OnSuccess.Destination"),
        on_failure: p.any("DestinationConfig.OnFailure.Destination"),
        maximum_event_age: p.number("MaximumEventAgeInSeconds"),
        maximum_retry_attempts: p.number("MaximumRetryAttempts"),
        resource,
    }
}

pub(crate) fn code_signing_config(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> CodeSigningConfig {
    CodeSigningConfig {
        allowed_publishers: p.links("AllowedPublishers.SigningProfileVersionArns"),
        untrusted_artifact_on_deployment: p
            .text("CodeSigningPolicies.UntrustedArtifactOnDeployment")
            .or_default(Text::literal("Warn")),
        resource,
    }
}

pub(crate) fn signing_profile(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> SigningProfile {
    SigningProfile {
        platform: p.text("PlatformId"),
        resource,
    }
}

pub(crate) fn capacity_provider(_: &Cx<'_>, resource: Resource, p: &Props<'_>) -> CapacityProvider {
    CapacityProvider {
        operator_role: p.link("PermissionsConfig.CapacityProviderOperatorRoleArn"),
        vpc: vpc(p, "VpcConfig"),
        kms_key: p.any("KmsKeyArn"),
        resource,
    }
}
