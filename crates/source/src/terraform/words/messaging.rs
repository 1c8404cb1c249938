//! Queues, topics, buses and state machines.

use super::read::{at, in_worlds, property};
use super::table::*;
use super::translation::Translation;
use crate::json;
use crate::terraform::instance::Instance;
use maremma_model::{Document, Value, Why};

const QUEUE: &str = "AWS::SQS::Queue";

pub(super) const WORDS: &[Word] = &[
    Word::own("aws_sqs_queue", QUEUE, QUEUE_ENTRIES).last(queue_policy),
    Word::own(
        "aws_sqs_queue_policy",
        "AWS::SQS::QueuePolicy",
        &[text("queue_url", "Queues"), json("policy", "PolicyDocument")],
    ),
    Word::onto(
        "aws_sqs_queue_redrive_policy",
        "queue_url",
        QUEUE,
        &[json("redrive_policy", "RedrivePolicy")],
    ),
    Word::own("aws_sns_topic", "AWS::SNS::Topic", TOPIC).last(topic_policy),
    Word::own(
        "aws_sns_topic_policy",
        "AWS::SNS::TopicPolicy",
        &[text("arn", "Topics"), json("policy", "PolicyDocument")],
    ),
    Word::own("aws_sns_topic_subscription", "AWS::SNS::Subscription", SUBSCRIPTION),
    Word::own("aws_cloudwatch_event_bus", "AWS::Events::EventBus", BUS),
    Word::own(
        "aws_cloudwatch_event_bus_policy",
        "AWS::Events::EventBusPolicy",
        BUS_POLICY,
    )
    .then(statements),
    Word::own(
        "aws_cloudwatch_event_permission",
        "AWS::Events::EventBusPolicy",
        BUS_PERMISSION,
    ),
    Word::own("aws_sfn_state_machine", "AWS::StepFunctions::StateMachine", MACHINE),
];

const QUEUE_ENTRIES: &[Entry] = &[
    text("name", "QueueName"),
    prefix("name_prefix", "QueueName"),
    text("kms_master_key_id", "KmsMasterKeyId"),
    text("sqs_managed_sse_enabled", "SqsManagedSseEnabled"),
    text("visibility_timeout_seconds", "VisibilityTimeout"),
    json("redrive_policy", "RedrivePolicy"),
];

const TOPIC: &[Entry] = &[
    text("name", "TopicName"),
    prefix("name_prefix", "TopicName"),
    text("kms_master_key_id", "KmsMasterKeyId"),
];

const SUBSCRIPTION: &[Entry] = &[
    text("topic_arn", "TopicArn"),
    text("protocol", "Protocol"),
    text("endpoint", "Endpoint"),
    json("redrive_policy", "RedrivePolicy"),
    json("filter_policy", "FilterPolicy"),
];

const BUS: &[Entry] = &[
    text("name", "Name"),
    text("kms_key_identifier", "KmsKeyIdentifier"),
    text("dead_letter_config.arn", "DeadLetterConfig.Arn"),
];

const BUS_POLICY: &[Entry] = &[text("event_bus_name", "EventBusName"), by_hook("policy", "Statement")];

const BUS_PERMISSION: &[Entry] = &[
    text("event_bus_name", "EventBusName"),
    text("statement_id", "StatementId"),
    text("principal", "Principal"),
    text_or("action", "Action", "events:PutEvents"),
    text("condition.type", "Condition.Type"),
    text("condition.key", "Condition.Key"),
    text("condition.value", "Condition.Value"),
];

const MACHINE: &[Entry] = &[
    text("name", "StateMachineName"),
    prefix("name_prefix", "StateMachineName"),
    text("role_arn", "RoleArn"),
    json("definition", "DefinitionString"),
    by_hook("definition", "Definition"),
    text("logging_configuration.level", "LoggingConfiguration.Level"),
    text("tracing_configuration.enabled", "TracingConfiguration.Enabled"),
];

fn queue_policy(translation: &mut Translation<'_>, instance: &Instance) {
    translation.policy_beside(instance, "AWS::SQS::QueuePolicy", "PolicyDocument");
}

fn topic_policy(translation: &mut Translation<'_>, instance: &Instance) {
    translation.policy_beside(instance, "AWS::SNS::TopicPolicy", "PolicyDocument");
}

/// The policy of a bus as a whole: CloudFormation writes its statements one by one.
fn statements(translation: &mut Translation<'_>, instance: &Instance) {
    let Some(policy) = property(&json("policy", ""), &instance.body, instance.id) else {
        return;
    };
    let statements = |world: &Document| {
        let read = json::embedded(world);
        let policy = read.as_ref().unwrap_or(world);
        let why = Why::Unresolved("the policy of the bus is not known".into());
        Some(match &policy.value {
            Value::Map(_) => at(policy, "Statement")?,
            Value::Unknown(_) => policy.clone(),
            _ => Document::new(Value::Unknown(why), world.at.clone()),
        })
    };
    if let Some(statements) = in_worlds(&policy, &statements) {
        translation.set(instance.id, "Statement", statements);
    }
}
