//! The properties that AWS SAM knows, by the kind of resource or event.
//!
//! Source: AWS SAM developer guide, "AWS SAM resources and properties".

/// The properties of serverless resources.
pub(super) const RESOURCES: &[(&str, &str)] = &[
    (
        "AWS::Serverless::Api",
        "AccessLogSetting AlwaysDeploy ApiKeySourceType Auth BinaryMediaTypes CacheClusterEnabled \
         CacheClusterSize CanarySetting Cors DefinitionBody DefinitionUri Description \
         DisableExecuteApiEndpoint Domain EndpointAccessMode EndpointConfiguration FailOnWarnings \
         GatewayResponses MergeDefinitions MethodSettings MinimumCompressionSize Mode Models Name \
         OpenApiVersion Policy PropagateTags SecurityPolicy StageName Tags TracingEnabled Variables",
    ),
    (
        "AWS::Serverless::Application",
        "Location NotificationARNs Parameters Tags TimeoutInMinutes",
    ),
    (
        "AWS::Serverless::CapacityProvider",
        "CapacityProviderName InstanceRequirements KmsKeyArn LoggingConfig ManagedResourceTags \
         OperatorRole PropagateTags ScalingConfig Tags VpcConfig",
    ),
    (
        "AWS::Serverless::Function",
        "Architectures AssumeRolePolicyDocument AutoPublishAlias AutoPublishAliasAllProperties \
         AutoPublishCodeSha256 CapacityProviderConfig CodeSigningConfigArn CodeUri DeadLetterQueue \
         DeploymentPreference Description DurableConfig Environment EphemeralStorage \
         EventInvokeConfig Events FileSystemConfigs FunctionName FunctionScalingConfig \
         FunctionUrlConfig Handler ImageConfig ImageUri InlineCode KmsKeyArn Layers LoggingConfig \
         MemorySize PackageType PermissionsBoundary Policies PropagateTags \
         ProvisionedConcurrencyConfig PublishToLatestPublished RecursiveLoop \
         ReservedConcurrentExecutions Role RolePath Runtime RuntimeManagementConfig SnapStart \
         SourceKMSKeyArn Tags TenancyConfig Timeout Tracing VersionDeletionPolicy VersionDescription \
         VpcConfig",
    ),
    (
        "AWS::Serverless::HttpApi",
        "AccessLogSettings Auth CorsConfiguration DefaultRouteSettings DefinitionBody DefinitionUri \
         Description DisableExecuteApiEndpoint Domain FailOnWarnings Name PropagateTags RouteSettings \
         StageName StageVariables Tags",
    ),
    (
        "AWS::Serverless::LayerVersion",
        "CompatibleArchitectures CompatibleRuntimes ContentUri Description LayerName LicenseInfo \
         PublishLambdaVersion RetentionPolicy",
    ),
    (
        "AWS::Serverless::SimpleTable",
        "PointInTimeRecoverySpecification PrimaryKey ProvisionedThroughput SSESpecification TableName \
         Tags",
    ),
    (
        "AWS::Serverless::StateMachine",
        "AutoPublishAlias Definition DefinitionSubstitutions DefinitionUri DeploymentPreference \
         Events Logging Name PermissionsBoundary Policies PropagateTags Role RolePath Tags Tracing \
         Type UseAliasAsEventTarget",
    ),
    (
        "AWS::Serverless::WebSocketApi",
        "AccessLogSettings ApiKeySelectionExpression Auth DefaultRouteSettings Description \
         DisableExecuteApiEndpoint DisableSchemaValidation Domain IpAddressType Name PropagateTags \
         RouteSelectionExpression RouteSettings Routes StageName StageVariables Tags",
    ),
];

/// The properties of events of functions.
pub(super) const EVENTS: &[(&str, &str)] = &[
    ("AlexaSkill", "SkillId"),
    (
        "Api",
        "Auth Method Path RequestModel RequestParameters ResponseTransferMode RestApiId \
         TimeoutInMillis",
    ),
    (
        "CloudWatchEvent",
        "DeadLetterConfig Enabled EventBusName Input InputPath InputTransformer Pattern RetryPolicy \
         RuleName State Target",
    ),
    ("CloudWatchLogs", "FilterPattern LogGroupName"),
    ("Cognito", "Trigger UserPool"),
    (
        "DocumentDB",
        "BatchSize Cluster CollectionName DatabaseName Enabled FilterCriteria FullDocument KmsKeyArn \
         MaximumBatchingWindowInSeconds SecretsManagerKmsKeyId SourceAccessConfigurations \
         StartingPosition StartingPositionTimestamp",
    ),
    (
        "DynamoDB",
        "BatchSize BisectBatchOnFunctionError DestinationConfig Enabled FilterCriteria \
         FunctionResponseTypes KmsKeyArn MaximumBatchingWindowInSeconds MaximumRecordAgeInSeconds \
         MaximumRetryAttempts MetricsConfig ParallelizationFactor StartingPosition \
         StartingPositionTimestamp Stream TumblingWindowInSeconds",
    ),
    (
        "EventBridgeRule",
        "DeadLetterConfig EventBusName Input InputPath InputTransformer Pattern RetryPolicy RuleName \
         State Target",
    ),
    (
        "HttpApi",
        "ApiId Auth Method Path PayloadFormatVersion RouteSettings TimeoutInMillis",
    ),
    ("IoTRule", "AwsIotSqlVersion Sql"),
    (
        "Kinesis",
        "BatchSize BisectBatchOnFunctionError DestinationConfig Enabled FilterCriteria \
         FunctionResponseTypes KmsKeyArn MaximumBatchingWindowInSeconds MaximumRecordAgeInSeconds \
         MaximumRetryAttempts MetricsConfig ParallelizationFactor StartingPosition \
         StartingPositionTimestamp Stream TumblingWindowInSeconds",
    ),
    (
        "MQ",
        "BatchSize Broker DynamicPolicyName Enabled FilterCriteria KmsKeyArn \
         MaximumBatchingWindowInSeconds Queues SecretsManagerKmsKeyId SourceAccessConfigurations",
    ),
    (
        "MSK",
        "BatchSize BisectBatchOnFunctionError ConsumerGroupId DestinationConfig Enabled \
         FilterCriteria FunctionResponseTypes KmsKeyArn LoggingConfig MaximumBatchingWindowInSeconds \
         MaximumRecordAgeInSeconds MaximumRetryAttempts MetricsConfig ProvisionedPollerConfig \
         SchemaRegistryConfig SourceAccessConfigurations StartingPosition StartingPositionTimestamp \
         Stream Topics",
    ),
    ("S3", "Bucket Events Filter"),
    (
        "SNS",
        "FilterPolicy FilterPolicyScope RedrivePolicy Region SqsSubscription Topic",
    ),
    (
        "SQS",
        "BatchSize Enabled FilterCriteria FunctionResponseTypes KmsKeyArn LoggingConfig \
         MaximumBatchingWindowInSeconds MetricsConfig ProvisionedPollerConfig Queue ScalingConfig",
    ),
    (
        "Schedule",
        "DeadLetterConfig Description Enabled Input Name RetryPolicy Schedule State",
    ),
    (
        "ScheduleV2",
        "DeadLetterConfig Description EndDate FlexibleTimeWindow GroupName Input KmsKeyArn Name \
         OmitName PermissionsBoundary RetryPolicy RoleArn ScheduleExpression \
         ScheduleExpressionTimezone StartDate State",
    ),
    (
        "SelfManagedKafka",
        "BatchSize BisectBatchOnFunctionError ConsumerGroupId DestinationConfig Enabled \
         FilterCriteria FunctionResponseTypes KafkaBootstrapServers KmsKeyArn LoggingConfig \
         MaximumRecordAgeInSeconds MaximumRetryAttempts MetricsConfig ProvisionedPollerConfig \
         SchemaRegistryConfig SourceAccessConfigurations StartingPosition StartingPositionTimestamp \
         Topics",
    ),
];

/// The properties of events of state machines.
pub(super) const STARTS: &[(&str, &str)] = &[
    ("Api", "Auth Method Path RestApiId UnescapeMappingTemplate"),
    (
        "CloudWatchEvent",
        "DeadLetterConfig EventBusName Input InputPath InputTransformer Pattern RetryPolicy RuleName \
         State Target",
    ),
    (
        "EventBridgeRule",
        "DeadLetterConfig EventBusName Input InputPath InputTransformer Pattern RetryPolicy RuleName \
         State Target",
    ),
    (
        "Schedule",
        "DeadLetterConfig Description Enabled Input Name RetryPolicy RoleArn Schedule State Target",
    ),
    (
        "ScheduleV2",
        "DeadLetterConfig Description EndDate FlexibleTimeWindow GroupName Input KmsKeyArn Name \
         OmitName PermissionsBoundary RetryPolicy RoleArn ScheduleExpression \
         ScheduleExpressionTimezone StartDate State",
    ),
];
