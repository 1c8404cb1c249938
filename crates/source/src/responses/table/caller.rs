//! Other services that invoke functions by a setting of their own resources.

use crate::responses::operation::{OPERATION, Operation, SHAPE, Shape};
use crate::responses::reading::{Member, Reading, members};
use crate::responses::select::{capitalised, select};
use maremma_model::{Document, Value};

const GRAPH_TYPE: &str = "AWS::AppSync::GraphQLApi";
const POOL_TYPE: &str = "AWS::Cognito::UserPool";
const STREAM_TYPE: &str = "AWS::KinesisFirehose::DeliveryStream";

static GRAPH: Shape = Shape {
    cfn: GRAPH_TYPE,
    arn: "{arn}",
    names: "{name} {apiId}",
    properties: "AuthenticationType=authenticationType Visibility=visibility \
        LambdaAuthorizerConfig=^lambdaAuthorizerConfig \
        AdditionalAuthenticationProviders=^additionalAuthenticationProviders",
    ..SHAPE
};

static SOURCE: Shape = Shape {
    cfn: "AWS::AppSync::DataSource",
    arn: "{dataSourceArn}",
    names: "{name}",
    properties: "ApiId={0} LambdaConfig=^lambdaConfig ServiceRoleArn=serviceRoleArn",
    ..SHAPE
};

static TOPIC_RULE: Shape = Shape {
    cfn: "AWS::IoT::TopicRule",
    arn: "{ruleArn}",
    names: "{rule.ruleName}",
    properties: "TopicRulePayload.Sql=rule.sql TopicRulePayload.RuleDisabled=rule.ruleDisabled \
        TopicRulePayload.Actions=^rule.actions TopicRulePayload.ErrorAction=^rule.errorAction",
    ..SHAPE
};

static LISTED_TOPIC_RULE: Shape = Shape {
    cfn: "AWS::IoT::TopicRule",
    arn: "{ruleArn}",
    names: "{ruleName}",
    properties: "TopicRulePayload.RuleDisabled=ruleDisabled",
    ..SHAPE
};

static POOL: Shape = Shape {
    cfn: POOL_TYPE,
    arn: "arn:{partition}:cognito-idp:{region}:{account}:userpool/{Id}",
    names: "{Id}",
    properties: "LambdaConfig",
    ..SHAPE
};

static CONFIG_RULE: Shape = Shape {
    cfn: "AWS::Config::ConfigRule",
    arn: "{ConfigRuleArn}",
    names: "{ConfigRuleName}",
    properties: "Source.SourceIdentifier",
    ..SHAPE
};

static ORGANIZATION_RULE: Shape = Shape {
    cfn: "AWS::Config::OrganizationConfigRule",
    arn: "{OrganizationConfigRuleArn}",
    names: "{OrganizationConfigRuleName}",
    properties: "OrganizationCustomRuleMetadata.LambdaFunctionArn",
    ..SHAPE
};

static ALARM: Shape = Shape {
    cfn: "AWS::CloudWatch::Alarm",
    arn: "{AlarmArn}",
    names: "{AlarmName}",
    properties: "ActionsEnabled AlarmActions OKActions InsufficientDataActions",
    ..SHAPE
};

static COMPOSITE_ALARM: Shape = Shape {
    cfn: "AWS::CloudWatch::CompositeAlarm",
    arn: "{AlarmArn}",
    names: "{AlarmName}",
    properties: "ActionsEnabled AlarmActions OKActions InsufficientDataActions",
    ..SHAPE
};

static LISTED_STREAM: Shape = Shape {
    cfn: STREAM_TYPE,
    arn: "arn:{partition}:firehose:{region}:{account}:deliverystream/{.}",
    names: "{.}",
    ..SHAPE
};

static STREAM: Shape = Shape {
    cfn: STREAM_TYPE,
    arn: "{DeliveryStreamARN}",
    names: "{DeliveryStreamName}",
    properties: "ExtendedS3DestinationConfiguration=()",
    run: Some(destinations),
    ..SHAPE
};

static RECEIPT_RULE: Shape = Shape {
    cfn: "AWS::SES::ReceiptRule",
    arn: "arn:{partition}:ses:{region}:{account}:receipt-rule/{Name}",
    names: "{Name}",
    properties: "Rule.Actions=Actions",
    ..SHAPE
};

static OBJECT_LAMBDA: Shape = Shape {
    cfn: "AWS::S3ObjectLambda::AccessPoint",
    arn: "arn:{partition}:s3-object-lambda:{region}:{account}:accesspoint/{1}",
    names: "{1}",
    properties: "ObjectLambdaConfiguration.TransformationConfigurations=Configuration.TransformationConfigurations",
    ..SHAPE
};

static AGENT: Shape = Shape {
    cfn: "AWS::Bedrock::Agent",
    arn: "arn:{partition}:bedrock:{region}:{account}:agent/{agentId}",
    names: "{agentId}",
    properties: "ActionGroups=()",
    run: Some(action_group),
    ..SHAPE
};

static BOT_ALIAS: Shape = Shape {
    cfn: "AWS::Lex::BotAlias",
    arn: "arn:{partition}:lex:{region}:{account}:bot-alias/{botId}/{botAliasId}",
    names: "{botAliasName}",
    properties: "BotAliasLocaleSettings=()",
    run: Some(locales),
    ..SHAPE
};

pub(super) const OPERATIONS: &[Operation] = &[
    operation!("appsync", "list-graphql-apis", "", [("graphqlApis", GRAPH)]),
    operation!("appsync", "list-data-sources", GRAPH_TYPE, [("dataSources", SOURCE)]),
    operation!("iot", "list-topic-rules", "", [("rules", LISTED_TOPIC_RULE)]),
    operation!("iot", "get-topic-rule", "", [("", TOPIC_RULE)], part: "the answer holds one of them only"),
    operation!("cognito-idp", "list-user-pools", "", [("UserPools", POOL)]),
    operation!("cognito-idp", "describe-user-pool", POOL_TYPE, [("UserPool", POOL)], named_by: "UserPool.Id"),
    operation!(
        "configservice",
        "describe-config-rules",
        "",
        [("ConfigRules", CONFIG_RULE)]
    ),
    operation!(
        "configservice",
        "describe-organization-config-rules",
        "",
        [("OrganizationConfigRules", ORGANIZATION_RULE)]
    ),
    operation!(
        "cloudwatch",
        "describe-alarms",
        "",
        [("MetricAlarms", ALARM), ("CompositeAlarms", COMPOSITE_ALARM)]
    ),
    operation!(
        "firehose",
        "list-delivery-streams",
        "",
        [("DeliveryStreamNames", LISTED_STREAM)]
    ),
    operation!(
        "firehose",
        "describe-delivery-stream",
        STREAM_TYPE,
        [("DeliveryStreamDescription", STREAM)]
    ),
    operation!("ses", "describe-active-receipt-rule-set", "", [("Rules", RECEIPT_RULE)]),
    // Its arguments are the account and the name.
    operation!("s3control", "get-access-point-configuration-for-object-lambda", "", [("", OBJECT_LAMBDA)], part: "the answer holds one of them only"),
    operation!("bedrock-agent", "get-agent-action-group", "", [("agentActionGroup", AGENT)], part: "the answer holds one of them only"),
    operation!("lexv2-models", "describe-bot-alias", "", [("", BOT_ALIAS)], part: "the answer holds one of them only"),
];

/// Every kind of destination has its own map; all transform records alike.
/// Source: Amazon Data Firehose API reference, "DestinationDescription".
fn destinations(reading: &mut Reading<'_>, member: &Member<'_>) {
    for destination in members(member.body, "Destinations") {
        for field in destination.fields() {
            let Some(kind) = field.key.strip_suffix("DestinationDescription") else {
                continue;
            };
            if let Some(declared) = member.id.and_then(|id| reading.declared_mut(id)) {
                declared.set(&format!("{kind}DestinationConfiguration"), field.value.clone());
            }
        }
    }
}

/// The answers of several groups are one agent's.
fn action_group(reading: &mut Reading<'_>, member: &Member<'_>) {
    let executor = select(member.body, "actionGroupExecutor").map(capitalised);
    let fields = executor.into_iter().map(|executor| ("ActionGroupExecutor", executor));
    let group = Document::map(fields.collect(), member.body.at.clone());
    if let Some(declared) = member.id.and_then(|id| reading.declared_mut(id)) {
        declared.append("ActionGroups", group);
    }
}

/// A map of locales is a list in a template.
fn locales(reading: &mut Reading<'_>, member: &Member<'_>) {
    let Some(locales) = select(member.body, "botAliasLocaleSettings") else {
        return;
    };
    let locale = |field: &maremma_model::Field| {
        let setting = capitalised(field.value.clone());
        let setting = match (setting.get("CodeHookSpecification").cloned(), setting) {
            (Some(hook), setting) => rename(&hook).unwrap_or(setting),
            (None, setting) => setting,
        };
        Document::map(vec![("BotAliasLocaleSetting", setting)], field.key_at.clone())
    };
    let list = match &locales.value {
        Value::Map(fields) => Value::List(fields.iter().map(locale).collect()),
        other => other.clone(),
    };
    if let Some(declared) = member.id.and_then(|id| reading.declared_mut(id)) {
        declared.set("BotAliasLocaleSettings", Document::new(list, locales.at.clone()));
    }
}

/// Lex says `lambdaARN`, CloudFormation `LambdaArn`.
fn rename(hook: &Document) -> Option<Document> {
    let arn = hook.get("LambdaCodeHook")?.get("LambdaARN")?.clone();
    let at = hook.at.clone();
    let function = Document::map(vec![("LambdaArn", arn)], at.clone());
    let hook = Document::map(vec![("LambdaCodeHook", function)], at.clone());
    Some(Document::map(vec![("CodeHookSpecification", hook)], at))
}
