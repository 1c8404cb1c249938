//! Queues, topics, buses, state machines. Their policies are rows of [`super::ResourcePolicy`].

use super::AnyLink;
use crate::document::Document;
use crate::link::Link;
use crate::resource::Resource;
use crate::setting::Setting;
use serde::{Deserialize, Serialize};

/// `AWS::SQS::Queue`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Queue {
    pub resource: Resource,
    pub kms_key: Setting<AnyLink>,
    pub sqs_managed_sse: Setting<bool>,
    /// In seconds.
    pub visibility_timeout: Setting<u32>,
    /// `RedrivePolicy.deadLetterTargetArn`.
    pub dead_letter_target: Setting<AnyLink>,
}

/// `AWS::SNS::Topic`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Topic {
    pub resource: Resource,
    pub kms_key: Setting<AnyLink>,
}

/// `AWS::Events::EventBus`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Bus {
    pub resource: Resource,
    /// The `Policy` on the bus itself; also a row of [`super::ResourcePolicy`].
    pub policy: Setting<Document>,
    pub kms_key: Setting<AnyLink>,
    pub dead_letter_target: Setting<AnyLink>,
}

/// `AWS::StepFunctions::StateMachine`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StateMachine {
    pub resource: Resource,
    pub role: Setting<Link<super::Role>>,
    pub definition: Setting<Document>,
    /// `OFF` by default.
    pub logging_level: Setting<crate::text::Text>,
    pub tracing: Setting<bool>,
}
