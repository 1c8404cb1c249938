//! What AWS's transform demands of the properties of serverless resources and of events: one that it does
//! not know, or that is of another shape, is told. What can be made of them is made all the same.

mod known;

use super::Sam;
use super::event::What;
use super::make::is_call;
use super::source::{Event, Source};
use maremma_model::text::parse_bool;
use maremma_model::{GapKind, Node, NodeValue, Place};

/// What a value must be. A call of an intrinsic function is taken for any of them but a flag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// Plainly `true` or `false`, and no call.
    Flag,
    List,
    Map,
    Number,
    Text,
    Truth,
}

/// Properties whose value must be of a shape, wherever they stand.
const SHAPES: &[(Shape, &str)] = &[
    (
        Shape::Flag,
        "AlwaysDeploy AutoPublishAliasAllProperties DynamicPolicyName OmitName UseAliasAsEventTarget",
    ),
    (
        Shape::List,
        "BinaryMediaTypes CompatibleArchitectures CompatibleRuntimes FunctionResponseTypes \
         KafkaBootstrapServers Layers MethodSettings NotificationARNs Queues RequestParameters \
         SourceAccessConfigurations Topics",
    ),
    (
        Shape::Map,
        "AccessLogSetting AccessLogSettings AssumeRolePolicyDocument Auth CanarySetting \
         CapacityProviderConfig DeadLetterConfig DeadLetterQueue DefaultRouteSettings Definition \
         DefinitionSubstitutions DestinationConfig Domain DurableConfig Environment EventInvokeConfig \
         Filter FilterCriteria FlexibleTimeWindow FunctionScalingConfig FunctionUrlConfig \
         GatewayResponses InputTransformer InstanceRequirements Logging MetricsConfig Models \
         Parameters Pattern PrimaryKey ProvisionedPollerConfig ProvisionedThroughput RedrivePolicy \
         RetryPolicy RouteSettings Routes SSESpecification ScalingConfig SchemaRegistryConfig \
         SnapStart StageVariables Tags Target Variables",
    ),
    (
        Shape::Number,
        "BatchSize MaximumBatchingWindowInSeconds MaximumRecordAgeInSeconds MaximumRetryAttempts \
         MinimumCompressionSize ParallelizationFactor TimeoutInMillis TimeoutInMinutes \
         TumblingWindowInSeconds",
    ),
    (
        Shape::Text,
        "ApiKeySelectionExpression ApiKeySourceType AutoPublishCodeSha256 AwsIotSqlVersion \
         CacheClusterSize CapacityProviderName ConsumerGroupId EndDate EndpointAccessMode \
         EventBusName FilterPattern FunctionName GroupName Input InputPath IpAddressType LayerName \
         LicenseInfo LogGroupName Mode PayloadFormatVersion PermissionsBoundary Region \
         ResponseTransferMode RetentionPolicy RouteSelectionExpression RuleName Schedule \
         ScheduleExpression ScheduleExpressionTimezone SkillId Sql StageName StartDate State \
         TableName Type",
    ),
    (
        Shape::Truth,
        "BisectBatchOnFunctionError CacheClusterEnabled DisableExecuteApiEndpoint \
         DisableSchemaValidation Enabled FailOnWarnings PropagateTags PublishLambdaVersion TracingEnabled",
    ),
];

/// Properties that a kind cannot be without, where nothing else tells of it.
const REQUIRED: &[(&str, &str)] = &[
    ("AWS::Serverless::Api", "StageName"),
    ("AWS::Serverless::WebSocketApi", "RouteSelectionExpression"),
    ("CloudWatchLogs", "FilterPattern"),
    ("DocumentDB", "DatabaseName"),
    ("IoTRule", "Sql"),
    ("Kinesis", "StartingPosition"),
    ("MSK", "StartingPosition"),
];

/// Properties of which only one may be written.
const NOT_BOTH: &[(&str, &str)] = &[
    ("Definition", "DefinitionUri"),
    ("DefinitionBody", "DefinitionUri"),
    ("State", "Enabled"),
];

/// Properties that mean something beside another one only.
const BESIDE: &[(&str, &str)] = &[
    ("FunctionScalingConfig", "CapacityProviderConfig"),
    ("UseAliasAsEventTarget", "AutoPublishAlias"),
];

/// Tells of the properties of a resource.
pub(super) fn of_resource(sam: &Sam<'_>, source: Source<'_>) {
    if let Some(known) = listed(known::RESOURCES, source.kind) {
        let owner = Owner {
            told: source.id.to_owned(),
            kind: source.kind,
            place: source.place,
        };
        owner.check(sam, source.node.get("Properties"), known);
    }
}

/// Tells of the properties of an event.
pub(super) fn of_event(sam: &Sam<'_>, what: What, event: Event<'_>) {
    let kinds = match what {
        What::Function => known::EVENTS,
        What::StateMachine => known::STARTS,
    };
    if let Some(known) = listed(kinds, event.kind) {
        let owner = Owner {
            told: format!("event {}", event.id),
            kind: event.kind,
            place: event.place,
        };
        owner.check(sam, event.properties, known);
    }
}

fn listed<'k>(kinds: &[(&str, &'k str)], kind: &str) -> Option<&'k str> {
    let (_, known) = kinds.iter().find(|(name, _)| *name == kind)?;
    Some(known)
}

/// Whose properties they are.
struct Owner<'o> {
    told: String,
    kind: &'o str,
    place: Place,
}

impl Owner<'_> {
    fn check(&self, sam: &Sam<'_>, properties: Option<&Node>, known: &str) {
        let properties = properties.filter(|node| !node.is_null());
        self.check_together(sam, properties);
        let Some(properties) = properties else { return };
        if !properties.is_map() {
            let reason = format!(
                "{}: expected a map of properties, found {}",
                self.told,
                properties.describe()
            );
            return sam.gap(GapKind::Unparsed, reason, self.place);
        }
        for entry in properties.entries() {
            if !known.split(' ').any(|name| *name == *entry.key) {
                let reason = format!("{}: {} is no property of {}", self.told, entry.key, self.kind);
                sam.gap(GapKind::Unsupported, reason, entry.key_place);
            } else if let Some(expected) = misses(&entry.key, &entry.value) {
                let found = entry.value.describe();
                let reason = format!("{}: {}: expected {expected}, found {found}", self.told, entry.key);
                sam.gap(GapKind::Unparsed, reason, entry.value.place);
            }
        }
    }

    /// What one property says of others.
    fn check_together(&self, sam: &Sam<'_>, properties: Option<&Node>) {
        let written = |name: &str| properties?.get(name).filter(|node| !node.is_null());
        let tell = |reason: String, place| sam.gap(GapKind::Unparsed, format!("{}: {reason}", self.told), place);
        for (_, name) in REQUIRED.iter().filter(|(kind, _)| *kind == self.kind) {
            if written(name).is_none() {
                tell(format!("{name} is missing"), self.place);
            }
        }
        for (one, other) in NOT_BOTH {
            if let (Some(_), Some(node)) = (written(one), written(other)) {
                tell(format!("only one of {one} and {other} may be written"), node.place);
            }
        }
        for (one, other) in BESIDE {
            if let (Some(node), None) = (written(one), written(other)) {
                tell(format!("{one} needs {other}"), node.place);
            }
        }
    }
}

/// What a property must be, where it is something else.
fn misses(property: &str, value: &Node) -> Option<&'static str> {
    let of = |(_, names): &&(Shape, &str)| names.split(' ').any(|name| name == property);
    let (shape, _) = SHAPES.iter().find(of)?;
    (!value.is_null() && !fits(*shape, value)).then_some(match shape {
        Shape::Flag => "a plain true or false",
        Shape::List => "a list",
        Shape::Map => "a map",
        Shape::Number => "a number",
        Shape::Text => "text",
        Shape::Truth => "true or false",
    })
}

fn fits(shape: Shape, value: &Node) -> bool {
    let plain = match &value.value {
        NodeValue::Scalar { text, quoted: false } => Some(&**text),
        _ => None,
    };
    let is_number = || plain.is_some_and(|text| text.parse::<f64>().is_ok());
    let is_truth = || plain.and_then(parse_bool).is_some();
    if shape == Shape::Flag {
        return is_truth();
    }
    if value.is_map() || is_call(value) {
        return true;
    }
    match shape {
        Shape::Flag | Shape::Truth => is_truth(),
        Shape::Map => false,
        Shape::List => value.as_str().is_none(),
        Shape::Number => is_number(),
        Shape::Text => value.as_str().is_some() && !is_number() && !is_truth(),
    }
}

#[cfg(test)]
mod tests;
