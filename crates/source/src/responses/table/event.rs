//! EventBridge rules, schedules and pipes.

use crate::responses::operation::{OPERATION, Operation, SHAPE, Shape};

const RULE_TYPE: &str = "AWS::Events::Rule";
const SCHEDULE_TYPE: &str = "AWS::Scheduler::Schedule";
const PIPE_TYPE: &str = "AWS::Pipes::Pipe";

static RULE: Shape = Shape {
    cfn: RULE_TYPE,
    arn: "{Arn}",
    names: "{EventBusName}/{Name} {Name}",
    properties: "EventBusName EventPattern ScheduleExpression State",
    ..SHAPE
};

static LISTED_SCHEDULE: Shape = Shape {
    cfn: SCHEDULE_TYPE,
    arn: "{Arn}",
    names: "{GroupName}/{Name} {Name}",
    properties: "State Target.Arn",
    ..SHAPE
};

static SCHEDULE: Shape = Shape {
    cfn: SCHEDULE_TYPE,
    arn: "{Arn}",
    names: "{GroupName}/{Name} {Name}",
    properties: "State ScheduleExpression Target.Arn Target.RoleArn Target.DeadLetterConfig.Arn Target.Input",
    ..SHAPE
};

static LISTED_PIPE: Shape = Shape {
    cfn: PIPE_TYPE,
    arn: "{Arn}",
    names: "{Name}",
    properties: "Source Target Enrichment DesiredState",
    ..SHAPE
};

static PIPE: Shape = Shape {
    cfn: PIPE_TYPE,
    arn: "{Arn}",
    names: "{Name}",
    properties: "Source SourceParameters Target Enrichment DesiredState RoleArn",
    ..SHAPE
};

pub(super) const OPERATIONS: &[Operation] = &[
    // Without an argument it lists the rules of the default bus.
    Operation {
        service: "events",
        name: "list-rules",
        of: "AWS::Events::EventBus",
        named_by: "Rules.*.EventBusName",
        lists: &[("Rules", &RULE)],
        ..OPERATION
    },
    Operation {
        service: "events",
        name: "list-targets-by-rule",
        of: RULE_TYPE,
        tells: "Targets",
        ..OPERATION
    },
    Operation {
        service: "scheduler",
        name: "list-schedules",
        lists: &[("Schedules", &LISTED_SCHEDULE)],
        ..OPERATION
    },
    Operation {
        service: "scheduler",
        name: "get-schedule",
        of: SCHEDULE_TYPE,
        named_by: "Arn",
        lists: &[("", &SCHEDULE)],
        ..OPERATION
    },
    Operation {
        service: "pipes",
        name: "list-pipes",
        lists: &[("Pipes", &LISTED_PIPE)],
        ..OPERATION
    },
    Operation {
        service: "pipes",
        name: "describe-pipe",
        of: PIPE_TYPE,
        named_by: "Arn",
        lists: &[("", &PIPE)],
        ..OPERATION
    },
];
