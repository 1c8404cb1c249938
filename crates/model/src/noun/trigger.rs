//! What invokes a function, every kind in one noun; and what passes events on to something else.

use super::{AnyLink, FunctionRef, Items};
use crate::resource::Resource;
use crate::secret::EnvValue;
use crate::setting::Setting;
use crate::text::Text;
use serde::{Deserialize, Serialize};

/// One source of events and the function that it invokes. Its resource is the one that carries the
/// configuration: the event source mapping, the bucket, the subscription, the rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trigger {
    pub resource: Resource,
    pub kind: TriggerKind,
    pub function: Setting<FunctionRef>,
    /// The queue, stream, table, bucket, topic, bus, log group, user pool, API or distribution.
    pub source: Setting<AnyLink>,
    pub enabled: Setting<bool>,
    /// Where the events go that could not be delivered: `DestinationConfig.OnFailure`, a rule's or
    /// schedule's `DeadLetterConfig`, a subscription's `RedrivePolicy`.
    pub on_failure: Setting<AnyLink>,
    /// The role under which the source invokes the function, where it has one.
    pub role: Setting<AnyLink>,
    /// What selects the events: an event pattern, a filter, an S3 event name and prefix; as text.
    pub filters: Items<Text>,
    /// Only of an event source mapping.
    pub mapping: Option<Mapping>,
}

/// What passes events on to something other than a function: a subscription of a queue to a topic, a
/// bucket that notifies a topic, a rule's target, a pipe, a log group's subscription.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Forwarding {
    pub resource: Resource,
    /// How the events get there.
    pub kind: TriggerKind,
    pub source: Setting<AnyLink>,
    pub target: Setting<AnyLink>,
    pub enabled: Setting<bool>,
    /// As [`Trigger::filters`].
    pub filters: Items<Text>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TriggerKind {
    EventSourceMapping,
    S3Notification,
    SnsSubscription,
    EventRule,
    Schedule,
    Pipe,
    LogSubscription,
    IotRule,
    CognitoTrigger,
    AppSyncDataSource,
    LoadBalancerTarget,
    LatticeTarget,
    CloudFrontAssociation,
    ConfigRule,
    SecretRotation,
    CustomResource,
    StateMachineTask,
    ApiAuthorizer,
    ApiIntegration,
    Alarm,
    LexBot,
    FirehoseTransform,
    SesReceiptRule,
    S3ObjectLambda,
    BedrockAgent,
}

impl TriggerKind {
    /// Whether the source invokes with `InvocationType=Event`, so that Lambda queues and retries.
    /// Source: AWS Lambda developer guide, "Invoking Lambda with events from other AWS services".
    pub fn is_asynchronous(self) -> bool {
        matches!(
            self,
            TriggerKind::S3Notification
                | TriggerKind::SnsSubscription
                | TriggerKind::EventRule
                | TriggerKind::Schedule
                | TriggerKind::LogSubscription
                | TriggerKind::IotRule
                | TriggerKind::ConfigRule
                | TriggerKind::Alarm
                | TriggerKind::SesReceiptRule
        )
    }
}

/// What only `AWS::Lambda::EventSourceMapping` has.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mapping {
    pub batch_size: Setting<u32>,
    /// In seconds: `MaximumBatchingWindowInSeconds`.
    pub batching_window: Setting<u32>,
    pub starting_position: Setting<Text>,
    /// In seconds; -1 (forever) is written as such.
    pub maximum_record_age: Setting<Text>,
    pub maximum_retry_attempts: Setting<Text>,
    pub bisect_on_error: Setting<bool>,
    pub kms_key: Setting<AnyLink>,
    /// `SelfManagedEventSource.Endpoints.KafkaBootstrapServers`.
    pub self_managed_brokers: Items<Text>,
    pub source_access: Vec<SourceAccess>,
}

/// One of `SourceAccessConfigurations`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SourceAccess {
    /// `BASIC_AUTH`, `SASL_SCRAM_512_AUTH`, `VPC_SUBNET`, ...
    pub kind: Setting<Text>,
    pub uri: Setting<EnvValue>,
}
