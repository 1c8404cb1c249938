//! AWS Lambda: functions with their versions and aliases, URLs, mappings and policies.

use super::policy::statements;
use crate::responses::identity::{qualified, unqualified};
use crate::responses::operation::{OPERATION, Operation, SHAPE, Shape, Which};
use crate::responses::reading::{Member, Reading, value};
use maremma_model::{Document, Value, Why};

const FUNCTION_TYPE: &str = "AWS::Lambda::Function";

/// Source: AWS Lambda API reference, "FunctionConfiguration".
static FUNCTION: Shape = Shape {
    cfn: FUNCTION_TYPE,
    arn: "{FunctionArn}",
    names: "{FunctionName}",
    properties: "FunctionName Runtime PackageType Handler Architectures Role Description Timeout MemorySize \
        EphemeralStorage.Size Environment.Variables KmsKeyArn=KMSKeyArn Layers=Layers.*.Arn \
        DeadLetterConfig.TargetArn TracingConfig.Mode VpcConfig.SubnetIds VpcConfig.SecurityGroupIds \
        VpcConfig.Ipv6AllowedForDualStack FileSystemConfigs ImageConfig=ImageConfigResponse.ImageConfig \
        SnapStart.ApplyOn LoggingConfig CapacityProviderConfig DurableConfig TenancyConfig CodeSha256",
    run: Some(function),
    other: Some(&VERSION),
    which: Some(function_or_version),
};

static VERSION: Shape = Shape {
    cfn: "AWS::Lambda::Version",
    arn: "{FunctionArn}",
    properties: "CodeSha256 Runtime FunctionName=()",
    run: Some(version),
    ..SHAPE
};

static ALIAS: Shape = Shape {
    cfn: "AWS::Lambda::Alias",
    arn: "{AliasArn}",
    properties: "Name FunctionVersion FunctionName=() RoutingConfig.AdditionalVersionWeights=()",
    run: Some(alias),
    ..SHAPE
};

static URL: Shape = Shape {
    cfn: "AWS::Lambda::Url",
    arn: "{FunctionArn}/url",
    properties: "AuthType InvokeMode Cors TargetFunctionArn=() Qualifier=()",
    run: Some(url),
    ..SHAPE
};

static MAPPING: Shape = Shape {
    cfn: "AWS::Lambda::EventSourceMapping",
    arn: "arn:{partition}:lambda:{region}:{account}:event-source-mapping:{UUID}",
    names: "{UUID}",
    properties: "FunctionName=FunctionArn EventSourceArn BatchSize MaximumBatchingWindowInSeconds StartingPosition \
        MaximumRecordAgeInSeconds MaximumRetryAttempts BisectBatchOnFunctionError KmsKeyArn=KMSKeyArn \
        SelfManagedEventSource.Endpoints.KafkaBootstrapServers=SelfManagedEventSource.Endpoints.KAFKA_BOOTSTRAP_SERVERS \
        SourceAccessConfigurations DestinationConfig FilterCriteria Enabled=()",
    run: Some(mapping),
    ..SHAPE
};

static INVOKE_CONFIG: Shape = Shape {
    cfn: "AWS::Lambda::EventInvokeConfig",
    arn: "{FunctionArn}/event-invoke-config",
    properties: "DestinationConfig MaximumEventAgeInSeconds MaximumRetryAttempts FunctionName=() Qualifier=()",
    run: Some(invoke_config),
    ..SHAPE
};

static CODE_SIGNING: Shape = Shape {
    cfn: "AWS::Lambda::CodeSigningConfig",
    arn: "{CodeSigningConfigArn}",
    names: "{CodeSigningConfigId}",
    properties: "AllowedPublishers CodeSigningPolicies",
    ..SHAPE
};

static PROVIDER: Shape = Shape {
    cfn: "AWS::Lambda::CapacityProvider",
    arn: "{CapacityProviderArn}",
    names: "{#CapacityProviderArn}",
    properties: "CapacityProviderName=#CapacityProviderArn PermissionsConfig VpcConfig KmsKeyArn",
    ..SHAPE
};

/// Of one function: its name, or with a `,` between them its name and a qualifier.
const OF_FUNCTION: Operation = Operation {
    service: "lambda",
    of: FUNCTION_TYPE,
    ..OPERATION
};

const LAMBDA: Operation = Operation {
    service: "lambda",
    ..OPERATION
};

pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        name: "list-functions",
        lists: &[("Functions", &FUNCTION)],
        ..LAMBDA
    },
    Operation {
        name: "list-versions-by-function",
        named_by: "Versions.*.FunctionArn",
        lists: &[("Versions", &FUNCTION)],
        makes: &["AWS::Lambda::Version"],
        ..OF_FUNCTION
    },
    Operation {
        name: "get-function-configuration",
        named_by: "FunctionArn",
        lists: &[("", &FUNCTION)],
        ..OF_FUNCTION
    },
    Operation {
        name: "get-function",
        named_by: "Configuration.FunctionArn",
        lists: &[("Configuration", &FUNCTION)],
        tells: "ReservedConcurrentExecutions=Concurrency.ReservedConcurrentExecutions Code.ImageUri \
            Code.SourceKMSKeyArn Tags=()",
        run: Some(code),
        ..OF_FUNCTION
    },
    Operation {
        name: "list-aliases",
        named_by: "Aliases.*.AliasArn",
        lists: &[("Aliases", &ALIAS)],
        ..OF_FUNCTION
    },
    Operation {
        name: "get-policy",
        makes: &["AWS::Lambda::Permission"],
        run: Some(permissions),
        ..OF_FUNCTION
    },
    Operation {
        name: "list-function-url-configs",
        named_by: "FunctionUrlConfigs.*.FunctionArn",
        lists: &[("FunctionUrlConfigs", &URL)],
        ..OF_FUNCTION
    },
    Operation {
        name: "get-function-url-config",
        named_by: "FunctionArn",
        part: "lambda get-function-url-config holds the URL of one qualifier only",
        lists: &[("", &URL)],
        ..OF_FUNCTION
    },
    Operation {
        name: "list-event-source-mappings",
        lists: &[("EventSourceMappings", &MAPPING)],
        ..LAMBDA
    },
    Operation {
        name: "list-function-event-invoke-configs",
        named_by: "FunctionEventInvokeConfigs.*.FunctionArn",
        lists: &[("FunctionEventInvokeConfigs", &INVOKE_CONFIG)],
        ..OF_FUNCTION
    },
    Operation {
        name: "get-function-event-invoke-config",
        named_by: "FunctionArn",
        part: "lambda get-function-event-invoke-config holds that of one qualifier only",
        lists: &[("", &INVOKE_CONFIG)],
        ..OF_FUNCTION
    },
    Operation {
        name: "get-function-concurrency",
        tells: "ReservedConcurrentExecutions",
        ..OF_FUNCTION
    },
    Operation {
        name: "list-provisioned-concurrency-configs",
        named_by: "ProvisionedConcurrencyConfigs.*.FunctionArn",
        run: Some(provisioned),
        ..OF_FUNCTION
    },
    Operation {
        name: "get-function-recursion-config",
        tells: "RecursiveLoop",
        ..OF_FUNCTION
    },
    Operation {
        name: "get-runtime-management-config",
        named_by: "FunctionArn",
        tells: "RuntimeManagementConfig.UpdateRuntimeOn=UpdateRuntimeOn \
            RuntimeManagementConfig.RuntimeVersionArn=RuntimeVersionArn",
        ..OF_FUNCTION
    },
    Operation {
        name: "get-function-code-signing-config",
        named_by: "FunctionName",
        tells: "CodeSigningConfigArn",
        ..OF_FUNCTION
    },
    Operation {
        name: "list-tags",
        tells: "Tags=()",
        run: Some(tags),
        ..OF_FUNCTION
    },
    Operation {
        name: "list-code-signing-configs",
        lists: &[("CodeSigningConfigs", &CODE_SIGNING)],
        ..LAMBDA
    },
    Operation {
        name: "get-code-signing-config",
        of: "AWS::Lambda::CodeSigningConfig",
        lists: &[("CodeSigningConfig", &CODE_SIGNING)],
        ..LAMBDA
    },
    Operation {
        name: "list-capacity-providers",
        lists: &[("CapacityProviders", &PROVIDER)],
        ..LAMBDA
    },
    // Quotas and what of them is used: no property of a resource.
    Operation {
        name: "get-account-settings",
        ..LAMBDA
    },
];

/// What list-functions calls `$LATEST` is the function; all else are versions of it.
fn function_or_version(_: &mut Reading<'_>, member: &Document) -> Which {
    match member.get("Version").and_then(Document::as_str) {
        None | Some("$LATEST") => Which::Itself,
        Some(_) => Which::Other,
    }
}

/// The variables of a function whose key the caller may not use are an error in their place.
/// Source: AWS Lambda API reference, "EnvironmentResponse".
fn function(reading: &mut Reading<'_>, member: &Member<'_>) {
    let Some(error) = value(member, "Environment.Error.ErrorCode") else {
        return;
    };
    let code = error.as_str().unwrap_or("an error");
    let why = Why::Unresolved(format!("Lambda answered {code} in the place of the variables").into());
    if let Some(id) = member.id
        && let Some(declared) = reading.declared_mut(id)
    {
        declared.set(
            "Environment.Variables",
            Document::new(Value::Unknown(why), error.at.clone()),
        );
    }
}

fn version(reading: &mut Reading<'_>, member: &Member<'_>) {
    of_function(reading, member, "FunctionArn", "FunctionName", None);
}

/// Sets the function, and where the type has a property for it the qualifier, that an ARN names.
fn of_function(
    reading: &mut Reading<'_>,
    member: &Member<'_>,
    from: &str,
    function: &'static str,
    qualifier: Option<&'static str>,
) {
    let (Some(arn), Some(id)) = (value(member, from), member.id) else {
        return;
    };
    let Some(text) = arn.as_str() else { return };
    let (whole, behind) = qualified(text);
    let within = reading.find(member.call, FUNCTION_TYPE, whole);
    if let Some(within) = within {
        reading.within.insert(id, within);
    }
    let Some(declared) = reading.declared_mut(id) else {
        return;
    };
    declared.set(function, Document::string(whole, arn.at.clone()));
    if let (Some(property), Some(behind)) = (qualifier, behind) {
        declared.set(property, Document::string(behind, arn.at.clone()));
    }
}

/// Source: AWS Lambda API reference, "AliasConfiguration": a map from versions to weights.
fn alias(reading: &mut Reading<'_>, member: &Member<'_>) {
    of_function(reading, member, "AliasArn", "FunctionName", None);
    let Some(weights) = value(member, "RoutingConfig.AdditionalVersionWeights") else {
        return;
    };
    let weight = |field: &maremma_model::Field| {
        let version = Document::string(&field.key, field.key_at.clone());
        let fields = vec![("FunctionVersion", version), ("FunctionWeight", field.value.clone())];
        Document::map(fields, field.key_at.clone())
    };
    let list = match &weights.value {
        Value::Map(fields) => Value::List(fields.iter().map(weight).collect()),
        other => other.clone(),
    };
    if let Some(declared) = member.id.and_then(|id| reading.declared_mut(id)) {
        declared.set(
            "RoutingConfig.AdditionalVersionWeights",
            Document::new(list, weights.at.clone()),
        );
    }
}

fn url(reading: &mut Reading<'_>, member: &Member<'_>) {
    of_function(reading, member, "FunctionArn", "TargetFunctionArn", Some("Qualifier"));
}

fn invoke_config(reading: &mut Reading<'_>, member: &Member<'_>) {
    of_function(reading, member, "FunctionArn", "FunctionName", Some("Qualifier"));
}

/// Source: AWS Lambda API reference, "EventSourceMappingConfiguration", `State`.
fn mapping(reading: &mut Reading<'_>, member: &Member<'_>) {
    let Some(state) = value(member, "State") else { return };
    let on = match state.as_str() {
        Some("Disabled" | "Disabling" | "Deleting") => "false",
        Some(_) => "true",
        None => return,
    };
    if let Some(declared) = member.id.and_then(|id| reading.declared_mut(id)) {
        declared.set("Enabled", Document::string(on, state.at.clone()));
    }
}

fn code(reading: &mut Reading<'_>, member: &Member<'_>) {
    tags(reading, member);
}

/// CloudFormation's tags are a list, Lambda's a map.
fn tags(reading: &mut Reading<'_>, member: &Member<'_>) {
    let Some(tags) = value(member, "Tags") else { return };
    let tag = |field: &maremma_model::Field| {
        let key = Document::string(&field.key, field.key_at.clone());
        Document::map(vec![("Key", key), ("Value", field.value.clone())], field.key_at.clone())
    };
    let list = match &tags.value {
        Value::Map(fields) => Value::List(fields.iter().map(tag).collect()),
        other => other.clone(),
    };
    if let Some(declared) = member.id.and_then(|id| reading.declared_mut(id)) {
        declared.set("Tags", Document::new(list, tags.at.clone()));
    }
}

/// Each configuration names the alias or the version that it is of.
fn provisioned(reading: &mut Reading<'_>, member: &Member<'_>) {
    let property = "ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions";
    for config in crate::responses::reading::members(member.body, "ProvisionedConcurrencyConfigs") {
        let Some(arn) = config.get("FunctionArn").and_then(Document::as_str) else {
            continue;
        };
        let asked = config.get("RequestedProvisionedConcurrentExecutions");
        let found = ["AWS::Lambda::Alias", "AWS::Lambda::Version"]
            .iter()
            .find_map(|cfn| reading.identities.by_arn(cfn, arn));
        if let (Some(id), Some(asked)) = (found, asked)
            && let Some(declared) = reading.declared_mut(id)
        {
            declared.set(property, asked.clone());
        }
    }
}

/// The statements of a function's policy, of the function itself or of the qualifier that was asked for.
fn permissions(reading: &mut Reading<'_>, member: &Member<'_>) {
    let Some(policy) = value(member, "Policy") else { return };
    let asked = member.call.argument(0).map(str::to_owned);
    for (place, statement) in statements(&policy).into_iter().enumerate() {
        let resource = statement.get("Resource").filter(|resource| resource.as_str().is_some());
        let function = match (resource, &asked) {
            (Some(resource), _) => resource.clone(),
            (None, Some(asked)) => Document::string(asked, policy.at.clone()),
            (None, None) => {
                let reason = "lambda get-policy: a statement without Resource does not say which function it is for";
                let gap = maremma_model::GapKind::Absent;
                reading.resources.gap(gap, reason, policy.at.clone());
                continue;
            }
        };
        let name = function.as_str().unwrap_or_default();
        let sid = statement.get("Sid").and_then(Document::as_str);
        let sid = sid.map_or_else(|| (place + 1).to_string(), str::to_owned);
        let address = format!("{name}/policy/{sid}");
        let id = reading.declare(member.call, "AWS::Lambda::Permission", &address, &policy.at);
        let within = reading.find(member.call, FUNCTION_TYPE, unqualified(name));
        if let Some(within) = within {
            reading.within.insert(id, within);
            reading.told.insert((within, ("lambda", "get-policy")));
        }
        if let Some(declared) = reading.declared_mut(id) {
            declared.set("FunctionName", function);
            declared.set("Statement", statement);
        }
    }
}
