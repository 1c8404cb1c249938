//! Rules, schedules, pipes, and services that invoke functions by a setting of their own.

use super::*;
use maremma_model::{AnyLink, Bus, ResourcePolicy, Trigger, TriggerKind};
use serde_json::json;

fn triggers(estate: &Estate) -> Vec<(TriggerKind, &str)> {
    let of = |trigger: &Trigger| match trigger.function.value().and_then(|function| function.function.here()) {
        Some(_) => trigger.kind,
        None => panic!("{trigger:?}"),
    };
    let mut all: Vec<_> = estate
        .triggers
        .values()
        .map(|trigger| (of(trigger), &*trigger.resource.address))
        .collect();
    all.sort();
    all
}

#[test]
fn targets_are_said_of_their_rules() {
    let estate = estate(json!({
        "aws_lambda_function.orders": {"function_name": "orders"},
        "aws_cloudwatch_event_bus.b": {"name": "b"},
        "aws_cloudwatch_event_rule.daily": {"name": "daily", "schedule_expression": "rate(1 day)", "is_enabled": false},
        "aws_cloudwatch_event_rule.some": {"name": "some", "event_bus_name": "${aws_cloudwatch_event_bus.b.name}", "event_pattern": {"source": ["orders"]}, "state": "ENABLED"},
        "aws_cloudwatch_event_target.daily": {"rule": "${aws_cloudwatch_event_rule.daily.name}", "arn": "${aws_lambda_function.orders.arn}"},
        "aws_cloudwatch_event_target.some": {"rule": "some", "arn": "${aws_lambda_function.orders.arn}", "dead_letter_config": [{"arn": "arn:aws:sqs:eu-west-1:111122223333:dead"}]},
        "aws_cloudwatch_event_target.queue": {"rule": "some", "arn": "arn:aws:sqs:eu-west-1:111122223333:q"},
        // The rule is elsewhere: what it invokes is known.
        "aws_cloudwatch_event_target.far": {"rule": "elsewhere", "arn": "${aws_lambda_function.orders.arn}"},
    }));
    assert_eq!(
        triggers(&estate),
        [
            (TriggerKind::EventRule, "aws_cloudwatch_event_rule.daily"),
            (TriggerKind::EventRule, "aws_cloudwatch_event_rule.some"),
            (TriggerKind::EventRule, "aws_cloudwatch_event_target.far"),
        ]
    );
    let daily = estate
        .triggers
        .values()
        .find(|one| one.resource.address.ends_with("daily"))
        .unwrap();
    assert_eq!(daily.enabled.value(), Some(&false));
    let some = estate
        .triggers
        .values()
        .find(|one| one.resource.address.ends_with("some"))
        .unwrap();
    assert!(matches!(some.source.value(), Some(AnyLink::Here(AnyId::Bus(_)))));
    assert_eq!(literals(&some.filters), [r#"{"source":["orders"]}"#]);
    assert!(some.on_failure.value().is_some());
    assert_eq!(estate.forwardings.len(), 1);
}

#[test]
fn buses_have_policies() {
    let estate = estate(json!({
        "aws_cloudwatch_event_bus.b": {"name": "b", "dead_letter_config": [{"arn": "arn:aws:sqs:eu-west-1:111122223333:dead"}]},
        "aws_cloudwatch_event_bus_policy.b": {"event_bus_name": "${aws_cloudwatch_event_bus.b.name}", "policy": r#"{"Statement": [{"Sid": "a"}, {"Sid": "b"}]}"#},
        "aws_cloudwatch_event_permission.p": {"statement_id": "c", "principal": "*", "condition": [{"key": "aws:PrincipalOrgID", "type": "StringEquals", "value": "o-a"}]},
    }));
    assert!(only::<Bus>(&estate).dead_letter_target.value().is_some());
    let policy: &ResourcePolicy = row(&estate, "aws_cloudwatch_event_bus_policy.b");
    let document = policy.document.value().unwrap();
    assert_eq!(document.get("Statement").unwrap().items().len(), 2);
    assert!(matches!(policy.on.value().unwrap()[0].value(), Some(AnyLink::Here(_))));
    let permission: &ResourcePolicy = row(&estate, "aws_cloudwatch_event_permission.p");
    let statement = &permission.document.value().unwrap().get("Statement").unwrap().items()[0];
    assert_eq!(
        statement.get("Action").and_then(Document::as_str),
        Some("events:PutEvents")
    );
    assert!(statement.get("Condition").unwrap().get("StringEquals").is_some());
}

#[test]
fn services_invoke_functions() {
    let arn = "${aws_lambda_function.f.arn}";
    let estate = estate(json!({
        "aws_lambda_function.f": {"function_name": "f"},
        "aws_scheduler_schedule.s": {"schedule_expression": "rate(1 day)", "target": [{"arn": arn, "role_arn": "arn:aws:iam::111122223333:role/r"}]},
        "aws_pipes_pipe.p": {"source": "arn:aws:sqs:eu-west-1:111122223333:q", "enrichment": arn, "target": "arn:aws:sqs:eu-west-1:111122223333:z", "role_arn": "arn:aws:iam::111122223333:role/r", "source_parameters": [{"filter_criteria": [{"filter": [{"pattern": {"a": [1]}}]}]}]},
        "aws_cloudwatch_log_subscription_filter.l": {"name": "l", "log_group_name": "app", "filter_pattern": "", "destination_arn": arn},
        "aws_iot_topic_rule.i": {"sql": "SELECT *", "enabled": false, "lambda": [{"function_arn": arn}], "error_action": [{"lambda": [{"function_arn": arn}]}]},
        "aws_cognito_user_pool.u": {"name": "u", "lambda_config": [{"pre_sign_up": arn, "post_confirmation": "", "custom_email_sender": [{"lambda_arn": arn, "lambda_version": "V1_0"}], "kms_key_id": "arn:aws:kms:eu-west-1:111122223333:key/k"}]},
        "aws_config_config_rule.c": {"name": "c", "source": [{"owner": "CUSTOM_LAMBDA", "source_identifier": arn}]},
        "aws_cloudwatch_metric_alarm.a": {"alarm_actions": [arn], "actions_enabled": true},
        "aws_kinesis_firehose_delivery_stream.k": {"name": "k", "extended_s3_configuration": [{"processing_configuration": [{"enabled": true, "processors": [{"type": "Lambda", "parameters": [{"parameter_name": "LambdaArn", "parameter_value": "${aws_lambda_function.f.arn}:$LATEST"}]}]}]}]},
        "aws_ses_receipt_rule.r": {"name": "r", "lambda_action": [{"function_arn": arn, "position": 1}]},
        "aws_s3control_object_lambda_access_point.o": {"name": "o", "configuration": [{"transformation_configuration": [{"content_transformation": [{"aws_lambda": [{"function_arn": arn}]}]}]}]},
        "aws_bedrockagent_agent.b": {"agent_name": "b"},
        "aws_bedrockagent_agent_action_group.here": {"agent_id": "${aws_bedrockagent_agent.b.agent_id}", "action_group_executor": [{"lambda": arn}]},
        "aws_bedrockagent_agent_action_group.far": {"agent_id": "X", "action_group_executor": [{"lambda": arn}]},
    }));
    assert_eq!(
        triggers(&estate)
            .iter()
            .map(|(kind, address)| format!("{kind:?} {}", address.split('.').next_back().unwrap()))
            .collect::<std::collections::BTreeSet<_>>(),
        [
            "Alarm a",
            "BedrockAgent b",
            "BedrockAgent far",
            "CognitoTrigger u",
            "ConfigRule c",
            "FirehoseTransform k",
            "IotRule i",
            "LogSubscription l",
            "Pipe p",
            "S3ObjectLambda o",
            "Schedule s",
            "SesReceiptRule r",
        ]
        .map(str::to_owned)
        .into()
    );
    let rule = |kind: TriggerKind| estate.triggers.values().filter(move |trigger| trigger.kind == kind);
    assert_eq!(rule(TriggerKind::IotRule).count(), 2);
    assert!(rule(TriggerKind::IotRule).all(|trigger| trigger.enabled.value() == Some(&false)));
    assert_eq!(rule(TriggerKind::CognitoTrigger).count(), 2);
    assert_eq!(
        literals(&rule(TriggerKind::LogSubscription).next().unwrap().filters),
        [""]
    );
    assert_eq!(
        literals(&rule(TriggerKind::Pipe).next().unwrap().filters),
        [r#"{"a":[1]}"#]
    );
}
