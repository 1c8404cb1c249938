//! EventBridge rules, Scheduler and Pipes.

use super::read::{at, plain, property};
use super::table::*;
use super::translation::{Translation, item};
use crate::terraform::instance::Instance;
use maremma_model::{Document, Text, Value, Why};

const RULE: &str = "AWS::Events::Rule";

pub(super) const WORDS: &[Word] = &[
    Word::own("aws_cloudwatch_event_rule", RULE, RULE_ENTRIES).then(state),
    Word::item("aws_cloudwatch_event_target", ("rule", RULE, "Targets"), TARGET).then(target),
    Word::own("aws_scheduler_schedule", "AWS::Scheduler::Schedule", SCHEDULE),
    Word::own("aws_pipes_pipe", "AWS::Pipes::Pipe", PIPE),
];

const RULE_ENTRIES: &[Entry] = &[
    text("name", "Name"),
    prefix("name_prefix", "Name"),
    text("event_bus_name", "EventBusName"),
    json("event_pattern", "EventPattern"),
    text("schedule_expression", "ScheduleExpression"),
    text("state", "State"),
    by_hook("is_enabled", "State"),
];

const TARGET: &[Entry] = &[
    text("arn", "Arn"),
    text("target_id", "Id"),
    text("role_arn", "RoleArn"),
    text("dead_letter_config.arn", "DeadLetterConfig.Arn"),
];

const SCHEDULE: &[Entry] = &[
    text("schedule_expression", "ScheduleExpression"),
    text("state", "State"),
    text("target.arn", "Target.Arn"),
    text("target.role_arn", "Target.RoleArn"),
    text("target.dead_letter_config.arn", "Target.DeadLetterConfig.Arn"),
    text("target.input", "Target.Input"),
];

const PIPE: &[Entry] = &[
    text("source", "Source"),
    each(
        "source_parameters.filter_criteria.filter",
        "SourceParameters.FilterCriteria.Filters",
        &[text("pattern", "Pattern")],
    ),
    text(
        "source_parameters.kinesis_stream_parameters.dead_letter_config.arn",
        "SourceParameters.KinesisStreamParameters.DeadLetterConfig.Arn",
    ),
    text(
        "source_parameters.kinesis_stream_parameters.starting_position",
        "SourceParameters.KinesisStreamParameters.StartingPosition",
    ),
    text(
        "source_parameters.dynamodb_stream_parameters.dead_letter_config.arn",
        "SourceParameters.DynamoDBStreamParameters.DeadLetterConfig.Arn",
    ),
    text("enrichment", "Enrichment"),
    text("target", "Target"),
    text("desired_state", "DesiredState"),
    text("role_arn", "RoleArn"),
];

/// Before there was `state`, a rule was on or off.
fn state(translation: &mut Translation<'_>, instance: &Instance) {
    let on = property(
        &switch("is_enabled", "", "ENABLED", "DISABLED"),
        &instance.body,
        instance.id,
    );
    if let Some(on) = on
        && translation.get(instance.id, "State").is_none()
    {
        translation.set(instance.id, "State", on);
    }
}

/// A target whose rule is elsewhere is a rule of which nothing else is known.
fn target(translation: &mut Translation<'_>, instance: &Instance) {
    let (Some(rule), Some(word)) = (at(&instance.body, "rule"), super::word(&instance.ty)) else {
        return;
    };
    let found = translation.targets(RULE, &rule);
    for (id, when) in &found {
        translation.put(instance, word, *id, when.clone());
    }
    let Some(target) = item(word, instance).filter(|_| found.is_empty()) else {
        return;
    };
    let name = rule.as_text().map_or("?".to_owned(), Text::to_string);
    let why = Why::Unresolved(format!("rule {name} is not in this configuration").into());
    let unknown = Document::new(Value::Unknown(why), rule.at.clone());
    let targets = Document::new(Value::List(vec![target]), instance.at);
    let bus = at(&instance.body, "event_bus_name").unwrap_or_else(|| plain("default", &rule.at));
    let fields = vec![
        ("Name", rule),
        ("EventBusName", bus),
        ("EventPattern", unknown),
        ("Targets", targets),
    ];
    translation.becomes(instance, RULE, Document::map(fields, instance.at));
}
