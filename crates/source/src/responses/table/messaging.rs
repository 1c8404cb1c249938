//! Queues, topics, buses and state machines.

use super::policy::{Beside, beside};
use crate::responses::operation::{OPERATION, Operation, SHAPE, Shape, Which};
use crate::responses::reading::{Member, Reading};
use maremma_model::Document;

const QUEUE_TYPE: &str = "AWS::SQS::Queue";
const TOPIC_TYPE: &str = "AWS::SNS::Topic";
const BUS_TYPE: &str = "AWS::Events::EventBus";
const MACHINE_TYPE: &str = "AWS::StepFunctions::StateMachine";
const SUBSCRIPTION_TYPE: &str = "AWS::SNS::Subscription";

static LISTED_QUEUE: Shape = Shape {
    cfn: QUEUE_TYPE,
    arn: "arn:{partition}:sqs:{region}:{account}:{#}",
    names: "{#}",
    properties: "QueueName={#}",
    ..SHAPE
};

static QUEUE: Shape = Shape {
    cfn: QUEUE_TYPE,
    arn: "{QueueArn}",
    names: "{#QueueArn}",
    properties: "QueueName=#QueueArn KmsMasterKeyId SqsManagedSseEnabled VisibilityTimeout RedrivePolicy",
    run: Some(queue_policy),
    ..SHAPE
};

static LISTED_TOPIC: Shape = Shape {
    cfn: TOPIC_TYPE,
    arn: "{TopicArn}",
    names: "{#TopicArn}",
    properties: "TopicName=#TopicArn",
    ..SHAPE
};

static TOPIC: Shape = Shape {
    cfn: TOPIC_TYPE,
    arn: "{TopicArn}",
    names: "{#TopicArn}",
    properties: "TopicName=#TopicArn KmsMasterKeyId",
    run: Some(topic_policy),
    ..SHAPE
};

static SUBSCRIPTION: Shape = Shape {
    cfn: SUBSCRIPTION_TYPE,
    arn: "{SubscriptionArn}",
    properties: "TopicArn Protocol Endpoint",
    which: Some(confirmed),
    ..SHAPE
};

static ONE_SUBSCRIPTION: Shape = Shape {
    cfn: SUBSCRIPTION_TYPE,
    arn: "{SubscriptionArn}",
    properties: "TopicArn Protocol Endpoint FilterPolicy RedrivePolicy",
    ..SHAPE
};

static LISTED_BUS: Shape = Shape {
    cfn: BUS_TYPE,
    arn: "{Arn}",
    names: "{Name}",
    properties: "Name Policy",
    ..SHAPE
};

static BUS: Shape = Shape {
    cfn: BUS_TYPE,
    arn: "{Arn}",
    names: "{Name}",
    properties: "Name Policy KmsKeyIdentifier DeadLetterConfig.Arn",
    ..SHAPE
};

static LISTED_MACHINE: Shape = Shape {
    cfn: MACHINE_TYPE,
    arn: "{stateMachineArn}",
    names: "{name}",
    properties: "StateMachineName=name",
    ..SHAPE
};

static MACHINE: Shape = Shape {
    cfn: MACHINE_TYPE,
    arn: "{stateMachineArn}",
    names: "{name}",
    properties: "StateMachineName=name RoleArn=roleArn DefinitionString=definition \
        LoggingConfiguration.Level=loggingConfiguration.level TracingConfiguration.Enabled=tracingConfiguration.enabled",
    ..SHAPE
};

pub(super) const OPERATIONS: &[Operation] = &[
    operation!("sqs", "list-queues", "", [("QueueUrls", LISTED_QUEUE)]),
    operation!("sqs", "get-queue-attributes", QUEUE_TYPE, [("Attributes", QUEUE)], makes: &["AWS::SQS::QueuePolicy"], named_by: "Attributes.QueueArn"),
    operation!("sns", "list-topics", "", [("Topics", LISTED_TOPIC)]),
    operation!("sns", "get-topic-attributes", TOPIC_TYPE, [("Attributes", TOPIC)], makes: &["AWS::SNS::TopicPolicy"], named_by: "Attributes.TopicArn"),
    operation!("sns", "list-subscriptions", "", [("Subscriptions", SUBSCRIPTION)]),
    operation!("sns", "get-subscription-attributes", SUBSCRIPTION_TYPE, [("Attributes", ONE_SUBSCRIPTION)], named_by: "Attributes.SubscriptionArn"),
    operation!("events", "list-event-buses", "", [("EventBuses", LISTED_BUS)]),
    operation!("events", "describe-event-bus", BUS_TYPE, [("", BUS)], named_by: "Arn"),
    operation!(
        "stepfunctions",
        "list-state-machines",
        "",
        [("stateMachines", LISTED_MACHINE)]
    ),
    operation!("stepfunctions", "describe-state-machine", MACHINE_TYPE, [("", MACHINE)], named_by: "stateMachineArn"),
];

/// One that is not confirmed has no ARN yet, and gets nothing.
fn confirmed(_: &mut Reading<'_>, member: &Document) -> Which {
    match member.get("SubscriptionArn").and_then(Document::as_str) {
        Some(arn) if !arn.starts_with("arn:") => Which::Neither,
        _ => Which::Itself,
    }
}

fn queue_policy(reading: &mut Reading<'_>, member: &Member<'_>) {
    let of = Beside {
        cfn: "AWS::SQS::QueuePolicy",
        from: "Policy",
        on: "Queues",
        document: "PolicyDocument",
    };
    beside(reading, member, &of);
}

fn topic_policy(reading: &mut Reading<'_>, member: &Member<'_>) {
    let of = Beside {
        cfn: "AWS::SNS::TopicPolicy",
        from: "Policy",
        on: "Topics",
        document: "PolicyDocument",
    };
    beside(reading, member, &of);
}
