//! Services that invoke functions by a setting of their own resources.

use super::read::{at, blocks, in_worlds, only_when, property};
use super::table::*;
use super::translation::{Translation, item};
use crate::terraform::instance::Instance;
use maremma_model::{Document, Value};

const AGENT: &str = "AWS::Bedrock::Agent";

pub(super) const WORDS: &[Word] = &[
    Word::own(
        "aws_cloudwatch_log_subscription_filter",
        "AWS::Logs::SubscriptionFilter",
        LOGS,
    ),
    Word::own("aws_iot_topic_rule", "AWS::IoT::TopicRule", IOT).then(actions),
    Word::own("aws_cognito_user_pool", "AWS::Cognito::UserPool", USER_POOL),
    Word::own("aws_appsync_datasource", "AWS::AppSync::DataSource", DATA_SOURCE),
    Word::own("aws_appsync_graphql_api", "AWS::AppSync::GraphQLApi", GRAPHQL_API),
    Word::own(
        "aws_config_config_rule",
        "AWS::Config::ConfigRule",
        &[
            text("source.owner", "Source.Owner"),
            text("source.source_identifier", "Source.SourceIdentifier"),
        ],
    ),
    Word::own(
        "aws_config_organization_custom_rule",
        "AWS::Config::OrganizationConfigRule",
        &[text(
            "lambda_function_arn",
            "OrganizationCustomRuleMetadata.LambdaFunctionArn",
        )],
    ),
    Word::own("aws_cloudwatch_metric_alarm", "AWS::CloudWatch::Alarm", ALARM),
    Word::own(
        "aws_cloudwatch_composite_alarm",
        "AWS::CloudWatch::CompositeAlarm",
        ALARM,
    ),
    Word::own(
        "aws_kinesis_firehose_delivery_stream",
        "AWS::KinesisFirehose::DeliveryStream",
        FIREHOSE,
    ),
    Word::own("aws_ses_receipt_rule", "AWS::SES::ReceiptRule", RECEIPT).then(receipt),
    Word::own(
        "aws_s3control_object_lambda_access_point",
        "AWS::S3ObjectLambda::AccessPoint",
        OBJECT_LAMBDA,
    ),
    Word::own("aws_bedrockagent_agent", AGENT, &[text("agent_name", "AgentName")]),
    Word::item(
        "aws_bedrockagent_agent_action_group",
        ("agent_id", AGENT, "ActionGroups"),
        ACTION_GROUP,
    )
    .then(action_group),
    Word::own("aws_cloudwatch_log_destination", "AWS::Logs::Destination", &[]),
    Word::own("aws_codecommit_repository", "AWS::CodeCommit::Repository", &[]),
    Word::own("aws_scheduler_schedule_group", "AWS::Scheduler::ScheduleGroup", &[]),
    Word::own("aws_msk_cluster", "AWS::MSK::Cluster", &[]),
    Word::own("aws_msk_serverless_cluster", "AWS::MSK::ServerlessCluster", &[]),
];

const LOGS: &[Entry] = &[
    text("destination_arn", "DestinationArn"),
    text("log_group_name", "LogGroupName"),
    // The empty pattern matches everything.
    kept("filter_pattern", "FilterPattern"),
    text("role_arn", "RoleArn"),
];

const IOT: &[Entry] = &[
    text("sql", "TopicRulePayload.Sql"),
    switch("enabled", "TopicRulePayload.RuleDisabled", "false", "true"),
    by_hook("lambda.function_arn", "TopicRulePayload.Actions.Lambda.FunctionArn"),
    text(
        "error_action.lambda.function_arn",
        "TopicRulePayload.ErrorAction.Lambda.FunctionArn",
    ),
];

const USER_POOL: &[Entry] = &[
    text("lambda_config.pre_sign_up", "LambdaConfig.PreSignUp"),
    text("lambda_config.post_confirmation", "LambdaConfig.PostConfirmation"),
    text("lambda_config.pre_authentication", "LambdaConfig.PreAuthentication"),
    text("lambda_config.post_authentication", "LambdaConfig.PostAuthentication"),
    text("lambda_config.custom_message", "LambdaConfig.CustomMessage"),
    text(
        "lambda_config.define_auth_challenge",
        "LambdaConfig.DefineAuthChallenge",
    ),
    text(
        "lambda_config.create_auth_challenge",
        "LambdaConfig.CreateAuthChallenge",
    ),
    text(
        "lambda_config.verify_auth_challenge_response",
        "LambdaConfig.VerifyAuthChallengeResponse",
    ),
    text("lambda_config.user_migration", "LambdaConfig.UserMigration"),
    text("lambda_config.pre_token_generation", "LambdaConfig.PreTokenGeneration"),
    text(
        "lambda_config.pre_token_generation_config.lambda_arn",
        "LambdaConfig.PreTokenGenerationConfig.LambdaArn",
    ),
    text(
        "lambda_config.pre_token_generation_config.lambda_version",
        "LambdaConfig.PreTokenGenerationConfig.LambdaVersion",
    ),
    text(
        "lambda_config.custom_email_sender.lambda_arn",
        "LambdaConfig.CustomEmailSender.LambdaArn",
    ),
    text(
        "lambda_config.custom_email_sender.lambda_version",
        "LambdaConfig.CustomEmailSender.LambdaVersion",
    ),
    text(
        "lambda_config.custom_sms_sender.lambda_arn",
        "LambdaConfig.CustomSMSSender.LambdaArn",
    ),
    text(
        "lambda_config.custom_sms_sender.lambda_version",
        "LambdaConfig.CustomSMSSender.LambdaVersion",
    ),
    text("lambda_config.kms_key_id", "LambdaConfig.KMSKeyID"),
];

const DATA_SOURCE: &[Entry] = &[
    text("api_id", "ApiId"),
    text("lambda_config.function_arn", "LambdaConfig.LambdaFunctionArn"),
    text("service_role_arn", "ServiceRoleArn"),
];

const GRAPHQL_API: &[Entry] = &[
    text("authentication_type", "AuthenticationType"),
    text("visibility", "Visibility"),
    text(
        "lambda_authorizer_config.authorizer_uri",
        "LambdaAuthorizerConfig.AuthorizerUri",
    ),
    each(
        "additional_authentication_provider",
        "AdditionalAuthenticationProviders",
        &[
            text("authentication_type", "AuthenticationType"),
            text(
                "lambda_authorizer_config.authorizer_uri",
                "LambdaAuthorizerConfig.AuthorizerUri",
            ),
        ],
    ),
];

const ALARM: &[Entry] = &[
    text("actions_enabled", "ActionsEnabled"),
    list("alarm_actions", "AlarmActions"),
    list("ok_actions", "OKActions"),
    list("insufficient_data_actions", "InsufficientDataActions"),
];

const PROCESSORS: &[Entry] = &[
    text("type", "Type"),
    each(
        "parameters",
        "Parameters",
        &[
            text("parameter_name", "ParameterName"),
            text("parameter_value", "ParameterValue"),
        ],
    ),
];

const FIREHOSE: &[Entry] = &[
    text("name", "DeliveryStreamName"),
    each(
        "extended_s3_configuration.processing_configuration.processors",
        "ExtendedS3DestinationConfiguration.ProcessingConfiguration.Processors",
        PROCESSORS,
    ),
    each(
        "redshift_configuration.processing_configuration.processors",
        "RedshiftDestinationConfiguration.ProcessingConfiguration.Processors",
        PROCESSORS,
    ),
    each(
        "elasticsearch_configuration.processing_configuration.processors",
        "ElasticsearchDestinationConfiguration.ProcessingConfiguration.Processors",
        PROCESSORS,
    ),
    each(
        "opensearch_configuration.processing_configuration.processors",
        "AmazonopensearchserviceDestinationConfiguration.ProcessingConfiguration.Processors",
        PROCESSORS,
    ),
    each(
        "opensearchserverless_configuration.processing_configuration.processors",
        "AmazonOpenSearchServerlessDestinationConfiguration.ProcessingConfiguration.Processors",
        PROCESSORS,
    ),
    each(
        "splunk_configuration.processing_configuration.processors",
        "SplunkDestinationConfiguration.ProcessingConfiguration.Processors",
        PROCESSORS,
    ),
    each(
        "http_endpoint_configuration.processing_configuration.processors",
        "HttpEndpointDestinationConfiguration.ProcessingConfiguration.Processors",
        PROCESSORS,
    ),
    each(
        "snowflake_configuration.processing_configuration.processors",
        "SnowflakeDestinationConfiguration.ProcessingConfiguration.Processors",
        PROCESSORS,
    ),
    each(
        "iceberg_configuration.processing_configuration.processors",
        "IcebergDestinationConfiguration.ProcessingConfiguration.Processors",
        PROCESSORS,
    ),
];

const RECEIPT: &[Entry] = &[by_hook(
    "lambda_action.function_arn",
    "Rule.Actions.LambdaAction.FunctionArn",
)];

const OBJECT_LAMBDA: &[Entry] = &[each(
    "configuration.transformation_configuration",
    "ObjectLambdaConfiguration.TransformationConfigurations",
    &[text(
        "content_transformation.aws_lambda.function_arn",
        "ContentTransformation.AwsLambda.FunctionArn",
    )],
)];

const ACTION_GROUP: &[Entry] = &[
    text("action_group_name", "ActionGroupName"),
    text("action_group_executor.lambda", "ActionGroupExecutor.Lambda"),
];

/// Blocks of one kind of action as CloudFormation's list of all kinds.
fn listed(instance: &Instance, path: &str, kind: &str) -> Vec<Document> {
    let action = |world: &Document| {
        let function = at(world, "function_arn")?;
        let inner = Document::map(vec![("FunctionArn", function)], world.at.clone());
        Some(Document::map(vec![(kind, inner)], world.at.clone()))
    };
    let blocks = blocks(&instance.body, path).into_iter();
    blocks
        .filter_map(|(when, block)| Some(only_when(in_worlds(&block, &action)?, when)))
        .collect()
}

fn actions(translation: &mut Translation<'_>, instance: &Instance) {
    for action in listed(instance, "lambda", "Lambda") {
        translation.append(instance, (instance.id, None), "TopicRulePayload.Actions", action);
    }
}

fn receipt(translation: &mut Translation<'_>, instance: &Instance) {
    for action in listed(instance, "lambda_action", "LambdaAction") {
        translation.append(instance, (instance.id, None), "Rule.Actions", action);
    }
}

/// An action group whose agent is elsewhere is an agent of which nothing else is known.
fn action_group(translation: &mut Translation<'_>, instance: &Instance) {
    let Some(word) = super::word(&instance.ty) else { return };
    let agent = property(&text("agent_id", ""), &instance.body, instance.id);
    let found = agent.map_or_else(Vec::new, |agent| translation.targets(AGENT, &agent));
    for (id, when) in &found {
        translation.put(instance, word, *id, when.clone());
    }
    if let Some(group) = item(word, instance).filter(|_| found.is_empty()) {
        let groups = Document::new(Value::List(vec![group]), instance.at);
        let properties = Document::map(vec![("ActionGroups", groups)], instance.at);
        translation.becomes(instance, AGENT, properties);
    }
}
