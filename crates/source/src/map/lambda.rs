//! AWS Lambda. Source of every default: AWS CloudFormation template reference, AWS::Lambda.

use crate::cx::Cx;
use crate::props::{Props, Surroundings};
use maremma_model::noun::*;
use maremma_model::{Id, Link, Noun, Piece, Resource, Setting, State, Text, Value};

pub(crate) fn function(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Function {
    Function {
        given_name: p.text("FunctionName"),
        runtime: p.text("Runtime"),
        package_type: p.text("PackageType").or_default("Zip".into()),
        handler: p.text("Handler"),
        architectures: p.texts("Architectures"),
        code: code(cx, p, "Code"),
        role: p.link("Role"),
        description: p.text("Description"),
        timeout: p.number("Timeout").or_default(3),
        memory_size: p.number("MemorySize").or_default(128),
        ephemeral_storage: p.number("EphemeralStorage.Size").or_default(512),
        environment: environment(p),
        environment_at: p.setting("Environment.Variables", |variables| match variables.value {
            Value::Map(_) => State::Set(()),
            _ => p.wrong("Variables", "a map", variables),
        }),
        kms_key: p.any_of::<Key>("KmsKeyArn"),
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
            kms_key: p.any_of::<Key>("DurableConfig.KMSKeyArn"),
        },
        tenant_isolation: p.text("TenancyConfig.TenantIsolationMode"),
        tags: p.maps("Tags", |tag| Tag {
            key: tag.text("Key"),
            value: tag.text("Value"),
        }),
        // Associations are known only when every resource has been read.
        edge: false,
        resource,
    }
}

fn code(cx: &Cx<'_>, p: &Props<'_>, property: &str) -> Code {
    let path = path(p, property);
    let code = match path {
        Some(_) => p.empty(),
        None => p.sub(property),
    };
    let image_uri = code.text("ImageUri");
    let repository = image_uri.possible().find_map(|uri| repository(cx, uri));
    Code {
        s3_bucket: code.any_of::<Bucket>("S3Bucket"),
        s3_key: code.text("S3Key"),
        s3_object_version: code.text("S3ObjectVersion"),
        repository,
        image_uri,
        zip_file: code.text("ZipFile"),
        local_path: cx
            .origin
            .asset(cx.own, property)
            .or(path)
            .unwrap_or_else(|| Setting::unset(p.at().clone())),
        source_kms_key: code.any_of::<Key>("SourceKMSKeyArn"),
        sha256: Setting::unset(p.at().clone()),
    }
}

/// The file or folder on disk that is written in the place of the map. `aws cloudformation package`
/// zips it, puts it on S3, and writes the map:
/// <https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html>
fn path(p: &Props<'_>, property: &str) -> Option<Setting<Text>> {
    let written = p.get(property)?;
    Some(Setting::set(Text::literal(written.as_str()?), written.at.clone()))
}

/// The repository of this estate that an image's URI names: by reference, or by its name behind a
/// registry's host.
fn repository(cx: &Cx<'_>, uri: &Text) -> Option<Id<Repository>> {
    let referred = uri
        .holes()
        .find_map(|hole| Repository::from_any(hole.stands_for.as_ref()?.of));
    referred.or_else(|| {
        let own = cx.site.account.as_deref();
        let (host, _) = uri.prefix().split_once(".dkr.").unwrap_or_default();
        if !host.is_empty() && own.is_some_and(|own| own != host) {
            return None;
        }
        let pieces = uri.pieces();
        let path = pieces.iter().find_map(|piece| match piece {
            Piece::Literal(text) => Some(text.split_once(".amazonaws.com/")?.1),
            Piece::Hole(_) => None,
        });
        match cx.link(&Text::literal(path?.split(['@', ':']).next()?), Some(Repository::NAME)) {
            AnyLink::Here(id) => Repository::from_any(id),
            AnyLink::Outside(_) | AnyLink::Unknown(_) => None,
        }
    })
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

pub(crate) fn vpc(p: &Props<'_>, path: &str) -> VpcAttachment {
    VpcAttachment {
        subnets: p.links(&format!("{path}.SubnetIds")),
        security_groups: p.anys_of::<SecurityGroup>(&format!("{path}.SecurityGroupIds")),
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

/// What CloudFormation does at an update of the alias stands beside its properties.
fn deployment_group(cx: &Cx<'_>, p: &Props<'_>) -> Setting<Link<DeploymentGroup>> {
    let Some(policy) = cx.origin.update_policy(cx.own) else {
        return Setting::unset(p.at().clone());
    };
    let at = policy.at.clone();
    Props::new(cx, &policy, at).link("CodeDeployLambdaAliasUpdate.DeploymentGroupName")
}

pub(crate) fn alias(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> Alias {
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
            State::Set(weights.iter().map(weight).collect())
        }),
        deployment_group: deployment_group(cx, p),
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

pub(crate) fn layer_version(cx: &Cx<'_>, resource: Resource, p: &Props<'_>) -> LayerVersion {
    LayerVersion {
        layer_name: p.text("LayerName"),
        code: code(cx, p, "Content"),
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
        kms_key: p.any_of::<Key>("KmsKeyArn"),
        resource,
    }
}
